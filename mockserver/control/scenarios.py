"""A tester's hand on scenarios: which there are, and putting one on."""

from collections.abc import Sequence
from typing import Any

from mockserver.control.pages import Unknown
from mockserver.errors import SetupError
from mockserver.staging import scenario_file, stage
from mockserver.world import World


class ScenarioControl:
    def __init__(self, world: World) -> None:
        self._world = world

    async def list(self) -> Sequence[dict[str, Any]]:
        """Return each scenario's name and what it says, by name; of one that cannot be read, the trouble with it."""
        return [{"name": name, **told(self._world, name)} for name in sorted(self._world.scenarios)]

    async def load(self, name: str, account: str | None = None) -> dict[str, Any]:
        """Put a scenario on, for one account (`vendor/name`) or for the whole server.

        Return its name, what it says, and the names of what it planted. Raises Unknown when there is none of the name,
        SetupError when its file cannot be used, or when it is not for the account.
        """
        try:
            says = scenario_file(self._world, name).says
        except SetupError as error:
            raise error if name in self._world.scenarios else Unknown(str(error)) from None
        faults = await stage(self._world, name, account)
        return {"name": name, "says": says, "account": account, "faults": [fault.name for fault in faults]}


def told(world: World, name: str) -> dict[str, str]:
    try:
        return {"says": scenario_file(world, name).says}
    except SetupError as error:
        return {"says": "its file cannot be used", "trouble": str(error)}
