"""A request as a tester writes it down, and as the arrival that it would be."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlencode

from msgspec import Struct

from mockserver.engine.arrival import Arrival
from mockserver.engine.endpoint import Body, Endpoint
from mockserver.kit.forms import BOUNDARY, FormPart, encode_form

FORM, JSON, PAIRS = "multipart/form-data", "application/json", "application/x-www-form-urlencoded"


class Asked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`path` is the vendor's own, with a query where there is one; `body` a JSON value, or a raw body as text.

    Where the operation takes a form alone, an object is its parts by name, a file's text its bytes.
    """

    method: str
    path: str
    vendor: str = ""
    headers: dict[str, str] = {}
    body: Any = None


def arrival_of(asked: Asked, endpoint: Endpoint) -> Arrival:
    """Return the request as bytes; its content type is the operation's own where none is given."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    kind, content = content_of(asked, endpoint, headers.get("content-type"))
    whole = {**({"content-type": kind} if kind else {}), **headers, "content-length": str(len(content))}
    path, _, query = asked.path.partition("?")
    raw = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in whole.items()]

    async def stream() -> AsyncIterator[bytes]:
        if content:
            yield content

    return Arrival(
        method=asked.method,
        path=unquote(path),
        query=query.encode("latin-1", "replace"),
        headers=raw,
        stream=stream,
        origin=f"mock://{asked.vendor}",
    )


def content_of(asked: Asked, endpoint: Endpoint, kind: str | None) -> tuple[str | None, bytes]:
    body = asked.body
    if body is None:
        return None, b""
    wanted = (kind or default_type(endpoint)).partition(";")[0].strip().lower()
    form = endpoint.bodies.get(wanted)
    if isinstance(body, dict) and wanted == FORM:
        return f"{FORM}; boundary={BOUNDARY}", encode_form(parts_of(body, form))
    if isinstance(body, dict) and wanted == PAIRS:
        return PAIRS, urlencode({name: text_of(value) for name, value in body.items()}).encode()
    return wanted, body.encode() if isinstance(body, str) else json.dumps(body).encode()


def default_type(endpoint: Endpoint) -> str:
    return JSON if JSON in endpoint.bodies or not endpoint.bodies else next(iter(endpoint.bodies))


def parts_of(body: Mapping[str, Any], form: Body | None) -> Iterator[FormPart]:
    for name, value in body.items():
        is_file = form is not None and name in form.parts and form.parts[name].is_file
        yield FormPart(name, text_of(value).encode(), file_name(text_of(value)) if is_file else None)


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def file_name(text: str) -> str:
    """Return the name of a file that stands for its bytes: of "the bytes of call.mp3" the last word."""
    last = text[-100:].rpartition(" ")[2]
    return last if "." in last else "file"
