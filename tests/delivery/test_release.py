"""When a webhook goes out: as its record comes to the moment that sends it, whatever brings it there."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from mockserver.control import Control
from mockserver.delivery.parcel import Parcel, nobody
from mockserver.model import Moment
from mockserver.state.records import SHELF, read_record, write_record
from tests.acme import post
from tests.deliveries import BROKEN, HOOK, Post, Scene, hook, states


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def change_record(scene: Scene, **fields: object) -> None:
    """Do to the newest record what a tester's hand does."""

    async def write() -> None:
        ((_, held), *_) = await scene.world.store.scan((SHELF,))
        await scene.world.store.commit([write_record(msgspec.structs.replace(read_record(held), **fields))], {})

    asyncio.run(write())


def test_nothing_goes_out_before_its_moment_and_then_once(scene: Scene) -> None:
    scene.call()
    assert scene.flush() == []
    scene.advance(19.9)
    assert scene.flush() == []
    scene.advance(0.1)
    assert states(scene.flush()) == ["delivered"]
    scene.advance(100_000)
    assert scene.flush() == []
    assert len(scene.post.parcels) == 1


def test_what_is_sent_is_what_was_decided(scene: Scene) -> None:
    (call,) = scene.call()
    scene.advance(20)
    (shown,) = scene.flush()
    (parcel,) = scene.post.parcels
    assert (parcel.url, parcel.body, parcel.timeout) == (HOOK, b'{"call":"one"}', 5.0)
    assert parcel.headers == {"Content-Type": "application/json"}
    assert (shown["id"], shown["call"], shown["record"]) == (f"{call}/one", call, call)
    assert (shown["payload"], shown["event"], shown["next"]) == ({"call": "one"}, "call.done", None)


def test_a_record_is_kept_without_what_it_sends(scene: Scene) -> None:
    scene.call()
    ((_, held),) = asyncio.run(scene.world.store.scan((SHELF,)))
    assert read_record(held).timeline == (Moment(20, {"state": "done"}),)
    assert b"send" not in held.value


def test_a_record_that_is_written_again_sends_nothing_twice(scene: Scene) -> None:
    scene.call()
    change_record(scene, body={"touched": True})
    scene.advance(20)
    assert len(scene.flush()) == 1


@pytest.mark.parametrize(("pace", "seconds"), [("immediate", 0), ("0.1", 2), ("10", 200)])
def test_the_pace_of_the_record_is_its_own(tmp_path: Path, pace: str, seconds: float) -> None:
    scene = Scene(tmp_path, pace=pace)
    scene.call()
    if seconds:
        scene.advance(seconds - 0.1)
        assert scene.flush() == []
        scene.advance(0.1)
    assert states(scene.flush()) == ["delivered"]


@pytest.mark.parametrize("pace", ["held", "reads:2"])
def test_what_time_does_not_move_waits_for_a_hand(tmp_path: Path, pace: str) -> None:
    scene = Scene(tmp_path, pace=pace)
    scene.call()
    scene.advance(100_000)
    assert scene.flush() == []
    change_record(scene, pushed=1)
    assert states(scene.flush()) == ["delivered"]


def test_a_push_releases_what_the_reached_moments_send_and_no_more(tmp_path: Path) -> None:
    moments = (Moment(10, {}, (hook("early"),)), Moment(20, {}), Moment(30, {}, (hook("late"),)))
    scene = Scene(tmp_path, moments=moments)
    scene.call()
    change_record(scene, pushed=2)
    scene.flush()
    assert scene.names() == ["early"]
    change_record(scene, pushed=3)
    scene.flush()
    assert scene.names() == ["early", "late"]


def test_a_failed_record_sends_nothing_more(tmp_path: Path) -> None:
    scene = Scene(tmp_path, moments=(Moment(10, {}, (hook("early"),)), Moment(20, {}, (hook("late"),))))
    scene.call()
    scene.advance(10)
    scene.flush()
    change_record(scene, failed=True)
    scene.advance(10)
    assert states(scene.flush()) == ["cancelled"]
    assert scene.names() == ["early"]
    assert scene.due() == []


def test_what_was_sent_once_is_repeated_though_the_record_failed_since(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN))
    scene.call()
    scene.advance(20)
    scene.flush()
    change_record(scene, failed=True)
    scene.advance(10)
    assert states(scene.flush()) == ["delivered"]


def test_a_record_that_is_gone_sends_nothing(scene: Scene) -> None:
    scene.call()
    asyncio.run(scene.world.store.clear((SHELF,)))
    assert states(scene.flush()) == ["cancelled"]
    assert scene.post.parcels == []


def test_an_account_that_is_closed_takes_its_webhooks_along(scene: Scene) -> None:
    scene.call()
    asyncio.run(scene.control.close_account("acme", "demo"))
    scene.advance(20)
    assert (scene.flush(), scene.shown(), scene.due()) == ([], [], [])


@pytest.mark.parametrize("late", [0, 3600])
def test_a_message_tells_when_its_moment_was_however_late_it_goes_out(tmp_path: Path, late: float) -> None:
    scene = Scene(tmp_path, hook("one", dated="at"), sender=Post(BROKEN, BROKEN))
    scene.call()
    scene.advance(20 + late)
    scene.flush()
    scene.advance(10)
    scene.flush()
    assert [parcel.body for parcel in scene.post.parcels] == [b'{"call":"one","at":"2026-06-23T14:30:20.000Z"}'] * 2


def test_without_a_sender_everything_waits(scene: Scene) -> None:
    scene.call()
    scene.advance(20)
    assert asyncio.run(Control(scene.world).webhooks.flush()) == {"items": [], "total": 0}
    assert asyncio.run(nobody(Parcel("id", HOOK, {}, b"", 1.0))).error == "nobody here sends webhooks"
    assert states(scene.shown()) == ["pending"]


def test_a_delivery_that_was_pushed_out_is_due_no_longer(scene: Scene) -> None:
    scene.call()
    scene.advance(20)
    asyncio.run(scene.world.store.clear(("delivery",)))
    scene.flush()
    assert (scene.due(), scene.post.parcels) == ([], [])


def test_a_refused_call_sends_nothing(scene: Scene) -> None:
    assert post(scene.world, b"{}").decision.refused_by == "schema/who-required"
    assert (scene.kept(), scene.due()) == ([], [])
