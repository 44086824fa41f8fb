"""The one source of time and the one source of chance: everything else is handed what it needs of both."""

import random
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import AGES, Instant, Pace, parse_pace
from mockserver.state.store import Held, Key, Write

CLOCK: Key = ("clock",)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Year 9999 is where calendars end, and what is added to a moment must still fit.
LAST = datetime(9990, 1, 1, tzinfo=UTC)
FARTHEST = 7_000 * 365 * 86_400.0


class Dial(Struct, frozen=True, omit_defaults=True):
    """What a tester has done to the clock: `offset` in seconds, and the work clock's reading at one moment."""

    pace: str = "1"
    offset: float = 0.0
    frozen: datetime | None = None
    work: float = 0.0
    since: datetime = EPOCH


@lru_cache(maxsize=16)
def read_dial(text: bytes) -> Dial:
    return msgspec.json.decode(text, type=Dial)


@lru_cache(maxsize=16)
def pace_of(text: str) -> Pace:
    return parse_pace(text) or Pace(text)


class Clock:
    """What time it is here; `pace` is the one that the server was started with."""

    def __init__(self, pace: str = "1") -> None:
        self.initial = Dial(pace)

    def now(self) -> datetime:
        """Return this machine's time, whatever a tester has made of it."""
        return datetime.now(UTC)

    def read(self, held: Held | None) -> Instant:
        """Return what time it is for a world whose dial stands so."""
        return instant(self.dial(held), self.now())

    def dial(self, held: Held | None) -> Dial:
        return read_dial(held.value) if held else self.initial


def instant(dial: Dial, machine: datetime) -> Instant:
    at = dial.frozen or min(machine + timedelta(seconds=dial.offset), LAST)
    pace = pace_of(dial.pace)
    gone = (at - dial.since).total_seconds()
    return Instant(at, dial.work + gone / pace.factor if pace.factor else dial.work, pace)


def write_dial(dial: Dial) -> Write:
    return Write(CLOCK, msgspec.json.encode(dial))


def freeze(dial: Dial, machine: datetime) -> Dial:
    return replace(dial, frozen=instant(dial, machine).at)


def unfreeze(dial: Dial, machine: datetime) -> Dial:
    """Let the time run on from where it stood."""
    return replace(dial, frozen=None, offset=(dial.frozen - machine).total_seconds()) if dial.frozen else dial


def advance(dial: Dial, seconds: float) -> Dial:
    """Move the time on, frozen or not."""
    if dial.frozen:
        room = (LAST - dial.frozen).total_seconds()
        return replace(dial, frozen=dial.frozen + timedelta(seconds=min(seconds, room)))
    return replace(dial, offset=min(dial.offset + seconds, FARTHEST))


def set_to(dial: Dial, machine: datetime, at: datetime) -> Dial:
    """Move the time to a moment; one in the past is no time in which work was undone."""
    now = instant(dial, machine)
    gone = (at - now.at).total_seconds()
    moved = advance(dial, gone)
    return replace(moved, work=now.work, since=min(at, LAST)) if gone < 0 else moved


def set_pace(dial: Dial, machine: datetime, pace: str) -> Dial:
    """Let work go on at another pace from now on; what was under way is done at once where no wait is left."""
    now = instant(dial, machine)
    jump = AGES if pace_of(pace).factor == 0 else 0.0
    return replace(dial, pace=pace, work=now.work + jump, since=now.at)


class Ids:
    """Identities for calls and credentials; the same seed gives the same ones in the same order."""

    def __init__(self, seed: str | None = None) -> None:
        # Not for secrets: a tester's tokens open nothing but this mock.
        self._source = random.Random(seed)  # noqa: S311

    def fresh(self) -> UUID:
        """Return a version 4 UUID."""
        return UUID(int=self._source.getrandbits(128), version=4)

    def token(self, prefix: str) -> str:
        return f"{prefix}-{self._source.getrandbits(96):024x}"
