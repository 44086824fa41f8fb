"""Scenarios put on: their faults, what becomes of accounts, what lies behind addresses, how webhooks misbehave."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from mockserver.errors import SetupError
from mockserver.model import Account, Fault
from mockserver.planting import MatchWish, fault_of, lift, plant, read_wish
from mockserver.state.accounts import account_key, read_account, write_account
from mockserver.state.media import MEDIA, Lying, read_table, write_table
from mockserver.state.scenarios import (
    ScenarioFile,
    Staged,
    read_scenario,
    read_staged,
    scenario_key,
    write_staged,
)
from mockserver.state.store import MOST_ACCOUNTS
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
        return read_scenario(path)
    except ValueError as error:
        raise SetupError(str(error)) from None


def faults_in(world: World, name: str, file: ScenarioFile, account: str | None) -> list[Fault]:
    """Return a scenario's faults, named after it; for an account those that can be its own, narrowed to it."""
    found: list[Fault] = []
    for number, value in enumerate(file.fault, 1):
        wish = read_wish(value)
        if account is not None and wish.match.vendor not in (None, account.partition("/")[0]):
            continue
        match = MatchWish(account=account, operation=wish.match.operation, header=wish.match.header)
        own = f"{name}-{number}" if len(file.fault) > 1 else name
        found.append(fault_of(world, replace(wish, name=wish.name or own, match=match if account else wish.match)))
    return found


async def stage(world: World, name: str, account: str | None = None) -> list[Fault]:
    """Put a scenario on, for one account (`vendor/name`) or for the server, in the place of the one before it.

    Return the faults that it planted. Raises SetupError when there is no such scenario or account, or when it can do
    nothing for the account.
    """
    file, accounts = scenario_file(world, name), await accounts_meant(world, account)
    faults = faults_in(world, name, file, account)
    vendor, _, own = (account or "").partition("/")
    if account and file.account.credits is not None and accounts[0].credits is None:
        raise SetupError(f"{vendor} sells no credits: the scenario {name} is not for its accounts")
    key = scenario_key(vendor, own)
    before = read_staged((await world.store.read([key]))[0])
    if before:
        await lift(world.store, lambda fault: is_of(fault, account) and fault.name in before.faults)
    await plant(world, faults)
    await change(world, accounts, file)
    await lay(world, [replace(line, account=account or line.account) for line in file.media])
    staged = Staged(name, tuple(fault.name for fault in faults), file.account.credits, file.webhooks)
    await world.store.commit([write_staged(key, staged)], {})
    return faults


def is_of(fault: Fault, account: str | None) -> bool:
    """Say whether a fault stands in the scope of an account, or of none."""
    match = fault.match
    return match.account is None if account is None else f"{match.vendor}/{match.account}" == account


async def accounts_meant(world: World, account: str | None) -> list[Account]:
    """Return the account, or all there are. Raises SetupError where it is none."""
    if account is None:
        return [read_account(held) for _, held in await world.store.scan(("account",), limit=MOST_ACCOUNTS)]
    vendor, slash, name = account.partition("/")
    (held,) = await world.store.read([account_key(vendor, name)])
    if not slash or held is None:
        raise SetupError(f"there is no account {account[:200]!r}: one is written vendor/name")
    return [read_account(held)]


async def change(world: World, accounts: Sequence[Account], file: ScenarioFile) -> None:
    """Change the accounts that sell credits as the file says, whatever else becomes of them meanwhile."""
    for account in accounts:
        key, is_changed = account_key(account.vendor, account.name), file.account.credits is None
        while not is_changed:
            (held,) = await world.store.read([key])
            now = read_account(held) if held else None
            is_changed = (
                held is None
                or now is None
                or now.credits is None
                or await world.store.commit(
                    [write_account(replace(now, credits=file.account.credits))], {key: held.version}
                )
            )


async def lay(world: World, lines: Sequence[Lying]) -> None:
    """Add lines to the table of what lies behind addresses, each in the place of one for the same addresses."""
    is_laid, addresses = not lines, {(line.url, line.prefix, line.account) for line in lines}
    while not is_laid:
        (held,) = await world.store.read([MEDIA])
        others = [line for line in read_table(held) if (line.url, line.prefix, line.account) not in addresses]
        is_laid = await world.store.commit([write_table([*others, *lines])], {MEDIA: held.version if held else 0})


async def stage_shipped(world: World) -> None:
    """Let those of our accounts misbehave that are made for it; testers' lists are not theirs."""
    files = {name: scenario_file(world, name) for name in SHIPPED.values()}
    found = [
        (vendor, account, name, faults_in(world, name, files[name], f"{vendor}/{account}"))
        for vendor in world.documents
        for account, name in SHIPPED.items()
    ]
    await plant(world, [replace(fault, is_shipped=True) for *_, faults in found for fault in faults])
    rows = [
        write_staged(scenario_key(vendor, account), Staged(name, tuple(fault.name for fault in faults)))
        for vendor, account, name, faults in found
    ]
    await world.store.commit(rows, {})
