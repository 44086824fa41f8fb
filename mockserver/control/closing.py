"""An account that goes, with all that is its own but its calls."""

from mockserver.control.coverage import settle
from mockserver.control.resetting import TOKEN, Beginning, own_media, own_rows, own_windows
from mockserver.model import Account
from mockserver.state.accounts import account_key, close_account
from mockserver.state.shelves import SHELVES, nobody
from mockserver.state.store import Write
from mockserver.world import World

# Tokens are known by the account, so nobody has to look through those of all.
OWN = [name for name, shelf in SHELVES.items() if not shelf.outlives and shelf.owner is not nobody and name != TOKEN]


async def close(world: World, account: Account, version: int) -> bool:
    """Take an account away with its credentials, records and webhooks, and what lies behind its addresses.

    Return False where it has changed meanwhile: then it is all there still.
    """
    store, own, key = world.store, f"{account.vendor}/{account.name}", account_key(account.vendor, account.name)
    media, laid = await own_media(store, own, Beginning())
    gone = [Write(each, None) for each in await own_rows(store, own, OWN)]
    gone += [Write(each, None) for each in await own_windows(store, own, account.credentials.values())]
    writes = [*close_account(account, world.vendors[account.vendor]), *gone, *media]
    if not await store.commit(writes, {key: version, **laid}):
        return False
    # What a call has left meanwhile; where somebody has the name by now, it may be theirs.
    await store.commit([Write(each, None) for each in await own_rows(store, own, OWN)], {key: 0})
    await settle(store, account.vendor, account.name)
    return True
