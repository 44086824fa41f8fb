"""How Voxjar reads an upload: its words, its media, its type."""

from typing import Any

from mockserver.kit.media import kind_of_name
from mockserver.model import Call, Upload, keeps
from mockserver.vendors.voxjar.fields import fields_of

LONGEST_SMS = 320
MEDIA_TYPES = {"audio": "AUDIO", "video": "VIDEO"}


def file_of(call: Call) -> Upload | None:
    return call.files.get("file")


def url_of(call: Call) -> str | None:
    url: str | None = call.fields.get("downloadUrl")
    return url


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


@keeps("larger-media-by-url")
def has_media(call: Call) -> bool:
    return file_of(call) is not None or url_of(call) is not None


@keeps("explicit-type-wins")
def type_of(call: Call) -> str | None:
    """Return the type that is given, else the one that the content tells; None where it tells none."""
    return call.fields.get("interactionType") or inferred_type(call)


@keeps("type-inferred-when-omitted", "order-of-inference", "email-object-means-email", "segments-mean-audio")
def inferred_type(call: Call) -> str | None:
    if "email" in call.fields:
        return "EMAIL"
    if has_media(call):
        return media_type(call)
    if segments_of(call):
        return "AUDIO"
    text = plain_text(call)
    return type_of_text(text) if text else None


@keeps("media-type-from-the-bytes", "file-of-unknown-media", "file-before-download-url")
def media_type(call: Call) -> str | None:
    """Return what the file's bytes hold, None where they hold neither; without a file what the URL's name promises."""
    file = file_of(call)
    return MEDIA_TYPES.get(file.media.kind or "") if file else type_behind(url_of(call) or "")


@keeps("download-url-tells-type-by-name")
def type_behind(url: str) -> str:
    return "VIDEO" if kind_of_name(url) == "video" else "AUDIO"


@keeps("short-text-is-sms", "short-text-border")
def type_of_text(text: str) -> str:
    units = len(text.encode("utf-16-le")) // 2
    return "SMS" if units <= LONGEST_SMS and not {"\n", "\r"} & set(text) else "CHAT"


@keeps("processing-flags", "transcript-skips-transcription", "own-transcript-not-billed")
def needs_transcription(call: Call) -> bool:
    return plays_media(call) and not has_transcript(call)


def plays_media(call: Call) -> bool:
    """Whether the interaction has media, and a type that has a use for it."""
    return type_of(call) in MEDIA_TYPES.values() and has_media(call)


@keeps("evaluation-in-the-same-call")
def wants_evaluation(call: Call) -> bool:
    return "evaluation" in call.fields
