"""uvicorn's HTTP with an end to patience: too large a head, too slow a client, one that never reads are let go.

An application is too late for all of it. It also hands the application its connection, so that faults can be planted
there.
"""

import asyncio
import logging
import struct
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from math import inf
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockserver.faces.cycles import Cycle
from mockserver.faces.declining import Declining
from mockserver.faces.joining import Joined
from mockserver.faces.wires import LINE

# How long to read what a refused client still sends: closed at once, it would see a reset and not the refusal.
LINGER = 1.0
# How long a client of TLS has to answer our goodbye, where it is we who end the connection.
GOODBYE = 0.2
TRAILERS: Any = deque(maxlen=0)
AT_ONCE = struct.pack("ii", 1, 0)
log = logging.getLogger("mockserver")


class Limits(Struct, frozen=True):
    """In seconds, bytes and headers; `head` is for all of the head to come, `gap` for the next bytes of a body.

    Once a body has taken `trial` seconds, `rate` bytes a second must have come of it; what we send must be read on
    within `unread` seconds.
    """

    head: float = 10.0
    gap: float = 30.0
    trial: float = 30.0
    rate: int = 1024
    unread: float = 30.0
    head_bytes: int = 64 * 1024
    line_bytes: int = 16 * 1024
    headers: int = 100


class TooMuch(Exception):  # noqa: N818  # it ends the parsing, and is the client's error
    """The head is larger than anybody may send."""


class WholeLine:
    """The connection, for faults; where its client has left already, there is nothing more to do to it."""

    def __init__(self, transport: Joined, leave: Callable[[], None]) -> None:
        self._transport, self._leave = transport, leave

    def reset(self) -> None:
        if not self._transport.is_closing():
            self._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        self._transport.abort()

    def end(self, content: bytes = b"") -> None:
        # Under TLS it travels inside: what a fault breaks is the answer, not what carries it.
        if not self._transport.is_closing():
            self._transport.write(content)
        self._leave()


class Guarded(Declining):
    """`_since` is when we began to wait for what the client owes us, None while it owes nothing.

    `_fed` counts the bytes of the head, or of the body since `_began`, that is not whole yet, `_chunk` those that are
    read just now. `_unread` is how much lay unread when that last changed, at `_moved`.
    """

    limits = Limits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._joined, self._is_tls = Joined(transport), transport.get_extra_info("sslcontext") is not None
        super().connection_made(self._joined)  # type: ignore[arg-type]
        self._extensions: dict[str, dict[object, object]] = {LINE: {LINE: WholeLine(self._joined, self._leave)}}
        self._is_head, self._fed, self._chunk, self._refusal = True, 0, 0, 0
        self._now = self.loop.time()
        self._since: float | None = self._now
        self._began = self._moved = self._now
        self._unread = 0
        self._watch = self.loop.call_later(self.limits.head, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refusal:
            return
        self._now, self._chunk = self.loop.time(), len(data)
        self._fed += self._chunk
        if self._since is None or not self._is_head:
            self._since = self._now
        super().data_received(data)
        if self._is_head and self._fed > self.limits.line_bytes and not self._refusal:
            self._measure_unfinished()

    def on_headers_complete(self) -> None:
        if self.is_wish():
            return
        limits = self.limits
        if self._chunk > limits.line_bytes or self._fed > limits.line_bytes or len(self.headers) > limits.headers:
            self._measure()
        self.scope["extensions"] = self._extensions
        # What comes of a body together with its head counts for it.
        self._is_head, self._fed, self._since = False, self._chunk, self._now
        self._began = self._now
        super().on_headers_complete()
        # uvicorn makes it of its own class, and asks nobody.
        self.cycle.__class__ = Cycle
        # What comes after a body in chunks is no header: it must neither let anybody in nor be kept.
        self.headers = TRAILERS

    def on_message_complete(self) -> None:
        if self.is_wish():
            return
        super().on_message_complete()
        self._is_head, self._fed, self._since = True, 0, None

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal or HTTPStatus.BAD_REQUEST, None if self._refusal else msg)

    def _measure(self) -> None:
        """Hold a whole head to the limits; what is raised here makes the parser stop, and uvicorn refuse."""
        sizes = [len(name) + len(value) for name, value in self.headers]
        if len(self.url) > self.limits.line_bytes:
            self._refusal = HTTPStatus.REQUEST_URI_TOO_LONG
        elif (
            len(sizes) > self.limits.headers
            or max(sizes, default=0) > self.limits.line_bytes
            or sum(sizes) + len(self.url) > self.limits.head_bytes
        ):
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if self._refusal:
            raise TooMuch

    def _measure_unfinished(self) -> None:
        """Hold to the limits what has come of a head that does not end."""
        if len(getattr(self, "url", b"")) > self.limits.line_bytes:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif self._fed > self.limits.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _refuse(self, status: int, text: str | None = None) -> None:
        """Say why, and close: at leisure where nothing is under way, so that the client can read it."""
        self._refusal = status
        content = (text or HTTPStatus(status).phrase).encode()
        head = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head % len(content) + content)
        is_busy = self.cycle is not None and not self.cycle.response_complete
        if is_busy or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._joined.flush()
        self.transport.write_eof()
        self._watch.cancel()
        self._watch = self.loop.call_later(LINGER, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread, self._moved = self._joined.unread(), self.loop.time()

    def shutdown(self) -> None:
        is_idle = self.cycle is None or self.cycle.response_complete
        super().shutdown()
        if is_idle:
            self._leave()

    def _leave(self) -> None:
        """Close; under TLS that is a goodbye, and who does not answer it is not waited for."""
        self.transport.close()
        if self._is_tls:
            self.loop.call_later(GOODBYE, self._part)

    def _part(self) -> None:
        if not self.transport.get_write_buffer_size():
            self.transport.abort()

    def _look(self) -> None:
        """Let a client go that has kept us waiting too long, or look again when it could have."""
        now = self.loop.time()
        if self.flow.read_paused and self._since is not None:
            # It is we who keep it from sending.
            self._since = self._began = now
        owed, unread = self._end_of_owed(), self._end_of_unread(now)
        if now < min(owed, unread):
            # A head may begin at any time, and has the shortest patience.
            self._watch = self.loop.call_later(min(owed - now, unread - now, self.limits.head), self._look)
            return
        if unread <= now or self._fed:
            log.info("a client was let go: it %s", "did not read" if unread <= now else "sent too slowly")
        # Closed at leisure, it would stay until it has read what it does not read.
        self.transport.abort()

    def _end_of_owed(self) -> float:
        """Return when our patience ends, if nothing more comes."""
        limits = self.limits
        if self._since is None:
            return inf
        if self._is_head:
            return self._since + limits.head
        return min(self._since + limits.gap, self._began + max(limits.trial, self._fed / limits.rate))

    def _end_of_unread(self, now: float) -> float:
        """Return when our patience ends, if nothing more is read."""
        unread = self._joined.unread()
        if unread != self._unread:
            self._unread, self._moved = unread, now
        return self._moved + self.limits.unread if unread else inf
