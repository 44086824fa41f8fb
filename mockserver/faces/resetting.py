"""`mockserver snapshot` and `mockserver reset`: a running server's whole state, kept, put back, or as it began."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click
import msgspec
from msgspec import Raw, Struct

from mockserver.faces.asking import Server, ask, ask_text, bid, reaching, understood
from mockserver.faces.helping import Group
from mockserver.settings import SettingsError, parsed

WORDS = ("records", "journal", "faults", "clock", "webhooks", "accounts")
# The largest snapshot takes a while to be read and judged.
PATIENCE = 120.0
STREAM = "-"


class Kept(Struct, frozen=True):
    """By what a snapshot is known; whether it can be put back, the server that is to hold it says."""

    format: int
    shelves: Mapping[str, Raw]


@click.group(cls=Group)
def snapshot() -> None:
    """Keep all that a running server holds, or put it back."""


@snapshot.command()
@click.argument("file", metavar="FILE")
@reaching()
def save(server: Server, file: str) -> None:
    """Write all state to FILE, `-` for standard output. It holds the accounts' credentials."""
    text = ask_text(server, "/snapshot", patience=PATIENCE)
    with understood(server):
        msgspec.json.decode(text, type=Kept)
    if file == STREAM:
        click.echo(text)
        return
    content = text.encode()
    write(file, content)
    told = {"file": file, "bytes": len(content)}
    click.echo(json.dumps(told) if server.as_json else f"{file}: {told['bytes']} bytes, credentials included")


def write(file: str, content: bytes) -> None:
    """Write a file whole or not at all. Raises SettingsError for one that cannot be written."""
    path = Path(file)
    try:
        if path.exists() and not path.is_file():  # a device or a pipe
            path.write_bytes(content)
        else:
            replace(path.resolve(), content)
    except OSError as error:
        raise SettingsError(f"{file}: {(error.strerror or 'cannot be written').lower()}") from None


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another, for nobody else to read: what opens accounts is in it."""
    with NamedTemporaryFile(prefix=".snapshot-", dir=path.parent, delete=False) as begun:
        made = Path(begun.name)
        try:
            begun.write(content)
            begun.close()
            made.replace(path)
        except BaseException:
            made.unlink()
            raise


@snapshot.command()
@click.argument("file", metavar="FILE")
@reaching()
def restore(server: Server, file: str) -> None:
    """Put the state of FILE, `-` for standard input, in the place of the server's: all of it or nothing."""
    try:
        wanted = parsed(json.loads, sys.stdin.read() if file == STREAM else Path(file).read_text("utf-8"))
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
    """Lead a running server back to how it started, without accounts opened since; or one account to how it began."""
    wanted: dict[str, Any] = {**({"account": account} if account else {}), **({"what": what} if what else {})}
    bid(server, "POST", "/reset", wanted)
    told = ", ".join(what) or "all of it"
    click.echo(json.dumps(wanted) if server.as_json else f"as it began: {told}{f' of {account}' if account else ''}")
