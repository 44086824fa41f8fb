"""Who sends next to nothing, or never reads, is let go; who is only slow is not. The loop's time is moved."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from mockserver.faces.joining import Joined
from mockserver.faces.protocol import Guarded, Limits
from tests.applications import VOXJAR, new_application, new_world
from tests.lines import POST, Echo, Line, Served, pass_time, serving

LIMITS = Limits()
LARGE = POST.replace(b": 10", b": 500000000")
MEGABYTE = 1 << 20
OK = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
BODY = "http.response.body"


class Hours:
    """The time of the running loop, which passes when a test says so; what is due then has happened on return."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        real, self._passed = loop.time, 0.0
        loop.time = lambda: real() + self._passed  # type: ignore[method-assign]

    async def pass_on(self, seconds: float) -> None:
        await settle()
        self._passed += seconds
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


Work = Callable[[Served, Line, Hours], Awaitable[None]]


def with_hours(application: Any, work: Work) -> None:
    async def whole() -> None:
        hours = Hours()
        async with serving(application, LIMITS) as served, served.line() as line:
            await settle()
            await work(served, line, hours)

    asyncio.run(whole())


async def dribble(line: Line, hours: Hours, *, rate: int, seconds: int, step: int = 5) -> None:
    for _ in range(0, seconds, step):
        await line.send(b"x" * (rate * step))
        await hours.pass_on(step)


class Telling:
    """Answers with as many megabytes as it is told to, in one piece or many; `ended` says that it is done with it."""

    def __init__(self, megabytes: int, pieces: int = 1) -> None:
        self.megabytes, self.pieces, self.ended = megabytes, pieces, False

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send(OK)
        for _ in range(self.pieces):
            await send({"type": BODY, "body": bytes(self.megabytes * MEGABYTE // self.pieces), "more_body": True})
        await send({"type": BODY, "body": b""})
        self.ended = True


class Stream:
    """Sends an event whenever one is put into it."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send(OK)
        while event := await self.events.get():
            await send({"type": BODY, "body": event, "more_body": True})
        await send({"type": BODY, "body": b""})


def test_a_body_of_less_than_a_kilobyte_a_second_is_let_go_after_thirty_seconds() -> None:
    echo = Echo()

    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(LARGE)
        await dribble(line, hours, rate=1_000, seconds=25)
        assert served.state.connections
        await dribble(line, hours, rate=1_000, seconds=5)
        assert not served.state.connections

    with_hours(echo, work)
    assert (echo.asked, echo.left) == (1, 1)


def test_a_body_that_began_well_is_let_go_once_its_average_is_too_low() -> None:
    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(LARGE, b"x" * 100_000)
        await dribble(line, hours, rate=100, seconds=105)
        assert served.state.connections
        await dribble(line, hours, rate=100, seconds=5)
        assert not served.state.connections

    with_hours(Echo(), work)


def test_who_sends_two_kilobytes_a_second_may_take_hours() -> None:
    echo = Echo()

    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(LARGE)
        await dribble(line, hours, rate=2_048, seconds=3 * 3_600, step=25)
        assert served.state.connections

    with_hours(echo, work)
    assert (echo.asked, echo.left) == (1, 1)


def test_a_slow_body_is_answered() -> None:
    async def work(_served: Served, line: Line, hours: Hours) -> None:
        await line.send(POST.replace(b": 10", b": 512000"))
        await dribble(line, hours, rate=2_048, seconds=250)
        assert await line.answer() == b"512000"

    with_hours(Echo(), work)


def test_a_body_that_nobody_reads_yet_is_not_slow() -> None:
    async def work(_served: Served, line: Line, hours: Hours) -> None:
        await line.send(POST + b"1234567890" + POST + b"12345")
        for _ in range(4):
            await hours.pass_on(25)
        await line.send(b"67890")
        assert await line.answer() == b"10"
        await hours.pass_on(100)
        assert await line.answer() == b"10"

    with_hours(Echo(wait=99), work)


def test_nothing_is_recorded_of_a_body_that_came_too_slowly(caplog: pytest.LogCaptureFixture) -> None:
    world = new_world("voxjar")
    caplog.set_level("INFO")

    async def work(served: Served, line: Line, hours: Hours) -> None:
        head = "".join(f"{name}: {value}\r\n" for name, value in {**VOXJAR, "Content-Length": "60000"}.items())
        await line.send(f"POST /voxjar/api/v1/upload HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode())
        await dribble(line, hours, rate=100, seconds=35)
        assert not served.state.connections
        assert [await world.store.count((shelf,)) for shelf in ("journal", "record")] == [0, 0]

    with_hours(new_application(world), work)
    assert "a client was let go: it sent too slowly" in caplog.messages


@pytest.mark.parametrize("pieces", [1, 40])
def test_who_does_not_read_its_answer_is_let_go_after_thirty_seconds(
    pieces: int, caplog: pytest.LogCaptureFixture
) -> None:
    telling = Telling(20, pieces)
    caplog.set_level("INFO")

    async def work(served: Served, line: Line, hours: Hours) -> None:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await line.send(POST + b"1234567890")
        await settle()
        await hours.pass_on(29)
        assert served.state.connections
        await hours.pass_on(1)
        assert not served.state.connections

    with_hours(telling, work)
    assert telling.ended
    assert "a client was let go: it did not read" in caplog.messages


def test_an_answer_that_is_read_slowly_is_sent_whole() -> None:
    async def work(_served: Served, line: Line, hours: Hours) -> None:
        await line.send(POST + b"1234567890")
        await line.reader.readuntil(b"\r\n\r\n")
        content = b""
        for _ in range(20):
            content += await line.reader.readexactly(MEGABYTE // 4)
            await hours.pass_on(25)
        content += await line.rest()
        assert content.count(b"\0") == 20 * MEGABYTE
        assert content.endswith(b"0\r\n\r\n")

    with_hours(Telling(20), work)


def test_a_live_stream_whose_client_reads_lasts() -> None:
    stream = Stream()

    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(POST + b"1234567890")
        await line.reader.readuntil(b"\r\n\r\n")
        for number in range(20):
            await hours.pass_on(1_000)
            stream.events.put_nowait(b"event %d\n\n" % number)
            assert b"event %d\n" % number in await line.reader.readuntil(b"\n\n\r\n")
        assert served.state.connections
        stream.events.put_nowait(b"")
        await settle()

    with_hours(stream, work)


def test_a_live_stream_that_nobody_reads_ends() -> None:
    stream = Stream()

    async def work(served: Served, line: Line, hours: Hours) -> None:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await line.send(POST + b"1234567890")
        for _ in range(20):
            stream.events.put_nowait(bytes(MEGABYTE))
        await settle()
        await hours.pass_on(30)
        assert not served.state.connections
        stream.events.put_nowait(b"")
        await settle()

    with_hours(stream, work)


def test_an_answer_that_hangs_is_nobodys_slowness() -> None:
    async def work(_served: Served, line: Line, hours: Hours) -> None:
        await line.send(POST + b"1234567890")
        for _ in range(3):
            await hours.pass_on(20)
        assert await line.answer() == b"10"

    with_hours(Echo(wait=60), work)


def test_who_does_not_read_is_let_go_by_the_loop_that_serves() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def whole() -> None:
        async with serving(Telling(20), Limits(head=0.5, unread=0.2)) as served, served.line() as line:
            line.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await line.send(POST + b"1234567890")
            await pass_time(0.05)
            assert served.state.connections
            await served.end()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(whole())


class Waiting:
    """A transport with bytes that its client does not take; it has no socket of which the kernel would know."""

    def __init__(self, size: int) -> None:
        self.size = size

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.size

    def get_extra_info(self, _name: str) -> Any:
        return SimpleNamespace(fileno=lambda: -1)


@pytest.mark.parametrize("missing", ["termios", "none"])
def test_where_the_kernel_does_not_tell_what_waits_here_counts(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, missing, None)

    async def whole() -> list[int]:
        return [Joined(Waiting(size)).unread() for size in (0, 70_000)]  # type: ignore[arg-type]

    assert asyncio.run(whole()) == [0, 70_000]


def test_a_call_arms_no_timer_of_its_own() -> None:
    """A connection has one, whatever is asked on it."""
    looks: list[Any] = []

    async def work(served: Served, line: Line, _hours: Hours) -> None:
        (found,) = served.state.connections
        assert isinstance(found, Guarded)
        for _ in range(3):
            looks.append(found._watch)
            await line.send(POST + b"1234567890")
            assert await line.answer() == b"10"

    with_hours(Echo(), work)
    assert looks[0] is looks[1] is looks[2]
