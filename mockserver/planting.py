"""Planting faults and lifting them; what a fault may be is said here, once for every way in."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from mockserver.errors import ConflictError, SetupError
from mockserver.kit.wishes import whole
from mockserver.model import PROBLEMS, WIRES, Fault, Match, Rate, parse_pace
from mockserver.model.faults import ACCEPT, LONGEST_DELAY, STEPS, TOO_MANY
from mockserver.state.accounts import account_key
from mockserver.state.faults import EVERY, MOST_FAULTS, SHELF, Row, decode_faults, fault_key, read_rows, write_row
from mockserver.state.rates import SHELF as RATES
from mockserver.state.rates import fault_prefix
from mockserver.state.store import QUOTAS, Key, Store, Write
from mockserver.world import World

DAY = 86_400
PAGE = 10_000
# These are searched for, and "$" would let a line's end come last.
NAME = r"\A[A-Za-z0-9@._-]{1,100}\Z"
# A header's name, alone or with the value that it must have.
HEADER = r"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}(:[\t -~\x80-\xff]{0,1000})?\Z"
Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class RateWish(Struct, frozen=True, forbid_unknown_fields=True):
    calls: Annotated[int, Meta(ge=0, le=1_000_000)]
    seconds: Annotated[float, Meta(gt=0, le=DAY)]


class MatchWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Which calls are meant; `account` may be `vendor/name`."""

    vendor: Annotated[str, Meta(max_length=100)] | None = None
    account: Annotated[str, Meta(max_length=201)] | None = None
    operation: Annotated[str, Meta(max_length=100)] | None = None
    header: Annotated[str, Meta(pattern=HEADER)] | None = None


class FaultWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault as a tester asks for it, and as a scenario's file holds it."""

    name: Annotated[str, Meta(pattern=NAME)] | None = None
    match: MatchWish = MatchWish()
    problem: str | None = None
    wire: str | None = None
    delay: Annotated[float, Meta(ge=0, le=LONGEST_DELAY)] = 0.0
    times: Count | None = None
    chance: Annotated[float, Meta(ge=0, le=1)] = 1.0
    step: str | None = None
    retry_after: Annotated[int, Meta(ge=0, le=DAY)] | None = None
    rate: RateWish | None = None
    pace: str | float | None = None
    fail: bool = False


def read_wish(value: Mapping[str, Any]) -> FaultWish:
    """Return the wish that a mapping stands for. Raises SetupError that names the place."""
    try:
        return msgspec.convert(whole(value), FaultWish)
    except msgspec.ValidationError as error:
        raise SetupError(f"this is no fault: {error}") from None


def fault_of(world: World, wish: FaultWish) -> Fault:
    """Return the fault wished for, under a made-up name where it has none. Raises SetupError that says what to mend."""
    asked = {name: value for name in ("problem", "wire", "fail") if (value := getattr(wish, name))}
    problem = TOO_MANY if wish.rate and not asked and not wish.delay and wish.pace is None else wish.problem
    check_words(replace(wish, problem=problem))
    kind = problem or wish.wire or ("delay" if wish.delay else "records")
    return Fault(
        name=wish.name or world.ids.token(kind),
        match=place(world, wish.match),
        problem=problem,
        wire=wish.wire,
        delay=wish.delay,
        times=wish.times,
        chance=wish.chance,
        step=wish.step,
        retry_after=wish.retry_after,
        rate=Rate(wish.rate.calls, wish.rate.seconds) if wish.rate else None,
        pace=factor_of(wish.pace),
        fail=wish.fail,
    )


def check_words(wish: FaultWish) -> None:
    for noun, known in (("problem", PROBLEMS), ("wire", WIRES), ("step", STEPS)):
        value = getattr(wish, noun)
        if value is not None and value not in known:
            raise SetupError(f"there is no {noun} {value[:100]!r}: known are {', '.join(known)}")
    is_of_records = wish.fail or wish.pace is not None
    if not (wish.problem or wish.wire or wish.delay or is_of_records):
        raise SetupError("a fault has a problem, a wire, a delay, a rate, a pace or fail")
    if is_of_records and (wish.problem or wish.wire or wish.step):
        raise SetupError("pace and fail change what becomes of records: they take no problem, wire or step")
    if wish.retry_after is not None and wish.problem != TOO_MANY:
        raise SetupError(f"retry_after goes with the problem {TOO_MANY}")
    if wish.step and (wish.step == ACCEPT) is (wish.problem is not None):
        raise SetupError(f"a problem speaks at one of {', '.join(STEPS[:-1])}; a wire or a delay at {ACCEPT}")


def factor_of(pace: str | float | None) -> float | None:
    """Return by what the waits of records are multiplied."""
    if pace is None:
        return None
    found = parse_pace(f"{pace:.6f}" if isinstance(pace, float) else pace)
    if found is None or found.factor is None:
        raise SetupError(f"a fault's pace is a number or immediate, not {pace!r}")
    return found.factor


def place(world: World, match: MatchWish) -> Match:
    """Return the match with vendor and account apart. Raises SetupError for what there is not."""
    vendor, account = match.vendor, match.account
    if account is not None and "/" in account:
        named, _, account = account.partition("/")
        if vendor not in (None, named):
            raise SetupError(f"an account of {named} is none of {vendor}")
        vendor = named
    if account is not None and vendor is None:
        raise SetupError("an account is named with its vendor: as vendor/name, or beside vendor")
    if vendor is not None and vendor not in world.documents:
        raise SetupError(f"there is no vendor {vendor!r}: known are {', '.join(world.documents)}")
    if match.operation is not None:
        check_operation(world, vendor, match.operation)
    return Match(vendor, account, match.operation, match.header)


def check_operation(world: World, vendor: str | None, operation: str) -> None:
    documents = [world.documents[vendor]] if vendor else world.documents.values()
    known = list(dict.fromkeys(endpoint.id for document in documents for endpoint in document.endpoints))
    if operation not in known:
        raise SetupError(f"there is no operation {operation!r}: known are {', '.join(known)}")


async def plant(world: World, faults: Sequence[Fault]) -> None:
    """Plant all or none, behind those that are there.

    Raises ConflictError when a name is taken in its scope or there would be too many, SetupError when there is no such
    account.
    """
    is_planted = False
    while not is_planted:
        is_planted = await world.store.commit(*await changes(world, faults))


async def changes(
    world: World, faults: Sequence[Fault], is_lifted: Callable[[Fault], bool] = lambda _: False
) -> tuple[list[Write], dict[Key, int]]:
    """Return what plants all behind those that stay, and lifts the others, with the versions that this rests on.

    Raises as `plant` does.
    """
    rows = {key_of(fault): Row(key_of(fault)) for fault in faults}
    rows |= {row.key: row async for row in every_row(world.store)}
    left = {key: [fault for fault in row.faults if not is_lifted(fault)] for key, row in rows.items()}
    check_count([*faults, *chain(*left.values())])
    versions = await accounts_of(world, dict.fromkeys(map(key_of, faults)))
    for fault in faults:
        check_name(fault, left[key_of(fault)])
        left[key_of(fault)].append(fault)
    changed = [row for row in rows.values() if [*row.faults] != left[row.key]]
    writes = [write_row(row.key, left[row.key]) for row in changed]
    windows = await emptied(world.store, faults)
    return [*writes, *windows], {**versions, **{row.key: row.version for row in changed}}


async def emptied(store: Store, faults: Iterable[Fault]) -> list[Write]:
    """Return the writes that let rates count anew: their windows outlive the faults that were called so before."""
    prefixes = [fault_prefix(fault) for fault in faults if fault.rate]
    most = QUOTAS[RATES].count
    return [Write(key) for prefix in prefixes for key, _ in await store.scan(prefix, limit=most)]


def key_of(fault: Fault) -> Key:
    return fault_key(fault.match.vendor, fault.match.account)


async def read_all(store: Store, keys: Iterable[Key]) -> list[Row]:
    """Return the rows by these keys, empty ones where there are none."""
    wanted = [*keys]
    found = {row.key: row for row in read_rows(wanted, await store.read(wanted))}
    return [found.get(key) or Row(key) for key in wanted]


async def accounts_of(world: World, keys: Iterable[Key]) -> dict[Key, int]:
    """Return the accounts among these scopes with their versions. Raises SetupError for one there is not."""
    named = [account_key(vendor, account) for _, vendor, account in keys if account != EVERY]
    versions = {}
    for key, held in zip(named, await world.store.read(named), strict=True):
        if held is None:
            raise SetupError(f"{key[1]} has no account {key[2]!r}")
        versions[key] = held.version
    return versions


def check_count(faults: Iterable[Fault]) -> None:
    if sum(not fault.is_shipped for fault in faults) > MOST_FAULTS:
        raise ConflictError(f"there would be more than {MOST_FAULTS} faults: lift some first")


def check_name(fault: Fault, beside: Iterable[Fault]) -> None:
    if any(fault.name == other.name for other in beside):
        raise ConflictError(f"a fault {fault.name!r} is planted there already")


async def planted(store: Store, account: str | None = None) -> list[Fault]:
    """Return what is planted, scope by scope in the order of planting; of an account named, what came with it too."""
    rows = [row async for row in every_row(store)]
    return [fault for row in rows for fault in row.faults if is_meant(fault, account)]


async def every_row(store: Store) -> AsyncIterator[Row]:
    for key, held in await store.scan_up((SHELF,), limit=PAGE):
        yield Row(key, held.version, decode_faults(held.value))


def is_meant(fault: Fault, account: str | None) -> bool:
    """Say whether a tester means this fault: what came with our own accounts only where the account is named."""
    return not fault.is_shipped if account is None else account == f"{fault.match.vendor}/{fault.match.account}"


async def lift(store: Store, is_lifted: Callable[[Fault], bool]) -> int:
    """Take faults away; return how many they were."""
    lifted = 0
    async for found in every_row(store):
        row, is_done = found, False
        while not is_done:
            left = [fault for fault in row.faults if not is_lifted(fault)]
            gone = len(row.faults) - len(left)
            is_done = not gone or await store.commit([write_row(row.key, left)], {row.key: row.version})
            if not is_done:
                (row,) = await read_all(store, [row.key])
        lifted += gone
    return lifted
