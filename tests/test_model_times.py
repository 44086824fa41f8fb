"""What a pace may be, and where on the work clock something begins."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.model import AGES, Instant, Pace, pace_text, parse_pace
from tests.facts import NOW


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("1", Pace("1", 1.0)),
        ("0.1", Pace("0.1", 0.1)),
        ("0", Pace("0", 0.0)),
        ("0.000001", Pace("0.000001", 1e-6)),
        ("999999.999999", Pace("999999.999999", 999999.999999)),
        ("immediate", Pace("immediate", 0.0)),
        ("held", Pace("held", None)),
        ("reads:3", Pace("reads:3", None, 3)),
        ("reads:999999", Pace("reads:999999", None, 999_999)),
    ],
)
def test_a_pace_is_a_number_or_a_word(text: str, pace: Pace) -> None:
    assert parse_pace(text) == pace


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1 ", "1\n", "-1", "+1", ".5", "1.", "1,5", "1e3", "1e-7", "inf", "nan", "\u0661"),
        *("1000000", "0.0000001", "Immediate", "immediately", "HELD", "held\n", "hold"),
        *("reads", "reads:", "reads:0", "reads:03", "reads:-1", "reads:1.5", "reads:1000000", "reads:3 ", "reads: 3"),
    ],
)
def test_nothing_else_is_a_pace(text: str) -> None:
    assert parse_pace(text) is None


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        (1, "1"),
        (10, "10"),
        (0.5, "0.5"),
        (1e-7, "0.000001"),
        (5e-324, "0.000001"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (0, "0"),
        (-0.0, "0"),
        (100_000.0, "100000"),
        (999_999, "999999"),
        (999_998.999_999_9, "999999"),
    ],
)
def test_a_number_is_written_to_six_decimals_and_never_down_to_nothing(factor: float, text: str) -> None:
    assert pace_text(factor) == text


@settings(derandomize=True, database=None)
@given(st.floats(0, 999_999))
def test_whatever_number_is_written_is_a_pace(factor: float) -> None:
    pace = parse_pace(pace_text(factor))
    assert pace
    assert pace.factor == pytest.approx(factor, abs=1e-6)
    assert bool(pace.factor) is bool(factor)


@pytest.mark.parametrize(
    ("pace", "beginning"), [("1", 5.0), ("0.1", 5.0), ("held", 5.0), ("reads:2", 5.0), ("immediate", 5.0 - AGES)]
)
def test_where_no_wait_is_left_everything_began_long_ago(pace: str, beginning: float) -> None:
    parsed = parse_pace(pace)
    assert parsed
    assert Instant(NOW, 5.0, parsed).beginning == beginning
