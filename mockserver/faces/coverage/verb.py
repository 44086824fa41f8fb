"""`mockserver coverage`: which of the vendors' rules a running server has seen kept and broken."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from mockserver.faces import asking
from mockserver.faces.asking import Server, reaching
from mockserver.faces.coverage.text import tell
from mockserver.faces.figures import Figure
from mockserver.kit.coverage import Report, merged
from mockserver.kit.wishes import narrowed

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "good": {"fg": "green"},
    "bad": {"fg": "yellow"},
    "title": {"bold": True},
    "faint": {"dim": True},
}


@click.command()
@click.option("--vendor", "vendors", multiple=True, metavar="VENDOR", help="Of this vendor; may be repeated.")
@click.option("--account", metavar="NAME", help="What calls of this account have shown.")
@click.option("--junit", metavar="FILE", help="Write JUnit's XML as well; what was never seen is skipped there.")
@click.option("--html", metavar="FILE", help="Write a page as well, in one file.")
@click.option("--fail-under", type=Figure(0, 100), metavar="N", help="Status 1 where less percent is seen.")
@reaching()
def coverage(server: Server, vendors: tuple[str, ...], account: str | None, **wanted: Any) -> None:
    """Tell which claims calls have kept and broken: of all vendors that were called, or of those that are named."""
    report, least = find(server, vendors, account), wanted["fail_under"]
    if wanted["junit"]:
        from mockserver.faces.coverage.junit import junit

        Path(wanted["junit"]).write_bytes(junit(report, least))
    if wanted["html"]:
        from mockserver.faces.coverage.page import page

        Path(wanted["html"]).write_text(page(report), "utf-8")
    whole = json.dumps(msgspec.to_builtins(report), indent=2) if server.as_json else "\n".join(tell(report, dress))
    click.echo(whole)
    if least is not None and report.totals.percent < least:
        asking.tell(f"{report.totals.percent:g} % is seen, and at least {least:g} % is asked for")


def find(server: Server, vendors: tuple[str, ...], account: str | None) -> Report:
    """Return what a server tells, of all vendors only of those that were called."""
    if not vendors:
        return read(server, account=account).called()
    return merged(read(server, vendor=vendor, account=account) for vendor in vendors)


def read(server: Server, **whose: str | None) -> Report:
    found = asking.ask(server, "GET", narrowed("/coverage", whose))
    try:
        return msgspec.convert(found, Report)
    except msgspec.ValidationError:
        asking.tell(f"{server.address} answers, but is no mockserver")


def dress(text: str, look: str) -> str:
    return click.style(text, **LOOKS[look])
