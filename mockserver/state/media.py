"""What lies behind the URLs that clients name: a table, since nothing here is ever fetched."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from mockserver.model import Behind
from mockserver.state.store import Held, Key, Write

MEDIA: Key = ("media",)
Failure: TypeAlias = Literal["missing", "forbidden", "expired", "too-large", "not-media", "slow"]
UNKNOWN = Behind()
ONE_ADDRESS = "either url or prefix"


class Lying(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of the table: `url` is met by itself and with any query, `prefix` by all that begins with it.

    `account` is `vendor/name`; without it the line holds for everybody.
    """

    url: str | None = None
    prefix: str | None = None
    account: str | None = None
    type: str | None = None
    size: int | None = None
    duration: float | None = None
    failure: Failure | None = None

    @property
    def has_one_address(self) -> bool:
        return (self.url is None) is not (self.prefix is None)

    @property
    def behind(self) -> Behind:
        return Behind(self.type, self.size, self.duration, self.failure)


class MediaFile(Struct, frozen=True, forbid_unknown_fields=True):
    item: tuple[Lying, ...] = ()


class Table(tuple[Lying, ...]):  # noqa: SLOT001  # a tuple of any length has no room for slots
    """Lines in their order, found by their addresses: most calls look, and a table may be long."""

    def __init__(self, _lines: Iterable[Lying] = ()) -> None:
        self.whole: dict[str, list[Lying]] = {}
        self.beginning: list[tuple[str, Lying]] = []
        for line in self:
            if line.url is not None:
                self.whole.setdefault(line.url, []).append(line)
            elif line.prefix:
                self.beginning.append((line.prefix, line))

    def met_by(self, url: str) -> list[Lying]:
        """Return the lines that an address meets; of those alike, in their order."""
        bare = url.partition("#")[0].partition("?")[0]
        met = [line for prefix, line in self.beginning if url.startswith(prefix)] if self.beginning else []
        met += self.whole.get(url, ())
        return met if bare == url else [*met, *self.whole.get(bare, ())]


EMPTY = Table()


@lru_cache(maxsize=4)
def decode_table(text: bytes) -> Table:
    return Table(msgspec.json.decode(text, type=tuple[Lying, ...]))


def read_table(held: Held | None) -> Table:
    return decode_table(held.value) if held else EMPTY


def write_table(items: Sequence[Lying]) -> Write:
    return Write(MEDIA, msgspec.json.encode(items) if items else None)


def read_media_file(path: Path) -> tuple[Lying, ...]:
    """Return the table of a file. Raises ValueError that names it."""
    try:
        table = msgspec.convert(tomllib.loads(path.read_text("utf-8")), MediaFile).item
    except (ValueError, msgspec.ValidationError) as error:
        raise ValueError(f"{path}: {error}") from None
    if wrong := [number for number, item in enumerate(table, 1) if not item.has_one_address]:
        raise ValueError(f"{path}: item {wrong[0]} has {ONE_ADDRESS}")
    return table


def look_behind(url: str, account: str, *tables: Table) -> Behind:
    """Return what the first table that knows the URL says.

    The account's own line counts before one for everybody, the whole URL before a prefix, the longer before the
    shorter, and of two that are alike the later.
    """
    for table in tables:
        met = table.met_by(url)
        mine = [item for item in met if item.account in (None, account)] if met else met
        if mine:
            return max(reversed(mine), key=weight).behind
    return UNKNOWN


def weight(item: Lying) -> tuple[bool, bool, int]:
    return item.account is not None, item.url is not None, len(item.url or item.prefix or "")
