"""A wish for another protocol costs nobody the body; what follows a body in chunks is no header."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.types import Receive, Scope, Send

from mockserver.faces.protocol import Limits
from tests.lines import GET, POST, Echo, Line, serving

# As Java's client sends it with its defaults.
WISH = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
SOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
BODY = b"1234567890"
CHUNKS = b"4\r\n1234\r\n6\r\n567890\r\n0\r\n"
WISHED = POST.replace(b"\r\n\r\n", b"\r\n" + WISH + b"\r\n")
CHUNKED = GET.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n"


class Heads(Echo):
    """Keeps each head, as it is when the body has been read."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[dict[bytes, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.heads.append(dict(scope["headers"]))
            await send(message)

        await super().__call__(scope, receive, answer)


def talk(*pieces: bytes, wants: list[bytes]) -> Heads:
    heads = Heads()

    async def whole() -> None:
        async with serving(heads, Limits()) as served, served.line() as line:
            await line.send(*pieces, pause=0.02)
            assert [await line.answer() for _ in wants] == wants

    asyncio.run(whole())
    return heads


@pytest.mark.parametrize(
    "pieces",
    [
        (WISHED + BODY,),
        (WISHED, BODY),
        (WISHED[:50], WISHED[50:] + BODY[:3], BODY[3:]),
        (CHUNKED + WISH + b"\r\n" + CHUNKS + b"\r\n",),
        (POST.replace(b"\r\n\r\n", b"\r\n" + SOCKET + b"\r\n") + BODY,),
        # The last of their connections.
        (WISHED.replace(b"Connection: ", b"Connection: close, ") + BODY,),
        (WISHED.replace(b"HTTP/1.1", b"HTTP/1.0"), BODY),
    ],
)
def test_a_wish_for_another_protocol_costs_nobody_the_body(pieces: tuple[bytes, ...]) -> None:
    (head,) = talk(*pieces, wants=[b"10"]).heads
    assert head[b"host"] == b"a"


def test_each_of_many_that_come_at_once_has_its_answer() -> None:
    wants = [b"10", b"0"] * 1_000
    assert len(talk((WISHED + BODY + GET + SOCKET + b"\r\n") * 1_000, wants=wants).heads) == len(wants)


def test_a_head_with_a_wish_is_held_to_the_limits() -> None:
    async def work(line: Line) -> None:
        await line.send(GET + WISH + b"X: a\r\n" * 20 + b"\r\n")
        assert (await line.rest()).startswith(b"HTTP/1.1 431 ")

    async def whole() -> None:
        async with serving(Echo(), replace(Limits(), headers=10)) as served, served.line() as line:
            await work(line)

    asyncio.run(whole())


def test_a_tunnel_is_answered_as_any_method() -> None:
    talk(GET.replace(b"GET /", b"CONNECT /") + b"\r\n", wants=[b"0"])


def test_what_follows_a_body_in_chunks_is_no_header() -> None:
    trailers = b"Authorization: Bearer mine\r\n" + b"Host: b\r\n" * 500
    first, second = talk(CHUNKED + b"\r\n" + CHUNKS + trailers + b"\r\n" + GET + b"\r\n", wants=[b"10", b"0"]).heads
    assert first == {b"host": b"a", b"transfer-encoding": b"chunked"}
    assert second == {b"host": b"a"}
