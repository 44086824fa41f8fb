"""The clock over HTTP: read, set, stopped, moved on; and nothing that a tester may ask for is an error of ours."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem

CLOCK, ADVANCE = "/_mock/clock", "/_mock/clock/advance"


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


def change(application: Application, **wish: Any) -> dict[str, Any]:
    answer = keep(application, "PUT", CLOCK, json_body=wish)
    assert answer.status == 200, answer.content
    told: dict[str, Any] = answer.json
    assert keep(application, "GET", CLOCK).json.keys() == told.keys()
    return told


def advance(application: Application, **wish: Any) -> dict[str, Any]:
    answer = keep(application, "POST", ADVANCE, json_body=wish)
    assert answer.status == 200, answer.content
    told: dict[str, Any] = answer.json
    return told


def test_it_runs_at_the_pace_of_the_start_until_somebody_turns_it() -> None:
    told = keep(new_application(new_world("voxjar", pace="0.1")), "GET", CLOCK).json
    assert (told["frozen"], told["pace"]) == (False, "0.1")


def test_it_is_set_stopped_and_paced_in_one_request(application: Application) -> None:
    told = change(application, now="2026-01-01T12:00:00+02:00", frozen=True, pace="held")
    assert told == {"now": "2026-01-01T10:00:00.000Z", "frozen": True, "pace": "held"}
    assert keep(application, "GET", CLOCK).json == told
    assert change(application) == told
    assert change(application, pace=2) == {**told, "pace": "2"}
    assert advance(application, seconds=0.5)["now"] == "2026-01-01T10:00:00.500Z"
    assert change(application, frozen=False)["frozen"] is False


def test_calls_and_what_they_leave_are_of_its_time(application: Application) -> None:
    change(application, now="2001-02-03T04:05:06Z", frozen=True)
    made = ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    entry = keep(application, "GET", f"/_mock/journal/{made.headers['x-mock-call']}").json
    assert entry["at"] == "2001-02-03T04:05:06Z"
    (record, *_) = keep(application, "GET", "/_mock/records").json["items"]
    assert record["created"] == "2001-02-03T04:05:06Z"


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        (1, "1"),
        (0.5, "0.5"),
        (1e-7, "0.000001"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (0, "0"),
        (-0.0, "0"),
        (1e5, "100000"),
        (999_999, "999999"),
        ("0.25", "0.25"),
        ("immediate", "immediate"),
        ("held", "held"),
        ("reads:3", "reads:3"),
    ],
)
def test_a_pace_is_told_as_it_is_kept(pace: Any, told: str, application: Application) -> None:
    assert change(application, pace=pace)["pace"] == told
    assert ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD).status == 200


@pytest.mark.parametrize("is_frozen", [True, False])
@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("0001-01-01", "0010-01-01"),
        ("0001-01-01T00:00:00+14:00", "0010-01-01"),
        ("1969-12-31", "1969-12-31"),
        ("9989-12-31", "9989-12-31"),
        ("9999-12-31T23:59:59.999999999-14:00", "9990-01-01"),
    ],
)
def test_a_clock_set_to_the_ends_of_the_calendar_goes_on_working(
    now: str, told: str, application: Application, *, is_frozen: bool
) -> None:
    assert change(application, now=now, frozen=is_frozen)["now"].startswith(told)
    for _ in range(3):
        advance(application, seconds=315_360_000)
        assert ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD).status == 200
        advance(application, until="idle")
    assert change(application, frozen=not is_frozen)["frozen"] is not is_frozen
    assert keep(application, "GET", "/_mock/records").json["total"] >= 3
    assert change(application, now="2026-01-01")["now"].startswith("2026-01-01")


def test_time_goes_on_from_where_it_is_moved_to(application: Application) -> None:
    before = change(application, frozen=True)["now"]
    after = advance(application, seconds=3600)["now"]
    gone = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    assert gone == timedelta(hours=1)
    assert advance(application, until="idle")["now"] == after


@pytest.mark.parametrize(
    ("method", "path", "body", "at"),
    [
        ("PUT", CLOCK, [], "$"),
        ("PUT", CLOCK, {"speed": 1}, "$"),
        ("PUT", CLOCK, {"now": "yesterday"}, "$.now"),
        ("PUT", CLOCK, {"now": "2026-02-30"}, "$.now"),
        ("PUT", CLOCK, {"now": 5}, "$.now"),
        ("PUT", CLOCK, {"now": ""}, "$.now"),
        ("PUT", CLOCK, {"now": None}, "$.now"),
        ("PUT", CLOCK, {"frozen": "yes"}, "$.frozen"),
        ("PUT", CLOCK, {"pace": "fast"}, "$.pace"),
        ("PUT", CLOCK, {"pace": "1\n"}, "$.pace"),
        ("PUT", CLOCK, {"pace": "1e-7"}, "$.pace"),
        ("PUT", CLOCK, {"pace": -1}, "$.pace"),
        ("PUT", CLOCK, {"pace": 1_000_000}, "$.pace"),
        ("PUT", CLOCK, {"pace": True}, "$.pace"),
        ("PUT", CLOCK, {"pace": None}, "$.pace"),
        ("POST", ADVANCE, {}, "$"),
        ("POST", ADVANCE, {"seconds": 1, "until": "idle"}, "$"),
        ("POST", ADVANCE, {"seconds": -1}, "$.seconds"),
        ("POST", ADVANCE, {"seconds": "60"}, "$.seconds"),
        ("POST", ADVANCE, {"seconds": 315_360_001}, "$.seconds"),
        ("POST", ADVANCE, {"until": "tomorrow"}, "$.until"),
    ],
)
def test_what_the_clock_cannot_be_is_told_with_its_place_and_changes_nothing(
    method: str, path: str, body: Any, at: str, application: Application
) -> None:
    change(application, frozen=True)
    before = keep(application, "GET", CLOCK).json
    answer = keep(application, method, path, json_body=body)
    assert problem(answer)[0] == 422
    assert [item["at"] for item in answer.json["problems"]] == [at]
    assert keep(application, "GET", CLOCK).json == before
