"""What is planted is said in each vendor's own voice, and the accounts that misbehave do so at every vendor."""

import asyncio
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.model import Reply
from mockserver.world import Served, World
from tests.cases import Request, every_case, request_of
from tests.closure import FOLDERS
from tests.worlds import ask, new_world, pass_time

SIRO = {
    "unauthenticated": (401, {"error": "this credential is not known"}),
    "too-large": (413, {"error": "the body is too large"}),
    "no-credits": (402, {"error": "the account has too few credits for this"}),
    "not-found": (404, {"error": "this does not exist"}),
    "too-many": (429, "Too Many Requests"),
    "broken": (500, {"error": "the server could not answer"}),
}
VOICES: dict[str, dict[str, tuple[int, Any]]] = {
    "emberqa": {
        "unauthenticated": (401, {"message": "Unauthorized"}),
        "too-large": (413, {"message": "the body is too large"}),
        "no-credits": (402, {"message": "the account has too few credits for this"}),
        "not-found": (404, {"message": "this does not exist"}),
        "too-many": (429, {"message": "too many requests"}),
        "broken": (500, {"message": "Internal Server Error"}),
    },
    "resonaa": {
        "unauthenticated": (401, {"success": False, "error": "Invalid API key"}),
        "too-large": (413, {"success": False, "error": "the body is too large"}),
        "no-credits": (402, {"success": False, "error": "the account has too few credits for this"}),
        "not-found": (404, {"success": False, "error": "this does not exist"}),
        "too-many": (429, {"success": False, "error": "too many requests"}),
        "broken": (500, {"success": False, "error": "Internal server error"}),
    },
    "authenticx": {
        "unauthenticated": (401, None),
        "too-large": (413, None),
        "no-credits": (402, None),
        "not-found": (404, None),
        "too-many": (429, None),
        "broken": (500, None),
    },
    "voxjar": {
        "unauthenticated": (401, {"success": False, "error": "this credential is not known"}),
        "too-large": (413, "Request Entity Too Large"),
        "no-credits": (402, {"success": False, "error": "the account has too few credits for this"}),
        "not-found": (404, {"success": False, "error": "this does not exist"}),
        "too-many": (429, {"success": False, "error": "too many requests"}),
        "broken": (500, {"success": False, "error": "the server could not answer"}),
    },
    "siro": SIRO,
    "siro@2026-08": SIRO,
}
EACH = [(vendor, problem) for vendor, voice in VOICES.items() for problem in voice]


def upload_of(vendor: str) -> Request:
    """Return the first request of the vendor's cases that is accepted as it is."""
    return next(
        request_of(each, each.case, {})
        for each in every_case()
        if (each.vendor, each.verdict) == (vendor, "accepted") and each.steps == [each.case] and not each.case.wait
    )


def send(world: World, vendor: str, who: str = "demo", **headers: str) -> Served:
    request = upload_of(vendor)
    own = {name: value.replace("-demo-", f"-{who}-") for name, value in request.headers.items()}
    body = request.body.replace(b"-demo-", f"-{who}-".encode())
    return ask(world, vendor, request.method, request.path, headers={**own, **headers}, body=body)


def reply(served: Served) -> Reply:
    return served.decision.outcome.reply


def test_every_vendor_is_heard() -> None:
    assert sorted(VOICES) == FOLDERS


@pytest.mark.parametrize(("vendor", "problem"), EACH)
def test_a_planted_problem_is_said_in_the_vendors_voice(vendor: str, problem: str) -> None:
    world = new_world(vendor)
    asyncio.run(Control(world).faults.plant({"match": {"vendor": vendor}, "problem": problem, "times": 1}))
    asked = send(world, vendor, "demo", **{"X-Mock-Fault": problem})
    planted, after = send(world, vendor), send(world, vendor)
    for served in (asked, planted):
        assert (reply(served).status, reply(served).body) == VOICES[vendor][problem]
        assert not served.decision.outcome.records
    assert reply(after).status < 300


@pytest.mark.parametrize("vendor", VOICES)
def test_how_long_to_wait_is_told_where_the_vendor_documents_it(vendor: str) -> None:
    served = send(new_world(vendor), vendor, "demo", **{"X-Mock-Fault": "too-many; retry-after=3"})
    assert reply(served).headers.get("Retry-After") == ("3" if vendor == "authenticx" else None)


@pytest.mark.parametrize("vendor", VOICES)
def test_a_clients_credential_chooses_how_the_mock_misbehaves(vendor: str) -> None:
    world = new_world(vendor)
    asyncio.run(Control(world).clock.change(is_frozen=True))
    flaky, limited = ([send(world, vendor, who) for _ in range(4)] for who in ("flaky", "limited"))
    assert [served.decision.fault for served in flaky] == ["flaky-then-fine"] * 2 + [None] * 2
    assert [reply(served).status for served in flaky[:2]] == [500, 500]
    assert [served.decision.fault for served in limited] == [None] * 3 + ["rate-limited"]
    assert (reply(limited[-1]).status, reply(limited[-1]).headers.get("Retry-After")) == (
        429,
        "60" if vendor == "authenticx" else None,
    )
    pass_time(world, 60)
    assert send(world, vendor, "limited").decision.fault is None
    slow, unplugged = send(world, vendor, "slow"), send(world, vendor, "unplugged")
    assert (slow.decision.delay, reply(slow).status // 100) == (2, 2)
    assert (unplugged.decision.wire, unplugged.decision.outcome.records) == ("reset", ())
    assert send(world, vendor).decision.fault is None
