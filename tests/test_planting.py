"""What a fault may be: one sentence says what is wrong with a wish, and names what there is."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.creation import SetupError
from mockserver.model import Fault, Match, Rate
from mockserver.planting import fault_of, read_wish
from mockserver.world import World
from tests.acme import acme_world, behaving
from tests.worlds import new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return acme_world(tmp_path, behaving())


def made(world: World, **wish: Any) -> Fault:
    return fault_of(world, read_wish({"name": "mine", **wish}))


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ({"problem": "broken"}, Fault("mine", problem="broken")),
        ({"wire": "drip", "delay": 1, "times": 3}, Fault("mine", wire="drip", delay=1.0, times=3)),
        ({"delay": 60, "step": "accept"}, Fault("mine", delay=60.0, step="accept")),
        ({"problem": "broken", "step": "auth", "chance": 0}, Fault("mine", problem="broken", step="auth", chance=0.0)),
        ({"problem": "broken", "wire": "truncate"}, Fault("mine", problem="broken", wire="truncate")),
        ({"problem": "too-many", "retry_after": 0}, Fault("mine", problem="too-many", retry_after=0)),
        (
            {"rate": {"calls": 3, "seconds": 60}},
            Fault("mine", problem="too-many", rate=Rate(3, 60.0)),
        ),
        (
            {"rate": {"calls": 3, "seconds": 60}, "retry_after": 9},
            Fault("mine", problem="too-many", rate=Rate(3, 60.0), retry_after=9),
        ),
        (
            {"rate": {"calls": 0, "seconds": 0.5}, "wire": "reset"},
            Fault("mine", wire="reset", rate=Rate(0, 0.5)),
        ),
        ({"rate": {"calls": 1, "seconds": 1}, "fail": True}, Fault("mine", fail=True, rate=Rate(1, 1.0))),
        ({"rate": {"calls": 1, "seconds": 1}, "pace": 2}, Fault("mine", pace=2.0, rate=Rate(1, 1.0))),
        ({"rate": {"calls": 1, "seconds": 1}, "delay": 2}, Fault("mine", delay=2.0, rate=Rate(1, 1.0))),
        (
            {"rate": {"calls": 3.0, "seconds": 0.5}, "retry_after": 9.0, "times": 2.0},
            Fault("mine", problem="too-many", rate=Rate(3, 0.5), retry_after=9, times=2),
        ),
        ({"pace": "10"}, Fault("mine", pace=10.0)),
        ({"pace": 0.5}, Fault("mine", pace=0.5)),
        ({"pace": 0}, Fault("mine", pace=0.0)),
        ({"pace": "immediate", "fail": True, "delay": 1}, Fault("mine", pace=0.0, fail=True, delay=1.0)),
        ({"fail": True, "match": {"vendor": "acme"}}, Fault("mine", Match("acme"), fail=True)),
        ({"delay": 1, "match": {"account": "acme/demo"}}, Fault("mine", Match("acme", "demo"), delay=1.0)),
        (
            {"delay": 1, "match": {"vendor": "acme", "account": "acme/demo", "operation": "addCall"}},
            Fault("mine", Match("acme", "demo", "addCall"), delay=1.0),
        ),
        (
            {"delay": 1, "match": {"header": "X-Test: one two"}},
            Fault("mine", Match(header="X-Test: one two"), delay=1.0),
        ),
    ],
)
def test_a_wish_becomes_a_fault(wish: dict[str, Any], fault: Fault, world: World) -> None:
    assert made(world, **wish) == fault


PROBLEMS = "unauthenticated, too-large, no-credits, not-found, too-many, broken"
WIRES = "reset, empty, truncate, garbage, drip, hang"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({}, "a fault has a problem, a wire, a delay, a rate, a pace or fail"),
        ({"delay": 0}, "a fault has a problem, a wire, a delay, a rate, a pace or fail"),
        ({"problem": "tired"}, f"there is no problem 'tired': known are {PROBLEMS}"),
        ({"problem": ""}, f"there is no problem '': known are {PROBLEMS}"),
        ({"wire": "cut"}, f"there is no wire 'cut': known are {WIRES}"),
        (
            {"problem": "broken", "step": "route"},
            "there is no step 'route': known are auth, transport, schema, rules, accept",
        ),
        ({"problem": "broken", "step": "accept"}, "a problem speaks at one of auth, transport, schema, rules; a wire"),
        ({"wire": "reset", "step": "auth"}, "a problem speaks at one of auth, transport, schema, rules; a wire"),
        ({"delay": 1, "step": "rules"}, "a problem speaks at one of auth, transport, schema, rules; a wire"),
        ({"problem": "broken", "retry_after": 3}, "retry_after goes with the problem too-many"),
        ({"fail": True, "problem": "broken"}, "pace and fail change what becomes of records"),
        ({"pace": 2, "wire": "reset"}, "pace and fail change what becomes of records"),
        ({"pace": 2, "step": "accept"}, "pace and fail change what becomes of records"),
        ({"pace": "held"}, "a fault's pace is a number or immediate, not 'held'"),
        ({"pace": "reads:3"}, "a fault's pace is a number or immediate, not 'reads:3'"),
        ({"pace": -1}, "a fault's pace is a number or immediate, not -1.0"),
        ({"delay": 1, "match": {"vendor": "nobody"}}, "there is no vendor 'nobody': known are acme"),
        ({"delay": 1, "match": {"account": "nobody/demo"}}, "there is no vendor 'nobody': known are acme"),
        ({"delay": 1, "match": {"account": "demo"}}, "an account is named with its vendor"),
        ({"delay": 1, "match": {"vendor": "acme", "account": "other/demo"}}, "an account of other is none of acme"),
        ({"delay": 1, "match": {"operation": "other"}}, "there is no operation 'other': known are addCall"),
        ({"delay": 61}, "this is no fault: Expected `float` <= 60"),
        ({"delay": -1}, "this is no fault: Expected `float` >= 0"),
        ({"delay": 1e300}, "this is no fault: Expected `float` <= 60"),
        ({"delay": float("inf")}, "this is no fault: Expected `float` <= 60"),
        ({"delay": 1, "times": 2.5}, "this is no fault: Expected `int | null`, got `float`"),
        ({"delay": 1, "times": 1e300}, "this is no fault: "),
        ({"delay": 1, "times": 0}, "this is no fault: Expected `int` >= 1"),
        ({"delay": 1, "chance": 1.1}, "this is no fault: Expected `float` <= 1"),
        ({"delay": 1, "rate": {"calls": 1, "seconds": 0}}, "this is no fault: Expected `float` > 0"),
        ({"delay": 1, "rate": {"calls": 1}}, "this is no fault: Object missing required field `seconds`"),
        ({"delay": 1, "match": {"header": "a b"}}, "this is no fault: Expected `str` matching regex"),
        ({"delay": 1, "match": {"header": "a: b\r\n"}}, "this is no fault: Expected `str` matching regex"),
        ({"delay": 1, "match": {"header": "a: b\n"}}, "this is no fault: Expected `str` matching regex"),
        ({"delay": 1, "match": {"header": "a\n"}}, "this is no fault: Expected `str` matching regex"),
        ({"delay": 1, "speed": 1}, "this is no fault: Object contains unknown field `speed`"),
        ({"delay": 1, "name": "a/b"}, "this is no fault: Expected `str` matching regex"),
        ({"delay": 1, "name": "a\n"}, "this is no fault: Expected `str` matching regex"),
        ({"problem": "too-many", "retry_after": 1.5}, "this is no fault: Expected `int | null`, got `float`"),
    ],
)
def test_what_is_no_fault_is_told_in_one_sentence(wish: dict[str, Any], says: str, world: World) -> None:
    with pytest.raises(SetupError) as caught:
        made(world, **wish)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


def test_operations_are_those_of_the_vendor_named() -> None:
    world = new_world("emberqa", "voxjar")
    assert made(world, delay=1, match={"operation": "submitRecording"})
    assert made(world, delay=1, match={"operation": "uploadInteraction", "vendor": "voxjar"})
    with pytest.raises(SetupError, match="there is no operation 'submitRecording': known are uploadInteraction"):
        made(world, delay=1, match={"operation": "submitRecording", "vendor": "voxjar"})


def test_two_of_one_name_cannot_be_planted_together(world: World) -> None:
    from mockserver.planting import plant

    with pytest.raises(SetupError, match="a fault 'same' is planted there already"):
        asyncio.run(plant(world, [Fault("same", problem="broken"), Fault("same", delay=1)]))
    assert asyncio.run(Control(world).faults.list()) == []
