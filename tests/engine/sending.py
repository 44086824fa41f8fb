"""Requests to made-up endpoints, without a server: what their reader takes of a body, and what it makes of it."""

from collections.abc import AsyncIterator, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from mockserver.engine.arrival import Arrival
from mockserver.engine.decode import decode
from mockserver.engine.document import Route
from mockserver.engine.endpoint import Body, Endpoint
from mockserver.engine.read_form import FormReader, Section
from mockserver.model import Call, Problem

Answer = TypeVar("Answer")

BOUNDARY = "cut-here"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
JSON = "application/json"
PAIRS = "application/x-www-form-urlencoded"
ID = "11111111-1111-4111-8111-111111111111"
NOW = datetime(2026, 6, 23, 14, 30, tzinfo=UTC)

PROPERTIES: Mapping[str, Any] = {
    "title": {"type": "string"},
    "count": {"type": "integer"},
    "share": {"type": "number"},
    "public": {"type": "boolean"},
    "labels": {"type": "array", "items": {"type": "string"}},
    "details": {"type": "object", "x-claim": {"readable": "details-are-json"}},
    "recording": {
        "contentMediaType": "audio/mpeg",
        "x-max-bytes": 100_000,
        "x-claim": {"x-max-bytes": "recording-100-kb"},
    },
}
FORM_MEDIA: Mapping[str, Any] = {
    "schema": {"type": "object", "properties": PROPERTIES},
    "encoding": {"details": {"contentType": JSON}},
}
JSON_MEDIA: Mapping[str, Any] = {"schema": {"type": "object", "properties": PROPERTIES}}


def endpoint(content: Mapping[str, Any], *, schemes: Mapping[str, Any] | None = None, **operation: Any) -> Endpoint:
    """Return an endpoint that takes these media types; one without any has no body at all."""
    if content:
        operation["requestBody"] = {"required": True, "content": content, **operation.get("requestBody", {})}
    document = {"components": {"securitySchemes": schemes or {}}, "security": [{name: []} for name in schemes or {}]}
    responses = {"200": {"description": "taken"}}
    return Endpoint(document, "/things", "post", {"operationId": "send", "responses": responses, **operation})


FORM_ENDPOINT = endpoint({"multipart/form-data": FORM_MEDIA})
JSON_ENDPOINT = endpoint({JSON: JSON_MEDIA})


def part(name: str, value: bytes | str = b"", *, filename: str | None = None, kind: str | None = None) -> bytes:
    named = "" if filename is None else f'; filename="{filename}"'
    typed = "" if kind is None else f"\r\nContent-Type: {kind}"
    return raw_part(f'Content-Disposition: form-data; name="{name}"{named}{typed}', value)


def raw_part(head: bytes | str, value: bytes | str = b"") -> bytes:
    """Return a part, without its boundary, from its head as it goes over the wire."""
    return encode(head) + b"\r\n\r\n" + encode(value)


def encode(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def form(*parts: bytes, boundary: str = BOUNDARY) -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + each + b"\r\n" for each in parts) + line + b"--\r\n"


def cut(body: bytes, chunk: int) -> list[bytes]:
    return [body[start : start + chunk] for start in range(0, len(body), chunk)]


def read_parts(
    body: bytes, content_type: str = FORM, *, media: Mapping[str, Any] = FORM_MEDIA, chunk: int = 65_536
) -> list[Section]:
    reader = FormReader(Body("multipart/form-data", media, {}), content_type, None)
    for piece in cut(body, chunk):
        reader.write(piece)
    return reader.close()


class Sending:
    """An arrival whose chunks are counted as they are taken."""

    def __init__(self, chunks: list[bytes], headers: Mapping[str, str], query: str = "") -> None:
        self.chunks, self.taken = chunks, 0
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        self.arrival = Arrival(
            method="POST", path="/things", query=query.encode(), headers=pairs, stream=self.stream, origin="http://here"
        )

    async def stream(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.taken += 1
            yield chunk


def finish(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """Return what a coroutine returns that never really waits; quicker than an event loop for each of thousands."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    raise AssertionError("it waits for something")


def take(sending: Sending, at: Endpoint, *, cap: int | None = None, params: Mapping[str, str] | None = None) -> Call:
    return finish(decode(sending.arrival, Route(at, params or {}), ident=ID, at=NOW, vendor="made-up", cap=cap))


def send(
    at: Endpoint,
    body: bytes = b"",
    content_type: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    chunk: int = 65_536,
    cap: int | None = None,
    query: str = "",
) -> Call:
    """Return the call that a request becomes; its length is declared unless `headers` says otherwise."""
    typed = {} if content_type is None else {"content-type": content_type}
    every = {"content-length": str(len(body)), **typed, **(headers or {})}
    return take(Sending(cut(body, chunk), every, query), at, cap=cap)


def only_problem(call: Call) -> Problem:
    (problem,) = call.unreadable
    return problem
