"""A server that sends webhooks as long as it serves."""

import asyncio
import socket

import uvicorn

from mockserver.delivery import Courier


class Posting(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, courier: Courier) -> None:
        super().__init__(config)
        self._courier = courier

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._posting = asyncio.create_task(self._courier.run())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        self._posting.cancel()
        # A store that is gone must not keep the server from its end.
        await asyncio.wait([self._posting], timeout=1)
