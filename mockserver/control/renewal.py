"""A world made anew from its files, in the place of one that runs: what was remembered stays where that is sound."""

from collections.abc import Iterable, Iterator, Mapping

from mockserver.control.checking import Wrong, check_account
from mockserver.creation import Plan, SetupError
from mockserver.state.accounts import read_account
from mockserver.state.shelves import SHELVES, START, loadable, read_start
from mockserver.state.store import MOST_ACCOUNTS, Held, Key, Store, Write
from mockserver.world import World


async def renew(live: World, fresh: World, before: Plan, plan: Plan) -> str | None:
    """Let a fresh world go on with another's store; return why all in it is gone, None where it stays.

    It stays where the server would have begun just so, or with more, and where every account still fits its vendor.
    """
    reason = otherwise(before, plan) or await grow(live.store, fresh)
    if reason is None:
        fresh.clock, fresh.ids = live.clock, live.ids
    else:
        (start,) = await fresh.store.read([START])
        await live.store.load(await fresh.store.dump(), [*SHELVES])
        await live.store.commit([Write(START, start.value if start else None)], {})
    fresh.keep_in(live.store)
    # Whoever waits for the next call waits there.
    fresh.journal = live.journal
    live.journal.stir()
    return reason


def otherwise(before: Plan, plan: Plan) -> str | None:
    """Return which setting would have made all that happened since happen otherwise."""
    if before.pace != plan.pace:
        return "the pace is another"
    return "the seed is another" if before.seed != plan.seed else None


async def grow(store: Store, fresh: World) -> str | None:
    """Add to a store what a fresh world begins with beyond what was there; return what does not fit, if anything."""
    old, new = await begun(store), await begun(fresh.store)
    for key, value in old.items():
        if new.get(key) != value:
            return told(key, fresh)
    found = await store.scan(("account",), limit=MOST_ACCOUNTS)
    if reason := next(unfit(fresh, found), None):
        return reason
    (start,) = await fresh.store.read([START])
    added = {key: value for key, value in new.items() if key not in old}
    writes = [*(Write(*each) for each in added.items()), Write(START, start.value if start else None)]
    expected = {key: held.version for key, held in found} | dict.fromkeys(added, 0)
    return (
        None
        if await store.commit(writes, expected)
        else "another has the name or the credential of an account that it begins with"
    )


async def begun(store: Store) -> Mapping[Key, bytes]:
    (held,) = await store.read([START])
    dump = loadable(read_start(held.value).shelves) if held else loadable({})
    return {key: value for kept in dump.shelves.values() for key, value in kept}


def told(key: Key, fresh: World) -> str:
    """Tell of a row that is begun with no more, without a word of what is in it."""
    vendor = key[1] if len(key) > 1 else "*"
    if vendor in fresh.documents or vendor == "*":
        return f"{'it' if vendor == '*' else vendor} begins otherwise than before"
    return f"{vendor} is served no more"


def unfit(fresh: World, accounts: Iterable[tuple[Key, Held]]) -> Iterator[str]:
    """Tell of each account that does not fit its vendor as it is by now."""
    for key, held in accounts:
        account = read_account(held)
        try:
            check_account(fresh, key, account)
        except (Wrong, SetupError) as error:
            yield f"the account {account.vendor}/{account.name} does not fit: {error}"
