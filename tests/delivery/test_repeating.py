"""What becomes of a webhook that was not taken: by the mock's clock it is repeated, and given up in the end."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mockserver.delivery import Answer, Parcel
from mockserver.model import Retry
from tests.deliveries import BROKEN, FINE, START, Post, Scene, states

GONE = Answer(410)


def released(folder: Path, *answers: Answer, **more: Any) -> Scene:
    """Return a scene in which one webhook has been tried once."""
    scene = Scene(folder, sender=Post(*answers, then=BROKEN), **more)
    scene.call()
    scene.advance(20)
    scene.flush()
    return scene


def attempts_after(scene: Scene, seconds: float) -> int:
    scene.advance(seconds)
    scene.flush()
    return len(scene.post.parcels)


def test_it_is_tried_again_after_each_pause_and_then_given_up(tmp_path: Path) -> None:
    scene = released(tmp_path)
    assert scene.shown()[0]["next"] == "2026-06-23T14:30:30.000Z"
    assert [attempts_after(scene, seconds) for seconds in (9.9, 0.1, 59.9, 0.1)] == [1, 2, 2, 3]
    (shown,) = scene.shown()
    assert (shown["state"], shown["next"], shown["attempted"]) == ("given-up", None, 3)
    assert [attempt["at"] for attempt in shown["attempts"]] == [
        "2026-06-23T14:30:20.000Z",
        "2026-06-23T14:30:30.000Z",
        "2026-06-23T14:31:30.000Z",
    ]
    assert attempts_after(scene, 1e6) == 3
    assert scene.due() == []


def test_every_attempt_has_the_same_id_and_the_same_body(tmp_path: Path) -> None:
    scene = released(tmp_path)
    attempts_after(scene, 10)
    first, second = scene.post.parcels
    assert first == second


def test_it_is_done_at_the_first_2xx(tmp_path: Path) -> None:
    scene = released(tmp_path, BROKEN, Answer(204))
    assert attempts_after(scene, 10) == 2
    assert states(scene.shown()) == ["delivered"]
    assert attempts_after(scene, 1e6) == 2


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_only_2xx_is_success(tmp_path: Path, status: int) -> None:
    scene = released(tmp_path, Answer(status), FINE)
    assert states(scene.shown()) == ["pending"]
    assert scene.shown()[0]["attempts"][0]["status"] == status
    assert attempts_after(scene, 10) == 2


def test_no_answer_is_a_failure_that_says_why(tmp_path: Path) -> None:
    scene = released(tmp_path, Answer(error="no answer within 5 s"))
    (attempt,) = scene.shown()[0]["attempts"]
    assert (attempt["status"], attempt["error"], attempt["answer"]) == (None, "no answer within 5 s", "")


def test_who_says_that_it_is_gone_is_not_asked_again(tmp_path: Path) -> None:
    scene = released(tmp_path, GONE)
    assert states(scene.shown()) == ["given-up"]
    assert attempts_after(scene, 1e6) == 1


def test_one_attempt_is_all_where_the_vendor_has_no_pauses(tmp_path: Path) -> None:
    scene = released(tmp_path, retry=Retry())
    assert states(scene.shown()) == ["given-up"]


@pytest.mark.parametrize(
    ("wish", "pause"), [(None, 10), (0, 10), (-5, 10), (3, 10), (30, 30), (86_400, 86_400), (1e9, 86_400)]
)
def test_a_receiver_that_asks_for_a_longer_pause_gets_it_within_bounds(
    tmp_path: Path, wish: float | None, pause: float
) -> None:
    scene = released(tmp_path, Answer(429, retry_after=wish))
    assert attempts_after(scene, pause - 0.1) == 1
    assert attempts_after(scene, 0.1) == 2


@pytest.mark.parametrize(("pace", "pause"), [("0.1", 1), ("3", 30), ("held", 10), ("reads:5", 10)])
def test_pauses_go_by_the_pace_where_it_is_a_number(tmp_path: Path, pace: str, pause: float) -> None:
    scene = Scene(tmp_path, sender=Post(then=BROKEN), pace="immediate")
    scene.call()
    scene.flush()
    asyncio.run(scene.control.clock.change(pace=pace))
    assert attempts_after(scene, pause - 0.01) == 1
    assert attempts_after(scene, 0.01) == 2


def test_without_waits_each_flush_is_an_attempt(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(then=BROKEN), pace="immediate")
    scene.call()
    assert [states(scene.flush()) for _ in range(4)] == [["pending"], ["pending"], ["given-up"], []]


@pytest.mark.parametrize("seconds", [1, 3600, 86_400 * 365])
def test_a_clock_that_is_turned_back_makes_nobody_wait_for_it(tmp_path: Path, seconds: float) -> None:
    scene = released(tmp_path)
    asyncio.run(scene.control.clock.change(now=START + timedelta(seconds=20 - seconds)))
    assert attempts_after(scene, 0) == 2
    assert attempts_after(scene, 59) == 2
    assert attempts_after(scene, 1) == 3


def test_a_frozen_clock_lets_nothing_be_repeated(tmp_path: Path) -> None:
    scene = released(tmp_path)
    asyncio.run(scene.control.clock.change(is_frozen=True))
    scene.clock.pass_by(3600)
    assert attempts_after(scene, 0) == 1
    assert attempts_after(scene, 10) == 2


@pytest.mark.parametrize("pace", ["1", "0.1", "immediate", "held"])
def test_until_idle_every_attempt_is_made(tmp_path: Path, pace: str) -> None:
    scene = Scene(tmp_path, sender=Post(then=BROKEN), pace="immediate" if pace == "held" else pace)
    scene.call(3)
    asyncio.run(scene.control.clock.change(pace=pace))
    asyncio.run(scene.control.clock.advance_until_idle())
    assert states(scene.shown()) == ["given-up"] * 3
    assert len(scene.post.parcels) == 9


def test_until_idle_moves_the_time_as_far_as_attempts_need_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN, FINE))
    scene.call()
    told = asyncio.run(scene.control.clock.advance_until_idle())
    assert told["now"] == "2026-06-23T14:30:30.000Z"
    assert asyncio.run(scene.control.clock.advance_until_idle()) == told


def test_until_idle_ends_though_every_webhook_causes_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.control.clock.MOST_ROUNDS", 5)
    scene = Scene(tmp_path)
    scene.call()

    async def call(_parcel: Parcel) -> None:
        await asyncio.to_thread(scene.call)

    scene.post.meanwhile = call
    asyncio.run(scene.control.clock.advance_until_idle())
    assert len(scene.post.parcels) == 5


def test_until_idle_does_not_wait_for_what_a_tester_holds(tmp_path: Path) -> None:
    scene = Scene(tmp_path, pace="held")
    scene.call()
    assert asyncio.run(scene.control.clock.advance_until_idle())["now"] == "2026-06-23T14:30:00.000Z"
    assert states(scene.shown()) == ["pending"]
