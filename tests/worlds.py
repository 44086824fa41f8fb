"""Worlds for tests: one vendor or all, answers held to their documents, requests without a server."""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import msgspec

from mockserver.control import Control
from mockserver.creation import Plan, create_world
from mockserver.engine.arrival import Arrival
from mockserver.engine.document import Document
from mockserver.shipped import shipped
from mockserver.world import Served, World

ORIGIN = "http://127.0.0.1:4747"


@cache
def document(name: str) -> Document:
    return Document(shipped("schemas") / name)


def new_world(*vendors: str, **settings: Any) -> World:
    plan = msgspec.structs.replace(Plan(vendors=vendors, seed="tests", check_replies=True), **settings)
    return asyncio.run(create_world(plan))


def arrival(
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    chunk: int = 65_536,
    vendor: str = "",
) -> Arrival:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), chunk):
            yield body[start : start + chunk]

    route, _, query = path.partition("?")
    raw = {"host": "127.0.0.1:4747", "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in raw.items()]
    return Arrival(
        method=method, path=route, query=query.encode(), headers=pairs, stream=stream, origin=f"{ORIGIN}/{vendor}"
    )


def pass_time(world: World, seconds: float) -> None:
    """Let so much of the mock's time pass at once."""
    if seconds:
        asyncio.run(Control(world).clock.advance(seconds))


def ask(world: World, vendor: str, method: str, path: str, **rest: Any) -> Served:
    return asyncio.run(world.serve(vendor, arrival(method, path, vendor=vendor, **rest)))
