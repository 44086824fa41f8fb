"""The whole server as one ASGI application: the gate, the admin API, the vendors."""

import logging
from datetime import datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.delivery import Courier
from mockserver.engine.arrival import Arrival, Gone, read_headers
from mockserver.faces.addresses import Addresses
from mockserver.faces.asgi import arrival_of, read_out, send_reply, told
from mockserver.faces.dates import date_header
from mockserver.faces.gate import Gate, host_and_port, host_of
from mockserver.faces.marks import marks
from mockserver.faces.origins import is_preflight, permission, readable
from mockserver.faces.wires import Spoilt, WireFault, perform
from mockserver.model import Reply
from mockserver.state.store import StoreError
from mockserver.world import World

ADMIN = "/_mock"
INSIDE = f"{ADMIN}/"
BROKEN = told(500, "Internal Server Error", "this is our fault: the server's log has the reason")
log = logging.getLogger("mockserver")


class Application:
    """Dispatches by the first step of the path itself: a router would answer odd paths in its own voice."""

    def __init__(self, world: World, admin: ASGIApp, gate: Gate, *, public_url: str | None, has_marks: bool) -> None:
        self.world, self.admin, self.gate = world, admin, gate
        self.public_url, self.has_marks = public_url, has_marks
        self.addresses = Addresses(world.documents)
        self.courier = Courier(world)

    def become(self, other: "Application") -> None:
        """Answer as another from now on; calls under way end as they began."""
        vars(self).update(vars(other))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what went wrong with us is told by the log, never to the client."""
        path = scope["path"]
        # Where no origin is let in, which is nearly always, no call pays for this.
        if self.gate.origins and (origin := self.gate.let_in(scope)) is not None:
            if is_preflight(scope):
                await send_reply(self.dated(send), permission(scope, origin))
                return
            send = readable(send, origin)
        try:
            if path == ADMIN or path.startswith(INSIDE):
                await self.enter_admin(scope, receive, send)
            else:
                await self.enter_vendor(scope, receive, send)
        except WireFault:
            raise
        except Gone:
            log.info("%s: the client went away before its body was whole; nothing was kept", asked(scope))
        except Exception:
            log.exception("%s: could not be answered", asked(scope))
            await send_reply(send, BROKEN)

    async def enter_admin(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = read_headers(scope["headers"])
        if refusal := self.gate.judge_admin(scope, headers, host_of(headers)):
            await send_reply(self.dated(send), refusal)
        else:
            await self.admin(scope, receive, self.dated(send))

    async def enter_vendor(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrival = arrival_of(scope, receive)
        host = host_of(arrival.headers)
        if refusal := self.gate.judge_vendor(arrival.headers, host):
            await send_reply(self.dated(send), refusal)
        elif place := self.addresses.find(host, arrival.path):
            arrival.path, arrival.origin = place.path, self.address(scope, arrival) + place.prefix
            try:
                served = await self.world.serve(place.vendor, arrival)
            except StoreError as error:
                log.warning("%s: nothing could be kept, so it was answered as a breakdown: %s", asked(scope), error)
                served = self.world.serve_without_store(place.vendor, arrival)
            decision = served.decision
            extra = [date_header(served.call.at), *(marks(served) if self.has_marks else ())]
            if decision.wire and not served.call.operation:
                await read_out(arrival)
            if decision.wire or decision.delay:
                await perform(decision, Spoilt(scope, receive, send, decision.outcome.reply, extra))
            else:
                await send_reply(send, decision.outcome.reply, extra, served.content)
        else:
            await send_reply(self.dated(send), self.lost(arrival.path))

    def dated(self, send: Send) -> Send:
        """Return what sends an answer of ours, with its Date."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [date_header(await self.now()), *message["headers"]]
            await send(message)

        return sending

    async def now(self) -> datetime:
        """Return what time it is here; by the machine where nobody can say what a tester has made of it."""
        try:
            return (await self.world.now()).at
        except StoreError:
            return self.world.clock.now()

    def address(self, scope: Scope, arrival: Arrival) -> str:
        """Return where clients reach this server: as told, else as the request came."""
        return self.public_url or f"{scope['scheme']}://{host_and_port(arrival.headers)}"

    def lost(self, path: str) -> Reply:
        names = ", ".join(f"/{name}" for name in self.world.documents)
        detail = f"no vendor alone has {path[:200]} at the root: begin with one of {names}, or see {ADMIN}/vendors"
        return told(404, "Not Found", detail)


def asked(scope: Scope) -> str:
    return f"{scope['method']} {scope['path'][:200]}"


async def live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
