"""Judge the kind, format and length of a file by its landmarks; libraries first."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from msgspec.structs import replace

from mockserver.kit.containers import (
    aac_channels,
    digest_ogg,
    handlers,
    is_opus,
    read_adts,
    read_matroska,
    wav_length,
)
from mockserver.kit.landmarks import Landmarks, Piece, SparseFile, tag_size
from mockserver.model import Media

if TYPE_CHECKING:
    from tinytag import TinyTag

# What plays for more than a month is a mistake or a joke; "unknown" in an MP4 is all ones, 49 days of milliseconds.
LONGEST: Final = 31 * 86_400
FASTEST: Final = 1_000_000
ARCHIVES: Final = {"tar", "zip"}

_THEORA = b"\x80theora"
_ASF_PICTURES = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def judge(marks: Landmarks) -> Media:
    found = recognise(marks)
    reader = READERS.get(found.format or "")
    return plausible(reader(found, marks)) if reader else found


def recognise(marks: Landmarks) -> Media:
    """Tell format and kind by the bytes the file begins with; a reader of the format may know the kind better."""
    if framed := frame_format(behind_tag(marks)):
        return Media("audio", framed)
    if known := known_format(marks.head):
        return known
    # There are more brands of MP4 than anyone lists.
    return Media("video", "mp4") if handlers(marks.pieces) else Media()


def known_format(head: bytes) -> Media | None:
    from filetype import guess  # noqa: PLC0415  # start-up is measured, and few runs see a file at once

    try:
        found = guess(head)
    except Exception:  # noqa: BLE001  # crafted bytes make it recurse without end, for one; they are of no format
        return None
    return Media(kind_of(found.mime, found.extension), found.extension) if found else None


def kind_of(mime: str, extension: str) -> str | None:
    if extension in ARCHIVES:
        return "archive"
    family = mime.partition("/")[0]
    return family if family in {"audio", "video"} else None


def frame_format(sound: bytes) -> str | None:
    """Tell ADTS and MP3 by their frame's header: filetype knows neither the MP3 of telephony nor checksums."""
    word = int.from_bytes(sound[:4], "big")
    version, layer, bit_rate, sample_rate = word >> 19 & 3, word >> 17 & 3, word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1:
        return None
    if layer == 0:
        return "aac" if version & 2 else None
    return "mp3" if layer == 1 and bit_rate != 15 and sample_rate != 3 else None


def behind_tag(marks: Landmarks) -> bytes:
    """Return the first of the sound: what follows an ID3 tag, or else the head."""
    file = SparseFile(marks.size, *head_and_pieces(marks))
    file.seek(tag_size(marks.head))
    return file.read(len(marks.head))


def head_and_pieces(marks: Landmarks) -> tuple[Piece, ...]:
    """Return the head, and the pieces that reach beyond it."""
    beyond = (piece for piece in marks.pieces if piece[0] + len(piece[1]) > len(marks.head))
    return ((0, marks.head), *beyond)


def probe(size: int, *pieces: Piece) -> "TinyTag | None":
    from tinytag import TinyTag  # noqa: PLC0415  # start-up is measured, and few runs see a file at once

    try:
        return TinyTag.get(file_obj=cast("BinaryIO", SparseFile(size, *pieces)), tags=False)
    except Exception:  # noqa: BLE001  # crafted bytes make it raise whatever Python has; they tell no length
        return None


def add_length(found: Media, tag: "TinyTag | None") -> Media:
    return replace(found, seconds=tag.duration, sample_rate=tag.samplerate, channels=tag.channels) if tag else found


def read_head(found: Media, marks: Landmarks) -> Media:
    return add_length(found, probe(marks.size, (0, marks.head)))


def read_asf(found: Media, marks: Landmarks) -> Media:
    known = found if _ASF_PICTURES in marks.head else Media("audio", "wma")
    return read_head(known, marks)


def read_mp3(found: Media, marks: Landmarks) -> Media:
    """Go by the pace of the head where only its frames were counted: bit rates vary and no header sums them up."""
    tag = probe(marks.size, *head_and_pieces(marks))
    if tag is None or not tag.duration or not tag.bitrate:
        return found
    paced = (marks.size - tag_size(marks.head)) / (tag.bitrate * 125)
    is_cut = marks.size > len(marks.head) and paced > 1.05 * tag.duration
    return replace(add_length(found, tag), seconds=paced if is_cut else tag.duration)


def read_wav(found: Media, marks: Landmarks) -> Media:
    found = read_head(found, marks)
    return replace(found, seconds=wav_length(marks.head, marks.size, found.seconds))


def read_ogg(found: Media, marks: Landmarks) -> Media:
    if is_opus(marks.head):
        found = replace(found, format="opus")
    if _THEORA in marks.head:
        found = replace(found, kind="video")
    digest = digest_ogg(marks.head, marks.tail)
    return add_length(found, probe(len(digest), (0, digest)))


def read_mp4(found: Media, marks: Landmarks) -> Media:
    tracks = handlers(marks.pieces)
    if b"vide" in tracks:
        found = replace(found, kind="video")
    elif b"soun" in tracks:
        found = replace(found, kind="audio")
    found = add_length(found, probe(marks.size, *marks.pieces))
    return replace(found, channels=aac_channels(marks.pieces) or found.channels)


def plausible(found: Media) -> Media:
    """Drop numbers that cannot be: a length of 0 is how several formats say that they do not know."""
    seconds, rate, channels = round(found.seconds or 0, 3), found.sample_rate or 0, found.channels or 0
    return replace(
        found,
        seconds=seconds if 0 < seconds < LONGEST else None,
        sample_rate=rate if 0 < rate < FASTEST else None,
        channels=channels if 0 < channels < 256 else None,
    )


READERS: Final[Mapping[str, Callable[[Media, Landmarks], Media]]] = MappingProxyType(
    {
        "aac": lambda _, marks: read_adts(behind_tag(marks), marks.size - tag_size(marks.head)),
        "aiff": read_head,
        "flac": read_head,
        "m4a": read_mp4,
        "m4v": read_mp4,
        "mkv": lambda _, marks: read_matroska(marks.head, "mkv"),
        "mov": read_mp4,
        "mp3": read_mp3,
        "mp4": read_mp4,
        "ogg": read_ogg,
        "wav": read_wav,
        "webm": lambda _, marks: read_matroska(marks.head, "webm"),
        "wmv": read_asf,
    }
)
