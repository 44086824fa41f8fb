"""A tester's hand on webhooks: the list, once more, and now."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mockserver.control import Unknown, Wanted
from mockserver.creation import ConflictError, Wish
from mockserver.delivery import Answer, Parcel
from mockserver.model import Retry
from mockserver.state.clock import LAST
from mockserver.state.deliveries import SHELF
from tests.acme import HEADERS, WHO
from tests.deliveries import BROKEN, FINE, Post, Scene, hook, states
from tests.stores import Hesitant
from tests.worlds import ask


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def open_account(scene: Scene, name: str) -> None:
    asyncio.run(scene.control.open_account(Wish("acme", name, {"token": f"{name}-token"})))


def call_as(scene: Scene, name: str) -> None:
    served = ask(
        scene.world, "acme", "POST", "/v1/calls", headers={**HEADERS, "Authorization": f"Bearer {name}-token"}, body=WHO
    )
    assert served.decision.refused_by is None


def test_a_webhook_is_listed_from_the_call_on(scene: Scene) -> None:
    (call,) = scene.call()
    (shown,) = scene.shown()
    assert shown == {
        "id": f"{call}/one",
        "vendor": "acme",
        "account": "demo",
        "record": call,
        "call": call,
        "event": "call.done",
        "url": "http://127.0.0.1:9000/hook",
        "state": "pending",
        "created": "2026-06-23T14:30:00.000Z",
        "next": None,
        "payload": {"call": "one"},
        "attempted": 0,
        "attempts": [],
    }


def test_the_list_is_narrowed_and_paged_newest_first(tmp_path: Path) -> None:
    scene = Scene(tmp_path, hook("a"), hook("b"), sender=Post(BROKEN))
    calls = scene.call(3)
    ids = [each["id"] for each in scene.shown()]
    assert ids == [f"{call}/{name}" for call in reversed(calls) for name in ("b", "a")]
    scene.advance(20)
    scene.flush()
    assert len(scene.shown(state="delivered")) == 5
    assert [each["id"] for each in scene.shown(state="pending")] == [f"{calls[0]}/a"]
    assert len(scene.shown(call=calls[1])) == len(scene.shown(record=calls[1])) == 2
    assert scene.shown(vendor="nobody") == scene.shown(account="nobody") == []
    page = asyncio.run(scene.control.webhooks.list({}, limit=4, cursor=None))
    rest = asyncio.run(scene.control.webhooks.list({}, limit=4, cursor=page.cursor))
    assert (len(page.items), page.total, len(rest.items), rest.cursor) == (4, 6, 2, None)


def test_what_was_pushed_out_is_counted(tmp_path: Path) -> None:
    from mockserver.state.memory import MemoryStore
    from mockserver.state.store import QUOTAS, Quota

    scene = Scene(tmp_path, store=MemoryStore({**QUOTAS, SHELF: Quota(2, 1 << 20)}))
    scene.call(3)
    assert asyncio.run(scene.control.webhooks.list({}, limit=9, cursor=None)).evicted == 1
    scene.advance(20)
    assert len(scene.flush()) == 2
    assert scene.due() == []
    assert asyncio.run(scene.control.health())["evicted"]["delivery"] == 1


def test_secrets_of_addresses_and_payloads_are_not_shown(tmp_path: Path) -> None:
    from msgspec.structs import replace

    told = replace(hook("one", "https://me:pw@h.example/hook?token=abc"), payload={"token": "abcdefghijklmnop", "n": 1})
    scene = Scene(tmp_path, told)
    scene.call()
    (shown,) = scene.shown()
    assert (shown["url"], shown["payload"]) == ("https://h.example/hook?…", {"token": "…mnop", "n": 1})
    scene.advance(20)
    scene.flush()
    assert scene.post.parcels[0].url == "https://me:pw@h.example/hook?token=abc"
    assert b"abcdefghijklmnop" in scene.post.parcels[0].body


def test_an_account_may_send_its_own_alone(scene: Scene) -> None:
    open_account(scene, "other")
    scene.call()
    call_as(scene, "other")
    scene.advance(20)
    told = asyncio.run(scene.control.webhooks.flush("acme", "other"))
    assert told["total"] == 1
    assert states(scene.shown(account="demo")) == ["pending"]
    assert states(scene.shown(account="other")) == ["delivered"]
    assert asyncio.run(scene.control.webhooks.flush("emberqa"))["total"] == 0
    assert asyncio.run(scene.control.webhooks.flush("acme"))["total"] == 1


def test_what_was_given_up_arrives_after_a_redelivery(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN, BROKEN, BROKEN, then=FINE))
    scene.call()
    asyncio.run(scene.control.clock.advance_until_idle())
    (shown,) = scene.shown(state="given-up")
    told = scene.redeliver(shown["id"])
    assert (told["state"], told["attempted"]) == ("delivered", 4)
    assert scene.shown() == [told]
    assert len({*scene.post.ids}) == 1


def test_a_redelivery_that_fails_is_repeated_as_the_first_was(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(FINE, then=BROKEN))
    scene.call()
    scene.advance(20)
    scene.flush()
    told = scene.redeliver(scene.post.ids[0])
    assert (told["state"], told["next"]) == ("pending", "2026-06-23T14:30:30.000Z")
    asyncio.run(scene.control.clock.advance_until_idle())
    assert scene.shown()[0]["attempted"] == 4
    assert states(scene.shown()) == ["given-up"]


def test_a_pause_that_reaches_beyond_the_calendar_ends_with_the_clock(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(then=BROKEN), retry=Retry(pauses=(86_400.0,)))
    scene.call()
    scene.advance(20)
    asyncio.run(scene.control.clock.change(now=LAST - timedelta(days=1)))
    scene.flush()
    assert scene.shown()[0]["next"] == "9990-01-01T00:00:00.000Z"
    asyncio.run(scene.control.clock.change(pace="999999"))
    assert scene.shown()[0]["next"] == "9990-01-01T00:00:00.000Z"


def test_a_redelivery_does_not_wait_for_the_pause(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN))
    scene.call()
    scene.advance(20)
    scene.flush()
    assert scene.redeliver(scene.post.ids[0])["state"] == "delivered"
    assert scene.due() == []


def test_what_is_due_and_was_never_sent_is_sent(scene: Scene) -> None:
    (call,) = scene.call()
    scene.advance(20)
    assert scene.redeliver(f"{call}/one")["state"] == "delivered"
    assert scene.flush() == []


def test_what_waits_for_its_record_is_not_sent_before(scene: Scene) -> None:
    (call,) = scene.call()
    with pytest.raises(ConflictError, match="it waits for its record"):
        scene.redeliver(f"{call}/one")
    assert states(scene.shown()) == ["pending"]
    scene.advance(20)
    assert len(scene.flush()) == 1


def test_what_was_cancelled_stays_so(scene: Scene) -> None:
    (call,) = scene.call()
    asyncio.run(scene.world.store.clear(("record",)))
    scene.flush()
    with pytest.raises(ConflictError, match="it was cancelled"):
        scene.redeliver(f"{call}/one")


def test_what_is_on_its_way_is_not_sent_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN))
    scene.call()
    scene.advance(20)
    scene.flush()
    refused: list[str] = []

    async def again(parcel: Parcel) -> None:
        with pytest.raises(ConflictError) as caught:
            await scene.control.webhooks.redeliver(parcel.id)
        refused.append(str(caught.value))

    scene.post.meanwhile = again
    scene.advance(10)
    scene.flush()
    assert refused == ["it is being sent at this moment"]


def test_of_two_who_send_it_again_at_once_one_is_told_so(tmp_path: Path) -> None:
    scene = Scene(tmp_path, store=Hesitant())
    scene.call()
    scene.advance(20)
    scene.flush()

    async def both() -> list[object]:
        twice = [scene.control.webhooks.redeliver(scene.post.ids[0]) for _ in range(2)]
        return await asyncio.gather(*twice, return_exceptions=True)

    told = asyncio.run(both())
    assert sum(isinstance(each, ConflictError) for each in told) == 1
    assert len(scene.post.parcels) == 2


def caused(scene: Scene, call: str) -> list[dict[str, Any]]:
    entry = json.loads(bytes(asyncio.run(scene.control.journal.read(call))))
    told: list[dict[str, Any]] = entry["webhooks"]
    return told


def test_a_call_tells_what_it_has_caused(tmp_path: Path) -> None:
    scene = Scene(tmp_path, hook("a", "https://me:pw@h.example/hook?token=abc"), hook("b"), sender=Post(BROKEN))
    open_account(scene, "other")
    first, second = scene.call(2)
    call_as(scene, "other")
    told = {"event": "call.done", "state": "pending", "attempted": 0, "status": None, "error": None}
    assert caused(scene, first) == [
        {"id": f"{first}/a", "url": "https://h.example/hook?…", **told},
        {"id": f"{first}/b", "url": "http://127.0.0.1:9000/hook", **told},
    ]
    scene.advance(20)
    scene.flush()
    assert [(each["state"], each["attempted"], each["status"]) for each in caused(scene, first)] == [
        ("pending", 1, 500),
        ("delivered", 1, 200),
    ]
    assert [each["id"] for each in caused(scene, second)] == [f"{second}/a", f"{second}/b"]


def test_a_call_tells_what_kept_its_webhook_from_being_answered(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(Answer(error="connect error")))
    (call,) = scene.call()
    scene.advance(20)
    scene.flush()
    assert [(each["status"], each["error"]) for each in caused(scene, call)] == [(None, "connect error")]


def test_a_call_that_was_refused_has_caused_nothing(scene: Scene) -> None:
    for token in ("nobody's", "demo-token"):
        headers = {**HEADERS, "Authorization": f"Bearer {token}"}
        served = ask(scene.world, "acme", "POST", "/v1/calls", headers=headers, body={})
        assert served.decision.refused_by is not None
        assert caused(scene, served.call.id) == []


def test_lists_of_calls_do_not_tell_of_webhooks(scene: Scene) -> None:
    scene.call()
    page = asyncio.run(scene.control.journal.page(Wanted(), limit=1, cursor=None))
    assert "webhooks" not in json.loads(bytes(page.items[0]))


def test_an_unknown_one_is_told(scene: Scene) -> None:
    with pytest.raises(Unknown, match="there is no webhook 'nothing'"):
        scene.redeliver("nothing")
