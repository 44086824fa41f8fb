"""A tester's hand on what stands in the way of calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.control.pages import Unknown
from mockserver.model import Fault
from mockserver.planting import fault_of, is_meant, lift, plant, planted, read_wish
from mockserver.world import World


class FaultControl:
    """What testers have planted; of what came with an account of ours they hear when they name it (`vendor/name`)."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def plant(self, wish: Mapping[str, Any]) -> Fault:
        """Return the fault, planted; `wish` is what POST /_mock/faults takes. Raises SetupError when it cannot be."""
        fault = fault_of(self._world, read_wish(wish))
        await plant(self._world, [fault])
        return fault

    async def list(self, account: str | None = None) -> Sequence[Fault]:
        """Return what is planted still, scope by scope, in the order of planting; those of one account where given."""
        return await planted(self._world.store, account)

    async def lift(self, name: str, account: str | None = None) -> None:
        """Take away what is planted under a name, wherever it is, or in the way of one account only."""
        if not await lift(self._world.store, lambda fault: fault.name == name and is_meant(fault, account)):
            raise Unknown(f"no fault {name!r} is planted: it was lifted, or it is used up")

    async def lift_all(self, account: str | None = None) -> None:
        await lift(self._world.store, lambda fault: is_meant(fault, account))
