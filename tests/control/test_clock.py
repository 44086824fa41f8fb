"""A tester's hand on the clock, and what it does to the records that wait for it."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control
from mockserver.creation import SetupError
from mockserver.kit.times import to_iso
from mockserver.model import Facts, Moment, Outcome, Reply
from mockserver.state.clock import CLOCK, Clock
from mockserver.state.store import Store
from tests.acme import acme_world, behaving, post
from tests.stores import Hesitant, Interrupted

Value = TypeVar("Value")
START = datetime(2026, 6, 23, 14, 30, tzinfo=UTC)
TIMELINE = (Moment(20, {"state": "working"}), Moment(300, {"state": "done"}))


class Standing(Clock):
    """A machine whose own time stands still: what moves is what a tester moved."""

    def now(self) -> datetime:
        return START


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def accept(facts: Facts) -> Outcome:
    return Outcome(Reply(201, {"id": facts.call.id}), (facts.record("call", facts.call.id, {}, TIMELINE),))


def made(folder: Path, pace: str = "1", store: Store | None = None) -> Control:
    return Control(acme_world(folder, behaving(accept=accept), clock=Standing(pace), store=store))


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return made(tmp_path)


def stages(control: Control) -> list[int]:
    """Return how far each record has come, the newest first."""
    asked: dict[str, Any] = {"vendor": None, "account": None, "kind": None, "limit": 100, "cursor": None}
    return [json.loads(bytes(item))["stage"] for item in run(control.records.page(**asked)).items]


def test_a_clock_is_read_without_a_trace(control: Control) -> None:
    told = {"now": "2026-06-23T14:30:00.000Z", "frozen": False, "pace": "1"}
    assert run(control.clock.read()) == told
    assert run(control.clock.change()) == told
    assert run(control.world.store.read([CLOCK])) == [None]


def test_all_is_set_at_once_the_time_before_it_is_frozen(control: Control) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    told = run(control.clock.change(now=at, is_frozen=True, pace="held"))
    assert told == {"now": "2020-01-01T00:00:00.000Z", "frozen": True, "pace": "held"}
    assert run(control.clock.read()) == told
    told = run(control.clock.change(now=START, is_frozen=False, pace="0.5"))
    assert told == {"now": "2026-06-23T14:30:00.000Z", "frozen": False, "pace": "0.5"}


@pytest.mark.parametrize("is_frozen", [True, False])
def test_time_moves_on_frozen_or_not(control: Control, *, is_frozen: bool) -> None:
    run(control.clock.change(is_frozen=is_frozen))
    assert run(control.clock.advance(90))["now"] == "2026-06-23T14:31:30.000Z"
    assert run(control.clock.advance(0.5))["now"] == "2026-06-23T14:31:30.500Z"


def test_a_pace_from_now_on_leaves_what_has_happened(control: Control) -> None:
    post(control.world)
    run(control.clock.advance(20))
    run(control.clock.change(pace="10"))
    assert stages(control) == [1]
    run(control.clock.advance(2799))
    assert stages(control) == [1]
    run(control.clock.advance(1))
    assert stages(control) == [2]


@pytest.mark.parametrize("pace", ["", "fast", "1e-07", "-1", "reads:0"])
def test_what_is_no_pace_changes_nothing(control: Control, pace: str) -> None:
    with pytest.raises(SetupError, match="pace is a number of at most six digits and six decimals"):
        run(control.clock.change(is_frozen=True, pace=pace))
    assert run(control.clock.read())["frozen"] is False


@pytest.mark.parametrize(("pace", "seconds"), [("1", 300), ("0.1", 30), ("7.5", 2250), ("0.000001", 0.0003)])
def test_it_is_idle_when_the_last_record_is_done(tmp_path: Path, pace: str, seconds: float) -> None:
    control = made(tmp_path, pace)
    post(control.world)
    run(control.clock.advance(seconds / 2))
    post(control.world)
    now = run(control.clock.advance_until_idle())["now"]
    assert now == to_iso(START + timedelta(seconds=seconds * 1.5))
    assert stages(control) == [2, 2]
    assert run(control.clock.advance_until_idle())["now"] == now


@pytest.mark.parametrize(("pace", "stage"), [("held", 0), ("reads:2", 0), ("immediate", 2), ("0", 2)])
def test_where_nothing_waits_for_time_it_does_not_move(tmp_path: Path, pace: str, stage: int) -> None:
    control = made(tmp_path, pace)
    post(control.world)
    assert run(control.clock.advance_until_idle())["now"] == "2026-06-23T14:30:00.000Z"
    assert stages(control) == [stage]


def test_it_is_idle_where_nothing_was_ever_kept(control: Control) -> None:
    assert run(control.clock.advance_until_idle()) == run(control.clock.read())


def test_many_who_move_the_time_on_at_once_all_do(tmp_path: Path) -> None:
    control = made(tmp_path, store=Hesitant())

    async def together() -> None:
        await asyncio.gather(*(control.clock.advance(1) for _ in range(20)))

    run(together())
    assert run(control.clock.read())["now"] == "2026-06-23T14:30:20.000Z"


def test_a_turn_that_another_overtakes_is_made_on_top_of_it(tmp_path: Path) -> None:
    store = Interrupted()
    control = made(tmp_path, store=store)
    run(control.clock.advance(1))
    store.meanwhile = lambda: control.clock.change(is_frozen=True, pace="2")
    store.left = 1
    told = run(control.clock.advance(60))
    assert told == {"now": "2026-06-23T14:31:01.000Z", "frozen": True, "pace": "2"}


def test_until_idle_is_as_long_as_it_takes_at_the_pace_that_somebody_has_just_set(tmp_path: Path) -> None:
    store = Interrupted()
    control = made(tmp_path, store=store)
    post(control.world)
    run(control.clock.change(is_frozen=True))
    store.meanwhile = lambda: control.clock.change(pace="10")
    store.left = 1
    assert run(control.clock.advance_until_idle())["now"] == "2026-06-23T15:20:00.000Z"
    assert stages(control) == [2]
