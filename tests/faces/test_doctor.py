"""`mockserver doctor` finds what is wrong with an installation, and says it without a trace."""

import json
import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from mockserver.faces import doctor
from tests.applications import made_up
from tests.processes import Run

CLAIM = """
[claims.told]
says = "Told."
basis = "observed"
"""


@pytest.fixture(autouse=True)
def free_port(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it look at any free port: the default may be in use while tests run."""
    monkeypatch.setenv("MOCKSERVER_PORT", "0")


def wrong(verb: Run, *words: str) -> dict[str, str]:
    """Return what is found wrong, by what was looked at."""
    status, out, err = verb("doctor", "--json", *words)
    found = {item["what"]: item["wrong"] for item in json.loads(out) if item["wrong"] is not None}
    assert (status, err) == (1 if found else 0, "")
    return found


def test_a_sound_installation_is_status_0(verb: Run) -> None:
    status, out, err = verb("doctor")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert all(line.startswith("ok     ") for line in lines)
    assert {"ok     the address is free", "ok     voxjar: schemas", "ok     a world can be made"} <= {*lines}
    assert any(line.startswith("ok     ada-url ") for line in lines)
    assert not any(line.startswith("ok     pytest") for line in lines)


def test_an_address_in_use_is_found(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("MOCKSERVER_PORT", str(taken.getsockname()[1]))
        status, out, _ = verb("doctor")
    assert status == 1
    assert "wrong  the address is free: cannot listen on 127.0.0.1:" in out


def test_an_old_python_is_found(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST", (99, 1))
    assert list(wrong(verb).values()) == ["this needs 99.1 or newer"]


def test_a_library_that_is_missing_is_found_unless_it_only_makes_things_faster(
    verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = ["no-such-library>=1.2", "no-such-loop>=1; sys_platform != 'win32'", "no-such-test==1; extra == 'test'"]
    monkeypatch.setattr(doctor, "requires", lambda _: needed)
    assert wrong(verb) == {"no-such-library": "is not installed: pip install 'no-such-library>=1.2'"}


def missing(name: str) -> None:
    raise PackageNotFoundError(name)


@pytest.mark.parametrize("requires", [missing, lambda _: None], ids=["not installed", "without needs"])
def test_a_package_that_says_nothing_of_its_needs_is_no_trouble(
    requires: Any, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "requires", requires)
    assert wrong(verb) == {}


def folder(tmp_path: Path, request: Any, answer: Any) -> Path:
    """Write a vendor's folder with the schemas of a request and of its answer."""
    sent = {"content": {"application/json": {"schema": request, "example": {}}}}
    answers = {"200": {"description": "Fine.", "content": {"application/json": {"schema": answer, "example": {}}}}}
    call = {"operationId": "call", "requestBody": sent, "responses": answers}
    return made_up(tmp_path / "documents", "acme", {"/calls": {"post": call}}) / "acme"


def test_a_sound_folder_laid_over_ours_is_looked_at(verb: Run, tmp_path: Path) -> None:
    folder(tmp_path, {"type": "object"}, {})
    assert wrong(verb, "--documents", "documents") == {}
    assert "ok     acme: schemas" in verb("doctor", "--documents", "documents")[1].splitlines()


def test_a_folder_that_cannot_be_read_is_found(verb: Run, tmp_path: Path) -> None:
    (folder(tmp_path, {}, {}) / "openapi.json").write_text("{")
    found = wrong(verb, "--documents", "documents")
    assert found.keys() == {"documents"}
    assert found["documents"].startswith("documents/acme/openapi.json: ")


def test_a_folder_that_is_not_there_is_found(verb: Run) -> None:
    assert wrong(verb, "--documents", "none")["documents"].startswith("none: no such folder")


def test_an_answer_that_no_validator_can_be_made_of_is_found(verb: Run, tmp_path: Path) -> None:
    folder(tmp_path, {}, {"type": "object", "required": ["a", "a"]})
    assert wrong(verb, "--documents", "documents").keys() == {"acme: schemas"}


def test_a_book_that_no_validator_can_be_made_of_is_found(verb: Run, tmp_path: Path) -> None:
    (folder(tmp_path, {}, {}) / "book.json").write_text('{"required": ["a", "a"]}')
    assert wrong(verb, "--documents", "documents").keys() == {"documents"}


def test_a_claim_that_the_ledger_lacks_is_found(verb: Run, tmp_path: Path) -> None:
    place = folder(tmp_path, {"type": "object", "x-claim": "untold"}, {})
    (place / "claims.toml").write_text(CLAIM)
    assert wrong(verb, "--documents", "documents") == {"acme: claims": "claims.toml does not know untold"}


def test_a_broken_demo_account_is_found(verb: Run, tmp_path: Path) -> None:
    folder(tmp_path, {}, {})
    (tmp_path / "documents" / "_accounts").mkdir()
    (tmp_path / "documents" / "_accounts" / "acme.json").write_text("{}")
    assert wrong(verb, "--documents", "documents").keys() == {"acme: demo account", "a world can be made"}


@pytest.mark.parametrize(
    ("error", "says"),
    [(ValueError("first\nsecond"), "first"), (RuntimeError(), "RuntimeError"), (OSError("x" * 999), "x" * 300)],
)
def test_whatever_goes_wrong_is_one_line(error: Exception, says: str) -> None:
    def fail() -> None:
        raise error

    assert doctor.attempt("it", fail) == doctor.Finding("it", says)


@pytest.mark.parametrize(
    ("name", "value", "what", "says"),
    [
        ("accounts", "none.json", "the settings", "none.json: no such file or directory: --accounts names a JSON file"),
        ("pace", "quick", "the settings", "MOCKSERVER_PACE is a number of at most six digits"),
        ("scenario", "none", "a world can be made", "there is no scenario 'none': known are "),
        ("vendors", "acme", "a world can be made", "there is no vendor 'acme': known are "),
        ("documents", "none", "documents", "none: no such folder"),
    ],
)
def test_what_the_settings_name_is_looked_at(
    verb: Run, monkeypatch: pytest.MonkeyPatch, *, name: str, value: str, what: str, says: str
) -> None:
    monkeypatch.setenv(f"MOCKSERVER_{name.upper()}", value)
    found = wrong(verb)
    assert found.keys() == {what}
    assert says in found[what]
