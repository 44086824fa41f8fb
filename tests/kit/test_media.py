import subprocess
import sys
from typing import Final

import pytest

from mockserver.kit.media import HEAD, Listener, Media
from tests.kit.media_files import FIXTURES, NOT_MEDIA, fixture, hear

TOLD: Final = {
    "call.wav": Media("audio", "wav", 1.0, 8_000, 1),
    "call-mulaw.wav": Media("audio", "wav", 1.0, 8_000, 1),
    "call.mp3": Media("audio", "mp3", 2.592, 16_000, 1),
    "call-telephone.mp3": Media("audio", "mp3", 2.16, 8_000, 1),
    "call.m4a": Media("audio", "m4a", 1.5, 16_000, 1),
    "call.mp4": Media("audio", "mp4", 1.5, 16_000, 1),
    "call.aac": Media("audio", "aac", 1.6, 16_000, 1),
    "call.ogg": Media("audio", "ogg", 2.0, 8_000, 1),
    "call.opus": Media("audio", "opus", 2.0, 48_000, 1),
    "call.webm": Media("audio", "webm", 2.008, 48_000, 1),
    "call-live.webm": Media("audio", "webm", None, 48_000, 1),
    "call.mkv": Media("audio", "mkv", 2.008, 48_000, 1),
    "call.flac": Media("audio", "flac", 0.25, 8_000, 1),
    "call.wma": Media("audio", "wma", 0.51, 22_050, 1),
    "call.tar": Media("archive", "tar"),
    "call.zip": Media("archive", "zip"),
    "video.mp4": Media("video", "mp4", 2.0, 16_000, 1),
    "video-faststart.mp4": Media("video", "mp4", 2.0, 16_000, 1),
    "video-fragmented.mp4": Media("video", "mp4", None, 16_000, 1),
    "video.mov": Media("video", "mov", 2.0, 16_000, 1),
    "video.webm": Media("video", "webm", 2.008, 16_000, 1),
    "video.ogv": Media("video", "ogg", 2.0, 8_000, 1),
}


@pytest.mark.parametrize("chunk", [None, 1, 7, 999], ids=["whole", "byte by byte", "by 7", "by 999"])
@pytest.mark.parametrize(("name", "told"), TOLD.items(), ids=TOLD)
def test_a_file_is_told_by_its_bytes_however_they_are_cut(name: str, told: Media, chunk: int | None) -> None:
    found = hear(fixture(name), chunk)
    assert found.seconds == pytest.approx(told.seconds, abs=0.002)
    assert (found.kind, found.format) == (told.kind, told.format)
    assert (found.sample_rate, found.channels) == (told.sample_rate, told.channels)


def test_every_fixture_is_told() -> None:
    assert {path.name for path in FIXTURES.iterdir()} - NOT_MEDIA == set(TOLD)
    assert sum(len(fixture(name)) for name in TOLD) < 150_000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", Media()),
        (b"\0", Media()),
        (b"Just a text.", Media()),
        (b"\xff\xfe" + "Text of Windows".encode("utf-16-le"), Media()),
        (b"%PDF-1.7 and so on", Media(None, "pdf")),
        (b"\x89PNG\r\n\x1a\n" + bytes(32), Media(None, "png")),
        (b"RIFF\0\0\0\0AVI LIST", Media("video", "avi")),
        (b"#!AMR\n" + bytes(32), Media("audio", "amr")),
    ],
    ids=["nothing", "a byte", "text", "UTF-16", "pdf", "png", "avi", "amr"],
)
def test_what_nobody_plays_or_measures_is_told_as_far_as_it_goes(data: bytes, told: Media) -> None:
    assert hear(data) == told


def test_bytes_and_views_of_them_are_heard_alike() -> None:
    from_bytes, from_view = Listener(), Listener()
    for start in range(0, len(fixture("call.opus")), 500):
        from_bytes.feed(fixture("call.opus")[start : start + 500])
        from_view.feed(memoryview(fixture("call.opus"))[start : start + 500])
    assert from_bytes.media() == from_view.media() == TOLD["call.opus"]


def test_the_head_is_64_kib_and_no_more() -> None:
    listener = Listener()
    for _ in range(3):
        listener.feed(bytes(HEAD - 1))
    assert len(listener.head) == HEAD
    assert listener.size == 3 * (HEAD - 1)


def test_libraries_are_not_loaded_before_a_file_is_judged() -> None:
    ask = "import sys, mockserver.kit.media; print({'filetype', 'tinytag'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", ask], text=True).strip() == "set()"
