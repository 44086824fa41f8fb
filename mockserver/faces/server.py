"""The process: a socket, uvicorn on it, one ready line, a clean end."""

import asyncio
import ctypes
import errno
import gc
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.control import Control
from mockserver.delivery import Courier
from mockserver.engine.document import Document
from mockserver.faces.admin.routing import admin_application
from mockserver.faces.application import Application
from mockserver.faces.asgi import send_reply, told
from mockserver.faces.extras import hosts_of, secure
from mockserver.faces.gate import Gate
from mockserver.faces.joining import Joining
from mockserver.faces.posting import BACKLOG, Beside, Posting
from mockserver.faces.sender import Sender
from mockserver.settings import Settings, SettingsError
from mockserver.shipped import shipped
from mockserver.world import World

if TYPE_CHECKING:
    from mockserver.faces.certificates import Identity

DRAIN = 3
GARBAGE = 20_000
# Seconds after the ready line.
SETTLED = 0.25
OFF = "off"
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, KEPT = -1, -3, 64 << 20
STOPPING = told(503, "Service Unavailable", "the server stops, and this call was not finished")
log = logging.getLogger("mockserver")


class Listening(Struct, frozen=True):
    """A bound socket, the address clients use, and the admin token that the exposure asks for."""

    socket: socket.socket
    address: str
    token: str | None


class Server(Posting):
    """uvicorn that says when it is ready, and ends with status 0 when it is told to end."""

    def __init__(
        self, config: uvicorn.Config, courier: Courier, ready: Callable[[], None], beside: Sequence[Beside] = ()
    ) -> None:
        super().__init__(config, courier, beside)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
        # After the first answers: nobody who waits for one waits for the collector.
        asyncio.get_running_loop().call_later(SETTLED, settle)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Drain on SIGTERM and SIGINT; uvicorn's own would end the process by the signal once more."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def settle() -> None:
    """Let the collector begin: what start-up made stays for good, and need not be walked again."""
    gc.collect()
    gc.freeze()
    # Values here hold no cycles, so the collector finds next to nothing: it need not look after every few calls.
    gc.set_threshold(GARBAGE, 20, 50)
    gc.enable()


def listen(settings: Settings) -> Listening:
    """Bind the address. Raises SettingsError when it is taken or not ours."""
    host, port = settings["host"], settings["port"]
    try:
        bound = bind(host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        is_taken = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        remedy = "choose another --port, or 0 for a free one" if is_taken else "choose another --host"
        raise SettingsError(f"cannot listen on {host}:{port}: {reason.lower()}: {remedy}") from None
    name = f"[{host}]" if ":" in host else host
    scheme = "https" if settings["tls"] else "http"
    return Listening(bound, f"{scheme}://{name}:{bound.getsockname()[1]}", admin_token(settings, bound))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens: one that is only bound shares its port with the next server to come."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def admin_token(settings: Settings, bound: socket.socket) -> str | None:
    """Return the token given, or one made up when the server listens beyond loopback."""
    given: str | None = settings["admin_token"]
    if given is not None:
        return given
    return secrets.token_urlsafe(18) if is_exposed(bound) else None


def is_exposed(bound: socket.socket) -> bool:
    address = bound.getsockname()[0]
    return not (address.startswith("127.") or address == "::1")


def build(world: World, settings: Settings, listening: Listening, courier: Courier | None = None) -> Application:
    public_url = settings["public_url"].rstrip("/") if settings["public_url"] else None
    courier = courier or Courier(world, sender_of(settings, listening))
    admin = admin_application(Control(world, courier), Document(shipped("schemas") / "_admin"), public_url)
    application = Application(world, admin, Gate(), public_url=public_url, has_marks=not settings["no_marks"])
    application.courier = courier
    application.gate = Gate(
        hosts=application.addresses.hosts | hosts_of(settings),
        origins=frozenset(origin.lower() for origin in settings["allow_origin"]),
        token=listening.token,
        is_closed=listening.token == OFF,
        is_exposed=is_exposed(listening.socket),
    )
    return application


def sender_of(settings: Settings, listening: Listening) -> Sender:
    """Return who sends webhooks: from a server that listens beyond loopback only to the world, and to named hosts."""
    host, port = listening.socket.getsockname()[:2]
    return Sender((host, port), is_exposed=is_exposed(listening.socket), hosts=hosts_of(settings))


def run(
    application: Application,
    listening: Listening,
    ready: Callable[[], None],
    shown: "Identity | None" = None,
    beside: Sequence[Beside] = (),
) -> None:
    """Serve until a signal ends it, with what runs beside: requests under way get three seconds."""
    keep_buffers()
    config = configured(application.answer, shown, DRAIN)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    Server(config, application.courier, ready, beside).run(sockets=[listening.socket])


def configured(application: ASGIApp, shown: "Identity | None", drain: int) -> uvicorn.Config:
    """Return how uvicorn serves: neither lifespan nor websockets, for all that comes is a request."""
    config = uvicorn.Config(
        until_stopped(application),
        http=http_protocol(),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=drain,
    )
    secure(config, shown)
    return config


def http_protocol() -> Any:
    """Return uvicorn's HTTP under our limits; without them where the parser that they rest on is not to be had."""
    try:
        from mockserver.faces.protocol import Guarded
    except ImportError:
        return Joining
    return Guarded


def until_stopped(application: ASGIApp) -> ASGIApp:
    """Answer what does not end before the server does; uvicorn would log its own cancelling as a crash."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await application(scope, receive, send)
        except asyncio.CancelledError:
            # The connection knows what has left: an answer that has begun takes no other.
            if getattr(getattr(send, "__self__", None), "response_started", False):
                return
            log.info("%s: not finished when the server stopped; nothing was kept", scope["path"][:200])
            await send_reply(send, STOPPING)

    return answer


def keep_buffers() -> None:
    """Keep glibc from mapping and unmapping the event loop's read buffers: it triples the speed of large uploads."""
    with suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_MMAP_THRESHOLD, KEPT)
        libc.mallopt(M_TRIM_THRESHOLD, KEPT)


def announce(address: str) -> None:
    """Print the one line that machines wait for; without a standard output nobody does."""
    if sys.stdout is None:
        return
    sys.stdout.write(f"mockserver ready at {address}\n")
    sys.stdout.flush()
