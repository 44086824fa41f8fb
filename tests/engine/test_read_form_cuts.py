"""A form that was cut off is never taken for a whole one, wherever the cut falls."""

import pytest

from mockserver.model import Kind
from tests.engine.sending import BOUNDARY, FORM, FORM_ENDPOINT, Sending, cut, form, part, send, take

WHOLE = form(
    part("title", "Ünï\r\n--cut-her\r\n--\r\n"),
    part("details", '{"a": [1, {"b": "--cut-here"}]}', kind="application/json; charset=utf-8"),
    part("count", "42"),
    part("recording", b"ID3\x04\r\n--cut\x00\xff\r\n" * 8, filename='a"b;c.mp3'.replace('"', r"\""), kind="audio/mpeg"),
    part("labels", "one"),
    part("labels", "two"),
    part("", "").replace(b'name=""', b"name=extra; filename=x.bin"),
).removesuffix(b"\r\n")


@pytest.mark.parametrize(
    ("chunk", "declared"),
    [(1, "what came"), *((65_536, each) for each in ("what came", "what should have come", "nothing"))],
)
def test_no_cut_is_accepted(chunk: int, declared: str) -> None:
    assert len(WHOLE) > 600
    lengths = {"what should have come": str(len(WHOLE)), "nothing": ""}
    for end in range(len(WHOLE)):
        headers = {"content-length": lengths.get(declared, str(end))}
        call = send(FORM_ENDPOINT, WHOLE[:end], FORM, headers=headers, chunk=chunk)
        assert [problem.kind for problem in call.unreadable] == [Kind.MALFORMED], WHOLE[:end]
        assert (call.instance, call.files) == (None, {})


def test_the_whole_is_accepted_in_two_pieces_cut_anywhere() -> None:
    first = send(FORM_ENDPOINT, WHOLE, FORM)
    assert not first.unreadable
    headers = {"content-length": str(len(WHOLE)), "content-type": FORM}
    for at in range(len(WHOLE)):
        assert take(Sending([WHOLE[:at], WHOLE[at:]], headers), FORM_ENDPOINT) == first


@pytest.mark.parametrize("chunk", [1, 2, 7, 1000, 65_536])
def test_the_whole_says_the_same_in_chunks_of_any_size(chunk: int) -> None:
    call = send(FORM_ENDPOINT, WHOLE, FORM, chunk=chunk)
    assert call == send(FORM_ENDPOINT, WHOLE, FORM)
    assert call.files.keys() == {"recording", "extra"}
    assert call.fields["labels"] == ["one", "two"]
    assert call.size == len(WHOLE)


def test_empty_chunks_between_change_nothing() -> None:
    pieces = [piece for each in cut(WHOLE, 50) for piece in (b"", each)]
    headers = {"content-length": str(len(WHOLE)), "content-type": FORM}
    assert take(Sending([*pieces, b""], headers), FORM_ENDPOINT) == send(FORM_ENDPOINT, WHOLE, FORM)


@pytest.mark.parametrize("boundary", ["-", "--", "a", "-a-", "b" * 70, BOUNDARY])
def test_no_cut_is_accepted_whatever_the_boundary(boundary: str) -> None:
    body = form(part("title", f"--{boundary[:-1]}\r\n-"), boundary=boundary).removesuffix(b"\r\n")
    content_type = f'multipart/form-data; boundary="{boundary}"'
    assert not send(FORM_ENDPOINT, body, content_type).unreadable
    for end in range(len(body)):
        assert send(FORM_ENDPOINT, body[:end], content_type).unreadable, body[:end]
