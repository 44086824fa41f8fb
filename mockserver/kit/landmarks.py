"""Keep the few places of a passing stream that tell its format and length, and show them again as a file."""

import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Generator
from io import SEEK_CUR, SEEK_END, SEEK_SET
from itertools import accumulate
from typing import Final, TypeAlias

from msgspec import Struct

# A walk asks for the bytes at an offset, is handed them, and never asks for what lies before what it has seen.
Walk: TypeAlias = Generator[tuple[int, int], bytes, None]
Piece: TypeAlias = tuple[int, bytes]

TAIL: Final = 65_536
MOST_BOXES: Final = 512
# Where tinytag and we look, and no further: 512 boxes of 512 bytes make 256 KiB at the very most.
KEPT_OF_BOX: Final = 512
BOXES_TO_OPEN: Final = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
BOXES_TO_KEEP: Final = {b"mvhd", b"hdlr", b"stsd"}
KEPT_BEHIND_TAG: Final = 16_384
MOST_READS: Final = 4_096
_SMALL = 16_384


class Landmarks(Struct, frozen=True):
    """What is left of a file that went by: its size in bytes, its head, its tail, and pieces at their offsets."""

    size: int
    head: bytes
    pieces: tuple[Piece, ...] = ()
    tail: bytes = b""


class Places:
    """Cuts out of a stream what a walk asks for; what lies between costs one comparison per chunk."""

    def __init__(self, walk: Walk) -> None:
        self._walk, self._pieces = walk, list[Piece]()
        self._seen, self._piece = 0, bytearray()
        self._due, self._missing = next(walk)

    def feed(self, data: bytes | memoryview) -> None:
        start = self._seen
        self._seen += len(data)
        while self._due < self._seen:
            part = data[self._due - start : self._due - start + self._missing]
            self._piece += part
            self._due += len(part)
            self._missing -= len(part)
            if not self._missing:
                self._go_on()

    def _go_on(self) -> None:
        piece = self._keep()
        try:
            self._due, self._missing = self._walk.send(piece)
        except StopIteration:
            self._due = sys.maxsize

    def _keep(self) -> bytes:
        piece = bytes(self._piece)
        self._pieces.append((self._due - len(piece), piece))
        self._piece.clear()
        return piece

    def pieces(self) -> tuple[Piece, ...]:
        """Return all pieces by rising offset; the last one is short when the stream ended within it."""
        if self._piece:
            self._keep()
        return tuple(self._pieces)


class Tail:
    """The last 64 KiB of a stream and the rest of the chunk they begin in.

    Large chunks are kept as references: a copy of each would cost a twentieth of the time of hashing it.
    """

    def __init__(self) -> None:
        self._chunks = deque[bytes | bytearray | memoryview]([bytearray()])
        self._kept = 0

    def feed(self, data: bytes | memoryview) -> None:
        if len(data) < _SMALL:
            self._gather(data)
        else:
            data = lasting(data)
            self._chunks.append(data)
        self._kept += len(data)
        while self._kept - len(self._chunks[0]) >= TAIL:
            self._kept -= len(self._chunks.popleft())

    def _gather(self, data: bytes | memoryview) -> None:
        """Copy crumbs together, for a view of each would take more room than its bytes and hold on to its buffer."""
        last = self._chunks[-1]
        if not isinstance(last, bytearray) or len(last) >= _SMALL:
            last = bytearray()
            self._chunks.append(last)
        last += data

    def joined(self) -> bytes:
        return b"".join(self._chunks)[-TAIL:]


def lasting(data: bytes | memoryview) -> bytes | memoryview:
    """Return the data themselves if nobody can change them, else a copy of their end."""
    unchanging = isinstance(data, bytes) or isinstance(data.obj, bytes)
    return data if unchanging else bytes(data[-TAIL:])


def walk_boxes() -> Walk:
    """Walk the boxes of an MP4 (ISO/IEC 14496-12) down to where length, tracks and sound are described.

    Boxes to open are entered by going on behind their header: their last child ends where they end.
    """
    at, end_of_movie = 0, sys.maxsize
    for _ in range(MOST_BOXES):
        header = yield at, 8
        size, name, start = int.from_bytes(header[:4], "big"), header[4:], at + 8
        if size == 1:  # the size did not fit into 32 bits
            size, start = int.from_bytes((yield start, 8), "big"), at + 16
        end = at + size
        if end < start:  # 0, "up to the end of the file", or nonsense
            return
        if name == b"moov":
            end_of_movie = end
        if name in BOXES_TO_KEEP and end > start:
            yield start, min(end - start, KEPT_OF_BOX)
        at = start if name in BOXES_TO_OPEN else end
        if at >= end_of_movie:
            return


def walk_tag() -> Walk:
    """Walk over an ID3v2 tag, which may hold pictures of any size, to the sound behind it."""
    yield tag_size((yield 0, 10)), KEPT_BEHIND_TAG


def tag_size(head: bytes) -> int:
    """Return how many bytes an ID3v2 tag takes at the start of a file, at least 10 if there is one."""
    if not head.startswith(b"ID3"):
        return 0
    high, *low = head[6:10].ljust(4, b"\0")
    return 10 + list(accumulate(low, lambda size, byte: size << 7 | byte & 0x7F, initial=high & 0x7F))[-1]


class SparseFile:
    """A file of a true size, of which only pieces are there: reading stops at the end of a piece.

    Reading zeros instead, as a sparse file on a disk does, would send a reader that looks for a mark through
    gigabytes of them. After 4,096 reads there is nothing more, so that no crafted file keeps a reader busy.
    """

    def __init__(self, size: int, *pieces: Piece) -> None:
        self._size, self._pieces = size, pieces
        self._starts = [start for start, _ in pieces]
        self._at = self._reads = 0

    def read(self, size: int) -> bytes:
        self._reads += 1
        index = bisect_right(self._starts, self._at) - 1
        if index < 0 or self._reads > MOST_READS:
            return b""
        start, piece = self._pieces[index]
        found = piece[self._at - start : self._at - start + size]
        self._at += len(found)
        return found

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        origin = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def tell(self) -> int:
        return self._at
