"""What an accepted upload leaves behind, and what Voxjar answers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockserver.model import Account, Call, Facts, Outcome, Record, Ref, Reply, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.advice import advise
from mockserver.vendors.voxjar.book import known_tags, metadata_of
from mockserver.vendors.voxjar.fields import fields_of
from mockserver.vendors.voxjar.participants import Settlement, participant_refs, settle
from mockserver.vendors.voxjar.price import price_of

SENT = ("sourceIdentifier", "direction", "timestamp", "duration", "downloadUrl")


def records_at_hand(call: Call) -> list[Ref]:
    """Name what must be known: who owns the addresses, and whether the interaction was uploaded before."""
    source = fields_of(call).get("sourceIdentifier")
    return [*participant_refs(call), *([Ref("source", source)] if source else ())]


@keeps(
    "upload-endpoint",
    "one-interaction-per-request",
    "account-from-token",
    "content-types-json-and-form",
    "answer-is-immediate",
    "examples-succeed",
    "form-without-file",
)
def accept_upload(facts: Facts) -> Outcome:
    settlement, price = settle(facts), price_of(facts)
    records = (remember(facts, settlement, price), *newly_known(facts, settlement))
    return Outcome(answer(facts), records, charged(facts.account, price), advise(facts, settlement))


@keeps("status-url-is-relative", "score-submission-id")
def answer(facts: Facts) -> Reply:
    call = facts.call
    body = {
        "success": True,
        "interactionId": call.id,
        "interactionType": reading.type_of(call),
        "statusUrl": f"/api/v1/interactions/{call.id}",
        "processing": processing(call),
        "scoreSubmissionId": score_submission(call),
    }
    return Reply(facts.option("success_status"), body)


def processing(call: Call) -> dict[str, bool]:
    return {"transcription": reading.needs_transcription(call), "evaluation": reading.wants_evaluation(call)}


def score_submission(call: Call) -> str | None:
    return call.derive("score-submission") if reading.wants_evaluation(call) else None


def remember(facts: Facts, settlement: Settlement, price: float) -> Record:
    """Return the interaction: what was sent as far as it counts, what was read out of it, what is to be done."""
    call = facts.call
    body = {
        **content(call),
        **settlement.kept,
        "interactionType": reading.type_of(call),
        "tags": known_tags(facts),
        "customMetadata": metadata_of(call),
        "processing": processing(call),
        "scoreSubmissionId": score_submission(call),
        "price": price,
    }
    return facts.record("interaction", call.id, body)


@keeps("timestamp-is-the-event", "timestamp-forms")
def content(call: Call) -> dict[str, Any]:
    fields, file = fields_of(call), reading.file_of(call)
    kept: dict[str, Any] = {name: fields[name] for name in SENT if name in fields}
    kept |= {part: fields_of(call, part) for part in ("email", "evaluation") if part in fields}
    if file:
        kept["file"] = msgspec.to_builtins(file)
    if reading.has_transcript(call):
        kept["transcript"] = transcript(call)
    return kept


@keeps("transcript-completed")
def transcript(call: Call) -> dict[str, Any]:
    read = {"text": reading.text_of(call), "segments": reading.segments_of(call), "status": "COMPLETED"}
    return {**fields_of(call, "transcript"), **read}


def newly_known(facts: Facts, settlement: Settlement) -> Iterator[Record]:
    """Yield what later uploads are held against: owners of addresses, the interaction's own id."""
    for address, owner in settlement.owners.items():
        yield facts.record("participant", address, {"email": address, "sourceIdentifier": owner})
    source = Ref("source", facts.call.fields["sourceIdentifier"])
    if source not in facts.known:
        yield facts.record(source.kind, source.id, {"interactionId": facts.call.id})


def charged(account: Account, price: float) -> Account | None:
    """Return the account with its credits less the price; None where nothing is to be paid."""
    return msgspec.structs.replace(account, credits=(account.credits or 0) - price) if price else None
