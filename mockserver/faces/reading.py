"""The verbs that only read what is shipped: `claims`, `openapi`, `env`, `version`."""

import json
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator

import click

from mockserver import __version__
from mockserver.creation import account_file
from mockserver.engine.bundle import served
from mockserver.engine.claims import Ledger, read_ledger
from mockserver.engine.document import Document
from mockserver.faces.plans import find_document
from mockserver.model import Basis, Claim

COLOURS = {Basis.DOCUMENTED: "green", Basis.INFERRED: "cyan", Basis.ASSUMED: "yellow", Basis.OBSERVED: "green"}
WIDTH, UNMET = 80, "not emulated"
documents = click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
where = click.option("--url", envvar="MOCKSERVER_URL", help="Where the server is; as configured when left out.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("vendor")
@as_json
@documents
def claims(vendor: str, as_json: bool, documents: str | None) -> None:  # noqa: FBT001  # click passes flags by name
    """List what VENDOR's behaviour rests on: every sentence, and how it is known."""
    ledger = read_ledger(find_document(vendor, documents).folder)
    if as_json:
        items = [{"name": name, **dict(shown(claim))} for name, claim in ledger.claims.items()]
        click.echo(json.dumps({"vendor": vendor, "pages": dict(ledger.pages), "items": items}, indent=2))
        return
    click.echo(summary(vendor, ledger))
    for name, claim in ledger.claims.items():
        click.echo("\n".join(lines(name, claim)))


def shown(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "says", claim.says
    yield "basis", claim.basis.value
    for name in ("where", "page", "why", "unmet", "observed"):
        if value := getattr(claim, name):
            yield name, f"{value}"


def summary(vendor: str, ledger: Ledger) -> str:
    counts = Counter(claim.basis for claim in ledger.claims.values() if claim.unmet is None)
    known = ", ".join(f"{counts[basis]} {basis.value}" for basis in Basis if counts[basis]) or "no claim yet"
    unmet = sum(claim.unmet is not None for claim in ledger.claims.values())
    return click.style(f"{vendor}: {known}; {unmet} {UNMET}", bold=True) + "\n"


def lines(name: str, claim: Claim) -> Iterator[str]:
    basis = click.style(claim.basis.value.ljust(11), fg=COLOURS[claim.basis])
    day = f"  on {claim.observed}" if claim.observed else ""
    place = f"  ({claim.where})" if claim.where else ""
    yield f"{basis}{click.style(name, bold=True)}{click.style(place, dim=True)}{day}"
    yield textwrap.fill(claim.says, WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 11)
    for text in (claim.why and f"why: {claim.why}", claim.unmet and excuse(claim.unmet)):
        if text:
            filled = textwrap.fill(text, WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 13)
            yield click.style(filled, dim=True)


def excuse(text: str) -> str:
    return text if text.startswith(UNMET) else f"{UNMET}: {text}"


@click.command()
@click.argument("vendor")
@where
@documents
def openapi(vendor: str, url: str | None, documents: str | None) -> None:
    """Print VENDOR's OpenAPI document in one file: the very one that requests are judged by."""
    document = find_document(vendor, documents)
    click.echo(json.dumps(served(document.content, f"{address(url)}/{vendor}"), indent=2, ensure_ascii=False))


@click.command()
@click.argument("vendor")
@where
@documents
def env(vendor: str, url: str | None, documents: str | None) -> None:
    """Print assignments that point a client at VENDOR's demo account, safe to eval."""
    for name, value in assignments(find_document(vendor, documents), address(url)):
        click.echo(f"{name}={shlex.quote(value)}")


def address(url: str | None) -> str:
    from mockserver.faces.asking import own_address

    return (url or own_address()).rstrip("/")


def assignments(document: Document, url: str) -> Iterator[tuple[str, str]]:
    yield variable(f"{document.name}_url"), f"{url}/{document.name}"
    for name, value in account_file(document).credentials.items():
        yield variable(f"{document.name}_{name}"), value


def variable(name: str) -> str:
    """Return a name that every shell takes for a variable's."""
    plain = re.sub(r"\W", "_", name.upper(), flags=re.ASCII)
    return f"_{plain}" if plain[0].isdigit() else plain


@click.command()
@as_json
def version(as_json: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Print the version."""
    click.echo(json.dumps({"version": __version__}) if as_json else f"mockserver {__version__}")
