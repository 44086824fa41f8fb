"""A tester's hand on the clock: what time it is, whether it runs, how fast work goes on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from mockserver.control.pages import rows
from mockserver.creation import SetupError
from mockserver.delivery import Courier
from mockserver.delivery.ripening import longest_rest
from mockserver.engine.timeline import seconds_until_idle
from mockserver.kit.times import to_iso
from mockserver.model import PACES, Instant, parse_pace
from mockserver.state.clock import CLOCK, Dial, advance, freeze, instant, set_pace, set_to, unfreeze, write_dial
from mockserver.state.deliveries import DUE, Due
from mockserver.state.records import SHELF, read_record_text
from mockserver.world import World

# More than any webhook is repeated; what others cause meanwhile keeps nobody waiting for ever.
MOST_ROUNDS = 100


class ClockControl:
    """Every method answers how the clock stands afterwards: `{"now", "frozen", "pace"}`."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world, self._courier = world, courier

    async def read(self) -> dict[str, Any]:
        return await self._turn(lambda dial, _: dial)

    async def change(
        self, *, now: datetime | None = None, is_frozen: bool | None = None, pace: str | None = None
    ) -> dict[str, Any]:
        """Set what is given: the time first, then whether it stands, then the pace from then on.

        Raises SetupError for a pace that is none.
        """
        if pace is not None and parse_pace(pace) is None:
            raise SetupError(f"pace is {PACES}, not {pace!r}")

        def turn(dial: Dial, machine: datetime) -> Dial:
            if now is not None:
                dial = set_to(dial, machine, now)
            if is_frozen is not None:
                dial = freeze(dial, machine) if is_frozen else unfreeze(dial, machine)
            return dial if pace is None else set_pace(dial, machine, pace)

        return await self._turn(turn)

    async def advance(self, seconds: float) -> dict[str, Any]:
        """Move the time on, frozen or not."""
        return await self._turn(lambda dial, machine: advance(dial, machine, seconds))

    async def advance_until_idle(self) -> dict[str, Any]:
        """Move the time on until nothing more happens by itself: no record goes on, no webhook is sent or repeated.

        What falls due on the way is sent. What waits for a tester's hand waits on.
        """
        for _ in range(MOST_ROUNDS):
            shown = await self._advance_to_the_last()
            if not await self._courier.deliver_due():
                break
        return shown

    async def _advance_to_the_last(self) -> dict[str, Any]:
        """Move the time on to the end of all that is known to be going on."""
        store = self._world.store
        records = [read_record_text(value) async for _, value, _ in rows(store, (SHELF,))]
        resting = [msgspec.json.decode(value, type=Due) async for _, value, _ in rows(store, (DUE,))]

        def turn(dial: Dial, machine: datetime) -> Dial:
            now = instant(dial, machine)
            return advance(dial, machine, max(seconds_until_idle(records, now), longest_rest(resting, now)))

        return await self._turn(turn)

    async def _turn(self, turn: Callable[[Dial, datetime], Dial]) -> dict[str, Any]:
        store, clock = self._world.store, self._world.clock
        while True:
            (held,) = await store.read([CLOCK])
            machine, dial = clock.now(), clock.dial(held)
            turned = turn(dial, machine)
            version = held.version if held else 0
            if turned == dial or await store.commit([write_dial(turned)], {CLOCK: version}):
                return shown(instant(turned, machine), turned)


def shown(now: Instant, dial: Dial) -> dict[str, Any]:
    return {"now": to_iso(now.at), "frozen": dial.frozen is not None, "pace": dial.pace}
