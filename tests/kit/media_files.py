"""Files to hear: the fixtures, larger ones built in their likeness, and ways to feed them."""

import struct
from collections.abc import Iterator
from pathlib import Path

from mockserver.kit.media import Listener, Media

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "media"
NOT_MEDIA = {"README.md", "facts.toml"}


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def hear(data: bytes, chunk: int | None = None) -> Media:
    """Feed the data through one buffer that is written over, as a server's may be."""
    listener, buffer = Listener(), bytearray(chunk or len(data) or 1)
    for start in range(0, len(data), len(buffer)):
        part = data[start : start + len(buffer)]
        buffer[: len(part)] = part
        listener.feed(memoryview(buffer)[: len(part)])
        buffer[:] = b"\xaa" * len(buffer)
    assert listener.size == len(data)
    assert listener.head == data[:65_536]
    return listener.media()


def box(name: bytes, content: bytes = b"", *, wide: bool = False) -> bytes:
    """Build a box of an MP4; a wide one tells its size in 64 bits."""
    if wide:
        return struct.pack(">I4sQ", 1, name, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, name) + content


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Return the name and the content of each box at the top of an MP4."""
    at = 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + size]
        at += size


def track(handler: bytes, tables: int = 0) -> bytes:
    described = box(b"hdlr", bytes(8) + handler + bytes(13))
    samples = box(b"minf", box(b"stbl", box(b"stsd", bytes(8)) + box(b"stsz", bytes(tables))))
    return box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", described + samples))


def movie(seconds: int, *tracks: bytes) -> bytes:
    length = struct.pack(">12xII80x", 1_000, 1_000 * seconds)
    return box(b"moov", box(b"mvhd", length) + b"".join(tracks))


def element(name: str, content: bytes) -> bytes:
    """Build an element of a Matroska by its name in hexadecimal digits and less than 127 bytes."""
    return bytes.fromhex(name) + bytes([0x80 | len(content)]) + content


def page(serial: bytes, position: int, flags: int, content: bytes) -> bytes:
    """Build a page of an Ogg; nobody here checks its checksum."""
    sizes = bytes([255] * (len(content) // 255) + [len(content) % 255])
    return struct.pack("<4sBBq4s8xB", b"OggS", 0, flags, position, serial, len(sizes)) + sizes + content


def opus(seconds: int, pages: int, last_flags: int = 4) -> bytes:
    """Build an Ogg of Opus whose pages hold noughts, at 48,000 positions a second."""
    opening = page(b"call", 0, 2, b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 312, 16_000, 0, 0))
    tags = page(b"call", 0, 0, b"OpusTags" + bytes(8))
    step = 48_000 * seconds // pages
    sound = (page(b"call", 312 + step * count, 0, bytes(4_000)) for count in range(1, pages))
    return opening + tags + b"".join(sound) + page(b"call", 312 + 48_000 * seconds, last_flags, bytes(100))


def mp3_frames(count: int) -> bytes:
    """Build frames of silence of 36 ms each, MPEG 2 at 16 kHz, that take turns at 32 and 64 kbit/s."""
    slow, fast = (bytes([0xFF, 0xF3, rate << 4 | 8, 0xC0]) + bytes(size - 4) for rate, size in ((4, 144), (8, 288)))
    return (slow + fast) * (count // 2)


def id3_tag(size: int) -> bytes:
    seven_bits = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + seven_bits + bytes(size)


def wav(sound: bytes, claimed: int | None = None, codec: int = 1, byte_rate: int = 16_000) -> bytes:
    """Build a WAV at 8 kHz in mono that may lie about the size of its sound, behind a chunk that looks like sound."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, codec, 1, 8_000, byte_rate, 2, 16)
    remark = struct.pack("<4sI", b"LIST", 13) + b"INFOdata\0\0\0\1." + b"\0"
    size = len(sound) if claimed is None else claimed
    return b"RIFF\0\0\0\0WAVE" + form + remark + struct.pack("<4sI", b"data", size) + sound
