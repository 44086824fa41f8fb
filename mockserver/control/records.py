"""A tester's view of what vendors remember, and a hand on what becomes of it."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from mockserver.control.pages import Page, Unknown, page_of, rows
from mockserver.creation import ConflictError
from mockserver.engine.timeline import standing
from mockserver.model import Record, Standing
from mockserver.state.records import SHELF, read_record, read_record_text, write_record
from mockserver.state.store import Key
from mockserver.world import World

SHOWN = ("vendor", "account", "kind", "id", "created", "call", "failed", "failure")
MOST_TOLD = 5


class RecordControl:
    """Records, newest first. One is named by its id, and where several have it, by `account` (`vendor/name`) and kind.

    Raises Unknown where there is none by that name, ConflictError where there are several.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def page(
        self, *, vendor: str | None, account: str | None, kind: str | None, limit: int, cursor: str | None
    ) -> Page:
        wanted = (vendor, account, kind)
        prefix = (SHELF, *prefix_of(wanted))
        page = await page_of(self._world.store, prefix, lambda key, _: fits(key[1:4], wanted), limit, cursor)
        now = await self._world.now()
        return replace(page, items=[show(standing(read_record_text(bytes(text)), now)) for text in page.items])

    async def read(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Raw:
        key = await self._find(ident, account, kind)
        return await self._turn(key, lambda standing: standing.record)

    async def advance(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Raw:
        """Bring its next moment about, and return it so. Raises ConflictError where nothing further happens to it."""
        return await self._turn(await self._find(ident, account, kind), advanced)

    async def fail(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Raw:
        """Let it fail, and return it so. Raises ConflictError where it cannot fail, or where it is done."""
        return await self._turn(await self._find(ident, account, kind), failed)

    async def _find(self, ident: str, account: str | None, kind: str | None) -> Key:
        vendor, _, name = (account or "").partition("/")
        wanted = (vendor or None, name or None, kind, ident)
        near = rows(self._world.store, (SHELF, *prefix_of(wanted)))
        keys = [key async for key, _, _ in near if fits(key[1:], wanted)]
        if not keys:
            raise Unknown(f"there is no record {ident!r}{f' of {account}' if account else ''}")
        if len(keys) > 1:
            told = ", ".join(f"{key[1]}/{key[2]} {key[3]}" for key in keys[:MOST_TOLD])
            raise ConflictError(f"{len(keys)} records are called {ident!r}: say which by account and kind: {told}")
        return keys[0]

    async def _turn(self, key: Key, turn: Callable[[Standing], Record]) -> Raw:
        """Return a record as it stands once it was turned, whatever else becomes of it meanwhile."""
        store = self._world.store
        while True:
            (held,) = await store.read([key])
            if held is None:
                raise Unknown(f"there is no record {key[-1]!r} any more")
            record, now = read_record(held), await self._world.now()
            turned = turn(standing(record, now))
            if turned is record or await store.commit([write_record(turned)], {key: held.version}):
                return show(standing(turned, now))


def advanced(standing: Standing) -> Record:
    if standing.is_done:
        raise ConflictError(f"the record {standing.id!r} is done: nothing further happens to it")
    return replace(standing.record, pushed=standing.stage + 1)


def failed(standing: Standing) -> Record:
    if not standing.record.failure:
        raise ConflictError(f"the record {standing.id!r} cannot fail: its vendor tells no failure of it")
    if standing.is_done:
        raise ConflictError(f"the record {standing.id!r} is done: it cannot fail any more")
    return replace(standing.record, pushed=standing.stage, failed=True)


def show(standing: Standing) -> Raw:
    """Return a record as it stands, with what becomes of it."""
    record = standing.record
    shown: Mapping[str, Any] = {name: getattr(record, name) for name in SHOWN}
    moving = {"body": standing.body, "stage": standing.stage, "timeline": record.timeline}
    return Raw(msgspec.json.encode({**shown, **moving}))


def prefix_of(wanted: tuple[str | None, ...]) -> tuple[str, ...]:
    """Return what leads a key up to the first thing that nobody asked for."""
    asked = wanted[: wanted.index(None)] if None in wanted else wanted
    return tuple(str(item) for item in asked)


def fits(key: tuple[str, ...], wanted: tuple[str | None, ...]) -> bool:
    return all(asked is None or asked == step for step, asked in zip(key, wanted, strict=True))
