"""What is handed to whoever opens the socket, and what comes back."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from urllib.parse import unquote

from ada_url import URL
from msgspec import Struct


class Parcel(Struct, frozen=True):
    """One attempt: the bytes that are signed are the bytes that are sent; `timeout` in seconds is for all of it."""

    id: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    timeout: float


class Answer(Struct, frozen=True):
    """What was answered, its beginning as text, or why nothing was.

    `retry_after` is how many seconds the receiver wants to be left alone.
    """

    status: int | None = None
    error: str | None = None
    text: str = ""
    retry_after: float | None = None


Send: TypeAlias = Callable[[Parcel], Awaitable[Answer]]


def basic_of(url: URL) -> str | None:
    """Return the credential of HTTP Basic that whoever stands in an address sends."""
    if not url.username:
        return None
    return b64encode(f"{unquote(url.username)}:{unquote(url.password)}".encode()).decode()


async def nobody(_parcel: Parcel) -> Answer:
    """Send nothing: a world without a sender keeps what is due."""
    return Answer(error="nobody here sends webhooks")
