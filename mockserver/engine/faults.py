"""What planted faults do to a decision: they stand in for a step's verdict, change what it leads to, or cut it off."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from msgspec.structs import replace

from mockserver.engine.endpoint import Endpoint
from mockserver.engine.timeline import failing, slowed
from mockserver.model import PROBLEMS, Call, Decision, Fault, Kind, Mark, Outcome, Problem, Record, Reply
from mockserver.model.faults import ACCEPT, BEFORE, LONGEST_DELAY

# Where a fault enters: at a step, or at one of these.
CUT, RECORDS, ANSWER, DELAY = "cut", "records", "answer", "delay"
# Those that a call passes which meets no operation, so that no step judges it and nothing comes of it.
OUTSIDE = (CUT, ANSWER, DELAY)
Doors: TypeAlias = Mapping[str, Fault]
OPEN: Doors = {}
MILLION = 1_000_000
SAYS: Mapping[Kind, str] = {
    Kind.UNAUTHENTICATED: "this credential is not known",
    Kind.TOO_LARGE: "the body is too large",
    Kind.NO_CREDITS: "the account has too few credits for this",
    Kind.NOT_FOUND: "this does not exist",
    Kind.TOO_MANY: "too many requests",
    Kind.BROKEN: "the server could not answer",
}


def door_of(fault: Fault) -> str:
    if fault.problem is not None:
        return fault.step or PROBLEMS[fault.problem][1]
    if fault.fail or fault.pace is not None:
        return RECORDS
    if fault.step == ACCEPT:
        return ACCEPT
    if fault.wire is None:
        return DELAY
    return CUT if fault.wire in BEFORE else ANSWER


def doors_of(faults: Iterable[Fault]) -> Doors:
    """Return which fault stands in which door: the first, the others wait for it to go."""
    doors: dict[str, Fault] = {}
    for fault in faults:
        doors.setdefault(door_of(fault), fault)
    return doors


def meets(fault: Fault, call: Call) -> bool:
    """Say whether a fault stands in the way of a call of its vendor and account."""
    match = fault.match
    if match.operation is not None and match.operation != call.operation:
        return False
    if not call.operation and door_of(fault) not in OUTSIDE:
        return False
    if match.header is not None and not has_header(call, match.header):
        return False
    return fault.chance >= 1 or drawn(fault, call) < fault.chance * MILLION


def has_header(call: Call, wanted: str) -> bool:
    name, colon, value = wanted.partition(":")
    got = call.headers.get(name.strip().lower())
    return got is not None and (not colon or got.strip() == value.strip())


def drawn(fault: Fault, call: Call) -> int:
    """Return what chance says, the same whenever it is asked, and for every fault something else."""
    return UUID(call.derive(f"fault {fault.name}")).int % MILLION


def stand_in(fault: Fault, step: str, endpoint: Endpoint) -> Mark:
    """Return what a step says in the place of its own verdict."""
    kind = PROBLEMS[fault.problem or ""][0]
    return Mark(step, (Problem(kind, SAYS[kind], wants=fault.retry_after, claim=claim_of(kind, endpoint)),))


def claim_of(kind: Kind, endpoint: Endpoint) -> str | None:
    """Return which claim the real one would keep, where the document names it."""
    if kind is Kind.UNAUTHENTICATED:
        return next((scheme.claim for scheme in endpoint.schemes), None) or endpoint.claims.get("credential")
    return endpoint.claims.get(kind.value.replace(" ", "-"))


def cut_off(fault: Fault) -> Decision:
    """Decide nothing: the connection goes before anybody has looked at the call."""
    return speak(Decision(Outcome(Reply(0, media_type=None)), (Mark("route"),), spoke=(fault,)), OPEN)


def speak(decision: Decision, doors: Doors) -> Decision:
    """Let those speak that wait for the answer, and note what all who spoke want of the face."""
    spoke, outcome = [*decision.spoke], decision.outcome
    if decision.is_accepted:
        if RECORDS in doors and (records := altered(outcome.records, doors[RECORDS])) != outcome.records:
            outcome = replace(outcome, records=records)
            spoke.append(doors[RECORDS])
        spoke += (doors[ACCEPT],) if ACCEPT in doors else ()
    if ANSWER in doors and not any(fault.wire for fault in spoke):
        spoke.append(doors[ANSWER])
    spoke += (doors[DELAY],) if DELAY in doors else ()
    names = [*([decision.fault] if decision.fault else ()), *(fault.name for fault in spoke)]
    return replace(
        decision,
        outcome=outcome,
        spoke=tuple(spoke),
        fault=", ".join(names) or None,
        wire=next((fault.wire for fault in spoke if fault.wire), None),
        delay=min(LONGEST_DELAY, sum(fault.delay for fault in spoke)),
    )


def altered(records: tuple[Record, ...], fault: Fault) -> tuple[Record, ...]:
    """Return records of which those that begin now go on as the fault says."""
    return tuple(alter(record, fault) if record.timeline and record.began is None else record for record in records)


def alter(record: Record, fault: Fault) -> Record:
    slow = record if fault.pace is None else slowed(record, fault.pace)
    return failing(slow) if fault.fail else slow
