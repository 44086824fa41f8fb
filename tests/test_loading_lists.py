"""A page of a list: where it begins and ends, what it counts, how little it reads."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import pytest

from mockserver.loading import PAGE, find
from mockserver.model import Account, Instant, Listing, Moment, Pace, Record, Ref, Standing
from mockserver.state.memory import MemoryStore
from mockserver.state.records import record_key, write_record
from mockserver.state.store import Held, Key, Store
from tests.facts import ID, NOW

Value = TypeVar("Value")
ACCOUNT = Account("acme", "demo")
INSTANT = Instant(NOW, 0.0, Pace("1"))


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


class Watched(MemoryStore):
    """Notes how many rows each scan gave."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int] = []

    async def scan(self, prefix: Key, *, limit: int = 100, before: int | None = None) -> list[tuple[Key, Held]]:
        found = await super().scan(prefix, limit=limit, before=before)
        self.given.append(len(found))
        return found


@pytest.fixture
def store() -> Watched:
    return Watched()


def keep(store: Store, *idents: str, kind: str = "call", account: str = "demo", **more: Any) -> None:
    records = [Record("acme", account, kind, ident, NOW, ID, {"number": ident}, **more) for ident in idents]
    run(store.commit([write_record(record) for record in records], {}))


def numbered(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def page(store: Store, **listing: Any) -> tuple[list[str], bool, int | None]:
    found, _ = run(find(store, ACCOUNT, Listing("call", **listing), INSTANT))
    return [each.id for each in found.items], found.more, found.total


def is_even(standing: Standing) -> bool:
    return int(standing.id) % 2 == 0


@pytest.mark.parametrize(
    ("listing", "items", "more"),
    [
        ({}, "9876543210", False),
        ({"most": 3}, "987", True),
        ({"most": 10}, "9876543210", False),
        ({"most": 9}, "987654321", True),
        ({"most": 0}, "", True),
        ({"most": 3, "skip": 8}, "10", False),
        ({"most": 3, "skip": 7}, "210", False),
        ({"most": 3, "skip": 6}, "321", True),
        ({"skip": 10}, "", False),
        ({"most": 3, "after": "7"}, "654", True),
        ({"most": 3, "after": "3"}, "210", False),
        ({"most": 3, "after": "7", "skip": 2}, "432", True),
        ({"after": "0"}, "", False),
        ({"after": "nobody"}, "", False),
        ({"most": 3, "fits": is_even}, "864", True),
        ({"most": 2, "fits": is_even, "skip": 1}, "64", True),
        ({"most": 5, "fits": is_even}, "86420", False),
        ({"fits": is_even, "after": "5"}, "420", False),
        ({"fits": lambda _: False}, "", False),
        ({"most": 3, "is_oldest_first": True}, "012", True),
        ({"most": 3, "after": "7", "is_oldest_first": True}, "89", False),
        ({"most": 2, "skip": 1, "fits": is_even, "is_oldest_first": True}, "24", True),
        ({"after": "nobody", "is_oldest_first": True}, "", False),
    ],
)
def test_a_page_of_a_list(store: Store, listing: dict[str, Any], items: str, *, more: bool) -> None:
    keep(store, *numbered(10))
    keep(store, "other", kind="name")
    keep(store, "theirs", account="theirs")
    assert page(store, **listing) == (list(items), more, None)


@pytest.mark.parametrize(
    ("listing", "total"),
    [
        ({}, 10),
        ({"most": 1, "skip": 3, "after": "5"}, 10),
        ({"fits": is_even}, 5),
        ({"fits": is_even, "most": 1, "skip": 2, "after": "5"}, 5),
        ({"fits": is_even, "is_oldest_first": True, "after": "nobody"}, 5),
        ({"fits": lambda _: False}, 0),
    ],
)
def test_how_many_fit_in_all_is_counted_where_somebody_asks(store: Store, listing: Any, total: int) -> None:
    keep(store, *numbered(10))
    keep(store, "theirs", account="theirs")
    assert page(store, counts=True, **listing)[2] == total


@pytest.mark.parametrize("is_oldest_first", [True, False])
def test_a_list_longer_than_many_pages_is_read_to_its_end(store: Store, *, is_oldest_first: bool) -> None:
    idents = numbered(2 * PAGE + 7)
    keep(store, *idents)
    down, up = idents[::-1], idents
    last = page(store, most=9, skip=2 * PAGE, is_oldest_first=is_oldest_first)
    assert last == ((up if is_oldest_first else down)[2 * PAGE :], False, None)
    rare = page(store, fits=lambda each: each.id in ("3", "1003"), counts=True, is_oldest_first=is_oldest_first)
    assert rare == (["3", "1003"] if is_oldest_first else ["1003", "3"], False, 2)


def test_the_first_page_reads_no_more_than_it_needs(store: Watched) -> None:
    keep(store, *numbered(3 * PAGE))
    judged: list[str] = []
    page(store, most=100)
    assert store.given == [101]
    page(store, most=10, skip=5, after="700")
    assert store.given == [101, 16]
    page(store, most=1, fits=lambda each: judged.append(each.id) or True)  # type: ignore[func-returns-value]
    assert len(judged) == 2


def test_a_filter_that_little_fits_reads_whole_pages(store: Watched) -> None:
    keep(store, *numbered(3 * PAGE))
    page(store, most=1, fits=lambda each: each.id == "0")
    assert store.given == [PAGE, PAGE, PAGE, 0]


def test_a_filter_sees_records_as_they_stand(store: Store) -> None:
    timeline = (Moment(10, {"state": "done"}),)
    keep(store, "old", timeline=timeline, began=-20.0)
    keep(store, "new", timeline=timeline, began=-5.0)
    assert page(store, fits=lambda each: each.body.get("state") == "done") == (["old"], False, None)


def test_what_was_found_comes_with_its_versions(store: Store) -> None:
    keep(store, *numbered(4))
    _, versions = run(find(store, ACCOUNT, Listing("call", most=2, skip=1), INSTANT))
    keys = [record_key(ACCOUNT, Ref("call", ident)) for ident in "21"]
    assert versions == {key: held.version for key, held in run(read_all(store, keys))}


async def read_all(store: Store, keys: Sequence[Key]) -> list[tuple[Key, Held]]:
    found = zip(keys, await store.read(keys), strict=True)
    return [(key, held) for key, held in found if held]


def test_others_are_served_while_every_record_is_counted(store: Store) -> None:
    keep(store, *numbered(3 * PAGE))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def counted() -> int | None:
        rest = asyncio.create_task(others())
        found, _ = await find(store, ACCOUNT, Listing("call", fits=is_even, counts=True), INSTANT)
        rest.cancel()
        return found.total

    assert (run(counted()), turns) == (3 * PAGE // 2, 3)
