"""What a world holds, for tests that put it back; and a world whose clock stands, so that bytes can be compared."""

import asyncio
import json
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

from mockserver.control import Control
from mockserver.state.shelves import START
from mockserver.world import World
from tests.facts import NOW
from tests.worlds import ask, new_world

Value = TypeVar("Value")
DEMO = "voxjar-demo-token"
UPLOAD = {
    "sourceIdentifier": "call-1",
    "direction": "OUTBOUND",
    "timestamp": "2026-06-23T14:30:00Z",
    "downloadUrl": "https://storage.example.com/calls/67890.mp4",
}


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def held(world: World) -> dict[str, dict[tuple[str, ...], bytes]]:
    """Return every shelf that holds anything, but for how the server started."""
    shelves = run(world.store.dump()).shelves
    return {name: dict(rows) for name, rows in shelves.items() if name != START[0]}


def upload(world: World, token: str = DEMO, **fields: Any) -> str:
    """Upload to Voxjar and return the call's id."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps(UPLOAD | fields).encode()
    served = ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=body)
    return served.call.id


def take(world: World) -> bytes:
    return bytes(run(Control(world).state.snapshot()))


def restore(world: World, text: bytes) -> dict[str, int]:
    return run(Control(world).state.restore(text))


def busy_world(*vendors: str, **settings: Any) -> World:
    """Return a world in which something of everything has happened."""
    world = new_world(*(vendors or ("voxjar",)), **settings)
    control = Control(world)
    run(control.clock.change(now=NOW, is_frozen=True))
    upload(world)
    upload(world, "nobody-knows-this")
    run(control.clock.advance(60))
    upload(world, sourceIdentifier="call-2")
    return world


@cache
def busy_snapshot() -> bytes:
    return take(busy_world())


def changed(path: str, value: Any) -> bytes:
    """Return a snapshot with another value at a place; None takes away what is there."""
    found = json.loads(busy_snapshot())
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    node = found
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return json.dumps(found, indent=2).encode()
