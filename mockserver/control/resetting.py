"""Back to how it began: the whole server, some of it, or one account and nobody else's."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import Struct

from mockserver.control.coverage import settle, settle_others
from mockserver.control.pages import Unknown, rows
from mockserver.creation import ConflictError, SetupError
from mockserver.model import Account
from mockserver.state.accounts import account_key, read_account, tokens_of
from mockserver.state.media import MEDIA, Lying, decode_table, read_table, write_table
from mockserver.state.rates import SHELF as RATE
from mockserver.state.rates import counted_of, wide_prefixes
from mockserver.state.shelves import (
    ACCOUNTS,
    CLOCK,
    FAULTS,
    OPENING,
    SHELVES,
    START,
    WORDS,
    Start,
    by_entry,
    by_key,
    by_token,
    loadable,
    read_start,
    shelves_of,
    stored,
)
from mockserver.state.store import Dump, Key, Store, Write
from mockserver.world import World

# How much of a key is known of a row whose owner is known.
PREFIXES = {by_key: 2, by_token: 1, by_entry: 0}
TOKEN = "token"  # noqa: S105  # a shelf's name
ISSUED = "issued"


class Beginning(Struct, frozen=True):
    """What an account began with; no rows where nobody knows."""

    rows: Mapping[Key, bytes] = {}
    media: Sequence[Lying] = ()


async def reset(world: World, *, account: str | None, what: Collection[str] | None) -> None:
    """Put back what the words name, of one account (`vendor/name`) or of everybody; all of it where nothing is named.

    An account that was there at the start goes back to how it was then, one that was opened since to how it was
    opened, and one that only its credential has made goes.
    """
    if account is None:
        await reset_all(world, {*(what or WORDS)})
    elif what and CLOCK in what:
        raise SetupError("the clock is everybody's: reset it without an account")
    else:
        await reset_own(world, account, {*(what or WORDS)})
    world.journal.stir()


async def reset_all(world: World, words: set[str]) -> None:
    start = await started(world.store)
    await world.store.load(loadable(start.shelves), shelves_of(words))
    if words == {*WORDS} and start.chance:
        world.ids.go_to(start.chance)
    elif ACCOUNTS in words:
        await sweep(world.store)


async def started(store: Store) -> Start:
    (held,) = await store.read([START])
    return read_start(held.value) if held else Start()


async def sweep(store: Store) -> None:
    """Take away what accounts have left behind that are gone: their names may be somebody else's next."""
    known = {f"{key[1]}/{key[2]}" async for key, _, _ in rows(store, ("account",))}
    for name, shelf in SHELVES.items():
        if not shelf.outlives:
            owned = [(key, shelf.owner(key, text)) async for key, text, _ in rows(store, (name,))]
            await store.commit([Write(key, None) for key, owner in owned if owner and owner not in known], {})
    opened = {key[1:] for name in (TOKEN, ISSUED) async for key, _, _ in rows(store, (name,))}
    windows = [key async for key, _, _ in rows(store, (RATE,))]
    stale = [key for key in windows if counted_of(key)[1] and counted_of(key) not in opened]
    await store.commit([Write(key, None) for key in stale], {})
    await settle_others(store, known)
    (held,) = await store.read([MEDIA])
    lines = [line for line in read_table(held) if line.account is None or line.account in known]
    if held:
        await store.commit([write_table(lines)], {MEDIA: held.version})


async def reset_own(world: World, account: str, words: set[str]) -> None:
    store, is_reset = world.store, False
    beginning = await beginning_of(store, account)
    while not is_reset:
        writes, expected = await own_changes(store, account, words, beginning)
        is_reset = await store.commit(writes, expected)
        if not is_reset:
            await check_tokens(store, account, expected)
    if ACCOUNTS in words and not beginning.rows:
        await settle(store, *account.split("/", 1))


async def own_changes(
    store: Store, account: str, words: set[str], beginning: Beginning
) -> tuple[list[Write], dict[Key, int]]:
    """Return what leads an account back to its beginning, and the versions that this rests on."""
    vendor, _, name = account.partition("/")
    key, goes = account_key(vendor, name), ACCOUNTS in words and not beginning.rows
    (held,) = await store.read([key])
    if held is None and (goes or ACCOUNTS not in words):
        raise Unknown(f"there is no account {account!r}: one is written vendor/name")
    named = [name for name in SHELVES if is_meant(name, words, goes=goes)]
    now = await own_rows(store, account, named)
    then = {key: value for key, value in beginning.rows.items() if key[0] in named}
    free = {each: 0 for each in then if each[0] == TOKEN and each not in now}
    writes = [*(Write(each, None) for each in now if each not in then), *(Write(*each) for each in then.items())]
    media, version = await own_media(store, account, beginning) if FAULTS in words or goes else ([], {})
    if FAULTS in words or goes:
        known = {*(read_account(held).credentials.values() if held else ()), *(each[2] for each in free)}
        writes += [Write(each, None) for each in await own_windows(store, account, known)]
    return [*writes, *media], {key: held.version if held else 0, **free, **version}


def is_meant(name: str, words: set[str], *, goes: bool) -> bool:
    """Say whether an account's rows of a shelf are put back; of one that goes nothing stays but its calls."""
    shelf = SHELVES[name]
    return shelf.word in words and name != OPENING if not goes else shelf.word in words or not shelf.outlives


async def beginning_of(store: Store, account: str) -> Beginning:
    """Return what an account began with: at the start, or when it was opened since."""
    vendor, _, name = account.partition("/")
    (opening,) = await store.read([(OPENING, vendor, name)])
    start = (await started(store)).shelves
    if not any(row.key == (vendor, name) for row in start.get("account", ())):
        start = msgspec.json.decode(opening.value, type=SHELVES[OPENING].kind) if opening else {}
    pairs = [pair for kept in loadable(start).shelves.values() for pair in kept]
    table = [line for key, text in pairs if key == MEDIA for line in decode_table(text)]
    own = {key: text for key, text in pairs if SHELVES[key[0]].owner(key, text) == account}
    return Beginning(own, [line for line in table if line.account == account])


async def own_rows(store: Store, account: str, names: Collection[str]) -> dict[Key, bytes]:
    found: dict[Key, bytes] = {}
    for name in names:
        owner = SHELVES[name].owner
        known = account.partition("/")[::2][: PREFIXES.get(owner, 0)]
        kept = rows(store, (name, *known))
        found |= {key: text async for key, text, _ in kept if owner(key, text) == account}
    return found


async def own_windows(store: Store, account: str, credentials: Collection[str]) -> list[Key]:
    """Return where everybody's limits count the calls with these credentials, and with what the vendor has handed out.

    A window that only the account has is its row as any other.
    """
    vendor = account.partition("/")[0]
    wide = [key for prefix in wide_prefixes(vendor) async for key, _, _ in rows(store, prefix)]
    issued = await own_rows(store, account, [ISSUED]) if wide else {}
    own = {(vendor, value) for value in (*credentials, *(key[2] for key in issued))}
    return [key for key in wide if counted_of(key) in own]


async def own_media(store: Store, account: str, beginning: Beginning) -> tuple[list[Write], dict[Key, int]]:
    (held,) = await store.read([MEDIA])
    now = read_table(held)
    lines = [*(line for line in now if line.account != account), *beginning.media]
    return ([], {}) if lines == [*now] else ([write_table(lines)], {MEDIA: held.version if held else 0})


async def check_tokens(store: Store, account: str, expected: Collection[Key]) -> None:
    tokens = [key for key in expected if key[0] == TOKEN]
    for key, held in zip(tokens, await store.read(tokens), strict=True):
        if held and by_token(key, held.value) != account:
            raise ConflictError(
                f"{by_token(key, held.value)} has a credential that {account} began with: close it first"
            )


async def remember_opening(world: World, account: Account) -> None:
    """Keep how an account was opened, for a reset to go back to; nothing of one that is gone again."""
    key, is_kept = account_key(account.vendor, account.name), False
    while not is_kept:
        (held,) = await world.store.read([key])
        if held is None:
            return
        write = await write_opening(world, read_account(held))
        is_kept = await world.store.commit([write], {key: held.version})


async def write_opening(world: World, account: Account) -> Write:
    store, own = world.store, f"{account.vendor}/{account.name}"
    keyed = [name for name, shelf in SHELVES.items() if shelf.owner is by_key and name != OPENING]
    found = await own_rows(store, own, keyed)
    tokens = [key for key, _ in tokens_of(account, world.vendors[account.vendor])]
    found |= {key: held.value for key, held in zip(tokens, await store.read(tokens), strict=True) if held}
    (held,) = await store.read([MEDIA])
    if lines := [line for line in read_table(held) if line.account == own]:
        found[MEDIA] = msgspec.json.encode(lines)
    shelves = {name: [pair for pair in found.items() if pair[0][0] == name] for name in SHELVES}
    value = msgspec.json.encode(stored(Dump({name: kept for name, kept in shelves.items() if kept})))
    return Write((OPENING, account.vendor, account.name), value)
