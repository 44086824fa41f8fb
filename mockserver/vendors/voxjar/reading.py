"""How Voxjar reads an upload: its words, its type, the work that it makes."""

from typing import Any

from mockserver.model import Call, Facts, keeps
from mockserver.vendors.voxjar.fields import fields_of
from mockserver.vendors.voxjar.media import INTERACTION_TYPES, has_media, media_type

LONGEST_SMS = 320


@keeps("whisper-segments")
def segments_of(call: Call) -> list[dict[str, Any]]:
    segments = fields_of(call, "transcript").get("segments", ())
    return [segment for segment in segments if isinstance(segment, dict)]


@keeps("text-and-segments", "text-derived-from-segments", "segments-suffice-for-text", "derived-text-form")
def text_of(call: Call) -> str:
    """Return the transcript's text, else what its segments say; empty where nothing does."""
    return plain_text(call) or "\n".join(filter(None, map(text_of_segment, segments_of(call))))


def plain_text(call: Call) -> str:
    text: str = fields_of(call, "transcript").get("text", "")
    return text


@keeps("words-before-text")
def text_of_segment(segment: dict[str, Any]) -> str:
    words = segment.get("words")
    said = [word.get("word") for word in words if isinstance(word, dict)] if isinstance(words, list) else []
    text = segment.get("text")
    joined = " ".join(word.strip() for word in said if isinstance(word, str))
    return joined or (text.strip() if isinstance(text, str) else "")


@keeps("empty-transcript-is-none")
def has_transcript(call: Call) -> bool:
    return bool(plain_text(call) or segments_of(call))


@keeps("explicit-type-wins")
def type_of(facts: Facts) -> str | None:
    """Return the type that is given, else the one that the content tells; None where it tells none."""
    return facts.call.fields.get("interactionType") or inferred_type(facts)


@keeps("type-inferred-when-omitted", "order-of-inference", "email-object-means-email", "segments-mean-audio")
def inferred_type(facts: Facts) -> str | None:
    call = facts.call
    if "email" in call.fields:
        return "EMAIL"
    if has_media(call):
        return media_type(facts)
    if segments_of(call):
        return "AUDIO"
    text = plain_text(call)
    return type_of_text(text) if text else None


@keeps("short-text-is-sms", "short-text-border")
def type_of_text(text: str) -> str:
    units = len(text.encode("utf-16-le")) // 2
    return "SMS" if units <= LONGEST_SMS and not {"\n", "\r"} & set(text) else "CHAT"


@keeps("processing-flags", "transcript-skips-transcription", "own-transcript-not-billed")
def needs_transcription(facts: Facts) -> bool:
    return plays_media(facts) and not has_transcript(facts.call)


def plays_media(facts: Facts) -> bool:
    """Whether the interaction has media, and a type that has a use for it."""
    return type_of(facts) in INTERACTION_TYPES.values() and has_media(facts.call)


@keeps("evaluation-in-the-same-call")
def wants_evaluation(call: Call) -> bool:
    return "evaluation" in call.fields
