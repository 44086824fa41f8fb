"""`mockserver snapshot` and `mockserver reset`: a running server's whole state, kept, put back, or as it began."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from mockserver.faces.asking import Server, ask, ask_text, reaching, understood
from mockserver.settings import SettingsError

WORDS = ("records", "journal", "faults", "clock", "webhooks", "accounts")
# The largest snapshot takes a while to be read and judged.
PATIENCE = 120.0
STREAM = "-"


@click.group()
def snapshot() -> None:
    """Keep all that a running server holds, or put it back."""


@snapshot.command()
@click.argument("file", metavar="FILE")
@reaching()
def save(server: Server, file: str) -> None:
    """Write all state to FILE, `-` for standard output. It holds the accounts' credentials."""
    text = ask_text(server, "/snapshot", patience=PATIENCE)
    if file == STREAM:
        click.echo(text)
        return
    # For nobody else to read: what opens accounts is in it.
    with open(file, "w", encoding="utf-8", opener=private) as kept:  # Path knows no opener
        kept.write(text)
    told = {"file": file, "bytes": len(text.encode())}
    click.echo(json.dumps(told) if server.as_json else f"{file}: {told['bytes']} bytes, credentials included")


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@snapshot.command()
@click.argument("file", metavar="FILE")
@reaching()
def restore(server: Server, file: str) -> None:
    """Put the state of FILE, `-` for standard input, in the place of the server's: all of it or nothing."""
    try:
        wanted = json.loads(sys.stdin.read() if file == STREAM else Path(file).read_text("utf-8"))
    except ValueError as error:
        raise SettingsError(f"{file}: this is no snapshot: {error}") from None
    found = ask(server, "PUT", "/snapshot", wanted, patience=PATIENCE)
    with understood(server):
        line = ", ".join(f"{count} {name}" for name, count in found["rows"].items())
    click.echo(json.dumps(found, indent=2) if server.as_json else f"restored: {line}")


@click.command()
@click.option("--account", metavar="VENDOR/NAME", help="Of this account only.")
@click.option("--what", multiple=True, type=click.Choice(WORDS), help="Only this; may be repeated.")
@reaching()
def reset(server: Server, account: str | None, what: tuple[str, ...]) -> None:
    """Lead a running server back to how it started; an account opened since, to how it was opened."""
    wanted: dict[str, Any] = {**({"account": account} if account else {}), **({"what": what} if what else {})}
    ask(server, "POST", "/reset", wanted)
    told = ", ".join(what) or "all of it"
    click.echo(json.dumps(wanted) if server.as_json else f"as it began: {told}{f' of {account}' if account else ''}")
