"""Patience has an end: heads that are too large or too slow, bodies that stop, connections that say nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.types import Receive, Scope, Send

from mockserver.faces import protocol
from mockserver.faces.joining import Joining
from mockserver.faces.protocol import Guarded, Limits, WholeLine
from mockserver.faces.server import http_protocol
from mockserver.faces.wires import LINE
from tests.lines import GET, PATIENCE, POST, Echo, Line, pass_time, serving

SMALL = Limits(head=0.3, gap=0.3, head_bytes=2_000, line_bytes=500, headers=10)


def on_a_line(work: Callable[[Line], Awaitable[None]], *, wait: float = 0.0, limits: Limits = SMALL) -> Echo:
    """Run what a client does on one connection to an application that echoes."""
    echo = Echo(wait)

    async def whole() -> None:
        async with serving(echo, limits) as served, served.line() as line:
            await work(line)

    asyncio.run(whole())
    return echo


def test_the_limits_are_those_that_were_promised() -> None:
    sizes = {"head_bytes": 64 * 1024, "line_bytes": 16 * 1024, "headers": 100}
    assert Guarded.limits == Limits(head=10, gap=30, trial=30, rate=1024, unread=30, **sizes)
    assert http_protocol() is Guarded


def test_a_connection_that_says_nothing_is_closed() -> None:
    async def work(line: Line) -> None:
        assert await line.rest() == b""

    assert on_a_line(work).asked == 0


@pytest.mark.parametrize("begun", [b"", GET + b"\r\n"])
def test_a_head_that_dribbles_is_closed_however_often_a_byte_comes(begun: bytes) -> None:
    async def work(line: Line) -> None:
        if begun:
            await line.send(begun)
            assert await line.answer() == b"0"
        with pytest.raises(ConnectionError):
            await line.send(*(bytes([byte]) for byte in GET * 10), pause=0.05)

    assert on_a_line(work).asked == bool(begun)


def test_a_body_that_stops_is_closed() -> None:
    async def work(line: Line) -> None:
        await line.send(POST, b"12345")
        assert await line.rest() == b""

    echo = on_a_line(work)
    assert (echo.asked, echo.left) == (1, 1)


def test_a_body_may_take_longer_than_any_gap() -> None:
    async def work(line: Line) -> None:
        await line.send(POST, *(b"%d" % digit for digit in range(10)), pause=0.06)
        assert await line.answer() == b"10"

    on_a_line(work)


def test_an_answer_may_take_longer_than_any_patience() -> None:
    async def work(line: Line) -> None:
        for _ in range(2):
            await line.send(POST + b"1234567890")
            assert await line.answer() == b"10"

    assert on_a_line(work, wait=0.8).left == 0


def test_who_is_kept_from_sending_owes_nothing() -> None:
    async def work(line: Line) -> None:
        line.writer.write(POST.replace(b": 10", b": 3000000") + b"x" * 3_000_000)
        assert await line.answer() == b"3000000"

    assert on_a_line(work, wait=0.8).left == 0


def test_a_quiet_connection_may_be_used_again() -> None:
    async def work(line: Line) -> None:
        await line.send(GET + b"\r\n")
        assert await line.answer() == b"0"
        await pass_time(0.7)
        await line.send(GET + b"\r\n")
        assert await line.answer() == b"0"

    on_a_line(work)


def test_requests_in_one_piece_are_answered_in_turn() -> None:
    async def work(line: Line) -> None:
        await line.send(POST + b"1234567890" + GET + b"\r\n" + POST + b"1234567890")
        assert [await line.answer() for _ in range(3)] == [b"10", b"0", b"10"]

    on_a_line(work)


TOO_MUCH = {
    "many": (431, GET + b"".join(b"X-%d: 1\r\n" % number for number in range(10)) + b"\r\n"),
    "large": (431, GET + b"".join(b"X-%d: %s\r\n" % (number, b"x" * 400) for number in range(5)) + b"\r\n"),
    "long-line": (431, GET + b"X-Long: " + b"x" * 500 + b"\r\n\r\n"),
    "long-name": (431, GET + b"X" * 501 + b": 1\r\n\r\n"),
    "long-url": (414, b"GET /" + b"x" * 500 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    "endless-line": (431, GET + b"X-Endless: " + b"x" * 100_000),
    "endless-lines": (431, GET + b"X-Endless: 1\r\n" * 10_000),
    "endless-url": (414, b"GET /" + b"x" * 100_000),
}


@pytest.mark.parametrize(("status", "request_"), TOO_MUCH.values(), ids=TOO_MUCH)
@pytest.mark.parametrize("piece", [1_000_000, 300])
def test_too_large_a_head_is_refused_and_the_connection_closed(status: int, request_: bytes, piece: int) -> None:
    async def work(line: Line) -> None:
        pieces = (request_[start : start + piece] for start in range(0, len(request_), piece))
        await line.send(*pieces)
        head, _, content = (await line.rest()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d " % status)
        assert b"connection: close" in head
        assert content == HTTPStatus(status).phrase.encode()

    assert on_a_line(work, limits=replace(SMALL, head=PATIENCE)).asked == 0


@pytest.mark.parametrize("piece", [1_000_000, 300])
def test_a_head_within_the_limits_is_taken(piece: int) -> None:
    lines = [b"X-%d: %s\r\n" % (number, b"x" * size) for number, size in enumerate([400, 495, 400, 400, 1, 1, 1, 1, 1])]
    request = b"GET /%s HTTP/1.1\r\nHost: a\r\n%s\r\n" % (b"x" * 200, b"".join(lines))

    async def work(line: Line) -> None:
        for _ in range(2):
            await line.send(*(request[start : start + piece] for start in range(0, len(request), piece)))
            assert await line.answer() == b"0"

    on_a_line(work)


def test_a_small_head_after_a_large_body_is_taken() -> None:
    async def work(line: Line) -> None:
        await line.send(POST.replace(b": 10", b": 5000") + b"x" * 5_000 + GET)
        assert await line.answer() == b"5000"
        await line.send(b"X-More: 1\r\n\r\n")
        assert await line.answer() == b"0"

    on_a_line(work)


def test_what_is_sent_behind_a_refusal_is_dropped_and_the_refusal_read(caplog: pytest.LogCaptureFixture) -> None:
    async def work(line: Line) -> None:
        line.writer.write(b"GET / HTTP/1.1\r\nX-Endless: " + b"x" * 5_000_000)
        assert (await line.rest()).startswith(b"HTTP/1.1 431 ")

    on_a_line(work)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_client_that_never_leaves_after_its_refusal_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LINGER", 0.05)

    async def whole() -> None:
        async with serving(Echo(), SMALL) as served, served.line() as line:
            await line.send(TOO_MUCH["many"][1])
            assert (await line.rest()).startswith(b"HTTP/1.1 431 ")
            await served.end()

    asyncio.run(whole())


def test_what_is_no_http_is_a_400() -> None:
    async def work(line: Line) -> None:
        await line.send(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
        head, _, content = (await line.rest()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert content == b"Invalid HTTP request received."

    assert on_a_line(work).asked == 0


def test_nonsense_behind_a_request_under_way_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async def work(line: Line) -> None:
        await line.send(GET + b"\r\n", b"nonsense\r\n\r\n", pause=0.02)
        assert (await line.rest()).startswith(b"HTTP/1.1 400 ")
        await pass_time(0.2)

    on_a_line(work, wait=0.1)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_connection_that_is_gone_is_watched_no_longer() -> None:
    async def whole() -> list[bool]:
        async with serving(Echo(), SMALL) as served:
            async with served.line() as line:
                await line.send(GET + b"\r\n")
                await line.answer()
                (found,) = served.state.connections
            await served.end()
            return [found._watch.cancelled()]  # type: ignore[union-attr]

    assert asyncio.run(whole()) == [True]


class Closing:
    """A transport whose client has left."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def is_closing(self) -> bool:
        return True

    def abort(self) -> None:
        self.calls.append("abort")

    def close(self) -> None:
        self.calls.append("close")


def test_nothing_is_done_to_a_connection_whose_client_has_left() -> None:
    gone: Any = Closing()
    WholeLine(gone, gone.close).reset()
    WholeLine(gone, gone.close).end(b"more")
    assert gone.calls == ["abort", "close"]


def test_every_request_finds_its_connection() -> None:
    found: list[Any] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope["extensions"][LINE][LINE])
        await Echo()(scope, receive, send)

    async def whole() -> None:
        async with serving(application, SMALL) as served, served.line() as line:
            for _ in range(2):
                await line.send(GET + b"\r\n")
                await line.answer()

    asyncio.run(whole())
    assert isinstance(found[0], WholeLine)
    assert found[0] is found[1]


def test_where_the_parser_is_missing_there_is_no_end_to_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mockserver.faces.protocol", None)
    assert http_protocol() is Joining
