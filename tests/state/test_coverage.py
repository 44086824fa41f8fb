"""Rows of what was seen."""

import asyncio

from mockserver.state.coverage import Seen, all_of, coverage_key, read_seen, write_seen
from mockserver.state.memory import MemoryStore
from mockserver.state.store import QUOTAS, Quota


def test_what_was_seen_is_read_as_it_was_written() -> None:
    async def through() -> Seen:
        store = MemoryStore()
        await store.commit([write_seen("acme", "demo", Seen(("a", "b"), ("c",)))], {})
        (held,) = await store.read([coverage_key("acme", "demo")])
        assert held
        return read_seen(held)

    assert asyncio.run(through()) == Seen(("a", "b"), ("c",))


def test_the_same_claims_make_the_same_text() -> None:
    found = [Seen(("b",), ("d", "a")), Seen(("a", "b"), ("a",))]
    assert all_of(found) == all_of(reversed(found)) == Seen(("a", "b"), ("a", "d"))
    assert all_of([]) == Seen()


def test_the_shelf_is_bounded_and_tells_what_it_lost() -> None:
    async def fill() -> int:
        store = MemoryStore({**QUOTAS, "coverage": Quota(2, 10_000)})
        await store.commit([write_seen("acme", name, Seen(("a",))) for name in "abc"], {})
        return (await store.evicted())["coverage"]

    assert asyncio.run(fill()) == 1
