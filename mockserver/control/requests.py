"""Requests that never see a socket: forms as bytes, and any request as the arrival that a world serves."""

import mimetypes
from collections.abc import AsyncIterator, Iterable, Mapping
from urllib.parse import unquote

from msgspec import Struct

from mockserver.engine.arrival import Arrival

BOUNDARY = "mockserver-form"
CHUNK = 65_536


class Part(Struct, frozen=True):
    """A part of a form; one that is a file says so by its name, `kind` is its media type where the name must not."""

    name: str
    content: bytes
    filename: str | None = None
    kind: str | None = None


def encode(parts: Iterable[Part]) -> bytes:
    return b"".join(map(encode_part, parts)) + f"--{BOUNDARY}--\r\n".encode()


def encode_part(part: Part) -> bytes:
    disposition, kind = f'form-data; name="{escape(part.name)}"', part.kind
    if part.filename is not None:
        disposition += f'; filename="{escape(part.filename)}"'
        kind = kind or mimetypes.guess_type(part.filename)[0] or "application/octet-stream"
    typed = f"\r\nContent-Type: {kind}" if kind else ""
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}{typed}\r\n\r\n"
    return head.encode() + part.content + b"\r\n"


def escape(name: str) -> str:
    """Return a name as browsers write it into a form, where it cannot end its quotes or its line."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def arrive(method: str, path: str, headers: Mapping[str, str], body: bytes, origin: str) -> Arrival:
    """Return a request as it comes over the wire, with the length of its body; `path` is encoded and has its query."""
    route, _, query = path.partition("?")
    lengths = {"content-length": str(len(body))} if body else {}
    named = lengths | {name.lower(): value for name, value in headers.items()}
    raw = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in named.items()]

    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), CHUNK):
            yield body[start : start + CHUNK]

    return Arrival(method=method, path=unquote(route), query=query.encode(), headers=raw, stream=stream, origin=origin)
