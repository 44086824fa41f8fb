"""What every store promises of its shelves as a whole: how full they are, all they hold, all of it put back."""

from mockserver.state.store import Dump, Fill, Key, Store, Write
from tests.state.conftest import Make
from tests.state.test_store import A, B, C, keys, keys_up, put, run, small, version


def number(store: Store, key: Key) -> bytes | None:
    (held,) = run(store.read([key]))
    return held.value if held else None


def test_a_number_grows_from_nothing_whoever_else_makes_it_grow(store: Store) -> None:
    for _ in range(3):
        assert run(store.commit([Write(A, None, add=2), Write(B, b"1")], {}))
    assert (number(store, A), keys_up(store, ("shelf",))) == (b"6", [A, B])
    seen = version(store, A)
    assert run(store.commit([Write(A, None, add=1)], {A: seen}))
    assert not run(store.commit([Write(A, None, add=1)], {A: seen}))
    assert run(store.commit([Write(A, b"40"), Write(A, None, add=2)], {}))
    assert number(store, A) == b"42"


def test_all_shelves_count_in_one_order(store: Store) -> None:
    first, second = ("one", "a"), ("two", "a")
    put(store, second, first, second)
    one, other = run(store.read([second, first]))
    assert one
    assert other
    assert one.order < other.order < one.version


def test_a_store_tells_how_full_its_shelves_are(make: Make) -> None:
    store = small(make, count=2)
    assert run(store.filled()) == {"shelf": Fill(0, 0, 0)}
    put(store, A, B, C, ("free", "a"), value=b"12345")
    run(store.commit([Write(("free", "a"), None)], {}))
    assert run(store.filled()) == {"free": Fill(0, 0, 0), "shelf": Fill(2, 10, 1)}


def test_what_was_dumped_can_be_loaded_and_is_dumped_again_as_it_was(make: Make) -> None:
    store, other = small(make, count=3), small(make, count=3)
    put(store, A, B, C, ("shelf", "d"), ("single",), ("free", "a", "b"), value=b'{"a":1}')
    put(store, B, value=b"2")
    put(other, A, ("gone", "x"))
    dump = run(store.dump())
    assert dump.shelves["shelf"] == [(B, b"2"), (C, b'{"a":1}'), (("shelf", "d"), b'{"a":1}')]
    assert dump.evicted == {"shelf": 1}
    run(other.load(dump, {*dump.shelves, "gone"}))
    assert run(other.dump()) == dump
    assert keys_up(other, ("free", "a")) == [("free", "a", "b")]
    assert keys(other, ("gone",)) == []


def test_loading_leaves_the_other_shelves_alone(store: Store) -> None:
    put(store, A, ("kept", "a"))
    run(store.load(Dump({"shelf": [(B, b"1")], "kept": [(("kept", "b"), b"1")]}), ["shelf"]))
    assert (keys(store, ("shelf",)), keys(store, ("kept",))) == ([B], [("kept", "a")])


def test_what_was_decided_on_what_was_there_before_a_load_fails(store: Store) -> None:
    put(store, A)
    seen, dump = version(store, A), run(store.dump())
    run(store.load(dump, ["shelf"]))
    assert version(store, A) > seen
    assert not run(store.commit([Write(B, b"1")], {A: seen}))
    order = run(store.scan(("shelf",)))[0][1].order
    put(store, B)
    assert keys_up(store, ("shelf",), after=order) == [B]


def test_a_load_is_bounded_as_any_write(make: Make) -> None:
    store = small(make, count=2)
    run(store.load(Dump({"shelf": [(A, b"1"), (B, b"1"), (C, b"1")]}, {"shelf": 5}), ["shelf"]))
    assert (keys(store, ("shelf",)), run(store.evicted())) == ([C, B], {"shelf": 6})
