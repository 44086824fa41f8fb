"""A thousand webhooks to a receiver that fails three times of ten: all arrive, and every attempt is in the log."""

import asyncio
import json
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from mockserver.control import Control
from mockserver.creation import Wish, grant
from mockserver.delivery import Courier
from mockserver.delivery.lanes import MOST_EACH
from mockserver.faces.sender import Sender
from mockserver.world import World
from tests.processes import Started
from tests.receivers import Behave, Handler, Received, babble, hang, hang_up, receiving, reset, status
from tests.worlds import arrival, new_world

EVENTS = ["integrations.recordingProcessed", "integrations.recordingLinked"]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MEDIA = "https://media.example/audio.mp3"
UPLOADS, RATE, BOUND = 500, 30, 100.0
# How long one that hangs is waited for, and how many of those that might do: the vendor's 15 s are not what is looked
# at here, but a busy machine must have answered by then.
TIMEOUT, ONE_OF = 3.0, 10


def hang_now_and_then(handler: Handler, received: Received) -> None:
    drawn = int(sha256(received.headers["svix-id"].encode()).hexdigest(), 16)
    (hang if drawn % ONE_OF == 0 else hang_up)(handler, received)


FAILURES: tuple[Behave, ...] = (
    status(500, b"broken"),
    status(503, b"busy", Retry_After="30"),
    status(429, b"slow down", Retry_After="1"),
    status(302, Location="http://127.0.0.1:9/"),
    status(404),
    hang_up,
    reset,
    babble,
    hang_now_and_then,
)


class Moody:
    """Fails three times of ten, in each of several ways, and always for a few: which is which its id decides."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, handler: Handler, received: Received) -> None:
        ident = received.headers["svix-id"]
        self.seen[ident] += 1
        drawn = int(sha256(f"{ident}/{self.seen[ident]}".encode()).hexdigest(), 16)
        fails = drawn % 100 < RATE or (is_cursed(ident) and self.seen[ident] <= 8)
        (FAILURES[drawn // 100 % len(FAILURES)] if fails else status(204))(handler, received)


def is_cursed(ident: str) -> bool:
    return int(ident[-2:], 16) < 3


async def upload(world: World, token: str, times: int) -> None:
    crm = [{"objectType": "Opportunity", "objectId": "opp_demo"}]
    link = {"integrationConnectionId": "conn_demo", "crmObjects": crm}
    body = json.dumps({"downloadUrl": MEDIA, "fileType": "mp3", "userId": "user_demo", **link}).encode()
    headers = {"x-siro-auth-token": token, "content-type": "application/json"}
    for _ in range(times):
        call = arrival("POST", "/v1/core/recordings/upload", headers=headers, body=body, vendor="siro")
        assert (await world.serve("siro", call)).decision.outcome.reply.status == 201


async def listed(control: Control) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        page = await control.webhooks.list({}, limit=1000, cursor=cursor)
        found += [json.loads(bytes(item)) for item in page.items]
        if (cursor := page.cursor) is None:
            return found


async def live(world: World, url: str) -> list[dict[str, Any]]:
    """Upload, let everything happen, send again what was given up, until nothing is left; return all webhooks."""
    courier = Courier(world, Sender())
    control = Control(world, courier)
    account = await grant(world, Wish("siro", book={"webhooks": [{"url": url, "events": EVENTS, "secret": SECRET}]}))
    await upload(world, account.credentials["token"], UPLOADS)
    await control.clock.advance_until_idle()
    given_up = [each["id"] for each in await listed(control) if each["state"] == "given-up"]
    assert given_up != []
    for ident in given_up:
        await control.webhooks.redeliver(ident)
    await control.clock.advance_until_idle()
    return await listed(control)


@pytest.fixture
def world() -> World:
    world = new_world("siro")
    siro = world.vendors["siro"]
    world.vendors = {"siro": replace(siro, retry=replace(siro.retry, timeout=TIMEOUT))}
    return world


def test_a_thousand_webhooks_arrive_and_every_attempt_is_told(world: World) -> None:
    began, moody = time.monotonic(), Moody()
    with receiving(moody) as receiver:
        told = asyncio.run(live(world, receiver.url))
        received = list(receiver.received)
    assert [each["state"] for each in told] == ["delivered"] * 2 * UPLOADS
    # One line for each attempt, and none that was not made: what the receiver has seen is what the log says.
    assert {each["id"]: len(each["attempts"]) for each in told} == moody.seen
    assert sum(each["attempted"] for each in told) == len(received)
    assert 1.3 * len(told) < len(received) < 1.7 * len(told)
    kinds = {attempt["status"] or attempt["error"].partition(":")[0] for each in told for attempt in each["attempts"]}
    # Who hangs up and who babbles break the same protocol.
    assert len(kinds) == len(FAILURES), kinds
    for each in received:
        headers = {name.replace("svix-", "webhook-"): value for name, value in each.headers.items()}
        Webhook(SECRET).verify(each.body, headers)
    bodies = {each.headers["svix-id"]: each.body for each in received}
    assert {(each.headers["svix-id"], each.body) for each in received} == set(bodies.items())
    assert time.monotonic() - began < BOUND


def test_receivers_that_hang_keep_no_upload_waiting(tmp_path: Path) -> None:
    started = Started(cwd=tmp_path)
    with receiving(hang) as receiver, httpx.Client(base_url=started.url, trust_env=False) as client:
        alerts = [{"type": "completion", "url": f"{receiver.url}/{number}"} for number in range(20)]
        client.put("/_mock/clock", json={"pace": "immediate"}).raise_for_status()
        wish = {"vendor": "emberqa", "book": {"alerts": alerts}}
        account = client.post("/_mock/accounts", json=wish).json()
        headers = {"Authorization": f"Bearer {account['credentials']['api_key']}"}
        for _ in range(50):
            path, body = "/emberqa/api/scoring/submitRecording", {"media_url": "https://example.com/a.mp3"}
            assert client.post(path, json=body, headers=headers, timeout=1.0).status_code == 200
        receiver.wait_for(MOST_EACH)
        assert client.get("/_mock/webhooks", params={"state": "pending"}).json()["total"] == 1000
    # Nor does the server wait for them when it is told to end.
    began = time.monotonic()
    assert started.stop() == 0
    assert time.monotonic() - began < 5
    assert any("1000 webhooks were still to be sent" in line for line in started.err.rest())
