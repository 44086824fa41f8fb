"""The default store: dictionaries that speak JSON, bounded by count and bytes."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, islice, takewhile
from operator import itemgetter
from typing import Any

from mockserver.state.store import QUOTAS, Dump, Fill, Held, Key, Quota, Write

# So many calls at most are held whole, and their rows beyond what a shelf may hold.
MOST_LATE = 32
SHELF = itemgetter(0)
log = logging.getLogger("mockserver")


class Shelf:
    """All keys with one first word, in the order of their arrival, and grouped by all but their last word."""

    def __init__(self, rows: dict[Key, Held], quota: Quota | None) -> None:
        self.rows, self.quota = rows, quota
        # Ordered dictionaries give up their first key at once; plain ones walk over all that went before it.
        self.keys: OrderedDict[Key, None] = OrderedDict()
        self.groups: dict[Key, dict[Key, None]] = {}
        # The groups that begin with each prefix.
        self.branches: dict[Key, dict[Key, None]] = {}
        self.bytes = 0
        self.evicted = 0

    def put(self, key: Key, value: bytes, version: int) -> None:
        """Put a row here; whoever puts has the shelf trimmed afterwards."""
        before = self.rows.get(key)
        if before is None:
            self.rows[key], self.keys[key] = Held(value, version, version), None
            self.bytes += len(value)
            if len(key) > 2:
                self.join_group(key)
        else:
            self.rows[key] = Held(value, version, before.order)
            self.bytes += len(value) - len(before.value)

    def join_group(self, key: Key) -> None:
        name = key[:-1]
        group = self.groups.get(name)
        if group is None:
            group = self.groups[name] = {}
            for size in range(2, len(key)):
                self.branches.setdefault(name[:size], {})[name] = None
        group[key] = None

    def leave_group(self, key: Key) -> None:
        name = key[:-1]
        del self.groups[name][key]
        if self.groups[name]:
            return
        del self.groups[name]
        for size in range(2, len(key)):
            branch = self.branches[name[:size]]
            del branch[name]
            if not branch:
                del self.branches[name[:size]]

    def trim(self, newest: Key) -> None:
        """Let the oldest go where there is too much, but never the one that was just put."""
        quota, keys = self.quota, self.keys
        if quota is None:
            return
        while (len(keys) > quota.count or self.bytes > quota.bytes) and len(keys) > 1:
            oldest, second = islice(keys, 2)
            self.remove(oldest if oldest != newest else second)
            self.evicted += 1

    def remove(self, key: Key) -> None:
        held = self.rows.pop(key, None)
        if held is None:
            return
        del self.keys[key]
        self.bytes -= len(held.value)
        if len(key) > 2:
            self.leave_group(key)

    def add(self, key: Key, number: int, version: int) -> None:
        held = self.rows.get(key)
        self.put(key, b"%d" % (number + (int(held.value) if held else 0)), version)

    def within(self, prefix: Key) -> dict[Key, Any]:
        """Return the keys that begin with a prefix, oldest first."""
        if len(prefix) == 1:
            return self.keys
        found: list[dict[Key, Any]] = [self.groups[name] for name in self.branches.get(prefix, ())]
        if prefix in self.rows:
            found.append({prefix: None})
        if len(found) == 1:
            return found[0]
        return dict.fromkeys(sorted(chain.from_iterable(found), key=lambda key: self.rows[key].order))


class Shelves(dict[str, Shelf]):
    """All shelves by their names, each made when it is first asked for."""

    def __init__(self, rows: dict[Key, Held], quotas: Mapping[str, Quota]) -> None:
        super().__init__()
        self.rows, self.quotas = rows, quotas

    def __missing__(self, name: str) -> Shelf:
        self[name] = Shelf(self.rows, self.quotas.get(name))
        return self[name]


class MemoryStore:
    """For one process. Nothing here waits, so no two calls ever interleave.

    What may be worked out late is, when the calls at hand have been answered or somebody reads: all at once it costs
    half of what it does in the midst of each call, whose own work has pushed it out of the processor's caches.
    """

    name = "memory"
    is_shared = False

    def __init__(self, quotas: Mapping[str, Quota] = QUOTAS) -> None:
        # Rows are read by their keys alone, and most that a call reads of several shelves together.
        self._rows: dict[Key, Held] = {}
        self._shelves = Shelves(self._rows, quotas)
        self._version = 0
        # By how much a number will have grown, or what makes the value of a new key; and the last key of each shelf.
        self._late: dict[Key, int | Callable[[], bytes]] = {}
        self._late_shelves: dict[str, Key] = {}

    async def read(self, keys: Sequence[Key]) -> list[Held | None]:
        if self._late and not self._late_shelves.keys().isdisjoint(map(SHELF, keys)):
            self._settle()
        return list(map(self._rows.get, keys))

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        if self._late and not self._late_shelves.keys().isdisjoint(map(SHELF, expected)):
            self._settle()
        for key, version in expected.items():
            held = self._rows.get(key)
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
        found = ((key, self._rows[key]) for key in reversed(shelf.within(prefix)))
        return list(islice((item for item in found if before is None or item[1].order < before), limit))

    async def scan_up(self, prefix: Key, *, limit: int = 100, after: int = 0) -> list[tuple[Key, Held]]:
        shelf = self._settled(prefix[0])
        if not after:
            return [(key, self._rows[key]) for key in islice(shelf.within(prefix), limit)]
        # From the newest back to the place: who follows asks for the few that have come since.
        newest_first = ((key, self._rows[key]) for key in reversed(shelf.within(prefix)))
        return [*takewhile(lambda item: item[1].order > after, newest_first)][::-1][:limit]

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
        return {name: Fill(len(shelf.keys), shelf.bytes, shelf.evicted) for name, shelf in shelves}

    async def dump(self) -> Dump:
        self._settle()
        filled = {name: shelf for name, shelf in sorted(self._shelves.items()) if shelf.keys}
        rows = {name: [(key, self._rows[key].value) for key in shelf.keys] for name, shelf in filled.items()}
        return Dump(rows, {name: shelf.evicted for name, shelf in sorted(self._shelves.items()) if shelf.evicted})

    async def load(self, dump: Dump, names: Collection[str]) -> None:
        for name in names:
            await self.clear((name,))
            shelf = self._shelves[name] = Shelf(self._rows, self._shelves.quotas.get(name))
            for key, value in dump.shelves.get(name, ()):
                self._version += 1
                shelf.put(key, value, self._version)
                shelf.trim(key)
            shelf.evicted += dump.evicted.get(name, 0)
