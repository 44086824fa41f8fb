"""How fast what was begun goes on, and what a moment is on both clocks."""

import re
from datetime import datetime

from msgspec import Struct

# Longer than anything takes: what began so long ago is done.
AGES = 1e9
HELD, IMMEDIATE, READS = "held", "immediate", "reads:"
FACTOR = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
COUNT = re.compile(r"[1-9]\d{0,5}", re.ASCII)
DIGITS = 6
PACES = "a number of at most six digits and six decimals, immediate, held or reads:N"


class Pace(Struct, frozen=True):
    """`factor` multiplies every wait, 0 leaves none, None makes time alone change nothing.

    `reads` is after how many askings a record is done, None where asking changes nothing.
    """

    text: str
    factor: float | None = 1.0
    reads: int | None = None


class Instant(Struct, frozen=True):
    """Now: `at` is the time of day, `work` the seconds on the work clock, which runs as the pace says.

    The work clock never runs back, so a change of pace never undoes what has happened.
    """

    at: datetime
    work: float
    pace: Pace

    @property
    def beginning(self) -> float:
        """Where on the work clock something begins that is made now."""
        return self.work - AGES if self.pace.factor == 0 else self.work


def pace_text(factor: float) -> str:
    """Write a factor as a pace: to six decimals, and never so short that nothing is left of one that is not 0."""
    kept = max(factor, 10**-DIGITS) if factor else 0.0
    return f"{kept:.{DIGITS}f}".rstrip("0").rstrip(".")


def parse_pace(text: str) -> Pace | None:
    """Read `1`, `0.1`, `immediate`, `held` or `reads:3`; None for anything else."""
    if text == IMMEDIATE:
        return Pace(text, 0.0)
    if text == HELD:
        return Pace(text, None)
    if text.startswith(READS) and COUNT.fullmatch(text[len(READS) :]):
        return Pace(text, None, int(text[len(READS) :]))
    return Pace(text, float(text)) if FACTOR.fullmatch(text) else None
