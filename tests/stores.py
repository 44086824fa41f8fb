"""Stores that let others in between, where the one in memory never does."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from mockserver.state.memory import MemoryStore
from mockserver.state.store import Held, Key, Write


class Hesitant(MemoryStore):
    """Yields between reading and writing, as a store over a network does."""

    async def read(self, keys: Sequence[Key]) -> list[Held | None]:
        found = await super().read(keys)
        await asyncio.sleep(0)
        return found

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        await asyncio.sleep(0)
        return await super().commit(writes, expected)


class Interrupted(MemoryStore):
    """Does something else before the next so many commits that rest on anything."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0
        self.meanwhile: Callable[[], Awaitable[Any]] = lambda: asyncio.sleep(0)

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        if any(expected.values()) and self.left:
            left, self.left = self.left - 1, 0
            await self.meanwhile()
            self.left = left
        return await super().commit(writes, expected)
