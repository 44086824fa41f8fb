"""Moments in the written forms that the vendors read and write."""

import re
from datetime import MAXYEAR, UTC, datetime

_DATE = r"\d{4}-\d\d-\d\d"
_HOUR_AND_MINUTE = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SECONDS = r":[0-5]\d(?:\.\d+)?"
_OFFSET = rf"[+-]{_HOUR_AND_MINUTE}"
_LOOSE_OFFSET = r"[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?"

_RFC3339 = re.compile(rf"{_DATE}[Tt]{_HOUR_AND_MINUTE}{_SECONDS}(?:[Zz]|{_OFFSET})", re.ASCII)
_ISO8601 = re.compile(rf"{_DATE}(?:T{_HOUR_AND_MINUTE}(?:{_SECONDS})?(?:Z|{_LOOSE_OFFSET})?)?", re.ASCII)

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def parse_rfc3339(text: str) -> datetime | None:
    """Read a date-time of RFC 3339 as a moment in UTC; None for anything else.

    Time, seconds and zone must be there; `t` and `z` may be lower case. A fraction may have any number of
    digits and is cut to microseconds. The leap second `:60` is refused, for no clock here can hold it.
    """
    return _moment(_RFC3339, text)


def is_rfc3339(text: str) -> bool:
    return _read(_RFC3339, text) is not None


def parse_iso8601(text: str) -> datetime | None:
    """Read a date, or a date-time with or without seconds, fraction and zone, as a moment in UTC.

    Without a zone it is UTC, without a time it is midnight. `T` and `Z` must be upper case, as ISO 8601
    has them. None for anything else.
    """
    return _moment(_ISO8601, text)


def to_iso(at: datetime) -> str:
    """Write a moment as `2026-06-23T14:30:00.000Z`, cut to milliseconds; without a zone it is UTC."""
    return _utc(at).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _moment(form: re.Pattern[str], text: str) -> datetime | None:
    found = _read(form, text)
    return _utc(found) if found else None


def _read(form: re.Pattern[str], text: str) -> datetime | None:
    if form.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:  # the form is right, but the calendar has no such day
        return None


def _utc(at: datetime) -> datetime:
    """Hold the moment within the calendar: year 1 and year 9999 have no room for every offset."""
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return _LAST if at.year == MAXYEAR else _FIRST
