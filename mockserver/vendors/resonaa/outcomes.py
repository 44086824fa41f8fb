"""What an accepted call leaves behind, and what Resonaa answers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockserver.model import Advice, Call, Facts, Outcome, Reply, keeps
from mockserver.vendors.resonaa import reading

MOST_ADVICE = 20


@keeps("add-calls", "audio-upload-api", "call-is-queued", "every-call-is-new")
def accept_call(facts: Facts) -> Outcome:
    call = facts.call
    answer = {
        "success": True,
        "call_id": call.id,
        "message": "Call uploaded successfully and queued for processing",
        "audio_url": storage_url(call),
        "duration_seconds": reading.duration(call),
        "processing_time_ms": reading.processing_time(call),
    }
    record = facts.record("call", call.id, remember(facts))
    return Outcome(Reply(201, answer), (record,), advice=tuple(advise(facts)))


@keeps("audio-url-is-the-vendors")
def storage_url(call: Call) -> str:
    upload, url = reading.recording(call), reading.source_url(call)
    ending = reading.ending_of(upload) if upload else reading.ending_at(url or "")
    return f"{call.origin}/storage/{call.id}{ending}"


@keeps("order-id-is-worker-id")
def remember(facts: Facts) -> dict[str, Any]:
    """Return the call as the vendor keeps it: texts as sent or null, of a file what is known of it, never the key."""
    call = facts.call
    return {
        "status": "queued",
        "customer_name": reading.text(call, "customer_name"),
        "user_id": reading.agent(facts),
        "extension_id": reading.text(call, "extension_id"),
        "worker_id": reading.text(call, "order_id"),
        "recording": msgspec.to_builtins(reading.recording(call)),
        "source_url": reading.source_url(call),
        "audio_url": storage_url(call),
        "duration_seconds": reading.duration(call),
    }


def advise(facts: Facts) -> Iterator[Advice]:
    call = facts.call
    for name in reading.ignored(call)[:MOST_ADVICE]:
        yield Advice(f"{name[:80]} is no field of this call and is ignored", claim="unknown-fields-ignored")
    if reading.recording(call) and reading.text(call, "audio_url"):
        yield Advice("the file is used, audio_url is not", "$.audio_url", "file-wins-over-url")
    named = reading.text(call, "user_id") or reading.text(call, "extension_id")
    if named and reading.agent(facts) is None:
        yield Advice("this leads to no known user: the call is unassigned", claim="unknown-agent-unassigned")
