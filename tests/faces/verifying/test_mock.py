"""`mockserver verify` against a server of ours: each case by an account of its own, held to all that it says."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.faces.asking import Server
from mockserver.faces.verifying.mocked import Mock
from mockserver.faces.verifying.targets import Terms
from mockserver.faces.verifying.wire import Wire, wired
from mockserver.settings import SettingsError
from mockserver.state.clock import EPOCH
from tests.processes import Run, Started
from tests.worlds import document

Start = Callable[..., Started]


@pytest.fixture
def verify(server: Started, monkeypatch: pytest.MonkeyPatch, verb: Run) -> Run:
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    monkeypatch.delenv("MOCKSERVER_VERIFY_TOKEN", raising=False)
    return lambda *words: verb("verify", *words)


def accounts(server: Started) -> int:
    total: int = httpx.get(f"{server.url}/_mock/accounts?vendor=voxjar", trust_env=False).json()["total"]
    return total


def test_a_mock_answers_every_case_of_a_vendor_as_it_says(verify: Run, server: Started) -> None:
    before = accounts(server)
    status, out, err = verify("voxjar")
    assert (status, err) == (0, "")
    *lines, last = out.splitlines()
    assert last.startswith(f"voxjar at {server.url}, a mock: ")
    assert last.endswith(" ok, 0 differ, 2 not sent")
    assert len(lines) > 250
    assert {line[:9] for line in lines} == {"ok       ", "not sent "}
    assert "not sent  refused/transport/file-too-large: needs a server that was started with --max-upload 1000" in lines
    assert accounts(server) == before


@pytest.mark.parametrize(
    ("vendor", "text"),
    [
        ("emberqa", "accepted/runs/at-most"),
        ("resonaa", "refused/storage"),
        ("authenticx", "accepted/text-media"),
        ("siro", "accepted/storage"),
        ("siro@2026-08", "accepted/recordings"),
    ],
)
def test_every_vendor_is_verified_with_time_that_passes_and_addresses_that_answers_tell(
    vendor: str, text: str, verify: Run
) -> None:
    status, out, err = verify(vendor, "-k", text)
    assert (status, err) == (0, "")
    assert out.count("ok        ") >= 1
    assert out.endswith(" ok, 0 differ, 0 not sent\n")


def test_machines_are_told_the_same(verify: Run, server: Started) -> None:
    status, out, _ = verify("voxjar", "-k", "-too-large", "--json")
    found = json.loads(out)
    why = "needs a server that was started with --max-upload"
    assert (status, found) == (
        0,
        {
            "vendor": "voxjar",
            "against": server.url,
            "is_mock": True,
            "counts": {"ok": 0, "differs": 0, "not_sent": 2},
            "cases": [
                {"case": "refused/transport/json-too-large", "outcome": "not sent", "why": f"{why} 100"},
                {"case": "refused/transport/file-too-large", "outcome": "not sent", "why": f"{why} 1000"},
            ],
        },
    )


UPLOAD: dict[str, Any] = {
    "method": "POST",
    "path": "/api/v1/upload",
    "headers": {"Authorization": "Bearer voxjar-demo-token"},
    "json": {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hi"}},
}


def write(folder: Path, *cases: dict[str, Any]) -> str:
    """Write cases of Voxjar's into a folder of one's own."""
    place = folder / "mine" / "voxjar" / "accepted"
    place.mkdir(parents=True)
    file = {"says": "mine", "requests": {"upload": UPLOAD}, "cases": [{"from": "upload", **case} for case in cases]}
    (place / "own.json").write_text(json.dumps(file))
    return "mine/voxjar"


def test_whatever_differs_is_told_by_its_place(verify: Run, tmp_path: Path) -> None:
    wrong = write(
        tmp_path,
        {"name": "fine", "answer": {"status": 200}},
        {"name": "status", "answer": {"status": 201}},
        {"name": "claim", "drop": ["/json/timestamp"], "answer": {"status": 400, "refused_by": "schema/other"}},
        {"name": "content", "answer": {"status": 200, "includes": {"processing": {"evaluation": True}}}},
        {"name": "memory", "answer": {"status": 200, "remembers": [{"kind": "sheet"}], "credits": 7}},
    )
    status, out, err = verify(wrong)
    assert (status, err) == (1, "")
    assert out.splitlines()[:-1] == [
        "ok        accepted/own/fine",
        "differs   accepted/own/status",
        "          status: expected 201, got 200",
        "differs   accepted/own/claim",
        "          refused by: expected schema/other, got schema/timestamp-required",
        "differs   accepted/own/content",
        "          body.processing.evaluation: expected true, got false",
        "differs   accepted/own/memory",
        "          records: expected a sheet as the case tells it, got 2 others",
        "          credits: expected 7, got 1000.0",
    ]
    assert out.endswith("1 ok, 4 differ, 0 not sent\n")


def test_who_names_a_credential_is_not_held_to_what_only_a_new_account_has(verify: Run, tmp_path: Path) -> None:
    mine = write(
        tmp_path,
        {"name": "spent", "answer": {"status": 200, "credits": 7}},
        {"name": "poor", "account": {"credits": 0}, "answer": {"status": 200, "credits": 7}},
    )
    status, out, _ = verify(mine, "--token", "voxjar-demo-token")
    assert status == 1
    assert out.splitlines()[:3] == [
        "ok        accepted/own/spent",
        "differs   accepted/own/poor",
        "          credits: expected 7, got 0.0",
    ]


def test_a_credential_that_nobody_named_is_needed(verify: Run) -> None:
    status, out, _ = verify("siro", "-k", "accepted/organization/identity", "--token", "siro-demo-token")
    assert (status, out.splitlines()[0]) == (
        0,
        "not sent  accepted/organization/identity: needs the credential org_token",
    )


def test_a_server_that_cuts_bodies_short_is_sent_the_cases_that_are_made_for_it(
    start: Start, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKSERVER_URL", start("--max-upload", "1000", "--admin-token", "mine").url)
    words = ("verify", "voxjar", "-k", "-too-large")
    status, out, _ = verb(*words)
    assert (status, out.splitlines()[1]) == (0, "ok        refused/transport/file-too-large")
    # Where an account is needed, so is the admin API.
    status, out, err = verb("verify", "voxjar", "-k", "refused/transport/no-token")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "does not help: " in err
    assert verb("verify", "voxjar", "-k", "refused/transport/no-token", "--admin-token", "mine")[0] == 0


def test_a_mock_is_named_as_a_whole(verify: Run, server: Started) -> None:
    says = f"mockserver: {server.url}/voxjar is a part of a mock: name the server itself, without a path\n"
    assert verify("voxjar", "--against", f"{server.url}/voxjar/") == (2, "", says)


def test_what_a_mock_does_not_serve_cannot_be_verified_there() -> None:
    terms = Terms(document("voxjar"), EPOCH, {})
    with pytest.raises(SettingsError, match="http://mock serves emberqa, siro, and not voxjar"):
        Mock(Wire(httpx.AsyncClient(), 1), Server("http://mock"), terms, {"vendors": ["emberqa", "siro"]})


async def stop_in_between() -> None:
    async with wired(1) as wire:
        mock = Mock(wire, Server("http://127.0.0.1:9"), Terms(document("voxjar"), EPOCH, {}), {"vendors": ["voxjar"]})
        await mock.wait(1)


def test_a_mock_that_stops_in_between_ends_it() -> None:
    with pytest.raises(SettingsError, match=r"http://127.0.0.1:9 does not answer: no answer: "):
        asyncio.run(stop_in_between())


def test_a_mock_proves_nothing_about_a_vendor(verify: Run) -> None:
    says = "mockserver: a mock proves nothing about the vendor: --observed is for the vendor itself\n"
    assert verify("voxjar", "--observed") == (2, "", says)


def test_where_nobody_answers_nothing_is_verified(verify: Run) -> None:
    status, out, err = verify("voxjar", "--against", "http://127.0.0.1:9")
    assert (status, out) == (2, "")
    assert err.startswith("mockserver: http://127.0.0.1:9 does not answer: no answer: ")
