"""What the verbs share that speak to a running server: which one, how it is asked; and `mockserver health`."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

import click
from click.core import ParameterSource
from msgspec import Struct

from mockserver.settings import SettingsError, parsed, read_settings

if TYPE_CHECKING:
    from ssl import SSLContext

TIMEOUT = 5
# Where receivers of webhooks are waited for: they may take their time, one after another.
PATIENCE = 600
FLAGS = ("server", "admin_token", "as_json", "ca")
Verb: TypeAlias = Callable[..., None]


class Server(Struct, frozen=True):
    """A running server: where it is, the token of its admin API, and whether its answers are printed as JSON.

    `ca` is the file of certificates that are trusted there, the environment's or the system's where it is None.
    `own` is what the settings of this folder say of TLS, where it is the server that they start.
    """

    address: str
    token: str | None = None
    as_json: bool = False
    ca: str | None = None
    own: str | None = None


class Straight(HTTPRedirectHandler):
    """Follows nobody: a token is for the server that was named."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def own_address() -> str:
    """Return where a server started with these settings answers: a container's health check follows its port."""
    settings = read_settings({})
    host = settings["host"] if settings["host"] not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  # compared only
    scheme = "https" if settings["tls"] else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings['port']}"


def server_of(
    named: str | None, token: str | None, ca: str | None = None, *, as_json: bool, flag: str = "--url"
) -> Server:
    """Return the server that is named, else the one that the settings of this folder start, with their token."""
    if not named:
        settings = read_settings({})
        return Server(own_address(), token or settings["admin_token"], as_json, ca, settings["tls"])
    if not named.startswith(("http://", "https://")):
        raise SettingsError(f"{flag} is an http address, not {named.rstrip('/')!r}")
    return Server(named.rstrip("/"), token, as_json, ca)


def reaching(flag: str = "--url") -> Callable[[Verb], Verb]:
    """Hand a verb the server that its flags name; where it has none of its own, those of its group count."""

    def decorate(function: Verb) -> Verb:
        @wraps(function)
        def verb(**flags: Any) -> None:
            named, token, as_json, ca = (chosen(click.get_current_context(), name) for name in FLAGS)
            own = {name: value for name, value in flags.items() if name not in FLAGS}
            function(server_of(named, token, ca, as_json=as_json, flag=flag), **own)

        verb = click.option("--json", "as_json", is_flag=True, help="Print the whole answer.")(verb)
        says = "Token of its admin API, where it wants one."
        verb = click.option("--admin-token", envvar="MOCKSERVER_ADMIN_TOKEN", metavar="TOKEN", help=says)(verb)
        says = "File of certificates to trust, for an https address."
        verb = click.option("--ca", envvar="MOCKSERVER_CA", metavar="FILE", help=says)(verb)
        says = "Where the server is; as configured when left out."
        return click.option(flag, "server", envvar="MOCKSERVER_URL", metavar="ADDRESS", help=says)(verb)

    return decorate


def chosen(ctx: click.Context, name: str) -> Any:
    """Return a flag's value: as it was given here, else to the group, else by the environment."""
    above = ctx.parent.params.get(name) if ctx.parent else None
    is_given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    return ctx.params[name] if is_given or not above else above


def is_alone() -> bool:
    """Say whether a group is called without a verb. Raises UsageError where what narrows its list stands before one."""
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is None:
        return True
    for option in ctx.command.params:
        given = option.name and ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        if given and option.name not in FLAGS:
            raise click.UsageError(misplaced(ctx, option, ctx.invoked_subcommand))
    return False


def misplaced(ctx: click.Context, option: click.Parameter, verb: str) -> str:
    """Return what to do with an option that was given to a group, and does not count for its verb."""
    command = ctx.command.get_command(ctx, verb) if isinstance(ctx.command, click.Group) else None
    known = [name for each in command.params for name in each.opts] if command else ()
    flag = option.opts[0]
    return f"{flag} belongs after {verb}" if flag in known else f"{verb} takes no {flag}"


def ask(
    server: Server, method: str, path: str, body: Any = None, *, patience: float = TIMEOUT, failing: int | None = None
) -> Any:
    """Return what a server's admin API answers, None for an empty answer.

    Ends with status 1 when it does not answer. What it refuses is told in its own sentence, by SettingsError, or
    where that has the status `failing`, by ending with 1 too: all was right, and yet it did not come to it.
    """
    text = send(server, request(server, method, path, body), patience, failing)
    try:
        return parsed(json.loads, text) if text or method == "GET" else None
    except ValueError as error:
        tell(f"{server.address} does not answer: {error}")


def ask_text(server: Server, path: str, *, patience: float = TIMEOUT) -> str:
    """Return an answer as it is."""
    return send(server, request(server, "GET", path, None), patience).decode("utf-8", "replace")


def bid(server: Server, method: str, path: str, body: Any = None) -> None:
    """Ask for something that is done in silence. Ends with status 1 where a server says something to it."""
    found = ask(server, method, path, body)
    with understood(server):
        if found is not None:
            raise ValueError("it was to be done in silence")


def send(server: Server, asked: Request, patience: float = TIMEOUT, failing: int | None = None) -> bytes:
    way = opener(server)
    try:
        with way.open(asked, timeout=patience) as answer:
            return heard(answer)
    except HTTPError as error:
        detail = detail_of(error)
        if detail and error.code == failing:
            tell(detail)
        if detail:
            raise SettingsError(detail) from None
        tell(f"{server.address} does not answer: {error.reason}")
    except (HTTPException, OSError, ValueError) as error:
        tell(f"{server.address} does not answer: {getattr(error, 'reason', error)}")


def heard(answer: HTTPResponse) -> bytes:
    """Return what was said. Raises ValueError where that is nothing, and no answer without content."""
    found = answer.read()
    if not found and answer.status != HTTPStatus.NO_CONTENT:
        raise ValueError("nothing was said")
    return found


def opener(server: Server) -> Any:
    # Never through a proxy: what is asked is this machine's, or one named on purpose.
    context = context_of(server)
    return build_opener(ProxyHandler({}), Straight, *([HTTPSHandler(context=context)] if context else ()))


def context_of(server: Server) -> "SSLContext | None":
    """Return whom to trust where a server speaks TLS. Raises SettingsError for a file that says nothing of it."""
    if not server.address.startswith("https://"):
        return None
    from mockserver.faces.trusting import trust, trust_own

    return trust(server.ca) if server.own is None or server.ca else trust_own(server.own)


def request(server: Server, method: str, path: str, body: Any) -> Request:
    try:
        data = None if body is None else json.dumps(body).encode()
    except RecursionError:
        raise SettingsError("what is asked for is nested too deeply") from None
    headers = {"Content-Type": "application/json"} if data else {}
    if server.token:
        headers["Authorization"] = f"Bearer {server.token}"
    try:
        # The scheme was looked at when the server was named.
        return Request(f"{server.address}/_mock{path}", data, headers, method=method)  # noqa: S310
    except ValueError as error:  # an address that names no host
        tell(f"{server.address} does not answer: {error}")


def detail_of(error: HTTPError) -> str | None:
    """Return the sentence of a problem document, None where the answer is none or the fault is the server's."""
    if error.code >= 500:
        return None
    try:
        detail = parsed(json.loads, error.read())["detail"]
    except (HTTPException, OSError, ValueError, KeyError, TypeError):
        return None
    return detail if isinstance(detail, str) else None


@contextmanager
def understood(server: Server) -> Iterator[None]:
    """End with status 1 where an answer is not what a server of ours would say: only looking at it belongs inside."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        tell(f"{server.address} answers, but is no mockserver")


def list_items(server: Server, path: str, line_of: Callable[[Mapping[str, Any]], str], nothing: str) -> None:
    """Tell a list of the admin API, a line an item."""
    found = ask(server, "GET", path)
    with understood(server):
        lines = [line_of(each) for each in found["items"]] or [nothing]
    click.echo(json.dumps(found, indent=2) if server.as_json else "\n".join(lines))


@click.command()
@reaching()
def health(server: Server) -> None:
    """Ask a running server whether it is well: status 0 when it answers, 1 when not.

    One that reads its files again is degraded as long as they cannot be used: it serves what they said before.
    """
    found = ask(server, "GET", "/health")
    with understood(server):
        trouble = f"; {found['trouble']}" if "trouble" in found else ""
        line = f"{found['status']}: {server.address} serves {', '.join(found['vendors'])}{trouble}"
    click.echo(json.dumps(found, indent=2) if server.as_json else line)


def tell(sentence: str) -> NoReturn:
    click.echo(f"mockserver: {sentence}", err=True)
    sys.exit(1)
