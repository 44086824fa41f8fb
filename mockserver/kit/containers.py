"""Read what our libraries leave blank: tracks of MP4, Ogg cut short, WAV without a length, ADTS, Matroska."""

import re
import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from mockserver.kit.landmarks import Piece
from mockserver.model import Media

# ISO/IEC 14496-14: three descriptors within each other, then what the decoder is told, channels included.
_AAC_SETUP = re.compile(
    rb"esds.{4}\x03[\x80-\xff]*[\0-\x7f].{3}\x04[\x80-\xff]*[\0-\x7f].{13}\x05[\x80-\xff]*[\0-\x7f](..)", re.DOTALL
)

# RFC 3533: a first page, its stream's serial number, the size of its one packet, and which codec that packet opens.
_OGG_OPENING = re.compile(
    rb"OggS\0[\x02\x06].{8}(?P<serial>.{4}).{8}\x01(?P<size>.)(?P<codec>OpusHead|\x01vorbis|Speex {3}|\x7fFLAC)",
    re.DOTALL,
)
_OGG_LAST = 0x04
# A position of all ones says that no packet ends on the page.
_OGG_POSITION = rb"OggS\0.(?!\xff{8})(.{8})"

# ISO/IEC 14496-3: the sample rate is told by its place in this list, the length in blocks of 1,024 samples.
_ADTS_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_ADTS_BLOCK = 1_024
_ADTS_HEADER = 7

# RFC 9559. Elements to open (segment, info, tracks, track, audio) are entered by going on behind their header.
_TICK, _DURATION, _TRACK_TYPE, _RATE, _CHANNELS, _CLUSTER = 0x2AD7B1, 0x4489, 0x83, 0xB5, 0x9F, 0x1F43B675
_ELEMENTS_TO_OPEN = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE1}
_MILLION: Final = (1_000_000).to_bytes(3, "big")
_PICTURES, _SOUND = 1, 2
_MOST_ELEMENTS = 1_000


def handlers(pieces: tuple[Piece, ...]) -> set[bytes]:
    """Return the handler types of an MP4's tracks, `vide` and `soun` among others."""
    return {content[8:12] for (_, header), (_, content) in pairwise(pieces) if header[4:] == b"hdlr"}


def aac_channels(pieces: tuple[Piece, ...]) -> int | None:
    """Return the channels that the AAC in an MP4 really has; the sample entry around it says 2, whatever they are."""
    for _, piece in pieces:
        if setup := _AAC_SETUP.search(piece):
            return channels_of_layout(int.from_bytes(setup[1], "big") >> 3 & 15)
    return None


def channels_of_layout(layout: int) -> int | None:
    """Return the channels of an AAC layout: 7 stands for 8, and 0 for something that the sound itself describes."""
    return 8 if layout == 7 else layout or None


def is_opus(head: bytes) -> bool:
    """Whether the first sound of an Ogg is Opus."""
    opening = _OGG_OPENING.search(head)
    return opening is not None and opening["codec"] == b"OpusHead"


def digest_ogg(head: bytes, tail: bytes) -> bytes:
    """Shorten an Ogg to the page that opens its sound, and an empty last page at the position where the sound ends.

    A reader that is shown all there is would stop at the first page that is missing.
    """
    opening = _OGG_OPENING.search(head)
    if opening is None:
        return b""
    positions = re.findall(_OGG_POSITION + re.escape(opening["serial"]), tail, re.DOTALL)
    end = positions[-1] if positions else bytes(8)
    last = struct.pack("<4sBB8s4s9x", b"OggS", 0, _OGG_LAST, end, opening["serial"])
    return head[opening.start() : opening.start() + 28 + opening["size"][0]] + last


def wav_length(head: bytes, size: int, told: float | None) -> float | None:
    """Return the seconds a WAV tells if all its sound is there, else what its byte rate makes of the sound that is.

    Recorders that stream leave the size of the sound at 0 or at its limit, and some say no length but in bytes.
    """
    chunks = dict(riff_chunks(head))
    form, start = chunks.get(b"fmt "), chunks.get(b"data")
    if form is None or start is None:
        return told
    byte_rate, claimed, rest = little(head, form + 8), little(head, start - 4), size - start
    if told and 0 < claimed <= rest:
        return told
    return min(claimed or rest, rest) / byte_rate if byte_rate else None


def riff_chunks(head: bytes) -> Iterator[tuple[bytes, int]]:
    """Return the name of each chunk and where its content starts; they are padded to even sizes."""
    at = 12
    while len(name := head[at : at + 4]) == 4:
        yield name, at + 8
        at += 8 + (little(head, at + 4) + 1 & ~1)


def little(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def read_adts(sound: bytes, size: int) -> Media:
    """Count the frames at hand, and take what else makes up the size in bytes to be like them."""
    covered = blocks = 0
    for header in adts_frames(sound):
        covered += adts_length(header)
        blocks += (header[6] & 3) + 1
    rate, layout = adts_setup(sound)
    seconds = blocks * _ADTS_BLOCK / rate * size / covered if covered and rate else None
    return Media("audio", "aac", seconds, rate, channels_of_layout(layout))


def adts_frames(sound: bytes) -> Iterator[bytes]:
    """Return the header of each frame, as long as they follow each other and begin alike."""
    at = 0
    while len(header := sound[at : at + _ADTS_HEADER]) == _ADTS_HEADER and header[:2] == sound[:2]:
        if adts_length(header) < _ADTS_HEADER:
            return
        yield header
        at += adts_length(header)


def adts_setup(header: bytes) -> tuple[int, int]:
    """Return the sample rate, 0 if it is none of the list, and the channel layout."""
    setup = int.from_bytes(header[2:4], "big")
    return dict(enumerate(_ADTS_RATES)).get(setup >> 10 & 15, 0), setup >> 6 & 7


def adts_length(header: bytes) -> int:
    return (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5


def read_matroska(head: bytes, media_format: str) -> Media:
    """Read a Matroska or WebM by its head; one that was recorded live does not say how long it became."""
    found: dict[int, bytes] = {}
    types = set[int]()
    for name, content in elements(head):
        found.setdefault(name, content)
        types |= {number(content)} if name == _TRACK_TYPE else set()
    return Media(
        "audio" if _SOUND in types and _PICTURES not in types else "video",
        media_format,
        fraction(found.get(_DURATION, b"")) * number(found.get(_TICK, _MILLION)) / 1e9,
        int(fraction(found.get(_RATE, b""))),
        number(found.get(_CHANNELS, b"")),
    )


def elements(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the number and content of each element before the first cluster, where sound and pictures begin."""
    at = 0
    for _ in range(_MOST_ELEMENTS):
        after_name = at + width(head[at : at + 1])
        start = after_name + width(head[after_name : after_name + 1])
        name = int.from_bytes(head[at:after_name], "big")
        if name == _CLUSTER or start > len(head):
            return
        size = int.from_bytes(head[after_name:start], "big") & (1 << 7 * (start - after_name)) - 1
        at = start if name in _ELEMENTS_TO_OPEN else start + size
        if at > start:
            yield name, head[start:at]


def width(first: bytes) -> int:
    """Return how many bytes a number takes: one more than the zero bits its first byte begins with."""
    return 9 - int.from_bytes(first, "big").bit_length()


def number(content: bytes) -> int:
    return int.from_bytes(content[:8], "big")


def fraction(content: bytes) -> float:
    """Read a float of 4 or 8 bytes; 0 for what is none or no number."""
    form = {4: ">f", 8: ">d"}.get(len(content))
    value: float = struct.unpack(form, content)[0] if form else 0.0
    return value if abs(value) < 1e15 else 0.0
