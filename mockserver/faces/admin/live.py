"""Calls as they come, as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from msgspec import Struct
from starlette.types import Receive, Send

# A line that says nothing, so that nobody in between takes the silence for the end.
BEAT = b": still here\n\n"
PAUSE = 15.0


class Live(Struct, frozen=True):
    """An answer that goes on until the client leaves: each event with its place, and its JSON in one line.

    `lost` says how many calls have gone that the client may have missed.
    """

    events: AsyncGenerator[tuple[int, bytes], None]
    lost: int = 0
    pause: float = PAUSE


async def send_live(live: Live, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
    told = {"content-type": "text/event-stream", "cache-control": "no-store", **headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    # What comes first makes the head leave at once: a client knows from then on that it misses nothing.
    await send_event(send, BEAT)
    if live.lost:
        await send_event(send, b'event: evicted\ndata: {"evicted":%d}\n\n' % live.lost)
    pump, leaving = asyncio.ensure_future(pump_events(live, send)), asyncio.ensure_future(left(receive))
    try:
        await asyncio.wait({pump, leaving}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        # The server stops; whoever follows comes back by the place of the last event.
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        for task in (pump, leaving):
            task.cancel()
        await asyncio.gather(pump, leaving, return_exceptions=True)


async def left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def pump_events(live: Live, send: Send) -> None:
    async with aclosing(live.events) as events:
        following = asyncio.ensure_future(anext(events))
        try:
            while True:
                done, _ = await asyncio.wait({following}, timeout=live.pause)
                if not done:
                    await send_event(send, BEAT)
                    continue
                place, text = following.result()
                await send_event(send, f"id: {place}\ndata: ".encode() + text + b"\n\n")
                following = asyncio.ensure_future(anext(events))
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def send_event(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})
