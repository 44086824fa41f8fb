"""In which order webhooks go out, and how many at a time."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mockserver.delivery import Answer, Courier, Parcel
from mockserver.delivery.lanes import MOST, MOST_EACH
from mockserver.model import Moment
from mockserver.state.deliveries import DUE, target_of
from mockserver.state.store import Write
from tests.acme import post
from tests.deliveries import BROKEN, Post, Scene, hook, misbehave, states, turns
from tests.stores import Hesitant

NAMES = ["first", "second", "third"]


def three(folder: Path, **more: Any) -> Scene:
    return Scene(folder, *map(hook, NAMES), **more)


async def rest(_parcel: Parcel) -> None:
    await turns()


def test_what_one_record_tells_one_server_goes_out_in_its_order(tmp_path: Path) -> None:
    scene = three(tmp_path)
    scene.post.meanwhile = rest
    scene.call()
    scene.advance(20)
    scene.flush()
    assert scene.names() == NAMES


def test_the_order_is_that_of_the_moments_whichever_was_written_first(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"), hook("next"))), Moment(20, {}, (hook("late"),))))
    scene.call()
    store = scene.world.store

    async def write_again(name: str) -> None:
        (found,) = [(key, held) for key, held in await store.scan_up((DUE,)) if key[-1].endswith(name)]
        for value in (None, found[1].value):
            await store.commit([Write(found[0], value)], {})

    for name in ("early", "next"):
        asyncio.run(write_again(name))
    scene.advance(20)
    scene.flush()
    assert scene.names() == ["early", "next", "late"]


def test_one_that_fails_does_not_hold_up_the_next(tmp_path: Path) -> None:
    scene = three(tmp_path, sender=Post(BROKEN))
    scene.call()
    scene.advance(20)
    assert sorted(states(scene.flush())) == ["delivered", "delivered", "pending"]
    scene.advance(10)
    scene.flush()
    assert scene.names() == [*NAMES, "first"]


def test_it_keeps_its_order_where_two_look_at_once_and_one_begins(tmp_path: Path) -> None:
    scene = three(tmp_path)
    scene.call()
    scene.advance(20)
    other = Courier(scene.world, scene.post)

    async def both() -> None:
        seen = await other._look()

        async def meanwhile(_parcel: Parcel) -> None:
            scene.post.meanwhile = None
            await asyncio.wait(await other._start(seen))
            assert scene.names() == ["first"]

        scene.post.meanwhile = meanwhile
        await scene.courier.deliver_due()

    asyncio.run(both())
    assert scene.names() == NAMES
    assert states(scene.shown()) == ["delivered"] * 3


def test_a_chain_that_is_being_sent_is_passed_over_as_a_whole(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"),)), Moment(20, {}, (hook("late"),))))
    (call,) = scene.call()
    scene.advance(10)

    async def look_meanwhile() -> list[int]:
        seen: list[int] = []

        async def meanwhile(_parcel: Parcel) -> None:
            scene.post.meanwhile = None
            await scene.control.clock.advance(10)
            seen.extend([len(await scene.courier._look(scene.courier._sending)), len(await scene.courier._look())])

        scene.post.meanwhile = meanwhile
        assert await scene.courier.deliver_due() == [("due", "acme", "demo", f"{call}/early")]
        return [*seen, len(await scene.courier._look(scene.courier._sending)), len(scene.courier._sending)]

    # What came to its moment meanwhile waits until the one before it was tried.
    assert asyncio.run(look_meanwhile()) == [0, 1, 1, 0]


def test_the_next_waits_until_the_one_before_it_is_answered(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"),)), Moment(20, {}, (hook("late"),))))
    scene.call()

    async def both() -> list[str]:
        answered = asyncio.Event()

        async def wait(_parcel: Parcel) -> None:
            await answered.wait()

        scene.post.meanwhile = wait
        await scene.control.clock.advance(10)
        first = asyncio.create_task(scene.courier.deliver_due())
        await turns()
        await scene.control.clock.advance(10)
        second = asyncio.create_task(scene.courier.deliver_due())
        await turns()
        before = scene.names()
        answered.set()
        await asyncio.gather(first, second)
        return before

    assert asyncio.run(both()) == ["early"]
    assert scene.names() == ["early", "late"]


def test_out_of_order_the_last_goes_first_once_all_are_due(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"),)), Moment(20, {}, (hook("late"),))))
    misbehave(scene, shuffle=True)
    scene.call()
    scene.advance(10)
    assert scene.flush() == []
    scene.advance(10)
    scene.flush()
    assert scene.names() == ["late", "early"]


def test_out_of_order_the_last_record_goes_first_and_the_next_when_it_is_answered(tmp_path: Path) -> None:
    crowd = Crowd()
    servers = ("http://a.example/", "http://b.example/")
    scene = Scene(tmp_path, *(hook(url[7], url) for url in servers), sender=crowd)
    misbehave(scene, shuffle=True)
    calls = scene.call(6)
    scene.advance(20)
    scene.flush()
    for url in servers:
        assert [ident for ident in crowd.ids if ident[-1] == url[7]] == [f"{call}/{url[7]}" for call in calls[::-1]]
    assert (crowd.most["a.example"], crowd.most["b.example"], crowd.most["all"]) == (1, 1, 2)


def test_out_of_order_what_waits_for_its_last_keeps_no_other_record_waiting(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"),)), Moment(20, {}, (hook("late"),))))
    misbehave(scene, shuffle=True)
    (first,) = scene.call()
    scene.advance(10)
    (second,) = scene.call()
    scene.advance(10)
    scene.flush()
    assert scene.post.ids == [f"{first}/late", f"{first}/early"]
    scene.advance(10)
    scene.flush()
    assert scene.post.ids[2:] == [f"{second}/late", f"{second}/early"]


def test_out_of_order_no_other_begins_while_one_is_being_sent(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    misbehave(scene, shuffle=True)
    other = Courier(scene.world, scene.post)
    (first,) = scene.call()
    scene.advance(10)
    (second,) = scene.call()
    scene.advance(10)

    async def both() -> list[str]:
        over = asyncio.Event()

        async def wait(_parcel: Parcel) -> None:
            await over.wait()

        scene.post.meanwhile = wait
        task = asyncio.create_task(scene.courier.deliver_due())
        await turns()
        await scene.control.clock.advance(10)
        others = asyncio.create_task(other.deliver_due())
        await turns()
        before = scene.post.ids
        over.set()
        await asyncio.gather(task, others)
        return before

    assert asyncio.run(both()) == [f"{first}/one"]
    assert scene.post.ids == [f"{first}/one", f"{second}/one"]


def test_only_whose_scenario_says_so_is_out_of_order(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    misbehave(scene, "acme", "other", shuffle=True)
    calls = scene.call(3)
    scene.advance(20)
    scene.flush()
    assert scene.post.ids == [f"{call}/one" for call in calls]


def test_out_of_order_or_not_makes_no_difference_to_a_single_one(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    misbehave(scene, shuffle=True)
    scene.call()
    scene.advance(20)
    assert states(scene.flush()) == ["delivered"]


def test_what_was_tried_is_not_held_back_by_disorder(tmp_path: Path) -> None:
    scene = three(tmp_path, sender=Post(BROKEN, BROKEN, BROKEN))
    misbehave(scene, shuffle=True)
    scene.call()
    for seconds in (20, 10):
        scene.advance(seconds)
        scene.flush()
    assert scene.names() == [*reversed(NAMES), *reversed(NAMES)]


class Crowd(Post):
    """Counts how many are on their way at once, to all and to each server."""

    def __init__(self) -> None:
        super().__init__()
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def __call__(self, parcel: Parcel) -> Answer:
        names = ("all", target_of(parcel.url))
        self.now.update(names)
        self.most |= self.now
        await turns(20)
        self.now.subtract(names)
        return await super().__call__(parcel)


@pytest.mark.parametrize(("servers", "most"), [(1, MOST_EACH), (2, MOST), (5, MOST)])
def test_so_many_are_sent_at_a_time_and_to_each_server_fewer(tmp_path: Path, servers: int, most: int) -> None:
    crowd = Crowd()
    hooks = [hook(f"to-{number}", f"http://h{number}.example/hook") for number in range(servers)]
    scene = Scene(tmp_path, *hooks, sender=crowd)
    scene.call(20)
    scene.advance(20)
    assert len(scene.flush()) == 20 * servers
    assert crowd.most.pop("all") == most
    assert max(crowd.most.values()) <= MOST_EACH
    assert len({*crowd.ids}) == 20 * servers


def test_a_server_that_hangs_does_not_keep_another_waiting(tmp_path: Path) -> None:
    scene = Scene(tmp_path, hook("slow", "http://slow.example/"), hook("quick", "http://quick.example/"))

    async def both() -> int:
        over = asyncio.Event()

        async def hang(parcel: Parcel) -> None:
            if "slow" in parcel.url:
                await over.wait()

        scene.post.meanwhile = hang
        task = asyncio.create_task(scene.courier.deliver_due())
        await turns(5_000)
        quick = sum("quick" in parcel.url for parcel in scene.post.parcels)
        over.set()
        await task
        return quick

    scene.call(30)
    scene.advance(20)
    assert asyncio.run(both()) == 30


@pytest.mark.parametrize("couriers", [1, 4])
def test_however_many_send_each_goes_out_once(tmp_path: Path, couriers: int) -> None:
    scene = three(tmp_path, store=Hesitant())
    scene.post.meanwhile = rest
    scene.call(10)
    scene.advance(20)
    many = [Courier(scene.world, scene.post) for _ in range(couriers)]

    async def together() -> None:
        await asyncio.gather(*(courier.deliver_due() for courier in many), many[0].deliver_due())

    asyncio.run(together())
    assert Counter(scene.post.ids) == dict.fromkeys((each.message.id for each in scene.kept()), 1)
    assert len(scene.post.ids) == 30
    assert states(scene.shown()) == ["delivered"] * 30


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h.example/a", "h.example"),
        ("https://H.example:8443?x=/", "h.example:8443"),
        ("http://me:pw@h.example#/", "h.example"),
        ("http://h.example", "h.example"),
    ],
)
def test_a_target_is_a_server(url: str, target: str) -> None:
    assert target_of(url) == target


def test_calls_go_on_while_webhooks_are_on_their_way(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.call()
    scene.advance(20)

    async def call(_parcel: Parcel) -> None:
        await asyncio.to_thread(post, scene.world)

    scene.post.meanwhile = call
    assert states(scene.flush()) == ["delivered"]
    assert len(scene.kept()) == 2
