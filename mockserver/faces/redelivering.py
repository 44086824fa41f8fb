"""`mockserver webhooks`: what a running server sent, once more, and now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click

from mockserver.faces.asking import PATIENCE, Server, ask, is_alone, reaching, understood
from mockserver.faces.helping import Group
from mockserver.kit.wishes import narrowed
from mockserver.state.deliveries import STATES


@click.group(cls=Group, invoke_without_command=True)
@click.option("--vendor", help="Of this vendor only.")
@click.option("--account", help="Of this account only.")
@click.option("--state", type=click.Choice(STATES), help="In this state only.")
@click.option("--record", help="Of this record only.")
@click.option("--call", help="Of the records that this call has made only.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="At most so many, newest first.")
@reaching()
def webhooks(server: Server, **asked: Any) -> None:
    """List webhooks and what became of them, newest first; the verbs below send them."""
    if is_alone():
        found = ask(server, "GET", narrowed("/webhooks", asked))
        show(server, found, found, "nothing was to be sent")


@webhooks.command()
@click.option("--vendor", help="Of this vendor only.")
@click.option("--account", help="Of this account only.")
@reaching()
def flush(server: Server, **asked: Any) -> None:
    """Send what is due now, each once, and wait for the answers."""
    found = ask(server, "POST", narrowed("/webhooks/flush", asked), patience=PATIENCE)
    show(server, found, found, "nothing is due")


@webhooks.command()
@click.argument("ident", metavar="ID")
@reaching()
def redeliver(server: Server, ident: str) -> None:
    """Send a webhook once more, now."""
    found = ask(server, "POST", f"/webhooks/{quote(ident, safe='')}/redeliver", patience=PATIENCE)
    show(server, found, {"items": [found]}, "")


def show(server: Server, found: Any, page: Any, nothing: str) -> None:
    with understood(server):
        lines = [line for each in page["items"] for line in lines_of(each)]
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines or [nothing]))


def lines_of(delivery: Mapping[str, Any]) -> Iterator[str]:
    holder = f"{delivery['vendor']}/{delivery['account']}"
    yield f"{delivery['id']}  {holder}  {delivery['event']}  {delivery['state']}  {delivery['url']}"
    attempts: Sequence[Mapping[str, Any]] = delivery["attempts"]
    for attempt in attempts:
        told = ", ".join(f"{attempt[name]}" for name in ("status", "error") if attempt[name] is not None)
        yield f"  {attempt['at']}  {told}  {attempt['seconds']:g} s"
    if delivery["next"]:
        yield f"  next {delivery['next']}"
