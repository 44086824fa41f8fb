"""What every store promises."""

import asyncio
from collections.abc import Coroutine
from statistics import median
from time import process_time
from typing import Any, TypeVar

import pytest

from mockserver.state.memory import MemoryStore
from mockserver.state.store import Key, Quota, Store, Write
from tests.state.conftest import Make

Value = TypeVar("Value")


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def put(store: Store, *keys: Key, value: bytes = b"1") -> bool:
    return run(store.commit([Write(key, value) for key in keys], {}))


def keys(store: Store, prefix: Key, **rest: Any) -> list[Key]:
    return [key for key, _ in run(store.scan(prefix, **rest))]


def keys_up(store: Store, prefix: Key, **rest: Any) -> list[Key]:
    return [key for key, _ in run(store.scan_up(prefix, **rest))]


def version(store: Store, key: Key) -> int:
    (held,) = run(store.read([key]))
    return held.version if held else 0


A, B, C, D, E = (("shelf", name) for name in "abcde")


def test_what_was_written_is_read_in_the_order_asked(store: Store) -> None:
    assert run(store.commit([Write(A, b'{"a":1}'), Write(B, b"2")], {}))
    found = run(store.read([B, ("shelf", "nobody"), A, ("other", "a")]))
    assert [held and held.value for held in found] == [b"2", None, b'{"a":1}', None]


def test_every_write_has_a_version_of_its_own(store: Store) -> None:
    put(store, A, B)
    first, second = version(store, A), version(store, B)
    put(store, A)
    assert 0 < first < second < version(store, A)
    assert version(store, B) == second


def test_a_write_counts_only_if_nothing_has_moved(store: Store) -> None:
    put(store, A)
    seen = version(store, A)
    assert run(store.commit([Write(A, b"2")], {A: seen}))
    assert not run(store.commit([Write(A, b"3")], {A: seen}))
    assert [held and held.value for held in run(store.read([A]))] == [b"2"]


def test_all_is_written_or_nothing(store: Store) -> None:
    put(store, A)
    moved = version(store, A) - 1
    assert not run(store.commit([Write(B, b"1"), Write(A, None), Write(C, b"1")], {B: 0, A: moved}))
    assert keys(store, ("shelf",)) == [A]


def test_a_key_may_be_expected_to_be_absent(store: Store) -> None:
    assert run(store.commit([Write(A, b"1")], {A: 0}))
    assert not run(store.commit([Write(A, b"2")], {A: 0}))
    assert run(store.commit([Write(A, None)], {}))
    assert run(store.commit([Write(A, b"3")], {A: 0}))


def test_what_is_expected_need_not_be_written(store: Store) -> None:
    put(store, A)
    assert not run(store.commit([Write(B, b"1")], {A: 0}))
    assert run(store.commit([Write(B, b"1")], {A: version(store, A), C: 0}))


def test_removing_takes_a_key_away_once(store: Store) -> None:
    put(store, A, B)
    assert run(store.commit([Write(A, None), Write(C, None)], {}))
    assert run(store.commit([Write(A, None)], {}))
    assert (keys(store, ("shelf",)), run(store.count(("shelf",)))) == ([B], 1)


def test_the_newest_comes_first_and_rewriting_keeps_the_place(store: Store) -> None:
    put(store, A, B)
    put(store, C)
    put(store, A, value=b"2")
    assert keys(store, ("shelf",)) == [C, B, A]
    run(store.commit([Write(A, None)], {}))
    put(store, A)
    assert keys(store, ("shelf",)) == [A, C, B]


def test_a_list_is_read_page_by_page(store: Store) -> None:
    put(store, *(("shelf", str(index)) for index in range(5)))
    first = run(store.scan(("shelf",), limit=2))
    assert [key[-1] for key, _ in first] == ["4", "3"]
    put(store, ("shelf", "new"))
    run(store.commit([Write(first[-1][0], None)], {}))
    assert [key[-1] for key in keys(store, ("shelf",), limit=2, before=first[-1][1].order)] == ["2", "1"]
    assert keys(store, ("shelf",), before=1) == []
    assert keys(store, ("shelf",), limit=0) == []


def test_the_oldest_comes_first_going_up_and_rewriting_keeps_the_place(store: Store) -> None:
    put(store, A, B)
    put(store, C)
    put(store, A, value=b"2")
    assert keys_up(store, ("shelf",)) == [A, B, C]
    assert [held.value for _, held in run(store.scan_up(("shelf",)))] == [b"2", b"1", b"1"]
    run(store.commit([Write(A, None)], {}))
    put(store, A)
    assert keys_up(store, ("shelf",)) == [B, C, A]


def test_a_list_is_read_page_by_page_going_up(store: Store) -> None:
    put(store, *(("shelf", str(index)) for index in range(5)))
    first = run(store.scan_up(("shelf",), limit=2))
    assert [key[-1] for key, _ in first] == ["0", "1"]
    run(store.commit([Write(first[-1][0], None)], {}))
    put(store, ("shelf", "new"))
    place = first[-1][1].order
    assert [key[-1] for key in keys_up(store, ("shelf",), limit=2, after=place)] == ["2", "3"]
    assert [key[-1] for key in keys_up(store, ("shelf",), after=place)] == ["2", "3", "4", "new"]
    assert keys_up(store, ("shelf",), after=2**62) == []
    assert keys_up(store, ("shelf",), limit=0) == []


def test_going_up_reads_what_going_down_does(store: Store) -> None:
    put(store, *((name, str(index)) for index in range(120) for name in ("shelf", "other")))
    down, up = run(store.scan(("shelf",), limit=1000)), run(store.scan_up(("shelf",), limit=1000))
    assert up == down[::-1]
    assert len(up) == 120
    assert len(keys_up(store, ("shelf",))) == len(keys(store, ("shelf",))) == 100


TREE = [
    ("record", *steps)
    for steps in (("v", "a", "k", "1"), ("v", "a", "k", "2"), ("v", "a", "l", "3"), ("w", "a", "k", "4"))
]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        (("record",), "4321"),
        (("record", "v"), "321"),
        (("record", "v", "a"), "321"),
        (("record", "v", "a", "k"), "21"),
        (("record", "v", "a", "k", "1"), "1"),
        (("record", "v", "a", "k", "9"), ""),
        (("record", "v", "a", "k", "1", "x"), ""),
        (("record", "a"), ""),
        (("other",), ""),
    ],
)
def test_prefixes_may_have_any_length(store: Store, prefix: Key, found: str) -> None:
    put(store, *TREE)
    assert "".join(key[-1] for key in keys(store, prefix)) == found
    assert "".join(key[-1] for key in keys_up(store, prefix)) == found[::-1]
    assert run(store.count(prefix)) == len(found)
    assert run(store.clear(prefix)) == len(found)
    assert "".join(key[-1] for key in keys(store, ("record",))) == "".join(sorted({*"1234"} - {*found}, reverse=True))


@pytest.mark.parametrize("place", [1, 2, 50, 68, 69, 99, 100])
def test_a_long_shelf_is_read_from_any_place(store: Store, place: int) -> None:
    rows = [("record", "v", str(number)) for number in range(1, 101)]
    put(store, *rows)
    run(store.commit([Write(rows[40], None)], {}))
    left = [row for row in rows if row != rows[40]]
    order = run(store.read([rows[place - 1]]))[0].order  # type: ignore[union-attr]  # it is there
    older, newer = left[: left.index(rows[place - 1])], left[left.index(rows[place - 1]) + 1 :]
    for prefix in (("record",), ("record", "v")):
        for limit in (1, 10, 200):
            assert keys(store, prefix, before=order, limit=limit) == older[::-1][:limit]
            assert keys_up(store, prefix, after=order, limit=limit) == newer[:limit]


def test_a_key_may_begin_others(store: Store) -> None:
    put(store, ("s", "a", "b", "x"), ("s", "a", "b"), ("s", "a", "b", "y"), ("s", "a", "c"), ("s",))
    assert keys(store, ("s", "a", "b")) == [("s", "a", "b", "y"), ("s", "a", "b"), ("s", "a", "b", "x")]
    assert keys(store, ("s", "a")) == [("s", "a", "c"), ("s", "a", "b", "y"), ("s", "a", "b"), ("s", "a", "b", "x")]
    assert keys_up(store, ("s", "a", "b")) == [("s", "a", "b", "x"), ("s", "a", "b"), ("s", "a", "b", "y")]
    assert run(store.count(("s",))) == 5


def small(make: Make, **quota: int) -> Store:
    return make({"shelf": Quota(quota.get("count", 100), quota.get("bytes", 1000))})


def test_beyond_a_count_the_oldest_go(make: Make) -> None:
    store = small(make, count=2)
    put(store, A, B)
    put(store, C, ("free", "a"), ("free", "b"), ("free", "c"))
    assert keys(store, ("shelf",)) == [C, B]
    assert run(store.count(("free",))) == 3
    assert run(store.evicted()) == {"shelf": 1}


def test_beyond_a_number_of_bytes_the_oldest_go(make: Make) -> None:
    store = small(make, bytes=10)
    put(store, A, B, value=b"12345")
    assert run(store.count(("shelf",))) == 2
    put(store, C, value=b"123456")
    assert keys(store, ("shelf",)) == [C]
    assert run(store.evicted()) == {"shelf": 2}


@pytest.mark.parametrize("rewritten", [A, B])
def test_what_was_just_written_stays(make: Make, rewritten: Key) -> None:
    store = small(make, bytes=10)
    put(store, A, B)
    put(store, rewritten, value=b"x" * 50)
    assert keys(store, ("shelf",)) == [rewritten]


def test_what_went_and_came_again_is_as_new(make: Make) -> None:
    store = small(make, count=3)
    put(store, A, B, C, D)
    run(store.commit([Write(B, None)], {}))
    put(store, B, E)
    assert keys(store, ("shelf",)) == [E, B, D]


def test_what_was_spared_for_being_just_written_is_the_oldest_still(make: Make) -> None:
    store = small(make, bytes=13)
    put(store, A, B, C, D, value=b"123")
    put(store, A, value=b"1234567")
    assert keys(store, ("shelf",)) == [D, C, A]
    put(store, E, value=b"1")
    assert keys(store, ("shelf",)) == [E, D, C]


def test_rewriting_and_removing_give_bytes_back(make: Make) -> None:
    store = small(make, bytes=10)
    for _ in range(20):
        put(store, A, B, value=b"12345")
        put(store, A, value=b"1")
    run(store.clear(("shelf",)))
    put(store, A, B, value=b"12345")
    run(store.commit([Write(A, None)], {}))
    put(store, C, value=b"12345")
    assert (keys(store, ("shelf",)), run(store.evicted())) == ([C, B], {"shelf": 0})


def test_a_late_write_costs_what_an_early_one_did(make: Make) -> None:
    """Neither the length of a full shelf nor what has gone from its beginning makes a write or a read longer."""
    times = 20_000 if make is MemoryStore else 2_000
    store, taken = small(make, count=times // 4, bytes=10**9), []

    async def work() -> None:
        for index in range(times):
            start = process_time()
            await store.commit([Write(("shelf", "v", str(index)), b"1")], {})
            await store.scan(("shelf", "v"), limit=1)
            await store.count(("shelf",))
            taken.append(process_time() - start)

    run(work())
    assert median(taken[-times // 20 :]) < 10 * median(taken[: times // 20])
