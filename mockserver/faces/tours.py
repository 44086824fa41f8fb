"""Tours as they are shipped: the steps of a vendor's journey, and how one of them becomes a request."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from mockserver.control.requests import BOUNDARY, Part, encode
from mockserver.settings import SettingsError
from mockserver.shipped import shipped

NAME = re.compile(r"\{\{(\w+)\}\}")


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a form: a text, a JSON value, or so many zero bytes under a file's name."""

    name: str
    text: str | None = None
    json: Any = None
    size: int | None = None
    filename: str | None = None
    type: str | None = None

    @property
    def part(self) -> Part:
        if self.size is not None:
            return Part(self.name, bytes(self.size), self.filename, self.type)
        content = self.text if self.text is not None else json.dumps(self.json)
        return Part(self.name, content.encode(), self.filename, self.type)


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One request; `wait` is in seconds of the mock's clock, `size` so many zero bytes as the body.

    `keep` names texts of the answer by JSON pointers; `{{name}}` in a later step stands for them.
    """

    says: str
    method: str
    path: str
    status: int
    headers: dict[str, str] = {}
    json: Any = None
    urlencoded: dict[str, str] | None = None
    form: list[Sent] | None = None
    size: int | None = None
    wait: float = 0.0
    keep: dict[str, str] = {}


class Tour(Struct, frozen=True, forbid_unknown_fields=True):
    says: str
    steps: list[Step]


def every_tour() -> dict[str, Path]:
    """Return the files of all tours by the vendor, or edition, that they are of."""
    return {path.stem: path for path in sorted(shipped("fixtures/tours").glob("*.json"))}


def read_tour(vendor: str) -> Tour:
    """Return the tour of a vendor. Raises SettingsError that names those there are, or the file that is broken."""
    tours = every_tour()
    if vendor not in tours:
        raise SettingsError(f"there is no tour of {vendor!r}: known are {', '.join(tours)}")
    try:
        return msgspec.json.decode(tours[vendor].read_bytes(), type=Tour)
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{tours[vendor]}: {error}") from None


def filled(step: Step, kept: Mapping[str, str]) -> Step:
    """Return a step with what earlier answers gave in the place of its names; a name that none gave stays."""
    return msgspec.convert(fill(msgspec.to_builtins(step), kept), Step)


def fill(node: Any, kept: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: fill(child, kept) for key, child in node.items()}
    if isinstance(node, list):
        return [fill(child, kept) for child in node]
    if isinstance(node, str):
        return NAME.sub(lambda found: kept.get(found[1], found[0]), node)
    return node


def body_of(step: Step) -> tuple[dict[str, str], bytes]:
    """Return the headers that a body brings along, and its bytes."""
    if step.json is not None:
        return {"Content-Type": "application/json"}, json.dumps(step.json).encode()
    if step.form is not None:
        return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, encode(sent.part for sent in step.form)
    if step.urlencoded is not None:
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(step.urlencoded).encode()
    return {}, bytes(step.size or 0)


def shown_body(step: Step) -> Any:
    """Return a body as it is told: JSON as it is, a form's parts by name, zero bytes by their number."""
    if step.json is not None:
        return step.json
    if step.form is not None:
        return {sent.name: shown_part(sent) for sent in step.form}
    if step.urlencoded is not None:
        return step.urlencoded
    return None if step.size is None else f"{step.size} bytes"


def shown_part(sent: Sent) -> Any:
    if sent.size is not None:
        return f"{sent.size} bytes of {sent.filename or sent.name}"
    return sent.json if sent.text is None else sent.text


def pointed_at(body: Any, pointer: str) -> str | None:
    """Return the text at a JSON pointer (RFC 6901), None where there is nothing."""
    node = body
    for step in (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]):
        if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict):
            node = node.get(step)
        else:
            return None
    return None if node is None else str(node)
