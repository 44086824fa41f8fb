"""How a step of a case becomes a request, and what is kept of its answer."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

from msgspec import Struct

from mockserver.cases.files import Case, CasesError, Located, Step

BOUNDARY = "mockserver-case-boundary"
# An address that an answer of a mock gave: the host, and the vendor's name.
ABSOLUTE = re.compile(r"^https?://[^/]+/[^/]+")
# By a name of no matter, a text and what is sent in its place.
Swaps: TypeAlias = Mapping[str, tuple[str, str]]
NONE: Swaps = {}


class Request(Struct, frozen=True):
    """A request; `address` is the path as it was written, or the whole address that an earlier answer gave.

    `path` is that address as a mock's vendor has it.
    """

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return ABSOLUTE.sub("", self.address)


def request_of(located: Located, step: Step | Case, swaps: Swaps, kept: Mapping[str, str] | None = None) -> Request:
    """Return the bytes of a step; `swaps` maps each text of the demo account to what is sent in its place.

    Raises CasesError for a step that makes no request.
    """
    asked = asked_of(located, step, swaps, kept)
    with building(located):
        headers, body = encode(asked, located.media)
        return Request(asked["method"], asked["path"], {**headers, **asked.get("headers", {})}, body)


@contextmanager
def building(located: Located) -> Iterator[None]:
    """Tell in one sentence what keeps a step from being a request."""
    try:
        yield
    except CasesError as error:
        raise CasesError(f"{located.place}: {error}") from None
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise CasesError(f"{located.place} makes no request: {type(error).__name__}: {error}") from None


def asked_of(located: Located, step: Step | Case, swaps: Swaps = NONE, kept: Mapping[str, str] | None = None) -> Any:
    """Return a step's request as a file would hold it: changed, what was kept filled in, texts swapped."""
    asked = json.loads(json.dumps(located.file.requests[step.base]))
    with building(located):
        for pointer, value in step.set.items():
            edit(asked, pointer, value)
        for pointer in step.drop:
            drop(asked, pointer)
    names = {name: (f"{{{{{name}}}}}", text) for name, text in (kept or {}).items()}
    return exchange(asked, names | dict(swaps))


def keep(step: Step | Case, body: Any) -> dict[str, str]:
    """Return what a step keeps of its answer. Raises LookupError or TypeError where the answer has no such place."""
    found = {name: walk(body, pointer) for name, pointer in step.keep.items()}
    return {name: str(parent[last]) for name, (parent, last) in found.items()}


def walk(node: Any, pointer: str) -> tuple[Any, str | int]:
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node, int(last) if isinstance(node, list) else last


def edit(node: Any, pointer: str, value: Any) -> None:
    parent, last = walk(node, pointer)
    if isinstance(parent, list) and last == len(parent):
        parent.append(value)
    else:
        parent[last] = value


def drop(node: Any, pointer: str) -> None:
    parent, last = walk(node, pointer)
    del parent[last]


def exchange(node: Any, swaps: Swaps) -> Any:
    if isinstance(node, dict):
        return {key: exchange(child, swaps) for key, child in node.items()}
    if isinstance(node, list):
        return [exchange(child, swaps) for child in node]
    if isinstance(node, str):
        for old, new in swaps.values():
            node = node.replace(old, new)
    return node


def encode(asked: Mapping[str, Any], media: tuple[Path, ...]) -> tuple[dict[str, str], bytes]:
    if "json" in asked:
        return {"Content-Type": "application/json"}, json.dumps(asked["json"]).encode()
    if "form" in asked:
        parts = b"".join(map(partial(encode_part, media=media), asked["form"]))
        return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, parts + f"--{BOUNDARY}--\r\n".encode()
    if "urlencoded" in asked:
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(asked["urlencoded"]).encode()
    if "file" in asked:
        return {}, file_of(str(asked["file"]), media)
    return {}, asked.get("raw", "").encode()


def encode_part(part: Mapping[str, Any], media: tuple[Path, ...]) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{part["name"]}"'
    if "filename" in part:
        disposition += f'; filename="{part["filename"]}"'
    kind = f"\r\nContent-Type: {part['type']}" if "type" in part else ""
    return f"--{BOUNDARY}\r\n{disposition}{kind}\r\n\r\n".encode() + content_of(part, media) + b"\r\n"


def content_of(part: Mapping[str, Any], media: tuple[Path, ...]) -> bytes:
    if "json" in part:
        return json.dumps(part["json"]).encode()
    if "file" in part:
        return file_of(str(part["file"]), media)
    if "size" in part:
        return bytes(part["size"])
    return str(part["text"]).encode()


def file_of(name: str, media: tuple[Path, ...]) -> bytes:
    """Return the bytes of a media file; a name leads nowhere else, for what a case holds is sent away."""
    path = next((folder / name for folder in media if (folder / name).is_file()), None)
    if path is None or Path(name).name != name:
        raise CasesError(f"no media file is called {name!r}")
    return path.read_bytes()
