"""`mockserver serve`: until a signal ends it."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import click

from mockserver.creation import create_world
from mockserver.faces.logs import set_up_logging
from mockserver.faces.plans import given, plan_of
from mockserver.faces.server import Listening, announce, build, listen, run
from mockserver.settings import SETTINGS, Setting, Settings, read_settings


def option(setting: Setting) -> Callable[[Any], Any]:
    """Return a command-line option; its default is None, so that what was not given can come from elsewhere."""
    text = f"{setting.help} [{setting.variable}]"
    if setting.kind is bool:
        return click.option(setting.flag, setting.name, is_flag=True, default=None, help=text)
    kind = int if setting.kind is int else str
    return click.option(
        setting.flag,
        setting.name,
        type=kind,
        multiple=setting.kind is list,
        default=None,
        help=text,
        metavar=setting.sample,
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
        begin(read_settings(given(flags)))
    finally:
        gc.enable()


def begin(settings: Settings) -> None:
    set_up_logging(settings["log_format"])
    listening = listen(settings)
    with listening.socket:
        answer(settings, listening)


def answer(settings: Settings, listening: Listening) -> None:
    world = asyncio.run(create_world(plan_of(settings)))
    application = build(world, settings, listening)

    def ready() -> None:
        announce(listening.address)
        # Drawn after the ready line: nobody who waits for it waits for the drawing.
        asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(greet()))

    async def greet() -> None:
        from mockserver.faces.banner import banner

        click.echo(await banner(application, listening.address, listening.token), err=True)

    run(application, listening, ready)
