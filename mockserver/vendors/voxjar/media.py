"""The media of an interaction: the file that came along, else what the media table says of its downloadUrl."""

from collections.abc import Mapping, Sequence

from mockserver.kit.media import kind_of_name
from mockserver.model import Behind, Call, Facts, Upload, keeps
from mockserver.vendors.voxjar.fields import fields_of

INTERACTION_TYPES: Mapping[str, str] = {"audio": "AUDIO", "video": "VIDEO"}
# What stores give to bytes that nobody has described tells no more than no type at all.
UNTOLD = (None, "application/octet-stream", "binary/octet-stream")
REGISTERED: Mapping[str, str] = {"application/mp4": "video", "application/ogg": "audio"}
MOST_BYTES = 500 * 1024 * 1024
# Beyond thirty years a length is nonsense, and must stay a number that prices can be multiplied with.
LONGEST = 10**12
UNKNOWN = Behind()


def file_of(call: Call) -> Upload | None:
    return call.files.get("file")


def url_of(call: Call) -> str | None:
    url: str | None = call.fields.get("downloadUrl")
    return url


@keeps("file-before-download-url")
def urls_of(call: Call) -> Sequence[str]:
    """Name the address whose media matters; none where a file makes it needless to look."""
    url = url_of(call)
    return (url,) if url and file_of(call) is None else ()


@keeps("larger-media-by-url")
def has_media(call: Call) -> bool:
    return file_of(call) is not None or url_of(call) is not None


@keeps("media-table", "slow-media-is-waited-for")
def behind(facts: Facts) -> Behind:
    return facts.behind.get(url_of(facts.call) or "", UNKNOWN)


@keeps("media-type-from-the-bytes", "file-of-unknown-media")
def media_type(facts: Facts) -> str | None:
    """Return what the file's bytes hold, None where they hold neither; without a file what the URL leads to."""
    file = file_of(facts.call)
    if file:
        return INTERACTION_TYPES.get(file.media.kind or "")
    return "VIDEO" if kind_behind(facts) == "video" else "AUDIO"


@keeps("download-url-tells-type-by-name")
def kind_behind(facts: Facts) -> str | None:
    """Return audio, video or other, by the table's media type, else by the name; None where neither tells."""
    told = behind(facts).type
    if told is None or told in UNTOLD:
        return kind_of_name(url_of(facts.call) or "")
    kind = REGISTERED.get(told) or told.partition("/")[0]
    return kind if kind in INTERACTION_TYPES else "other"


@keeps("media-limit-border")
def is_too_large(found: Behind) -> bool:
    return found.failure == "too-large" or (found.size or 0) > MOST_BYTES


@keeps("length-of-media", "duration-in-milliseconds")
def length_of(facts: Facts) -> float | None:
    """Return the milliseconds that it plays: by its bytes, the media table, `duration`; None where none tells."""
    file = file_of(facts.call)
    seconds = file.media.seconds if file else behind(facts).duration
    length: float | None = seconds * 1000 if seconds else fields_of(facts.call).get("duration")
    return length and min(length, LONGEST)


@keeps("transcription-of-no-media-fails")
def can_be_heard(facts: Facts) -> bool:
    file = file_of(facts.call)
    return file is None or file.media.kind in INTERACTION_TYPES
