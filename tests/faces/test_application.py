"""The application as a whole: what goes wrong with us is told by the log, and every kind of scope is answered."""

import asyncio
import logging
from typing import Any

import pytest
from starlette.types import Message

from mockserver.engine.arrival import Arrival
from mockserver.faces.application import Application
from mockserver.faces.server import until_stopped
from mockserver.model import Reply
from mockserver.world import Served
from tests.applications import HOST, UPLOAD, VOXJAR, answered, ask, exchange, new_application, new_world, scope_of


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


@pytest.mark.parametrize("path", ["/voxjar/api/v1/upload", "/_mock/accounts", "/_mock/journal", "/nowhere"])
def test_a_fault_of_ours_is_a_500_without_a_trace_and_the_log_has_the_trace(
    application: Application, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(application.world, "serve", fail)
    monkeypatch.setattr(application, "lost", fail)
    monkeypatch.setattr(application.world.clock, "now", fail)
    answer = ask(application, "POST" if path != "/_mock/journal" else "GET", path, json_body={"vendor": "voxjar"})
    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content
    (record,) = caplog.records
    assert record.exc_info
    assert "secret of the house" in str(record.exc_info[1])


@pytest.mark.parametrize(
    ("path", "headers"), [("/voxjar/api/v1/upload", VOXJAR), ("/_mock/accounts", {"Content-Type": "application/json"})]
)
def test_a_client_that_goes_away_is_one_line_and_no_answer(
    application: Application, path: str, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mockserver")
    pairs = [("host", HOST), ("content-length", "100"), *headers.items()]
    part = {"type": "http.request", "body": b'{"vendor"', "more_body": True}
    assert asyncio.run(exchange(application, scope_of("POST", path, pairs), [part])) == []
    said = f"POST {path}: the client went away before its body was whole; nothing was kept"
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("INFO", said)]
    assert ask(application, "GET", "/_mock/records").json["total"] == 0
    assert ask(application, "GET", "/_mock/journal").json["total"] == 0


def test_a_body_may_come_in_any_pieces(application: Application) -> None:
    whole = b'{"vendor": "voxjar", "name": "pieces"}'
    pieces = [*(whole[at : at + 1] for at in range(len(whole))), b""]
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request"})
    scope = scope_of("POST", "/_mock/accounts", [("host", HOST), ("content-type", "application/json")])
    answer = answered(asyncio.run(exchange(application, scope, messages)))
    assert (answer.status, answer.json["name"]) == (201, "pieces")


def test_a_call_that_is_cancelled_with_the_server_is_answered(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mockserver")

    async def stop_in_the_middle() -> list[Any]:
        sent: list[Any] = []
        waiting = asyncio.Event()

        async def receive() -> Any:
            waiting.set()
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        pairs = [("host", HOST), ("content-length", "10"), *VOXJAR.items()]
        call = until_stopped(application)(scope_of("POST", "/voxjar/api/v1/upload", pairs), receive, send)
        task = asyncio.ensure_future(call)
        await waiting.wait()
        task.cancel()
        await task
        return sent

    assert answered(asyncio.run(stop_in_the_middle())).status == 503
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_lifespan_and_websocket_are_answered(application: Application) -> None:
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = asyncio.run(exchange(application, {"type": "lifespan"}, events))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    closed = asyncio.run(exchange(application, {"type": "websocket", "path": "/"}, []))
    assert closed == [{"type": "websocket.close", "code": 1000}]


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_content_has_no_length(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    application = new_application(new_world("voxjar"))
    monkeypatch.setattr(application, "lost", lambda _: Reply(status, {"never": "sent"}))
    answer = ask(application, "GET", "/nowhere")
    assert (answer.status, answer.content) == (status, b"")
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("reply", "content"),
    [
        (Reply(413, "Too Large", "text/plain"), b"Too Large"),
        (Reply(200, "text", "application/json"), b'"text"'),
        (Reply(200, None, "application/json"), b"null"),
        (Reply(200, {"ü": 1}), '{"ü":1}'.encode()),
        (Reply(200, "never", None), b""),
    ],
)
def test_an_answer_is_written_as_its_media_type_says(
    reply: Reply, content: bytes, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "lost", lambda _: reply)
    answer = ask(application, "GET", "/nowhere")
    assert (answer.content, answer.headers["content-length"]) == (content, str(len(content)))
    assert answer.headers.get("content-type") == reply.media_type


@pytest.mark.parametrize(
    ("public_url", "host", "url"),
    [
        (None, "127.0.0.1:4747", "http://127.0.0.1:4747"),
        (None, "VOXJAR.localhost", "http://voxjar.localhost"),
        ("https://mock.example", "localhost", "https://mock.example"),
    ],
)
def test_a_vendor_is_told_the_address_it_is_reached_at(
    public_url: str | None, host: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world("voxjar")
    application = new_application(world, public_url=public_url)
    seen: list[str] = []
    serve = world.serve

    async def note(name: str, arrival: Arrival) -> Served:
        seen.append(arrival.origin)
        return await serve(name, arrival)

    monkeypatch.setattr(world, "serve", note)
    ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR | {"Host": host}, json_body=UPLOAD)
    ask(application, "POST", "/api/v1/upload", VOXJAR | {"Host": host}, json_body=UPLOAD)
    assert seen == [f"{url}/voxjar", url]
