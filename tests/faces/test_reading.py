"""The verbs that read what is shipped: claims for people and machines, documents, assignments that a shell can take."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from mockserver import __version__
from mockserver.engine.claims import read_ledger
from tests.applications import made_up, operation
from tests.processes import Run
from tests.worlds import document

CLAIMS = """
[pages]
docs = "https://docs.acme.example"
[claims.told]
says = "Acme tells this on its page."
basis = "documented"
where = "told"
page = "docs"
[claims.guessed]
says = "Nobody told."
basis = "assumed"
why = "it is the custom of the trade"
[claims.left]
says = "Acme calls back."
basis = "documented"
where = "calls back"
unmet = "nothing here calls anybody"
[claims.seen]
says = "It was seen."
basis = "observed"
observed = 2026-11-26
"""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": operation("addCall")}})
    (tmp_path / "documents" / "acme" / "claims.toml").write_text(CLAIMS)
    return str(tmp_path / "documents")


def test_claims_are_told_with_their_basis_their_place_and_their_reason(verb: Run, folder: str) -> None:
    status, out, err = verb("claims", "acme", "--documents", folder)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "acme: 1 documented, 1 assumed, 1 observed; 1 not emulated",
        "",
        "documented told  (told)",
        "           Acme tells this on its page.",
        "assumed    guessed",
        "           Nobody told.",
        "           why: it is the custom of the trade",
        "documented left  (calls back)",
        "           Acme calls back.",
        "           not emulated: nothing here calls anybody",
        "observed   seen  on 2026-11-26",
        "           It was seen.",
    ]


def test_what_is_not_emulated_is_told_once_within_eighty_columns(verb: Run) -> None:
    _, out, _ = verb("claims", "voxjar")
    assert out.count("not emulated") == 1 + 8
    assert [line for line in out.splitlines() if len(line) > 80 and line.startswith(" ")] == []


def test_a_vendor_without_claims_says_so(verb: Run, tmp_path: Path) -> None:
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": operation("addCall")}})
    _, out, _ = verb("claims", "acme", "--documents", "documents")
    assert out == "acme: no claim yet; 0 not emulated\n\n"


def test_claims_are_told_to_machines(verb: Run, folder: str) -> None:
    status, out, _ = verb("claims", "acme", "--json", "--documents", folder)
    found = json.loads(out)
    assert (status, found["vendor"], found["pages"]) == (0, "acme", {"docs": "https://docs.acme.example"})
    assert found["items"] == [
        {
            "name": "told",
            "says": "Acme tells this on its page.",
            "basis": "documented",
            "where": "told",
            "page": "docs",
        },
        {"name": "guessed", "says": "Nobody told.", "basis": "assumed", "why": "it is the custom of the trade"},
        {
            "name": "left",
            "says": "Acme calls back.",
            "basis": "documented",
            "where": "calls back",
            "unmet": "nothing here calls anybody",
        },
        {"name": "seen", "says": "It was seen.", "basis": "observed", "observed": "2026-11-26"},
    ]


@pytest.mark.parametrize("vendor", ["voxjar", "emberqa"])
def test_every_claim_of_a_vendor_is_told(vendor: str, verb: Run) -> None:
    names = list(read_ledger(document(vendor).folder).claims)
    assert [item["name"] for item in json.loads(verb("claims", vendor, "--json")[1])["items"]] == names
    told = verb("claims", vendor)[1]
    assert all(name in told for name in names)
    assert max(map(len, told.splitlines())) < 200


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ([], "http://127.0.0.1:4747/voxjar"),
        (["--url", "https://mock.example/"], "https://mock.example/voxjar"),
    ],
)
def test_a_document_is_printed_in_one_sound_file(words: list[str], url: str, verb: Run) -> None:
    status, out, err = verb("openapi", "voxjar", *words)
    found = json.loads(out)
    validate(found)
    assert (status, err, found["servers"]) == (0, "", [{"url": url}])


def test_where_the_server_is_may_stand_in_the_environment(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_URL", "http://mock:1")
    assert json.loads(verb("openapi", "emberqa")[1])["servers"] == [{"url": "http://mock:1/emberqa"}]
    assert verb("env", "emberqa")[1].splitlines()[0] == "EMBERQA_URL=http://mock:1/emberqa"
    assert verb("env", "emberqa", "--url", "http://a")[1].splitlines()[0] == "EMBERQA_URL=http://a/emberqa"


def evaluated(text: str) -> dict[str, str]:
    """Return what a shell knows after it has evaluated assignments, beside what it knew before."""
    before, after = (shell_knows(script) for script in ("set", f"{text}\nset"))
    return {name: value for name, value in after.items() if name not in before}


def shell_knows(script: str) -> dict[str, str]:
    done = subprocess.run(
        ["sh", "-c", 'eval "$1"', "sh", script], env={}, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stderr == ""
    assigned = [line.partition("=") for line in done.stdout.splitlines()]
    return {name: value.strip("'") for name, _, value in assigned}


@pytest.mark.parametrize(
    ("vendor", "assigned"),
    [
        ("voxjar", {"VOXJAR_URL": "http://127.0.0.1:4747/voxjar", "VOXJAR_TOKEN": "voxjar-demo-token"}),
        ("emberqa", {"EMBERQA_URL": "http://127.0.0.1:4747/emberqa", "EMBERQA_API_KEY": "emberqa-demo-key"}),
    ],
)
def test_a_shell_evaluates_exactly_the_assignments(vendor: str, assigned: dict[str, str], verb: Run) -> None:
    status, out, err = verb("env", vendor)
    assert (status, err) == (0, "")
    assert evaluated(out) == assigned


HOSTILE = {
    "client-id": "a b",
    "secret": "$(touch owned); `touch owned` 'quoted' \"twice\" \\ & | > <",
    "9lives": "*",
}


def test_no_credential_is_more_than_a_value_to_a_shell(verb: Run, tmp_path: Path) -> None:
    made_up(tmp_path / "documents", "8x8@2026-08", {"/calls": {"post": operation("addCall")}})
    (tmp_path / "documents" / "_accounts").mkdir()
    (tmp_path / "documents" / "_accounts" / "8x8.json").write_text(json.dumps({"credentials": HOSTILE}))
    status, out, _ = verb("env", "8x8@2026-08", "--documents", "documents")
    assert status == 0
    names = [line.partition("=")[0] for line in out.splitlines()]
    assert names == ["_8X8_2026_08_URL", "_8X8_2026_08_CLIENT_ID", "_8X8_2026_08_SECRET", "_8X8_2026_08_9LIVES"]
    printed = subprocess.run(
        ["sh", "-c", f'eval "$1"; printf "%s\\n" "${names[1]}" "${names[2]}" "${names[3]}"', "sh", out],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.splitlines() == list(HOSTILE.values())
    assert printed.stderr == ""
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("words", "out"), [([], f"mockserver {__version__}\n"), (["--json"], f'{{"version": "{__version__}"}}\n')]
)
def test_the_version_is_told(words: list[str], out: Any, verb: Run) -> None:
    assert verb("version", *words) == (0, out, "")
