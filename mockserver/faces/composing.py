"""A request to an operation, from what a command line says of it: address, headers, body."""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from mockserver.control.keys import BODY, Shown
from mockserver.control.requests import BOUNDARY, Part, encode
from mockserver.engine.bundle import resolve
from mockserver.engine.endpoint import Body, Endpoint, object_of
from mockserver.faces.demo import FORM, JSON, PAIRS, fields_of, file_name, is_file, sample_of, with_credential
from mockserver.settings import SettingsError, parsed


class Asked(Struct, frozen=True):
    """What the command line says of the request."""

    body: str | None = None
    files: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    query: tuple[str, ...] = ()

    @property
    def has_body(self) -> bool:
        return self.body is not None or bool(self.files or self.fields)


def address_of(asked: Asked, endpoint: Endpoint) -> str:
    """Return the operation's path with its values, encoded, and the query. Raises SettingsError for one that lacks."""
    given = dict(split(step, "=", "--path") for step in asked.steps)
    known = {item["name"]: item for item in endpoint.parameters if item["in"] == "path"}
    for name in given.keys() - known.keys():
        raise SettingsError(f"the path of {endpoint.id} has no {name!r}: it has {', '.join(known) or 'no values'}")
    if missing := [shown_value(item, endpoint) for name, item in known.items() if name not in given]:
        raise SettingsError(f"{endpoint.id} is at {endpoint.path}: give {' '.join(missing)}")
    path = endpoint.path
    for name, value in given.items():
        if not value or "/" in value:
            raise SettingsError(f"--path {name} is one step of the path, neither empty nor with a slash: {value!r}")
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = urlencode([split(pair, "=", "--query") for pair in asked.query])
    return f"{path}?{query}" if query else path


def shown_value(parameter: Mapping[str, Any], endpoint: Endpoint) -> str:
    """Return the flag that gives a value of the path, such as the document shows."""
    examples = object_of(resolve(endpoint.document, parameter["schema"])).get("examples", ())
    return f"--path {parameter['name']}={next(iter(examples), 'VALUE')}"


def request_of(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> tuple[dict[str, str], bytes]:
    """Return headers and body, of the kind that the operation takes and the command line suggests."""
    headers = dict(split(header, ":", "--header") for header in asked.headers)
    if shown and shown.place != BODY and shown.name.lower() not in {name.lower() for name in headers}:
        headers[shown.name] = shown.value
    kind, content = WAYS[way_of(asked, endpoint)](asked, endpoint, shown)
    return ({"Content-Type": kind, **headers} if kind else headers), content


def way_of(asked: Asked, endpoint: Endpoint) -> str:
    """Return how the body travels: files and fields make a form, else JSON comes first. Raises SettingsError."""
    ways = {body.way for body in endpoint.bodies.values()}
    if not ways or ways == {"json"}:
        if asked.files or asked.fields:
            raise SettingsError(f"{endpoint.id} takes no form: use --json")
        return "json"
    if asked.files or asked.fields or "json" not in ways:
        return next(way for way in ("form", "urlencoded", "raw", "json") if way in ways)
    return "json"


def as_json(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> tuple[str | None, bytes]:
    """Return the body as given, else the documented one; the credential joins it where it is a field of an object."""
    if asked.body is None:
        sample = sample_of(endpoint)
        text = json.dumps(with_credential(sample.value, shown)) if sample else None
    else:
        text = text_of(asked.body)
        if shown is not None and shown.place == BODY:
            text = joined(text, shown)
    kind = next((name for name, body in endpoint.bodies.items() if body.way == "json"), JSON)
    return (kind, text.encode()) if text is not None else (None, b"")


def joined(text: str, shown: Shown) -> str:
    try:
        return str(parsed(lambda given: json.dumps(with_credential(json.loads(given), shown)), text))
    except ValueError:
        return text


def as_form(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> tuple[str | None, bytes]:
    parts = parts_of(asked, endpoint.bodies[FORM], shown) if asked.has_body else parts_shown(endpoint, shown)
    return f"{FORM}; boundary={BOUNDARY}", encode(parts)


def parts_shown(endpoint: Endpoint, shown: Shown | None) -> Iterator[Part]:
    """Yield the parts of the documented form; a file's bytes are what the example says of them."""
    sample = sample_of(endpoint)
    if sample and sample.form:
        for name, text in fields_of(sample, shown).items():
            yield Part(name, text.encode(), file_name(text) if is_file(sample.form, name) else None)


def parts_of(asked: Asked, form: Body, shown: Shown | None) -> Iterator[Part]:
    yield from (Part(name, text.encode()) for name, text in pairs_of(asked, shown))
    if asked.body is not None:
        json_part = form.inner or next((part.name for part in form.parts.values() if part.is_json), None)
        if json_part is None:
            raise SettingsError("this form has no JSON part: use --field NAME=TEXT")
        yield Part(json_part, text_of(asked.body).encode())
    for file in asked.files:
        yield file_part(file, form)


def pairs_of(asked: Asked, shown: Shown | None) -> list[tuple[str, str]]:
    """Return the fields as given, before them the credential where it is one that was not."""
    named = [split(field, "=", "--field") for field in asked.fields]
    own = [(shown.name, shown.value)] if shown and shown.place == BODY and shown.name not in dict(named) else []
    return [*own, *named]


def file_part(file: str, form: Body) -> Part:
    name, path = named_file(file)
    first = next((part.name for part in form.parts.values() if part.is_file), "file")
    return Part(name or first, read(path), path.name)


def named_file(file: str) -> tuple[str | None, Path]:
    """Read NAME=PATH; what has a slash before its first = is a path and no name."""
    name, equals, path = file.partition("=")
    return (name, Path(path)) if equals and "/" not in name else (None, Path(file))


def as_pairs(asked: Asked, endpoint: Endpoint, shown: Shown | None) -> tuple[str | None, bytes]:
    """Return a form of texts alone, the documented one where nothing is given."""
    if asked.files or asked.body is not None:
        raise SettingsError(f"{endpoint.id} takes a form of texts alone: use --field NAME=TEXT")
    sample = sample_of(endpoint)
    documented = [*fields_of(sample, shown).items()] if sample and not asked.fields else None
    return PAIRS, urlencode(documented or pairs_of(asked, shown)).encode()


def as_raw(asked: Asked, endpoint: Endpoint, _shown: Shown | None) -> tuple[str | None, bytes]:
    """Return a file that is the body itself, of the kind that its name says, else of the first that is taken."""
    if asked.fields or asked.body is not None or len(asked.files) > 1:
        raise SettingsError(f"{endpoint.id} takes one file as its body: use --file PATH")
    path = named_file(asked.files[0])[1] if asked.files else None
    kind = mimetypes.guess_type(path.name)[0] if path else None
    return kind if kind in endpoint.bodies else next(iter(endpoint.bodies)), read(path) if path else b""


WAYS: Mapping[str, Callable[[Asked, Endpoint, Shown | None], tuple[str | None, bytes]]] = {
    "json": as_json,
    "form": as_form,
    "urlencoded": as_pairs,
    "raw": as_raw,
}


def split(text: str, mark: str, flag: str) -> tuple[str, str]:
    name, found, value = text.partition(mark)
    if not found:
        raise SettingsError(f"{flag} is NAME{mark}VALUE, not {text!r}")
    return name.strip(), value.strip() if mark == ":" else value


def text_of(given: str) -> str:
    return read(Path(given[1:])).decode("utf-8", "replace") if given.startswith("@") else given


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
