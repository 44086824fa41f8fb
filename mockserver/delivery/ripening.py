"""Which of the webhooks that are still to be sent may go out now, and in which order."""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from mockserver.engine.timeline import has_come
from mockserver.model import Instant
from mockserver.state.deliveries import DUE, Due, read_due, record_of
from mockserver.state.records import read_record
from mockserver.state.scenarios import misbehaviour, scenario_key
from mockserver.state.store import Held, Key, Store

# So many are read at a time, and so many looked at before others have their turn: it takes as long as a small call.
PAGE, SLICE = 1_000, 25
# Sums of seconds with fractions fall a hair short of what they should be.
HAIR = 1e-6
Rows: TypeAlias = list[tuple[Key, Due]]
# Vendor and account.
Owner: TypeAlias = tuple[str, ...]


class Chain(Struct):
    """What one record has for one server: a link goes out when the one before it was tried, in the order of moments.

    `ripe` may go out now, `later` not yet; `is_taken` says that somebody is sending one of them.
    """

    target: str
    ripe: list[tuple[Key, Due]] = []
    later: list[tuple[Key, Due]] = []
    is_taken: bool = False


async def look(
    store: Store, now: Instant, machine: datetime, sending: Mapping[Key, Key] = {}, alive: set[Key] | None = None
) -> Mapping[Key, Chain]:
    """Return all chains that have something ripe, oldest first; `machine` is this machine's time.

    What is `sending` is passed over, with the whole chain that it names: of a thousand that wait for their turn, none
    need be read again. Those of it that are still due are noted as `alive`.
    """
    chains: dict[Key, Chain] = {}
    passed = set[Key]() if alive is None else alive
    taken, owners = set[Key](), set[Owner]()
    async for page in pages(store, sending, passed, taken):
        come = await records_come(store, page, now)
        for key, due in page:
            owners.add((key[1], key[2]))
            chain = chains.setdefault((*record_of(key, due), due.target), Chain(due.target))
            chain.is_taken = chain.is_taken or is_taken(due, machine)
            ripe = is_rested(due, now) if due.since else key in come
            # By moment, for a row that is written again keeps its old place; one that is sent anew waits for none.
            insort(chain.ripe if ripe else chain.later, (key, due), key=stage_of)
    found = {name: chain for name, chain in chains.items() if chain.ripe and name not in taken}
    return await shuffle(store, found, owners) if found else found


def stage_of(row: tuple[Key, Due]) -> int:
    return row[1].stage


async def pages(store: Store, sending: Mapping[Key, Key], passed: set[Key], taken: set[Key]) -> AsyncIterator[Rows]:
    """Yield what is due but not `sending`, a few at a time: there may be many, and callers are waiting.

    What is passed over is noted as `passed`, its chains as `taken`.
    """
    place = 0
    while page := await store.scan_up((DUE,), limit=PAGE, after=place):
        place = page[-1][1].order
        found = [key for key, _ in page if key in sending]
        passed.update(found)
        taken.update(sending[key] for key in found)
        rows = [row for row in page if row[0] not in sending] if taken else page
        for start in range(0, len(rows), SLICE):
            yield [(key, read_due(held)) for key, held in rows[start : start + SLICE]]
            await asyncio.sleep(0)
        await asyncio.sleep(0)


async def records_come(store: Store, page: Rows, now: Instant) -> Collection[Key]:
    """Return those whose record has come to their moment, or never will."""
    waiting = [(key, due) for key, due in page if due.since is None]
    held = await store.read([record_of(key, due) for key, due in waiting])
    return {key for (key, due), row in zip(waiting, held, strict=True) if is_settled(row, due, now)}


def is_settled(row: Held | None, due: Due, now: Instant) -> bool:
    record = read_record(row) if row else None
    return record is None or record.failed or has_come(record, due.stage, now)


def is_lost(row: Held | None) -> bool:
    """Say whether a record never comes to a moment that it has not come to: it is gone, or has failed before."""
    return row is None or read_record(row).failed


def is_taken(due: Due, machine: datetime) -> bool:
    return due.leased is not None and due.leased > machine


def is_rested(due: Due, now: Instant) -> bool:
    """Say whether the pause is over; a clock that was turned back behind the last attempt makes nobody wait longer."""
    return seconds_left(due, now) <= HAIR


def seconds_left(due: Due, now: Instant) -> float:
    """Return how long the pause still is at this pace; 0 for what waits for its record."""
    if due.since is None:
        return 0.0
    waited = (now.at - due.since).total_seconds()
    return max(0.0, due.pause * factor(now) - waited) if waited >= 0 else 0.0


def factor(now: Instant) -> float:
    """Return what multiplies pauses: where work is held or goes by readings, the sender's time still passes."""
    return 1.0 if now.pace.factor is None else now.pace.factor


async def shuffle(store: Store, chains: Mapping[Key, Chain], owners: Iterable[Owner]) -> Mapping[Key, Chain]:
    """Return chains, out of order where a tester wants that: all links wait for the last, and go out last first.

    There what an account has for one server is one chain, or several records at once would come in any order, also in
    theirs.
    """
    disordered = await disordered_of(store, owners)
    if not disordered:
        return chains
    found: dict[Key, Chain] = {}
    for name, chain in chains.items():
        if name[1:3] not in disordered:
            found[name] = chain
        elif all(due.since for _, due in chain.later):
            whole = found.setdefault((*name[:3], chain.target), Chain(chain.target))
            whole.ripe += chain.ripe
            whole.is_taken = whole.is_taken or chain.is_taken
    for name, chain in found.items():
        if name[1:3] in disordered:
            chain.ripe.reverse()
    return found


async def disordered_of(store: Store, owners: Iterable[Owner]) -> Collection[Owner]:
    """Return the accounts whose webhooks a tester wants out of order."""
    listed, found = [*owners], set[Owner]()
    (everywhere,) = await store.read([scenario_key()])
    for start in range(0, len(listed), PAGE):
        page = listed[start : start + PAGE]
        held = await store.read([scenario_key(*owner) for owner in page])
        found.update(owner for owner, own in zip(page, held, strict=True) if misbehaviour(own, everywhere).shuffle)
        await asyncio.sleep(0)
    return found


def longest_rest(dues: Iterable[Due], now: Instant) -> float:
    """Return how many seconds the longest pause still is."""
    return max((seconds_left(due, now) for due in dues), default=0.0)


def untried(left: Mapping[Key, Due], chains: Mapping[Key, Chain]) -> dict[Key, Due]:
    """Return what is still as due as it was: it has not been tried since, nor has anything else become of it."""
    now = {key: due for chain in chains.values() for key, due in chain.ripe}
    return {key: due for key, due in left.items() if key in now and progress(now[key]) == progress(due)}


def progress(due: Due) -> tuple[int, datetime | None]:
    return due.tried, due.since
