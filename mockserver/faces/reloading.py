"""`--reload`: files are looked after while the server runs, and what has changed is read again.

What cannot be used changes nothing: the last good version goes on, and health says what is wrong.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from msgspec.structs import replace

from mockserver.control.renewal import renew
from mockserver.creation import Plan, create_world
from mockserver.faces.application import Application
from mockserver.faces.plans import plan_of
from mockserver.faces.posting import Beside
from mockserver.faces.server import Listening, build, is_exposed, sender_of, settle
from mockserver.settings import FILE, Settings, SettingsError
from mockserver.shipped import shipped
from mockserver.staging import scenario_file
from mockserver.state.clock import Ids
from mockserver.world import World

# Milliseconds: how long a burst of changes is waited for, and the longest between two looks where none is told of.
DEBOUNCE, STEP, LOOK = 400, 50, 1_000
READ = (".json", ".toml", ".py")
# What a server is made from once.
FIXED = ("host", "port", "store", "workers", "tls", "admin_token", "log_format", "reload")
SHIPPED = ("schemas", "fixtures/accounts", "fixtures/media", "fixtures/scenarios")
MOST_TOLD = 3
UNTOLD = "files have changed that cannot be used: standard error says which, and why"
Stamp = tuple[int, int, int]
log = logging.getLogger("mockserver")


class Reloader:
    """Reads again what an application is built from; `read` gives the settings as they are by then.

    It is made before the world, so that nothing can change unseen between the two.
    """

    application: Application

    def __init__(self, settings: Settings, read: Callable[[], Settings], listening: Listening) -> None:
        if find_spec("watchfiles") is None:
            raise SettingsError("--reload wants watchfiles, which is not installed: pip install watchfiles")
        self._settings, self._read, self._listening = settings, read, listening
        self._file = Path.cwd() / FILE
        self._seen = stamps(self.roots())
        self.plan = lasting(plan_of(settings))

    def beside(self, application: Application) -> Beside:
        """Return what looks after the files of an application as long as it serves."""
        self.application = application
        return self.run

    async def run(self) -> None:
        """Look after the files until cancelled."""
        from watchfiles import awatch

        is_polling = False
        while True:
            try:
                async for _ in awatch(
                    *(root for root in self.roots() if root.exists()),
                    watch_filter=None,
                    debounce=DEBOUNCE,
                    step=STEP,
                    rust_timeout=LOOK,
                    yield_on_timeout=True,
                    force_polling=is_polling or None,
                ):
                    # What is told of may be anything, and what is told of too late would never be seen.
                    if await self.look():
                        break
            except (OSError, RuntimeError) as error:
                if is_polling:
                    log.error("files are looked after no more: %s", error)  # noqa: TRY400  # it is no fault of ours
                    return
                is_polling = True
                log.warning("the system tells of no changes, so they are looked for: %s", error)

    def roots(self) -> list[Path]:
        named = [self._settings[name] for name in ("documents", "accounts")]
        return [*map(shipped, SHIPPED), *(Path(name) for name in named if name), self._file]

    async def look(self) -> bool:
        """Read all again where a file has changed, and say whether one had."""
        seen = stamps(self.roots())
        changed = sorted({path for path, _ in self._seen.items() ^ seen.items()})
        if changed:
            self._seen = seen
            await self.reload(changed)
        return bool(changed)

    async def reload(self, changed: Collection[str]) -> None:
        """Go on with what the files say by now, or say why they cannot be used."""
        names = told(changed)
        try:
            gone = await self._reload()
        except Exception as error:  # whatever is wrong with them, what was good goes on
            is_theirs = isinstance(error, ValueError | OSError)
            trouble = str(error) if is_theirs else f"{type(error).__name__}: {error}"
            # Anybody may ask for health: where that is more than this machine, what files say is not for all.
            self.application.world.trouble = UNTOLD if is_exposed(self._listening.socket) else trouble
            says = "%s: changed, and the last good version goes on: %s"
            log.error(says, names, trouble, exc_info=None if is_theirs else error)  # noqa: TRY400  # as above
            return
        if gone:
            log.warning("%s: read again, and it begins anew: all records and calls are gone, because %s", names, gone)
        else:
            log.info("%s: read again, and all that was remembered stays", names)

    async def _reload(self) -> str | None:
        settings = self._read()
        plan = replace(plan_of(settings), seed=settings["seed"] or self.plan.seed)
        fresh = await asyncio.to_thread(make, plan)
        live, courier = self.application.world, self.application.courier
        application = build(fresh, settings, self._listening, courier)
        gone = await renew(live, fresh, self.plan, plan)
        courier.move_to(fresh, sender_of(settings, self._listening))
        self.application.become(application)
        if fixed := [name for name in FIXED if settings[name] != self._settings[name]]:
            log.warning("%s: changed, and that is for the next start", ", ".join(fixed))
        self.plan, self._settings = plan, settings
        tidy()
        return gone


def lasting(plan: Plan) -> Plan:
    """Return a plan with a seed: a server that is read again must make up what it begins with as before."""
    return plan if plan.seed else replace(plan, seed=Ids().fresh())


def make(plan: Plan) -> World:
    """Return a world, made beside the loop; what a server else reads late is read now, for it may be broken."""
    world = asyncio.run(create_world(plan))
    for name in world.documents:
        world.ledger(name)
    for name in world.scenarios:
        scenario_file(world, name)
    return world


def tidy() -> None:
    """Let go of the world before, which was kept from the collector when the server had settled."""
    if gc.get_freeze_count():
        gc.unfreeze()
        settle()


def stamps(roots: Collection[Path]) -> Mapping[str, Stamp]:
    """Return what tells a file from what it was before, for each that may be read."""
    return {str(path): stamp for root in roots for path in files(root) if (stamp := stamp_of(path))}


def files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        yield from (Path(folder) / name for name in names if name.endswith(READ) and not name.startswith("."))


def stamp_of(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def told(changed: Collection[str]) -> str:
    more = len(changed) - MOST_TOLD
    return ", ".join([*list(changed)[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])])
