"""How much is sent at a time: to all receivers, and to one."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST, MOST_EACH = 8, 4


class Lanes:
    """Room for so many at a time. A receiver that hangs fills its own lanes, and leaves others theirs."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(MOST)
        self._each: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(MOST_EACH))

    @asynccontextmanager
    async def lane(self, target: str) -> AsyncIterator[None]:
        async with self._each[target], self._all:
            yield
