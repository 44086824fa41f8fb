"""`mockserver serve`: until a signal ends it."""

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from mockserver.faces.application import Application
from mockserver.faces.extras import reloader_of, shown_by
from mockserver.faces.logs import set_up_logging
from mockserver.faces.plans import given, plan_of
from mockserver.faces.posting import Beside
from mockserver.faces.server import Listening, announce, build, listen, run
from mockserver.faces.sharing import check_sharing, create_in, open_store
from mockserver.settings import SETTINGS, Setting, Settings, read_settings
from mockserver.state.store import Shared, StoreError

if TYPE_CHECKING:
    from mockserver.faces.certificates import Identity


def option(setting: Setting) -> Callable[[Any], Any]:
    """Return a command-line option; its default is None, so that what was not given can come from elsewhere."""
    text = f"{setting.help} [{setting.variable}]"
    if setting.kind is bool:
        return click.option(setting.flag, setting.name, is_flag=True, default=None, help=text)
    kind = int if setting.kind is int else str
    alone: dict[str, Any] = {} if setting.bare is None else {"is_flag": False, "flag_value": setting.bare}
    return click.option(
        setting.flag,
        setting.name,
        type=kind,
        multiple=setting.kind is list,
        default=None,
        help=text,
        metavar=setting.sample if setting.bare is None else f"[{setting.sample}]",
        **alone,
    )


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    for setting in reversed(SETTINGS):
        command = option(setting)(command)
    return command


@click.command()
@with_settings
def serve(**flags: Any) -> None:
    """Answer as the vendors would, until Ctrl-C.

    Flags win over the environment, the environment over mockserver.toml in this folder.
    """
    # Start-up makes much and lets little go; the server lets the collector begin once it is settled.
    gc.disable()
    try:
        begin(given(flags))
    finally:
        gc.enable()


def begin(flags: Mapping[str, Any]) -> None:
    settings = read_settings(flags)
    set_up_logging(settings["log_format"])
    check_sharing(settings)
    listening = listen(settings)
    with listening.socket:
        answer(settings, listening, lambda: read_settings(flags))


def answer(settings: Settings, listening: Listening, read: Callable[[], Settings]) -> None:
    store, reloader = open_store(settings), reloader_of(settings, listening, read)
    plan = reloader.plan if reloader else plan_of(settings)
    application = build(asyncio.run(create_in(store, plan, settings)), settings, listening)
    beside = (reloader.beside(application),) if reloader else ()
    with shown_by(settings, application) as shown:
        answer_as(application, listening, settings, store, shown=shown, beside=beside)


def answer_as(
    application: Application,
    listening: Listening,
    settings: Settings,
    store: Shared | None,
    *,
    shown: "Identity | None",
    beside: Sequence[Beside],
) -> None:
    async def greet() -> None:
        from mockserver.faces.banner import banner

        authority, is_joined = shown.authority if shown else None, store is not None and store.is_joined
        # A store that has gone meanwhile is told by every call.
        with suppress(StoreError):
            text = await banner(application, listening.address, listening.token, authority, is_joined=is_joined)
            click.echo(text, err=True)

    def ready() -> None:
        announce(listening.address)
        # Drawn after the ready line: nobody who waits for it waits for the drawing.
        asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(greet()))

    if store is not None and settings["workers"] > 1:
        from mockserver.faces.workers import in_workers

        def all_ready() -> None:
            announce(listening.address)
            asyncio.run(greet())

        ready = in_workers(settings["workers"], all_ready)
        # With a source of chance of its own: its siblings have begun with the same.
        application.world.share(store)
    run(application, listening, ready, shown, beside)
