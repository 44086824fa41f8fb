"""httpx transports into a world in this process: the whole server, and no socket."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from mockserver.faces.wires import WireFault

PEER = ("127.0.0.1", 0)
# What a client sees over a socket when the connection is treated so.
ERRORS: Mapping[str, type[httpx.RequestError]] = {
    "reset": httpx.ReadError,
    "empty": httpx.RemoteProtocolError,
    "truncate": httpx.RemoteProtocolError,
    "garbage": httpx.RemoteProtocolError,
    "drip": httpx.ReadTimeout,
    "hang": httpx.ReadTimeout,
}


class Heard:
    """What the application sends, put together."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.content = bytearray()

    async def hear(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.content += message.get("body", b"")


class WorldTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to the application in the loop of its own thread; for plain clients and asynchronous ones."""

    def __init__(self, application: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._application, self._loop = application, loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        return asyncio.run_coroutine_threadsafe(self._answer(request, content), self._loop).result()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        there = asyncio.run_coroutine_threadsafe(self._answer(request, content), self._loop)
        return await asyncio.wrap_future(there)

    async def _answer(self, request: httpx.Request, content: bytes) -> httpx.Response:
        heard = Heard()
        try:
            await self._application(scope_of(request), receiver(content), heard.hear)
        except WireFault as fault:
            raise ERRORS[fault.kind](str(fault), request=request) from None
        return httpx.Response(heard.status, headers=heard.headers, content=bytes(heard.content), request=request)


def scope_of(request: httpx.Request) -> dict[str, Any]:
    path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": PEER,
        "server": (request.url.host, request.url.port),
        "extensions": {},
    }


def receiver(content: bytes) -> Callable[[], Awaitable[Message]]:
    """Return what gives the whole body once; who asks on waits, as for a client that has not left."""
    left = [content]

    async def receive() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return receive
