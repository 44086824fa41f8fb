"""A tester's hand on everything at once: taken as a document, put back from one, led back to how it began."""

from collections.abc import Collection

from msgspec import Raw

from mockserver.control.resetting import reset
from mockserver.control.snapshots import restore, take
from mockserver.world import World


class StateControl:
    """All that the store holds."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def snapshot(self) -> Raw:
        """Return it as JSON, credentials included. Raises ConflictError where it is more than could be restored."""
        return await take(self._world)

    async def restore(self, text: bytes) -> dict[str, int]:
        """Take on what a snapshot tells, all of it or nothing, and return how many rows each shelf has now.

        Raises SetupError that names what is wrong with it.
        """
        return await restore(self._world, text)

    async def reset(self, *, account: str | None = None, what: Collection[str] | None = None) -> None:
        """Go back to how it began: all of it, or what the words name, of everybody or of one account (`vendor/name`).

        Raises Unknown for an account there is not, ConflictError where another account has one of its credentials by
        now, and SetupError where what is named is nobody's own.
        """
        await reset(self._world, account=account, what=what)
