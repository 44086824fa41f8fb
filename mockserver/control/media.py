"""A tester's hand on the table of what lies behind the addresses that clients name."""

from collections.abc import Sequence

from msgspec.structs import replace

from mockserver.control.pages import Unknown
from mockserver.creation import SetupError
from mockserver.state.media import MEDIA, ONE_ADDRESS, Lying, read_table, write_table
from mockserver.world import World


class MediaControl:
    """What a tester has put there; the table that is shipped lies below it and is not listed."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def read(self, account: str | None = None) -> Sequence[Lying]:
        """Return the lines, those of one account (`vendor/name`) where it is given."""
        (held,) = await self._world.store.read([MEDIA])
        return [item for item in read_table(held) if account in (None, item.account)]

    async def put(self, items: Sequence[Lying], account: str | None = None) -> Sequence[Lying]:
        """Replace the table, or the lines of one account and no others, so that tests side by side keep theirs.

        Raises SetupError for a line that names neither or both of `url` and `prefix`, and Unknown for a vendor there
        is not.
        """
        own = [item if item.account or account is None else replace(item, account=account) for item in items]
        self._check_vendor(account)
        for item in own:
            self._check(item, account)
        await self._write(own, account)
        return own

    async def clear(self, account: str | None = None) -> None:
        await self._write((), account)

    async def _write(self, items: Sequence[Lying], account: str | None) -> None:
        store, is_written = self._world.store, False
        while not is_written:
            (held,) = await store.read([MEDIA])
            others = [] if account is None else [item for item in read_table(held) if item.account != account]
            version = held.version if held else 0
            is_written = await store.commit([write_table([*others, *items])], {MEDIA: version})

    def _check(self, item: Lying, account: str | None) -> None:
        if not item.has_one_address:
            raise SetupError(f"a line of the table has {ONE_ADDRESS}")
        if account is not None and item.account != account:
            raise SetupError(f"this changes the lines of {account}, and one is of {item.account}")
        self._check_vendor(item.account)

    def _check_vendor(self, account: str | None) -> None:
        vendor = (account or "").partition("/")[0]
        if account is not None and vendor not in self._world.documents:
            raise Unknown(f"there is no vendor {vendor!r}: an account is written vendor/name")
