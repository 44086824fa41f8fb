"""The few ASGI words that all faces share: reading a body, sending an answer."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from mockserver.engine.arrival import Arrival, Gone
from mockserver.model import Reply

Headers = Iterable[tuple[bytes, bytes]]
# What we say in our own voice is data, and no browser may take it for a page.
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
BODILESS = (204, 304)


def body_of(receive: Receive) -> Callable[[], AsyncIterator[bytes]]:
    """Return what gives the body in the chunks it comes in; it raises Gone when the client leaves before the end."""

    async def stream() -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            if chunk := message.get("body", b""):
                yield chunk
            more = message.get("more_body", False)

    return stream


def arrival_of(scope: Scope, receive: Receive, path: str, origin: str) -> Arrival:
    return Arrival(
        method=scope["method"],
        path=path,
        query=scope["query_string"],
        headers=scope["headers"],
        stream=body_of(receive),
        origin=origin,
    )


def header(scope: Scope, name: bytes) -> str | None:
    """Return the value of a header by its lower-case name, None when it is absent.

    One that is there twice has its values joined, so that none of them passes for the only one.
    """
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values).decode("latin-1") if values else None


def content_of(reply: Reply) -> bytes:
    if reply.media_type is None or reply.status in BODILESS:
        return b""
    if isinstance(reply.body, str) and not reply.media_type.startswith("application/json"):
        return reply.body.encode()
    return msgspec.json.encode(reply.body)


async def send_reply(send: Send, reply: Reply, extra: Headers = ()) -> None:
    content = content_of(reply)
    headers = [*extra]
    if reply.status not in BODILESS:
        headers.append((b"content-length", str(len(content)).encode()))
    if reply.media_type is not None:
        headers.append((b"content-type", reply.media_type.encode()))
    headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def told(status: int, title: str, detail: str, more: Mapping[str, Any] | None = None) -> Reply:
    """Return a problem document (RFC 9457), the mock's own voice."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(more or {})}
    return Reply(status, body, "application/problem+json", SAFE)
