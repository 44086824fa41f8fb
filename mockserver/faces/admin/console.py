"""The console: a page over the admin API, and the files that it is made of."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mockserver.control import Unknown
from mockserver.faces.admin.desk import Answer, Desk
from mockserver.model import Call, Reply

FOLDER = Path(__file__).resolve().parent.parent / "console"
PAGE = "index.html"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The page runs no script but its own, speaks to nobody but its server, and never parses what it shows.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@cache
def files() -> Mapping[str, str]:
    """Return every file by its name: what nobody shipped is not looked for."""
    return {path.name: path.read_text("utf-8") for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}


async def show_console(_desk: Desk, _call: Call) -> Reply:
    return shown(PAGE)


async def console_file(_desk: Desk, call: Call) -> Reply:
    name = call.params["file"]
    if name not in files():
        raise Unknown("the console has no such file")
    return shown(name)


def shown(name: str) -> Reply:
    return Reply(200, files()[name], f"{TYPES[Path(name).suffix]}; charset=utf-8", HEADERS)


ANSWERS: Mapping[str, Answer] = {"showConsole": show_console, "consoleFile": console_file}
