"""A strict server refuses what the vendor passes over, and does not have what is ours alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.decide import decide
from mockserver.engine.strictness import ADVISED, heed, path_of, problem_of
from mockserver.model import (
    Advice,
    Basis,
    Call,
    Decision,
    Facts,
    Kind,
    Mark,
    Operation,
    Outcome,
    Problem,
    Reply,
    Rule,
    Vendor,
)
from mockserver.model import Path as Place
from tests.acme import accept, acme_document, acme_facts, ledger_of

WHO = {"who": "Ada"}
ODD = Advice("whom is not a field: did you mean who?", "$.whom", "unknown-fields-are-ignored")


@pytest.mark.parametrize(
    ("at", "path"),
    [
        ("$", ()),
        ("$.who", ("who",)),
        ("$.crmObjects[0].objectId", ("crmObjects", 0, "objectId")),
        ("$[3][1]", (3, 1)),
        ("$.a[10].b[0]", ("a", 10, "b", 0)),
        ("$.with blank.ü", ("with blank", "ü")),
        ("", ()),
    ],
)
def test_a_place_is_read_as_steps(at: str, path: Place) -> None:
    assert path_of(at) == path
    assert Problem(Kind.INVALID, "x", path).at == (at or "$")


def test_advice_becomes_a_problem_of_the_schema() -> None:
    says, claim = "whom is not a field: did you mean who?", "unknown-fields-are-ignored"
    assert problem_of(ODD) == Problem(Kind.INVALID, says, ("whom",), ADVISED, claim=claim)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        (["route", "auth", "transport", "schema", "rules"], ["route", "auth", "transport"]),
        (["route", "transport", "auth", "schema", "rules"], ["route", "transport", "auth"]),
        (["route"], ["route"]),
    ],
)
def test_what_is_advised_is_refused_by_the_schema_step(steps: Sequence[str], left: Sequence[str]) -> None:
    *before, last = heed(map(Mark, steps), [ODD, Advice("more")])
    assert [mark.step for mark in before] == left
    assert (last.step, [problem.says for problem in last.problems]) == ("schema", [ODD.says, "more"])


def decided(
    folder: Path, operation: Operation, body: Any = WHO, *, is_strict: bool = True, refuse: Any = None, **call: Any
) -> Decision:
    vendor = Vendor("acme", operations={"addCall": operation}, **({"refuse": refuse} if refuse else {}))
    document = acme_document(folder)
    facts = acme_facts(body, **call)
    return decide(vendor, document.endpoints[0], facts, ledger_of(document), is_strict=is_strict)


def advised(_facts: Facts) -> Iterable[Advice]:
    yield ODD


def accept_with_advice(facts: Facts) -> Outcome:
    outcome = accept(facts)
    return Outcome(outcome.reply, outcome.records, advice=(ODD,))


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        (Operation(accept=accept, advise=advised), {}),
        (Operation(accept=accept_with_advice), {}),
        (Operation(accept=accept), {"advice": (ODD,)}),
        (Operation(advise=advised), {}),
    ],
    ids=["advised", "outcome", "reading", "example"],
)
def test_whatever_advice_an_accepted_call_carries_refuses_it(
    tmp_path: Path, operation: Operation, call: dict[str, Any]
) -> None:
    lenient = decided(tmp_path, operation, is_strict=False, **call)
    assert (lenient.refused_by, lenient.outcome.reply.status) == (None, 201)
    strict = decided(tmp_path, operation, **call)
    assert strict.refused_by == "schema/unknown-fields-are-ignored"
    assert strict.outcome == Outcome(Reply(400, {"error": ODD.says}))
    assert [problem.at for problem in strict.trail[-1].problems] == ["$.whom"]
    assert [mark.step for mark in strict.trail] == ["route", "auth", "transport", "schema"]


def test_a_call_without_advice_is_accepted_as_ever(tmp_path: Path) -> None:
    for is_strict in (True, False):
        decision = decided(tmp_path, Operation(accept=accept), is_strict=is_strict)
        assert (decision.refused_by, len(decision.outcome.records)) == (None, 1)


def test_a_call_that_is_refused_is_refused_for_that_and_advised(tmp_path: Path) -> None:
    never = Rule("never", "never", lambda _: Problem(Kind.INVALID, "never"))
    decision = decided(tmp_path, Operation((never,), advise=advised))
    assert (decision.refused_by, decision.outcome.advice) == ("rules/never", (ODD,))


def test_the_vendor_words_what_is_advised(tmp_path: Path) -> None:
    def refuse(problems: Sequence[Problem], _call: Call) -> Reply:
        return Reply(422, [[problem.keyword, list(problem.path)] for problem in problems])

    decision = decided(tmp_path, Operation(accept=accept, advise=advised), refuse=refuse)
    assert decision.outcome.reply == Reply(422, [["advised", ["whom"]]])


OURS = Operation(accept=accept, assumed="call-taken")


def test_what_is_ours_alone_is_marked_so(tmp_path: Path) -> None:
    decision = decided(tmp_path, OURS, is_strict=False)
    assert (decision.refused_by, decision.basis) == (None, Basis.ASSUMED)
    assert decided(tmp_path, Operation(accept=accept), is_strict=False).basis is Basis.INFERRED


@pytest.mark.parametrize(
    ("body", "call"),
    [
        (WHO, {}),
        ({}, {}),
        (WHO, {"account": ""}),
        (WHO, {"headers": {"prefer": "code=201"}}),
        (None, {"unreadable": (Problem(Kind.MALFORMED, "no JSON"),)}),
    ],
    ids=["whole", "broken", "nobody", "preferring", "unreadable"],
)
def test_a_strict_server_does_not_have_what_is_ours_alone(tmp_path: Path, body: Any, call: dict[str, Any]) -> None:
    decision = decided(tmp_path, OURS, body, **call)
    assert (decision.outcome.reply.status, decision.refused_by) == (501, "route/call-taken")
    assert decision.outcome.records == ()
