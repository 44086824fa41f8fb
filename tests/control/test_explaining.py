"""Why a request would be refused, and the smallest edit that makes it acceptable."""

import asyncio
import json
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.control import Control, Unknown
from mockserver.control.asking import Asked, arrival_of
from mockserver.control.edits import Edit, make, path_of, place
from mockserver.control.explanation import Check, Explanation
from mockserver.control.keys import MOST_IDENTS, idents
from mockserver.control.telling import tell
from mockserver.state.accounts import account_key
from mockserver.world import World
from tests.cases import Located, drop, edit, every_case
from tests.worlds import new_world

BEARER = {"Authorization": "Bearer voxjar-demo-token"}
UPLOAD = "/api/v1/upload"
GOOD = {
    "sourceIdentifier": "call-1",
    "direction": "INBOUND",
    "timestamp": "2026-06-23T14:30:00Z",
    "downloadUrl": "https://example.com/call.mp3",
}
MISSPELT = {"timestmp" if name == "timestamp" else name: value for name, value in GOOD.items()}
DOCUMENTED_URL = "https://storage.example.com/calls/67890.mp4"


@pytest.fixture(scope="module")
def world() -> World:
    return new_world()


def explain(
    world: World,
    body: Any = None,
    *,
    vendor: str = "voxjar",
    method: str = "POST",
    path: str = UPLOAD,
    headers: dict[str, str] | None = None,
) -> Explanation:
    asked = Asked(method, path, vendor, BEARER if headers is None else headers, body)
    return asyncio.run(Control(world).explain(asked))


def edits(explanation: Explanation) -> list[tuple[str, str, Any]]:
    return [(each.op, each.at, each.value) for each in explanation.edits or ()]


def checks(explanation: Explanation, step: str) -> list[Check]:
    return [check for each in explanation.steps if each.step == step for check in each.checks]


def test_what_is_accepted_needs_no_edit(world: World) -> None:
    found = explain(world, GOOD)
    assert (found.status, found.refused_by, found.edits, found.request) == (200, None, None, None)
    assert [step.verdict for step in found.steps] == ["passed"] * 5
    assert {check.verdict for check in checks(found, "rules")} == {"passed"}


def test_every_rule_is_told_with_its_verdict(world: World) -> None:
    found = explain(world, {**GOOD, "evaluation": {"scorecardId": "sc_draft"}})
    assert found.refused_by == "rules/scorecard-must-be-active"
    told = {check.name: check for check in checks(found, "rules")}
    assert told["download_url_must_be_public"].verdict == "passed"
    assert told["credits_must_suffice"].verdict == "not reached"
    failed = told["scorecard_must_be_active"]
    assert (failed.verdict, failed.basis, failed.at) == ("failed", "documented", "$.evaluation.scorecardId")
    assert edits(found) == [("set", "$.evaluation.scorecardId", "sc_abc123")]


def test_what_was_expected_and_what_was_got_is_told(world: World) -> None:
    (check,) = checks(explain(world, {**GOOD, "direction": "inbound"}), "schema")
    assert (check.expected, check.got, check.at) == (["INBOUND", "OUTBOUND"], "inbound", "$.direction")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({**GOOD, "direction": "inbound"}, [("set", "$.direction", "OUTBOUND")]),
        (MISSPELT, [("rename", "$.timestmp", "timestamp")]),
        ({**GOOD, "downloadUrl": "http://10.0.0.1/x.mp3"}, [("set", "$.downloadUrl", DOCUMENTED_URL)]),
        ({**GOOD, "interactionType": "EMAIL"}, [("set", "$.email", {})]),
    ],
    ids=["choice", "slip", "address", "type"],
)
def test_the_smallest_edit_is_told_and_works(world: World, body: Any, found: list[tuple[str, str, Any]]) -> None:
    explanation = explain(world, body)
    assert edits(explanation) == found
    assert explanation.request
    assert explain(world, explanation.request.body).refused_by is None


def test_a_missing_credential_is_shown(world: World) -> None:
    found = explain(world, GOOD, headers={})
    assert edits(found) == [("set", "header Authorization", "Bearer voxjar-demo-token")]
    assert [step.verdict for step in found.steps][:3] == ["passed", "failed", "not reached"]


def test_a_credential_in_the_body_is_shown(world: World) -> None:
    body = {"audio_url": "https://example.com/a.mp3"}
    found = explain(world, body, vendor="resonaa", path="/api/add-calls", headers={})
    assert edits(found) == [("set", "$.api_key", "resonaa-demo-key")]


def test_the_right_content_type_is_shown(world: World) -> None:
    found = explain(world, GOOD, headers={**BEARER, "Content-Type": "text/plain"})
    assert edits(found) == [("set", "header Content-Type", "application/json")]


def test_a_compressed_body_is_told_to_be_plain(world: World) -> None:
    found = explain(world, GOOD, headers={**BEARER, "Content-Encoding": "gzip"})
    assert edits(found) == [("remove", "header Content-Encoding", None)]


def test_a_body_that_cannot_be_read_is_made_anew(world: World) -> None:
    found = explain(world, "{")
    assert found.edits
    assert found.request
    assert explain(world, found.request.body).status == 200


def test_the_nearest_path_leads_to_an_accepted_request(world: World) -> None:
    found = explain(world, GOOD, path="/api/v1/uplaod")
    assert found.nearest
    assert found.nearest.operation == "uploadInteraction"
    assert edits(found) == [("set", "path", UPLOAD)]
    assert (found.status, found.operation) == (404, None)


def test_a_wrong_method_is_told(world: World) -> None:
    found = explain(world, GOOD, method="PUT")
    assert found.status == 405
    assert found.nearest
    assert found.nearest.differs == "the method: PUT was sent, POST is what the path takes"
    assert edits(found) == [("set", "method", "POST")]


def test_a_path_and_a_method_may_both_be_wrong(world: World) -> None:
    found = explain(world, GOOD, method="PUT", path="/api/v1/uplaod")
    assert found.nearest
    assert found.nearest.differs.endswith("which takes POST")
    assert edits(found) == [("set", "method", "POST"), ("set", "path", UPLOAD)]


ODD = ("", ".", "a.b", "a[0]", '"', "\\", "]", "$", "0", "é\n", "header x")


@pytest.mark.parametrize("name", ODD)
def test_a_field_may_have_any_name(world: World, name: str) -> None:
    """Where nothing helps, every field is tried out to be left out."""
    headers = {"Authorization": "Bearer emberqa-demo-key"}
    found = explain(world, {name: 1}, vendor="emberqa", path="/api/workflows/runs/getDetails", headers=headers)
    assert (found.status, found.edits) == (400, None)
    assert edits(explain(world, GOOD | {name: 1, "direction": "IN"})) == [("set", "$.direction", "OUTBOUND")]


@pytest.mark.parametrize("name", ODD)
def test_a_place_is_read_as_it_was_written(name: str) -> None:
    body = {"a": [{name: {name: 1, "b": 2}}]}
    at = place(("a", 0, name, name))
    assert path_of(at) == ("a", 0, name, name)
    assert make(Asked("POST", UPLOAD, body=body), Edit("remove", at)).body == {"a": [{name: {"b": 2}}]}
    assert make(Asked("POST", UPLOAD, body=body), Edit("set", at, 3)).body == {"a": [{name: {name: 3, "b": 2}}]}
    assert make(Asked("POST", UPLOAD, body=body), Edit("remove", "$")).body == body


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("path", ["/Agent/All", "/hierarchy/ALL"])
def test_a_path_of_its_own_goes_before_one_with_a_value(world: World, method: str, path: str) -> None:
    headers = {"Authorization": "Bearer authenticx-demo-token"}
    found = explain(world, vendor="authenticx", method=method, path=path, headers=headers)
    assert found.status == 405
    assert found.nearest
    assert (found.nearest.method, found.nearest.path.lower()) == ("GET", path.lower())
    assert edits(found) == [("set", "method", "GET")]


def test_what_is_written_in_other_letters_is_another_path(world: World) -> None:
    found = explain(world, GOOD, path="/API/v1/upload")
    assert found.nearest
    assert found.nearest.differs == "the path: /API/v1/upload was asked for, the nearest is /api/v1/upload"
    assert edits(found) == [("set", "path", UPLOAD)]


def test_a_way_that_leads_nowhere_either_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.control.explaining.filled", lambda *_: "/nowhere")
    found = explain(world, GOOD, path="/api/v1/uplaod")
    assert (found.status, found.edits, found.request) == (404, None, None)


def test_the_path_of_another_vendor_is_told_apart(world: World) -> None:
    found = explain(world, GOOD, path="/Media/Upload")
    assert found.nearest
    assert found.nearest.vendor == "authenticx"
    assert found.edits is None


def test_a_path_like_none_has_no_neighbour(world: World) -> None:
    found = explain(world, path="/x", method="GET")
    assert (found.nearest, found.edits) == (None, None)


ORG = {"Authorization": "Bearer siro-demo-org-token"}
USERS = "/api-externalApi/v1/core/users"


def test_a_value_of_the_path_may_be_what_was_wrong(world: World) -> None:
    found = explain(world, vendor="siro", method="GET", path=f"{USERS}/nobody?a=1", headers=ORG)
    assert (found.status, edits(found)) == (404, [("set", "path", f"{USERS}/user_demo?a=1")])
    assert found.request
    assert explain(world, vendor="siro", method="GET", path=found.request.path, headers=ORG).status == 200


@pytest.mark.parametrize(
    ("path", "at", "value"),
    [
        ("/ModelResults?modelIds=-1", "query modelIds", "1a356274-97b2-4536-aa2c-82e6213cd49b"),
        ("/ModelResults", "query modelIds", "1a356274-97b2-4536-aa2c-82e6213cd49b"),
        ("/Agent/nope", "path", "/Agent/00000000-0000-0000-0000-000000000007"),
    ],
)
def test_what_the_account_has_may_be_named(world: World, path: str, at: str, value: str) -> None:
    headers = {"Authorization": "Bearer authenticx-demo-token"}
    found = explain(world, vendor="authenticx", method="GET", path=path, headers=headers)
    assert (found.status, edits(found)) == (400, [("set", at, value)])


def test_only_what_is_the_callers_own_is_named() -> None:
    world = new_world("siro")
    demo = world.demo("siro")
    book = {**demo.book, "users": [{"id": "own user"}]}
    own = replace(demo, name="own", credentials={"org_token": "own-token"}, book=book)
    assert asyncio.run(world.open(own))
    headers = {"Authorization": "Bearer own-token"}
    found = explain(world, vendor="siro", method="GET", path=f"{USERS}/nobody", headers=headers)
    assert edits(found) == [("set", "path", f"{USERS}/own%20user")]


def test_a_book_is_known_by_what_its_entries_are_called() -> None:
    book = {"a": [{"id": "1", "objectId": "2", "name": "3", "x_id": 4}, "5"], "b": {"id": "6"}, "c": [{"id": "1"}]}
    assert idents(book) == ["1", "2"]
    assert len(idents({"a": [{"id": str(number)} for number in range(100)]})) == MOST_IDENTS


def test_a_path_is_judged_by_what_its_letters_mean(world: World) -> None:
    found = explain(world, vendor="siro", method="GET", path=f"{USERS}/user%5Fdemo", headers=ORG)
    assert (found.status, found.operation) == (200, "getUser")


def test_a_path_that_is_wrong_twice_is_told_once(world: World) -> None:
    found = explain(world, vendor="siro", method="GET", path="/api-externalApi/v1/c0re/users/nope", headers=ORG)
    assert edits(found) == [("set", "path", f"{USERS}/user_demo")]


@pytest.mark.parametrize(
    ("asked", "led"), [("usrs/user_demo?a=1", "users/user_demo?a=1"), ("usrs/nobody", "users/user_demo")]
)
def test_the_path_of_the_nearest_operation_has_the_values_and_the_query(world: World, asked: str, led: str) -> None:
    found = explain(world, vendor="siro", method="GET", path=f"/api-externalApi/v1/core/{asked}", headers=ORG)
    assert found.nearest
    assert (found.nearest.operation, found.status) == ("getUser", 404)
    assert found.request
    assert found.request.path == f"/api-externalApi/v1/core/{led}"


def test_a_credential_is_shown_only_where_it_opens_something(world: World) -> None:
    form = {"grant_type": "client_credentials", "client_secret": "authenticx-demo-secret", "scope": "acxapi"}
    found = explain(world, form, vendor="authenticx", path="/connect/token", headers={})
    assert edits(found) == [("set", "$.client_id", "authenticx-demo-client")]


def test_nothing_is_invented_where_no_edit_helps(world: World) -> None:
    found = explain(world, GOOD, headers={"Authorization": "Bearer voxjar-broke-token"})
    assert (found.status, found.edits) == (402, None)
    assert list(tell(found))[-1] == "  no small edit was found that makes it acceptable"


def test_an_unknown_vendor_is_said_so(world: World) -> None:
    with pytest.raises(Unknown, match="no vendor 'nobody'"):
        explain(world, vendor="nobody")


def test_nothing_is_kept_or_charged() -> None:
    world = new_world("voxjar")
    explain(world, GOOD)
    assert asyncio.run(world.store.count(("journal",))) == 0
    assert asyncio.run(world.store.count(("record",))) == 0
    (held,) = asyncio.run(world.store.read([account_key("voxjar", "demo")]))
    assert held
    assert json.loads(held.value)["credits"] == 1000


def test_an_explanation_reads_as_text(world: World) -> None:
    text = "\n".join(tell(explain(world, {**GOOD, "direction": "inbound", "note": "x"})))
    assert "refused with 400 by schema/" in text
    assert 'expected ["INBOUND", "OUTBOUND"], got "inbound"' in text
    assert 'set $.direction to "OUTBOUND"' in text
    assert "(documented): " in text


def test_where_nothing_certain_was_expected_only_what_was_got_is_told(world: World) -> None:
    text = "\n".join(tell(explain(world, GOOD, path="/api/v1/uplaod")))
    assert '    got "/api/v1/uplaod"' in text
    assert "expected" not in text


REFUSED = [
    located
    for located in every_case()
    if located.verdict == "refused"
    and not (located.case.before or located.case.cap or located.case.account.book or located.case.account.options)
]


@pytest.mark.parametrize("located", REFUSED[::7], ids=lambda located: located.id)
def test_an_edit_that_is_told_works(located: Located, world: World) -> None:
    found = asyncio.run(Control(world).explain(asked_of(located)))
    if found.request is not None:
        again = asyncio.run(Control(world).explain(found.request))
        assert again.refused_by is None, found.edits


def test_most_refusals_can_be_mended(world: World) -> None:
    found = [asyncio.run(Control(world).explain(asked_of(located))) for located in REFUSED[::5]]
    refused = [each for each in found if each.refused_by]
    assert len(refused) > 20
    assert sum(each.edits is not None for each in refused) >= 0.7 * len(refused)


def asked_of(located: Located) -> Asked:
    """Return a case's request as somebody would write it down; of a form, its parts by name."""
    request = json.loads(json.dumps(located.file.requests[located.case.base]))
    for pointer, value in located.case.set.items():
        edit(request, pointer, value)
    for pointer in located.case.drop:
        drop(request, pointer)
    parts = {part["name"]: part.get("json", part.get("text", "bytes of call.mp3")) for part in request.get("form", ())}
    body = parts if "form" in request else request.get("json", request.get("raw"))
    return Asked(request["method"], request["path"], located.vendor, request.get("headers", {}), body)


def test_a_request_becomes_bytes_as_its_operation_takes_them(world: World) -> None:
    endpoint = world.documents["authenticx"].endpoints[0]
    asked = Asked("POST", "/Media/Upload?a=%20b", "authenticx", {}, {"metadata": {"a": 1}})
    arrival = arrival_of(asked, endpoint)
    assert arrival.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert (arrival.path, arrival.query) == ("/Media/Upload", b"a=%20b")
