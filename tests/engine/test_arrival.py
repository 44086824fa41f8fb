"""What a request says about itself before its body is read."""

import asyncio

import pytest

from mockserver.engine.arrival import Arrival, Gone
from tests.engine.sending import Sending
from tests.worlds import arrival


def arriving(*headers: tuple[str, str]) -> Arrival:
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Arrival(method="POST", path="/a b", query=b"x=1", headers=pairs, stream=Sending([b"a"], {}).stream)


def test_names_are_lower_case_and_values_latin_1() -> None:
    assert arriving(("X-Name", "caf\xe9"), ("HOST", "here")).headers == {"x-name": "café", "host": "here"}


def test_a_header_that_came_twice_has_its_values_joined() -> None:
    twice = arriving(("Authorization", "Bearer a"), ("X", "1"), ("authorization", "Bearer b"))
    assert twice.headers == {"authorization": "Bearer a, Bearer b", "x": "1"}


def test_headers_are_read_once() -> None:
    one = arriving(("A", "b"))
    assert one.headers is one.headers


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("1234567890", 1234567890),
        ("9" * 18, 10**18 - 1),
        ("0" * 17 + "5", 5),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        (" 1", None),
        ("1_000", None),
        ("\xb2", None),
        ("", None),
        ("ten", None),
    ],
)
def test_a_declared_length_is_a_whole_number_that_a_body_can_have(text: str, length: int | None) -> None:
    assert arriving(("Content-Length", text)).length == length


def test_no_length_may_be_declared_and_two_lengths_are_none() -> None:
    assert arriving().length is None
    assert arriving(("Content-Length", "5"), ("content-length", "5")).length is None


def test_the_rest_is_kept_as_it_came() -> None:
    one = arriving(("A", "b"))
    assert (one.method, one.path, one.query, one.origin, one.raw_headers) == (
        "POST",
        "/a b",
        b"x=1",
        "",
        [(b"A", b"b")],
    )


def test_a_body_is_given_in_the_chunks_it_came_in() -> None:
    async def chunks() -> list[bytes]:
        return [chunk async for chunk in arrival("POST", "/a?b=c", body=b"abcde", chunk=2).stream()]

    assert asyncio.run(chunks()) == [b"ab", b"cd", b"e"]


def test_gone_is_nobodys_error() -> None:
    assert issubclass(Gone, Exception)
    assert not issubclass(Gone, OSError | ValueError)
