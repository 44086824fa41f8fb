"""Rule coverage: of every claim that a request can keep or break, whether calls have shown both."""

from collections.abc import Collection, Iterator

from mockserver.control.pages import Unknown, rows
from mockserver.engine.coverage import Coverable
from mockserver.kit.coverage import Item, Report, report_of
from mockserver.state.accounts import account_key
from mockserver.state.coverage import NOBODY, SHELF, Seen, all_of, coverage_key, read_seen, read_seen_text, write_seen
from mockserver.state.store import Store, Write
from mockserver.world import World


class CoverageControl:
    """What accepted calls have kept and refused ones have broken; answers that a tester planted do not count."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def read(self, *, vendor: str | None = None, account: str | None = None) -> Report:
        """Return the claims of one vendor or of all, in the order of their pages.

        With an account, what its calls have shown. Without, what those of all accounts have, closed ones included, and
        calls that showed no known credential. Raises Unknown for a vendor or an account that there is not.
        """
        names = [vendor] if vendor is not None else [*self._world.documents]
        await self._check(names, account)
        items = [item for name in names for item in self._items(name, await self._seen(name, account))]
        return report_of(items, (await self._world.store.evicted()).get(SHELF, 0))

    async def _check(self, vendors: list[str], account: str | None) -> None:
        for name in vendors:
            if name not in self._world.documents:
                raise Unknown(f"there is no vendor {name!r}: known are {', '.join(self._world.documents)}")
        keys = [account_key(name, account) for name in vendors if account is not None]
        if account is not None and not any(await self._world.store.read(keys)):
            raise Unknown(f"there is no account {account!r} of {' or '.join(vendors)}")

    async def _seen(self, vendor: str, account: str | None) -> Seen:
        if account is not None:
            (held,) = await self._world.store.read([coverage_key(vendor, account)])
            return read_seen(held) if held else Seen()
        found = [read_seen_text(text) async for _, text, _ in rows(self._world.store, (SHELF, vendor))]
        return all_of(found)

    def _items(self, vendor: str, seen: Seen) -> Iterator[Item]:
        claims = self._world.ledger(vendor).claims
        met = [name for name, claim in claims.items() if claim.unmet is None]
        for each in self._world.watch.of(vendor).coverable(met):
            claim = claims[each.claim]
            kept, broken = sides(each, seen)
            yield Item(vendor, each.claim, claim.says, claim.basis.value, each.operations, kept, broken)


async def settle(store: Store, vendor: str, account: str) -> None:
    """Let what an account's calls have shown be the vendor's alone: its name may be somebody else's next."""
    own, common, is_settled = coverage_key(vendor, account), coverage_key(vendor, NOBODY), False
    while not is_settled:
        mine, whole = await store.read([own, common])
        if mine is None:
            return
        seen = all_of(read_seen(held) for held in (mine, whole) if held)
        expected = {own: mine.version, common: whole.version if whole else 0}
        is_settled = await store.commit([write_seen(vendor, NOBODY, seen), Write(own, None)], expected)


async def settle_others(store: Store, accounts: Collection[str]) -> None:
    """Settle all accounts but these, each written vendor/name."""
    found = [key[1:] async for key, _, _ in rows(store, (SHELF,))]
    for vendor, account in found:
        if account != NOBODY and f"{vendor}/{account}" not in accounts:
            await settle(store, vendor, account)


def sides(each: Coverable, seen: Seen) -> tuple[bool | None, bool | None]:
    """Return what was shown of a claim; a side that no request has by itself may still be there, on a strict server."""
    kept, broken = each.claim in seen.kept, each.claim in seen.broken
    return kept or (False if each.can_keep else None), broken or (False if each.can_break else None)
