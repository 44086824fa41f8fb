"""`mockserver explain`: why a request would be refused, asked of a world in memory or of a running server."""

import asyncio
import json
import sys
from pathlib import Path

import click
import msgspec

from mockserver.control import Control
from mockserver.control.asking import Asked
from mockserver.control.explanation import Explanation
from mockserver.control.telling import tell
from mockserver.control.trails import FAILED, PASSED
from mockserver.creation import Plan, create_world
from mockserver.engine.read_json import read_json
from mockserver.faces.composing import split, text_of
from mockserver.settings import SettingsError

COLOURS = {PASSED: "green", FAILED: "red"}


@click.command()
@click.argument("vendor")
@click.argument("method")
@click.argument("path")
@click.option("--body", default=None, metavar="TEXT|@FILE", help="The body: JSON, or text as it is.")
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--documents", default=None, metavar="FOLDER", help="Folder laid over our documents.")
def explain(  # noqa: PLR0917  # click passes them by name
    vendor: str,
    method: str,
    path: str,
    body: str | None,
    headers: tuple[str, ...],
    as_json: bool,  # noqa: FBT001
    documents: str | None,
) -> None:
    """Tell what VENDOR would make of METHOD PATH, rule by rule, and the smallest edit that makes it acceptable.

    Nothing is kept. Status 0 when it would be accepted, 1 when not.
    """
    if not path.startswith("/"):
        raise SettingsError(f"PATH begins with a slash, not {path!r}")
    asked = Asked(method.upper(), path, vendor, dict(split(each, ":", "--header") for each in headers), read(body))
    plan = Plan(vendors=(vendor,), documents=Path(documents) if documents else None)
    explanation = asyncio.run(explained(plan, asked))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(explanation), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(tell(explanation, dress)))
    sys.exit(1 if explanation.refused_by else 0)


async def explained(plan: Plan, asked: Asked) -> Explanation:
    return await Control(await create_world(plan)).explain(asked)


def read(body: str | None) -> object:
    """Return the body as the JSON value that it is, else as the text that it is, which a vendor refuses as it would."""
    if body is None:
        return None
    text = text_of(body)
    try:
        return read_json(text.encode()).value
    except ValueError:
        return text


def dress(text: str, verdict: str) -> str:
    return click.style(text, fg=COLOURS.get(verdict), dim=verdict not in COLOURS)
