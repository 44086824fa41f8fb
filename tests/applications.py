"""The application as tests speak to it: plain ASGI calls, in which headers and peer can be what no client sends."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from starlette.types import Message, Scope

from mockserver.control import Control
from mockserver.creation import Plan, create_world
from mockserver.delivery import Courier, Send
from mockserver.delivery.parcel import nobody
from mockserver.engine.answers import check_answer
from mockserver.engine.document import Route
from mockserver.faces.addresses import Addresses
from mockserver.faces.admin.routing import admin_application
from mockserver.faces.application import Application
from mockserver.faces.gate import Gate
from mockserver.model import Reply
from mockserver.world import World
from tests.worlds import document

HOST = "127.0.0.1:4747"
ORIGIN = f"http://{HOST}"
LOOPBACK = ("127.0.0.1", 50_000)
VOXJAR = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json"}
UPLOAD = {
    "sourceIdentifier": "call-67890",
    "direction": "OUTBOUND",
    "timestamp": "2026-06-23T14:30:00Z",
    "downloadUrl": "https://storage.example.com/calls/67890.mp4",
}


class Answered(Struct, frozen=True):
    """A whole answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def new_world(*vendors: str, **settings: Any) -> World:
    return asyncio.run(create_world(Plan(vendors=vendors, seed="tests", check_replies=True, **settings)))


def new_application(
    world: World,
    gate: Gate | None = None,
    *,
    public_url: str | None = None,
    has_marks: bool = True,
    sender: Send = nobody,
) -> Application:
    admin = admin_application(Control(world, Courier(world, sender)), document("_admin"), public_url)
    entry = gate or Gate(hosts=Addresses(world.documents).hosts)
    return Application(world, admin, entry, public_url=public_url, has_marks=has_marks)


def scope_of(
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]] = (),
    *,
    query: str = "",
    peer: tuple[str, int] | None = LOOPBACK,
) -> Scope:
    """Return a request's scope: the path is decoded, as a server hands it on."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": peer,
        "server": ("127.0.0.1", 4747),
    }


async def exchange(application: Any, scope: Scope, messages: Sequence[Message]) -> list[Message]:
    """Run an application on a scope and on what the client sends; return what it sends."""
    coming, sent = list(messages), []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


def ask(
    application: Any,
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]] | Mapping[str, str] = (),
    *,
    json_body: Any = None,
    body: bytes = b"",
    query: str = "",
    peer: tuple[str, int] | None = LOOPBACK,
    host: str | None = HOST,
) -> Answered:
    """Send one request and return the answer; `host` joins headers that name none."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    content = body if json_body is None else json.dumps(json_body).encode()
    if json_body is not None and not any(name.lower() == "content-type" for name, _ in pairs):
        pairs.append(("content-type", "application/json"))
    if host is not None and not any(name.lower() == "host" for name, _ in pairs):
        pairs.append(("host", host))
    pairs.append(("content-length", str(len(content))))
    scope = scope_of(method, path, pairs, query=query, peer=peer)
    request = {"type": "http.request", "body": content, "more_body": False}
    return answered(asyncio.run(exchange(application, scope, [request])))


def answered(sent: Sequence[Message]) -> Answered:
    start, *rest = sent
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    assert len(headers) == len(start["headers"]), "a header is there twice"
    return Answered(start["status"], headers, b"".join(message["body"] for message in rest))


def keep(application: Application, method: str, path: str, **rest: Any) -> Answered:
    """Ask, and hold the answer to the admin document."""
    answer = ask(application, method, path, **rest)
    route = document("_admin").find(method, path)
    assert isinstance(route, Route)
    body = answer.json if answer.content else None
    assert check_answer(route.endpoint, Reply(answer.status, body, answer.headers.get("content-type"))) is None
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    return answer


def problem(answer: Answered) -> tuple[int, str, str]:
    """Return status, title and detail of a problem document."""
    body = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= body.keys() <= {"type", "title", "status", "detail", "problems"}
    assert (body["type"], body["status"]) == ("about:blank", answer.status)
    return answer.status, body["title"], body["detail"]


def made_up(folder: Path, vendor: str, paths: Mapping[str, Any], **words: Any) -> Path:
    """Write a document of a vendor nobody knows into a folder of documents."""
    content = {"openapi": "3.1.0", "info": {"title": vendor, "version": "1"}, "paths": paths, **words}
    (folder / vendor).mkdir(parents=True)
    (folder / vendor / "openapi.json").write_text(json.dumps(content))
    return folder


def operation(ident: str) -> dict[str, Any]:
    """Return the least an operation can be: it answers an example."""
    example = {"schema": {"type": "object"}, "example": {"by": ident}}
    return {
        "operationId": ident,
        "responses": {"200": {"description": "Fine.", "content": {"application/json": example}}},
    }
