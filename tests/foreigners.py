"""Somebody who is no mock: a few lines of HTTP in a thread, told how to answer, and what they were asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from msgspec import Struct


class Asked(Struct, frozen=True):
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Said(Struct, frozen=True):
    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


Mind = Callable[[Asked], Said]


class Foreign(Struct, frozen=True):
    """Where it is, and what it was asked beside its health."""

    url: str
    asked: list[Asked]
    probed: list[Asked]


@contextmanager
def answering(mind: Mind) -> Iterator[Foreign]:
    asked, probed = list[Asked](), list[Asked]()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            call = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
            is_probe = "/_mock" in call.path
            (probed if is_probe else asked).append(call)
            said = Said(404) if is_probe else mind(call)
            content = b"" if said.body is None else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # who asked may have gone
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  # as http.server calls them

        def log_message(self, *_: Any) -> None:
            """Tell nobody."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield Foreign(f"http://127.0.0.1:{server.server_port}", asked, probed)
        server.shutdown()
