"""What a receiver might say after us, and nobody is to read."""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote

from ada_url import URL

from mockserver.delivery.parcel import Parcel, basic_of
from mockserver.model import Message
from mockserver.state.redact import ALL
from mockserver.state.redact_text import mask, redact_text

# What is shorter may well stand in an answer for reasons of its own.
LONG_ENOUGH = 4


def secrets_of(parcel: Parcel, message: Message) -> list[str]:
    """Return the secrets of what is sent, longest first: one may hold another."""
    signed = [value for name, value in parcel.headers.items() if ALL[name][0]]
    told = [secret for secret in secrets_in(message.url) if len(secret) >= LONG_ENOUGH]
    return sorted({*signed, *told, message.secret or ""} - {""}, key=lambda secret: (-len(secret), secret))


def secrets_in(address: str) -> Iterator[str]:
    """Yield what an address tells of who may send and by which query, as it is sent and as a receiver reads it."""
    try:
        url = URL(address)
    except ValueError:
        return
    user = f"{url.username}:{url.password}" if url.password else url.username
    yield basic_of(url) or ""
    # A name beside a password is none.
    for part in (user, url.password):
        yield from (part, unquote(part))
    yield url.search[1:]
    for _, value in parse_qsl(url.search[1:]):
        yield value


def hide(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, mask(secret))
    return redact_text(text)
