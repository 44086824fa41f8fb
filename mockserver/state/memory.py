"""The default store: dictionaries that speak JSON, bounded by count and bytes."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from operator import itemgetter

from mockserver.state.memory_shelf import Shelf, Shelves
from mockserver.state.store import QUOTAS, Dump, Fill, Held, Key, Quota, Write

# So many calls at most are held whole, and their rows beyond what a shelf may hold.
MOST_LATE = 32
SHELF = itemgetter(0)
log = logging.getLogger("mockserver")


class MemoryStore:
    """For one process. Nothing here waits, so no two calls ever interleave.

    What may be worked out late is, when the calls at hand have been answered or somebody reads: all at once it costs
    half of what it does in the midst of each call, whose own work has pushed it out of the processor's caches.
    """

    name = "memory"
    is_shared = False

    def __init__(self, quotas: Mapping[str, Quota] = QUOTAS) -> None:
        self._shelves = Shelves(quotas)
        self._version = 0
        # By how much a number will have grown, or what makes the value of a new key; and the last key of each shelf.
        self._late: dict[Key, int | Callable[[], bytes]] = {}
        self._late_shelves: dict[str, Key] = {}

    async def read(self, keys: Sequence[Key]) -> list[Held | None]:
        if self._late and not self._late_shelves.keys().isdisjoint(map(SHELF, keys)):
            self._settle()
        shelves = self._shelves
        return [shelves[key[0]].rows.get(key) for key in keys]

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        if self._late and not self._late_shelves.keys().isdisjoint(map(SHELF, expected)):
            self._settle()
        for key, version in expected.items():
            held = self._shelves[key[0]].rows.get(key)
            if (held.version if held else 0) != version:
                return False
        for write in writes:
            if write.late or write.add:
                self._put_off(write)
            else:
                self._write(write.key, write.value)
        return True

    def _write(self, key: Key, value: bytes | None) -> None:
        if key[0] in self._late_shelves:
            self._settle()
        self._version += 1
        shelf = self._shelves[key[0]]
        if value is not None:
            shelf.put(key, value, self._version)
            shelf.trim(key)
        else:
            shelf.remove(key)

    def _put_off(self, write: Write) -> None:
        late, key = self._late, write.key
        if not late:
            # In the turn after the next: answers leave in the next.
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, self._settle)
        self._late_shelves[key[0]] = key
        late[key] = write.late or late.get(key, 0) + write.add  # type: ignore[operator]  # of a key that is added to
        if len(late) >= MOST_LATE:
            self._settle()

    def _settle(self) -> None:
        late, self._late = self._late, {}
        shelves, self._late_shelves = self._late_shelves, {}
        for key, value in late.items():
            self._version += 1
            shelf = self._shelves[key[0]]
            if isinstance(value, int):
                shelf.add(key, value, self._version)
                continue
            try:
                shelf.put(key, value(), self._version)
            except Exception:
                log.exception("%s could not be kept", "/".join(key))
        for name, newest in shelves.items():
            self._shelves[name].trim(newest)

    def _settled(self, name: str) -> Shelf:
        if name in self._late_shelves:
            self._settle()
        return self._shelves[name]

    async def scan(self, prefix: Key, *, limit: int = 100, before: int | None = None) -> list[tuple[Key, Held]]:
        shelf = self._settled(prefix[0])
        return [(key, shelf.rows[key]) for key in islice(shelf.newest_first(prefix, before), limit)]

    async def scan_up(self, prefix: Key, *, limit: int = 100, after: int = 0) -> list[tuple[Key, Held]]:
        shelf = self._settled(prefix[0])
        return [(key, shelf.rows[key]) for key in islice(shelf.oldest_first(prefix, after), limit)]

    async def count(self, prefix: Key) -> int:
        return len(self._settled(prefix[0]).within(prefix))

    async def clear(self, prefix: Key) -> int:
        shelf = self._settled(prefix[0])
        keys = list(shelf.within(prefix))
        for key in keys:
            shelf.remove(key)
        return len(keys)

    async def evicted(self) -> Mapping[str, int]:
        return {name: self._settled(name).evicted for name in self._shelves.quotas}

    async def filled(self) -> Mapping[str, Fill]:
        self._settle()
        names = {*self._shelves, *self._shelves.quotas}
        shelves = [(name, self._shelves[name]) for name in sorted(names)]
        return {name: Fill(len(shelf.rows), shelf.bytes, shelf.evicted) for name, shelf in shelves}

    async def dump(self) -> Dump:
        self._settle()
        filled = {name: shelf for name, shelf in sorted(self._shelves.items()) if shelf.rows}
        rows = {name: [(key, held.value) for key, held in shelf.rows.items()] for name, shelf in filled.items()}
        return Dump(rows, {name: shelf.evicted for name, shelf in sorted(self._shelves.items()) if shelf.evicted})

    async def load(self, dump: Dump, names: Collection[str]) -> None:
        for name in names:
            await self.clear((name,))
            shelf = self._shelves[name] = Shelf(self._shelves.quotas.get(name))
            for key, value in dump.shelves.get(name, ()):
                self._version += 1
                shelf.put(key, value, self._version)
                shelf.trim(key)
            shelf.evicted += dump.evicted.get(name, 0)
