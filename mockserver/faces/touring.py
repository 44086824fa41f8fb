"""`mockserver tour`: a vendor's whole journey, walked in memory and told as it goes."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import click
from msgspec import Struct

from mockserver.control import Control
from mockserver.control.requests import arrive
from mockserver.creation import Plan, create_world
from mockserver.engine.claims import Ledger
from mockserver.faces.addresses import Addresses, Place
from mockserver.faces.telling import brief, explain, report_advice, status_line
from mockserver.faces.tours import Step, Tour, body_of, filled, pointed_at, read_tour, shown_body
from mockserver.world import Served, World

ORIGIN = "http://127.0.0.1:4747"
LONGEST_HEADER = 64
MARGIN = "   "


class Walked(Struct, frozen=True):
    """A step as it was sent, and what came of it; `wrong` says why the tour ends here, where it does."""

    number: int
    step: Step
    served: Served
    body: Any
    wrong: str | None = None


@click.command()
@click.argument("vendor")
@click.option("--json", "as_json", is_flag=True, help="Print the steps with their requests and answers as JSON.")
def tour(vendor: str, as_json: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Walk VENDOR's whole journey in memory, with its demo account, and print every request and answer.

    Waits pass at once: only the mock's own clock is moved. Status 1 when an answer is not the one that was foretold.
    """
    planned = read_tour(vendor)
    world = asyncio.run(create_world(Plan(vendors=(vendor,), seed="tour", check_replies=True)))
    wrong = asyncio.run(tell_as_json(world, vendor, planned) if as_json else tell(world, vendor, planned))
    if wrong:
        click.echo(f"mockserver: {wrong}", err=True)
    sys.exit(1 if wrong else 0)


async def tell(world: World, vendor: str, planned: Tour) -> str | None:
    """Print a tour step by step; return why it ended early, None when it did not."""
    click.echo(f"{click.style(vendor, bold=True)}: {planned.says}")
    async for walked in walk(world, vendor, planned):
        for line in lines_of(walked, world.ledger(walked.served.call.vendor)):
            click.echo(line)
        if walked.wrong:
            return walked.wrong
    steps = len(planned.steps)
    click.echo(f"\n{steps} steps, each answered as foretold. To take them yourself: mockserver serve")
    return None


async def tell_as_json(world: World, vendor: str, planned: Tour) -> str | None:
    walked = [each async for each in walk(world, vendor, planned)]
    click.echo(json.dumps([plain(each) for each in walked], indent=2, ensure_ascii=False))
    return walked[-1].wrong if walked else None


async def walk(world: World, vendor: str, planned: Tour) -> AsyncIterator[Walked]:
    """Yield the steps as they are taken, up to the first that goes wrong."""
    clock, kept = Control(world).clock, dict[str, str]()
    for number, written in enumerate(planned.steps, 1):
        step = filled(written, kept)
        if step.wait:
            await clock.advance(step.wait)
        served = await send(world, vendor, step)
        body = body_in(served)
        found = {name: pointed_at(body, pointer) for name, pointer in step.keep.items()}
        kept |= {name: text for name, text in found.items() if text is not None}
        wrong = fault_of(number, step, served, found)
        yield Walked(number, step, served, body, wrong)
        if wrong:
            return


def fault_of(number: int, step: Step, served: Served, found: dict[str, str | None]) -> str | None:
    status = served.decision.outcome.reply.status
    if status != step.status:
        return f"step {number} was answered {status}, not {step.status}: {step.says}"
    missing = next((step.keep[name] for name, text in found.items() if text is None), None)
    return f"step {number} was answered without {missing}: {step.says}" if missing else None


async def send(world: World, vendor: str, step: Step) -> Served:
    place = place_of(world, vendor, step.path)
    own, body = body_of(step)
    arrival = arrive(step.method, place.path, own | step.headers, body, ORIGIN + place.prefix)
    return await world.serve(place.vendor, arrival)


def place_of(world: World, vendor: str, path: str) -> Place:
    """Return where a request goes; an address that an answer gave leads where it would over the wire."""
    if path.startswith("/"):
        return Place(vendor, path, f"/{vendor}")
    address = urlsplit(path)
    place = Addresses(world.documents).find(address.hostname or "", address.path)
    query = f"?{address.query}" if address.query else ""
    return Place(place.vendor, place.path + query, place.prefix) if place else Place(vendor, path, f"/{vendor}")


def body_in(served: Served) -> Any:
    content, kind = served.content, served.decision.outcome.reply.media_type
    if not content:
        return None
    return json.loads(content) if (kind or "").endswith("json") else content.decode()


def plain(walked: Walked) -> dict[str, Any]:
    step, decision = walked.step, walked.served.decision
    request = {"method": step.method, "path": step.path, "headers": step.headers, "body": shown_body(step)}
    reply = decision.outcome.reply
    answer = {"status": reply.status, "headers": dict(reply.headers), "body": walked.body}
    known = {"basis": decision.basis.value, "refused_by": decision.refused_by}
    return {"says": step.says, "waited": step.wait, "request": request, "answer": {**answer, **known}}


def lines_of(walked: Walked, ledger: Ledger) -> Iterator[str]:
    step, decision = walked.step, walked.served.decision
    if step.wait:
        yield f"\n{MARGIN}{click.style(f'… {step.wait:g} s later', dim=True)}"
    yield f"\n{walked.number}. {click.style(step.says, bold=True)}"
    yield f"{MARGIN}{click.style(step.method, fg='cyan')} {step.path}"
    for name, value in step.headers.items():
        shown = value if len(value) <= LONGEST_HEADER else f"{value[:LONGEST_HEADER]}…"
        yield MARGIN + click.style(f"{name}: {shown}", dim=True)
    yield from (MARGIN + line for line in brief(shown_body(step)))
    yield MARGIN + status_line(decision.outcome.reply, decision.basis.value)
    if refused_by := decision.refused_by:
        name = refused_by.partition("/")[2]
        yield f"{MARGIN}X-Mock-Refused-By: {refused_by}"
        yield f"{MARGIN}{explain(name, ledger.claims.get(name))}"
    yield from (MARGIN + line.strip() for line in report_advice(walked.served))
    yield from (MARGIN + line for line in brief(walked.body))
