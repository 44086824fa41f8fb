"""A server in a thread of its own: real sockets for the client under test, no process to look after."""

import asyncio
import contextlib
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx
import uvicorn

from mockserver.delivery import Courier
from mockserver.faces.application import Application
from mockserver.faces.extras import reloader_of, shown_by
from mockserver.faces.plans import plan_of
from mockserver.faces.posting import Beside, Posting
from mockserver.faces.python.mock import Mock
from mockserver.faces.python.transports import WorldTransport
from mockserver.faces.server import Listening, build, configured, listen
from mockserver.faces.sharing import check_sharing, create_in, open_store
from mockserver.settings import BY_NAME, Setting, Settings, SettingsError, read_flags, settings_of

if TYPE_CHECKING:
    from mockserver.faces.certificates import Identity

PATIENCE = 10.0
DRAIN = 1


class QuietServer(Posting):
    """uvicorn that leaves the process its signals, and says when it accepts requests."""

    def __init__(self, config: uvicorn.Config, courier: Courier, beside: Sequence[Beside] = ()) -> None:
        super().__init__(config, courier, beside)
        self.is_ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Running:
    """A world, its server and the loop that both live in."""

    def __init__(self, settings: Settings) -> None:
        check_sharing(settings)
        if settings["workers"] > 1:
            raise SettingsError("this server is a thread of its process: several workers want `mockserver serve`")
        self.listening: Listening = listen(settings)
        self.loop = asyncio.new_event_loop()
        self.application: Application
        self.identity: Identity | None = None
        self._settings, self._held = settings, contextlib.ExitStack()
        self._server: QuietServer
        self._thread = Thread(target=self._live, name="mockserver", daemon=True)

    def start(self) -> None:
        """Start, and return once requests are accepted. Raises what kept it from starting."""
        started = asyncio.run_coroutine_threadsafe(self._start(), self.loop)
        self._thread.start()
        try:
            started.result(PATIENCE)
        except BaseException:
            self._end()
            raise

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _start(self) -> None:
        reloader = reloader_of(self._settings, self.listening, lambda: self._settings)
        plan = reloader.plan if reloader else plan_of(self._settings)
        world = await create_in(open_store(self._settings), plan, self._settings)
        self.application = build(world, self._settings, self.listening)
        self.identity = self._held.enter_context(shown_by(self._settings, self.application))
        config = configured(self.application, self.identity, DRAIN)
        beside = (reloader.beside(self.application),) if reloader else ()
        self._server = QuietServer(config, self.application.courier, beside)
        self._serving = self.loop.create_task(self._server.serve(sockets=[self.listening.socket]))
        await self._server.is_ready.wait()

    def stop(self) -> None:
        """Drain and end; safe to call twice."""
        if not self.loop.is_running():
            return
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop).result(PATIENCE)
        self._end()

    def _end(self) -> None:
        asyncio.run_coroutine_threadsafe(give_up(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()
        self.listening.socket.close()
        self._held.close()

    async def _stop(self) -> None:
        self._server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving


async def give_up() -> None:
    """Cancel what still runs in this loop: who waits for it elsewhere would do so for ever. Then end what stands still.

    A store's connections close with it.
    """
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


class MockServer(Mock):
    """A mock of one's own, on a free port unless told otherwise; settings as on the command line.

    `MockServer(vendors=["voxjar"], seed="monday", pace="immediate")`; `options` holds vendors' switches, by vendor.
    Neither the environment nor a file is asked. Raises SettingsError or SetupError for settings that cannot be.
    """

    def __init__(self, *, options: Mapping[str, Mapping[str, Any]] | None = None, **settings: Any) -> None:
        self._running = Running(settings_of(read_flags({"port": 0, **given(settings)}), options))
        self._running.start()
        listening = self._running.listening
        headers = {"Authorization": f"Bearer {listening.token}"} if listening.token else {}
        # Nobody is out of reach in a process of one's own, so this waits for as long as it takes.
        patience = httpx.Timeout(None)
        http = httpx.Client(
            transport=self.transport(), base_url=listening.address, headers=headers, timeout=patience, trust_env=False
        )
        super().__init__(http, listening.address)

    @property
    def ca(self) -> str | None:
        """The file that clients must be told to trust where TLS goes by a certificate of the mock's own."""
        shown = self._running.identity
        return shown.authority if shown else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        super().close()
        self._running.stop()

    def transport(self) -> WorldTransport:
        """Return an httpx transport into the same world, for clients that should not touch a socket."""
        return WorldTransport(self._running.application, self._running.loop)


def given(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings as the command line would give them. Raises SettingsError for one that does not exist."""
    if unknown := settings.keys() - BY_NAME.keys():
        raise SettingsError(f"there is no setting {min(unknown)!r}: known are {', '.join(BY_NAME)}")
    return {name: text_of(BY_NAME[name], value) for name, value in settings.items() if value is not None}


def text_of(setting: Setting, value: Any) -> Any:
    """Return a value as it is written; True is a flag that stands alone."""
    if setting.kind is not str:
        return value
    return setting.bare if value is True and setting.bare else str(value)
