from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Behind, Facts, Kind, Media, Outcome, Problem, Upload
from mockserver.vendors.emberqa import reading, rules, vendor
from mockserver.vendors.emberqa.advice import is_presigned
from mockserver.vendors.emberqa.fields import advise
from mockserver.vendors.emberqa.outcomes import accept_recording, addresses
from tests.facts import ID, facts, upload

URL = "https://example.com/call-audio.mp3?Expires=900"
TRANSCRIPT = "https://example.com/transcript.txt"
NOTES = "https://example.com/notes.pdf"


def by_url(**fields: Any) -> Facts:
    return facts("emberqa", {"media_url": URL, **fields}, operation="submitRecording")


def by_file(file: Upload, **fields: Any) -> Facts:
    body = {"file": "20000 bytes", **fields}
    return facts("emberqa", body, files={"file": file}, media_type="multipart/form-data", operation="submitRecording")


def body_of(outcome: Outcome) -> dict[str, Any]:
    (record,) = outcome.records
    return record.body


def advice_of(outcome: Outcome) -> list[str | None]:
    return [advice.claim for advice in outcome.advice]


def lying(**behind: Behind) -> Facts:
    """Return a recording with a transcript and a supporting document, of whose addresses so much is known."""
    sent = by_url(transcript_url=TRANSCRIPT, supporting_docs=[NOTES])
    named = {"media": URL, "transcript": TRANSCRIPT, "notes": NOTES}
    return replace(sent, behind={named[name]: each for name, each in behind.items()})


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
    [
        *(("call.ogg", "audio/ogg"), ("", ""), ("mp3", "application/octet-stream")),
        *(("call.mp3.txt", "text/plain"), ("call.mp3?x", "text/plain")),
    ],
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
    outcome = accept_recording(by_url(metadata={"a": 1}, supporting_docs=[NOTES], campaign="spring"))
    assert body_of(outcome) == {
        "content_id": str(ID),
        "content_type": "Call",
        "status": "received",
        "media_url": URL,
        "metadata": {"a": 1},
        "supporting_docs": [NOTES],
        "file_name": "call-audio.mp3",
        "agent_name": None,
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
    sent = facts("emberqa", {"media_url": URL}, options={"success_status": status}, operation="submitRecording")
    assert accept_recording(sent).reply.status == status


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ({}, []),
        ({"language": "DE"}, []),
        ({"language": "cmn"}, []),
        ({"language": "en-US"}, ["unknown-language-accepted"]),
        ({"language": ""}, ["unknown-language-accepted"]),
        ({"transcript_text": "Hello."}, []),
        ({"transcript_text": "Hello.", "transcript_url": URL}, ["inline-transcript-wins"]),
    ],
)
def test_what_would_happen_in_silence_is_told(fields: dict[str, Any], claims: list[str]) -> None:
    assert advice_of(accept_recording(by_url(**fields))) == claims


def test_a_form_has_no_supporting_docs() -> None:
    sent = by_file(upload(), supporting_docs=NOTES)
    assert [each.claim for each in advise(sent)] == ["unknown-fields-ignored"]
    assert "supporting_docs" not in body_of(accept_recording(sent))
    assert addresses(sent.call) == []


def test_a_misspelt_field_is_told_the_name_that_was_meant() -> None:
    (told,) = advise(by_url(agentName="John D"))
    assert told.says == "agentName is no field of this call and is ignored: did you mean agent_name?"
    assert told.at == "$.agentName"


def test_advice_on_ignored_fields_is_bounded() -> None:
    told = list(advise(by_url(**{f"{'x' * 200}{number}": 1 for number in range(100)})))
    assert len(told) == 20
    assert all(len(advice.says) < 150 for advice in told)


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a_body_of_any_shape_can_be_advised_on(body: Any) -> None:
    assert list(advise(facts("emberqa", body, operation="submitRecording"))) == []


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Signature=0f&X-Amz-Date=20260623",
        "x-amz-expires=900",
        "X-Goog-Signature=0f",
        "se=2026-06-23&sp=r",
        "sv=2024&sig=0f",
        "Expires=1&Key-Pair-Id=K",
        "token=0f#t=1",
        "a=1&expires_at=",
    ],
)
def test_a_signature_or_an_end_in_the_query_makes_a_url_presigned(query: str) -> None:
    assert is_presigned(f"https://example.com/call.mp3?{query}")


@pytest.mark.parametrize("rest", ["", "?", "?download=1", "?design=2&base=1&name=sig", "#sig=1", "/sig/expires"])
def test_any_other_url_stays_public_and_is_advised_against(rest: str) -> None:
    assert advice_of(accept_recording(by_url(media_url=f"https://example.com/call{rest}"))) == [
        "presigned-url-recommended"
    ]


def test_every_address_of_a_recording_is_asked_about() -> None:
    assert addresses(lying().call) == [URL, TRANSCRIPT, NOTES]


def test_a_recording_is_scored_after_20_s_with_all_that_alerts_need() -> None:
    (record,) = accept_recording(by_url()).records
    (moment,) = record.timeline
    assert moment.after == 20
    assert moment.state["status"] == "scored"
    assert record.body.keys() | moment.state.keys() >= {
        *("content_id", "content_type", "file_name", "agent_name"),
        *("total_score", "score_details", "summary", "red_flag_reason"),
    }


def test_a_tester_can_make_scoring_fail() -> None:
    (record,) = accept_recording(by_url()).records
    assert record.failure == {"status": "failed", "failure_reason": "it could not be processed"}


@pytest.mark.parametrize(
    ("behind", "claim", "reason"),
    [
        (Behind(failure="missing"), "media-url-public", "call-audio.mp3 is not there"),
        (Behind(size=50 * 1024 * 1024 + 1), "media-url-50-mb", "call-audio.mp3 is too large"),
        (Behind("text/html"), "audio-mp3-or-wav", "call-audio.mp3 is not an MP3 or WAV file"),
    ],
    ids=["missing", "too-large", "other-kind"],
)
def test_what_is_wrong_with_the_audio_is_accepted_and_fails(behind: Behind, claim: str, reason: str) -> None:
    outcome = accept_recording(lying(media=behind))
    assert (outcome.reply.status, advice_of(outcome)) == (200, [claim])
    assert outcome.records[0].timeline[0].state == {"status": "failed", "failure_reason": reason}
    assert outcome.advice[0].says == f"{reason}: the call is accepted, and scoring fails"


def test_what_is_wrong_beside_the_audio_is_passed_over() -> None:
    outcome = accept_recording(lying(transcript=Behind("audio/mpeg"), notes=Behind(failure="expired")))
    assert advice_of(outcome) == ["transcript-url-public-plain-text", "supporting-docs-public"]
    assert outcome.records[0].timeline[0].state["status"] == "scored"


def test_a_transcript_that_is_not_used_is_not_looked_at() -> None:
    sent = by_url(transcript_text="Hello.", transcript_url=TRANSCRIPT)
    outcome = accept_recording(replace(sent, behind={TRANSCRIPT: Behind(failure="missing")}))
    assert advice_of(outcome) == ["inline-transcript-wins"]


@pytest.mark.parametrize(
    ("rate", "claims"), [(None, []), (7_999, ["audio-8-khz-recommended"]), (8_000, []), (44_100, [])]
)
def test_less_than_8_khz_is_taken_with_advice(rate: int | None, claims: list[str]) -> None:
    file = replace(upload(), media=Media("audio", "wav", 3.0, rate))
    assert advice_of(accept_recording(by_file(file))) == claims
