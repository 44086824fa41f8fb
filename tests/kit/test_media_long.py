"""What stands beyond the first 64 KiB: a file's head does not tell its length."""

from collections.abc import Callable

import pytest

from mockserver.kit.landmarks import Landmarks
from mockserver.kit.media import Listener, Media
from mockserver.kit.recognition import judge
from tests.kit.media_files import box, boxes, fixture, hear, id3_tag, movie, mp3_frames, opus, page, track, wav

MEGABYTE = bytes(1_000_000)
BRAND = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")


def in_pieces(*parts: bytes) -> Media:
    listener = Listener()
    for part in parts:
        listener.feed(part)
    return listener.media()


def test_moov_is_found_behind_50_megabytes() -> None:
    (_, brand), _, (_, sound), (_, described) = boxes(fixture("video.mp4"))
    start = box(b"ftyp", brand) + (50_000_008).to_bytes(4, "big") + b"mdat"
    found = in_pieces(start, *[MEGABYTE] * 50, box(b"moov", described))
    assert found == Media("video", "mp4", 2.0, 16_000, 1)
    assert len(sound) < 10_000


@pytest.mark.parametrize("chunk", [100, 65_536, 300_000])
@pytest.mark.parametrize(
    ("tracks", "kind"),
    [
        ([track(b"vide")], "video"),
        ([track(b"soun")], "audio"),
        ([track(b"soun", 400_000), track(b"vide", 400_000)], "video"),
        ([track(b"soun", 400_000), track(b"text")], "audio"),
        ([], "video"),
    ],
    ids=["pictures", "sound", "pictures far behind sound", "sound and text", "no track at all"],
)
def test_tracks_are_found_wherever_they_stand(tracks: list[bytes], kind: str, chunk: int) -> None:
    data = BRAND + box(b"mdat", bytes(200_000), wide=True) + movie(3_600, *tracks) + box(b"free", bytes(9))
    assert hear(data, chunk) == Media(kind, "mp4", 3_600.0)


def test_an_mp4_of_a_brand_that_nobody_lists_is_told_by_its_tracks() -> None:
    unlisted = box(b"ftyp", b"dash\0\0\0\0iso6")
    assert hear(unlisted + movie(5, track(b"soun"))) == Media("audio", "mp4", 5.0)
    assert hear(unlisted) == Media()


@pytest.mark.parametrize(
    "end",
    [b"", box(b"moov"), b"\0\0\0\0mdat" + bytes(500), b"\0\0\0\7free" + movie(5), movie(5, track(b"soun"))[:20]],
    ids=["nothing more", "empty moov", "mdat up to the end", "size below its own header", "cut within moov"],
)
def test_an_mp4_without_a_whole_moov_tells_no_length(end: bytes) -> None:
    assert hear(BRAND + end, 10) == Media("video", "mp4")


def test_what_follows_moov_does_not_count() -> None:
    assert hear(BRAND + movie(5, track(b"soun")) + movie(9, track(b"vide"))) == Media("audio", "mp4", 5.0)


@pytest.mark.parametrize("chunk", [1_000, 20_000, 65_536, 300_000])
@pytest.mark.parametrize("flags", [4, 0], ids=["marked as last", "cut off"])
def test_an_ogg_plays_until_its_last_page(chunk: int, flags: int) -> None:
    assert hear(opus(3_600, 200, flags), chunk) == Media("audio", "opus", 3_600.0, 48_000, 1)


def test_a_page_that_ends_no_packet_and_pages_of_other_streams_do_not_count() -> None:
    more = page(b"call", -1, 0, bytes(200)) + page(b"text", 99_999_999, 4, bytes(200))
    assert hear(opus(60, 100) + more, 65_536).seconds == 60.0


def test_an_ogg_whose_end_is_garbage_tells_no_length() -> None:
    assert hear(opus(60, 100) + bytes(70_000), 65_536) == Media("audio", "opus", None, 48_000, 1)


def test_a_minute_of_mp3_is_a_minute() -> None:
    found = hear(fixture("call-telephone.mp3") * 50, 10_000)
    assert found.seconds == pytest.approx(108.0, abs=0.1)


def test_an_mp3_of_2_600_megabytes_is_measured_by_its_head() -> None:
    head = (fixture("call-telephone.mp3") * 50)[:65_536]
    found = judge(Landmarks(2_600_000_000, head))
    assert found.seconds == pytest.approx(2_600_000, rel=0.001)


def test_an_mp3_of_changing_bit_rate_is_taken_to_go_on_like_its_head() -> None:
    assert hear(mp3_frames(2_000), 10_000).seconds == pytest.approx(72.0, rel=0.01)


@pytest.mark.parametrize("pictures", [500, 60_000, 200_000], ids=["small", "nearly the head", "beyond the head"])
@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (lambda: fixture("call-telephone.mp3") * 50, Media("audio", "mp3", 108.0, 8_000, 1)),
        (lambda: fixture("call.aac"), Media("audio", "aac", 1.6, 16_000, 1)),
    ],
    ids=["mp3", "aac"],
)
def test_pictures_in_a_tag_do_not_hide_the_sound(sound: Callable[[], bytes], told: Media, pictures: int) -> None:
    found = hear(id3_tag(pictures) + sound(), 10_000)
    assert found.seconds == pytest.approx(told.seconds, abs=0.1)
    assert (found.kind, found.format, found.sample_rate) == (told.kind, told.format, told.sample_rate)


def test_the_rest_of_an_aac_is_taken_to_be_like_its_head() -> None:
    assert hear(fixture("call.aac") * 40, 10_000).seconds == pytest.approx(64.0, rel=0.01)


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (wav(bytes(160_000)), 10.0),
        (wav(bytes(160_000), claimed=0), 10.0),
        (wav(bytes(160_000), claimed=0xFFFF_FFFF), 10.0),
        (wav(bytes(160_000), claimed=320_000), 10.0),
        (wav(bytes(160_000) + b"LIST\0\0\0\0", claimed=160_000), 10.0),
        (wav(bytes(80_000), codec=7, byte_rate=8_000), 10.0),
        (wav(bytes(80_000), codec=7, byte_rate=0), None),
        (wav(b""), None),
        (wav(b"")[:30], None),
    ],
    ids=[
        *("honest", "streamed, 0", "streamed, all ones", "cut off", "with a trailer"),
        *("a codec without a length", "nor a byte rate", "no sound", "cut within the header"),
    ],
)
def test_a_wav_plays_as_long_as_there_is_sound(data: bytes, seconds: float | None) -> None:
    assert hear(data, 10_000).seconds == seconds
