"""`mockserver clock`: what time it is for a running server, and a hand on it."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

import click

from mockserver.faces.asking import PATIENCE, Server, ask, reaching, understood
from mockserver.faces.helping import Group
from mockserver.settings import BY_NAME, check

CLOCK = "/clock"


def stretch_of(_ctx: click.Context, _parameter: click.Parameter, text: str) -> Mapping[str, Any]:
    """Return what the clock's advance takes: a number of seconds, or idle."""
    if text == "idle":
        return {"until": text}
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not isfinite(seconds) or seconds < 0:
        raise click.BadParameter(f"{text!r} is neither a number of seconds nor idle")
    return {"seconds": seconds}


@click.group(cls=Group, invoke_without_command=True)
@reaching()
def clock(server: Server) -> None:
    """Show a running server's clock; the verbs below stop it, set it, move it on, or change its pace."""
    if click.get_current_context().invoked_subcommand is None:
        show(server, ask(server, "GET", CLOCK))


@clock.command()
@reaching()
def freeze(server: Server) -> None:
    """Let the time stand still."""
    show(server, ask(server, "PUT", CLOCK, {"frozen": True}))


@clock.command()
@reaching()
def unfreeze(server: Server) -> None:
    """Let the time run on from where it stands."""
    show(server, ask(server, "PUT", CLOCK, {"frozen": False}))


@clock.command("set")
@click.argument("moment", metavar="ISO")
@reaching()
def set_to(server: Server, moment: str) -> None:
    """Set the time to a moment of ISO 8601, such as 2026-06-23T14:30:00Z; it runs on unless it is frozen."""
    show(server, ask(server, "PUT", CLOCK, {"now": moment}))


@clock.command()
@click.argument("stretch", metavar="SECONDS|idle", callback=stretch_of)
@reaching()
def advance(server: Server, stretch: Mapping[str, Any]) -> None:
    """Move the time on by SECONDS, frozen or not; `idle` as far as it takes until all work is done."""
    show(server, ask(server, "POST", f"{CLOCK}/advance", stretch, patience=PATIENCE))


@clock.command()
@click.argument("pace")
@reaching()
def pace(server: Server, pace: str) -> None:
    """Let work go on at PACE: a number multiplies every wait, 0.1 is ten times faster; or immediate, held, reads:N."""
    show(server, ask(server, "PUT", CLOCK, {"pace": check(BY_NAME["pace"], pace, "PACE")}))


def show(server: Server, found: Any) -> None:
    with understood(server):
        line = f"{found['now']}, {'frozen' if found['frozen'] else 'running'}, pace {found['pace']}"
    click.echo(json.dumps(found, indent=2) if server.as_json else line)
