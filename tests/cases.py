"""Case files: executable examples of what a vendor accepts and refuses, and how one of them becomes a request."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

ROOT = Path(__file__).resolve().parent.parent / "fixtures"
CASES, MEDIA = ROOT / "cases", ROOT / "media"
BOUNDARY = "mockserver-case-boundary"
# An address that an answer gave: the host, and the vendor's name.
ABSOLUTE = re.compile(r"^https?://[^/]+/[^/]+")


class Remembered(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    body: dict[str, Any] = {}


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    status: int
    refused_by: str | None = None
    body: Any = None
    includes: Any = {}
    text: str | None = None
    headers: dict[str, str] = {}
    remembers: list[Remembered] = []
    credits: float | None = None
    advice: list[str] = []


class Step(Struct, frozen=True, forbid_unknown_fields=True, rename={"base": "from"}):
    """A request: what the file's request of a name is, changed; sent after so many seconds of the mock's clock.

    `keep` names texts of the answer by JSON pointers; `{{name}}` in what follows stands for them.
    """

    base: str
    set: dict[str, Any] = {}
    drop: list[str] = []
    wait: float = 0.0
    keep: dict[str, str] = {}


class Wished(Struct, frozen=True, forbid_unknown_fields=True):
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}


class Case(Struct, frozen=True, forbid_unknown_fields=True, rename={"base": "from"}):
    name: str
    base: str
    answer: Expected
    set: dict[str, Any] = {}
    drop: list[str] = []
    wait: float = 0.0
    keep: dict[str, str] = {}
    before: list[Step] = []
    account: Wished = Wished()
    cap: int | None = None


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    says: str
    requests: dict[str, Any]
    cases: list[Case]


class Located(Struct, frozen=True):
    """A case with the file it stands in."""

    vendor: str
    verdict: str
    file: CaseFile
    case: Case
    stem: str

    @property
    def id(self) -> str:
        return f"{self.vendor}-{self.verdict}-{self.stem}-{self.case.name}"

    @property
    def steps(self) -> list[Step | Case]:
        """Return what is sent, in turn; the last is the case itself."""
        return [*self.case.before, self.case]


class Request(Struct, frozen=True):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def every_case() -> Iterator[Located]:
    for path in sorted(CASES.glob("*/*/*.json")):
        file = msgspec.json.decode(path.read_bytes(), type=CaseFile)
        for case in file.cases:
            yield Located(path.parts[-3], path.parts[-2], file, case, path.stem)


def request_of(
    file: CaseFile, step: Step | Case, credentials: dict[str, tuple[str, str]], kept: dict[str, str] | None = None
) -> Request:
    """Return the bytes of a step; `credentials` maps each of demo's to the case's own account's."""
    asked = json.loads(json.dumps(file.requests[step.base]))
    for pointer, value in step.set.items():
        edit(asked, pointer, value)
    for pointer in step.drop:
        drop(asked, pointer)
    names = {name: (f"{{{{{name}}}}}", text) for name, text in (kept or {}).items()}
    asked = exchange(asked, names | credentials)
    headers, body = encode(asked)
    path = ABSOLUTE.sub("", asked["path"])
    return Request(asked["method"], path, {**headers, **asked.get("headers", {})}, body)


def keep(step: Step | Case, body: Any) -> dict[str, str]:
    """Return what a step keeps of its answer."""
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


def exchange(node: Any, credentials: dict[str, tuple[str, str]]) -> Any:
    if isinstance(node, dict):
        return {key: exchange(child, credentials) for key, child in node.items()}
    if isinstance(node, list):
        return [exchange(child, credentials) for child in node]
    if isinstance(node, str):
        for old, new in credentials.values():
            node = node.replace(old, new)
    return node


def encode(asked: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    if "json" in asked:
        return {"Content-Type": "application/json"}, json.dumps(asked["json"]).encode()
    if "form" in asked:
        parts = b"".join(encode_part(part) for part in asked["form"])
        return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, parts + f"--{BOUNDARY}--\r\n".encode()
    if "urlencoded" in asked:
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(asked["urlencoded"]).encode()
    if "file" in asked:
        return {}, MEDIA.joinpath(str(asked["file"])).read_bytes()
    return {}, asked.get("raw", "").encode()


def encode_part(part: dict[str, Any]) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{part["name"]}"'
    if "filename" in part:
        disposition += f'; filename="{part["filename"]}"'
    kind = f"\r\nContent-Type: {part['type']}" if "type" in part else ""
    return f"--{BOUNDARY}\r\n{disposition}{kind}\r\n\r\n".encode() + content_of(part) + b"\r\n"


def content_of(part: dict[str, Any]) -> bytes:
    if "json" in part:
        return json.dumps(part["json"]).encode()
    if "file" in part:
        return MEDIA.joinpath(str(part["file"])).read_bytes()
    if "size" in part:
        return bytes(part["size"])
    return str(part["text"]).encode()


def includes(found: Any, wanted: Any) -> bool:
    """Is everything wanted there? Objects may hold more; lists are compared item by item."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(key in found and includes(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        same = isinstance(found, list) and len(found) == len(wanted)
        return same and all(includes(one, other) for one, other in zip(found, wanted, strict=True))
    return bool(found == wanted)
