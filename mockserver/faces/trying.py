"""`mockserver try`: one request without a server, and the trail of its judgement."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from mockserver.control import Control
from mockserver.control.keys import BODY, Shown, credentials
from mockserver.control.requests import BOUNDARY, Part, arrive, encode
from mockserver.control.telling import tell_edits
from mockserver.creation import Plan, create_world
from mockserver.engine.claims import Ledger
from mockserver.engine.endpoint import Body, Endpoint
from mockserver.faces.demo import (
    FORM,
    JSON,
    fields_of,
    file_name,
    is_file,
    sample_of,
    with_credential,
)
from mockserver.faces.telling import report
from mockserver.settings import SettingsError
from mockserver.state.accounts import DEMO, account_key, read_account
from mockserver.world import Served, World


class Asked(Struct, frozen=True):
    """What the command line says of the request."""

    body: str | None
    files: tuple[str, ...]
    fields: tuple[str, ...]
    headers: tuple[str, ...]

    @property
    def has_body(self) -> bool:
        return self.body is not None or bool(self.files or self.fields)


class Tried(Struct, frozen=True):
    """What became of the request; `mended` tells in lines what would make a refused one acceptable."""

    served: Served
    ledger: Ledger
    endpoint: Endpoint
    mended: tuple[str, ...] = ()


@click.command("try")
@click.argument("vendor")
@click.argument("operation")
@click.option("--json", "body", metavar="JSON|@FILE", help="The body; beside a file, the form's JSON part.")
@click.option("--file", "files", multiple=True, metavar="[NAME=]PATH", help="A file of a form; may be repeated.")
@click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help="A text of a form; may be repeated.")
@click.option(
    "--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header; replaces the demo credential's."
)
@click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
@click.option("--strict", is_flag=True, help="Refuse what the vendor would silently ignore.")
def try_operation(vendor: str, operation: str, documents: str | None, *, strict: bool, **rest: Any) -> None:
    """Send one request to VENDOR's OPERATION, in memory, as its demo account, and print how it was judged.

    Without a body the documented example is sent, one without files where there is one.
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
    headers, body = request_of(asked, endpoint, await demo_credential(world, vendor, endpoint))
    arrival = arrive(endpoint.method, endpoint.path, headers, body, f"mock://{vendor}")
    served = await world.serve(vendor, arrival)
    mended = tell_edits(await Control(world).explain_call(served.call.id)) if served.decision.refused_by else ()
    return Tried(served, world.ledger(vendor), endpoint, tuple(mended))


async def demo_credential(world: World, vendor: str, endpoint: Endpoint) -> Shown | None:
    (held,) = await world.store.read([account_key(vendor, DEMO)])
    return next(credentials(endpoint, world.vendors[vendor], read_account(held)), None) if held else None


def request_of(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> tuple[dict[str, str], bytes]:
    """Return headers and body: a form when files or fields are given or the operation takes nothing else."""
    headers = dict(split(header, ":", "--header") for header in asked.headers)
    if shown and shown.place != BODY and shown.name.lower() not in {name.lower() for name in headers}:
        headers[shown.name] = shown.value
    form = endpoint.bodies.get(FORM)
    if form and (asked.files or asked.fields or JSON not in endpoint.bodies):
        parts = list(parts_of(asked, form, shown) if asked.has_body else parts_shown(endpoint, shown))
        return {"Content-Type": f"{FORM}; boundary={BOUNDARY}", **headers}, encode(parts)
    if asked.files or asked.fields:
        raise SettingsError(f"{endpoint.id} takes no form: use --json")
    text = json_of(asked, endpoint, shown)
    return ({"Content-Type": JSON, **headers}, text.encode()) if text is not None else (headers, b"")


def json_of(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> str | None:
    """Return the body as given, else the documented one; the credential joins it where it is a field of an object."""
    if asked.body is None:
        sample = sample_of(endpoint)
        return json.dumps(with_credential(sample.value, shown)) if sample else None
    text = text_of(asked.body)
    if shown is None or shown.place != BODY:
        return text
    try:
        return json.dumps(with_credential(json.loads(text), shown))
    except ValueError:
        return text


def parts_shown(endpoint: Endpoint, shown: Shown | None) -> Iterator[Part]:
    """Yield the parts of the documented form; a file's bytes are what the example says of them."""
    sample = sample_of(endpoint)
    if sample and sample.form:
        for name, text in fields_of(sample, shown).items():
            yield Part(name, text.encode(), file_name(text) if is_file(sample.form, name) else None)


def parts_of(asked: Asked, form: Body, shown: Shown | None) -> Iterator[Part]:
    named = [split(field, "=", "--field") for field in asked.fields]
    if shown and shown.place == BODY and shown.name not in dict(named):
        yield Part(shown.name, shown.value.encode())
    yield from (Part(name, text.encode()) for name, text in named)
    if asked.body is not None:
        json_part = form.inner or next((part.name for part in form.parts.values() if part.is_json), None)
        if json_part is None:
            raise SettingsError("this form has no JSON part: use --field NAME=TEXT")
        yield Part(json_part, text_of(asked.body).encode())
    for file in asked.files:
        yield file_part(file, form)


def file_part(file: str, form: Body) -> Part:
    """Read NAME=PATH; what has a slash before its first = is a path and no name."""
    name, equals, path = file.partition("=")
    if not equals or "/" in name:
        name, path = next((part.name for part in form.parts.values() if part.is_file), "file"), file
    return Part(name, read(Path(path)), Path(path).name)


def split(text: str, mark: str, flag: str) -> tuple[str, str]:
    name, found, value = text.partition(mark)
    if not found:
        raise SettingsError(f"{flag} is NAME{mark}VALUE, not {text!r}")
    return name.strip(), value.strip() if mark == ":" else value


def text_of(given: str) -> str:
    return read(Path(given[1:])).decode("utf-8", "replace") if given.startswith("@") else given


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
