"""`X-Mock-Fault: reset`, `X-Mock-Delay: 1.5`: a client plants a fault for this one call, and nobody else meets it."""

import re

from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import PROBLEMS, WIRES, Advice, Call, Decision, Fault, Match
from mockserver.model.faults import LONGEST_DELAY, TOO_MANY

FAULT, DELAY = "x-mock-fault", "x-mock-delay"
# What no planted fault is matched by, so that none of them passes for one that was asked for.
ASKED = Match(header=FAULT)
NAMED = re.compile(r"([a-z-]{1,40})(?:\s*;\s*retry-after=(\d{1,5}))?", re.ASCII)
SECONDS = re.compile(r"\d{1,2}(\.\d{1,6})?", re.ASCII)


class Requested(Struct, frozen=True):
    """What a call's own headers ask for; `advice` says what of it was ignored."""

    fault: Fault | None = None
    delay: float = 0.0
    advice: tuple[Advice, ...] = ()


NOTHING = Requested()


def requested(call: Call) -> Requested:
    named, waiting = call.headers.get(FAULT), call.headers.get(DELAY)
    if named is None and waiting is None:
        return NOTHING
    fault, delay = read_fault(named or ""), read_delay(waiting or "")
    advice = []
    if named is not None and fault is None:
        known = ", ".join((*WIRES, *PROBLEMS))
        advice.append(
            Advice(f"X-Mock-Fault is ignored: it is one of {known}, and too-many takes ; retry-after=SECONDS")
        )
    if waiting is not None and delay is None:
        advice.append(Advice(f"X-Mock-Delay is ignored: it is a number of seconds from 0 to {LONGEST_DELAY:.0f}"))
    return Requested(fault, delay or 0.0, tuple(advice))


def read_fault(text: str) -> Fault | None:
    found = NAMED.fullmatch(text.strip())
    if found is None:
        return None
    name, seconds = found.groups()
    if name in WIRES and seconds is None:
        return Fault(name, ASKED, wire=name)
    if name in PROBLEMS and (seconds is None or name == TOO_MANY):
        return Fault(name, ASKED, problem=name, retry_after=int(seconds) if seconds else None)
    return None


def read_delay(text: str) -> float | None:
    seconds = float(text) if SECONDS.fullmatch(text.strip()) else None
    return seconds if seconds is not None and seconds <= LONGEST_DELAY else None


def grant(asked: Requested, decision: Decision) -> Decision:
    """Return the decision with the delay that was asked for, and with what came of nothing."""
    if asked is NOTHING:
        return decision
    outcome, advice = decision.outcome, asked.advice
    if asked.fault and asked.fault not in decision.spoke:
        advice = (*advice, unheard(asked.fault))
    if advice:
        outcome = replace(outcome, advice=(*outcome.advice, *advice))
    return replace(decision, outcome=outcome, delay=min(LONGEST_DELAY, decision.delay + asked.delay))


def unheard(fault: Fault) -> Advice:
    return Advice(f"X-Mock-Fault: {fault.name} had no effect: the call did not come to where it would have spoken")
