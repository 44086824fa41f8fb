"""Webhooks: a recording was processed, or linked; signed as the delivery service that Siro names signs them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from mockserver.kit.signing import svix_headers
from mockserver.model import Facts, Message, Moment, Record, Retry, keeps
from mockserver.vendors.siro.keys import named
from mockserver.vendors.siro.links import crm
from mockserver.vendors.siro.progress import STAGE

PROCESSED, LINKED = "integrations.recordingProcessed", "integrations.recordingLinked"
SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
RETRY = Retry(
    timeout=15 * SECOND,
    pauses=(5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR),
)


@keeps("webhooks-are-signed", "webhooks-are-retried")
def sign(message: Message, at: datetime, body: bytes) -> Mapping[str, str]:
    return svix_headers(message.secret or "", message.id, at, body)


@keeps(
    "webhooks-tell-of-progress", "webhook-for-an-unlinked-upload", "webhooks-for-a-linked-upload", "failure-is-not-told"
)
def telling(facts: Facts, record: Record, *, stage: int = 0, is_newly_linked: bool) -> Record:
    """Return a recording whose moments tell what becomes of it; `stage` of them are past.

    What was to be told when it is done is told anew, for by then it may be linked otherwise.
    """
    if not facts.account.book.get("webhooks"):
        return record
    done = next((place for place, moment in enumerate(record.timeline) if moment.state.get(STAGE) == "done"), None)
    if done is None:
        return record
    moments = [*record.timeline]
    if stage <= done:
        moments[done] = adding(moments[done], messages(facts, record, PROCESSED, is_processed=True))
    if is_newly_linked and record.body["crmLinks"]:
        now, sent = max(0, stage - 1), messages(facts, record, LINKED, is_processed=stage > done)
        moments[now] = adding(moments[now], sent)
    return replace(record, timeline=tuple(moments))


def adding(moment: Moment, sent: tuple[Message, ...]) -> Moment:
    return replace(moment, send=(*moment.send, *sent))


@keeps("webhooks-set-up-in-the-dashboard")
def messages(facts: Facts, record: Record, event: str, *, is_processed: bool) -> tuple[Message, ...]:
    payload = payload_of(facts, record, event, is_processed=is_processed)
    hooks = [each for each in enumerate(facts.account.book["webhooks"]) if event in each[1]["events"]]
    return tuple(
        Message(ident_of(facts, record, event, place), hook["url"], event, payload, secret=hook["secret"])
        for place, hook in hooks
    )


@keeps("webhook-payload", "webhook-carries-crm-when-linked")
def payload_of(facts: Facts, record: Record, event: str, *, is_processed: bool) -> dict[str, Any]:
    links = crm(facts, record.body)
    told = {"recordingId": record.id, "recordingProcessed": is_processed, "recordingLinked": links is not None}
    whole = {**told, "eventType": event, "siroUserId": record.body["userId"]}
    return {**whole, "crm": links} if links else whole


@keeps("svix-ids")
def ident_of(facts: Facts, record: Record, event: str, place: int) -> str:
    """Return a message's id: of a recording that is done always the same, of one that is linked one for each time."""
    times = facts.call.id if event == LINKED else ""
    return f"msg_{UUID(named(record.id, event, str(place), times)).hex}"
