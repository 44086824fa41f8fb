"""`mockserver fault` and `mockserver scenario`: make a running server misbehave, and let it be."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import click

from mockserver.faces.asking import Server, ask, bid, reaching, understood
from mockserver.faces.figures import Figure
from mockserver.faces.helping import Group
from mockserver.kit.wishes import narrowed, said
from mockserver.model import PROBLEMS, WIRES
from mockserver.model.faults import STEPS

FAULTS, SCENARIOS = "/faults", "/scenarios"
account_option = click.option("--account", default=None, metavar="VENDOR/NAME", help="In the way of this account only.")


@click.group(cls=Group)
def fault() -> None:
    """Plant what goes wrong on a running server, list it, lift it."""


@fault.command("plant")
@click.option("--name", default=None, help="Made up when left out.")
@click.option("--vendor", default=None, help="In the way of this vendor's calls only.")
@account_option
@click.option("--operation", default=None, metavar="ID", help="In the way of this operation only.")
@click.option("--header", default=None, metavar="NAME[: VALUE]", help="In the way of calls with this header only.")
@click.option("--problem", type=click.Choice([*PROBLEMS]), default=None, help="Said in the vendor's own voice.")
@click.option("--wire", type=click.Choice(WIRES), default=None, help="What befalls the connection.")
@click.option("--delay", type=Figure(0, 60), default=None, help="Seconds before the answer.")
@click.option("--times", type=int, default=None, help="How often; without it always.")
@click.option("--chance", type=Figure(0, 1), default=None, help="How probably it meets a call.")
@click.option("--step", type=click.Choice(STEPS), default=None, help="Where it speaks; where the real one does.")
@click.option("--retry-after", type=int, default=None, metavar="SECONDS", help="What too-many tells to wait.")
@click.option("--rate", default=None, metavar="CALLS/SECONDS", help="So many calls pass within so many seconds.")
@click.option("--pace", default=None, help="What the waits of records are multiplied by that begin under it.")
@click.option("--fail", is_flag=True, default=None, help="Let records that begin under it fail at their end.")
@reaching()
def plant(server: Server, rate: str | None, **wish: Any) -> None:
    """Plant a fault, and print its name."""
    match = {name: wish.pop(name) for name in ("vendor", "account", "operation", "header")}
    wanted = said(wish)
    wanted["match"] = said(match)
    if rate is not None:
        wanted["rate"] = read_rate(rate)
    found = ask(server, "POST", FAULTS, wanted)
    with understood(server):
        name = found["name"]
    click.echo(json.dumps(found, indent=2) if server.as_json else name)


def read_rate(text: str) -> dict[str, float]:
    calls, _, seconds = text.partition("/")
    try:
        return {"calls": int(calls), "seconds": Figure().convert(seconds, None, None)}
    except (ValueError, click.BadParameter):
        raise click.UsageError(f"--rate is calls/seconds, such as 3/60, not {text!r}") from None


@fault.command("list")
@account_option
@reaching()
def list_faults(server: Server, account: str | None) -> None:
    """List what is planted still."""
    found = ask(server, "GET", narrowed(FAULTS, {"account": account, "limit": 1_000}))
    with understood(server):
        lines = [line_of(item) for item in found["items"]]
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines) or "nothing is planted")


@fault.command("lift")
@click.argument("name", required=False)
@click.option("--all", "is_all", is_flag=True, help="All that is planted.")
@account_option
@reaching()
def lift(server: Server, name: str | None, account: str | None, *, is_all: bool) -> None:
    """Lift what is planted under NAME, or all."""
    if (name is None) is not is_all:
        raise click.UsageError("say either the NAME of a fault, or --all")
    place = FAULTS if name is None else f"{FAULTS}/{quote(name, safe='')}"
    bid(server, "DELETE", narrowed(place, {"account": account}))
    click.echo(json.dumps({}) if server.as_json else "lifted")


@click.group(cls=Group)
def scenario() -> None:
    """List the scenarios of a running server, put one on."""


@scenario.command("list")
@reaching()
def list_scenarios(server: Server) -> None:
    """List them with what they do."""
    found = ask(server, "GET", SCENARIOS)
    with understood(server):
        lines = [f"{click.style(item['name'], bold=True)}: {what_of(item)}" for item in found["items"]]
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines))


@scenario.command("load")
@click.argument("name")
@account_option
@reaching()
def load(server: Server, name: str, account: str | None) -> None:
    """Put a scenario on, for one account or for the whole server."""
    found = ask(server, "POST", f"{SCENARIOS}/{quote(name, safe='')}", {} if account is None else {"account": account})
    with understood(server):
        line = f"{account or 'the server'}: {found['says']}"
    click.echo(json.dumps(found, indent=2) if server.as_json else line)


def what_of(item: Mapping[str, Any]) -> str:
    """Return what a scenario does, or why it cannot be put on."""
    return f"{item['says']}: {item['trouble']}" if "trouble" in item else str(item["says"])


def line_of(item: Mapping[str, Any]) -> str:
    """Return a fault in a line: texts as they are, all else as JSON."""
    told = {**item["match"], **{name: value for name, value in item.items() if name not in ("name", "match")}}
    fields = (f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in told.items())
    return "  ".join((click.style(item["name"], bold=True), *fields))
