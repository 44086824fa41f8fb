from typing import Any

import pytest

from mockserver.model import Behind, Facts, Upload
from mockserver.vendors.voxjar.advice import on_parts
from mockserver.vendors.voxjar.outcomes import accept_upload
from tests.facts import facts, upload

REQUIRED = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}
TEXT = {"text": "Hello"}
URL = "https://example.com/a"


def asked(file: Upload | None = None, behind: Behind | None = None, **fields: Any) -> Facts:
    files = {"file": file} if file else {}
    return facts("voxjar", REQUIRED | fields, files=files, behind={URL: behind} if behind else {})


def told(known: Facts) -> list[tuple[str, str | None]]:
    return [(advice.at, advice.claim) for advice in accept_upload(known).advice]


def says(known: Facts) -> list[str]:
    return [advice.says for advice in accept_upload(known).advice]


def test_a_file_beside_a_url_and_against_its_type_is_told() -> None:
    known = asked(upload(), downloadUrl=URL, interactionType="VIDEO")
    assert told(known) == [("$.downloadUrl", "file-before-download-url"), ("$.interactionType", "explicit-type-wins")]
    assert says(known)[1] == "the media is no VIDEO, and the type that is given counts"


@pytest.mark.parametrize(
    ("behind", "is_told"),
    [
        (Behind("audio/mpeg"), True),
        (Behind("video/mp4"), False),
        (Behind("application/octet-stream"), False),
        (None, False),
    ],
    ids=["audio", "video", "bytes", "nobody-knows"],
)
def test_a_type_against_what_the_table_says_is_told(behind: Behind | None, is_told: bool) -> None:  # noqa: FBT001  # a table's column
    known = asked(behind=behind, downloadUrl=URL, interactionType="VIDEO")
    assert told(known) == ([("$.interactionType", "explicit-type-wins")] if is_told else [])


def test_media_that_nobody_can_hear_is_told_what_will_become_of_it() -> None:
    (sentence,) = says(asked(upload(kind=None), interactionType="AUDIO"))
    assert sentence == "the media is no AUDIO, and the type that is given counts: its transcription will fail"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"audioUrl": "x"}, "audioUrl is no field of an upload and has no effect"),
        ({"download_url": "x"}, "download_url is no field of an upload and has no effect: did you mean downloadUrl?"),
        ({"agent": {"e-mail": "x"}}, "agent.e-mail is no field of an upload and has no effect: did you mean email?"),
        ({"tags": ["vip"]}, "the account has no tag vip, which is skipped: did you mean VIP?"),
        ({"tags": ["tag_refunds"]}, "the account has no tag tag_refunds, which is skipped: did you mean tag_refund?"),
        ({"tags": [7]}, "the account has no tag 7, which is skipped"),
    ],
)
def test_a_slip_is_told_with_the_nearest_name(fields: dict[str, Any], sentence: str) -> None:
    assert says(asked(transcript=TEXT, **fields)) == [sentence]


@pytest.mark.parametrize(
    ("segment", "claim"),
    [
        ("Hello", "mistyped-optional-field-ignored"),
        ({}, "whisper-segments"),
        ({"content": "Hello"}, "whisper-segments"),
        ({"text": 5}, "whisper-segments"),
        ({"words": ["Hello"]}, "whisper-segments"),
        ({"words": [{"text": "Hello"}]}, "whisper-segments"),
        ({"words": [{"word": "Hello"}]}, None),
        ({"text": "Hello", "words": 5}, None),
        ({"text": "", "start": 0.0, "end": 3.0}, None),
    ],
)
def test_a_segment_that_nothing_can_be_read_from_is_told(segment: Any, claim: str | None) -> None:
    known = asked(transcript={"segments": [{"text": "Hello"}, segment]})
    assert told(known) == ([("$.transcript.segments[1]", claim)] if claim else [])


@pytest.mark.parametrize(
    ("language", "is_told"),
    [("en", False), ("EN", False), ("es", False), ("en-US", False), ("fr", True), ("english", True), ("", True)],
)
def test_a_hint_at_a_language_that_is_neither_of_two_is_told(language: str, *, is_told: bool) -> None:
    known = asked(transcript={"text": "Hello", "language": language})
    assert told(known) == ([("$.transcript.language", "transcript-hints")] if is_told else [])


def test_a_part_under_a_name_nearly_right_is_told_the_right_one() -> None:
    (advice,) = on_parts(facts("voxjar", {}, instance={"Files": "9 bytes"}, media_type="multipart/form-data"))
    assert advice.says == "Files is no part of an upload and has no effect: did you mean file?"


@pytest.mark.parametrize(
    ("media_type", "instance", "places"),
    [
        ("multipart/form-data", {"file": "9 bytes", "payload": {"note": 1}}, []),
        ("multipart/form-data", {"audio": "9 bytes", "x" * 100: ""}, ["$.audio", "$." + "x" * 80]),
        ("multipart/form-data", {str(number): "" for number in range(100)}, [f"$.{number}" for number in range(50)]),
        ("multipart/form-data", {}, []),
        ("application/json", {"note": 1}, []),
        ("application/json", [], []),
    ],
    ids=["both", "others", "many", "none", "json", "list"],
)
def test_parts_that_a_form_does_not_have_are_told(media_type: str, instance: Any, places: list[str]) -> None:
    advice = on_parts(facts("voxjar", {}, instance=instance, media_type=media_type))
    assert [(each.at, each.claim) for each in advice] == [(place, "unknown-fields-ignored") for place in places]


def test_advice_is_bounded() -> None:
    assert len(accept_upload(asked(transcript=TEXT, tags=["new"] * 1000)).advice) == 50
