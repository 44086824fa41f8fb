"""What a store may work out after the commit: nobody can tell, except by the time it takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest

from mockserver.state.memory import MOST_LATE, MemoryStore
from mockserver.state.store import Dump, Key, Quota, Store, Write
from tests.state.conftest import Make

Read: TypeAlias = Callable[[Store], Awaitable[Any]]

A, B, SUM = ("shelf", "a"), ("shelf", "b"), ("sum", "of", "all")


class Maker:
    """Makes a value, and counts how often it was asked to."""

    def __init__(self, value: bytes = b"1") -> None:
        self.value, self.times = value, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.value


def broken() -> bytes:
    raise ValueError("ours")


@pytest.fixture
def store(make: Make) -> Store:
    return make({"shelf": Quota(1, 100)})


async def values(store: Store, *keys: Key) -> list[bytes | None]:
    return [held.value if held else None for held in await store.read(keys)]


async def listed(store: Store) -> list[tuple[Key, bytes]]:
    return [(key, held.value) for key, held in await store.scan(("shelf",))]


async def listed_up(store: Store) -> list[tuple[Key, bytes]]:
    return [(key, held.value) for key, held in await store.scan_up(("shelf",))]


async def dumped(store: Store) -> Any:
    return (await store.dump()).shelves["shelf"]


async def filled(store: Store) -> Any:
    return (await store.filled())["shelf"].count


async def evicted(store: Store) -> Any:
    await store.commit([Write(B, late=Maker())], {})
    return await store.evicted()


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (lambda store: values(store, B, A), [None, b"1"]),
        (listed, [(A, b"1")]),
        (listed_up, [(A, b"1")]),
        (dumped, [(A, b"1")]),
        (filled, 1),
        (evicted, {"shelf": 1}),
        (lambda store: store.count(("shelf",)), 1),
        (lambda store: store.clear(("shelf",)), 1),
    ],
    ids=["read", "scan", "scan_up", "dump", "filled", "evicted", "count", "clear"],
)
def test_whoever_looks_finds_what_was_committed(store: Store, read: Read, found: Any) -> None:
    made = Maker()

    async def work() -> Any:
        assert await store.commit([Write(A, late=made)], {})
        return await read(store)

    assert asyncio.run(work()) == found
    assert made.times == 1


def test_nothing_comes_of_a_commit_that_fails(store: Store) -> None:
    async def work() -> list[bytes | None]:
        assert not await store.commit([Write(A, late=Maker()), Write(SUM, add=1)], {B: 7})
        return await values(store, A, SUM)

    assert asyncio.run(work()) == [None, None]


def test_in_memory_nothing_is_made_for_a_commit_that_fails() -> None:
    store, made = MemoryStore(), Maker()

    async def work() -> list[bytes | None]:
        assert not await store.commit([Write(A, late=made)], {B: 7})
        return await values(store, A)

    assert asyncio.run(work()) == [None]
    assert made.times == 0


def test_what_comes_later_is_written_over_it(store: Store) -> None:
    async def work(value: bytes | None) -> list[bytes | None]:
        await store.commit([Write(A, late=Maker())], {})
        await store.commit([Write(A, value)], {})
        return await values(store, A)

    assert asyncio.run(work(b"2")) == [b"2"]
    assert asyncio.run(work(None)) == [None]


def test_a_row_has_one_version_however_late_it_is(store: Store) -> None:
    async def work() -> list[bytes | None]:
        await store.commit([Write(A, late=Maker()), Write(SUM, add=2)], {})
        assert not await store.commit([Write(A, b"2")], {A: 0})
        (first,) = await store.read([A])
        assert first
        assert await store.commit([Write(A, b"3")], {A: first.version})
        return await values(store, A, SUM)

    assert asyncio.run(work()) == [b"3", b"2"]


def test_rows_lie_in_the_order_they_were_written_in_whichever_of_them_are_late(make: Make) -> None:
    store = make({})

    async def work() -> list[Key]:
        writes = [Write(("shelf", "1"), late=Maker()), Write(("shelf", "2"), b"1"), Write(("shelf", "3"), add=1)]
        await store.commit([*writes, Write(("shelf", "4"), late=Maker())], {})
        return [key for key, _ in await store.scan_up(("shelf",))]

    assert asyncio.run(work()) == [("shelf", number) for number in "1234"]


def test_sums_are_whole_whenever_they_are_read(store: Store) -> None:
    async def work() -> list[list[bytes | None]]:
        found = []
        for number in (3, 4, 5):
            await store.commit([Write(SUM, add=number), Write(SUM, add=-1)], {})
            if number != 4:
                found.append(await values(store, SUM))
        return found

    assert asyncio.run(work()) == [[b"2"], [b"9"]]


def test_what_is_put_back_lies_where_the_late_would_have(store: Store) -> None:
    async def work() -> list[bytes | None]:
        await store.commit([Write(A, late=Maker())], {})
        await store.load(Dump({"shelf": [(A, b"7")]}), ["shelf"])
        return await values(store, A)

    assert asyncio.run(work()) == [b"7"]


def test_it_is_made_soon_even_if_nobody_looks() -> None:
    store, made = MemoryStore(), Maker()

    async def work() -> list[int]:
        found = []
        for _ in range(2):
            await store.commit([Write(A, late=made)], {})
            found.append(made.times)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return [*found, made.times]

    assert asyncio.run(work()) == [0, 1, 2]


def test_no_more_of_it_waits_than_is_bounded() -> None:
    store, made = MemoryStore(), Maker()

    async def work() -> list[int]:
        found = []
        for index in range(MOST_LATE):
            await store.commit([Write(("shelf", str(index)), late=made)], {})
            found.append(made.times)
        return found

    assert asyncio.run(work()) == [0] * (MOST_LATE - 1) + [MOST_LATE]


def test_a_value_that_cannot_be_made_is_told_and_the_others_are_kept(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    store = make({})

    async def work() -> list[bytes | None]:
        writes = [Write(A, late=broken), Write(B, late=Maker()), Write(SUM, add=1)]
        assert await store.commit(writes, {})
        return await values(store, A, B, SUM)

    with caplog.at_level(logging.ERROR, "mockserver"):
        assert asyncio.run(work()) == [None, b"1", b"1"]
    (record,) = caplog.records
    assert record.getMessage() == "shelf/a could not be kept"
