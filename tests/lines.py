"""An application behind our protocol on a real socket, and clients of bare bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from mockserver.faces.protocol import Guarded, Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
PATIENCE = 20


async def pass_time(seconds: float) -> None:
    """Let the loop's own time pass: deadlines of connections are no matter of the mock's clock."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()


class Echo:
    """Answers the length of a body once it is whole, after so many seconds; notes who left before."""

    def __init__(self, wait: float = 0.0) -> None:
        self.wait, self.left, self.asked = wait, 0, 0

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await pass_time(self.wait)
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left += 1
                return
            size, more = size + len(message["body"]), message["more_body"]
        content = b"%d" % size
        headers = [(b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


class Line:
    """A connection as a client of bare bytes has it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await pass_time(pause)

    async def rest(self) -> bytes:
        return await asyncio.wait_for(self.reader.read(), PATIENCE)

    async def answer(self) -> bytes:
        """Return the content of the next answer."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert head.startswith(b"HTTP/1.1 200 ")
        return await self.reader.readexactly(int(head.partition(b"content-length: ")[2].split()[0]))


class Served:
    def __init__(self, port: int, state: ServerState) -> None:
        self.port, self.state = port, state

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        try:
            yield line
        finally:
            line.writer.close()
            with suppress(ConnectionError):
                await line.writer.wait_closed()

    async def end(self) -> None:
        """Return once nobody is connected any more."""
        for _ in range(PATIENCE * 100):
            if not self.state.connections:
                return
            await pass_time(0.01)
        raise AssertionError(self.state.connections)


@asynccontextmanager
async def serving(application: Any, limits: Limits) -> AsyncIterator[Served]:
    kind = type("Small", (Guarded,), {"limits": limits})
    config = uvicorn.Config(application, http=kind, log_config=None, access_log=False, lifespan="off", ws="none")
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, state, {}), "127.0.0.1", 0)
    async with server:
        served = Served(server.sockets[0].getsockname()[1], state)
        yield served
        await served.end()
