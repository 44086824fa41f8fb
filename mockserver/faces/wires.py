"""What a tester wants of the connection itself: an answer that is late, cut short, no HTTP, or none at all."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from msgspec import Struct
from starlette.types import Message, Receive, Scope, Send

from mockserver.engine.answers import BODILESS
from mockserver.faces.asgi import Headers, send_reply
from mockserver.model import Decision, Reply
from mockserver.model.faults import DRIP, EMPTY, GARBAGE, HANG, RESET, TRUNCATE

# Where the protocol hands its connection to the application.
LINE = "mockserver.line"
BODY = "http.response.body"
LONGEST_HANG = 60.0
# A drip is at most so many pieces, so it ends within five seconds.
PIECES, SMALLEST, PAUSE = 25, 4, 0.2
FLUSHED = 5.0
NOISE = bytes((7, 3, 255, 254)) * 16


class WireFault(Exception):  # noqa: N818  # it names what happens to the client, and is nobody's error
    """Raised where there is no connection to do it to: whoever called in-process makes of `kind` what a client sees."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"planted: {kind}")
        self.kind = kind


class Line(Protocol):
    """A connection, as far as faults need it."""

    def reset(self) -> None:
        """Let the client see a reset; nothing more is sent."""

    def end(self, content: bytes = b"") -> None:
        """Send this as it is, then close."""


class Spoilt(Struct, frozen=True):
    """An answer that will not reach its client whole."""

    scope: Scope
    receive: Receive
    send: Send
    reply: Reply
    extra: Headers

    async def messages(self) -> tuple[Message, bytes]:
        """Return how the answer would start, and its content."""
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await send_reply(keep, self.reply, self.extra)
        start, body = sent
        return start, body["body"]


async def perform(decision: Decision, spoilt: Spoilt) -> None:
    """Answer as was decided, after the delay and with what befalls the connection. Raises WireFault."""
    if decision.delay:
        await has_left(spoilt.receive, decision.delay)
    if decision.wire is None:
        await send_reply(spoilt.send, spoilt.reply, spoilt.extra)
    elif decision.wire == DRIP:
        await drip(spoilt)
    else:
        line: Line | None = spoilt.scope.get("extensions", {}).get(LINE, {}).get(LINE)
        if line is None:
            raise WireFault(decision.wire)
        await WIRES[decision.wire](line, spoilt)
        # The protocol takes an application that returns before the end for one that has failed.
        if not await has_left(spoilt.receive, FLUSHED):
            line.reset()
            await has_left(spoilt.receive, FLUSHED)


async def has_left(receive: Receive, seconds: float) -> bool:
    """Wait so long, or until the client leaves; say whether it did."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def drip(spoilt: Spoilt) -> None:
    start, content = await spoilt.messages()
    await spoilt.send(start)
    size = max(SMALLEST, -(-len(content) // PIECES))
    for place in range(0, len(content), size):
        await spoilt.send({"type": BODY, "body": content[place : place + size], "more_body": True})
        if await has_left(spoilt.receive, PAUSE):
            return
    await spoilt.send({"type": BODY, "body": b""})


async def reset(line: Line, _spoilt: Spoilt) -> None:
    line.reset()


async def empty(line: Line, _spoilt: Spoilt) -> None:
    line.end()


async def garbage(line: Line, _spoilt: Spoilt) -> None:
    line.end(NOISE)


async def hang(line: Line, spoilt: Spoilt) -> None:
    await has_left(spoilt.receive, LONGEST_HANG)
    line.end()


async def truncate(line: Line, spoilt: Spoilt) -> None:
    """Send half of what is announced; where there is no body to cut, announce more than there is."""
    start, content = await spoilt.messages()
    if spoilt.scope["method"] != "HEAD" and start["status"] not in BODILESS:
        length = b"%d" % max(1, len(content))
        headers = [(name, length if name == b"content-length" else value) for name, value in start["headers"]]
        await spoilt.send({**start, "headers": headers})
        await spoilt.send({"type": BODY, "body": content[: len(content) // 2], "more_body": True})
    line.end()


WIRES: Mapping[str, Callable[[Line, Spoilt], Awaitable[None]]] = {
    RESET: reset,
    EMPTY: empty,
    HANG: hang,
    GARBAGE: garbage,
    TRUNCATE: truncate,
}
