"""What a running server holds: `mockserver accounts` and `records`; and `mockserver wait`, until it is there."""

import json
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from threading import Event
from time import monotonic  # noqa: TID251  # a server that is yet to start has no clock to wait by
from typing import Any
from urllib.parse import quote

import click

from mockserver.faces.asking import Server, Verb, ask, bid, is_alone, list_items, opener, reaching, request, understood
from mockserver.faces.figures import Figure
from mockserver.faces.helping import Group
from mockserver.kit.wishes import narrowed, said
from mockserver.settings import SettingsError, parsed

PAUSE = 0.05


@click.group(cls=Group, invoke_without_command=True)
@click.option("--vendor", help="Of this vendor only.")
@click.option("--account", help="Of this account only.")
@click.option("--kind", help="Of this kind only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="At most so many, newest first.")
@reaching()
def records(server: Server, **asked: Any) -> None:
    """List what vendors remember, as it stands now, newest first."""
    if is_alone():
        list_items(server, narrowed("/records", asked), line_of, "nothing is remembered")


def naming(function: Verb) -> Verb:
    """Hand a verb the record that its words name."""
    function = click.option("--kind", help="Its kind, where several have the id.")(function)
    function = click.option("--account", metavar="VENDOR/NAME", help="Whose it is, where several have it.")(function)
    return click.argument("ident", metavar="ID")(function)


@records.command()
@naming
@reaching()
def show(server: Server, **named: Any) -> None:
    """Show one record: what was kept, and what its timeline has come to."""
    found = ask(server, "GET", record_address(**named))
    with understood(server):
        line_of(found)
    show_record(found)


@records.command()
@naming
@reaching()
def advance(server: Server, **named: Any) -> None:
    """Bring a record's next moment about: status 1 where nothing further happens to it."""
    turn(server, record_address("/advance", **named))


@records.command()
@naming
@reaching()
def fail(server: Server, **named: Any) -> None:
    """Let a record fail: status 1 where it cannot, or is done."""
    turn(server, record_address("/fail", **named))


def record_address(verb: str = "", *, ident: str, **whose: str | None) -> str:
    return narrowed(f"/records/{quote(ident, safe='')}{verb}", whose)


def turn(server: Server, path: str) -> None:
    found = ask(server, "POST", path, failing=HTTPStatus.CONFLICT)
    with understood(server):
        line = line_of(found)
    show_record(found) if server.as_json else click.echo(line)


def show_record(found: Any) -> None:
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def line_of(record: Mapping[str, Any]) -> str:
    stage = f"  {record['stage']} of {len(record['timeline'])} moments past" if record["timeline"] else ""
    fate = ", failed" if record["failed"] else ""
    return f"{record['id']}  {record['vendor']}/{record['account']}  {record['kind']}{stage}{fate}"


@click.group(cls=Group, invoke_without_command=True)
@click.option("--vendor", help="Of this vendor only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, help="At most so many, newest first.")
@reaching()
def accounts(server: Server, **asked: Any) -> None:
    """List the accounts of a running server; the verbs below open, show, change and close one."""
    if is_alone():
        list_items(server, narrowed("/accounts", asked), account_line, "there are none")


def account_line(account: Mapping[str, Any]) -> str:
    return f"{account['vendor']}/{account['name']}  {account['url']}"


@accounts.command("open")
@click.argument("vendor")
@click.option("--name", help="Its name; made up when left out.")
@click.option("--credits", "money", type=Figure(0), help="Its credits; as demo's when left out.")
@click.option("--scenario", help="The scenario it begins under.")
@reaching()
def open_account(server: Server, vendor: str, money: float | None, **given: Any) -> None:
    """Open an account of VENDOR and print its credentials."""
    wish = {"vendor": vendor, "credits": money, **given}
    tell(server, ask(server, "POST", "/accounts", said(wish)))


@accounts.command("show")
@click.argument("account", metavar="VENDOR/NAME")
@reaching()
def show_account(server: Server, account: str) -> None:
    """Show an account."""
    tell(server, ask(server, "GET", address_of(account)))


@accounts.command("change")
@click.argument("account", metavar="VENDOR/NAME")
@click.argument("patch", metavar="JSON")
@reaching()
def change_account(server: Server, account: str, patch: str) -> None:
    """Merge a JSON merge patch into an account: credits, credentials, book, options."""
    try:
        wanted = parsed(json.loads, patch)
    except ValueError as error:
        raise SettingsError(f"the patch is no JSON: {error}") from None
    tell(server, ask(server, "PATCH", address_of(account), wanted))


@accounts.command("close")
@click.argument("account", metavar="VENDOR/NAME")
@reaching()
def close_account(server: Server, account: str) -> None:
    """Take an account away with all its records."""
    bid(server, "DELETE", address_of(account))
    click.echo(json.dumps({}) if server.as_json else f"{account} is closed")


def address_of(account: str) -> str:
    vendor, slash, name = account.partition("/")
    if not (vendor and slash and name):
        raise SettingsError(f"an account is written VENDOR/NAME, not {account!r}")
    return f"/accounts/{quote(vendor, safe='')}/{quote(name, safe='')}"


def tell(server: Server, found: Any) -> None:
    with understood(server):
        lines = [f"{found['vendor']}/{found['name']}  {found['url']}"]
        lines += [f"  {name}  {value}" for name, value in found["credentials"].items()]
        lines += [f"  credits  {found['credits']:g}"] if "credits" in found else []
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines))


@click.command()
@click.option("--timeout", type=Figure(0, 600), default=30.0, help="In seconds.")
@reaching()
def wait(server: Server, timeout: float) -> None:
    """Wait until a server accepts requests: status 0 when it does, 1 when time is up."""
    until, pause = monotonic() + timeout, Event()
    while not is_ready(server):
        if monotonic() >= until:
            click.echo(f"mockserver: {server.address} was not ready within {timeout:g} s", err=True)
            sys.exit(1)
        pause.wait(PAUSE)
    click.echo(json.dumps({"status": "ok"}) if server.as_json else f"ok: {server.address} is ready")


def is_ready(server: Server) -> bool:
    way = opener(server)
    try:
        with way.open(request(server, "GET", "/ready", None), timeout=1) as answer:
            return bool(parsed(json.loads, answer.read())["status"] == "ok")
    except (HTTPException, OSError, ValueError, KeyError, TypeError):
        return False
