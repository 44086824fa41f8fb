"""Answers leave in one piece: uvicorn writes head and body apart, and each write would be a packet of its own."""

import asyncio
import struct
from contextlib import suppress
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

    def unread(self) -> int:
        """Return how many bytes wait for a client that does not take them; 0 while the kernel has room for all.

        What the kernel holds is counted where it tells: it takes more from us only after a megabyte or so was read.
        """
        waiting: int = self._transport.get_write_buffer_size()
        if waiting:
            with suppress(ImportError, OSError, ValueError):
                waiting += held_by_kernel(self._transport.get_extra_info("socket").fileno())
        return waiting

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def held_by_kernel(descriptor: int) -> int:
    """Return how many bytes were sent and not yet received. Raises ImportError where systems have no such question."""
    import fcntl
    import termios

    return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4)))[0])


class Joining(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # httptools' or h11's, whichever is there
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(Joined(transport))
