"""The rows of one shelf in memory, bounded by count and bytes."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Mapping
from itertools import chain, islice, takewhile
from typing import Any

from mockserver.state.store import Held, Key, Quota

# So many of the oldest rows are looked for at once.
LOOKAHEAD = 256
FEW = 32


class Shelf:
    """All rows whose keys begin with a word, in the order of their arrival, and grouped by all but the last word."""

    def __init__(self, quota: Quota | None) -> None:
        self.quota = quota
        self.rows: dict[Key, Held] = {}
        self.groups: dict[Key, dict[Key, None]] = {}
        # The groups that begin with each prefix.
        self.branches: dict[Key, dict[Key, None]] = {}
        # Some of the oldest rows: a dictionary seeks its first key behind all that went before it, so not for each.
        self.front: deque[tuple[Key, int]] = deque()
        self.bytes = 0
        self.evicted = 0

    def put(self, key: Key, value: bytes, version: int) -> None:
        """Put a row here; whoever puts has the shelf trimmed afterwards."""
        before = self.rows.get(key)
        if before is None:
            self.rows[key] = Held(value, version, version)
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
        quota, rows = self.quota, self.rows
        if quota is None:
            return
        while (len(rows) > quota.count or self.bytes > quota.bytes) and len(rows) > 1:
            self.remove(self.oldest_but(newest))
            self.evicted += 1

    def oldest_but(self, spared: Key) -> Key:
        """Return the oldest key of all but one; there are at least two."""
        while True:
            if len(self.front) < 2:
                self.front = deque((key, held.order) for key, held in islice(self.rows.items(), LOOKAHEAD))
            place = 1 if self.front[0][0] == spared else 0
            key, order = self.front[place]
            del self.front[place]
            # One that has gone meanwhile may have come again.
            if (held := self.rows.get(key)) and held.order == order:
                return key

    def remove(self, key: Key) -> None:
        held = self.rows.pop(key, None)
        if held is None:
            return
        self.bytes -= len(held.value)
        if len(key) > 2:
            self.leave_group(key)

    def add(self, key: Key, number: int, version: int) -> None:
        held = self.rows.get(key)
        self.put(key, b"%d" % (number + (int(held.value) if held else 0)), version)

    def within(self, prefix: Key) -> dict[Key, Any]:
        """Return the keys that begin with a prefix, oldest first."""
        if len(prefix) == 1:
            return self.rows
        found: list[dict[Key, Any]] = [self.groups[name] for name in self.branches.get(prefix, ())]
        if prefix in self.rows:
            found.append({prefix: None})
        if len(found) == 1:
            return found[0]
        return dict.fromkeys(sorted(chain.from_iterable(found), key=self.order))

    def newest_first(self, prefix: Key, before: int | None) -> Iterable[Key]:
        keys = self.within(prefix)
        if before is None:
            return reversed(keys)
        listed = [*keys]
        return reversed(listed[: bisect_left(listed, before, key=self.order)])

    def oldest_first(self, prefix: Key, after: int) -> Iterable[Key]:
        keys = self.within(prefix)
        if not after:
            return keys
        # Who follows asks for the few that have come since.
        newest = [*takewhile(lambda key: self.order(key) > after, islice(reversed(keys), FEW))]
        if len(newest) < FEW:
            return reversed(newest)
        listed = [*keys]
        return listed[bisect_right(listed, after, key=self.order) :]

    def order(self, key: Key) -> int:
        return self.rows[key].order


class Shelves(dict[str, Shelf]):
    """All shelves by their names, each made when it is first asked for."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        super().__init__()
        self.quotas = quotas

    def __missing__(self, name: str) -> Shelf:
        self[name] = Shelf(self.quotas.get(name))
        return self[name]
