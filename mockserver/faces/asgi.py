"""The few ASGI words that all faces share: reading a body, sending an answer."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.types import Receive, Scope, Send

from mockserver.engine.answers import BODILESS, content_of
from mockserver.engine.arrival import Arrival, Gone, nothing_yet
from mockserver.model import Reply

Headers = Iterable[tuple[bytes, bytes]]
# What we say in our own voice is data, and no browser may take it for a page.
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}


class Stream:
    """The body in the chunks it comes in; it raises Gone when the client leaves before the end."""

    # Not a generator: an event loop keeps a book of those, at a cost that a short body would feel.
    def __init__(self, receive: Receive) -> None:
        self._receive, self._more = receive, True

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> bytes:
        while self._more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            self._more = message.get("more_body", False)
            if chunk := message.get("body", b""):
                return chunk  # type: ignore[no-any-return]  # an ASGI message is a dictionary of anything
        raise StopAsyncIteration


def arrival_of(scope: Scope, receive: Receive) -> Arrival:
    """Return a request as it came, before it is known where it goes."""
    # Ours is a connection that gives what has come as a whole; who calls in-process has another.
    whole = getattr(getattr(receive, "__self__", None), "take_whole", nothing_yet)
    return Arrival(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"],
        headers=scope["headers"],
        stream=partial(Stream, receive),
        whole=whole,
    )


async def read_out(arrival: Arrival) -> None:
    """Take the body of a call that met no operation: a connection that closes on what is unread is reset instead."""
    with suppress(Gone):
        async for _ in arrival.stream():
            pass


async def send_reply(send: Send, reply: Reply, extra: Headers = (), content: bytes | None = None) -> None:
    """Send an answer; `content` is its body where somebody has made that already."""
    if content is None:
        content = content_of(reply)
    headers = [*extra]
    if reply.status not in BODILESS:
        headers.append((b"content-length", b"%d" % len(content)))
    if reply.media_type is not None:
        headers.append((b"content-type", reply.media_type.encode()))
    if reply.headers:
        named = reply.headers.items()
        headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in named]
    # Ours is a connection that can take it as a whole; who calls in-process has another.
    whole = getattr(getattr(send, "__self__", None), "answer_whole", None)
    if whole is not None and whole(reply.status, headers, content):
        return
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def told(status: int, title: str, detail: str, more: Mapping[str, Any] | None = None) -> Reply:
    """Return a problem document (RFC 9457), the mock's own voice."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **(more or {})}
    return Reply(status, body, "application/problem+json", SAFE)
