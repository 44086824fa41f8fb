from typing import Any

import pytest

from mockserver.model import Behind, Facts, Upload
from mockserver.vendors.voxjar import media, reading
from mockserver.vendors.voxjar.book import kind_of
from mockserver.vendors.voxjar.price import minutes_of, price_of
from tests.facts import facts, upload

AUDIO, VIDEO = upload(), upload("call.mp4", "video/mp4", kind="video", media_format="mp4")
UNKNOWN = upload(kind=None, media_format=None, seconds=None)
ARCHIVE = upload(kind="archive", media_format="zip", seconds=None)
URL = "https://storage.example.com/calls/1"
EVALUATION = {"scorecardId": "sc_abc123"}
SEGMENTS = [{"text": "Hello"}]


def call(file: Upload | None = None, behind: Behind | None = None, **fields: Any) -> Facts:
    table = {fields["downloadUrl"]: behind} if behind else {}
    return facts("voxjar", fields, files={"file": file} if file else {}, behind=table)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 320, "SMS"),
        ("x" * 321, "CHAT"),
        ("x" * 319 + " ", "SMS"),
        ("x" * 320 + " ", "CHAT"),
        ("é" * 320, "SMS"),
        ("👍" * 160, "SMS"),
        ("👍" * 160 + "x", "CHAT"),
        ("a\nb", "CHAT"),
        ("a\rb", "CHAT"),
        ("a\n", "CHAT"),
        ("a\u2028b", "SMS"),
    ],
)
def test_a_text_of_one_line_and_320_utf_16_units_is_an_sms(text: str, expected: str) -> None:
    assert reading.type_of(call(transcript={"text": text})) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (call(email={}, downloadUrl=URL, transcript={"text": "Hi", "segments": SEGMENTS}), "EMAIL"),
        (call(AUDIO, email={}), "EMAIL"),
        (call(downloadUrl=f"{URL}.mp4", transcript={"text": "Hi", "segments": SEGMENTS}), "VIDEO"),
        (call(transcript={"text": "Hi", "segments": SEGMENTS}), "AUDIO"),
        (call(transcript={"text": "Hi"}), "SMS"),
        (call(transcript={"text": "", "segments": []}), None),
        (call(transcript={"language": "en"}), None),
        (call(transcript={"segments": ["Hello"]}), None),
        (call(transcript=""), None),
        (call(), None),
    ],
    ids=lambda value: value if isinstance(value, str | None) else None,
)
def test_the_first_kind_of_content_decides_the_type(content: Facts, expected: str | None) -> None:
    assert reading.type_of(content) == expected


@pytest.mark.parametrize(("file", "expected"), [(AUDIO, "AUDIO"), (VIDEO, "VIDEO"), (UNKNOWN, None), (ARCHIVE, None)])
def test_the_bytes_of_a_file_tell_the_type(file: Upload, expected: str | None) -> None:
    assert reading.type_of(call(file)) == expected


def test_a_file_counts_before_a_download_url() -> None:
    assert reading.type_of(call(AUDIO, downloadUrl=f"{URL}.mp4")) == "AUDIO"


def test_an_mp4_that_holds_only_audio_is_audio() -> None:
    assert reading.type_of(call(upload("call.mp4", "video/mp4", media_format="mp4"))) == "AUDIO"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{URL}.mp4", "VIDEO"),
        (f"{URL}.MOV?Signature=a.mp3#b.mp3", "VIDEO"),
        (f"{URL}.mp3", "AUDIO"),
        (f"{URL}.recording", "AUDIO"),
        (URL, "AUDIO"),
        (f"{URL}?name=a.mp4", "AUDIO"),
        ("https://example.mov", "AUDIO"),
    ],
)
def test_the_name_behind_a_url_tells_the_type(url: str, expected: str) -> None:
    assert reading.type_of(call(downloadUrl=url)) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("video/webm", "VIDEO"),
        ("audio/mpeg", "AUDIO"),
        ("application/mp4", "VIDEO"),
        ("application/ogg", "AUDIO"),
        ("application/octet-stream", "VIDEO"),
        ("binary/octet-stream", "VIDEO"),
        (None, "VIDEO"),
        ("text/html", "AUDIO"),
    ],
)
def test_the_media_table_tells_the_type_before_the_name(told: str | None, expected: str) -> None:
    assert reading.type_of(call(behind=Behind(told), downloadUrl=f"{URL}.mp4")) == expected


def test_nobody_looks_behind_a_url_where_there_is_a_file() -> None:
    both = call(AUDIO, Behind("video/mp4", duration=3600.0), downloadUrl=URL)
    assert (reading.type_of(both), media.length_of(both)) == ("AUDIO", 3000)


def test_an_explicit_type_wins_over_any_content() -> None:
    assert reading.type_of(call(VIDEO, email={}, interactionType="SMS")) == "SMS"


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ({"text": " Hello "}, "Hello"),
        ({"text": "unused", "words": [{"word": " Hello"}, {"word": "you"}]}, "Hello you"),
        ({"text": "Hello", "words": []}, "Hello"),
        ({"text": "Hello", "words": "you"}, "Hello"),
        ({"text": "Hello", "words": ["you", {"word": 7}, {}]}, "Hello"),
        ({"text": 7}, ""),
        ({}, ""),
    ],
)
def test_a_segment_says_its_words_else_its_text(segment: dict[str, Any], expected: str) -> None:
    assert reading.text_of_segment(segment) == expected


def test_text_is_derived_from_segments_only_when_they_come_alone() -> None:
    segments = [{"text": "Hello"}, {"start": 1}, {"text": "Bye"}]
    assert reading.text_of(call(transcript={"segments": segments}).call) == "Hello\nBye"
    assert reading.text_of(call(transcript={"segments": segments, "text": "Mine"}).call) == "Mine"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (call(AUDIO), True),
        (call(downloadUrl=URL), True),
        (call(AUDIO, transcript={"text": "Hi"}), False),
        (call(AUDIO, transcript={"segments": SEGMENTS}), False),
        (call(AUDIO, transcript={}), True),
        (call(AUDIO, email={}), False),
        (call(AUDIO, interactionType="CHAT"), False),
        (call(interactionType="AUDIO", transcript={"text": "Hi"}), False),
    ],
    ids=["file", "url", "text", "segments", "empty-transcript", "email", "chat", "no-media"],
)
def test_media_is_transcribed_unless_its_transcript_came_along(content: Facts, expected: bool) -> None:  # noqa: FBT001  # a table's column
    assert reading.needs_transcription(content) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (call(upload(seconds=60.0), duration=500_000), 1),
        (call(upload(seconds=60.1)), 2),
        (call(UNKNOWN, duration=125_000), 3),
        (call(upload(seconds=0.0), duration=60_000), 1),
        (call(downloadUrl=URL, duration=60_001), 2),
        (call(downloadUrl=URL, duration=0.5), 1),
        (call(downloadUrl=URL, duration=5e-324), 1),
        (call(downloadUrl=URL, duration=0), 1),
        (call(downloadUrl=URL, duration=-1), 1),
        (call(downloadUrl=URL, duration="125000"), 1),
        (call(downloadUrl=URL, duration=True), 1),
        (call(downloadUrl=URL), 1),
        (call(downloadUrl=URL, duration=10**4000), 16_666_667),
        (call(behind=Behind(duration=60.1), downloadUrl=URL, duration=1), 2),
        (call(behind=Behind(duration=0.0), downloadUrl=URL, duration=60_001), 2),
        (call(behind=Behind("audio/mpeg"), downloadUrl=URL), 1),
    ],
)
def test_minutes_are_started_ones_of_the_bytes_the_table_or_the_duration(content: Facts, expected: int) -> None:
    assert minutes_of(content) == expected


@pytest.mark.parametrize(
    ("file", "fields", "expected"),
    [
        (None, {"transcript": {"text": "Hi"}}, 0),
        (None, {"transcript": {"text": "Hi"}, "evaluation": EVALUATION}, 1),
        (None, {"transcript": {"text": "w " * 100}, "evaluation": EVALUATION}, 1),
        (None, {"transcript": {"text": "w " * 101}, "evaluation": EVALUATION}, 2),
        (None, {"transcript": {"segments": SEGMENTS}, "evaluation": EVALUATION}, 1),
        (None, {"email": {"body": "w " * 201}, "evaluation": EVALUATION}, 3),
        (None, {"email": {}, "evaluation": EVALUATION}, 0),
        (None, {"email": {"body": "Hi"}}, 0),
        (upload(seconds=61.0), {}, 2),
        (upload(seconds=61.0), {"evaluation": EVALUATION}, 4),
        (upload(seconds=61.0), {"evaluation": EVALUATION, "transcript": {"text": "w " * 500}}, 2),
        (upload(seconds=61.0), {"transcript": {"text": "Hi"}}, 0),
    ],
)
def test_only_work_that_runs_is_charged(file: Upload | None, fields: dict[str, Any], expected: float) -> None:
    assert price_of(facts("voxjar", fields, files={"file": file} if file else {})) == expected


def test_prices_come_from_the_account_and_those_it_leaves_out_from_demo() -> None:
    book = {"prices": {"transcription_per_minute": 0.5}}
    fields = {"downloadUrl": URL, "evaluation": EVALUATION}
    assert price_of(facts("voxjar", fields, book=book)) == 1.5


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sale", "STRING"),
        ("", "STRING"),
        (True, "BOOLEAN"),
        (0, "INT"),
        (50_000.0, "INT"),
        (0.5, "FLOAT"),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_metadata_is_kept_by_kind(value: Any, expected: str | None) -> None:
    assert kind_of(value) == expected
