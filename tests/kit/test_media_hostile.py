"""Crafted files: none may raise, none may keep us busy, none may tell numbers that others stumble over."""

from time import process_time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.kit.landmarks import Landmarks
from mockserver.kit.media import Listener, Media
from mockserver.kit.recognition import LONGEST, judge
from tests.kit.media_files import (
    FIXTURES,
    NOT_MEDIA,
    box,
    element,
    fixture,
    hear,
    id3_tag,
    movie,
    opus,
    page,
    track,
)

BOUNDED = settings(derandomize=True, database=None, deadline=None, max_examples=300)
NAMES = sorted({path.name for path in FIXTURES.iterdir()} - NOT_MEDIA)
BRAND = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
WEBM = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm"
ENDLESS_MOOV = b"\x40\0\0\0moov"

CRAFTED: Final = {
    "mp3 and ones": b"\xff\xfb\x90\0" + b"\xff" * 65_000,
    "mp3 and noughts": b"\xff\xfb\x90\0" + bytes(65_000),
    "mp3 of two bytes": b"\xff\xfb",
    "tag and noughts": id3_tag(500) + bytes(65_000),
    "tag without an end": b"ID3\3\0\0\x7f\x7f\x7f\x7f" + bytes(65_000),
    "tag cut off": b"ID3\3\0\0\x7f",
    "tiny aac frames": bytes.fromhex("fff15c4000e0fc") * 9_000,
    "aac frames of no size": bytes.fromhex("fff15c4000001c") * 9_000,
    "aac of an unknown rate": bytes.fromhex("fff17c4000e0fc") * 9_000,
    "aac of two bytes": b"\xff\xf1",
    "wav of empty chunks": b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 8_000,
    "aiff of empty chunks": b"FORM\0\0\0\0AIFF" + b"JUNK\0\0\0\0" * 8_000,
    "flac of empty blocks": b"fLaC" + b"\1\0\0\0" * 16_000,
    "flac of four billion comments": b"fLaC\4\0\0\0\0\0\0\0\xff\xff\xff\xff" + bytes(65_000),
    "asf of empty objects": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(13) + b"\2" + bytes(65_000),
    "ogg of capture patterns": b"OggS\0\2" * 10_000,
    "ogg of empty packets": page(b"call", 0, 2, b"") * 2_000,
    "webm of empty elements": WEBM + b"\x83\x80" * 30_000,
    "webm of open elements": WEBM + b"\xae\x80" * 30_000,
    "webm of noughts": WEBM + bytes(65_000),
    "webm cut off": WEBM + b"\x18\x53",
    "mp4 of empty boxes": BRAND + box(b"free") * 100_000,
    "moov of empty boxes": BRAND + ENDLESS_MOOV + box(b"free") * 100_000,
    "moov in moov": BRAND + ENDLESS_MOOV * 20_000,
    "track in track": BRAND + ENDLESS_MOOV + b"\x30\0\0\0trak" * 20_000,
    "moov of handlers": BRAND + ENDLESS_MOOV + box(b"hdlr", b"\xff" * 600) * 1_000,
    "moov of lengths": BRAND + ENDLESS_MOOV + box(b"mvhd", b"\xff" * 600) * 1_000,
    "zstandard in zstandard": bytes.fromhex("502a4d1800000000") * 1_024,
    "png of empty chunks": b"\x89PNG\r\n\x1a\n" + bytes(8_000),
    "zip that says it is huge": b"PK\3\4" + b"\xff" * 8_000,
    "tar of a path upwards": b"../../etc/passwd".ljust(257, b"\0") + b"ustar\x0000" + bytes(249),
    "garbage": bytes(range(1, 256)) * 257,
}


@pytest.mark.parametrize("data", CRAFTED.values(), ids=CRAFTED)
def test_a_crafted_file_is_judged_at_once(data: bytes) -> None:
    listener = Listener()
    listener.feed(data)
    listener.size = 2_600_000_000
    judge(Landmarks(1, b"RIFF\0\0\0\0WAVE"))  # loads the libraries
    began = process_time()
    listener.media()
    assert process_time() - began < 0.5  # a tenth of it is usual; a search through all that size takes hours


@pytest.mark.parametrize(
    "data",
    [
        BRAND + movie(LONGEST // 1_000 * 1_000 + 1_000, track(b"soun")),
        BRAND + box(b"moov", box(b"mvhd", bytes(12) + b"\0\0\0\1" + b"\xff" * 84) + track(b"soun")),
        WEBM + element("1549a966", element("4489", bytes.fromhex("7ff8000000000000"))),
        WEBM + element("1549a966", element("4489", bytes.fromhex("7fefffffffffffff"))),
        WEBM + element("1549a966", element("4489", bytes.fromhex("7fefff"))),
        opus(60, 100) + page(b"call", 1 << 62, 4, b""),
    ],
    ids=["over a month", "all ones", "not a number", "vast", "a float of 3 bytes", "positions beyond all time"],
)
def test_a_length_that_cannot_be_is_not_told(data: bytes) -> None:
    assert hear(data, 65_536).seconds is None


def test_other_numbers_that_cannot_be_are_not_told() -> None:
    rate, channels = element("b5", bytes.fromhex("7ff0000000000000")), element("9f", b"\xff" * 9)
    track_of_sound = element("ae", element("83", b"\2") + element("e1", rate + channels))
    assert hear(WEBM + element("1654ae6b", track_of_sound)) == Media("audio", "webm")


def plausible(found: Media) -> bool:
    numbers = (found.seconds, found.sample_rate, found.channels)
    return all(number is None or 0 < number < LONGEST for number in numbers)


@BOUNDED
@given(st.sampled_from(NAMES), st.data())
def test_no_damage_to_a_file_makes_judging_fail(name: str, draw: st.DataObject) -> None:
    data = bytearray(fixture(name))
    for _ in range(draw.draw(st.integers(1, 4), "times")):
        place = draw.draw(st.integers(0, min(len(data), 600)) | st.integers(0, len(data)), "place")
        data[place : place + draw.draw(st.integers(0, 8), "gone")] = draw.draw(st.binary(max_size=16), "instead")
    cut = draw.draw(st.integers(0, len(data)), "cut")
    assert plausible(hear(bytes(data[:cut]), draw.draw(st.integers(1, 5_000), "chunk")))


@BOUNDED
@given(st.sampled_from(NAMES), st.integers(0, 64), st.binary(max_size=400))
def test_no_prefix_makes_judging_fail(name: str, kept: int, rest: bytes) -> None:
    assert plausible(hear(fixture(name)[:kept] + rest, 100))


@BOUNDED
@given(st.binary(max_size=400), st.integers(1, 500))
def test_no_bytes_make_judging_fail(data: bytes, chunk: int) -> None:
    assert plausible(hear(data, chunk))
