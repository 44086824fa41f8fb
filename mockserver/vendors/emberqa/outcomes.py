"""What an accepted recording or document leaves behind, and what EmberQA answers."""

from collections.abc import Sequence
from typing import Any

import msgspec

from mockserver.model import Advice, Call, Facts, Moment, Outcome, Record, Reply, keeps
from mockserver.vendors.emberqa import reading
from mockserver.vendors.emberqa.advice import on_recording
from mockserver.vendors.emberqa.alerts import CALL, DOCUMENT, alerts
from mockserver.vendors.emberqa.fields import details
from mockserver.vendors.emberqa.scores import scored, scoring, summary_of_call, summary_of_documents
from mockserver.vendors.emberqa.sources import AUDIO, PDF, Trouble, failed, name_of, places, told, troubles

ADDRESSES = ("media_url", "transcript_url", "supporting_docs")
CONSEQUENCE = "the call is accepted, and scoring fails"
BY_HAND = "it could not be processed"


def addresses(call: Call) -> Sequence[str]:
    """Name the addresses whose files matter."""
    fields = details(call)
    return [url for field in ADDRESSES for _, url in places(field, fields.get(field))]


@keeps("submit-recording", "same-path-takes-a-form", "metadata-stored-with-call", "every-call-is-new")
def accept_recording(facts: Facts) -> Outcome:
    call, transcript = facts.call, reading.inline_transcript(facts.call)
    found = troubles(facts, AUDIO, "media_url")
    result = scored(call.id, CALL, summary_of_call(call.id, transcript), transcript)
    body = {**item(call, CALL), **details(call), **recording(call)}
    record = facts.record("recording", call.id, body, course(facts, body, result, found), failed(BY_HAND))
    return accepted(facts, record, (*told(found, CONSEQUENCE), *on_recording(facts)))


@keeps("submit-document", "every-call-is-new")
def accept_document(facts: Facts) -> Outcome:
    call, found = facts.call, troubles(facts, PDF, "media_url")
    result = scored(call.id, DOCUMENT, summary_of_documents([name_of(url) for url in addresses(call)]))
    body = {**item(call, DOCUMENT), **details(call)}
    record = facts.record("document", call.id, body, course(facts, body, result, found), failed(BY_HAND))
    return accepted(facts, record, tuple(told(found, CONSEQUENCE)))


@keeps("file-name-correlates")
def item(call: Call, content_type: str) -> dict[str, Any]:
    """Return what alerts will say of an item whatever comes of it."""
    return {
        "content_id": call.id,
        "content_type": content_type,
        "file_name": reading.file_name(call),
        "agent_name": None,
        "status": "received",
    }


def recording(call: Call) -> dict[str, Any]:
    """Return a recording's defaults, and of a file what is known of it."""
    file = reading.file(call)
    return {
        **({"file": msgspec.to_builtins(file)} if file else {}),
        "language": reading.language(call),
        "is_inbound": reading.is_inbound(call),
        "transcript_source": reading.transcript_source(call),
    }


@keeps("failure-is-not-told")
def course(facts: Facts, body: dict[str, Any], result: dict[str, Any], found: list[Trouble]) -> tuple[Moment, ...]:
    """Return the timeline of an item that is scored, or whose scoring fails for the first of its troubles."""
    return scoring(failed(found[0].reason)) if found else scoring(result, alerts(facts, {**body, **result}))


def accepted(facts: Facts, record: Record, advice: tuple[Advice, ...]) -> Outcome:
    return Outcome(Reply(facts.option("success_status"), {"message": "File Accepted"}), (record,), advice=advice)
