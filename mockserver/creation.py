"""A world from its files: documents, behaviour, accounts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.engine.document import Document, read_documents, vendor_folders
from mockserver.errors import ConflictError, SetupError
from mockserver.fitting import check_book, check_credentials, check_fit, check_options, check_room, check_vendor
from mockserver.model import PACES, Account, Vendor, parse_pace
from mockserver.shipped import shipped
from mockserver.staging import SHIPPED, stage, stage_shipped
from mockserver.state.accounts import AccountFile, account_key, close_account, demo_accounts, named, read_account
from mockserver.state.clock import Clock, Ids, write_dial
from mockserver.state.media import Table, read_media_file
from mockserver.state.memory import MemoryStore
from mockserver.state.scenarios import beginning, find_scenarios
from mockserver.state.shelves import write_start
from mockserver.state.store import MOST_ACCOUNTS, Shared
from mockserver.vendors import BESIDE, find_vendor
from mockserver.world import World

__all__ = ["ConflictError", "Plan", "SetupError", "Wish", "create_world", "grant"]


class Wish(Struct, frozen=True, forbid_unknown_fields=True):
    """An account as a tester asks for it; what is left out is made up, or as demo's."""

    vendor: str
    name: str | None = None
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}
    scenario: str | None = None


class Plan(Struct, frozen=True):
    """What a world is made from. `options` holds switches by vendor; `wishes` are accounts beside the demo ones."""

    vendors: tuple[str, ...] = ()
    documents: Path | None = None
    seed: str | None = None
    cap: int | None = None
    any_token: bool = False
    check_replies: bool = False
    is_strict: bool = False
    pace: str = "1"
    options: Mapping[str, Mapping[str, Any]] = {}
    wishes: tuple[Wish, ...] = ()
    scenario: str | None = None


async def create_world(plan: Plan, shared: Shared | None = None) -> World:
    """Return a world with its demo accounts, in a store that others use too, or by itself.

    Raises SetupError with one sentence that says what to mend, and StoreError.
    """
    documents, vendors = read_vendors(plan)
    check_plan(plan, documents, vendors)
    opening = {
        name: demo_accounts(vendors[name], name, account_file(document), plan.options.get(name, {}))
        for name, document in documents.items()
    }
    world = World(
        documents,
        vendors,
        store=MemoryStore(),
        clock=Clock(plan.pace),
        ids=Ids(plan.seed),
        demos={name: demo for name, (demo, _) in opening.items()},
        media=media_table(),
        scenarios=find_scenarios(*scenario_folders(plan)),
        cap=plan.cap,
        any_token=plan.any_token,
        is_strict=plan.is_strict,
        check_replies=plan.check_replies,
    )
    for demo, broke in opening.values():
        check_credentials(vendors[demo.vendor], demo)
        for account in (demo, broke, *(named(demo, name) for name in SHIPPED)):
            await world.open(account)
    await stage_shipped(world)
    if plan.scenario:
        await stage(world, plan.scenario)
    await grant_all(world, plan.wishes)
    if shared:
        # One clock for all, whatever pace each was started with.
        await world.store.commit([write_dial(world.clock.initial)], {})
    await world.store.commit([write_start(await world.store.dump(), world.ids.chance)], {})
    if shared:
        # Made here and laid at once: nobody ever meets half of a beginning, or makes a second one.
        await shared.lay(await world.store.dump())
        world.share(shared)
    return world


def scenario_folders(plan: Plan) -> list[Path]:
    """Return ours, and over it one beside the documents of the user's folder."""
    return [shipped("fixtures/scenarios"), *([plan.documents / "_scenarios"] if plan.documents else [])]


def media_table() -> Table:
    """Return what lies behind the addresses that we ship for tests of others. Raises SetupError that names the file."""
    try:
        return Table(read_media_file(shipped("fixtures/media") / "facts.toml"))
    except (OSError, ValueError) as error:
        raise SetupError(str(error)) from None


def read_vendors(plan: Plan) -> tuple[dict[str, Document], dict[str, Vendor]]:
    """Return the documents and the behaviour of those vendors that the plan wants."""
    try:
        documents = find_documents(plan)
        return documents, {name: find_vendor(each.vendor, each.folder) for name, each in documents.items()}
    except ValueError as error:
        raise SetupError(str(error)) from error


def check_plan(plan: Plan, documents: Mapping[str, Document], vendors: Mapping[str, Vendor]) -> None:
    check_names(plan, documents)
    for name, document in documents.items():
        check_operations(document, vendors[name])
    if parse_pace(plan.pace) is None:
        raise SetupError(f"pace is {PACES}, not {plan.pace!r}")
    for name, options in plan.options.items():
        check_vendor(name, every_name(plan))
        if name in vendors:
            check_options(vendors[name], options)


def check_operations(document: Document, vendor: Vendor) -> None:
    """Hold a behaviour to the document it lies beside: the rules of a misspelt operation would judge nothing."""
    file, known = document.folder / BESIDE, [endpoint.id for endpoint in document.endpoints]
    if (strange := sorted(vendor.operations.keys() - known)) and file.exists():
        raise SetupError(f"{file}: there is no operation {strange[0]!r}: the document has {', '.join(known)}")


def find_documents(plan: Plan) -> dict[str, Document]:
    """Return our documents, and over them those of the user's folder."""
    ours = shipped("schemas")
    found = read_documents(ours, plan.vendors)
    if plan.documents is not None:
        if not plan.documents.is_dir():
            raise SetupError(f"{plan.documents}: no such folder: --documents names one with a folder per vendor")
        found |= read_documents(plan.documents, plan.vendors, books=ours)
    return found


def every_name(plan: Plan) -> list[str]:
    """Return the vendors that could be served, whether or not the plan wants them."""
    folders = [shipped("schemas"), *([plan.documents] if plan.documents else [])]
    return sorted({path.name for folder in folders for path in vendor_folders(folder)})


def check_names(plan: Plan, documents: Mapping[str, Document]) -> None:
    known = {document.vendor for document in documents.values()} | documents.keys()
    for name in sorted(set(plan.vendors) - known):
        check_vendor(name, every_name(plan))


def account_file(document: Document) -> AccountFile:
    """Return a vendor's demo account: beside its document, or ours; without a file, one made-up credential."""
    beside, ours = document.folder.parent / "_accounts", shipped("fixtures/accounts")
    path = next((path for folder in (beside, ours) if (path := folder / f"{document.vendor}.json").exists()), None)
    try:
        file = read_account_file(path) if path else AccountFile({"token": f"{document.vendor}-demo-token"})
        check_book(document, file.book)
    except (msgspec.MsgspecError, SetupError) as error:
        raise SetupError(f"{path or document.file}: {error}") from None
    return file


def read_account_file(path: Path) -> AccountFile:
    return msgspec.json.decode(path.read_bytes(), type=AccountFile)


async def grant_all(world: World, wishes: Sequence[Wish]) -> None:
    """Open the accounts of a file. Raises SetupError that names the place in it."""
    for place, wish in enumerate(wishes):
        try:
            await grant(world, wish)
        except SetupError as error:
            raise SetupError(f"--accounts $[{place}]: {error}") from None


async def grant(world: World, wish: Wish) -> Account:
    """Open the account that a tester asks for. Raises SetupError when it cannot be."""
    check_vendor(wish.vendor, world.documents.keys())
    account = furnish(world, wish)
    if wish.credits is None:
        account = await beginning(world.store, account)
    # Once as it is, and once more as it was opened.
    await check_room(world.store, 2 * len(msgspec.json.encode(account)))
    if await world.is_full():
        raise ConflictError(f"there are {MOST_ACCOUNTS} accounts, and no more can be opened: close some first")
    if not await world.open(account):
        raise ConflictError(f"{wish.vendor} has an account {account.name!r}, or one with that credential, already")
    return account if wish.scenario is None else await staged(world, account, wish.scenario)


async def staged(world: World, account: Account, scenario: str) -> Account:
    """Return an account that was just opened as its scenario makes it; where there is none for it, it goes again."""
    try:
        await stage(world, scenario, f"{account.vendor}/{account.name}")
    except SetupError:
        await world.store.commit(close_account(account, world.vendors[account.vendor]), {})
        raise
    (held,) = await world.store.read([account_key(account.vendor, account.name)])
    return read_account(held) if held else account


def furnish(world: World, wish: Wish) -> Account:
    """Return the account wished for: what demo began with where nothing else is said, credentials of its own.

    Raises SetupError where it does not fit its vendor.
    """
    vendor, demo = world.vendors[wish.vendor], world.demo(wish.vendor)
    made_up = {key: world.ids.token(f"{vendor.name}-{key.replace('_', '-')}") for key in demo.credentials}
    account = replace(
        demo,
        name=wish.name or world.ids.token("account"),
        credentials=made_up | wish.credentials,
        credits=demo.credits if wish.credits is None else wish.credits,
        book=demo.book | wish.book,
        options=demo.options | wish.options,
    )
    check_fit(vendor, world.documents[wish.vendor], account, demo)
    return account
