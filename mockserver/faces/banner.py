"""What a person sees when the server starts: who answers where, with which credential, and a first command."""

import shlex
from collections.abc import Iterator

import click

from mockserver import __version__
from mockserver.control.keys import credentials
from mockserver.faces.application import Application
from mockserver.faces.demo import curl, first_endpoint
from mockserver.faces.server import OFF
from mockserver.model import Account
from mockserver.staging import SHIPPED
from mockserver.state.accounts import BROKE, DEMO, account_key, read_account
from mockserver.world import World

JOINED = "The store was filled before: its accounts, clock and scenario stand, whatever this server was started with."


def title(text: str) -> str:
    return click.style(text, bold=True)


def faint(text: str) -> str:
    return click.style(text, dim=True)


def place(text: str) -> str:
    return click.style(text, fg="cyan")


def secret(text: str) -> str:
    return click.style(text, fg="green")


async def banner(
    application: Application,
    address: str,
    token: str | None,
    authority: str | None = None,
    *,
    is_joined: bool = False,
) -> str:
    """Return the banner, styled; the terminal library drops the styles where there is no terminal.

    `authority` is the file of an authority of our own, which clients must be told to trust.
    """
    world = application.world
    held = [(name, await world.store.read([account_key(name, DEMO)])) for name in world.documents]
    demos = {name: read_account(row) for name, (row,) in held if row}
    lines = [
        f"  {title('mockserver')} {__version__}  {faint(counted(world))}",
        "",
        *vendor_lines(world, demos, address),
        "",
        *try_lines(world, demos, address, authority),
        *trust_lines(authority),
        *closing_lines(application, address, token),
        *([f"  {JOINED}"] if is_joined else ()),
        faint("  Ctrl-C stops."),
    ]
    return "\n" + "\n".join(lines) + "\n"


def counted(world: World) -> str:
    editions = sum(document.is_edition for document in world.documents.values())
    vendors = len(world.documents) - editions
    more = f" and {editions} edition{'s' if editions != 1 else ''}" if editions else ""
    offline = "offline: nothing is fetched, webhooks go where you point them"
    return f"{vendors} vendor{'s' if vendors != 1 else ''}{more}, {offline}"


def vendor_lines(world: World, demos: dict[str, Account], address: str) -> Iterator[str]:
    wide = max(map(len, demos), default=0)
    for name, account in demos.items():
        endpoint = first_endpoint(world.documents[name])
        shown = next(credentials(endpoint, world.vendors[name], account), None) if endpoint else None
        where = place(f"{address}/{name}".ljust(len(address) + wide + 1))
        yield f"  {title(name.ljust(wide))}  {where}  {secret(shown.text) if shown else 'no credential'}"


def try_lines(world: World, demos: dict[str, Account], address: str, authority: str | None) -> Iterator[str]:
    name = "voxjar" if "voxjar" in demos else next(iter(demos), None)
    endpoint = first_endpoint(world.documents[name]) if name else None
    if name is None or endpoint is None:
        return
    shown = next(credentials(endpoint, world.vendors[name], demos[name]), None)
    yield f"  {title('Try it:')}"
    yield f"  {curl(f'{address}/{name}', endpoint, shown, authority)}"
    yield ""


def trust_lines(authority: str | None) -> Iterator[str]:
    if authority is not None:
        yield f"  Whom clients must trust          {place(authority)}"
        yield f"  Most are told by                 {secret(f'SSL_CERT_FILE={shlex.quote(authority)}')}"


def closing_lines(application: Application, address: str, token: str | None) -> Iterator[str]:
    yield f"  Put {', '.join((BROKE, *SHIPPED))} for {DEMO} into a credential: accounts that misbehave"
    if token != OFF:
        console = place(f"{address}/_mock/")
        yield f"  Why was a call refused?          {console} in a browser, or {title('mockserver journal')}"
    yield f"  What is known, what is assumed?  {title('mockserver claims VENDOR')}"
    for path, names in application.addresses.shared().items():
        yield f"  {path} is shared by {' and '.join(names)}: it answers under their names only"
    if token == OFF:
        yield "  The admin API is closed."
    elif token is not None:
        yield f"  The admin API wants              {secret(f'Authorization: Bearer {token}')}"
