"""What only a store that others share has to promise; what all stores do is in the neighbouring files."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.state import shared
from mockserver.state.memory import MemoryStore
from mockserver.state.shared import OURS, RedisStore, decode, encode
from mockserver.state.store import Dump, Held, Key, Quota, Store, StoreError, Write
from tests.redis_server import RedisServer, fresh_address, needs_redis, redis_store, running
from tests.state.test_store import run

pytestmark = needs_redis
A, B, SUM = ("shelf", "a"), ("shelf", "b"), ("sum", "all")
ODD = ["", "/", "%2F", "%", "a/b", "a%2Fb", "!laid", "é\x00\n", "\ud800", "*"]


@pytest.mark.parametrize("word", ODD)
def test_a_word_may_be_anything_and_stays_one_word(word: str) -> None:
    assert decode(encode(("shelf", word, "x", word))) == ("shelf", word, "x", word)
    store = redis_store()
    run(store.commit([Write(("shelf", word, "x"), b"1"), Write(("shelf", "other", "x"), b"2")], {}))
    (held,) = run(store.read([("shelf", word, "x")]))
    assert held
    assert held.value == b"1"
    assert run(store.scan(("shelf", word))) == [(("shelf", word, "x"), held)]
    assert run(store.clear(("shelf", word))) == 1
    assert run(store.count(("shelf",))) == 1


def test_what_is_not_ours_is_left_alone() -> None:
    address = fresh_address()
    store, number = RedisStore(address), int(address.rpartition("=")[2])
    with running().client(number) as client:
        client.set("theirs", "1")
        client.hset("mockserver", "a", "1")
        client.zadd("order:shelf", {"shelf/a": 1})
        run(store.commit([Write(A, b"1"), Write(SUM, add=1)], {}))
        run(store.load(Dump({"shelf": [(B, b"2")]}), ["shelf"]))
        run(store.clear(("sum",)))
        names = {name.decode() for name in client.scan_iter()}
    theirs = {"theirs", "mockserver", "order:shelf"}
    assert theirs <= names
    assert all(name.startswith(OURS) for name in names - theirs)


def test_two_stores_on_one_server_see_one_world() -> None:
    address = fresh_address()

    async def work() -> tuple[list[bool], list[Held | None]]:
        first, second = RedisStore(address), RedisStore(address)
        assert await first.commit([Write(A, b"1")], {})
        (held,) = await second.read([A])
        assert held
        both = await asyncio.gather(*(each.commit([Write(A, b"2")], {A: held.version}) for each in (first, second)))
        await asyncio.gather(*(each.commit([Write(SUM, add=1)], {}) for each in (first, second) for _ in range(50)))
        return both, await first.read([SUM])

    both, (total,) = asyncio.run(work())
    assert sorted(both) == [False, True]
    assert total
    assert total.value == b"100"


def test_a_beginning_is_laid_once_whoever_comes_first() -> None:
    address = fresh_address()

    async def work() -> list[Any]:
        stores = [RedisStore(address, {"shelf": Quota(1, 100)}) for _ in range(5)]
        dumps = [Dump({"shelf": [(A, b"1"), (B, b"%d" % number)]}, {"shelf": 4}) for number in range(5)]
        laid = await asyncio.gather(*(store.lay(dump) for store, dump in zip(stores, dumps, strict=True)))
        assert [store.is_joined for store in stores] == [not first for first in laid]
        assert await stores[0].evicted() == {"shelf": 5}
        number = b"%d" % laid.index(True)
        assert [held.value for _, held in await stores[1].scan(("shelf",))] == [number]
        assert (await stores[2].dump()).shelves == {"shelf": [(B, number)]}
        return laid

    assert sorted(asyncio.run(work())) == [False] * 4 + [True]


@pytest.fixture
def own() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.end()


def test_one_that_is_gone_is_told_and_used_again_when_it_is_back(
    own: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    store, beginning = RedisStore(own.address()), Dump({"shelf": [(A, b"1")]})

    async def work() -> None:
        await store.lay(beginning)
        await store.commit([Write(A, b"2"), Write(B, b"1")], {})
        (before,) = await store.read([A])
        own.stop()
        for asked in (store.read([A]), store.commit([Write(A, b"3")], {}), store.count(("shelf",))):
            with pytest.raises(StoreError):
                await asked
        own.start()
        with caplog.at_level(logging.WARNING, "mockserver"):
            found = await asyncio.gather(*(store.read([A, B]) for _ in range(8)))
        first, second = found[0]
        assert found == [[first, second]] * 8
        assert first
        assert (first.value, second) == (b"1", None)
        # Nothing that was decided before can count now.
        assert before
        assert before.version < first.version
        assert not await store.commit([Write(A, b"3")], {A: before.version})

    asyncio.run(work())
    assert [record.getMessage() for record in caplog.records] == [
        "the store came back empty, and what it held at the start was laid again"
    ]


def test_one_that_does_not_answer_is_gone_in_time(own: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RedisStore(own.address())

    async def work() -> None:
        await store.commit([Write(A, b"1")], {})
        own.process.send_signal(signal.SIGSTOP)
        try:
            for asked in (store.read([A]), store.commit([Write(A, b"2")], {})):
                with pytest.raises(StoreError, match="no answer in time"):
                    await asked
        finally:
            own.process.send_signal(signal.SIGCONT)
        assert await store.read([A])

    monkeypatch.setattr(shared, "PATIENCE", 0.1)
    asyncio.run(work())


@pytest.mark.parametrize("turns", range(12))
def test_a_task_that_is_cancelled_ends_wherever_it_is(turns: int) -> None:
    """A client that lost it would keep a server from its end."""

    async def work() -> bool:
        store = redis_store()
        await store.count(("shelf",))
        asking = asyncio.create_task(store.count(("shelf",)))
        for _ in range(turns):
            await asyncio.sleep(0)
        is_late = asking.done()
        asking.cancel()
        await asyncio.wait([asking])
        assert await store.count(("shelf",)) == 0
        return asking.cancelled() or is_late

    assert asyncio.run(work())


def test_who_waits_for_a_connection_is_served_before_who_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that ask again and again keep nobody waiting who asked before their next time."""
    monkeypatch.setattr(shared, "CONNECTIONS", 2)
    store, asked, waited = redis_store(), 0, []

    async def ask() -> None:
        nonlocal asked
        asked, before = asked + 1, asked
        await store.read([A])
        waited.append(asked - before)

    async def ask_again() -> None:
        for _ in range(100):
            await ask()

    async def work() -> None:
        await asyncio.gather(ask_again(), ask_again(), *(ask() for _ in range(20)))

    run(work())
    assert len(waited) == 220
    assert max(waited) <= 22 + 2


def test_scripts_that_a_server_has_forgotten_are_sent_again(own: RedisServer) -> None:
    store = RedisStore(own.address())

    async def work() -> bool:
        assert await store.commit([Write(A, b"1")], {A: 0})
        with own.client() as client:
            client.script_flush()
        return await store.commit([Write(B, b"1")], {B: 0, A: 0}) or await store.commit([Write(B, b"1")], {B: 0})

    assert asyncio.run(work())


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("redis://user:hidden@127.0.0.1:1/0", "connect"),
        ("unix://:hidden@/nowhere/at/all", "no such file"),
    ],
)
def test_why_it_cannot_be_reached_is_told_without_the_password(address: str, says: str) -> None:
    with pytest.raises(StoreError, match=f"(?i){says}") as caught:
        run(RedisStore(address).read([A]))
    assert "hidden" not in str(caught.value)


def test_a_wrong_password_is_told_without_it(own: RedisServer) -> None:
    with own.client() as client:
        client.config_set("requirepass", "right")
    with pytest.raises(StoreError, match="password") as caught:
        run(RedisStore(own.address().replace("unix://", "unix://:hidden@")).read([A]))
    assert "hidden" not in str(caught.value)
    assert run(RedisStore(own.address().replace("unix://", "unix://:right@")).read([A])) == [None]


WORDS = st.sampled_from(["a", "b", "/", ""])
KEYS = st.builds(
    lambda shelf, rest: (shelf, *rest), st.sampled_from(["shelf", "free"]), st.lists(WORDS, max_size=3).map(tuple)
)
WRITES = st.lists(
    st.one_of(
        st.builds(Write, KEYS, st.sampled_from([None, b"1", b"22", b"4444"])),
        st.builds(lambda key, number: Write(key, add=number), KEYS, st.sampled_from([1, -1, 7])),
    ),
    max_size=4,
)
STEPS = st.one_of(
    st.tuples(st.just("commit"), WRITES, st.lists(KEYS, max_size=2), st.booleans()),
    st.tuples(st.just("clear"), KEYS),
    st.tuples(st.just("load"), st.lists(st.tuples(KEYS, st.sampled_from([b"1", b"333"])), max_size=4)),
)


def values(found: list[tuple[Key, Held]]) -> list[tuple[Key, bytes]]:
    return [(key, held.value) for key, held in found]


async def versions(store: Store, keys: list[Key]) -> dict[Key, int]:
    return {key: held.version if held else 0 for key, held in zip(keys, await store.read(keys), strict=True)}


async def do(store: Store, step: Any) -> Any:
    match step:
        case ("commit", writes, resting, is_right):
            expected = {key: number + (not is_right) for key, number in (await versions(store, resting)).items()}
            return await store.commit(writes, expected)
        case ("clear", prefix):
            return await store.clear(prefix)
        case ("load", rows):
            names = {key[0] for key, _ in rows}
            dump = Dump({name: [row for row in dict(rows).items() if row[0][0] == name] for name in names})
            return await store.load(dump, names)


async def seen(store: Store, prefix: Key) -> Any:
    down, up = await store.scan(prefix, limit=3), await store.scan_up(prefix, limit=3)
    middle = down[-1][1].order if down else 0
    return (
        values(down),
        values(up),
        values(await store.scan(prefix, before=middle or None)),
        values(await store.scan_up(prefix, after=middle)),
        await store.count(prefix),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=8), KEYS)
def test_whatever_is_done_it_holds_what_the_one_in_memory_does(steps: list[Any], prefix: Key) -> None:
    quotas = {"shelf": Quota(3, 9)}
    stores = MemoryStore(quotas), redis_store(quotas)

    async def work() -> None:
        for step in steps:
            first, second = [await do(store, step) for store in stores]
            assert first == second
            first, second = [await seen(store, prefix) for store in stores]
            assert first == second
        first, second = [await store.dump() for store in stores]
        assert first == second
        assert await stores[0].evicted() == await stores[1].evicted()
        filled = {name: fill for name, fill in (await stores[0].filled()).items() if fill.count or fill.evicted}
        assert filled.items() <= (await stores[1].filled()).items()

    asyncio.run(work())
