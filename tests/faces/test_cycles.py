"""Bodies and answers that pass as a whole: byte by byte the answer is the one that uvicorn would have sent."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from mockserver.faces.asgi import send_reply
from mockserver.faces.cycles import Cycle
from mockserver.faces.protocol import Limits
from mockserver.model import Reply
from tests.lines import GET, POST, pass_time, serving

HEAD = b"HEAD / HTTP/1.1\r\nHost: a\r\n"
CLOSE = b"Connection: close\r\n\r\n"
MARKS = [(b"x-mock-call", b"1"), (b"x-mock-basis", b"assumed")]


class Answers:
    """Answers each request alike, as a whole or in uvicorn's way."""

    def __init__(self, reply: Reply, *, is_whole: bool) -> None:
        self.reply, self.is_whole = reply, is_whole

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        async def plain(message: Message) -> None:
            await send(message)

        await send_reply(send if self.is_whole else plain, self.reply, MARKS)


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note of each answer whether it left as a whole."""
    found: list[bool] = []
    answer = Cycle.answer_whole

    def noting(self: Cycle, *words: Any) -> bool:
        found.append(answer(self, *words))
        return found[-1]

    monkeypatch.setattr(Cycle, "answer_whole", noting)
    return found


def heard(reply: Reply, *requests: bytes, is_whole: bool) -> bytes:
    """Return all that a client of a connection receives, to its end."""

    async def work() -> bytes:
        async with serving(Answers(reply, is_whole=is_whole), Limits()) as served, served.line() as line:
            await line.send(*requests)
            line.writer.write_eof()
            return await line.rest()

    return asyncio.run(work())


@pytest.mark.parametrize(
    "reply",
    [
        Reply(201, {"id": "1"}),
        Reply(204, media_type=None),
        Reply(404, "Not found", "text/plain; charset=utf-8"),
        Reply(429, {"a": "ü"}, headers={"Retry-After": "3", "X-Tab": "a\tb", "X-Latin": "é"}),
    ],
    ids=["json", "no content", "text", "headers"],
)
def test_it_is_the_same_for_one_request_and_for_several_at_once(reply: Reply, counted: list[bool]) -> None:
    for requests in ([GET + b"\r\n"], [GET + b"\r\n" + GET + b"\r\n"]):
        counted.clear()
        assert heard(reply, *requests, is_whole=True) == heard(reply, *requests, is_whole=False)
        assert counted
        assert all(counted)


@pytest.mark.parametrize("request_", [HEAD + b"\r\n", GET + CLOSE, GET.replace(b"1.1", b"1.0") + b"\r\n"])
def test_what_needs_care_is_left_to_uvicorn(request_: bytes, counted: list[bool]) -> None:
    reply = Reply(200, {"id": "1"})
    assert heard(reply, request_, is_whole=True) == heard(reply, request_, is_whole=False)
    assert counted == [False]


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b=c", "a\nb", "a\x00b"])
def test_no_header_ends_its_line(value: str, counted: list[bool]) -> None:
    assert heard(Reply(200, {}, headers={"X-Odd": value}), GET + b"\r\n", is_whole=True) == b""
    assert counted == [False]


class Taking:
    """Answers what it could take of each body at once, and how much more it had to wait for."""

    def __init__(self, wait: float = 0.0) -> None:
        self.wait, self.taken, self.later = wait, [], []  # type: ignore[var-annotated]

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await pass_time(self.wait)
        whole = receive.__self__.take_whole()  # type: ignore[attr-defined]
        self.taken.append(whole)
        more = whole is None
        while more:
            message = await receive()
            self.later.append(message["body"])
            more = message["more_body"]
        await send_reply(send, Reply(200, {"size": len(whole or b"")}))


def taking(application: Taking, *pieces: bytes, pause: float = 0.0) -> Taking:
    async def work() -> None:
        async with serving(application, Limits()) as served, served.line() as line:
            await line.send(*pieces, pause=pause)
            for _ in range(pieces[0].count(b"HTTP/1.1")):
                await line.answer()

    asyncio.run(work())
    return application


def test_a_body_that_has_come_is_taken_at_once() -> None:
    assert taking(Taking(), POST + b"1234567890").taken == [b"1234567890"]
    assert taking(Taking(), GET + b"\r\n").taken == [b""]


def test_each_of_several_requests_has_its_own_body() -> None:
    found = taking(Taking(), POST + b"1234567890" + POST + b"0987654321")
    assert found.taken == [b"1234567890", b"0987654321"]


def test_a_body_that_is_still_coming_is_waited_for() -> None:
    found = taking(Taking(), POST + b"123", b"4567890", pause=0.05)
    assert (found.taken, found.later) == ([None], [b"123", b"4567890"])


def test_reading_goes_on_behind_a_large_body() -> None:
    body = b"x" * 500_000
    found = taking(Taking(wait=0.1), POST.replace(b": 10", b": 500000") + body + GET + b"\r\n")
    assert (found.taken, b"".join(found.later)) == ([None, b""], body)


def test_a_body_is_taken_once_and_then_only_the_end_is_left() -> None:
    heard: list[Any] = []

    async def application(_scope: Scope, receive: Receive, send: Send) -> None:
        take = receive.__self__.take_whole  # type: ignore[attr-defined]
        heard.extend((take(), take()))
        heard.append((await receive())["type"])
        heard.append(take())

    async def work() -> None:
        async with serving(application, Limits()) as served, served.line() as line:
            await line.send(POST + b"1234567890")
            await pass_time(0.1)
            assert heard == [b"1234567890", b""]

    asyncio.run(work())
    assert heard == [b"1234567890", b"", "http.disconnect", None]
