"""One attempt in the store's terms: taken before it is sent, so that nobody else sends it, and noted afterwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.delivery.parcel import Parcel
from mockserver.delivery.ripening import is_lost, is_rested, is_taken
from mockserver.engine.timeline import has_come, since
from mockserver.kit.times import to_iso
from mockserver.model import Instant, Message, Retry
from mockserver.state.clock import CLOCK
from mockserver.state.deliveries import (
    CANCELLED,
    DELIVERED,
    GIVEN_UP,
    MOST_ATTEMPTS,
    PENDING,
    Attempt,
    Delivery,
    Due,
    dated,
    delivery_key,
    read_delivery,
    read_due,
    record_of,
    write_delivery,
    write_due,
)
from mockserver.state.records import read_record
from mockserver.state.scenarios import Webhooks
from mockserver.state.store import Held, Key, Store, Write
from mockserver.world import World

# Seconds beyond its time in which an attempt must have been noted, or it counts as never made.
MARGIN = 15
# Too old for any receiver that looks at the signed time; the usual tolerance is five minutes.
STALE = timedelta(minutes=10)
GONE = 410
# A receiver may ask for a pause, but not for ever.
LONGEST_PAUSE = 86_400.0


class Taken(Struct, frozen=True):
    """A webhook that is ours to send until `lease`, by this machine's clock; `at` is the mock's time.

    `mark` tells it from another that comes under the same key, for a reset or a snapshot leads ids back: the version
    that it was taken from, which no other row ever has.
    """

    key: Key
    delivery: Delivery
    at: datetime
    lease: datetime
    mark: int

    def is_in(self, kept: Held | None) -> bool:
        """Say whether this is still the row that it was taken from."""
        return kept is not None and self.mark in read_delivery(kept).taken


async def take(world: World, key: Key) -> Taken | None:
    """Return the webhook, ours for this attempt; None where there is nothing to be sent now."""
    (row,) = await world.store.read([key])
    if row is None:
        return None
    due = read_due(row)
    record, kept, dial = await world.store.read([record_of(key, due), delivery_key(key), CLOCK])
    if kept is None:
        await world.store.commit([Write(key, None)], {key: row.version})
        return None
    now, machine, delivery = world.clock.read(dial), world.clock.now(), read_delivery(kept)
    versions = {key: row.version, delivery.key: kept.version}
    if is_taken(due, machine):
        return None
    if due.since is None and is_lost(record):
        cancelled = replace(delivery, state=CANCELLED)
        await world.store.commit([write_delivery(cancelled), Write(key, None)], versions)
        return None
    message = ripe(delivery.message, due, record, now)
    if message is None:
        return None
    lease = machine + timedelta(seconds=retry_of(world, key).timeout + MARGIN)
    delivery = replace(delivery, message=message, taken=(*delivery.taken, kept.version)[-MOST_ATTEMPTS:])
    writes = [write_delivery(delivery), write_due(key, replace(due, leased=lease))]
    return Taken(key, delivery, now.at, lease, kept.version) if await world.store.commit(writes, versions) else None


async def is_others(world: World, key: Key) -> bool:
    """Say whether another process is sending it."""
    (row,) = await world.store.read([key])
    return row is not None and is_taken(read_due(row), world.clock.now())


async def lost(store: Store, begun: Sequence[Taken]) -> list[Taken]:
    """Return what was put back or cleared away since it was taken. What another has taken over is not lost."""
    rows = await store.read([taken.key for taken in begun])
    pairs = zip(begun, rows, strict=True)
    doubtful = [taken for taken, row in pairs if row is None or read_due(row).leased != taken.lease]
    kept = await store.read([taken.delivery.key for taken in doubtful]) if doubtful else []
    return [taken for taken, held in zip(doubtful, kept, strict=True) if not taken.is_in(held)]


async def give_back(store: Store, begun: Sequence[Taken]) -> None:
    """Let whoever comes next send at once what was begun here and is not waited for."""
    rows = await store.read([taken.key for taken in begun]) if begun else []
    for taken, row in zip(begun, rows, strict=True):
        if row is not None and (due := read_due(row)).leased == taken.lease:
            await store.commit([write_due(taken.key, replace(due, leased=None))], {taken.key: row.version})


def ripe(message: Message, due: Due, record: Held | None, now: Instant) -> Message | None:
    """Return what may go out now, telling when its moment came; None for what must wait."""
    if due.since is not None:
        return message if is_rested(due, now) else None
    found = read_record(record) if record else None
    if found is None or not has_come(found, due.stage, now):
        return None
    return dated(message, to_iso(since(found, due.stage, now)))


def retry_of(world: World, key: Key) -> Retry:
    return world.vendors[key[1]].retry


def wrap(world: World, taken: Taken, mishaps: Webhooks) -> Parcel:
    """Return what is sent: signed over its very bytes, and by this machine's time, for so the receiver's clock goes."""
    message, retry = taken.delivery.message, retry_of(world, taken.key)
    body = msgspec.json.encode(message.payload)
    at = world.clock.now() - (STALE if mishaps.stale else timedelta())
    signed = world.vendors[taken.key[1]].sign(message, at, body + b" " if mishaps.break_signature else body)
    return Parcel(message.id, message.url, {"Content-Type": "application/json", **signed}, body, retry.timeout)


async def note(world: World, taken: Taken, attempts: Sequence[Attempt], wish: float | None) -> str | None:
    """Keep what came of it and what is to be done next, and return the state that it has come to, where it is ours.

    `wish` is the pause that the receiver has asked for.
    """
    while True:
        row, kept = await world.store.read([taken.key, taken.delivery.key])
        if kept is None or not taken.is_in(kept):
            # Somebody has cleared it away meanwhile, or put it back.
            return None
        due, delivery = read_due(row) if row else None, tried(read_delivery(kept), attempts, taken.mark)
        versions = {taken.key: row.version if row else 0, delivery.key: kept.version}
        if due is not None and due.leased != taken.lease:
            # It took so long that another has taken it: what follows is the other's to say.
            if await world.store.commit([write_delivery(delivery)], versions):
                return None
            continue
        following = resting(due, attempts, retry_of(world, taken.key), (await world.now()).at, wish)
        state = PENDING if following else DELIVERED if is_delivered(attempts) else GIVEN_UP
        writes = [write_delivery(replace(delivery, state=state)), write_following(taken.key, following)]
        if await world.store.commit(writes, versions):
            return state


def tried(delivery: Delivery, attempts: Sequence[Attempt], mark: int) -> Delivery:
    listed = (*delivery.attempts, *attempts)[-MOST_ATTEMPTS:]
    left = tuple(each for each in delivery.taken if each != mark)
    return replace(delivery, attempts=listed, attempted=delivery.attempted + len(attempts), taken=left)


def is_delivered(attempts: Sequence[Attempt]) -> bool:
    return any(attempt.is_success for attempt in attempts)


def resting(due: Due | None, attempts: Sequence[Attempt], retry: Retry, at: datetime, wish: float | None) -> Due | None:
    """Return what is due once a pause is over; None when it has arrived, when its receiver is gone, or for good."""
    if due is None or is_delivered(attempts) or attempts[-1].status == GONE or due.tried >= len(retry.pauses):
        return None
    pause = max(retry.pauses[due.tried], min(wish or 0.0, LONGEST_PAUSE))
    return replace(due, tried=due.tried + 1, since=at, pause=pause, leased=None)


def write_following(key: Key, following: Due | None) -> Write:
    return write_due(key, following) if following else Write(key, None)
