"""`mockserver doctor`: looks whether everything that serving needs is here and sound."""

import asyncio
import json
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import click
from jsonschema import Draft202012Validator
from msgspec import Struct

from mockserver.creation import account_file, create_world, find_documents
from mockserver.engine.claims import claims_in, read_ledger
from mockserver.engine.document import Document
from mockserver.faces.certificates import identity
from mockserver.faces.plans import given, plan_of
from mockserver.faces.server import listen
from mockserver.faces.sharing import check_sharing, open_store
from mockserver.settings import Settings, SettingsError, read_settings

OLDEST = (3, 11)
PACKAGE = "vendor-mockserver"


class Finding(Struct, frozen=True):
    """One thing that was looked at: what, and what is wrong with it, if anything is."""

    what: str
    wrong: str | None = None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
def doctor(as_json: bool, documents: str | None) -> None:  # noqa: FBT001  # click passes flags by name
    """Check this installation: status 0 when all is well, 1 when something is not."""
    findings = list(look(given({"documents": documents})))
    if as_json:
        click.echo(json.dumps([{"what": each.what, "wrong": each.wrong} for each in findings], indent=2))
    else:
        for each in findings:
            click.echo(line(each))
    sys.exit(1 if any(each.wrong for each in findings) else 0)


def line(finding: Finding) -> str:
    if finding.wrong is None:
        return f"{click.style('ok', fg='green')}     {finding.what}"
    return f"{click.style('wrong', fg='red')}  {finding.what}: {finding.wrong}"


def look(flags: Mapping[str, Any]) -> Iterator[Finding]:
    yield look_at_python()
    yield from look_at_packages()
    try:
        settings = read_settings(flags)
        plan = plan_of(settings)
    except SettingsError as error:
        yield Finding("the settings", str(error))
        return
    yield attempt("the address is free", partial(try_listening, settings))
    yield attempt("the store can be asked", partial(try_store, settings))
    yield attempt("the certificate can be shown", partial(try_certificate, settings))
    try:
        documents = find_documents(plan)
    except ValueError as error:
        yield Finding("documents", str(error))
        return
    for name, document in documents.items():
        yield attempt(f"{name}: schemas", partial(check_schemas, document))
        yield attempt(f"{name}: claims", partial(check_claims, document))
        yield attempt(f"{name}: demo account", partial(account_file, document))
    yield attempt("a world can be made", lambda: asyncio.run(create_world(plan)))


def try_listening(settings: Settings) -> None:
    listen(settings).socket.close()


def try_store(settings: Settings) -> None:
    check_sharing(settings)
    if store := open_store(settings):
        asyncio.run(store.filled())


def try_certificate(settings: Settings) -> None:
    if asked := settings["tls"]:
        with identity(asked, ()):
            pass


def look_at_python() -> Finding:
    oldest = ".".join(map(str, OLDEST))
    wrong = None if sys.version_info >= OLDEST else f"this needs {oldest} or newer"
    return Finding(f"Python {platform.python_version()}", wrong)


def look_at_packages() -> Iterator[Finding]:
    """Yield each library that serving needs, and whether it is there."""
    for requirement in requirements():
        spec, _, marker = requirement.partition(";")
        name = re.split(r"[^\w.-]", spec.strip())[0]
        if "extra" in marker:
            continue
        try:
            yield Finding(f"{name} {version(name)}")
        except PackageNotFoundError:
            # What only makes it faster has a marker, and may be missing.
            yield Finding(name, None if marker else f"is not installed: pip install '{spec.strip()}'")


def requirements() -> Sequence[str]:
    """Return what the installed package needs; a checkout that is not installed cannot tell."""
    try:
        return requires(PACKAGE) or ()
    except PackageNotFoundError:
        return ()


def attempt(what: str, check: Callable[[], Any]) -> Finding:
    try:
        check()
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it is the finding
        return Finding(what, str(error).splitlines()[0][:300] if str(error) else type(error).__name__)
    return Finding(what)


def check_schemas(document: Document) -> None:
    """Hold every schema to the dialect's own rules: too slow for every start."""
    for endpoint in document.endpoints:
        for body in endpoint.bodies.values():
            Draft202012Validator.check_schema(body.shape.whole)
        for shape in endpoint.answers.values():
            Draft202012Validator.check_schema(shape.whole)
    if document.book:
        Draft202012Validator.check_schema(document.book.whole)


def check_claims(document: Document) -> None:
    known = read_ledger(document.folder).claims
    unknown = sorted(claims_in(document.content, document.content) - known.keys())
    if known and unknown:
        raise ValueError(f"claims.toml does not know {', '.join(unknown)}")
