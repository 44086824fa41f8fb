"""What an accepted recording leaves behind, and what EmberQA answers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockserver.model import Advice, Call, Facts, Outcome, Reply, keeps
from mockserver.vendors.emberqa import reading

MOST_ADVICE = 20
RECOMMENDED_RATE = 8_000


@keeps("submit-recording", "same-path-takes-a-form", "metadata-stored-with-call", "every-call-is-new")
def accept_recording(facts: Facts) -> Outcome:
    call = facts.call
    reply = Reply(facts.option("success_status"), {"message": "File Accepted"})
    return Outcome(reply, (facts.record("recording", call.id, remember(call)),), advice=tuple(advise(call)))


def remember(call: Call) -> dict[str, Any]:
    """Return the fields as sent with their defaults, of a file what is known of it, and what its webhooks will need."""
    file = reading.file(call)
    return {
        **reading.details(call),
        **({"file": msgspec.to_builtins(file)} if file else {}),
        "file_name": reading.file_name(call),
        "language": reading.language(call),
        "is_inbound": reading.is_inbound(call),
        "transcript_source": reading.transcript_source(call),
    }


def advise(call: Call) -> Iterator[Advice]:
    for name in reading.ignored(call)[:MOST_ADVICE]:
        yield Advice(f"{name[:80]} is no field of this call and is ignored", claim="unknown-fields-ignored")
    if not reading.is_known_language(reading.language(call)):
        yield Advice("language is no ISO 639-1 code and not cmn", "$.language", "unknown-language-accepted")
    if {"transcript_text", "transcript_url"} <= call.fields.keys():
        yield Advice("transcript_text is used, transcript_url is not", "$.transcript_url", "inline-transcript-wins")
    yield from advise_on_audio(call)


@keeps("audio-8-khz-recommended")
def advise_on_audio(call: Call) -> Iterator[Advice]:
    file = reading.file(call)
    if file and file.media.sample_rate and file.media.sample_rate < RECOMMENDED_RATE:
        says = f"a sample rate of 8000 Hz or more is recommended, not {file.media.sample_rate}"
        yield Advice(says, "$.file", "audio-8-khz-recommended")
