from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mockserver.model import AGES
from mockserver.state.clock import (
    CLOCK,
    FIRST,
    LAST,
    Clock,
    Dial,
    Ids,
    advance,
    freeze,
    instant,
    set_pace,
    set_to,
    unfreeze,
    write_dial,
)
from mockserver.state.store import Held

MACHINE = datetime(2026, 6, 23, 14, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRESH = Dial()


def later(**so_much: float) -> datetime:
    return MACHINE + timedelta(**so_much)


def work(dial: Dial, machine: datetime = MACHINE) -> float:
    return instant(dial, machine).work


def test_the_clock_tells_moments_in_utc_that_do_not_go_back() -> None:
    first, second = Clock().now(), Clock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def test_a_clock_that_nobody_has_touched_tells_the_machines_time_at_the_pace_of_the_start() -> None:
    before = Clock("0.5").now()
    found = Clock("0.5").read(None)
    assert timedelta(0) <= found.at - before < timedelta(minutes=1)
    assert (found.pace.factor, Clock("0.5").dial(None)) == (0.5, Dial("0.5"))


def test_a_clock_that_was_turned_tells_what_its_dial_says() -> None:
    write = write_dial(set_pace(freeze(set_to(FRESH, MACHINE, later(days=-9)), MACHINE), MACHINE, "held"))
    assert write.key == CLOCK
    assert write.value
    found = Clock("0.5").read(Held(write.value, 1, 1))
    assert (found.at, found.pace.text) == (later(days=-9), "held")


@pytest.mark.parametrize("pace", ["", "fast", "1e-7", "reads:0"])
def test_no_clock_is_started_at_what_is_no_pace(pace: str) -> None:
    with pytest.raises(ValueError, match="a pace is a number of at most six digits"):
        Clock(pace)


def test_a_frozen_clock_stands_whatever_the_machine_does() -> None:
    frozen = freeze(FRESH, MACHINE)
    assert instant(frozen, later(days=3)) == instant(FRESH, MACHINE)
    assert freeze(frozen, later(days=3)) == frozen


def test_a_clock_that_runs_again_goes_on_from_where_it_stood() -> None:
    running = unfreeze(freeze(FRESH, MACHINE), later(days=3))
    assert instant(running, later(days=3)).at == MACHINE
    assert instant(running, later(days=3, hours=1)).at == MACHINE + HOUR
    assert unfreeze(running, later(days=4)) == running


@pytest.mark.parametrize("dial", [FRESH, freeze(FRESH, MACHINE), set_to(FRESH, MACHINE, later(days=-900))], ids=str)
@pytest.mark.parametrize("seconds", [0, 0.25, 60, 315_360_000])
def test_time_is_moved_on_whether_or_not_it_stands(dial: Dial, seconds: float) -> None:
    before, after = instant(dial, MACHINE), instant(advance(dial, MACHINE, seconds), MACHINE)
    assert after.at - before.at == timedelta(seconds=seconds)
    assert after.work - before.work == pytest.approx(seconds, abs=1e-6)


@pytest.mark.parametrize("is_frozen", [True, False])
def test_time_is_set_forth_and_back(*, is_frozen: bool) -> None:
    dial = freeze(FRESH, MACHINE) if is_frozen else FRESH
    forth = set_to(dial, MACHINE, later(days=1))
    assert (instant(forth, MACHINE).at, work(forth) - work(dial)) == (later(days=1), 86_400)
    back = set_to(forth, MACHINE, later(days=-1))
    assert (instant(back, MACHINE).at, work(back)) == (later(days=-1), work(forth))
    again = set_to(back, MACHINE, later(days=1))
    assert (instant(again, MACHINE).at, work(again) - work(back)) == (later(days=1), 2 * 86_400)


def test_what_is_set_runs_on() -> None:
    dial = set_to(FRESH, MACHINE, datetime(2001, 1, 1, tzinfo=UTC))
    assert instant(dial, later(hours=1)).at == datetime(2001, 1, 1, 1, tzinfo=UTC)
    assert work(dial, later(hours=1)) - work(dial) == 3600


@pytest.mark.parametrize(
    ("pace", "gone"), [("1", 60), ("0.5", 120), ("60", 1), ("held", 0), ("reads:3", 0), ("immediate", 0), ("0", 0)]
)
def test_work_goes_on_as_the_pace_says(pace: str, gone: float) -> None:
    dial = set_pace(FRESH, MACHINE, pace)
    assert work(dial, later(minutes=1)) - work(dial) == pytest.approx(gone, abs=1e-6)


@pytest.mark.parametrize("pace", ["immediate", "0"])
def test_what_is_under_way_is_done_at_once_where_no_wait_is_left(pace: str) -> None:
    dial = set_pace(FRESH, MACHINE, pace)
    assert work(dial) - work(FRESH) == AGES
    assert set_pace(dial, later(days=1), "0").work == dial.work


@pytest.mark.parametrize("pace", ["held", "reads:2", "2", "immediate"])
def test_a_change_of_pace_and_back_undoes_nothing(pace: str) -> None:
    changed = set_pace(FRESH, MACHINE, pace)
    back = set_pace(changed, later(minutes=2), "1")
    assert work(back, later(minutes=2)) == work(changed, later(minutes=2)) >= work(FRESH)
    assert work(back, later(minutes=3)) - work(back, later(minutes=2)) == pytest.approx(60, abs=1e-6)


EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("is_frozen", [True, False])
@pytest.mark.parametrize(("asked", "told"), [(EARLIEST, FIRST), (FIRST, FIRST), (LAST, LAST), (LATEST, LAST)])
def test_the_ends_of_the_calendar_are_as_far_as_time_goes(asked: datetime, told: datetime, *, is_frozen: bool) -> None:
    dial = set_to(freeze(FRESH, MACHINE) if is_frozen else FRESH, MACHINE, asked)
    assert instant(dial, MACHINE).at == told
    assert instant(unfreeze(dial, MACHINE), MACHINE).at == told
    assert instant(freeze(dial, MACHINE), MACHINE).at == told
    onwards = advance(dial, MACHINE, 1e15)
    assert instant(onwards, later(days=365)).at == LAST
    assert advance(onwards, MACHINE, 60) == onwards
    assert instant(set_to(onwards, MACHINE, MACHINE), MACHINE).at == MACHINE
    assert told - HOUR < told < told + HOUR


def drawn(seed: str | None) -> list[str]:
    ids = Ids(seed)
    return [ids.fresh(), ids.token("acme"), ids.fresh(), ids.token("acme")]


def test_the_same_seed_gives_the_same_identities_in_the_same_order() -> None:
    assert drawn("monday") == drawn("monday")
    assert drawn("monday") != drawn("tuesday")
    assert drawn(None) != drawn(None)


def test_identities_do_not_repeat() -> None:
    ids = Ids("monday")
    assert len({ids.fresh() for _ in range(1000)}) == 1000
    assert UUID(ids.fresh()).version == 4


def test_a_token_begins_with_what_it_is_for() -> None:
    token = Ids("monday").token("acme-api-key")
    assert token.startswith("acme-api-key-")
    assert len(token) == len("acme-api-key-") + 24
