"""A call of the journal is explained as it was answered, though its secrets were hidden and its files dropped."""

import json
from typing import Any

import msgspec
import pytest

from mockserver.control import Control
from mockserver.control.again import explain_again
from mockserver.control.asking import asked_again
from mockserver.control.explanation import Explanation, Planted
from mockserver.control.exports import har_of
from mockserver.control.telling import tell
from mockserver.state.journal import Entry
from mockserver.world import Served, World
from tests.cases import Located, every_case
from tests.closure import carry_out
from tests.facts import NOW
from tests.holding import UPLOAD, run, upload
from tests.worlds import ask, new_world

EVERY = [each for each in every_case() if each.verdict == "refused" and not each.case.cap]


@pytest.fixture(scope="module")
def world() -> World:
    world = new_world()
    run(Control(world).clock.change(now=NOW, is_frozen=True))
    return world


def explained(world: World, ident: str) -> Explanation:
    text = run(world.journal.read(ident))
    assert text is not None
    return run(explain_again(world, msgspec.json.decode(text, type=Entry)))


def is_whole(world: World, located: Located, served: Served) -> bool:
    """Say whether all that the call was judged by is in the journal, but for the credential."""
    asked = json.loads(run(world.journal.read(served.call.id)) or b"")["request"]
    sent, kept = served.call.instance, asked.get("body")
    # Of a credential in the body its last letters are left, of a short one nothing.
    if isinstance(sent, dict) and isinstance(kept, dict) and kept.get("api_key", "…") != "…":
        kept = {**kept, "api_key": sent["api_key"]}
    is_open = sent == kept and asked.get("query", {}) == served.call.query
    return is_open and "parts" not in asked and not located.case.before


@pytest.mark.parametrize("located", EVERY, ids=lambda located: located.id)
def test_a_refused_call_is_explained_as_it_was_refused(world: World, located: Located) -> None:
    world.cap = None
    served = carry_out(located, world)
    explanation = explained(world, served.call.id)
    if is_whole(world, located, served):
        assert explanation.refused_by == served.decision.refused_by


def test_of_several_credentials_the_one_that_was_refused_is_shown(world: World) -> None:
    headers = {"x-siro-auth-token": "siro-demo-read-token", "Content-Type": "application/json"}
    served = ask(world, "siro", "POST", "/v1/core/recordings/upload", headers=headers, body=b"{}")
    assert served.decision.refused_by is not None
    assert explained(world, served.call.id).refused_by == served.decision.refused_by


def test_a_credential_that_nobody_has_is_mended(world: World) -> None:
    explanation = explained(world, upload(world, "nobody-has-this-token"))
    assert explanation.refused_by == "auth/bearer-token"
    assert [(edit.at, edit.value) for edit in explanation.edits or ()] == [
        ("header Authorization", "Bearer voxjar-demo-token")
    ]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("emberqa-unplugged-key", "cut off by the planted unplugged; without it accepted with 200"),
        ("emberqa-flaky-key", "answered 500 by the planted flaky-then-fine; without it accepted with 200"),
        ("nobody-has-this-key", "refused with 401 by auth/bearer-api-key"),
    ],
)
def test_what_was_planted_is_told_and_what_would_be_without_it(key: str, says: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = b'{"media_url": "https://example.com/call-audio.mp3"}'
    world = new_world("emberqa")
    served = ask(world, "emberqa", "POST", "/api/scoring/submitRecording", headers=headers, body=body)
    explanation = explained(world, served.call.id)
    assert next(tell(explanation)) == f"emberqa submitRecording: {says}"
    assert (explanation.planted is None) == ("planted" not in says)


def test_a_form_and_its_query_are_put_together_again(world: World) -> None:
    body = json.dumps({**UPLOAD, "direction": "inbound"}).encode()
    headers = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json"}
    served = ask(world, "voxjar", "POST", "/api/v1/upload?a=b c&d=1", headers=headers, body=body)
    explanation = explained(world, served.call.id)
    assert explanation.request is not None
    assert explanation.request.path == "/api/v1/upload?a=b+c&d=1"
    assert [edit.at for edit in explanation.edits or ()] == ["$.direction"]


def test_a_list_in_the_query_is_put_together_again(world: World) -> None:
    headers = {"Authorization": "Bearer authenticx-demo-token"}
    served = ask(world, "authenticx", "GET", "/Receipts?HierarchyCodes=a&HierarchyCodes=b,c&LastId=", headers=headers)
    explanation = explained(world, served.call.id)
    assert explanation.request is None
    text = run(world.journal.read(served.call.id)) or b""
    entry = msgspec.json.decode(text, type=Entry)
    again = asked_again(entry)
    assert again.path == "/Receipts?HierarchyCodes=a&HierarchyCodes=b%2Cc&LastId="
    (told,) = har_of(iter([text]), "http://mock")["log"]["entries"]
    assert told["request"]["url"] == f"http://mock/authenticx{again.path}"
    assert [each["value"] for each in told["request"]["queryString"]] == ["a", "b,c", ""]


@pytest.mark.parametrize(
    ("wrong", "at", "value"),
    [
        ({"api_key": None}, "$.api_key", "resonaa-demo-key"),
        ({"api_key": ""}, "$.api_key", "resonaa-demo-key"),
        ({"call_url": "https://host:PORT/x.mp3, or ask me@y.com"}, "$.call_url", "https://example.com/recording.mp3"),
    ],
)
def test_what_was_hidden_keeps_no_edit_back(world: World, wrong: dict[str, Any], at: str, value: str) -> None:
    body = {"api_key": "resonaa-demo-key", "call_url": "https://example.com/r.mp3", **wrong}
    headers = {"Content-Type": "application/json"}
    served = ask(world, "resonaa", "POST", "/api/addcallurl", headers=headers, body=json.dumps(body).encode())
    explanation = explained(world, served.call.id)
    assert explanation.refused_by == served.decision.refused_by is not None
    assert [(each.at, each.value) for each in explanation.edits or ()] == [(at, value)]


@pytest.mark.parametrize("body", [b"{", b'{"a": "' + b"x" * 70_000 + b'"}'])
def test_of_a_body_that_was_not_kept_only_what_was_noted_is_told(world: World, body: bytes) -> None:
    headers: dict[str, Any] = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json"}
    served = ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=body)
    explanation = explained(world, served.call.id)
    assert (explanation.refused_by, explanation.status) == (served.decision.refused_by, 400)
    assert (explanation.edits, explanation.request) == (None, None)
    problem = served.decision.trail[-1].problems[0]
    (check, *_) = explanation.steps[-1].checks
    assert (check.message, check.at, check.verdict) == (problem.says, problem.at, "failed")
    assert problem.says in "\n".join(tell(explanation))
    assert check.says
    assert f"{problem.claim} (documented): {check.says}" in "\n".join(tell(explanation))
    claim = world.ledger("voxjar").claims[check.claim or ""]
    assert (check.says, check.basis, check.where) == (claim.says, claim.basis.value, claim.where)


def test_of_such_a_body_that_a_fault_has_met_only_the_fault_is_told(world: World) -> None:
    headers = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json", "X-Mock-Fault": "reset"}
    served = ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=b"{")
    explanation = explained(world, served.call.id)
    assert explanation.planted == Planted("reset", 0, is_noted=True)
    assert next(iter(tell(explanation))) == "voxjar uploadInteraction: cut off by the planted reset"


def test_a_body_that_was_null_is_mended(world: World) -> None:
    headers = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json"}
    served = ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=b"null")
    explanation = explained(world, served.call.id)
    assert explanation.refused_by == "schema/payload-is-an-object"
    assert [edit.at for edit in explanation.edits or ()] == ["body"]


def test_a_call_that_would_be_judged_otherwise_by_now_is_told_as_it_was_noted() -> None:
    world = new_world("voxjar")
    calls = [upload(world, token, unknown=1) for token in ("voxjar-demo-token", "voxjar-broke-token")]
    for name, left in (("demo", 0), ("broke", 100)):
        run(Control(world).change_account("voxjar", name, {"credits": left}))
    accepted, refused = (explained(world, each) for each in calls)
    assert (accepted.status, accepted.refused_by, accepted.edits) == (200, None, None)
    assert [item["at"] for item in accepted.advice] == ["$.unknown"]
    assert (refused.status, refused.refused_by, refused.edits) == (402, "rules/credits-must-suffice", None)
