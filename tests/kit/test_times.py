from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.kit.times import parse_iso8601, parse_rfc3339, to_iso

RFC3339: Final = {
    "2023-11-07T05:31:56Z": "2023-11-07T05:31:56+00:00",
    "2023-11-07t05:31:56z": "2023-11-07T05:31:56+00:00",
    "2023-11-07T05:31:56.5z": "2023-11-07T05:31:56.500000+00:00",
    "2023-11-07T05:31:56-00:00": "2023-11-07T05:31:56+00:00",
    "2023-11-07T05:31:56+23:59": "2023-11-06T05:32:56+00:00",
    "2023-11-07T05:31:56-23:59": "2023-11-08T05:30:56+00:00",
    "2023-11-07T05:31:56.123456789Z": "2023-11-07T05:31:56.123456+00:00",
    "2022-03-18T21:52:26.8816090Z": "2022-03-18T21:52:26.881609+00:00",
    "2022-03-18T17:56:09.8683110-04:00": "2022-03-18T21:56:09.868311+00:00",
    "2024-02-29T00:00:00Z": "2024-02-29T00:00:00+00:00",
    "2000-02-29T23:59:59Z": "2000-02-29T23:59:59+00:00",
    "0001-01-01T00:00:00Z": "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999Z": "9999-12-31T23:59:59.999999+00:00",
}

# Allowed by ISO 8601 and not by RFC 3339.
ISO8601_ONLY: Final = {
    "2022-03-19": "2022-03-19T00:00:00+00:00",
    "2022-03-18T21:52:26": "2022-03-18T21:52:26+00:00",
    "2022-03-18T21:52:26.1": "2022-03-18T21:52:26.100000+00:00",
    "2022-03-18T21:52": "2022-03-18T21:52:00+00:00",
    "2022-03-18T21:52Z": "2022-03-18T21:52:00+00:00",
    "2022-03-18T21:52+05:30": "2022-03-18T16:22:00+00:00",
    "2022-03-18T21:52:26-0400": "2022-03-19T01:52:26+00:00",
    "2022-03-18T21:52:26-04": "2022-03-19T01:52:26+00:00",
}

LOWER_CASE: Final = ["2023-11-07t05:31:56Z", "2023-11-07T05:31:56z"]

NEITHER: Final = {
    "empty": "",
    "word": "yesterday",
    "unix seconds": "1699335116",
    "trailing newline": "2023-11-07T05:31:56Z\n",
    "trailing newline after a date": "2023-11-07\n",
    "trailing carriage return": "2023-11-07T05:31:56Z\r",
    "trailing NUL": "2023-11-07T05:31:56Z\0",
    "leading blank": " 2023-11-07T05:31:56Z",
    "trailing blank": "2023-11-07T05:31:56Z ",
    "blank for T": "2023-11-07 05:31:56Z",
    "underscore for T": "2023-11-07_05:31:56Z",
    "leap second": "2016-12-31T23:59:60Z",
    "second 61": "2016-12-31T23:59:61Z",
    "hour 24": "2023-11-07T24:00:00Z",
    "minute 60": "2023-11-07T05:60:00Z",
    "month 00": "2023-00-07T05:31:56Z",
    "month 13": "2023-13-07T05:31:56Z",
    "day 00": "2023-11-00T05:31:56Z",
    "31 November": "2023-11-31T05:31:56Z",
    "29 February of a common year": "2023-02-29T05:31:56Z",
    "29 February 1900": "1900-02-29T05:31:56Z",
    "year 0000": "0000-01-01T00:00:00Z",
    "year 10000": "10000-01-01T00:00:00Z",
    "signed year": "+2023-11-07T05:31:56Z",
    "negative year": "-2023-11-07T05:31:56Z",
    "two-digit year": "23-11-07T05:31:56Z",
    "one-digit month": "2023-1-07T05:31:56Z",
    "offset +24:00": "2023-11-07T05:31:56+24:00",
    "offset minute 60": "2023-11-07T05:31:56+05:60",
    "offset with seconds": "2023-11-07T05:31:56+05:30:15",
    "one-digit offset": "2023-11-07T05:31:56+5",
    "offset and Z": "2023-11-07T05:31:56+05:00Z",
    "minus sign of typography": "2023-11-07T05:31:56\N{MINUS SIGN}04:00",
    "zone name": "2023-11-07T05:31:56 UTC",
    "date with zone": "2023-11-07Z",
    "date with T": "2023-11-07T",
    "hour alone": "2023-11-07T05",
    "fraction without digits": "2023-11-07T05:31:56.Z",
    "fraction after a comma": "2023-11-07T05:31:56,5Z",
    "fraction of a minute": "2023-11-07T05:31.5Z",
    "basic form": "20231107T053156Z",
    "basic time": "2023-11-07T053156Z",
    "slashes": "2023/11/07",
    "American date": "11/07/2023",
    "week date": "2023-W45-2",
    "ordinal date": "2023-311",
    "month alone": "2023-11",
    "Arabic-Indic digit": "202\N{ARABIC-INDIC DIGIT THREE}-11-07T05:31:56Z",
    "full-width digit": "202\N{FULLWIDTH DIGIT THREE}-11-07T05:31:56Z",
    "superscript digit": "2023-1\N{SUPERSCRIPT ONE}-07T05:31:56Z",
    "lone surrogate": "2023-11-07T05:31:56\ud800",
    "HTTP date": "Tue, 07 Nov 2023 05:31:56 GMT",
}


@pytest.mark.parametrize(("text", "moment"), RFC3339.items())
def test_rfc3339_date_times_are_read(text: str, moment: str) -> None:
    assert parse_rfc3339(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(("text", "moment"), [(t, m) for t, m in RFC3339.items() if t == t.upper()])
def test_an_upper_case_rfc3339_date_time_is_iso8601_too(text: str, moment: str) -> None:
    assert parse_iso8601(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(("text", "moment"), ISO8601_ONLY.items())
def test_iso8601_reads_dates_and_lets_seconds_and_zone_go(text: str, moment: str) -> None:
    assert parse_iso8601(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ISO8601_ONLY)
def test_rfc3339_wants_time_seconds_and_a_full_zone(text: str) -> None:
    assert parse_rfc3339(text) is None


@pytest.mark.parametrize("text", LOWER_CASE)
def test_lower_case_letters_are_rfc3339_alone(text: str) -> None:
    assert parse_rfc3339(text) is not None
    assert parse_iso8601(text) is None


@pytest.mark.parametrize("text", NEITHER.values(), ids=NEITHER)
def test_everything_else_is_refused_by_both(text: str) -> None:
    assert parse_rfc3339(text) is None
    assert parse_iso8601(text) is None


def test_what_is_read_is_in_utc() -> None:
    moment = parse_iso8601("2022-03-18T17:56:09-04:00")
    assert moment is not None
    assert moment.tzinfo is UTC
    assert moment.hour == 21


def test_an_offset_that_leaves_the_calendar_is_held_at_its_edge() -> None:
    assert parse_rfc3339("0001-01-01T00:00:00+01:00") == datetime.min.replace(tzinfo=UTC)
    assert parse_rfc3339("9999-12-31T23:59:59-01:00") == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 6, 23, 14, 30, tzinfo=UTC), "2026-06-23T14:30:00.000Z"),
        (datetime(2026, 6, 23, 14, 30, 1, 999_999, tzinfo=UTC), "2026-06-23T14:30:01.999Z"),
        (datetime(2026, 6, 23, 14, 30, tzinfo=timezone(timedelta(hours=2))), "2026-06-23T12:30:00.000Z"),
        (datetime.fromisoformat("2026-06-23T14:30:00"), "2026-06-23T14:30:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=1))), "9999-12-31T23:59:59.999Z"),
    ],
    ids=["whole second", "cut, not rounded", "offset", "no zone", "first year", "past the last day"],
)
def test_a_moment_is_written_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert to_iso(moment) == text


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS))
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_every_moment_the_standard_library_writes_is_read_back(moment: datetime) -> None:
    read = parse_rfc3339(moment.isoformat())
    assert read is not None
    assert read == parse_iso8601(moment.isoformat())
    assert to_iso(read) == to_iso(moment)


@given(st.dates(), st.times(), st.text("0123456789", min_size=7, max_size=12))
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_a_fraction_of_any_length_is_cut_to_microseconds(day: date, clock: time, fraction: str) -> None:
    cut = datetime.combine(day, clock.replace(microsecond=int(fraction[:6])), UTC)
    assert parse_rfc3339(f"{day}T{clock.replace(microsecond=0)}.{fraction}Z") == cut


@given(st.text() | st.text("0123456789-:.TZ+ "))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_no_text_makes_reading_fail(text: str) -> None:
    parse_rfc3339(text)
    parse_iso8601(text)
