"""What the server writes in one turn of the event loop leaves in one piece, in its order, and none of it is lost."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from mockserver.faces.joining import Joined


class Wire:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


def on_wire(use: Callable[[Joined, Wire], None]) -> list[Any]:
    """Return what a wire was told by what was written in one turn."""
    wire = Wire()

    async def turn() -> None:
        use(Joined(cast("asyncio.Transport", wire)), wire)
        await asyncio.sleep(0)

    asyncio.run(turn())
    return wire.told


def test_a_turn_is_one_piece() -> None:
    def use(joined: Joined, _wire: Wire) -> None:
        joined.write(b"head, ")
        joined.write(b"")
        joined.write(b"body")

    assert on_wire(use) == [b"head, body"]


def test_two_turns_are_two_pieces() -> None:
    wire = Wire()

    async def turns() -> None:
        joined = Joined(cast("asyncio.Transport", wire))
        for piece in (b"first", b"second"):
            joined.write(piece)
            await asyncio.sleep(0)

    asyncio.run(turns())
    assert wire.told == [b"first", b"second"]


def test_what_waits_is_sent_before_the_end() -> None:
    def use(joined: Joined, _wire: Wire) -> None:
        joined.write(b"last words")
        joined.close()

    assert on_wire(use) == [b"last words", "closed"]


def test_a_client_that_has_gone_gets_nothing() -> None:
    def use(joined: Joined, wire: Wire) -> None:
        joined.write(b"too late")
        wire.closing = True
        assert joined.is_closing()

    assert on_wire(use) == []


def test_all_else_is_the_transports_own() -> None:
    def use(joined: Joined, wire: Wire) -> None:
        wire.told.append(joined.get_extra_info("peername"))

    assert on_wire(use) == ["the peername"]
