"""Advice that an operation gives whether or not it accepts the call."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.decide import decide
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Advice, Decision, Facts, Kind, Operation, Outcome, Problem, Reply, Rule, Vendor
from tests.acme import acme_document, acme_facts

WHO = {"who": "Ada"}
NEVER = Rule("never", "never", lambda _: Problem(Kind.INVALID, "never"))


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    return acme_document(tmp_path).endpoints[0]


def decided(endpoint: Endpoint, body: Any, vendor: Vendor, **call: Any) -> Decision:
    return decide(vendor, endpoint, acme_facts(body, **call), {})


def advised(facts: Facts) -> Iterator[Advice]:
    yield Advice(f"{facts.call.body} is odd")


ODD = (Advice("{'who': 'Ada'} is odd"),)


@pytest.mark.parametrize(
    ("listed", "body", "call", "advice"),
    [
        ((), WHO, {}, (Advice("own"), *ODD)),
        ((NEVER,), WHO, {}, ODD),
        ((), {}, {}, (Advice("{} is odd"),)),
        ((), ["no object"], {}, (Advice("['no object'] is odd"),)),
        ((), WHO, {"unreadable": (Problem(Kind.MALFORMED, "no JSON"),)}, ()),
        ((), WHO, {"account": ""}, ()),
    ],
    ids=["accepted", "rules", "schema", "schema of another body", "transport", "auth"],
)
def test_advice_is_told_whether_or_not_the_call_is_accepted(
    endpoint: Endpoint, listed: Sequence[Rule], body: Any, call: dict[str, Any], advice: tuple[Advice, ...]
) -> None:
    own = Outcome(Reply(201), advice=(Advice("own"),))
    operation = Operation(rules=tuple(listed), accept=lambda _: own, advise=advised)
    decision = decided(endpoint, body, Vendor("acme", operations={"addCall": operation}), **call)
    assert decision.outcome.advice == advice


def test_an_operation_that_answers_its_example_advises_too(endpoint: Endpoint) -> None:
    vendor = Vendor("acme", operations={"addCall": Operation(advise=advised)})
    assert decided(endpoint, WHO, vendor).outcome.advice == ODD


def test_an_early_rule_that_refuses_is_advised_on(endpoint: Endpoint) -> None:
    vendor = Vendor("acme", operations={"addCall": Operation(early=(NEVER,), advise=advised)})
    assert decided(endpoint, WHO, vendor).outcome.advice == ODD
