"""What an accepted call leaves behind, and what Resonaa answers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockserver.model import Advice, Facts, Outcome, Reply, keeps
from mockserver.vendors.resonaa import reading
from mockserver.vendors.resonaa.results import call_timeline, failure


@keeps("add-calls", "audio-upload-api", "audio-url-api", "call-is-queued", "every-call-is-new", "add-call-url-assumed")
def accept_call(facts: Facts) -> Outcome:
    call, seconds = facts.call, reading.duration(facts)
    answer = {
        "success": True,
        "call_id": call.id,
        "message": "Call uploaded successfully and queued for processing",
        "audio_url": storage_url(facts),
        "duration_seconds": seconds,
        "processing_time_ms": reading.processing_time(call),
    }
    record = facts.record("call", call.id, remember(facts), call_timeline(call.id, seconds), failure("call"))
    return Outcome(Reply(201, answer), (record,), advice=tuple(advise_call(facts)))


@keeps("audio-url-is-the-vendors")
def storage_url(facts: Facts) -> str:
    return f"{facts.call.origin}/storage/{facts.call.id}{reading.ending(facts)}"


def remember(facts: Facts) -> dict[str, Any]:
    """Return the call as the vendor keeps it: texts as sent or null, of a file what is known of it, never the key."""
    call = facts.call
    return {
        "status": "queued",
        **remember_people(facts),
        "recording": msgspec.to_builtins(reading.recording(call)),
        "source_url": reading.source_url(call),
        "audio_url": storage_url(facts),
        "duration_seconds": reading.duration(facts),
    }


@keeps("order-id-is-worker-id")
def remember_people(facts: Facts) -> dict[str, Any]:
    """Return whose a call or ticket is."""
    call = facts.call
    return {
        "customer_name": reading.text(call, "customer_name"),
        "user_id": reading.agent(facts),
        "extension_id": reading.text(call, "extension_id"),
        "worker_id": reading.text(call, "order_id"),
    }


def advise_call(facts: Facts) -> Iterator[Advice]:
    if reading.recording(facts.call) and reading.text(facts.call, "audio_url"):
        yield Advice("the file is used, audio_url is not", "$.audio_url", "file-wins-over-url")
    yield from advise_agent(facts, "call")


def advise_agent(facts: Facts, what: str) -> Iterator[Advice]:
    field = "user_id" if reading.text(facts.call, "user_id") else "extension_id"
    if reading.text(facts.call, field) and reading.agent(facts) is None:
        says = f"{field} leads to no known user: the {what} is unassigned"
        yield Advice(says, f"$.{field}", "unknown-agent-unassigned")
