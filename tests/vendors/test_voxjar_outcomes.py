from collections.abc import Iterable
from typing import Any

import pytest

from mockserver.model import Account, Facts, Outcome, Record, Upload
from mockserver.vendors.voxjar.outcomes import accept_upload, charged
from tests.facts import ID, NOW, facts, upload

REQUIRED = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}
TEXT = {"text": "Hello"}
JANE = {"email": "Jane@example.com", "sourceIdentifier": "agent-7"}


def asked(
    file: Upload | None = None, known: Iterable[Record] = (), options: dict[str, Any] | None = None, **fields: Any
) -> Facts:
    files = {"file": file} if file else {}
    return facts("voxjar", REQUIRED | fields, files=files, known=known, options=options or {})


def interaction(outcome: Outcome) -> dict[str, Any]:
    return outcome.records[0].body


def kinds(outcome: Outcome) -> list[tuple[str, str]]:
    return [(record.kind, record.id) for record in outcome.records]


def told(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(advice.at, advice.claim) for advice in outcome.advice]


def owner(source: str | None) -> Record:
    body = {"email": "jane@example.com", "sourceIdentifier": source}
    return Record("voxjar", "demo", "participant", "jane@example.com", NOW, "", body)


def test_the_answer_tells_id_type_status_url_and_what_was_queued() -> None:
    reply = accept_upload(asked(upload(), evaluation={"scorecardId": "sc_abc123"})).reply
    submission = asked().call.derive("score-submission")
    assert reply.status == 200
    assert reply.body == {
        "success": True,
        "interactionId": str(ID),
        "interactionType": "AUDIO",
        "statusUrl": f"/api/v1/interactions/{ID}",
        "processing": {"transcription": True, "evaluation": True},
        "scoreSubmissionId": submission,
    }


def test_without_an_evaluation_there_is_no_score_submission() -> None:
    body = accept_upload(asked(transcript=TEXT)).reply.body
    assert isinstance(body, dict)
    assert body["scoreSubmissionId"] is None


def test_the_status_of_success_is_a_switch() -> None:
    assert accept_upload(asked(transcript=TEXT, options={"success_status": 201})).reply.status == 201


def test_an_interaction_keeps_what_was_sent_and_what_later_work_needs() -> None:
    outcome = accept_upload(asked(upload(), duration=3000, tags=["VIP"], customMetadata={"value": 2.0}, agent=JANE))
    assert interaction(outcome) == {
        **REQUIRED,
        "duration": 3000,
        "interactionType": "AUDIO",
        "file": {
            "filename": "call.mp3",
            "content_type": "audio/mpeg",
            "size": 20_000,
            "sha256": "0" * 64,
            "media": {"kind": "audio", "format": "mp3", "seconds": 3.0, "sample_rate": None, "channels": None},
        },
        "agent": JANE,
        "tags": [{"id": "tag_vip", "name": "VIP"}],
        "customMetadata": {"value": {"kind": "INT", "value": 2}},
        "processing": {"transcription": True, "evaluation": False},
        "transcript": {"status": "PENDING", "text": None, "segments": []},
        "scoreSubmissionId": None,
        "price": 1,
    }


@pytest.mark.parametrize(
    ("file", "fields", "duration"),
    [
        (upload(seconds=3.2), {}, 3200),
        (upload(seconds=3.2), {"duration": 5000}, 5000),
        (upload(seconds=None), {}, None),
        (upload(seconds=3.2), {"interactionType": "CHAT", "transcript": TEXT}, None),
        (None, {"transcript": TEXT, "duration": 5000}, 5000),
    ],
    ids=["bytes", "sent", "nobody-knows", "not-played", "text"],
)
def test_a_duration_is_as_it_was_sent_else_as_the_media_plays(
    file: Upload | None, fields: dict[str, Any], duration: float | None
) -> None:
    assert interaction(accept_upload(asked(file, **fields))).get("duration") == duration


def test_a_transcript_that_was_sent_is_complete_and_has_text() -> None:
    outcome = accept_upload(asked(transcript={"segments": [TEXT, 7], "language": "en", "agentChannel": "left"}))
    assert interaction(outcome)["transcript"] == {
        "segments": [TEXT],
        "language": "en",
        "text": "Hello",
        "status": "COMPLETED",
    }


def test_an_empty_transcript_is_none() -> None:
    outcome = accept_upload(asked(upload(), transcript={"language": "es", "text": ""}))
    assert interaction(outcome)["transcript"] == {"status": "PENDING", "language": "es", "text": None, "segments": []}


def test_an_email_is_remembered_by_its_documented_fields() -> None:
    outcome = accept_upload(asked(email={"subject": "Hi", "to": ["a@example.com"], "cc": [7], "color": "red"}))
    assert interaction(outcome)["email"] == {"subject": "Hi", "to": ["a@example.com"]}
    assert told(outcome) == [
        ("$.email.cc", "mistyped-optional-field-ignored"),
        ("$.email.color", "unknown-fields-ignored"),
    ]


def test_work_is_charged_and_a_free_upload_leaves_the_account_alone() -> None:
    account = accept_upload(asked(upload())).account
    assert account
    assert account.credits == 999
    assert accept_upload(asked(transcript=TEXT)).account is None
    unsold = charged(Account("voxjar", "demo"), 1)
    assert unsold
    assert unsold.credits == -1


def test_a_new_address_makes_a_participant_and_a_new_id_its_entry() -> None:
    outcome = accept_upload(asked(transcript=TEXT, agent=JANE))
    assert kinds(outcome) == [("interaction", str(ID)), ("participant", "jane@example.com"), ("source", "call-1")]
    assert outcome.records[1].body == {"email": "jane@example.com", "sourceIdentifier": "agent-7"}
    assert outcome.records[2].body == {"interactionId": str(ID)}


def test_what_is_known_is_not_written_again() -> None:
    source = Record("voxjar", "demo", "source", "call-1", NOW, "", {})
    outcome = accept_upload(asked(transcript=TEXT, agent=JANE, known=[owner("agent-7"), source]))
    assert kinds(outcome) == [("interaction", str(ID))]
    assert interaction(outcome)["agent"] == JANE


@pytest.mark.parametrize("source", ["agent-8", None])
def test_an_address_of_another_participant_is_dropped_and_told(source: str | None) -> None:
    outcome = accept_upload(asked(transcript=TEXT, agent=JANE, known=[owner(source)]))
    assert interaction(outcome)["agent"] == {"sourceIdentifier": "agent-7"}
    assert told(outcome) == [("$.agent.email", "participant-email-dropped")]


def test_an_address_of_the_accounts_book_belongs_to_its_owner() -> None:
    taken = accept_upload(asked(transcript=TEXT, customer={"email": "Taken@Example.com"}))
    assert interaction(taken)["customer"] == {}
    own = accept_upload(asked(transcript=TEXT, customer={"email": "taken@example.com", "sourceIdentifier": "owner-1"}))
    assert interaction(own)["customer"]["email"] == "taken@example.com"
    assert own.advice == ()


def test_agent_and_customer_cannot_share_an_address() -> None:
    outcome = accept_upload(asked(transcript=TEXT, agent=JANE, customer=JANE | {"sourceIdentifier": "cust-9"}))
    assert interaction(outcome)["customer"] == {"sourceIdentifier": "cust-9"}
    assert told(outcome) == [("$.customer.email", "participant-email-dropped")]


def test_silence_about_tags_metadata_and_fields_is_broken_by_advice() -> None:
    outcome = accept_upload(
        asked(
            transcript=TEXT,
            tags=["VIP", "new", 7],
            customMetadata={"a": None, "b": 1},
            duration="x",
            audioBase64="UklG",
        )
    )
    assert told(outcome) == [
        ("$.duration", "mistyped-optional-field-ignored"),
        ("$.audioBase64", "unknown-fields-ignored"),
        ("$.tags", "tags-must-exist"),
        ("$.tags", "tags-must-exist"),
        ("$.customMetadata.a", "metadata-of-no-kind-dropped"),
    ]


def test_an_evaluation_takes_nothing_but_a_scorecard() -> None:
    outcome = accept_upload(asked(transcript=TEXT, evaluation={"scorecardId": "sc_abc123", "evaluator": "jane"}))
    assert told(outcome) == [("$.evaluation.evaluator", "no-human-evaluators")]
    assert interaction(outcome)["evaluation"] == {
        "scoreSubmissionId": asked().call.derive("score-submission"),
        "scorecardId": "sc_abc123",
        "scorecardName": "Call quality",
        "status": "PENDING",
        "points": None,
        "maxPoints": None,
        "percentage": None,
        "result": None,
        "answers": [],
    }
