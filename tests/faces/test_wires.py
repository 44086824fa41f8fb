"""What befalls an answer, seen from the application: with a connection at hand, and in-process, where there is none."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from starlette.types import Message

from mockserver.faces import wires
from mockserver.faces.application import Application
from mockserver.faces.wires import LINE, NOISE, PIECES, Spoilt, WireFault, has_left, perform
from mockserver.model import WIRES, Decision, Mark, Outcome, Reply
from tests.applications import HOST, UPLOAD, VOXJAR, ask, new_application, new_world, scope_of

Value = TypeVar("Value")
MARKS = ((b"x-mock-fault", b"mine"),)


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


class Client:
    """One end of a call: what it is sent, when it leaves, and what happens to its connection."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.seen: list[str | bytes] = []
        self.has_gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.has_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def reset(self) -> None:
        self.seen.append("reset")
        self.has_gone.set()

    def end(self, content: bytes = b"") -> None:
        self.seen.append(content or "end")
        self.has_gone.set()

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


async def performed(
    client: Client, wire: str | None, reply: Reply, *, method: str = "POST", delay: float = 0, has_line: bool = True
) -> None:
    scope = {**scope_of(method, "/"), **({"extensions": {LINE: {LINE: client}}} if has_line else {})}
    decision = Decision(Outcome(reply), (Mark("accept"),), wire=wire, delay=delay)
    await perform(decision, Spoilt(scope, client.receive, client.send, reply, MARKS))


def spoilt(wire: str, reply: Reply = Reply(200, {"id": "1"}), **rest: Any) -> Client:  # noqa: B008  # a frozen value
    async def work() -> Client:
        client = Client()
        await performed(client, wire, reply, **rest)
        return client

    return run(work())


@pytest.mark.parametrize(("wire", "seen"), [("reset", "reset"), ("empty", "end"), ("garbage", NOISE)])
def test_of_these_the_client_sees_no_answer(wire: str, seen: str | bytes) -> None:
    client = spoilt(wire)
    assert (client.seen, client.sent) == ([seen], [])


def test_garbage_is_no_http() -> None:
    assert len(NOISE) >= 64
    assert b"HTTP" not in NOISE
    assert b"\n" not in NOISE


@pytest.mark.parametrize(
    ("reply", "announced", "content"),
    [
        (Reply(200, {"id": "1"}), 10, b'{"id"'),
        (Reply(200, "x", "text/plain"), 1, b""),
        (Reply(401, None, None), 1, b""),
    ],
)
def test_a_truncated_answer_is_short_of_what_it_announces(reply: Reply, announced: int, content: bytes) -> None:
    client = spoilt("truncate", reply)
    start, body = client.sent
    headers = dict(start["headers"])
    assert (start["status"], int(headers[b"content-length"]), body["body"]) == (reply.status, announced, content)
    assert headers[b"x-mock-fault"] == b"mine"
    assert body["more_body"]
    assert client.seen == ["end"]


@pytest.mark.parametrize(("method", "reply"), [("HEAD", Reply(200, {})), ("POST", Reply(204, media_type=None))])
def test_where_no_body_may_come_a_truncated_answer_is_none_at_all(method: str, reply: Reply) -> None:
    client = spoilt("truncate", reply, method=method)
    assert (client.sent, client.seen) == ([], ["end"])


@pytest.mark.parametrize("length", [0, 3, 4, 90, 10_000])
def test_a_drip_comes_in_pieces_and_whole(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "PAUSE", 0)
    client = spoilt("drip", Reply(200, "x" * length, "text/plain"), has_line=False)
    pieces = [message["body"] for message in client.sent[1:]]
    assert client.content == b"x" * length
    assert client.sent[0]["status"] == 200
    assert [message["more_body"] for message in client.sent[1:-1]] == [True] * (len(pieces) - 1)
    assert "more_body" not in client.sent[-1]
    assert len(pieces) - 1 == min(PIECES, -(-length // 4))


def test_a_drip_ends_when_its_client_leaves() -> None:
    async def work() -> Client:
        client = Client()
        client.has_gone.set()
        await performed(client, "drip", Reply(200, "x" * 1_000, "text/plain"))
        return client

    assert len(run(work()).sent) == 2


def test_a_drip_pauses_for_no_longer_than_five_seconds() -> None:
    assert PIECES * wires.PAUSE <= 5


def test_a_hang_ends_when_its_client_leaves() -> None:
    async def work() -> Client:
        client = Client()
        hanging = asyncio.ensure_future(performed(client, "hang", Reply(0, media_type=None)))
        await asyncio.sleep(0)
        assert not hanging.done()
        client.has_gone.set()
        await asyncio.wait_for(hanging, 5)
        return client

    assert run(work()).sent == []


def test_a_hang_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wires.LONGEST_HANG == 60
    monkeypatch.setattr(wires, "LONGEST_HANG", 0.01)
    client = spoilt("hang", Reply(0, media_type=None))
    assert (client.sent, client.seen) == ([], ["end"])


def test_a_client_that_takes_nothing_is_reset_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "FLUSHED", 0.01)
    monkeypatch.setattr(Client, "end", lambda client, _content=b"": client.seen.append("asked"))
    assert spoilt("empty").seen == ["asked", "reset"]


@pytest.mark.parametrize("wire", [None, "empty"])
def test_a_delay_comes_first(wire: str | None) -> None:
    async def work() -> None:
        client = Client()
        late = asyncio.ensure_future(performed(client, wire, Reply(200, {}), delay=0.05))
        assert not await has_left(client.receive, 0.01)
        assert (client.sent, client.seen) == ([], [])
        await late
        assert bool(client.sent) is (wire is None)
        assert client.seen == (["end"] if wire else [])

    run(work())


def test_waiting_says_whether_the_client_has_left() -> None:
    async def work() -> tuple[bool, bool]:
        client = Client()
        stayed = await has_left(client.receive, 0.01)
        client.has_gone.set()
        return stayed, await has_left(client.receive, 5)

    assert run(work()) == (False, True)


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


def asked(application: Application, fault: str) -> Any:
    return ask(application, "POST", "/voxjar/api/v1/upload", {**VOXJAR, "X-Mock-Fault": fault}, json_body=UPLOAD)


@pytest.mark.parametrize("wire", [wire for wire in WIRES if wire != "drip"])
def test_in_process_a_fault_of_the_wire_is_raised(wire: str, application: Application) -> None:
    with pytest.raises(WireFault, match=f"planted: {wire}") as caught:
        asked(application, wire)
    assert caught.value.kind == wire
    (entry,) = ask(application, "GET", "/_mock/journal").json["items"]
    was_processed = wire in ("truncate", "garbage")
    assert (entry["fault"], entry["status"]) == (wire, 200 if was_processed else 0)
    assert bool(ask(application, "GET", "/_mock/records").json["total"]) is was_processed


def test_in_process_an_answer_drips_too(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "PAUSE", 0)

    async def work() -> Client:
        client = Client()
        body = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Message:
            return body.pop() if body else await client.receive()

        headers = [("host", HOST), *VOXJAR.items(), ("x-mock-fault", "drip")]
        await application(scope_of("POST", "/voxjar/api/v1/upload", headers), receive, client.send)
        return client

    client = run(work())
    assert client.sent[0]["status"] == 400
    assert len(client.sent) > 10


def test_in_process_a_delay_is_waited_for(application: Application) -> None:
    headers = {**VOXJAR, "X-Mock-Delay": "0.01"}
    answer = ask(application, "POST", "/voxjar/api/v1/upload", headers, json_body=UPLOAD)
    assert (answer.status, "x-mock-fault" in answer.headers) == (200, False)


def test_without_marks_a_fault_is_not_told() -> None:
    plain = new_application(new_world("voxjar"), has_marks=False)
    answer = ask(plain, "POST", "/voxjar/api/v1/upload", {**VOXJAR, "X-Mock-Fault": "broken"}, json_body=UPLOAD)
    assert answer.status == 500
    assert not [name for name in answer.headers if name.startswith("x-mock")]
