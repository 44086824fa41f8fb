"""The storage contract on one page; every store passes the same tests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

Key: TypeAlias = tuple[str, ...]


class Held(Struct, frozen=True, gc=False):
    """What lies under a key: JSON text, the version that wrote it, and its place in the order of arrival."""

    value: bytes
    version: int
    order: int


class Write(Struct, frozen=True, gc=False):
    """A key's new value; None removes it, unless `add` says by how much the whole number that lies there grows.

    `late` makes the value of a new key. Of it and of `add` a store may work out the outcome after the commit, but
    before anybody can see that it has not.
    """

    key: Key
    value: bytes | None = None
    add: int = 0
    late: Callable[[], bytes] | None = None


class Quota(Struct, frozen=True):
    """How much of a shelf is kept; beyond it the oldest go."""

    count: int
    bytes: int


class Fill(Struct, frozen=True):
    """How much lies on a shelf, and how many rows its quota has pushed out."""

    count: int
    bytes: int
    evicted: int


class Dump(Struct, frozen=True):
    """All that a store holds: each shelf's rows in the order of their arrival, and what its quota has pushed out."""

    shelves: Mapping[str, Sequence[tuple[Key, bytes]]] = {}
    evicted: Mapping[str, int] = {}


MIB = 1024 * 1024
QUOTAS: Mapping[str, Quota] = {
    "journal": Quota(10_000, 64 * MIB),
    "record": Quota(100_000, 256 * MIB),
    "issued": Quota(100_000, 32 * MIB),
    "rate": Quota(20_000, 8 * MIB),
    "coverage": Quota(10_000, 32 * MIB),
    "delivery": Quota(10_000, 128 * MIB),
    "due": Quota(20_000, 16 * MIB),
}
# Accounts are never pushed out: somebody's test relies on each. Further ones are refused instead.
MOST_ACCOUNTS = 10_000
# Of accounts, and of how each was opened.
MOST_ACCOUNT_BYTES = 128 * MIB


class StoreError(Exception):
    """The store cannot be asked now. What was to be committed is kept as a whole, or not at all."""


class Store(Protocol):
    """Keys are tuples, their first word is the shelf; values are JSON text, so what works here works anywhere.

    All methods are atomic. `commit` writes all or nothing, and nothing when a key's version is not the expected
    one (0: the key is absent). `scan` gives the newest first, those that came before an order; `scan_up` the oldest
    first, those that came after one; the orders of all shelves are one count. `evicted` counts what a quota pushed
    out, by shelf, and `filled` what is there. `load` puts shelves in the place of those by the same names: one that
    the dump lacks is empty afterwards. Their rows have versions that no row ever had, so whatever was decided on what
    was there before fails to commit.

    Others may write to a store that `is_shared`, unheard; one that is not in this process may raise StoreError.
    """

    name: str
    is_shared: bool

    async def read(self, keys: Sequence[Key]) -> list[Held | None]: ...
    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool: ...
    async def scan(self, prefix: Key, *, limit: int = 100, before: int | None = None) -> list[tuple[Key, Held]]: ...
    async def scan_up(self, prefix: Key, *, limit: int = 100, after: int = 0) -> list[tuple[Key, Held]]: ...
    async def count(self, prefix: Key) -> int: ...
    async def clear(self, prefix: Key) -> int: ...
    async def evicted(self) -> Mapping[str, int]: ...
    async def filled(self) -> Mapping[str, Fill]: ...
    async def dump(self) -> Dump: ...
    async def load(self, dump: Dump, names: Collection[str]) -> None: ...


class Shared(Store, Protocol):
    """A store that others may have filled.

    `lay` loads a beginning once, and returns False where somebody has: then this store `is_joined`.
    """

    is_joined: bool

    async def lay(self, dump: Dump) -> bool: ...
