"""The loop that looks after webhooks while a server runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from mockserver.delivery import courier
from mockserver.delivery.courier import TICK
from mockserver.delivery.lanes import MOST_EACH, pause
from mockserver.delivery.parcel import Parcel
from mockserver.delivery.ripening import SLICE, look
from mockserver.state.deliveries import DUE, SHELF
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Dump, Key, StoreError, Write
from tests.acme import CALLS, HEADERS, WHO
from tests.deliveries import BROKEN, HOOK, Post, Scene, hook, states
from tests.worlds import arrival

# All that a reset of webhooks puts back.
SHELVES = (SHELF, DUE)


def run(scene: Scene, until: Callable[[], bool], meanwhile: Callable[[], Awaitable[Any]] | None = None) -> None:
    """Let the loop run until something has happened, or for two seconds."""

    async def live() -> None:
        loop = asyncio.create_task(scene.courier.run())
        if meanwhile:
            await meanwhile()
        for _ in range(200):
            if until():
                break
            await asyncio.wait([loop], timeout=0.01)
        loop.cancel()
        await asyncio.wait([loop])

    asyncio.run(live())


def test_what_falls_due_goes_out_by_itself(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN))
    scene.call()

    async def pass_by() -> None:
        await pause(2 * TICK)
        assert scene.post.parcels == []
        await scene.control.clock.advance(20)

    run(scene, lambda: len(scene.post.parcels) == 1, pass_by)
    assert states(scene.shown()) == ["pending"]
    run(scene, lambda: len(scene.post.parcels) == 2, lambda: scene.control.clock.advance(10))
    assert states(scene.shown()) == ["delivered"]


class Counting(MemoryStore):
    """Counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.most = 0

    async def read(self, keys: Any) -> Any:
        self.asked.append("read")
        self.most = max(self.most, len(keys))
        return await super().read(keys)

    async def scan_up(self, prefix: Key, **rest: Any) -> Any:
        self.asked.append("scan")
        return await super().scan_up(prefix, **rest)

    async def scan(self, prefix: Key, **rest: Any) -> Any:
        self.asked.append("newest")
        return await super().scan(prefix, **rest)

    async def count(self, prefix: Key) -> int:
        self.asked.append("count")
        return await super().count(prefix)


def test_where_nothing_is_due_it_asks_the_store_one_thing_at_a_time(tmp_path: Path) -> None:
    store = Counting()
    scene = Scene(tmp_path, store=store)
    store.asked.clear()
    run(scene, lambda: len(store.asked) >= 3)
    assert {*store.asked} == {"count"}


def test_what_waits_for_its_turn_is_not_read_again(tmp_path: Path) -> None:
    store = Counting()
    scene = Scene(tmp_path, store=store)
    scene.call(20)
    scene.advance(20)

    async def hang(_parcel: Any) -> None:
        await pause(60)

    async def begin_to_send() -> None:
        await until_sent(scene, MOST_EACH)
        await pause(3 * TICK)
        store.asked.clear()
        store.most = 0

    scene.post.meanwhile = hang
    run(scene, lambda: store.asked.count("count") >= 4, begin_to_send)
    # How many there are, which is the newest, and whether what is on its way is still what it was.
    assert ({*store.asked}, store.most) == ({"count", "newest", "read"}, MOST_EACH)


def test_what_comes_while_others_wait_for_their_turn_goes_out(tmp_path: Path) -> None:
    scene = Scene(tmp_path, hook("a"), hook("b", "http://127.0.0.1:9001/hook"))
    scene.call(20)
    scene.advance(20)

    async def hang(parcel: Parcel) -> None:
        if parcel.url == HOOK:
            await pause(60)

    async def come() -> None:
        while len(scene.courier._sending) != 20:
            await pause(0.01)
        await pause(2 * TICK)
        # As many go as come, so there are no more than before.
        gone = [key for key, _ in await scene.world.store.scan((DUE,), limit=2)]
        await scene.world.store.commit([Write(key, None) for key in gone], {})
        await scene.world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO))
        assert await scene.world.store.count((DUE,)) == len(scene.courier._sending)
        await scene.control.clock.advance(20)

    scene.post.meanwhile = hang
    run(scene, lambda: scene.names().count("b") == 21, come)
    assert (scene.names().count("a"), scene.names().count("b")) == (MOST_EACH, 21)


async def hang_where_stuck(parcel: Parcel) -> None:
    if parcel.id.endswith("/stuck"):
        await pause(60)


def two_that_hang(tmp_path: Path, *hooks: Any) -> Scene:
    scene = Scene(tmp_path, *hooks)
    scene.post.meanwhile = hang_where_stuck
    scene.call(2)
    scene.advance(20)
    return scene


async def until_sent(scene: Scene, count: int) -> None:
    while len(scene.post.parcels) < count:
        await pause(0.01)


async def come_beside(scene: Scene) -> None:
    """Make a call that is not due yet, let the loop look at it, and let it fall due."""
    await scene.world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO))
    await pause(3 * TICK)
    await scene.control.clock.advance(20)


def test_what_has_arrived_hides_nothing_that_waits_while_the_next_of_its_chain_hangs(tmp_path: Path) -> None:
    scene = two_that_hang(tmp_path, hook("fine"), hook("stuck"))

    async def come() -> None:
        while scene.names().count("stuck") != 2:
            await pause(0.01)
        await come_beside(scene)

    run(scene, lambda: scene.names().count("fine") == 3, come)
    assert scene.names().count("fine") == 3


def test_what_was_cleared_away_on_its_way_hides_nothing_that_waits(tmp_path: Path) -> None:
    scene = two_that_hang(tmp_path, hook("stuck"))

    async def come() -> None:
        await until_sent(scene, 2)
        store = scene.world.store
        await store.commit([Write(key, None) for key, _ in await store.scan((DUE,), limit=1)], {})
        await come_beside(scene)

    run(scene, lambda: len(scene.post.parcels) == 3, come)
    assert len(scene.post.parcels) == 3


def test_what_goes_while_others_wait_is_missed(tmp_path: Path) -> None:
    scene = two_that_hang(tmp_path, hook("stuck"))

    async def go() -> None:
        await until_sent(scene, 2)
        store, (first, second) = scene.world.store, [*scene.courier._sending]
        await scene.world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO))
        await pause(3 * TICK)
        # One that waits and two that are being sent; now there are as many as are being sent.
        await store.commit([Write(first, None)], {})
        await pause(3 * TICK)
        assert {*scene.courier._sending} == {second}
        await scene.control.clock.advance(20)

    run(scene, lambda: len(scene.post.parcels) == 3, go)
    assert len(scene.post.parcels) == 3


@pytest.mark.parametrize("is_back", [False, True])
def test_what_was_put_back_or_cleared_away_on_its_way_keeps_nobody_waiting(tmp_path: Path, *, is_back: bool) -> None:
    scene = Scene(tmp_path, hook("stuck"))
    scene.post.meanwhile = hang_where_stuck
    scene.call(MOST_EACH)
    before = asyncio.run(scene.world.store.dump())
    scene.advance(20)

    async def lead_back() -> None:
        await until_sent(scene, MOST_EACH)
        scene.post.meanwhile = None
        await scene.world.store.load(before if is_back else Dump(), SHELVES)
        if not is_back:
            await scene.world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO))
            await scene.control.clock.advance(20)

    count = MOST_EACH if is_back else 1
    run(scene, lambda: len(scene.post.parcels) == MOST_EACH + count, lead_back)
    assert [(each.state, each.attempted) for each in scene.kept()] == [("delivered", 1)] * count


def test_others_have_their_turn_while_it_looks_and_while_it_begins(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.call(10 * SLICE)
    scene.advance(20)

    async def live() -> list[int]:
        chains = await taking_turns(scene.courier._look())
        started = await taking_turns(scene.courier._start(chains[0]))
        await asyncio.wait(started[0])
        return [chains[1], started[1]]

    assert all(turns >= 10 for turns in asyncio.run(live()))
    assert len(scene.post.parcels) == 10 * SLICE


async def taking_turns(work: Coroutine[Any, Any, Any]) -> tuple[Any, int]:
    """Return what comes of work, and how often somebody else had a turn meanwhile."""
    task, count = asyncio.create_task(work), 0
    while not task.done():
        await asyncio.sleep(0)
        count += 1
    return await task, count


def test_a_look_that_took_long_is_followed_by_a_longer_pause_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, looks = Scene(tmp_path), 0
    scene.call()

    async def look_slowly(*_: Any) -> dict[Any, Any]:
        nonlocal looks
        looks += 1
        await pause(0.05)
        return {}

    monkeypatch.setattr(courier, "look", look_slowly)
    run(scene, lambda: False)
    assert looks in (2, 3)


def test_it_survives_a_store_that_fails_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(tmp_path)
    scene.call()
    scene.advance(20)
    real, failures = look, 1

    async def falter(*words: Any) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError("the store is away")
        return await real(*words)

    monkeypatch.setattr(courier, "look", falter)
    run(scene, lambda: bool(scene.post.parcels))
    assert states(scene.shown()) == ["delivered"]
    assert "webhooks could not be looked after" in caplog.text


class Away(MemoryStore):
    """Cannot be asked how much there is to do, the first so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 3

    async def count(self, prefix: Key) -> int:
        self.times -= 1
        if self.times >= 0:
            raise StoreError("connection refused")
        return await super().count(prefix)


def test_a_store_that_cannot_be_asked_is_told_once_and_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Away()
    store.times = 0
    scene = Scene(tmp_path, store=store)
    scene.call()
    scene.advance(20)
    store.times = 3
    run(scene, lambda: bool(scene.post.parcels))
    assert [record.getMessage() for record in caplog.records] == [
        "webhooks wait, for the store cannot be asked: connection refused"
    ]


def test_it_ends_where_the_store_cannot_be_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Away()
    scene = Scene(tmp_path, store=store)
    store.times = 1000
    run(scene, lambda: store.times < 999)
    assert len(caplog.records) == 1


def test_an_attempt_that_cannot_be_noted_is_told_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(tmp_path)
    scene.call()
    scene.advance(20)

    async def fail(*_: Any) -> None:
        raise ConnectionError("the store is away")

    monkeypatch.setattr(courier, "note", fail)
    run(scene, lambda: bool(scene.post.parcels))
    assert "a webhook could not be sent" in caplog.text


def test_stopping_waits_for_nobody_and_tells_what_is_left(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "mockserver")
    scene = Scene(tmp_path)
    scene.call(3)
    scene.advance(20)

    async def hang(_parcel: Any) -> None:
        await pause(60)

    scene.post.meanwhile = hang
    run(scene, lambda: len(scene.post.parcels) == 3)
    assert "3 webhooks were still to be sent" in caplog.text
    assert states(scene.shown()) == ["pending"] * 3
    # Nobody who comes after waits for the end of what nobody does any more.
    assert not any(due.leased for due in scene.due())
    scene.post.meanwhile = None
    assert states(scene.flush()) == ["delivered"] * 3
