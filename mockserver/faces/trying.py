"""`mockserver try`: one request without a server, and the trail of its judgement."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from mockserver.control import Control
from mockserver.control.again import explain_as
from mockserver.control.asking import Asked as Request
from mockserver.control.asking import body_as_sent
from mockserver.control.keys import Shown, credentials
from mockserver.control.requests import arrive
from mockserver.control.telling import tell_edits
from mockserver.creation import Plan, create_world
from mockserver.engine.claims import Ledger
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.composing import Asked, address_of, request_of
from mockserver.faces.telling import report
from mockserver.settings import SettingsError
from mockserver.state.accounts import DEMO, account_key, read_account
from mockserver.world import Served, World


class Tried(Struct, frozen=True):
    """What became of the request; `mended` tells in lines what would make a refused one acceptable."""

    served: Served
    ledger: Ledger
    endpoint: Endpoint
    mended: tuple[str, ...] = ()


@click.command("try")
@click.argument("vendor")
@click.argument("operation")
@click.option("--path", "steps", multiple=True, metavar="NAME=VALUE", help="A value of the path; may be repeated.")
@click.option("--query", "query", multiple=True, metavar="NAME=VALUE", help="A query parameter; may be repeated.")
@click.option("--json", "body", metavar="JSON|@FILE", help="The body; beside a file, the form's JSON part.")
@click.option(
    "--file", "files", multiple=True, metavar="[NAME=]PATH", help="A file of a form; may be repeated. Or the body."
)
@click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help="A text of a form; may be repeated.")
@click.option(
    "--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header; replaces the demo credential's."
)
@click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
@click.option("--strict", is_flag=True, help="Refuse what the vendor would silently ignore.")
def try_operation(vendor: str, operation: str, documents: str | None, *, strict: bool, **rest: Any) -> None:
    """Send one request to VENDOR's OPERATION, in memory, as its demo account, and print how it was judged.

    Without a body the documented example is sent, one without files where there is one; values of the path are yours
    to give. Fields travel as the operation takes them, as a form's parts or as its pairs.
    Status 0 when it was accepted, 1 when it was refused or something broke.
    """
    plan = Plan(vendors=(vendor,), documents=Path(documents) if documents else None, is_strict=strict)
    tried = asyncio.run(send(plan, vendor, operation, Asked(**rest)))
    for line in (*report(tried.served, tried.ledger, tried.endpoint), *tried.mended):
        click.echo(line)
    sys.exit(1 if tried.served.decision.outcome.reply.status >= 400 else 0)


async def send(plan: Plan, vendor: str, operation: str, asked: Asked) -> Tried:
    world = await create_world(plan)
    endpoints = {endpoint.id: endpoint for endpoint in world.documents[vendor].endpoints}
    if operation not in endpoints:
        raise SettingsError(f"{vendor} has no operation {operation!r}: known are {', '.join(endpoints)}")
    endpoint = endpoints[operation]
    address = address_of(asked, endpoint)
    headers, body = request_of(asked, endpoint, await demo_credential(world, vendor, endpoint))
    arrival = arrive(endpoint.method, address, headers, body, f"mock://{vendor}")
    served = await world.serve(vendor, arrival)
    request = Request(endpoint.method, address, vendor, headers, body_as_sent(served.call, body))
    mended = tuple(await mend(world, served, request)) if served.decision.refused_by else ()
    return Tried(served, world.ledger(vendor), endpoint, mended)


async def mend(world: World, served: Served, request: Request) -> Iterator[str]:
    """Return in lines what would make the request acceptable, judged as it was sent, secrets and all."""
    return tell_edits(await explain_as(world, await Control(world).journal.entry(served.call.id), request))


async def demo_credential(world: World, vendor: str, endpoint: Endpoint) -> Shown | None:
    (held,) = await world.store.read([account_key(vendor, DEMO)])
    return next(credentials(endpoint, world.vendors[vendor], read_account(held)), None) if held else None
