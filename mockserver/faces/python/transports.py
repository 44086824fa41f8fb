"""httpx transports into a world in this process: the whole server, and no socket."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from mockserver.faces import wires
from mockserver.faces.wires import WireFault, has_left
from mockserver.model.faults import HANG

ENDED = "the mock has ended"
PEER = ("127.0.0.1", 0)
# What a client sees over a socket when the connection is treated so; of one that hangs, if it waits until the end.
ERRORS: Mapping[str, type[httpx.RequestError]] = {
    "reset": httpx.ReadError,
    "empty": httpx.RemoteProtocolError,
    "truncate": httpx.RemoteProtocolError,
    "garbage": httpx.RemoteProtocolError,
    "hang": httpx.RemoteProtocolError,
}


class Client:
    """A client's end of one call: what it sends, what it hears, and how many seconds it waits for more of that."""

    def __init__(self, content: bytes, patience: float | None) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.content = bytearray()
        self._unsent, self._patience = [content], patience
        self._deadline, self._has_left = asyncio.timeout(patience), asyncio.Event()

    async def receive(self) -> Message:
        """Give the whole body once, and to who asks on that the client has left, when it has."""
        if self._unsent:
            return {"type": "http.request", "body": self._unsent.pop(), "more_body": False}
        await self._has_left.wait()
        return {"type": "http.disconnect"}

    async def hear(self, message: Message) -> None:
        if self._patience is not None and not (self._has_left.is_set() or self._deadline.expired()):
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._patience)
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.content += message.get("body", b"")

    async def wait(self, answering: asyncio.Task[None]) -> None:
        """Wait for the answer, as long as the client does; the server ends in its own time.

        Raises WireFault and TimeoutError.
        """
        try:
            async with self._deadline:
                await asyncio.wait([answering])
                fault = answering.exception()
                if isinstance(fault, WireFault) and fault.kind == HANG:
                    await has_left(self.receive, wires.LONGEST_HANG)
            answering.result()
        finally:
            self._has_left.set()


class WorldTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to the application in the loop of its own thread; for plain clients and asynchronous ones."""

    def __init__(self, application: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._application, self._loop = application, loop
        self._answering: set[asyncio.Task[None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = self._start(request, request.read())
        try:
            return there.result()
        except CancelledError:
            raise httpx.ReadError(ENDED, request=request) from None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        there = self._start(request, await request.aread())
        try:
            return await asyncio.wrap_future(there)
        except asyncio.CancelledError:
            if (own := asyncio.current_task()) and own.cancelling():
                raise
            raise httpx.ReadError(ENDED, request=request) from None

    def _start(self, request: httpx.Request, content: bytes) -> Future[httpx.Response]:
        """Begin to answer in the server's thread. The future is cancelled where the server ends meanwhile."""
        if self._loop.is_closed():
            raise httpx.ConnectError(ENDED, request=request)
        return asyncio.run_coroutine_threadsafe(self._answer(request, content), self._loop)

    async def _answer(self, request: httpx.Request, content: bytes) -> httpx.Response:
        client = Client(content, request.extensions.get("timeout", {}).get("read"))
        try:
            await client.wait(self._begin(request, client))
        except WireFault as fault:
            raise ERRORS[fault.kind](str(fault), request=request) from None
        except TimeoutError:
            raise httpx.ReadTimeout("timed out", request=request) from None
        whole = httpx.ByteStream(b"" if request.method == "HEAD" else bytes(client.content))
        return httpx.Response(client.status, headers=client.headers, stream=whole, request=request)

    def _begin(self, request: httpx.Request, client: Client) -> asyncio.Task[None]:
        answering = asyncio.ensure_future(self._application(scope_of(request), client.receive, client.hear))
        self._answering.add(answering)
        answering.add_done_callback(self._end)
        return answering

    def _end(self, answering: asyncio.Task[None]) -> None:
        # What was raised is looked at, or the loop would tell of it where the client has left.
        self._answering.discard(answering)
        if not answering.cancelled():
            answering.exception()


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
