"""The verbs that speak to a running server."""

import json
import sys
from http.client import HTTPException
from urllib.request import ProxyHandler, build_opener

import click

from mockserver.settings import SettingsError, read_settings

TIMEOUT = 5


def own_address() -> str:
    """Return where a server started with these settings answers: a container's health check follows its port."""
    settings = read_settings({})
    host = settings["host"] if settings["host"] not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  # compared only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings['port']}"


@click.command()
@click.option("--url", envvar="MOCKSERVER_URL", default=None, help="Where the server is; as configured when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer.")
def health(url: str | None, as_json: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Ask a running server whether it is well: status 0 when it is, 1 when not."""
    address = (url or own_address()).rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise SettingsError(f"--url is an http address, not {address!r}")
    try:
        # Never through a proxy: what is asked is this machine's, or one named on purpose.
        with build_opener(ProxyHandler({})).open(f"{address}/_mock/health", timeout=TIMEOUT) as answer:
            found = json.load(answer)
            vendors = ", ".join(found["vendors"])
    except (HTTPException, OSError, ValueError) as error:
        tell(f"{address} does not answer: {getattr(error, 'reason', error)}")
    except (KeyError, TypeError):
        tell(f"{address} answers, but is no mockserver")
    else:
        click.echo(json.dumps(found, indent=2) if as_json else f"ok: {address} serves {vendors}")


def tell(sentence: str) -> None:
    click.echo(f"mockserver: {sentence}", err=True)
    sys.exit(1)
