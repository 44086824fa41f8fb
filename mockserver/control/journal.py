"""A tester's view of the calls: found, counted, waited for, followed."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from mockserver.control.pages import PAGE, Page, Unknown, page_of, rows
from mockserver.control.trails import with_rules
from mockserver.control.webhooks import caused_by
from mockserver.state.journal import SHELF, Entry
from mockserver.state.shelves import OPENING
from mockserver.state.store import Key
from mockserver.world import World


class TimedOut(LookupError):  # noqa: N818  # it names what happened, and is nobody's error
    """So many calls as were waited for did not come in time."""


class Line(Struct, frozen=True):
    """What the journal can be asked by."""

    at: datetime
    vendor: str
    account: str | None
    operation: str | None
    status: int
    refused_by: str | None


class Wanted(Struct, frozen=True):
    """Which calls: those with these values, at or after `since`."""

    values: Mapping[str, Any] = {}
    since: datetime | None = None

    def fits(self, text: bytes) -> bool:
        if not self.values and self.since is None:
            return True
        line = msgspec.json.decode(text, type=Line)
        same = all(getattr(line, name) == asked for name, asked in self.values.items())
        return same and (self.since is None or line.at >= self.since)


class JournalControl:
    """Calls, newest first; what was pushed out by newer ones is told by its count wherever somebody might miss it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def page(self, wanted: Wanted, *, limit: int, cursor: str | None) -> Page:
        return await page_of(self._world.store, (SHELF,), lambda _, text: wanted.fits(text), limit, cursor)

    async def read(self, ident: str) -> Raw:
        """Return a call with every rule that its operation has (passed, failed or not reached), and its webhooks."""
        entry = with_rules(await self._kept(ident), self._world.vendors)
        caused = await caused_by(self._world.store, entry["vendor"], entry["account"], ident)
        return Raw(msgspec.json.encode({**entry, "webhooks": caused}))

    async def entry(self, ident: str) -> Entry:
        """Return a call as it is kept."""
        return msgspec.json.decode(await self._kept(ident), type=Entry)

    async def _kept(self, ident: str) -> bytes:
        text = await self._world.journal.read(ident)
        if text is None:
            raise Unknown(f"there is no call {ident!r}; {await self.evicted()} have been pushed out by newer ones")
        return text

    async def clear(self) -> None:
        await self._world.journal.clear()

    async def evicted(self) -> int:
        return (await self._world.store.evicted()).get(SHELF, 0)

    async def count(self, wanted: Wanted) -> dict[str, int]:
        """Return how many there are, and how many calls have been pushed out that may have been of them."""
        found = sum([1 async for _, text, _ in rows(self._world.store, (SHELF,)) if wanted.fits(text)])
        return {"count": found, "evicted": await self._lost(wanted)}

    async def _lost(self, wanted: Wanted) -> int:
        """Return how many calls have been pushed out where some that fit may be among them, else 0."""
        lost, vendor, name = await self.evicted(), wanted.values.get("vendor"), wanted.values.get("account")
        if not lost or vendor is None or name is None:
            return lost
        # An account itself comes anew where accounts are reset, and one of the start may have called before.
        (opening,) = await self._world.store.read([(OPENING, vendor, name)])
        oldest = await self._world.store.scan_up((SHELF,), limit=1)
        # What was pushed out came before all that is kept, and so before an account that was opened since.
        return 0 if opening and oldest and oldest[0][1].order < opening.order else lost

    async def wait(self, wanted: Wanted, *, count: int, timeout: float) -> dict[str, int]:  # noqa: ASYNC109  # it is told
        """Return as soon as so many calls fit, those that came before included. Raises TimedOut."""
        found = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout), aclosing(self.follow(wanted, after=0)) as calls:
                async for _ in calls:
                    found += 1
                    if found >= count:
                        return {"count": found, "evicted": await self._lost(wanted)}
        raise TimedOut(
            f"{found} of {count} calls came within {timeout:g} s; {await self._lost(wanted)} were pushed out"
        )

    async def follow(self, wanted: Wanted, *, after: int | None = None) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield calls as they come, each with its place in their order; those behind `after` first, where given.

        A place that no call has reached yet is another server's: then all calls are news.
        """
        store, prefix = self._world.store, (SHELF,)
        newest = await self._newest(prefix)
        place = newest if after is None else after if after <= newest else 0
        while True:
            stirred = self._world.journal.stirring()
            while page := await store.scan_up(prefix, limit=PAGE, after=place):
                for _, held in page:
                    if wanted.fits(held.value):
                        yield held.order, held.value
                place = page[-1][1].order
            await stirred

    async def lost_behind(self, place: int) -> int:
        """Return how many calls have been pushed out where some that came after a place may be among them, else 0."""
        is_there = await self._world.store.scan((SHELF,), limit=1, before=place + 1)
        return 0 if is_there or not place else await self.evicted()

    async def _newest(self, prefix: Key) -> int:
        page = await self._world.store.scan(prefix, limit=1)
        return page[0][1].order if page else 0
