"""Scenarios put on: their faults, what becomes of accounts, what lies behind addresses, how webhooks misbehave."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from mockserver.errors import SetupError
from mockserver.model import Fault
from mockserver.planting import FaultWish, MatchWish, changes, fault_of, place, plant, read_wish
from mockserver.state.accounts import account_key, read_account, write_account
from mockserver.state.faults import EVERY
from mockserver.state.media import MEDIA, Lying, read_table, write_table
from mockserver.state.scenarios import (
    ScenarioFile,
    Staged,
    Webhooks,
    beginning,
    read_scenario,
    scenario_key,
    write_staged,
)
from mockserver.state.store import MOST_ACCOUNTS, Held, Key, Store, Write
from mockserver.world import World

# Our accounts that misbehave, for clients that can change nothing but their credential.
SHIPPED: Mapping[str, str] = {
    "flaky": "flaky-then-fine",
    "slow": "slow-answers",
    "limited": "rate-limited",
    "unplugged": "unplugged",
}


def scenario_file(world: World, name: str) -> ScenarioFile:
    """Return what a scenario is. Raises SetupError that names the known ones, or the file."""
    path = world.scenarios.get(name)
    if path is None:
        raise SetupError(f"there is no scenario {name[:100]!r}: known are {', '.join(sorted(world.scenarios))}")
    try:
        file = read_scenario(path)
    except ValueError as error:
        raise SetupError(str(error)) from None
    try:
        for wish in wishes_in(name, file):
            # Whom it meets is for those to say who put it on: a file may be for vendors that are not served.
            fault_of(world, replace(wish, match=MatchWish()))
    except SetupError as error:
        raise SetupError(f"{path}: {error}") from None
    return file


def wishes_in(name: str, file: ScenarioFile) -> list[FaultWish]:
    """Return a scenario's faults, named after it where they have no names. Raises SetupError for what is none."""
    several = len(file.fault) > 1
    names = [f"{name}-{number}" if several else name for number in range(1, len(file.fault) + 1)]
    return [read_wish({"name": own, **value}) for own, value in zip(names, file.fault, strict=True)]


def faults_in(world: World, name: str, file: ScenarioFile, account: str | None) -> list[Fault]:
    """Return a scenario's faults; for an account those that can be its own, narrowed to it."""
    found: list[Fault] = []
    for wish in wishes_in(name, file):
        if account is not None and wish.match.vendor not in (None, account.partition("/")[0]):
            continue
        match = MatchWish(account=account, operation=wish.match.operation, header=wish.match.header)
        fault = fault_of(world, replace(wish, match=match if account else wish.match))
        found.append(replace(fault, staged=account or EVERY))
    return found


async def stage(world: World, name: str, account: str | None = None) -> list[Fault]:
    """Put a scenario on, for one account (`vendor/name`) or for the server, in the place of the one before it.

    Return the faults that it planted. Raises SetupError when there is no such scenario or account, or when it can do
    nothing for the account, ConflictError as `plant` does; nothing is changed then.
    """
    file, is_staged = scenario_file(world, name), False
    while not is_staged:
        faults, writes, expected = await staging(world, name, file, account)
        is_staged = await world.store.commit(writes, expected)
    if account is None and file.account.credits is not None:
        await change_all(world)
    return faults


async def staging(
    world: World, name: str, file: ScenarioFile, account: str | None
) -> tuple[list[Fault], list[Write], dict[Key, int]]:
    """Return a scenario's faults, what puts it on, and the versions that this rests on."""
    vendor, _, own = (account or "").partition("/")
    key, owner = scenario_key(vendor, own), account_key(vendor, own)
    keys = [key, MEDIA] if account is None else [key, MEDIA, owner]
    # Before any fault is read: whoever puts on another since then makes the commit fail.
    held = dict(zip(keys, await world.store.read(keys), strict=True))
    owned = [] if account is None else change(account, held[owner], name, file)
    faults, lines = faults_in(world, name, file, account), lines_in(world, file, account)
    is_more = lines or file.webhooks != Webhooks() or file.account.credits is not None
    if file.fault and not (faults or is_more):
        raise SetupError(f"the scenario {name} has nothing for {account}: its faults are for other vendors")
    planting, rest = await changes(world, faults, lambda fault: fault.staged == (account or EVERY))
    staged = write_staged(key, Staged(name, file.account.credits, file.webhooks))
    # These versions after those: of the account it is the one that was read to be changed.
    expected = rest | {key: found.version if found else 0 for key, found in held.items()}
    return faults, [*planting, *owned, *lay(lines, held[MEDIA]), staged], expected


def change(account: str, held: Held | None, name: str, file: ScenarioFile) -> list[Write]:
    """Return what becomes of an account itself. Raises SetupError where there is none, or where it sells no credits."""
    if held is None:
        raise SetupError(f"there is no account {account[:200]!r}: one is written vendor/name")
    found = read_account(held)
    if file.account.credits is None:
        return []
    if found.credits is None:
        raise SetupError(f"{found.vendor} sells no credits: the scenario {name} is not for its accounts")
    return [write_account(replace(found, credits=file.account.credits))]


async def change_all(world: World) -> None:
    """Let all accounts have what the server's scenario lets new ones begin with, whatever else becomes of them."""
    for key, _ in await world.store.scan(("account",), limit=MOST_ACCOUNTS):
        is_changed = False
        while not is_changed:
            is_changed = await begin(world.store, key)


async def begin(store: Store, key: Key) -> bool:
    """Let an account begin as a new one would, where it is there still; False where it has changed meanwhile."""
    (held,) = await store.read([key])
    if held is None:
        return True
    found = read_account(held)
    changed = await beginning(store, found)
    return changed == found or await store.commit([write_account(changed)], {key: held.version})


def lines_in(world: World, file: ScenarioFile, account: str | None) -> list[Lying]:
    """Return a scenario's lines of the table of media, all of an account where it is put on for one.

    Raises SetupError for one of a vendor there is not.
    """
    lines = [replace(line, account=account or line.account) for line in file.media]
    for line in lines:
        place(world, MatchWish(account=line.account))
    return lines


def lay(lines: Sequence[Lying], held: Held | None) -> list[Write]:
    """Return what adds lines to the table of what lies behind addresses, in the place of those for the same."""
    addresses = {(line.url, line.prefix, line.account) for line in lines}
    others = [line for line in read_table(held) if (line.url, line.prefix, line.account) not in addresses]
    return [write_table([*others, *lines])] if lines else []


async def stage_shipped(world: World) -> None:
    """Let those of our accounts misbehave that are made for it; testers' lists are not theirs."""
    files = {name: scenario_file(world, name) for name in SHIPPED.values()}
    found = [
        (vendor, account, name, faults_in(world, name, files[name], f"{vendor}/{account}"))
        for vendor in world.documents
        for account, name in SHIPPED.items()
    ]
    await plant(world, [replace(fault, is_shipped=True) for *_, faults in found for fault in faults])
    rows = [write_staged(scenario_key(vendor, account), Staged(name)) for vendor, account, name, _ in found]
    await world.store.commit(rows, {})
