"""Receivers of webhooks on loopback, good ones and those that a sender must bear."""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

# Nothing here hangs longer than a test may last.
PATIENCE = 20


class Received(Struct, frozen=True):
    """One request; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


Behave: TypeAlias = Callable[["Handler", Received], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to what the receiver is to do with it."""

    server: "Receiver"

    def do_POST(self) -> None:  # the name that http.server looks for
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.command, self.path, headers, body)
        with self.server.lock:
            self.server.received.append(received)
        self.server.behave(self, received)

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def accept(handler: Handler, _received: Received) -> None:
    handler.answer()


class Receiver(ThreadingHTTPServer):
    """A server on a free port of loopback; `behave` says how it answers, `received` what it was sent."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behave: Behave = accept) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave = behave
        self.received: list[Received] = []
        self.lock, self.is_over = Lock(), Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def wait_for(self, count: int) -> None:
        """Return as soon as so many requests have come."""
        until = time.monotonic() + PATIENCE
        while len(self.received) < count:
            assert time.monotonic() < until, f"{len(self.received)} of {count} came"
            self.is_over.wait(0.01)

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up on us has reasons of its own."""


@contextmanager
def receiving(behave: Behave = accept) -> Iterator[Receiver]:
    receiver = Receiver(behave)
    thread = Thread(target=receiver.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        receiver.shutdown()
        receiver.server_close()
        thread.join(PATIENCE)


def status(code: int, body: bytes = b"", **headers: str) -> Behave:
    return lambda handler, _: handler.answer(code, body, **headers)


def late(code: int, seconds: float) -> Behave:
    """Answer after so many seconds, or when the test is over."""

    def behave(handler: Handler, _received: Received) -> None:
        handler.server.is_over.wait(seconds)
        handler.answer(code)

    return behave


def hang(handler: Handler, _received: Received) -> None:
    """Say nothing until the test is over."""
    handler.server.is_over.wait(PATIENCE)


def hang_up(handler: Handler, _received: Received) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def reset(handler: Handler, _received: Received) -> None:
    """Leave no doubt: a close that lingers for no time is an RST."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def babble(handler: Handler, _received: Received) -> None:
    """Answer something that is no HTTP."""
    handler.wfile.write(b"\x16\x03\x01 what is this\r\n\r\n")
    handler.close_connection = True


def drip(handler: Handler, _received: Received, code: int = 200) -> None:
    """Send the head, and then a byte now and then."""
    handler.send_response(code)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while not handler.server.is_over.is_set():
        handler.wfile.write(b".")
        handler.server.is_over.wait(0.02)


def flood(handler: Handler, _received: Received) -> None:
    """Answer more than anybody would read."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    while not handler.server.is_over.is_set():
        handler.wfile.write(b"x" * 65_536)


def mumble(handler: Handler, _received: Received, code: int = 200) -> None:
    """Send the head, and then pieces that say no size."""
    handler.send_response(code)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ZZ\r\n")
    handler.close_connection = True


def fall_short(handler: Handler, _received: Received, code: int = 200) -> None:
    """Promise more than is sent."""
    handler.send_response(code)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"short")
    handler.close_connection = True
