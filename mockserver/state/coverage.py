"""What the calls of an account have kept and broken, as rows of a store: a row an account, written when it grows."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec
from msgspec import Struct

from mockserver.state.store import Held, Key, Write

SHELF = "coverage"
# In the place of an account: whose calls showed no known credential, or whose account has been closed.
NOBODY = ""


class Seen(Struct, frozen=True, omit_defaults=True):
    """Claims by their names, in their order: the same ones make the same text."""

    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def all_of(found: Iterable[Seen]) -> Seen:
    """Return what any of them has seen."""
    whole = tuple(found)
    kept = {claim for each in whole for claim in each.kept}
    broken = {claim for each in whole for claim in each.broken}
    return Seen(tuple(sorted(kept)), tuple(sorted(broken)))


@lru_cache(maxsize=1024)
def coverage_key(vendor: str, account: str) -> Key:
    return (SHELF, vendor, account)


def read_seen(held: Held) -> Seen:
    return read_seen_text(held.value)


def read_seen_text(text: bytes) -> Seen:
    return msgspec.json.decode(text, type=Seen)


def write_seen(vendor: str, account: str, seen: Seen) -> Write:
    return Write(coverage_key(vendor, account), msgspec.json.encode(seen))
