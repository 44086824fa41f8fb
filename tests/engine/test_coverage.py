"""What requests to one operation keep and break, beyond what their schemas say."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver.engine.coverage import Coverable, Coverage
from mockserver.model import BROKEN, Credential, Decision, Kind, Mark, Operation, Outcome, Problem, Reply, Rule, Vendor
from tests.acme import acme_document, acme_facts, changed

PATH = "/paths/~1v1~1calls"
BODY = f"{PATH}/post/requestBody/content"
SCHEMES = "/components/securitySchemes"
ACCEPTED = Decision(Outcome(Reply(201)), (Mark("route"), Mark("accept")))
# What every accepted call keeps here, whatever it holds.
ALWAYS = {"no-such-path", "post-only"}
IN_JSON = {"call-is-an-object", "json-only"}
QUERY = {"name": "page", "in": "query", "schema": {"type": "integer", "x-claim": "page-is-a-number"}}
HEADER = {"name": "X-Team", "in": "header", "required": True, "schema": {"type": "string", "x-claim": "team-is-told"}}
STEP = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid", "x-claim": "id-is-a-uuid"},
}
FORM = {
    "type": "object",
    "properties": {
        "file": {"contentMediaType": "audio/mpeg", "x-max-bytes": 9, "x-claim": {"x-max-bytes": "small-files"}},
        "details": {"type": "object", "x-claim": {"type": "details-are-an-object", "readable": "details-are-json"}},
        "note": {"type": "string", "x-claim": "note-is-text"},
        "any": True,
    },
}
READ = {"operationId": "readCall", "responses": {"200": {"description": "A call."}}}
REASONS = {
    "media-type": "known-kinds",
    "too-large": "small-bodies",
    "encoding": "plain-bodies",
    "expired": "young-keys",
}


def never(_facts: Any) -> None:
    return None


def refused(*problems: Problem, step: str = "rules") -> Decision:
    return Decision(Outcome(Reply(400)), (Mark("route"), Mark(step, problems)))


def made(folder: Path, *changes: tuple[str, Any], vendor: Vendor = Vendor("acme")) -> Coverage:  # noqa: B008  # frozen
    document = changed("/info/version", "2")
    for pointer, value in changes:
        document = changed(pointer, value, document)
    return Coverage(acme_document(folder, document), vendor)


def kept(coverage: Coverage, body: Any = None, **call: Any) -> set[str]:
    return set(coverage.bits.names(coverage.kept(acme_facts(body, **call).call, ACCEPTED)))


def sides(coverage: Coverage, *claims: str) -> dict[str, tuple[bool, bool]]:
    return {each.claim: (each.can_keep, each.can_break) for each in coverage.coverable(claims)}


def test_an_accepted_call_keeps_what_its_operation_judges_and_what_it_holds(tmp_path: Path) -> None:
    rule, early = Rule("known", "caller-is-known", never, ("caller-is-nobodys-else",)), Rule("soon", "soon", never)
    operations = {
        "addCall": Operation(rules=(rule,), early=(early,)),
        "other": Operation(rules=(Rule("x", "x", never),)),
    }
    coverage = made(tmp_path, vendor=Vendor("acme", operations=operations, guards=(Rule("may", "may-write", never),)))
    rules = {"caller-is-known", "caller-is-nobodys-else", "soon", "may-write"}
    assert kept(coverage, {"who": "Ada"}) == {*ALWAYS, *IN_JSON, *rules, "who-required", "who-is-text"}
    assert kept(coverage, {"at": None}) == {*ALWAYS, *IN_JSON, *rules, "at-is-a-moment"}
    assert kept(coverage, media_type=None) == {*ALWAYS, *rules}


def test_an_open_operation_judges_no_credential(tmp_path: Path) -> None:
    changes = [("/security", []), ("/x-claim/credential", "key-needed"), ("/x-claim/expired", "young-keys")]
    coverage = made(tmp_path, *changes, vendor=Vendor("acme", guards=(Rule("may", "may-write", never),)))
    assert kept(coverage, {}) == {*ALWAYS, *IN_JSON}
    assert sides(coverage, "key-needed", "young-keys", "may-write") == {}


def test_the_scheme_is_kept_that_the_credential_came_under(tmp_path: Path) -> None:
    second = {"type": "apiKey", "in": "header", "name": "X-Key", "x-claim": "key-in-a-header"}
    coverage = made(tmp_path, (f"{SCHEMES}/second", second), ("/security", [{"key": []}, {"second": []}]))
    shown = {name: kept(coverage, {}, credential=Credential(name, "k")) for name in ("key", "second", "body")}
    assert shown["key"] == {*ALWAYS, *IN_JSON, "key-needed"}
    assert shown["second"] == {*ALWAYS, *IN_JSON, "key-in-a-header"}
    assert shown["body"] == {*ALWAYS, *IN_JSON}
    # Whoever shows none, or one that is not known, is refused by the first.
    assert sides(coverage, "key-needed", "key-in-a-header") == {
        "key-needed": (True, True),
        "key-in-a-header": (True, False),
    }


def test_reasons_to_refuse_a_body_are_kept_by_calls_that_have_one(tmp_path: Path) -> None:
    coverage = made(tmp_path, *((f"/x-claim/{reason}", claim) for reason, claim in REASONS.items()))
    own = {"known-kinds", "small-bodies", "plain-bodies", "json-only"}
    assert own <= kept(coverage, {})
    assert own.isdisjoint(kept(coverage, media_type=None))
    assert "young-keys" in kept(coverage, media_type=None)
    assert sides(coverage, *own, "young-keys", "own-failure", "call-taken") == dict.fromkeys(
        [*own, "young-keys"], (True, True)
    )


def test_bytes_that_are_the_file_itself_can_always_be_read(tmp_path: Path) -> None:
    coverage = made(tmp_path, (BODY, {"audio/mpeg": {"schema": {"contentMediaType": "audio/mpeg"}}}))
    assert sides(coverage, "json-only") == {}
    assert "json-only" not in kept(coverage, media_type="audio/mpeg")


def test_parts_of_a_form_are_read_each_by_itself(tmp_path: Path) -> None:
    media = {"schema": FORM, "encoding": {"details": {"contentType": "application/json"}}}
    coverage = made(tmp_path, (BODY, {"multipart/form-data": media}))
    call = {"media_type": "multipart/form-data"}
    parts = {
        "file": {"small-files"},
        "details": {"details-are-an-object", "details-are-json"},
        "note": {"note-is-text"},
    }
    for name, claims in parts.items():
        assert kept(coverage, {name: {}, "any": 1}, **call) == {*ALWAYS, "json-only", *claims}
    assert sides(coverage, "small-files", "details-are-an-object", "details-are-json", "note-is-text") == {
        "small-files": (True, True),
        "details-are-an-object": (True, True),
        "details-are-json": (True, True),
        "note-is-text": (True, False),
    }


def test_the_query_and_headers_are_looked_at_too(tmp_path: Path) -> None:
    coverage = made(tmp_path, (f"{PATH}/parameters", [QUERY, HEADER]))
    told = {"page-is-a-number", "team-is-told"}
    assert kept(coverage, {}, query={"page": 1}, headers={"x-team": "a"}) == {*ALWAYS, *IN_JSON, *told}
    assert kept(coverage, {}, query={"size": 1}) == {*ALWAYS, *IN_JSON}
    assert sides(coverage, *told) == dict.fromkeys(told, (True, True))


def test_nothing_of_a_path_can_be_left_out(tmp_path: Path) -> None:
    plain = {**STEP, "name": "day", "schema": {"type": "string", "x-claim": "day-is-named"}}
    paths = {"/v1/calls/{id}/{day}": {"get": {**READ, "parameters": [STEP, plain]}}}
    coverage = made(tmp_path, ("/paths", paths))
    call = {"operation": "readCall", "media_type": None, "params": {"id": "1", "day": "monday"}}
    assert kept(coverage, **call) == {*ALWAYS, "id-is-a-uuid", "day-is-named"}
    assert sides(coverage, "id-is-a-uuid", "day-is-named") == {
        "id-is-a-uuid": (True, True),
        "day-is-named": (True, False),
    }


def test_an_operation_that_accepts_nobody_keeps_nothing(tmp_path: Path) -> None:
    gone = {"operationId": "gone", "responses": {"404": {"description": "Never there."}}}
    vendor = Vendor("acme", operations={"gone": Operation(rules=(Rule("no", "nothing-is-there", never),))})
    coverage = made(tmp_path, ("/paths/~1gone", {"get": gone}), vendor=vendor)
    assert sides(coverage, "nothing-is-there") == {"nothing-is-there": (False, True)}


def test_a_claim_names_the_operations_that_rest_on_it(tmp_path: Path) -> None:
    coverage = made(tmp_path, ("/paths/~1v1~1calls~1{id}", {"get": {**READ, "parameters": [STEP]}}))
    asked = ["key-needed", "who-required", "id-is-a-uuid", "no-such-path", "call-taken"]
    assert list(coverage.coverable(asked)) == [
        Coverable("key-needed", ("addCall", "readCall"), can_keep=True, can_break=True),
        Coverable("who-required", ("addCall",), can_keep=True, can_break=True),
        Coverable("id-is-a-uuid", ("readCall",), can_keep=True, can_break=True),
        Coverable("no-such-path", (), can_keep=True, can_break=True),
    ]


def test_a_refusal_breaks_the_claim_that_its_answer_names_and_no_other(tmp_path: Path) -> None:
    coverage = made(tmp_path)
    first, second = (Problem(Kind.INVALID, "no", claim=claim) for claim in ("who-required", "whole-seconds"))
    assert coverage.bits.names(coverage.broken(refused(first, second, step="schema"))) == ("who-required",)
    assert coverage.broken(refused(Problem(Kind.INVALID, "no claim says so"))) == 0
    assert coverage.broken(ACCEPTED) == 0
    assert coverage.kept(acme_facts({}).call, refused(first)) == 0


@pytest.mark.parametrize("decision", [ACCEPTED, refused(Problem(Kind.TOO_MANY, "planted", claim="who-required"))])
def test_what_a_tester_planted_proves_nothing(decision: Decision, tmp_path: Path) -> None:
    coverage, planted = made(tmp_path), msgspec.structs.replace(decision, fault="code=429")
    call = acme_facts({"who": "Ada"}).call
    assert coverage.kept(call, decision) | coverage.broken(decision)
    assert coverage.kept(call, planted) | coverage.broken(planted) == 0


def test_a_fault_of_ours_proves_nothing(tmp_path: Path) -> None:
    coverage = made(tmp_path)
    decision = refused(Problem(Kind.BROKEN, "ours", claim="own-failure"), step=BROKEN)
    assert coverage.kept(acme_facts({}).call, decision) | coverage.broken(decision) == 0
