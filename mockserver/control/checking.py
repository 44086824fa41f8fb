"""Whether the rows of a snapshot could have been written here: each by itself, and all of them together."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from mockserver.control.filling import written
from mockserver.creation import SetupError
from mockserver.delivery.attempting import LONGEST_PAUSE
from mockserver.fitting import check_book, check_options, check_vendor
from mockserver.model import Account, Fault, Record, Token
from mockserver.planting import fault_of, read_wish
from mockserver.state.accounts import Credits, switches, tokens_of
from mockserver.state.clock import FIRST, LAST, Dial, pace_of
from mockserver.state.deliveries import STATES, Delivery, Due
from mockserver.state.faults import EVERY, fault_key
from mockserver.state.journal import Entry
from mockserver.state.media import ONE_ADDRESS, Lying
from mockserver.state.shelves import EVERYBODY, OPENING, SHELVES, Row, Shelf, by_key
from mockserver.state.store import MOST_ACCOUNTS, Key
from mockserver.world import World

Rows: TypeAlias = Mapping[str, tuple[Row, ...]]
NAME = re.compile(r"[A-Za-z0-9@._-]{1,100}", re.ASCII)
# A key of so many words names no vendor.
PLAIN = 2
WIDE = frozenset({"fault", "rate", "scenario"})
# More seconds than any clock here comes to, at any pace.
ENDLESS = 1e18
LONGEST = 500
# What no tester says of a fault: how it came to be there.
UNASKED = ("is_shipped", "staged")


class Wrong(ValueError):  # noqa: N818  # it is told as what is wrong with one row
    """Why a row could not have been written here."""


def check_rows(world: World, shelves: Rows) -> dict[str, tuple[Row, ...]]:
    """Return the rows as this server keeps them. Raises SetupError that names the first that it never would."""
    accounts = {f"{each.vendor}/{each.name}": each for each, _ in read_shelf(world, shelves, "account")}
    checked = {name: tuple(row for _, row in read_shelf(world, shelves, name, accounts)) for name in shelves}
    check_accounts(world, accounts, checked)
    return checked


def read_shelf(
    world: World, shelves: Rows, name: str, accounts: Mapping[str, Account] | None = None
) -> Iterator[tuple[Any, Row]]:
    """Yield what the rows of a shelf are, and the rows; whose they are is only asked where `accounts` are known."""
    seen: set[tuple[str, ...]] = set()
    for row in shelves.get(name, ()):
        try:
            if row.key in seen:
                raise Wrong("it is there twice")
            seen.add(row.key)
            value, text = read_value(world, (name, *row.key), row.value)
            check_owner((name, *row.key), bytes(text), accounts)
        except (ValueError, RecursionError) as error:
            raise SetupError(f"{name} {'/'.join(row.key)}: {error}"[:LONGEST]) from None
        yield value, Row(row.key, text)


def read_value(world: World, key: Key, text: Raw) -> tuple[Any, Raw]:
    """Return a value, and its text as it would have been written here: in one line, whatever it came in."""
    shelf = SHELVES[key[0]]
    if len(key) != shelf.steps:
        raise Wrong(f"its key has {len(key) - 1} words, and not {shelf.steps - 1}")
    check_scope(world, key, shelf)
    value = msgspec.json.decode(text, type=shelf.kind)
    check_moments(value)
    check = CHECKS.get(key[0])
    checked = check(world, key, value) if check else value
    return checked, Raw(msgspec.json.encode(written(text, value) if checked is value else checked))


def check_scope(world: World, key: Key, shelf: Shelf) -> None:
    """Hold the first words of a key to a vendor that there is, and to everybody only what may be everybody's."""
    if len(key) > PLAIN and not (key[0] in WIDE and key[1] == EVERYBODY):
        check_vendor(key[1], world.documents.keys())
        if shelf.owner is by_key and key[0] not in WIDE and key[2] == EVERYBODY:
            raise Wrong("this is nobody's own")


def check_owner(key: Key, text: bytes, accounts: Mapping[str, Account] | None) -> None:
    shelf = SHELVES[key[0]]
    if accounts is None or shelf.outlives:
        return
    owner = shelf.owner(key, text)
    if owner is not None and owner not in accounts:
        raise Wrong(f"there is no account {owner}")


def check_moments(value: Any) -> None:
    """Raise Wrong for a moment, here or in a list of this value, that no clock here could tell."""
    for each in value if isinstance(value, tuple) else ():
        check_moments(each)
    for name in getattr(value, "__struct_fields__", ()):
        moment = getattr(value, name)
        if isinstance(moment, datetime):
            check_moment(name, moment)
        elif isinstance(moment, float) and abs(moment) > ENDLESS:
            raise Wrong(f"{name} is longer than anything takes")
        elif isinstance(moment, tuple):
            check_moments(moment)


def check_moment(name: str, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise Wrong(f"{name} has no time zone")
    # When a credential ends is for its vendor to say, and is only ever compared.
    if name != "expires" and not FIRST <= moment <= LAST:
        raise Wrong(f"{name} is {moment.date()}, and the clock goes from {FIRST.date()} to {LAST.date()}")


def check_account(world: World, key: Key, account: Account) -> Account:
    check_vendor(account.vendor, world.documents.keys())
    if key[1:] != (account.vendor, account.name) or not NAME.fullmatch(account.name):
        raise Wrong(f"this is the account {account.vendor}/{account.name}")
    msgspec.convert(account.credits, Credits | None)
    vendor = world.vendors[account.vendor]
    check_options(vendor, account.options)
    check_book(world.documents[account.vendor], account.book)
    options = switches(vendor, account.options)
    return account if options == account.options else replace(account, options=options)


def check_record(_world: World, key: Key, record: Record) -> Record:
    if key[1:] != (record.vendor, record.account, record.kind, record.id):
        raise Wrong(f"this is the record {record.vendor}/{record.account}/{record.kind}/{record.id}")
    if not 0 <= record.pushed <= len(record.timeline):
        raise Wrong(f"{record.pushed} of {len(record.timeline)} moments cannot be past")
    return record


def check_entry(world: World, key: Key, entry: Entry) -> Entry:
    check_vendor(entry.vendor, world.documents.keys())
    if key[1] != entry.id:
        raise Wrong(f"this is the call {entry.id}")
    return entry


def check_count(_world: World, _key: Key, count: int) -> int:
    if count < 0:
        raise Wrong("nobody called less than never")
    return count


def check_dial(_world: World, _key: Key, dial: Dial) -> Dial:
    pace_of(dial.pace)
    return dial


def check_media(world: World, _key: Key, lines: tuple[Lying, ...]) -> tuple[Lying, ...]:
    for line in lines:
        if not line.has_one_address:
            raise Wrong(f"a line of the table has {ONE_ADDRESS}")
        if line.account is not None:
            check_vendor(line.account.partition("/")[0], world.documents.keys())
    return lines


def check_opening(world: World, key: Key, opening: Rows) -> Rows:
    """Hold what an account was opened with to what any rows are held to."""
    if unknown := opening.keys() - SHELVES.keys() | opening.keys() & {OPENING}:
        raise Wrong(f"no account is opened with a shelf {min(unknown)!r}")
    checked = check_rows(world, opening)
    if [row.key for row in checked.get("account", ())] != [key[1:]]:
        raise Wrong("it tells of another account")
    return checked


def check_faults(world: World, key: Key, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Hold faults to what may be planted, and to where."""
    for fault in faults:
        asked = {name: value for name, value in msgspec.to_builtins(fault).items() if name not in UNASKED}
        planted = replace(fault_of(world, read_wish(asked)), is_shipped=fault.is_shipped, staged=fault.staged)
        is_there = fault_key(fault.match.vendor, fault.match.account) == key
        if planted != fault or not is_there or fault.staged not in (None, EVERY, "/".join(key[1:])):
            raise Wrong(f"{fault.name} would not have been planted so")
    return faults


def check_delivery(_world: World, key: Key, delivery: Delivery) -> Delivery:
    """Let go of the attempts that were on their way: whoever made them is long done, or elsewhere."""
    if key != delivery.key or delivery.state not in STATES:
        raise Wrong(f"this is {'/'.join(delivery.key[1:])}, {delivery.state}")
    return replace(delivery, taken=()) if delivery.taken else delivery


def check_due(world: World, key: Key, due: Due) -> Due:
    """Hold a pause to what the vendor has, or a receiver may ask for; what was on its way is free to go out again."""
    retry = world.vendors[key[1]].retry
    longest = max((LONGEST_PAUSE, *retry.pauses))
    if not (due.stage >= 0 and 0 <= due.tried <= len(retry.pauses)):
        raise Wrong(f"nothing waits for the moment {due.stage}, or was tried {due.tried} times")
    if not 0 <= due.pause <= longest:
        raise Wrong(f"pause is 0 to {longest:g} seconds")
    return replace(due, leased=None) if due.leased else due


Check: TypeAlias = Callable[[World, Key, Any], Any]
CHECKS: Mapping[str, Check] = {
    "account": check_account,
    "record": check_record,
    "journal": check_entry,
    "tally": check_count,
    "clock": check_dial,
    "media": check_media,
    "fault": check_faults,
    "delivery": check_delivery,
    "due": check_due,
    OPENING: check_opening,
}


def check_accounts(world: World, accounts: Mapping[str, Account], rows: Rows) -> None:
    """Raise SetupError where the credentials that open something are not exactly those of the accounts."""
    if len(accounts) > MOST_ACCOUNTS:
        raise SetupError(f"there are at most {MOST_ACCOUNTS} accounts, and the snapshot has {len(accounts)}")
    kept = {("token", *row.key): msgspec.json.decode(row.value, type=Token) for row in rows.get("token", ())}
    due = dict(every_token(world, accounts))
    for key in sorted(kept.keys() | due.keys()):
        if kept.get(key) != due.get(key):
            raise SetupError(f"token {key[1]}: a credential ending in {key[2][-4:]!r} is not as its account has it")


def every_token(world: World, accounts: Mapping[str, Account]) -> Iterator[tuple[Key, Token]]:
    seen: set[Key] = set()
    for name, account in accounts.items():
        for key, token in tokens_of(account, world.vendors[account.vendor]):
            if key in seen:
                raise SetupError(f"account {name}: another account has one of its credentials")
            seen.add(key)
            yield key, token
