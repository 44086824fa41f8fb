"""A server that sends webhooks as long as it serves, and that TLS clients cannot keep waiting."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias

import uvicorn

from mockserver.delivery import Courier

BACKLOG = 2048
# What runs as long as the server does.
Beside: TypeAlias = Callable[[], Coroutine[Any, Any, None]]
# Seconds for a client of TLS to make its greetings; protocol.py gives as many for a head.
GREETING = 10.0


class Posting(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, courier: Courier, beside: Sequence[Beside] = ()) -> None:
        super().__init__(config)
        self._beside = (courier.run, *beside)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.ssl is None:
            await super().startup(sockets)
        else:
            await super().startup([])
            await self._listen(sockets or [])
        self._tasks = [asyncio.create_task(each()) for each in self._beside]

    async def _listen(self, sockets: list[socket.socket]) -> None:
        """Listen as uvicorn would, with an end to the patience for who does not greet: its would be a minute."""
        loop = asyncio.get_running_loop()
        for bound in sockets:
            server = await loop.create_server(
                self._protocol, sock=bound, ssl=self.config.ssl, backlog=BACKLOG, ssl_handshake_timeout=GREETING
            )
            self.servers.append(server)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for task in self._tasks:
            task.cancel()
        # A store that is gone must not keep the server from its end.
        await asyncio.wait(self._tasks, timeout=1)
