"""What Voxjar passes over in silence, told out of band."""

from collections.abc import Iterator
from itertools import islice

from mockserver.kit.names import hint
from mockserver.model import Advice, Call, Facts, Json, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.book import metadata_of, tags_of, unknown_tags
from mockserver.vendors.voxjar.fields import FIELDS, NOUNS, fields_of, fits, sent
from mockserver.vendors.voxjar.media import INTERACTION_TYPES, UNTOLD, behind, can_be_heard, file_of, media_type, url_of
from mockserver.vendors.voxjar.participants import Settlement

MOST = 50
LONGEST_NAME = 80
# Looking for what somebody may have meant takes long among many.
MOST_TAGS = 200
PARTS = ("file", "payload")
HINTS = ("en", "es")


@keeps("unknown-fields-ignored")
def on_parts(facts: Facts) -> Iterator[Advice]:
    """Yield the parts that a form does not have, of a refused one too: its file may be among them."""
    is_form, form = facts.call.media_type == "multipart/form-data", facts.call.instance
    parts = form if is_form and isinstance(form, dict) else {}
    for name in islice((name[:LONGEST_NAME] for name in parts if name not in PARTS), MOST):
        says = f"{name} is no part of an upload and has no effect{hint(name, PARTS)}"
        yield Advice(says, f"$.{name}", "unknown-fields-ignored")


def advise(facts: Facts, settlement: Settlement) -> tuple[Advice, ...]:
    """Return what was left aside, skipped or dropped; the first 50 of it."""
    return tuple(islice(every_advice(facts, settlement), MOST))


def every_advice(facts: Facts, settlement: Settlement) -> Iterator[Advice]:
    for part in FIELDS:
        yield from on_fields(facts.call, part)
    yield from on_transcript(facts.call)
    yield from on_media(facts)
    for tag in unknown_tags(facts):
        yield Advice(f"the account has no tag {on_tag(tag, facts)}", "$.tags", "tags-must-exist")
    yield from on_metadata(facts.call)
    for role in settlement.dropped:
        says = f"the e-mail address of {role} belongs to another participant: it is dropped"
        yield Advice(says, f"$.{role}.email", "participant-email-dropped")


@keeps("unknown-fields-ignored", "base64-media-not-supported", "no-human-evaluators")
def on_fields(call: Call, part: str) -> Iterator[Advice]:
    unknown = "no-human-evaluators" if part == "evaluation" else "unknown-fields-ignored"
    for name, value in sent(call, part).items():
        place = ".".join(filter(None, (part, name[:LONGEST_NAME])))
        if name not in FIELDS[part]:
            says = f"{place} is no field of an upload and has no effect{hint(name, FIELDS[part])}"
            yield Advice(says, f"$.{place}", unknown)
        elif not fits(part, name, value):
            says = f"{place} is not {NOUNS[FIELDS[part][name]]}: it is left aside"
            yield Advice(says, f"$.{place}", "mistyped-optional-field-ignored")


def on_transcript(call: Call) -> Iterator[Advice]:
    """Yield what cannot be read out of a transcript; a segment whose text is empty is one in which nobody speaks."""
    fields = fields_of(call, "transcript")
    if fields.get("language", "en").casefold().partition("-")[0] not in HINTS:
        says = "transcript.language hints at English (en) or Spanish (es) only"
        yield Advice(says, "$.transcript.language", "transcript-hints")
    for index, segment in enumerate(fields.get("segments", ())):
        place = f"transcript.segments[{index}]"
        if not isinstance(segment, dict):
            says = f"{place} is not an object: it is left aside"
            yield Advice(says, f"$.{place}", "mistyped-optional-field-ignored")
        elif not isinstance(segment.get("text"), str) and not reading.text_of_segment(segment):
            says = f"{place} has neither a text nor words, each with its word: it says nothing"
            yield Advice(says, f"$.{place}", "whisper-segments")


def on_tag(tag: Json, facts: Facts) -> str:
    name, known = str(tag)[:LONGEST_NAME], (each[key] for each in tags_of(facts) for key in ("name", "id"))
    return f"{name}, which is skipped{hint(name, islice(known, MOST_TAGS))}"


def on_media(facts: Facts) -> Iterator[Advice]:
    call = facts.call
    if file_of(call) and url_of(call):
        yield Advice("the file counts, downloadUrl does not", "$.downloadUrl", "file-before-download-url")
    kind = reading.type_of(facts)
    is_told = file_of(call) or behind(facts).type not in UNTOLD
    if is_told and kind in INTERACTION_TYPES.values() and media_type(facts) != kind:
        says = f"the media is no {kind}, and the type that is given counts"
        end = "" if can_be_heard(facts) else ": its transcription will fail"
        yield Advice(says + end, "$.interactionType", "explicit-type-wins")


def on_metadata(call: Call) -> Iterator[Advice]:
    kept = metadata_of(call)
    for name in fields_of(call).get("customMetadata", {}):
        if name not in kept:
            says = f"{name[:LONGEST_NAME]} is no text, truth value or number: it is dropped"
            yield Advice(says, f"$.customMetadata.{name[:LONGEST_NAME]}", "metadata-of-no-kind-dropped")
