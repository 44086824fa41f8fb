from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from mockserver import model
from mockserver.model import (
    BROKEN,
    STATUSES,
    Account,
    Call,
    Decision,
    Facts,
    Kind,
    Mark,
    Operation,
    Outcome,
    Path,
    Problem,
    Record,
    Ref,
    Reply,
    keeps,
    no_further,
    no_refs,
    plain_refusal,
    rule,
)

NOW = datetime(2026, 6, 23, tzinfo=UTC)
CALL = Call(str(UUID(int=1)), NOW, "acme", "addCall", "POST", "/v1/calls")


@pytest.mark.parametrize(
    ("path", "at"),
    [((), "$"), (("who",), "$.who"), (("crmObjects", 0, "objectId"), "$.crmObjects[0].objectId")],
)
def test_a_problem_says_where_it_is(path: Path, at: str) -> None:
    assert Problem(Kind.INVALID, "wrong", path).at == at


def test_a_call_derives_the_same_id_by_the_same_name() -> None:
    assert CALL.derive("evaluation") == CALL.derive("evaluation")
    assert CALL.derive("evaluation") != CALL.derive("submission")
    assert UUID(CALL.derive("evaluation")).version == 5


@pytest.mark.parametrize(("body", "fields"), [({"who": "Ada"}, {"who": "Ada"}), ([1], {}), ("text", {}), (None, {})])
def test_only_an_object_has_fields(body: Any, fields: Any) -> None:
    assert Call(str(UUID(int=1)), NOW, "acme", "addCall", "POST", "/", body=body).fields == fields


def test_facts_make_records_of_their_account_and_call() -> None:
    facts = Facts(CALL, Account("acme@2", "demo", options={"success_status": 201}))
    record = facts.record("call", "c-1", {"who": "Ada"})
    assert record == Record("acme@2", "demo", "call", "c-1", NOW, str(UUID(int=1)), {"who": "Ada"})
    assert record.ref == Ref("call", "c-1")
    assert facts.option("success_status") == 201


def test_a_reply_gains_headers() -> None:
    assert Reply(200, headers={"A": "1"}).adding({"B": "2", "A": "3"}).headers == {"A": "3", "B": "2"}


@pytest.mark.parametrize(
    ("mark", "refused_by"),
    [
        (Mark("accept"), None),
        (Mark("rules", (Problem(Kind.INVALID, "x", keyword="type", claim="a-claim"),)), "rules/a-claim"),
        (Mark("schema", (Problem(Kind.INVALID, "x", keyword="type"),)), "schema/type"),
        (Mark("transport", (Problem(Kind.TOO_LARGE, "x"), Problem(Kind.INVALID, "y"))), "transport/too-large"),
        (Mark(BROKEN, (Problem(Kind.BROKEN, "x", claim="a-claim"),)), None),
    ],
)
def test_a_decision_tells_what_refused(mark: Mark, refused_by: str | None) -> None:
    assert Decision(Outcome(Reply(200)), (Mark("route"), mark)).refused_by == refused_by


@pytest.mark.parametrize(
    ("mark", "told", "is_accepted"),
    [
        (Mark("accept"), {}, True),
        (Mark("accept"), {"fault": "slow"}, True),
        (Mark("accept"), {"fault": "code=200", "is_made_up": True}, False),
        (Mark("rules", (Problem(Kind.INVALID, "x"),)), {}, False),
        (Mark(BROKEN, (Problem(Kind.BROKEN, "x"),)), {}, False),
    ],
)
def test_a_call_is_accepted_when_it_did_what_it_was_for(mark: Mark, told: dict[str, Any], *, is_accepted: bool) -> None:
    assert Decision(Outcome(Reply(200)), (Mark("route"), mark), **told).is_accepted is is_accepted


def test_a_rule_is_named_after_its_function() -> None:
    @rule("credits-suffice")
    def credits_must_suffice(facts: Facts) -> Problem | None:
        return Problem(Kind.NO_CREDITS, facts.account.name)

    assert (credits_must_suffice.name, credits_must_suffice.claim) == ("credits_must_suffice", "credits-suffice")
    assert credits_must_suffice.check(Facts(CALL)) == Problem(Kind.NO_CREDITS, "")


def test_a_function_notes_the_claims_it_keeps() -> None:
    @keeps("one", "two")
    def read() -> int:
        return 5

    assert read() == 5
    assert read.__dict__["claims"] == ("one", "two")


@pytest.mark.parametrize(
    "module", [model.values, model.records, model.behaviour, model.decisions], ids=lambda module: module.__name__
)
def test_every_word_is_had_from_the_package(module: ModuleType) -> None:
    own = {name for name, item in vars(module).items() if getattr(item, "__module__", "") == module.__name__}
    assert own - {"Function"} <= set(model.__all__)


def test_an_operation_needs_no_records_unless_it_says_so() -> None:
    assert (Operation().refs, Operation().further) == (no_refs, no_further)
    assert [*no_refs(CALL), *no_further(Facts(CALL))] == []


def test_an_operation_advises_nothing_unless_it_says_so() -> None:
    assert list(Operation().advise(Facts(CALL))) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_problem_has_a_plain_answer(kind: Kind) -> None:
    reply = plain_refusal((Problem(kind, "why"), Problem(Kind.BROKEN, "else")), CALL)
    assert reply == Reply(STATUSES[kind], {"error": "why"})
    assert 400 <= reply.status <= 501
