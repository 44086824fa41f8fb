"""What a call's own headers ask for: one fault, one delay; what makes no sense is told, and nothing comes of it."""

import pytest

from mockserver.engine.faults import door_of
from mockserver.engine.requested import NOTHING, grant, requested
from mockserver.model import PROBLEMS, WIRES, Advice, Decision, Mark, Outcome, Reply
from tests.acme import acme_facts

PLAIN = Decision(Outcome(Reply(200), advice=(Advice("before"),)), (Mark("accept"),), delay=2.0)


@pytest.mark.parametrize("name", [*PROBLEMS, *WIRES])
def test_every_problem_and_every_wire_can_be_asked_for(name: str) -> None:
    asked = requested(acme_facts(headers={"x-mock-fault": f" {name} "}).call)
    assert asked.fault is not None
    assert (asked.fault.name, asked.delay, asked.advice) == (name, 0, ())
    assert (asked.fault.problem or asked.fault.wire) == name
    assert door_of(asked.fault)


@pytest.mark.parametrize(
    ("header", "seconds"), [("too-many; retry-after=3", 3), ("too-many;retry-after=0", 0), ("too-many", None)]
)
def test_too_many_may_tell_how_long_to_wait(header: str, seconds: int | None) -> None:
    asked = requested(acme_facts(headers={"x-mock-fault": header}).call)
    assert asked.fault is not None
    assert asked.fault.retry_after == seconds


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "RESET",
        "reset, empty",
        "broken; retry-after=3",
        "reset; retry-after=3",
        "too-many; retry-after=soon",
        "too-many; retry-after=-1",
        "too-many; retry-after=3; more",
        "too-many; times=3",
        "too-many retry-after=3",
        "x" * 10_000,
        "ünmöglich",
    ],
)
def test_a_fault_that_there_is_not_is_told(header: str) -> None:
    asked = requested(acme_facts(headers={"x-mock-fault": header}).call)
    assert (asked.fault, asked.delay) == (None, 0)
    (advice,) = asked.advice
    assert advice.says.startswith("X-Mock-Fault is ignored: it is one of reset, empty, truncate, garbage, drip, hang, ")


@pytest.mark.parametrize(("header", "seconds"), [("0", 0), ("1.5", 1.5), (" 60 ", 60), ("0.001", 0.001)])
def test_a_delay_is_seconds(header: str, seconds: float) -> None:
    asked = requested(acme_facts(headers={"x-mock-delay": header}).call)
    assert (asked.fault, asked.delay, asked.advice) == (None, seconds, ())


@pytest.mark.parametrize(
    "header", ["", "60.1", "61", "-1", "1e1", "soon", "1,5", "nan", "inf", "1 2", "9" * 5_000, "\u0661"]
)
def test_a_delay_that_is_none_is_told(header: str) -> None:
    asked = requested(acme_facts(headers={"x-mock-delay": header}).call)
    assert (asked.fault, asked.delay) == (None, 0)
    assert [advice.says for advice in asked.advice] == [
        "X-Mock-Delay is ignored: it is a number of seconds from 0 to 60"
    ]


def test_a_call_that_asks_for_nothing_changes_nothing() -> None:
    assert requested(acme_facts(headers={"prefer": "code=402"}).call) is NOTHING
    assert grant(NOTHING, PLAIN) is PLAIN


def test_what_is_asked_for_adds_to_what_is_planted() -> None:
    asked = requested(acme_facts(headers={"x-mock-delay": "1.5", "x-mock-fault": "nonsense"}).call)
    granted = grant(asked, PLAIN)
    assert granted.delay == 3.5
    assert granted.outcome.advice == (Advice("before"), *asked.advice)
    assert grant(requested(acme_facts(headers={"x-mock-delay": "60"}).call), PLAIN).delay == 60
