"""The faults and limits that a call meets: found with its caller, counted in the commit of whatever comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mockserver.callers import Caller
from mockserver.engine.faults import OPEN, Doors, doors_of, meets
from mockserver.engine.requested import Requested
from mockserver.model import Call, Decision, Fault, Instant, Match, Rate
from mockserver.state.faults import Row, spend
from mockserver.state.rates import rate_key, read_window, wait_of, write_window
from mockserver.state.store import Key, Store, Write

Ident: TypeAlias = tuple[str, Match]


class Met(Struct, frozen=True):
    """What stands in a call's doors; `counted` are the windows in which it counts, `versions` what they rest on.

    `before` is how many calls its vendor has counted of its credential.
    """

    doors: Doors = OPEN
    rows: tuple[Row, ...] = ()
    counted: tuple[Write, ...] = ()
    versions: Mapping[Key, int] = {}
    before: int = 0


UNHINDERED = Met()


async def meet(store: Store, call: Call, caller: Caller, now: Instant, asked: Requested) -> Met:
    """Return the faults in the way of a call: its own, then its account's, then its vendor's, then everybody's."""
    planted = [fault for row in caller.planted for fault in row.faults if meets(fault, call)]
    rated = [(fault, fault.rate) for fault in planted if fault.rate is not None]
    limits = await measure(store, caller, call, rated, now) if rated else Limits(set(), {}, [], {})
    standing = [limits.over.get(fault.ident, fault) for fault in planted if fault.ident not in limits.under]
    own = (asked.fault,) if asked.fault else ()
    return Met(doors_of((*own, *standing)), caller.planted, tuple(limits.counted), limits.versions)


def contended(call: Call, caller: Caller) -> Iterator[Key]:
    """Yield the rows of faults, the narrowest first, that a call may change and calls by other credentials too."""
    for row in caller.planted:
        if any(is_counted(fault, caller) and meets(fault, call) for fault in row.faults):
            yield row.key


def is_counted(fault: Fault, caller: Caller) -> bool:
    """Say whether a fault counts calls whoever makes them; of its windows only strangers share one."""
    return fault.times is not None or (fault.rate is not None and caller.account is None)


async def allow(store: Store, key: Key, rate: Rate, now: Instant, met: Met = UNHINDERED) -> Met:
    """Return what a call meets with what its vendor has counted at a key; one too many is not counted itself."""
    (held,) = await store.read([key])
    window = read_window(held, rate, now.at)
    if window.calls >= rate.calls:
        return replace(met, before=window.calls)
    counted, versions = (*met.counted, write_window(key, window)), {**met.versions, key: held.version if held else 0}
    return replace(met, counted=counted, versions=versions, before=window.calls)


class Limits(Struct):
    """Which limits let a call through, and which do not: those say how long it has to wait."""

    under: set[Ident]
    over: dict[Ident, Fault]
    counted: list[Write]
    versions: dict[Key, int]


async def measure(
    store: Store, caller: Caller, call: Call, rated: Sequence[tuple[Fault, Rate]], now: Instant
) -> Limits:
    keys = [rate_key(fault, call, is_known=caller.account is not None) for fault, _ in rated]
    limits = Limits(set(), {}, [], {})
    for (fault, rate), key, held in zip(rated, keys, await store.read(keys), strict=True):
        window = read_window(held, rate, now.at)
        if window.calls < rate.calls:
            limits.under.add(fault.ident)
            limits.counted.append(write_window(key, window))
            limits.versions[key] = held.version if held else 0
        else:
            wait = wait_of(window, rate, now.at) if fault.retry_after is None else fault.retry_after
            limits.over[fault.ident] = replace(fault, retry_after=wait)
    return limits


def settle(met: Met, decision: Decision) -> tuple[list[Write], dict[Key, int]]:
    """Return the writes that count a call and the faults that spoke to it, and the versions that they rest on.

    A call whose answer was made up counts in no window.
    """
    spoke = {fault.ident for fault in decision.spoke}
    writes, versions = ([], {}) if decision.is_made_up else ([*met.counted], dict(met.versions))
    for row in met.rows:
        if write := spend(row, spoke):
            writes.append(write)
            versions[row.key] = row.version
    return writes, versions
