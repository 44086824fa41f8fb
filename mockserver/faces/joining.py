"""Answers leave in one piece: uvicorn writes head and body apart, and each write would be a packet of its own."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


class Joined:
    """A transport that sends in one piece what one turn of the event loop writes."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pieces: list[bytes] = []
        self._soon = asyncio.get_running_loop().call_soon
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if not self._pieces:
            self._soon(self.flush)
        self._pieces.append(data)

    def flush(self) -> None:
        """Send what waits; a client that has gone meanwhile gets nothing."""
        pieces, self._pieces = self._pieces, []
        if pieces and not self.is_closing():
            self._transport.write(b"".join(pieces))

    def close(self) -> None:
        self.flush()
        # Told twice, asyncio's TLS forgets the connection, and nothing can end it any more.
        if not self.is_closing():
            self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Joining(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # httptools' or h11's, whichever is there
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(Joined(transport))
