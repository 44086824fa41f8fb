"""Whatever a tester does to the clock, in whatever order: work is never undone, and no border is ever crossed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.engine.timeline import begun, seconds_until_idle, standing
from mockserver.model import Instant, Moment, Record
from mockserver.state.clock import (
    FIRST,
    LAST,
    Dial,
    advance,
    freeze,
    instant,
    read_dial,
    set_pace,
    set_to,
    unfreeze,
    write_dial,
)
from tests.facts import ID, NOW

Turn: TypeAlias = Callable[[Dial, datetime], Dial]

MOMENTS = st.datetimes(timezones=st.just(UTC))
FACTORS = st.sampled_from(["0.000001", "0.001", "0.1", "1", "1.5", "60", "999999.999999"])
PACES = FACTORS | st.sampled_from(["immediate", "0", "held", "reads:1", "reads:7"])
TURNS: st.SearchStrategy[Turn] = st.one_of(
    st.just(freeze),
    st.just(unfreeze),
    MOMENTS.map(lambda at: lambda dial, machine: set_to(dial, machine, at)),
    PACES.map(lambda pace: lambda dial, machine: set_pace(dial, machine, pace)),
    st.floats(0, 1e12).map(lambda seconds: lambda dial, machine: advance(dial, machine, seconds)),
)
WAITS = st.floats(0, 1e6).map(lambda seconds: timedelta(seconds=seconds))
AFTERS = st.lists(st.floats(0, 1e6), min_size=1, max_size=4).map(sorted)

thoroughly = settings(max_examples=300, derandomize=True, deadline=None, database=None)


def record(afters: list[float]) -> Record:
    return Record("acme", "demo", "call", "c-1", NOW, ID, {}, tuple(Moment(after, {}) for after in afters))


def lived(turns: list[tuple[timedelta, Turn]]) -> Iterator[tuple[Dial, datetime]]:
    """Yield how the dial stands before and after each turn, as time goes on between them."""
    dial, machine = Dial(), NOW
    for wait, turn in turns:
        machine += wait
        yield dial, machine
        dial = turn(dial, machine)
        yield dial, machine


@thoroughly
@given(st.lists(st.tuples(WAITS, TURNS), max_size=12))
def test_the_work_clock_never_runs_backwards_and_time_stays_within_the_calendar(
    turns: list[tuple[timedelta, Turn]],
) -> None:
    read = [instant(dial, machine) for dial, machine in lived(turns)]
    works = [now.work for now in read]
    assert works == sorted(works)
    assert all(FIRST <= now.at <= LAST for now in read)


@thoroughly
@given(st.lists(st.tuples(WAITS, TURNS), max_size=8))
def test_a_dial_is_kept_as_it_was_turned(turns: list[tuple[timedelta, Turn]]) -> None:
    for dial, _ in lived(turns):
        written = write_dial(dial).value
        assert written
        assert read_dial(written) == dial


@thoroughly
@given(AFTERS, st.lists(st.tuples(WAITS, TURNS), max_size=12), st.integers(0, 4))
def test_a_record_never_goes_back_whatever_is_done_to_the_clock(
    afters: list[float], turns: list[tuple[timedelta, Turn]], at: int
) -> None:
    read = [instant(dial, machine) for dial, machine in lived(turns)][at:]
    kept = [begun(record(afters), now) for now in read[:1]]
    stages = [standing(each, now).stage for each in kept for now in read]
    assert stages == sorted(stages)


@thoroughly
@given(AFTERS, st.lists(st.tuples(WAITS, TURNS), max_size=6), FACTORS)
def test_after_the_time_it_takes_nothing_more_happens(
    afters: list[float], turns: list[tuple[timedelta, Turn]], pace: str
) -> None:
    *_, (dial, machine) = [(Dial(), NOW), *lived(turns)]
    running = set_pace(set_to(dial, machine, NOW), machine, pace)
    kept = begun(record(afters), instant(running, machine))
    wait = seconds_until_idle([kept], instant(running, machine))
    idle = instant(advance(running, machine, wait), machine)
    assert standing(kept, idle).is_done or idle.at == LAST
    assert seconds_until_idle([kept], idle) == pytest.approx(0, abs=1e-5) or idle.at == LAST


@thoroughly
@given(AFTERS, st.lists(st.floats(0, 1e6), max_size=8).map(sorted))
def test_what_has_happened_has_happened_at_a_time_that_stays(afters: list[float], works: list[float]) -> None:
    kept = msgspec.structs.replace(record(afters), began=0.0)
    pace = instant(Dial(), NOW).pace
    found = [standing(kept, Instant(NOW + timedelta(seconds=work), work, pace)) for work in works]
    assert [each.since for each in found] == sorted(each.since for each in found)
    assert all(NOW <= each.since <= NOW + timedelta(seconds=work) for each, work in zip(found, works, strict=True))
