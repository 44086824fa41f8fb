"""Sends what is due: takes it, sends it, notes what came of it, repeats as the vendor does."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from mockserver.delivery.attempting import Taken, give_back, is_others, lost, note, take, wrap
from mockserver.delivery.hiding import hide, secrets_of
from mockserver.delivery.lanes import Lanes, pause
from mockserver.delivery.parcel import Send, nobody
from mockserver.delivery.ripening import SLICE, Chain, look, untried
from mockserver.state.deliveries import DUE, GIVEN_UP, PENDING, Attempt
from mockserver.state.redact_text import redact_text
from mockserver.state.scenarios import Webhooks, webhooks_of
from mockserver.state.store import Key, StoreError
from mockserver.world import World

# Seconds between two looks at what is due; one that took long is followed by so many times the while, within bounds.
TICK, BREATH, LONGEST = 0.1, 20, 1.0
# Seconds between two looks at what another process is sending.
POLL = 0.01
Wanted: TypeAlias = Callable[[Key], bool]
log = logging.getLogger("mockserver")


def every(_key: Key) -> bool:
    return True


class Courier:
    """Several may work on one store: what one has taken, no other sends. Without a `send` nothing ever goes out."""

    def __init__(self, world: World, send: Send = nobody) -> None:
        self.world, self._send = world, send
        self._lanes = Lanes()
        # By the names of their chains; and of all that they are to send the chain.
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._sending: dict[Key, Key] = {}
        # What each of them is sending at this moment.
        self._begun: dict[Key, Taken] = {}
        # How many are due beside what is being sent, and the place of the newest.
        self._seen = (0, 0)
        self._is_lost = False

    def move_to(self, world: World, send: Send) -> None:
        """Go on for a world that holds what the one before held."""
        self.world, self._send = world, send

    async def run(self) -> None:
        """Look after what is due until cancelled; what is on its way then is for the next to send."""
        clock = asyncio.get_running_loop().time
        try:
            while True:
                began = clock()
                await self._look_after()
                await pause(min(max(TICK, BREATH * (clock() - began)), LONGEST))
        finally:
            begun = [*self._begun.values()]
            for task in self._tasks.values():
                task.cancel()
            with suppress(StoreError):
                await give_back(self.world.store, begun)
                if left := await self.world.store.count((DUE,)):
                    log.info("%d webhooks were still to be sent", left)

    async def _look_after(self) -> None:
        try:
            await self._drop_lost()
            if await self._is_more_due():
                await self._start(await self._look_beside())
            self._is_lost = False
        except StoreError as error:
            # Told once: every look until it is back would say the same.
            if not self._is_lost:
                log.warning("webhooks wait, for the store cannot be asked: %s", error)
            self._is_lost = True
        except Exception:
            log.exception("webhooks could not be looked after")

    async def _drop_lost(self) -> None:
        """Stop sending what was put back or cleared away: it would keep others waiting, and nothing comes of it."""
        if begun := {**self._begun}:
            gone = await lost(self.world.store, [*begun.values()])
            for name, taken in begun.items():
                if taken in gone and self._begun.get(name) is taken:
                    self._tasks[name].cancel()

    async def _is_more_due(self) -> bool:
        """Say whether anything is due beside what is being sent: something that rests, or that has come or gone since.

        Of what is being sent some may have gone unheard; as many that wait would balance it, but for the change.
        """
        store = self.world.store
        count = await store.count((DUE,))
        newest = next((held.order for _, held in await store.scan((DUE,), limit=1)), 0) if count else 0
        before, self._seen = self._seen, (count - len(self._sending), newest)
        return count > 0 and (self._seen[0] != 0 or self._seen != before)

    async def _look_beside(self) -> Mapping[Key, Chain]:
        """Look at what is not being sent, and forget of the rest what is due no longer."""
        sending, alive = {**self._sending}, set[Key]()
        chains = await self._look(sending, alive)
        if len(alive) < len(sending):
            for key in sending.keys() - alive:
                self._sending.pop(key, None)
        return chains

    async def deliver_due(self, wanted: Wanted = every) -> list[Key]:
        """Send what is due now and wanted, each once, and return it when all is tried."""
        if self._send is nobody:
            return []
        chains = await self._look()
        left = {key: due for chain in chains.values() for key, due in chain.ripe if wanted(key)}
        sent = list(left)
        while left:
            await self._drop_lost()
            started = await self._start(chains, left.__contains__)
            await (ended(started) if started else pause(POLL))
            chains = await self._look()
            left = untried(left, chains)
        return sent

    async def _look(self, sending: Mapping[Key, Key] = {}, alive: set[Key] | None = None) -> Mapping[Key, Chain]:
        return await look(self.world.store, await self.world.now(), self.world.clock.now(), sending, alive)

    async def _start(self, chains: Mapping[Key, Chain], wanted: Wanted = every) -> list[asyncio.Task[None]]:
        """Begin to send, a few at a time, and return what is being sent of it."""
        if not self._tasks:
            # New ones: semaphores belong to the loop they have once waited in, and targets are never forgotten else.
            self._lanes = Lanes()
        started = []
        for number, (name, chain) in enumerate(chains.items(), 1):
            if task := self._task(name, chain, wanted):
                started.append(task)
            if number % SLICE == 0:
                await asyncio.sleep(0)
        return started

    def _task(self, name: Key, chain: Chain, wanted: Wanted) -> asyncio.Task[None] | None:
        keys = [key for key, _ in chain.ripe if wanted(key)]
        if not keys or name in self._tasks or chain.is_taken:
            return self._tasks.get(name) if keys else None
        task = asyncio.create_task(self._send_chain(name, chain.target, keys))
        self._tasks[name] = task
        self._sending.update(dict.fromkeys(keys, name))
        task.add_done_callback(lambda _: self._end(name, keys))
        return task

    def _end(self, name: Key, keys: Iterable[Key]) -> None:
        del self._tasks[name]
        for key in keys:
            self._sending.pop(key, None)

    async def _send_chain(self, name: Key, target: str, keys: Sequence[Key]) -> None:
        async with self._lanes.lane(target):
            for key in keys:
                try:
                    await self._attempt(name, key)
                    if await is_others(self.world, key):
                        # What comes after it waits for it, whoever is sending it.
                        return
                except Exception:
                    log.exception("a webhook could not be sent")

    async def _attempt(self, name: Key, key: Key) -> None:
        taken = await take(self.world, key)
        if taken is None:
            return
        attempts, wish = await self._post_all(name, taken)
        state = await note(self.world, taken, attempts, wish)
        if state != PENDING:
            # One that rests waits for the end of its chain, so it need not be looked at before.
            self._sending.pop(key, None)
        if state == GIVEN_UP:
            last = attempts[-1]
            log.info("webhook %s was given up: %s", key[-1], last.error or f"the last answer was {last.status}")

    async def _post_all(self, name: Key, taken: Taken) -> tuple[list[Attempt], float | None]:
        """Send it, and what arrived once more where a tester wants that."""
        mishaps = await webhooks_of(self.world.store, taken.key[1], taken.key[2])
        self._begun[name] = taken
        try:
            attempt, wish = await self._post(taken, mishaps)
            if not (attempt.is_success and mishaps.duplicate):
                return [attempt], wish
            again, wish = await self._post(taken, mishaps)
            return [attempt, again], wish
        finally:
            del self._begun[name]

    async def _post(self, taken: Taken, mishaps: Webhooks) -> tuple[Attempt, float | None]:
        """Return how the attempt went, and the pause that the receiver asks for."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            parcel = wrap(self.world, taken, mishaps)
            answer = await self._send(parcel)
        except Exception as error:  # a signature that cannot be made, say: it has failed like any other
            log.exception("a webhook could not be sent")
            return Attempt(taken.at, None, redact_text(f"{type(error).__name__}: {error}"), "", 0.0), None
        hidden = secrets_of(parcel, taken.delivery.message)
        told = answer.error and hide(answer.error, hidden)
        text, seconds = hide(answer.text, hidden), round(clock() - began, 3)
        return Attempt(taken.at, answer.status, told, text, seconds), answer.retry_after


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Wait until all have ended, one after another: to watch thousands at once takes a while in which nobody calls."""
    for task in tasks:
        if not task.done():
            await asyncio.wait([task])
