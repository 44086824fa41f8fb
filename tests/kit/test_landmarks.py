from collections.abc import Callable
from io import SEEK_CUR, SEEK_END

import pytest

from mockserver.kit.landmarks import MOST_READS, TAIL, Places, SparseFile, Tail, Walk, tag_size, walk_boxes
from tests.kit.media_files import box

COUNTING = bytes(count % 251 for count in range(160_000))


def walk_over(*spans: tuple[int, int]) -> Walk:
    for offset, size in spans:
        piece = yield offset, size
        assert piece == COUNTING[offset : offset + size]


@pytest.mark.parametrize("chunk", [1, 3, 10, 64, 1_000])
def test_places_are_kept_as_the_walk_asks(chunk: int) -> None:
    places = Places(walk_over((0, 2), (2, 3), (50, 100), (990, 50)))
    for start in range(0, 1_000, chunk):
        places.feed(COUNTING[start : min(start + chunk, 1_000)])
    kept = ((0, COUNTING[:2]), (2, COUNTING[2:5]), (50, COUNTING[50:150]), (990, COUNTING[990:1_000]))
    assert places.pieces() == places.pieces() == kept


def test_a_walk_that_is_over_keeps_nothing_more() -> None:
    places = Places(walk_over((0, 2)))
    places.feed(COUNTING)
    assert places.pieces() == ((0, COUNTING[:2]),)


def test_an_endless_walk_keeps_256_kib_at_most() -> None:
    places = Places(walk_boxes())
    places.feed(box(b"hdlr", bytes(10_000)) * 1_000)
    assert sum(len(piece) for _, piece in places.pieces()) <= 270_000


@pytest.mark.parametrize(
    "wrap", [bytes, memoryview, lambda data: memoryview(bytearray(data))], ids=["bytes", "view", "array"]
)
@pytest.mark.parametrize("chunks", [(1,), (777,), (16_384,), (65_536,), (100_000,), (20_000, 5), (5, 20_000, 16_383)])
def test_a_tail_is_the_end_of_what_went_by(chunks: tuple[int, ...], wrap: Callable[[bytes], bytes]) -> None:
    tail, at, turn = Tail(), 0, 0
    while at < len(COUNTING):
        size = chunks[turn % len(chunks)]
        tail.feed(wrap(COUNTING[at : at + size]))
        at, turn = at + size, turn + 1
        if turn % 1_000 == 0 or size > 10_000:
            assert tail.joined() == COUNTING[max(0, min(at, len(COUNTING)) - TAIL) : at]
    assert tail.joined() == COUNTING[-TAIL:]
    assert len(tail._chunks) < 16


def test_a_sparse_file_has_its_true_size_and_nothing_between_its_pieces() -> None:
    file = SparseFile(1_000, (10, b"abcdef"), (100, b"xyz"))
    assert file.read(5) == b""
    assert (file.seek(12), file.read(2), file.read(9), file.read(9), file.tell()) == (12, b"cd", b"ef", b"", 16)
    assert (file.seek(85, SEEK_CUR), file.read(1)) == (101, b"y")
    assert (file.seek(-900, SEEK_END), file.read(9)) == (100, b"xyz")
    assert (file.seek(0, SEEK_END), file.read(9)) == (1_000, b"")
    assert file.seek(-9_999, SEEK_END) == 0


def test_a_sparse_file_is_at_its_end_after_too_many_reads() -> None:
    file = SparseFile(10_000, (0, bytes(10_000)))
    assert sum(len(file.read(1)) for _ in range(MOST_READS + 10)) == MOST_READS


@pytest.mark.parametrize(("written", "size"), [(b"\0\0\0\x7f", 127), (b"\0\0\1\0", 128), (b"\x7f" * 4, (1 << 28) - 1)])
def test_a_tag_tells_its_size_in_seven_bits_a_byte(written: bytes, size: int) -> None:
    assert tag_size(b"ID3\3\0\0" + written) == 10 + size


def test_no_tag_has_no_size() -> None:
    assert tag_size(b"RIFF") == 0
    assert tag_size(b"ID3") == 10
