"""Every shelf of the store in one table: the word that resets it, what its rows are, and whose each of them is."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Raw, Struct

from mockserver.model import Account, Fault, Record, Token
from mockserver.state.accounts import account_in
from mockserver.state.clock import Dial
from mockserver.state.coverage import Seen
from mockserver.state.deliveries import Delivery, Due
from mockserver.state.journal import Entry
from mockserver.state.media import Lying
from mockserver.state.rates import Window
from mockserver.state.scenarios import Staged
from mockserver.state.store import Dump, Key, Write

ACCOUNTS, CLOCK, FAULTS, JOURNAL, RECORDS, WEBHOOKS = WORDS = (
    "accounts",
    "clock",
    "faults",
    "journal",
    "records",
    "webhooks",
)
EVERYBODY = "*"
# How the server started, for a reset to go back to: no part of a snapshot, since another server started otherwise.
START: Key = ("start",)
OPENING = "opening"
Owner: TypeAlias = Callable[[Key, bytes], str | None]


class Row(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What lies under a key, as JSON; the key without the shelf's name."""

    key: tuple[str, ...]
    value: Raw


class Start(Struct, frozen=True):
    """All that a server held when it had started, and where its source of chance stood."""

    shelves: Mapping[str, tuple[Row, ...]] = {}
    chance: str = ""


class Shelf(Struct, frozen=True):
    """`word` resets it; a key has `steps` words, the shelf's name included; each value is a `kind`.

    `owner` says whose a row is (`vendor/name`), None where it is nobody's own. `outlives`: rows stay when their
    account goes.
    """

    word: str
    steps: int
    kind: Any
    owner: Owner
    outlives: bool = False


class Caller(Struct, frozen=True):
    """Of an entry in the journal only who called."""

    vendor: str
    account: str | None


def nobody(_key: Key, _text: bytes) -> None:
    return None


def by_key(key: Key, _text: bytes) -> str | None:
    return None if EVERYBODY in key[1:3] else f"{key[1]}/{key[2]}"


def by_token(key: Key, text: bytes) -> str:
    return f"{key[1]}/{account_in(text)}"


def by_entry(_key: Key, text: bytes) -> str | None:
    caller = msgspec.json.decode(text, type=Caller)
    return f"{caller.vendor}/{caller.account}" if caller.account else None


# The table of media is one row with the lines of all: whose each of them is, it says itself.
SHELVES: Mapping[str, Shelf] = {
    "account": Shelf(ACCOUNTS, 3, Account, by_key),
    OPENING: Shelf(ACCOUNTS, 3, Mapping[str, tuple[Row, ...]], by_key),
    "token": Shelf(ACCOUNTS, 3, Token, by_token),
    "issued": Shelf(ACCOUNTS, 3, Token, by_token),
    "record": Shelf(RECORDS, 5, Record, by_key),
    "journal": Shelf(JOURNAL, 2, Entry, by_entry, outlives=True),
    "tally": Shelf(JOURNAL, 5, int, nobody),
    "media": Shelf(FAULTS, 1, tuple[Lying, ...], nobody),
    "clock": Shelf(CLOCK, 1, Dial, nobody),
    "coverage": Shelf(JOURNAL, 3, Seen, by_key, outlives=True),
    "fault": Shelf(FAULTS, 3, tuple[Fault, ...], by_key),
    "rate": Shelf(FAULTS, 6, Window, by_key),
    "scenario": Shelf(FAULTS, 3, Staged, by_key),
    "delivery": Shelf(WEBHOOKS, 4, Delivery, by_key),
    "due": Shelf(WEBHOOKS, 4, Due, by_key),
}


def shelves_of(words: Mapping[str, Any] | set[str]) -> list[str]:
    """Return the shelves that these words reset."""
    return [name for name, shelf in SHELVES.items() if shelf.word in words]


def stored(dump: Dump) -> dict[str, tuple[Row, ...]]:
    """Return a dump as JSON has it."""
    return {
        name: tuple(Row(key[1:], Raw(value)) for key, value in rows)
        for name, rows in dump.shelves.items()
        if name in SHELVES
    }


def loadable(shelves: Mapping[str, tuple[Row, ...]], evicted: Mapping[str, int] | None = None) -> Dump:
    """Return what a store can load."""
    rows = {name: [((name, *row.key), bytes(row.value)) for row in kept] for name, kept in shelves.items()}
    return Dump(rows, evicted or {})


def write_start(dump: Dump, chance: str) -> Write:
    return Write(START, msgspec.json.encode(Start(stored(dump), chance)))


def read_start(text: bytes) -> Start:
    return msgspec.json.decode(text, type=Start)
