"""Lists as testers see them: newest first, a page at a time."""

from collections.abc import AsyncIterator, Callable

from msgspec import Raw, Struct

from mockserver.state.store import Key, Store

# Few pages: each begins its search at the newest row.
PAGE = 10_000
LONGEST_CURSOR = 20


class Unknown(LookupError):  # noqa: N818  # it names what was asked for, which may be nobody's error
    """There is nothing by that name."""


class Page(Struct, frozen=True):
    """One page of a list, newest first; `cursor` begins the next, None after the last."""

    items: list[Raw]
    total: int
    evicted: int
    cursor: str | None


async def rows(store: Store, prefix: Key, before: int | None = None) -> AsyncIterator[tuple[Key, bytes, int]]:
    while page := await store.scan(prefix, limit=PAGE, before=before):
        for key, held in page:
            yield key, held.value, held.order
        before = page[-1][1].order


async def page_of(store: Store, prefix: Key, fit: Callable[[Key, bytes], bool], limit: int, cursor: str | None) -> Page:
    before = int(cursor) if cursor and cursor.isdecimal() and len(cursor) <= LONGEST_CURSOR else None
    found = [(order, value) async for key, value, order in rows(store, prefix) if fit(key, value)]
    rest = [item for item in found if before is None or item[0] < before]
    more = len(rest) > limit
    evicted = (await store.evicted()).get(prefix[0], 0)
    return Page(
        [Raw(value) for _, value in rest[:limit]], len(found), evicted, str(rest[limit - 1][0]) if more else None
    )
