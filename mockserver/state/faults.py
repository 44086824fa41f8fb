"""Planted faults as rows of a store, one for each scope, so that a call reads three keys whatever is planted."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import Fault, Match
from mockserver.state.store import Held, Key, Write

SHELF = "fault"
EVERY = "*"
MOST_FAULTS = 1_000


class Row(Struct, frozen=True, gc=False):
    """The faults of one scope in the order of their planting, and the version they were read at."""

    key: Key
    version: int = 0
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=1024)
def fault_key(vendor: str | None, account: str | None) -> Key:
    return (SHELF, vendor or EVERY, account or EVERY)


@lru_cache(maxsize=64)
def wide_keys(vendor: str) -> tuple[Key, Key]:
    """Return where faults lie that every account of a vendor meets."""
    return fault_key(vendor, None), fault_key(None, None)


@lru_cache(maxsize=256)
def decode_faults(text: bytes) -> tuple[Fault, ...]:
    return msgspec.json.decode(text, type=tuple[Fault, ...])


def read_rows(keys: Sequence[Key], found: Sequence[Held | None]) -> Iterator[Row]:
    """Yield the rows that there are."""
    for key, held in zip(keys, found, strict=True):
        if held is not None:
            yield Row(key, held.version, decode_faults(held.value))


def write_row(key: Key, faults: Collection[Fault]) -> Write:
    return Write(key, msgspec.json.encode(faults) if faults else None)


def spend(row: Row, spoke: Collection[tuple[str, Match]]) -> Write | None:
    """Return the row with one time less for each that spoke, None where nobody counts; what is used up is gone."""
    left = [spent(fault) if fault.ident in spoke else fault for fault in row.faults]
    if left == [*row.faults]:
        return None
    return write_row(row.key, [fault for fault in left if fault.times != 0])


def spent(fault: Fault) -> Fault:
    return fault if fault.times is None else replace(fault, times=fault.times - 1)
