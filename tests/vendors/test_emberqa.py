from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Call, Facts, Kind, Media, Outcome, Problem, Upload
from mockserver.vendors.emberqa import reading, rules, vendor
from mockserver.vendors.emberqa.outcomes import accept_recording
from mockserver.vendors.emberqa.refusals import refuse
from tests.facts import ID, facts, upload

URL = "https://example.com/call-audio.mp3"


def by_url(**fields: Any) -> Facts:
    return facts("emberqa", {"media_url": URL, **fields})


def by_file(file: Upload, **fields: Any) -> Facts:
    body = {"file": "20000 bytes", **fields}
    return facts("emberqa", body, files={"file": file}, media_type="multipart/form-data")


def body_of(outcome: Outcome) -> dict[str, Any]:
    (record,) = outcome.records
    return record.body


def advice_of(outcome: Outcome) -> list[str | None]:
    return [advice.claim for advice in outcome.advice]


def call() -> Call:
    return by_url().call


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [
        ("call.mp3", "audio/mpeg"),
        ("call.WAV", "application/octet-stream"),
        ("call", "audio/x-wav"),
        ("call.bin", " Audio/MPEG ; charset=binary"),
    ],
)
def test_a_file_is_taken_when_its_name_or_its_declared_type_says_mp3_or_wav(filename: str, content_type: str) -> None:
    assert rules.file_is_mp3_or_wav.check(by_file(upload(filename, content_type))) is None


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [("call.ogg", "audio/ogg"), ("", ""), ("mp3", "application/octet-stream"), ("call.mp3.txt", "text/plain")],
)
def test_a_file_is_refused_when_neither_says_so(filename: str, content_type: str) -> None:
    problem = rules.file_is_mp3_or_wav.check(by_file(upload(filename, content_type)))
    assert problem == Problem(Kind.INVALID, "file must be MP3 or WAV", ("file",))


def test_the_format_of_a_file_is_not_asked_where_there_is_none() -> None:
    assert rules.file_is_mp3_or_wav.check(by_url()) is None


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "https://example.com/call.WAV",
        "https://example.com/recordings/42",
        "https://example.com",
        "https://example.com/",
        "https://example.com/call.mp3?name=call.ogg#call.ogg",
        "https://example.com/recordings.v2/42",
        "https://example.com?name=/call.ogg",
    ],
)
def test_a_url_is_taken_when_its_path_ends_in_mp3_or_wav_or_in_no_extension(url: str) -> None:
    assert rules.media_url_leads_to_mp3_or_wav.check(by_url(media_url=url)) is None


@pytest.mark.parametrize("url", ["https://example.com/call.ogg", "https://example.com/a.mp3/call.pdf?b.mp3"])
def test_a_url_is_refused_when_its_path_ends_in_another_extension(url: str) -> None:
    problem = rules.media_url_leads_to_mp3_or_wav.check(by_url(media_url=url))
    assert problem == Problem(Kind.INVALID, "media_url must lead to an MP3 or WAV file", ("media_url",))


def test_no_url_is_judged_beside_a_file() -> None:
    assert rules.media_url_leads_to_mp3_or_wav.check(by_file(upload("call.ogg", "audio/mpeg"))) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (URL, "call-audio.mp3"),
        ("https://example.com/a/b%20c.wav?x=/y#/z", "b%20c.wav"),
        ("https://example.com/a/", ""),
        ("https://example.com", ""),
    ],
)
def test_a_recording_by_url_goes_by_the_last_segment_of_its_path(url: str, name: str) -> None:
    assert reading.file_name(by_url(media_url=url).call) == name


def test_an_uploaded_recording_goes_by_its_filename() -> None:
    assert reading.file_name(by_file(upload("call-42.mp3")).call) == "call-42.mp3"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [({}, True), ({"is_inbound": None}, None), ({"is_inbound": False}, False), ({"is_inbound": True}, True)],
    ids=["omitted", "null", "false", "true"],
)
def test_only_an_omitted_is_inbound_becomes_true(fields: dict[str, Any], *, kept: bool | None) -> None:
    assert body_of(accept_recording(by_url(**fields)))["is_inbound"] is kept


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({}, None),
        ({"transcript_url": URL}, "transcript_url"),
        ({"transcript_text": "Hello."}, "transcript_text"),
        ({"transcript_text": "Hello.", "transcript_url": URL}, "transcript_text"),
    ],
    ids=["none", "url", "text", "both"],
)
def test_an_inline_transcript_wins(fields: dict[str, Any], source: str | None) -> None:
    assert reading.transcript_source(by_url(**fields).call) == source


def test_a_recording_by_url_is_remembered_as_sent_with_its_defaults() -> None:
    outcome = accept_recording(by_url(metadata={"a": 1}, supporting_docs=[URL], campaign="spring"))
    assert body_of(outcome) == {
        "media_url": URL,
        "metadata": {"a": 1},
        "supporting_docs": [URL],
        "file_name": "call-audio.mp3",
        "language": "en",
        "is_inbound": True,
        "transcript_source": None,
    }


def test_an_uploaded_recording_is_remembered_by_what_is_known_of_its_file() -> None:
    file = body_of(accept_recording(by_file(upload("call-42.mp3", size=512))))["file"]
    assert (file["filename"], file["size"], file["media"]["seconds"]) == ("call-42.mp3", 512, 3.0)


def test_a_recording_is_remembered_under_the_call_and_answered_without_an_id() -> None:
    outcome = accept_recording(by_url())
    assert [(record.kind, record.id) for record in outcome.records] == [("recording", str(ID))]
    assert outcome.reply.body == {"message": "File Accepted"}


@pytest.mark.parametrize("status", vendor.options["success_status"].choices)
def test_the_status_of_success_is_an_option(status: int) -> None:
    assert (
        accept_recording(facts("emberqa", {"media_url": URL}, options={"success_status": status})).reply.status
        == status
    )


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ({}, []),
        ({"language": "DE"}, []),
        ({"language": "cmn"}, []),
        ({"language": "en-US"}, ["unknown-language-accepted"]),
        ({"language": ""}, ["unknown-language-accepted"]),
        ({"campaign": "spring"}, ["unknown-fields-ignored"]),
        ({"transcript_text": "Hello."}, []),
        ({"transcript_text": "Hello.", "transcript_url": URL}, ["inline-transcript-wins"]),
    ],
)
def test_what_would_happen_in_silence_is_told(fields: dict[str, Any], claims: list[str]) -> None:
    assert advice_of(accept_recording(by_url(**fields))) == claims


def test_a_form_has_no_supporting_docs() -> None:
    outcome = accept_recording(by_file(upload(), supporting_docs=URL))
    assert advice_of(outcome) == ["unknown-fields-ignored"]
    assert "supporting_docs" not in body_of(outcome)


def test_advice_on_ignored_fields_is_bounded() -> None:
    outcome = accept_recording(by_url(**{f"{'x' * 200}{number}": 1 for number in range(100)}))
    assert len(outcome.advice) == 20
    assert all(len(advice.says) < 150 for advice in outcome.advice)


@pytest.mark.parametrize(
    ("rate", "claims"), [(None, []), (7_999, ["audio-8-khz-recommended"]), (8_000, []), (44_100, [])]
)
def test_less_than_8_khz_is_taken_with_advice(rate: int | None, claims: list[str]) -> None:
    file = replace(upload(), media=Media("audio", "wav", 3.0, rate))
    assert advice_of(accept_recording(by_file(file))) == claims


@pytest.mark.parametrize(
    ("problem", "status", "message"),
    [
        (Problem(Kind.NO_PATH, "there is no /x here"), 404, "Not Found"),
        (Problem(Kind.METHOD, "GET is not allowed here"), 405, "Method Not Allowed"),
        (Problem(Kind.UNAUTHENTICATED, "this credential is not known"), 401, "Unauthorized"),
        (Problem(Kind.MEDIA_TYPE, "send json", claim="unread-body-lacks-media-url"), 400, "media_url is required"),
        (Problem(Kind.MEDIA_TYPE, "gzip is not read", claim="compressed-body-is-400"), 400, "gzip is not read"),
        (Problem(Kind.MALFORMED, "this is not well-formed JSON"), 400, "this is not well-formed JSON"),
        (Problem(Kind.INVALID, "file is required"), 400, "file is required"),
        (Problem(Kind.TOO_LARGE, "file is larger than 5 bytes"), 413, "file is larger than 5 bytes"),
        (Problem(Kind.BROKEN, "the server could not answer"), 500, "Internal Server Error"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Problem) else "",
)
def test_a_refusal_is_one_message(problem: Problem, status: int, message: str) -> None:
    reply = refuse((problem, Problem(Kind.INVALID, "and another")), call())
    assert (reply.status, reply.body) == (status, {"message": message})
