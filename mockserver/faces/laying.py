"""`mockserver media`: what a running server believes to lie behind the addresses that clients name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import click

from mockserver.faces.asking import Server, ask, bid, chosen, reaching, understood
from mockserver.faces.figures import Figure
from mockserver.faces.helping import Group
from mockserver.kit.wishes import said
from mockserver.settings import SettingsError

# What tells one line of the table from another.
PLACE = ("url", "prefix", "account")
of_account = click.option("--account", metavar="VENDOR/NAME", help="The lines of this account only.")


@click.group(cls=Group, invoke_without_command=True)
@of_account
@reaching()
def media(server: Server, account: str | None) -> None:
    """List what a running server was told of the addresses that clients name; it fetches none of them."""
    if click.get_current_context().invoked_subcommand is None:
        show(server, ask(server, "GET", table_of(account)))


@media.command()
@click.option("--url", metavar="URL", help="The address, met by itself and with any query.")
@click.option("--prefix", metavar="URL", help="What addresses begin with; instead of --url.")
@click.option("--type", "type_", metavar="TYPE", help="A media type, such as audio/mpeg.")
@click.option("--size", type=int, metavar="BYTES", help="How large it is.")
@click.option("--duration", type=Figure(0), metavar="SECONDS", help="How long it plays.")
@click.option("--failure", metavar="NAME", help="missing, forbidden, expired, too-large, not-media or slow.")
@click.option("--account", metavar="VENDOR/NAME", help="Hold the line for this account only.")
@reaching("--server")
def put(server: Server, type_: str | None, **given: Any) -> None:
    """Say what lies behind an address, beside what was said before; of the same address the new line counts."""
    if (given["url"] is None) is (given["prefix"] is None):
        raise SettingsError("a line of the table has either --url or --prefix")
    given["account"] = account = chosen(click.get_current_context(), "account")
    line = said({**given, "type": type_})
    before = ask(server, "GET", table_of(account))
    with understood(server):
        others = [item for item in before["items"] if place_of(item) != place_of(line)]
    show(server, ask(server, "PUT", table_of(account), {"items": [*others, line]}))


@media.command()
@of_account
@reaching()
def clear(server: Server, account: str | None) -> None:  # noqa: ARG001  # it may be the group's
    """Forget what was said of all addresses; with --account of one account's."""
    named = chosen(click.get_current_context(), "account")
    bid(server, "DELETE", table_of(named))
    show(server, ask(server, "GET", table_of(None)))


def table_of(account: str | None) -> str:
    return "/media?" + urlencode({"account": account}) if account else "/media"


def place_of(item: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(item.get(name) for name in PLACE)


def show(server: Server, found: Any) -> None:
    with understood(server):
        told = [line_of(item) for item in found["items"]]
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(told or ["nobody has said anything"]))


def line_of(item: Mapping[str, Any]) -> str:
    address = item["url"] if "url" in item else f"{item['prefix']}…"
    holder = f"  for {item['account']} only" if "account" in item else ""
    return f"{click.style(address, fg='cyan')}  {', '.join(facts_of(item)) or 'nothing known'}{holder}"


def facts_of(item: Mapping[str, Any]) -> Iterator[str]:
    for name, unit in (("type", ""), ("size", " bytes"), ("duration", " s"), ("failure", "")):
        if name in item:
            yield f"{item[name]}{unit}"
