"""What every answer of the admin API has at hand."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from mockserver.control import Control, Page
from mockserver.engine.document import Document
from mockserver.faces.admin.live import Live
from mockserver.model import Call, Reply


class Desk:
    """Control, the admin document, and where clients reach this server."""

    def __init__(self, control: Control, document: Document, address: Callable[[Call], str]) -> None:
        self.control, self.document, self.address = control, document, address


Answer: TypeAlias = Callable[[Desk, Call], Awaitable[Reply | Live]]


def done() -> Reply:
    """Answer that there is nothing to say: 204."""
    return Reply(204, media_type=None)


def paging(call: Call) -> dict[str, Any]:
    return {"limit": call.query.get("limit", 100), "cursor": call.query.get("cursor")}


def show_page(page: Page) -> Reply:
    return Reply(200, {"items": page.items, "total": page.total, "evicted": page.evicted, "cursor": page.cursor})


def text_in(call: Call, name: str) -> str | None:
    """Return a text of the query, None where it is absent."""
    value = call.query.get(name)
    return value if isinstance(value, str) else None
