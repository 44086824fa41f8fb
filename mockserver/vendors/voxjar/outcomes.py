"""What an accepted upload leaves behind, and what Voxjar answers."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from mockserver.model import Account, Call, Facts, Outcome, Record, Ref, Reply, Standing, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.actions import actions
from mockserver.vendors.voxjar.advice import advise
from mockserver.vendors.voxjar.book import active_scorecard, known_tags, metadata_of
from mockserver.vendors.voxjar.fields import fields_of
from mockserver.vendors.voxjar.interactions import KIND, view
from mockserver.vendors.voxjar.media import file_of, length_of
from mockserver.vendors.voxjar.participants import Settlement, participant_refs, settle
from mockserver.vendors.voxjar.price import price_of
from mockserver.vendors.voxjar.work import COMPLETED, SUBMISSION, at_first, beginning, failure, timeline

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
        "interactionType": reading.type_of(facts),
        "statusUrl": f"/api/v1/interactions/{call.id}",
        **at_first(facts),
        "scoreSubmissionId": score_submission(call),
    }
    return Reply(facts.option("success_status"), body)


def score_submission(call: Call) -> str | None:
    return call.derive(SUBMISSION) if reading.wants_evaluation(call) else None


@keeps("interaction-shape")
def remember(facts: Facts, settlement: Settlement, price: float) -> Record:
    """Return the interaction: what was sent as far as it counts, what was read out of it, what becomes of it."""
    body = {
        **content(facts),
        **settlement.kept,
        "interactionType": reading.type_of(facts),
        "tags": known_tags(facts),
        "customMetadata": metadata_of(facts.call),
        "scoreSubmissionId": score_submission(facts.call),
        "price": price,
        **beginning(facts),
    }
    moments = timeline(facts)
    record = facts.record(KIND, facts.call.id, body, moments, failure(facts) if moments else None)
    card = active_scorecard(facts)
    return telling(facts, card, record) if card and card.get("actions") else record


def telling(facts: Facts, card: Mapping[str, Any], record: Record) -> Record:
    """Return an interaction whose last moment sends what the scorecard's actions post, where that is its evaluation."""
    *before, last = record.timeline
    body = dict(record.body)
    for moment in record.timeline:
        body |= moment.state
    if body["evaluation"]["status"] != COMPLETED:
        return record
    shown = view(Standing(record, body, len(record.timeline), record.created))
    return replace(record, timeline=(*before, replace(last, send=actions(facts, card, shown))))


@keeps("timestamp-is-the-event", "timestamp-forms")
def content(facts: Facts) -> dict[str, Any]:
    fields, file, length = fields_of(facts.call), file_of(facts.call), length_of(facts)
    kept: dict[str, Any] = {name: fields[name] for name in SENT if name in fields}
    if length and reading.plays_media(facts):
        kept.setdefault("duration", round(length))
    if "email" in fields:
        kept["email"] = fields_of(facts.call, "email")
    if file:
        kept["file"] = msgspec.to_builtins(file)
    return kept


def newly_known(facts: Facts, settlement: Settlement) -> Iterator[Record]:
    """Yield what later uploads are held against: owners of addresses, the interaction's own id."""
    for address, owner in settlement.owners.items():
        yield facts.record("participant", address, {"email": address, "sourceIdentifier": owner})
    source = Ref("source", facts.call.fields["sourceIdentifier"])
    if source not in facts.known:
        yield facts.record(source.kind, source.id, {"interactionId": facts.call.id})


def charged(account: Account, price: float) -> Account | None:
    """Return the account with its credits less the price; None where nothing is to be paid."""
    return replace(account, credits=(account.credits or 0) - price) if price else None
