"""Webhooks over HTTP: listed, sent again, sent now; and none is ever answered by a mock."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.faces.application import Application
from mockserver.faces.gate import Gate
from mockserver.faces.sender import Sender
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem
from tests.receivers import Receiver, receiving, status

WEBHOOKS, FLUSH = "/_mock/webhooks", "/_mock/webhooks/flush"
EMBERQA = {"Authorization": "Bearer emberqa-demo-key", "Content-Type": "application/json"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def application(receiver: Receiver) -> Application:
    application = new_application(new_world("emberqa"), sender=Sender())
    alerts = [{"type": "completion", "url": f"{receiver.url}/done?key=abc"}]
    book = {"book": {"alerts": alerts}}
    assert ask(application, "PATCH", "/_mock/accounts/emberqa/demo", json_body=book).status == 200
    return application


def submit(application: Application) -> str:
    """Submit a recording, let it be scored, and return its call's id."""
    path, body = "/emberqa/api/scoring/submitRecording", {"media_url": "https://example.com/a.mp3"}
    call = ask(application, "POST", path, EMBERQA, json_body=body).headers["x-mock-call"]
    keep(application, "POST", "/_mock/clock/advance", json_body={"seconds": 20})
    return call


def test_what_is_due_is_sent_and_listed(application: Application, receiver: Receiver) -> None:
    call = submit(application)
    sent = keep(application, "POST", FLUSH).json
    assert sent["total"] == 1
    assert [received.path for received in receiver.received] == ["/done?key=abc"]
    listed = keep(application, "GET", WEBHOOKS, query=f"call={call}&state=delivered&vendor=emberqa&account=demo").json
    assert listed["items"] == sent["items"]
    assert (listed["total"], listed["evicted"], listed["cursor"]) == (1, 0, None)
    (shown,) = listed["items"]
    assert shown["url"] == f"{receiver.url}/done?…"
    assert shown["payload"] == receiver.received[0].json
    assert shown["attempts"][0]["status"] == 200
    assert keep(application, "POST", FLUSH).json == {"items": [], "total": 0}


def test_one_is_sent_again(application: Application, receiver: Receiver) -> None:
    submit(application)
    receiver.behave = status(503, b"not now")
    (shown,) = keep(application, "POST", FLUSH).json["items"]
    assert (shown["state"], shown["attempts"][0]["answer"]) == ("pending", "not now")
    receiver.behave = status(200)
    told = keep(application, "POST", f"{WEBHOOKS}/{shown['id']}/redeliver").json
    assert (told["state"], told["attempted"]) == ("delivered", 2)
    assert [received.body for received in receiver.received] == [receiver.received[0].body] * 2


def test_an_account_sends_its_own(application: Application) -> None:
    submit(application)
    assert keep(application, "POST", FLUSH, query="vendor=emberqa&account=other").json["total"] == 0
    assert keep(application, "POST", FLUSH, query="vendor=emberqa&account=demo").json["total"] == 1


@pytest.mark.parametrize(
    ("asked", "code", "detail"),
    [
        (("POST", f"{WEBHOOKS}/nothing/redeliver", ""), 404, "there is no webhook 'nothing'"),
        (
            ("GET", WEBHOOKS, "state=sent"),
            422,
            "state must be one of pending, delivered, given-up, cancelled, not sent",
        ),
        (("GET", WEBHOOKS, "limit=0"), 422, "limit must be at least 1, not 0"),
        (("POST", FLUSH, "vendor=a%20b"), 422, "vendor must match ^[A-Za-z0-9@._-]+$"),
    ],
)
def test_what_cannot_be_is_refused(
    application: Application, asked: tuple[str, str, str], code: int, detail: str
) -> None:
    method, path, query = asked
    answer = keep(application, method, path, query=query)
    assert problem(answer)[::2] == (code, detail)


def test_what_waits_is_a_conflict(application: Application) -> None:
    submit(application)
    path, body = "/emberqa/api/scoring/submitRecording", {"media_url": "https://example.com/b.mp3"}
    ask(application, "POST", path, EMBERQA, json_body=body)
    newest = keep(application, "GET", WEBHOOKS).json["items"][0]
    answer = keep(application, "POST", f"{WEBHOOKS}/{newest['id']}/redeliver")
    assert problem(answer) == (409, "Conflict", "it waits for its record, and cannot be sent before")


@pytest.mark.parametrize("path", ["/voxjar/api/v1/upload", "/api/v1/upload", "/_mock/accounts", "/_mock/webhooks"])
@pytest.mark.parametrize("token", [None, "s3cret"])
def test_a_webhook_that_leads_to_a_mock_is_not_answered(path: str, token: str | None) -> None:
    application = new_application(new_world("voxjar"), Gate(token=token))
    headers = {**VOXJAR, "X-Mock-Webhook": "id-1"}
    answer = ask(application, "POST", path, headers, json_body=UPLOAD)
    assert problem(answer)[::2] == (403, "this is a webhook, and it leads to a mock: point it at your own receiver")
    assert asyncio.run(application.world.store.count(("journal",))) == 0


def test_the_health_answer_tells_the_bounds_of_the_queue(application: Application) -> None:
    limits = keep(application, "GET", "/_mock/health").json["limits"]
    assert limits["delivery"] == {"count": 10_000, "bytes": 128 << 20}
    assert limits["due"]["count"] == 20_000


def raw(page: Any) -> list[Any]:
    return [json.loads(bytes(item)) for item in page.items]


def test_near_and_far_tell_the_same(application: Application) -> None:
    submit(application)
    keep(application, "POST", FLUSH)
    near = asyncio.run(Control(application.world).webhooks.list({}, limit=10, cursor=None))
    assert raw(near) == keep(application, "GET", WEBHOOKS).json["items"]
