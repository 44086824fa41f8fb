"""All state as one JSON document, and a world put into the state that one tells of: all of it, or nothing."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import Raw, Struct

from mockserver import __version__
from mockserver.control.checking import check_rows
from mockserver.creation import ConflictError, SetupError
from mockserver.kit.times import to_iso
from mockserver.state.clock import CLOCK, read_chance, write_dial
from mockserver.state.shelves import SHELVES, Row, loadable, stored
from mockserver.state.store import MIB, Dump, Key
from mockserver.world import World

FORMAT = 1
MOST_BYTES = 64 * MIB
LONGEST = 500


class Head(Struct, frozen=True):
    """What tells whether the rest can be read at all."""

    format: Any = None


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    """`server` is the version that took it, `at` when by the mock's clock; `chance` is where its source stood.

    `evicted` counts what quotas had pushed out, by shelf.
    """

    format: int
    server: str
    at: str
    vendors: tuple[str, ...]
    chance: str
    evicted: Mapping[str, int]
    shelves: Mapping[str, tuple[Row, ...]]


async def take(world: World) -> Raw:
    """Return all state as JSON, credentials included: without them no account could be restored.

    Raises ConflictError where there is more than could be put back.
    """
    sizes = {name: fill.bytes for name, fill in (await world.store.filled()).items() if name in SHELVES}
    if sum(sizes.values()) > MOST_BYTES:
        raise too_large(sizes)
    dump = await world.store.dump()
    snapshot = Snapshot(
        format=FORMAT,
        server=__version__,
        at=to_iso((await world.now()).at),
        vendors=tuple(world.documents),
        chance=world.ids.chance,
        evicted={name: count for name, count in dump.evicted.items() if name in SHELVES},
        shelves=stored(with_clock(world, without_orphans(dump))),
    )
    text = msgspec.json.encode(snapshot)
    if len(text) > MOST_BYTES:
        raise too_large(sizes)
    return Raw(text)


def without_orphans(dump: Dump) -> Dump:
    """Return a dump without what accounts have left behind that are gone: no server would take it."""
    known = {f"{key[1]}/{key[2]}" for key, _ in dump.shelves.get("account", ())}
    shelves = {name: [row for row in rows if is_owned(row, known)] for name, rows in dump.shelves.items()}
    return Dump({name: rows for name, rows in shelves.items() if rows}, dump.evicted)


def is_owned(row: tuple[Key, bytes], known: Collection[str]) -> bool:
    shelf = SHELVES.get(row[0][0])
    owner = shelf.owner(*row) if shelf and not shelf.outlives else None
    return owner is None or owner in known


def with_clock(world: World, dump: Dump) -> Dump:
    """Return a dump that says how the clock stands: a server of another pace must not read records by its own."""
    dial = write_dial(world.clock.initial)
    return Dump({CLOCK[0]: [(dial.key, dial.value or b"")], **dump.shelves}, dump.evicted)


def too_large(sizes: Mapping[str, int]) -> ConflictError:
    fullest = max(sizes, key=lambda name: sizes[name])
    return ConflictError(
        f"a snapshot holds at most {MOST_BYTES} bytes, and there are {sum(sizes.values())}, {sizes[fullest]} of them on"
        f" the shelf {fullest}: reset {SHELVES[fullest].word} first"
    )


async def restore(world: World, text: bytes) -> dict[str, int]:
    """Put a world into the state of a snapshot and return how many rows each shelf has now.

    Raises SetupError that names what is wrong with it; nothing is changed then.
    """
    # Long enough for others to wait: it is read and judged beside the loop, and put in place at once.
    dump, chance = await asyncio.to_thread(read, world, text)
    await world.store.load(dump, [*SHELVES])
    world.ids.go_to(chance)
    world.journal.stir()
    filled = await world.store.filled()
    return {name: filled[name].count for name in SHELVES if name in filled and filled[name].count}


def read(world: World, text: bytes) -> tuple[Dump, str]:
    snapshot = decode(text)
    check_names(snapshot)
    return loadable(check_rows(world, snapshot.shelves), snapshot.evicted), snapshot.chance


def decode(text: bytes) -> Snapshot:
    try:
        found = msgspec.json.decode(text, type=Head).format
        snapshot = msgspec.json.decode(text, type=Snapshot) if found == FORMAT else None
        if snapshot:
            read_chance(snapshot.chance)
            return snapshot
    except (ValueError, RecursionError) as error:
        raise SetupError(f"this is no snapshot: {error}"[:LONGEST]) from None
    raise SetupError(
        f"this is no snapshot of format {FORMAT}, which is the one read here: its format is {shown(found)}"
    )


def shown(value: Any) -> str:
    return repr(value)[:100]


def check_names(snapshot: Snapshot) -> None:
    for name in (*snapshot.shelves, *snapshot.evicted):
        if name not in SHELVES:
            raise SetupError(f"the snapshot has a shelf {name[:100]!r}, and this server knows {', '.join(SHELVES)}")
    if negative := [name for name, count in snapshot.evicted.items() if count < 0]:
        raise SetupError(f"the snapshot has pushed out fewer than no rows of {negative[0]}")
