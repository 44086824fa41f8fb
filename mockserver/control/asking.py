"""A request as a tester writes it down, and as the arrival that it would be."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from mockserver.control.requests import BOUNDARY, Part, arrive, encode
from mockserver.engine.arrival import Arrival
from mockserver.engine.endpoint import Body, Endpoint, way_of
from mockserver.kit.media import name_extension
from mockserver.model import Call
from mockserver.state.journal import LONGEST_BODY, Entry

# What a client makes up for each request anew.
LEFT_OUT = ("host", "content-length", "connection", "accept-encoding", "transfer-encoding", "expect")
# How files begin that are what their names say; enough to tell their kind.
BEGINNINGS: Mapping[str, bytes] = {
    ".mp3": b"ID3\x03\x00\x00\x00\x00\x00\x00",
    ".wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    ".mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    ".m4a": b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
    ".ogg": b"OggS\x00\x02",
    ".webm": b"\x1a\x45\xdf\xa3",
    ".zip": b"PK\x03\x04",
    ".pdf": b"%PDF-1.7\n",
}
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


def asked_again(entry: Entry) -> Asked:
    """Return a call of the journal as somebody would ask it again.

    Of a form these are its parts by name; a file's bytes are not held, and others stand for them.
    """
    request, query = entry.request, query_of(entry.request.query)
    headers = {name: value for name, value in request.headers.items() if name not in LEFT_OUT}
    body = with_files(request.body, {part.name: part.filename for part in request.parts})
    if is_null(entry) or (isinstance(body, str) and way_of(request.media_type or "") == "json"):
        body = json.dumps(body)
    return Asked(entry.method, f"{quote(entry.path)}{'?' + query if query else ''}", entry.vendor, headers, body)


def is_null(entry: Entry) -> bool:
    """Say whether the body was JSON's null, which is kept as a body that could not be read is, or that was too long."""
    request = entry.request
    has_been_read = any(step.step == "transport" and step.passed for step in entry.trail)
    has_none = request.body is None and not request.body_left_out
    return has_been_read and has_none and request.size > 0 and way_of(request.media_type or "") == "json"


def body_as_sent(call: Call, content: bytes) -> Any:
    """Return the body of a request that is at hand: as it was read where it has parts, else the text that it was.

    None where it is too long for the journal to keep: it would be judged again for every edit.
    """
    if isinstance(call.instance, dict | list):
        files = {name: upload.filename for name, upload in call.files.items()}
        return with_files(call.instance, files) if call.text_size <= LONGEST_BODY else None
    return content.decode("utf-8", "replace") if 0 < len(content) <= LONGEST_BODY else None


def with_files(body: Any, names: Mapping[str, str]) -> Any:
    files = {part: f"the bytes of {name}" for part, name in names.items()}
    return {**body, **files} if isinstance(body, dict) else body


def query_of(values: Mapping[str, Any]) -> str:
    """Return a query as it is written: of a list the name again and again."""
    pairs = [(name, item) for name, value in values.items() for item in (value if isinstance(value, list) else [value])]
    return urlencode([(name, text_of(item)) for name, item in pairs])


def arrival_of(asked: Asked, endpoint: Endpoint) -> Arrival:
    """Return the request as it would come; its content type is the operation's own where none is given."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    kind, content = content_of(asked, endpoint, headers.get("content-type"))
    own = {"content-type": kind} if kind else {}
    # A form is written anew, and its boundary is in its type.
    whole = headers | own if (kind or "").startswith(FORM) else own | headers
    return arrive(asked.method, asked.path, whole, content, f"mock://{asked.vendor}")


def content_of(asked: Asked, endpoint: Endpoint, kind: str | None) -> tuple[str | None, bytes]:
    body = asked.body
    if body is None:
        return None, b""
    wanted = (kind or default_type(endpoint)).partition(";")[0].strip().lower()
    form = endpoint.bodies.get(wanted)
    if isinstance(body, dict) and wanted == FORM:
        return f"{FORM}; boundary={BOUNDARY}", encode(parts_of(body, form))
    if isinstance(body, dict) and wanted == PAIRS:
        return PAIRS, urlencode({name: text_of(value) for name, value in body.items()}).encode()
    return wanted, body.encode() if isinstance(body, str) else json.dumps(body).encode()


def default_type(endpoint: Endpoint) -> str:
    return JSON if JSON in endpoint.bodies or not endpoint.bodies else next(iter(endpoint.bodies))


def parts_of(body: Mapping[str, Any], form: Body | None) -> Iterator[Part]:
    for name, value in body.items():
        is_file = form is not None and name in form.parts and form.parts[name].is_file
        yield file_like(name, text_of(value)) if is_file else Part(name, text_of(value).encode())


def file_like(name: str, text: str) -> Part:
    """Return a file that begins as one of its name does: what it holds beyond that is the text that stands for it."""
    filename = file_name(text)
    return Part(name, BEGINNINGS.get(name_extension(filename), b"") + text.encode(), filename)


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def file_name(text: str) -> str:
    """Return the name of a file that stands for its bytes: of "the bytes of call.mp3" the last word."""
    last = text[-100:].rpartition(" ")[2]
    return last if "." in last else "file"
