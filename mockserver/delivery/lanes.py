"""How much is sent at a time, to all receivers and to one; and how long is waited between two looks."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

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


async def pause(seconds: float) -> None:
    """Let so much of this machine's time pass."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
