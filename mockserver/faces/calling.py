"""`mockserver journal`: the calls that a running server received, with their trail."""

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import click

from mockserver.faces.asking import Server, ask, ask_text, bid, is_alone, reaching, understood
from mockserver.faces.figures import Figure
from mockserver.faces.helping import Group
from mockserver.faces.python.shown import Caused
from mockserver.kit.printing import printable
from mockserver.kit.wishes import narrowed

FILTERS = ("vendor", "account", "operation", "status", "refused_by", "since")
Verb = Callable[..., None]


def filtered(verb: Verb) -> Verb:
    """Let a verb be narrowed as the admin API's journal is."""
    helps = {
        "vendor": "Of this vendor only.",
        "account": "By this account only.",
        "operation": "Of this operation only.",
        "status": "Answered with this status only.",
        "refused_by": "Refused by this step and claim only.",
        "since": "At or after this moment only.",
    }
    for name in reversed(FILTERS):
        verb = click.option(f"--{name.replace('_', '-')}", name, metavar=name.upper(), help=helps[name])(verb)
    return verb


def path_of(place: str, asked: Mapping[str, Any]) -> str:
    return narrowed(f"/journal{place}", asked)


@click.group(cls=Group, invoke_without_command=True)
@filtered
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="At most so many, newest first.")
@reaching()
def journal(server: Server, **asked: Any) -> None:
    """List the calls that a running server received, newest first."""
    if is_alone():
        found = ask(server, "GET", path_of("", asked))
        with understood(server):
            nothing = "no such call" if any(asked[name] is not None for name in FILTERS) else "no call yet"
            lines = [line_of(entry) for entry in found["items"]] or [nothing]
            if found["evicted"]:
                lines.append(f"{found['evicted']} older calls were pushed out")
        click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines))


@journal.command()
@click.argument("ident", metavar="ID")
@reaching()
def show(server: Server, ident: str) -> None:
    """Show one call: every step and rule, what was asked, what was answered."""
    found = ask(server, "GET", f"/journal/{quote(ident, safe='')}")
    with understood(server):
        lines = list(told(found))
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines))


@journal.command()
@filtered
@reaching()
def count(server: Server, **asked: Any) -> None:
    """Count the calls that fit."""
    found = ask(server, "GET", path_of("/count", asked))
    with understood(server):
        line = f"{found['count']}" + (f" ({found['evicted']} older ones were pushed out)" if found["evicted"] else "")
    click.echo(json.dumps(found) if server.as_json else line)


@journal.command()
@click.option("--count", type=click.IntRange(1, 10_000), default=1, help="How many.")
@click.option("--timeout", type=Figure(0, 60), default=5.0, help="In seconds.")
@filtered
@reaching()
def wait(server: Server, **asked: Any) -> None:
    """Wait until so many calls fit: status 0 when they do, 1 when time is up."""
    found = ask(
        server, "GET", path_of("/wait", asked), patience=asked["timeout"] + 5, failing=HTTPStatus.REQUEST_TIMEOUT
    )
    with understood(server):
        line = f"{found['count']} came"
    click.echo(json.dumps(found) if server.as_json else line)


@journal.command()
@reaching()
def clear(server: Server) -> None:
    """Forget all calls."""
    bid(server, "DELETE", "/journal")
    click.echo(json.dumps({}) if server.as_json else "forgotten")


@journal.command()
@filtered
@reaching()
def har(server: Server, **asked: Any) -> None:
    """Print the newest thousand calls that fit as an HTTP Archive."""
    found = ask(server, "GET", path_of("/har", asked))
    with understood(server):
        _ = found["log"]["entries"]
    click.echo(json.dumps(found, indent=2))


@journal.command()
@click.argument("ident", metavar="ID")
@reaching()
def curl(server: Server, ident: str) -> None:
    """Print one call as a command that makes it again."""
    found = ask_text(server, f"/journal/{quote(ident, safe='')}/curl")
    with understood(server):
        if not found.startswith("curl "):
            raise ValueError("that is not to be pasted into a shell")
    click.echo(found, nl=False)


@journal.command()
@click.argument("ident", metavar="ID")
@reaching()
def explain(server: Server, ident: str) -> None:
    """Tell why one call was answered so, rule by rule, and the smallest edit that makes it acceptable."""
    found = ask(server, "GET", f"/journal/{quote(ident, safe='')}/explain")
    with understood(server):
        text = found["text"]
    click.echo(json.dumps(found, indent=2) if server.as_json else text)


def line_of(entry: Mapping[str, Any]) -> str:
    colour = "green" if 0 < entry["status"] < 400 else "red"
    status = click.style(str(entry["status"] or "cut"), fg=colour)
    who = f"{entry['vendor']}/{entry['account'] or '?'}"
    refused = f"  {entry['refused_by']}" if entry["refused_by"] else ""
    planted = f"  planted {entry['fault']}" if entry.get("fault") else ""
    path = printable(entry["path"])
    return f"{entry['id']}  {entry['at'][:19]}  {status}  {who}  {entry['method']} {path}{refused}{planted}"


def told(entry: Mapping[str, Any]) -> Iterator[str]:
    yield line_of(entry)
    yield from map(printable, details(entry))


def details(entry: Mapping[str, Any]) -> Iterator[str]:
    for step in entry["trail"]:
        yield f"  {step['step'].ljust(10)} {'passed' if step['passed'] else 'refused'}"
        for rule in step.get("rules", ()):
            yield f"             {rule['verdict'].ljust(11)} {rule['name']}"
        for problem in step.get("problems", ()):
            yield f"             {problem['at']}: {problem['says']}"
    yield from (f"  advice     {item['at']} {item['says']}" for item in entry["advice"])
    yield from (f"  webhook    {each['id']}  {caused(each).line()}" for each in entry.get("webhooks", ()))
    yield from (f"  trouble    {line}" for line in (entry.get("trouble") or "").splitlines())
    asked, answer = entry["request"], entry["answer"]
    for part in asked.get("parts", ()):
        yield f"  part       {part['name']}: {part['filename']}, {part['type']}, {part['size']} bytes"
    yield f"  asked      {json.dumps(asked.get('body'), ensure_ascii=False)}"
    yield f"  answered   {json.dumps(answer.get('body'), ensure_ascii=False)}"


def caused(each: Mapping[str, Any]) -> Caused:
    return Caused(*(each[name] for name in Caused.__struct_fields__))
