"""`mockserver verify`: send the cases to whoever answers at an address, and tell where it differs from them."""

import asyncio
import json
import sys
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import click

from mockserver.cases import CasesError
from mockserver.engine.claims import read_ledger
from mockserver.faces.asking import Server, context_of, reaching
from mockserver.faces.figures import Figure
from mockserver.faces.verifying.carrying import DIFFERS, Verdict, carry
from mockserver.faces.verifying.finding import find_target
from mockserver.faces.verifying.observing import Observed, read_claims, shown_claims, write_claims
from mockserver.faces.verifying.saying import hiding, lines_of, summary, whole
from mockserver.faces.verifying.targets import Target, Terms
from mockserver.faces.verifying.wanting import PRINTED, Wanted, check_consent, find_cases, is_loopback, terms_of
from mockserver.faces.verifying.wire import wired
from mockserver.settings import SettingsError


@click.command()
@click.argument("cases", metavar="VENDOR|FOLDER")
@click.option("--token", envvar="MOCKSERVER_VERIFY_TOKEN", metavar="TOKEN", help="The credential that cases go by.")
@click.option(
    "--credential",
    "credentials",
    multiple=True,
    metavar="NAME=VALUE",
    help="A credential by its name, such as client_id; may be repeated.",
)
@click.option(
    "--replace",
    "replaced",
    multiple=True,
    metavar="OLD=NEW",
    help="Send NEW where cases hold OLD, an id or an address of the demo account; may be repeated.",
)
@click.option("-k", "chosen", metavar="TEXT", help="Only cases with this in their name.")
@click.option("--timeout", type=Figure(0.1, 120), default=10.0, help="Seconds for each request.")
@click.option(
    "--for-real",
    is_flag=True,
    help="Needed beyond loopback: made-up recordings are uploaded there, things made and deleted; it may cost credits.",
)
@click.option(
    "--observed",
    is_flag=False,
    flag_value=PRINTED,
    metavar="[FILE]",
    help="List the claims that the vendor has shown, with the date: here, in a new FILE, or in a claims.toml.",
)
@click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
@reaching("--against")
def verify(server: Server, **wanted: Any) -> None:
    """Send the cases of VENDOR, or of a FOLDER named after one, and tell which answers differ.

    A mock gives each case an account of its own, and its clock is moved on for everybody. Anybody else is asked only
    what a client would ask, and held to the status and to the shape of refusals; a case that needs more is told, and
    not sent. Status 0 when all that were sent agree, 1 when one differs.
    """
    try:
        verdicts = asyncio.run(run(server, Wanted(**wanted)))
    except CasesError as error:
        raise SettingsError(f"{error}") from None
    sys.exit(1 if any(each.outcome == DIFFERS for each in verdicts) else 0)


async def run(server: Server, wanted: Wanted) -> list[Verdict]:
    """Carry all cases out one after another; each is told when it is done, as JSON all at the end."""
    vendor, cases = find_cases(wanted)
    terms = terms_of(wanted, vendor)
    check_consent(server.address, wanted)
    claims = read_ledger(terms.document.folder).claims
    if wanted.file:
        read_claims(wanted.file, claims)
    verdicts, hide = list[Verdict](), hiding(terms.given)
    async with wired(wanted.timeout, context_of(server)) as wire:
        target = await find_target(wire, server, terms)
        check_target(target, wanted, terms)
        for located in cases:
            verdicts.append(await carry(located, target))
            if not server.as_json:
                click.echo("\n".join(lines_of(verdicts[-1], hide)))
    observed = observe(verdicts, wanted, claims, terms.at.date())
    if server.as_json:
        told = whole(verdicts, vendor, target, observed, hide)
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(summary(verdicts, vendor, target, observed, wanted.file)))
    return verdicts


def observe(verdicts: Sequence[Verdict], wanted: Wanted, known: Collection[str], day: date) -> Observed | None:
    """Return the claims that were shown, and write them down where a file was named; None where nobody asked."""
    if not wanted.observed:
        return None
    check_proof(wanted, is_mock=any(each.is_marked for each in verdicts))
    claims = shown_claims(verdicts, known)
    if wanted.file:
        write_claims(wanted.file, claims, day)
    return Observed(day, claims)


def check_target(target: Target, wanted: Wanted, terms: Terms) -> None:
    check_proof(wanted, is_mock=target.is_mock)
    if not (target.is_mock or terms.given or is_loopback(target.address)):
        raise SettingsError(f"{target.address} knows no demo account: name a credential by --token or --credential")


def check_proof(wanted: Wanted, *, is_mock: bool) -> None:
    if wanted.observed and is_mock:
        raise SettingsError("a mock proves nothing about the vendor: --observed is for the vendor itself")
