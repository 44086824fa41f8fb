"""What becomes of a record, computed when somebody asks."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.engine.timeline import HAIR, begun, read_once, seconds_until_idle, standing
from mockserver.model import AGES, Instant, Moment, Record, Standing, parse_pace
from tests.facts import ID, NOW

TIMELINE = (
    Moment(0, {"state": "queued"}),
    Moment(10, {"state": "working", "worker": "w-1"}),
    Moment(60, {"state": "done", "score": 9}),
)
BODY = {"who": "Ada", "state": "taken"}
WORKING = {"who": "Ada", "state": "working", "worker": "w-1"}
DONE = {"who": "Ada", "state": "done", "worker": "w-1", "score": 9}


def record(**more: Any) -> Record:
    kept = Record("acme", "demo", "call", "c-1", NOW, ID, BODY, TIMELINE, {"state": "failed", "error": "noise"}, 100.0)
    return replace(kept, **more)


def at(work: float, pace: str = "1", **later: float) -> Instant:
    """Return the moment when the work clock reads so; `later` tells how long after NOW that is."""
    parsed = parse_pace(pace)
    assert parsed
    return Instant(NOW + timedelta(**later), work, parsed)


@pytest.mark.parametrize(
    ("work", "stage", "body"),
    [
        (99, 0, BODY),
        (100, 1, {"who": "Ada", "state": "queued"}),
        (109.9, 1, {"who": "Ada", "state": "queued"}),
        (110, 2, WORKING),
        (110 - HAIR / 2, 2, WORKING),
        (159, 2, WORKING),
        (160, 3, DONE),
        (1e9, 3, DONE),
    ],
)
def test_a_record_is_what_was_kept_and_over_it_what_is_past(work: float, stage: int, body: Any) -> None:
    found = standing(record(), at(work, days=1))
    assert (found.record, found.stage, found.body, found.is_done) == (record(), stage, body, stage == 3)


def test_a_standing_changes_nothing_of_what_was_kept() -> None:
    kept = record()
    standing(kept, at(1000)).body["who"] = "Bob"
    assert kept.body == {"who": "Ada", "state": "taken"}
    assert kept.timeline == TIMELINE


def test_what_has_no_timeline_stays_as_it_was_kept() -> None:
    plain = record(timeline=())
    assert standing(plain, at(1e9)) == Standing(plain, BODY, 0, NOW)


def test_what_has_not_been_kept_yet_has_come_to_nothing() -> None:
    assert standing(record(began=None), at(1e9)) == Standing(record(began=None), BODY, 0, NOW)


@pytest.mark.parametrize(("pushed", "work", "stage"), [(2, 100, 2), (3, 100, 3), (1, 110, 2), (2, 1e9, 3)])
def test_what_a_tester_has_brought_forward_is_past(pushed: int, work: float, stage: int) -> None:
    assert standing(record(pushed=pushed), at(work)).stage == stage


@pytest.mark.parametrize(("pushed", "work"), [(0, 100), (0, 1e9), (2, 100)])
def test_what_has_failed_is_done_whatever_its_time_says(pushed: int, work: float) -> None:
    failed = record(failed=True, pushed=pushed)
    found = standing(failed, at(work, days=1))
    assert found == Standing(failed, {"who": "Ada", "state": "failed", "error": "noise"}, pushed, NOW)
    assert found.is_done


@pytest.mark.parametrize(
    ("instant", "kept", "seconds"),
    [
        (at(99, days=1), {}, 0),
        (at(100, days=1), {}, 0),
        (at(110, days=1), {}, 10),
        (at(160, days=1), {}, 60),
        (at(160, "0.5", days=1), {}, 30),
        (at(160, "2", seconds=70), {}, 70),
        (at(100, "held", days=1), {"pushed": 3}, 0),
        (at(100, "reads:3", days=1), {"pushed": 3}, 0),
        (at(160, "immediate", days=1), {}, 0),
        (at(160, seconds=20), {}, 20),
        (at(160, days=-1), {}, 0),
        (at(160, "999999", days=365 * 7000), {"timeline": (Moment(1e8, {}),), "pushed": 1}, 7000 * 365 * 86_400),
    ],
)
def test_a_moment_was_when_it_should_have_been_but_never_later_than_now(
    instant: Instant, kept: dict[str, Any], seconds: float
) -> None:
    assert standing(record(**kept), instant).since == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(("pace", "began"), [("1", 7.0), ("held", 7.0), ("reads:1", 7.0), ("immediate", 7.0 - AGES)])
def test_a_timeline_begins_when_its_record_is_first_kept(pace: str, began: float) -> None:
    new = record(began=None)
    assert begun(new, at(7.0, pace)) == record(began=began)
    assert standing(begun(new, at(7.0, pace)), at(7.0, pace)).is_done is (pace == "immediate")


def test_a_record_begins_once_and_only_if_it_has_a_timeline() -> None:
    assert begun(record(), at(7.0)) == record()
    assert begun(record(began=None, timeline=()), at(7.0)) == record(began=None, timeline=())


@pytest.mark.parametrize(
    ("reads", "stages"),
    [(1, [3]), (2, [1, 3]), (3, [1, 2, 3]), (4, [0, 1, 2, 3]), (9, [0, 0, 1, 1, 1, 2, 2, 2, 3])],
)
def test_readings_move_a_record_on_until_the_last_of_them_finishes_it(reads: int, stages: list[int]) -> None:
    now, kept, seen = at(50, f"reads:{reads}"), record(), []
    while read := read_once(kept, now):
        kept = read
        seen.append(standing(kept, now).stage)
    assert seen == stages
    assert (kept.reads, kept.pushed) == (reads, 3)


@pytest.mark.parametrize(
    ("pace", "kept"),
    [
        ("1", {}),
        ("held", {}),
        ("immediate", {}),
        ("reads:3", {"timeline": ()}),
        ("reads:3", {"pushed": 3}),
        ("reads:3", {"failed": True}),
        ("reads:3", {"began": -AGES}),
    ],
)
def test_a_reading_moves_nothing_on_where_nothing_is_left_or_readings_do_not_count(pace: str, kept: Any) -> None:
    assert read_once(record(**kept), at(100, pace)) is None


def test_a_reading_never_takes_back_what_a_tester_has_brought_forward() -> None:
    read = read_once(record(pushed=2), at(50, "reads:100"))
    assert read
    assert (read.reads, read.pushed) == (1, 2)


@pytest.mark.parametrize(
    ("kept", "instant", "seconds"),
    [
        ([], at(100), 0),
        ([{}], at(100), 60),
        ([{}], at(100, "0.5"), 30),
        ([{}], at(130, "10"), 300),
        ([{}], at(1e6), 0),
        ([{}], at(100, "immediate"), 0),
        ([{}], at(100, "held"), 0),
        ([{}], at(100, "reads:2"), 0),
        ([{"began": 90.0}, {"began": 120.0}, {}], at(100), 80),
        ([{"began": None}], at(100), 0),
        ([{"timeline": (), "began": None}], at(100), 0),
        ([{"failed": True}], at(100), 0),
        ([{"pushed": 3}], at(100), 0),
        ([{"pushed": 2}], at(100), 60),
        ([{"began": 100 - 60 + 1e-9}], at(100), 1e-6),
    ],
)
def test_it_is_known_how_long_until_nothing_more_happens(kept: list[Any], instant: Instant, seconds: float) -> None:
    assert seconds_until_idle([record(**each) for each in kept], instant) == pytest.approx(seconds, abs=1e-12)
