"""The one source of time and the one source of chance: everything else is handed what it needs of both."""

import random
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct as Layout

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import AGES, PACES, Instant, Pace, parse_pace
from mockserver.state.store import Held, Key, Write

CLOCK: Key = ("clock",)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Calendars begin with year 1 and end with year 9999: what is taken from a moment, or added to it, must still fit.
FIRST, LAST = datetime(10, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)
# What RFC 9562 leaves to chance of 128 bits: all but the variant and the version.
FREE = ~(0xF000 << 64 | 0xC000 << 48) & (1 << 128) - 1
VERSION_4 = 0x4000 << 64 | 0x8000 << 48
# Where Python's source of chance stands: so many words of 32 bits, and the place among them.
WORDS = Layout(">625I")


class Dial(Struct, frozen=True, omit_defaults=True):
    """What a tester has done to the clock: how far it is from the machine's, and what the work clock read `since`."""

    pace: str = "1"
    offset: timedelta = timedelta()
    frozen: datetime | None = None
    work: float = 0.0
    since: datetime = EPOCH


@lru_cache(maxsize=16)
def read_dial(text: bytes) -> Dial:
    return msgspec.json.decode(text, type=Dial)


@lru_cache(maxsize=16)
def pace_of(text: str) -> Pace:
    """Return a pace. Raises ValueError that tells what one is."""
    pace = parse_pace(text)
    if pace is None:
        raise ValueError(f"a pace is {PACES}, not {text!r}")
    return pace


class Clock:
    """What time it is here; `pace` is the one that the server was started with. Raises ValueError for none."""

    def __init__(self, pace: str = "1") -> None:
        self.initial = Dial(pace_of(pace).text)
        # When this process began: always by the machine, or its age would be a tester's.
        self.began = datetime.now(UTC)

    def now(self) -> datetime:
        """Return this machine's time, whatever a tester has made of it."""
        return datetime.now(UTC)

    def read(self, held: Held | None, machine: datetime | None = None) -> Instant:
        """Return what time it is for a world whose dial stands so, or was when the machine's time was this."""
        return instant(read_dial(held.value) if held else self.initial, machine or self.now())

    def dial(self, held: Held | None) -> Dial:
        return read_dial(held.value) if held else self.initial


def instant(dial: Dial, machine: datetime) -> Instant:
    moved = machine + max(FIRST - machine, min(dial.offset, LAST - machine)) if dial.offset else machine
    at = dial.frozen or moved
    pace = pace_of(dial.pace)
    gone = (at - dial.since).total_seconds()
    return Instant(at, dial.work + gone / pace.factor if pace.factor else dial.work, pace)


def write_dial(dial: Dial) -> Write:
    return Write(CLOCK, msgspec.json.encode(dial))


def freeze(dial: Dial, machine: datetime) -> Dial:
    # How far it is from the machine's counts no more, and would be another for each machine.
    return replace(dial, frozen=instant(dial, machine).at, offset=timedelta())


def unfreeze(dial: Dial, machine: datetime) -> Dial:
    """Let the time run on from where it stood."""
    return replace(dial, frozen=None, offset=dial.frozen - machine) if dial.frozen else dial


def advance(dial: Dial, machine: datetime, seconds: float) -> Dial:
    """Move the time on, frozen or not; at its end it stays."""
    now = instant(dial, machine).at
    return put(dial, machine, now + timedelta(seconds=min(seconds, (LAST - now).total_seconds())))


def set_to(dial: Dial, machine: datetime, at: datetime) -> Dial:
    """Move the time to a moment; one in the past is no time in which work was undone."""
    now, moved = instant(dial, machine), put(dial, machine, at)
    return moved if at >= now.at else replace(moved, work=now.work, since=instant(moved, machine).at)


def put(dial: Dial, machine: datetime, at: datetime) -> Dial:
    held = max(FIRST, min(at, LAST))
    return replace(dial, frozen=held) if dial.frozen else replace(dial, offset=held - machine)


def set_pace(dial: Dial, machine: datetime, pace: str) -> Dial:
    """Let work go on at another pace from now on; what was under way is done at once where no wait is left."""
    now = instant(dial, machine)
    jump = AGES if pace_of(pace).factor == 0 != now.pace.factor else 0.0
    return replace(dial, pace=pace, work=now.work + jump, since=now.at)


class Ids:
    """Identities for calls and credentials; the same seed gives the same ones in the same order."""

    def __init__(self, seed: str | None = None) -> None:
        # Not for secrets: a tester's tokens open nothing but this mock.
        self._source = random.Random(seed)  # noqa: S311

    def fresh(self) -> str:
        """Return a version 4 UUID as a text."""
        bits = self._source.getrandbits(128) & FREE | VERSION_4
        text = bits.to_bytes(16, "big").hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def token(self, prefix: str) -> str:
        return f"{prefix}-{self._source.getrandbits(96):024x}"

    @property
    def chance(self) -> str:
        """Where the source of chance stands, for another to go on from there."""
        return b64encode(WORDS.pack(*self._source.getstate()[1])).decode()

    def go_to(self, chance: str) -> None:
        """Go on from where a source stood. Raises ValueError where none can have stood."""
        self._source.setstate(read_chance(chance))


class SharedIds(Ids):
    """Of one of several processes: it never goes to where another stood, who may be going on from there."""

    def __init__(self) -> None:
        super().__init__(None)

    def go_to(self, chance: str) -> None:
        read_chance(chance)


def read_chance(chance: str) -> tuple[int, tuple[int, ...], None]:
    """Return where a source stood as Python has it. Raises ValueError where none can have stood."""
    text = b64decode(chance, validate=True)
    words = WORDS.unpack(text) if len(text) == WORDS.size else ()
    if not any(words[:-1]) or words[-1] >= len(words):
        raise ValueError("this is no place of a source of chance")
    return random.Random.VERSION, words, None
