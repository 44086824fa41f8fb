"""The whole server as one ASGI application: the gate, the admin API, the vendors."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.engine.arrival import Gone
from mockserver.faces.addresses import Addresses, Place
from mockserver.faces.asgi import arrival_of, send_reply, told
from mockserver.faces.gate import Gate, host_and_port, host_of
from mockserver.faces.marks import marks
from mockserver.model import Reply
from mockserver.world import World

ADMIN = "/_mock"
BROKEN = told(500, "Internal Server Error", "this is our fault: the server's log has the reason")
log = logging.getLogger("mockserver")


class Application:
    """Dispatches by the first step of the path itself: a router would answer odd paths in its own voice."""

    def __init__(self, world: World, admin: ASGIApp, gate: Gate, *, public_url: str | None, has_marks: bool) -> None:
        self.world, self.admin, self.gate = world, admin, gate
        self.public_url, self.has_marks = public_url, has_marks
        self.addresses = Addresses(world.documents)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self.answer(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what went wrong with us is told by the log, never to the client."""
        asked = f"{scope['method']} {scope['path'][:200]}"
        try:
            await self.enter(scope, receive, send)
        except Gone:
            log.info("%s: the client went away before its body was whole; nothing was kept", asked)
        except Exception:
            log.exception("%s: could not be answered", asked)
            await send_reply(send, BROKEN)

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == ADMIN or scope["path"].startswith(f"{ADMIN}/"):
            await self.enter_admin(scope, receive, send)
        else:
            await self.enter_vendor(scope, receive, send)

    async def enter_admin(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := self.gate.judge_admin(scope):
            await send_reply(send, refusal)
        else:
            await self.admin(scope, receive, send)

    async def enter_vendor(self, scope: Scope, receive: Receive, send: Send) -> None:
        if refusal := self.gate.judge_vendor(scope):
            await send_reply(send, refusal)
        elif place := self.addresses.find(host_of(scope), scope["path"]):
            await self.serve(place, scope, receive, send)
        else:
            await send_reply(send, self.lost(scope["path"]))

    async def serve(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = arrival_of(scope, receive, place.path, self.address(scope) + place.prefix)
        served = await self.world.serve(place.vendor, arrival)
        await send_reply(send, served.decision.outcome.reply, marks(served) if self.has_marks else ())

    def address(self, scope: Scope) -> str:
        """Return where clients reach this server: as told, else as the request came."""
        return self.public_url or f"{scope['scheme']}://{host_and_port(scope)}"

    def lost(self, path: str) -> Reply:
        names = ", ".join(f"/{name}" for name in self.world.documents)
        detail = f"no vendor alone has {path[:200]} at the root: begin with one of {names}, or see {ADMIN}/vendors"
        return told(404, "Not Found", detail)


async def live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
