"""The Date of an answer, by the mock's clock: what a client computes from it must fit all else that it is told."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_header(at: datetime) -> tuple[bytes, bytes]:
    return b"date", date_of(at.timestamp() // 1)


@lru_cache(maxsize=16)
def date_of(second: float) -> bytes:
    """Return a moment as HTTP writes it (RFC 9110, 5.6.7); the calls of one second share it."""
    at = EPOCH + timedelta(seconds=second)
    day = f"{DAYS[at.weekday()]}, {at.day:02d} {MONTHS[at.month - 1]} {at.year:04d}"
    return f"{day} {at:%H:%M:%S} GMT".encode()
