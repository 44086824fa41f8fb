"""What is noted of an attempt, and what is done wrong on request."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from mockserver.control import snapshots
from mockserver.delivery import Answer, Courier, Parcel
from mockserver.delivery.attempting import MARGIN, give_back, take
from mockserver.model import Message
from mockserver.state.deliveries import MOST_ATTEMPTS
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Key, Write
from tests.deliveries import BROKEN, FINE, RETRY, START, Post, Scene, hook, misbehave, states, turns


def sign(message: Message, at: datetime, body: bytes) -> Mapping[str, str]:
    """Show what a signature rests on."""
    return {"x-signature": f"{message.secret}|{at.isoformat()}|{body.decode()}"}


def sent(folder: Path, *messages: Message, sender: Post | None = None, **more: Any) -> Scene:
    scene = Scene(folder, *messages, sender=sender, **more)
    scene.call()
    scene.advance(20)
    return scene


def test_the_beginning_of_the_answer_is_kept_without_secrets(tmp_path: Path) -> None:
    text = 'you sent "whsec_c2VjcmV0LWtleQ==" to http://me@here.example/?token=abc'
    scene = sent(tmp_path, hook("one", secret="whsec_c2VjcmV0LWtleQ=="), sender=Post(Answer(200, text=text)))
    (shown,) = scene.flush()
    assert shown["attempts"][0]["answer"] == 'you sent "…eQ==" to http://here.example/?…'


def test_neither_secret_nor_signature_is_ever_shown(tmp_path: Path) -> None:
    canary = "whsec_Y2FuYXJ5LWNhbmFyeQ=="

    def signed(message: Message, _at: datetime, _body: bytes) -> Mapping[str, str]:
        return {"x-signature": "v1,signed-by-the-canary"}

    echo = Post(Answer(200, text=f"{canary} v1,signed-by-the-canary"))
    scene = sent(
        tmp_path, hook("one", f"http://user:{canary}@h.example/?key={canary}", secret=canary), sender=echo, sign=signed
    )
    for shown in (*scene.flush(), *scene.shown()):
        assert canary not in f"{shown}"
        assert "signed-by-the-canary" not in f"{shown}"


@pytest.mark.parametrize(
    ("address", "told", "shown"),
    [
        ("http://me:p%40ss@h.example/", "Authorization: Basic bWU6cEBzcw==", "Authorization: Basic …cw=="),
        ("http://me:p%40ss@h.example/", "you are me:p@ss (me:p%40ss), by p@ss", "you are … (…), by …"),
        ("http://canary@h.example/", "Basic Y2FuYXJ5Og== is canary", "Basic …Og== is …"),
        ("http://h.example/a?token=canary%20b", "POST /a?token=canary%20b HTTP/1.1", "POST /a?…%20b HTTP/1.1"),
        (
            "http://h.example/a?token=canary%20b",
            'QUERY token=canary%20b {"token": "canary b"}',
            'QUERY …%20b {"token": "…"}',
        ),
        ("http://h.example/a?v=1", "v=1 of 11", "v=1 of 11"),
        ("http://h.example/a", "POST /a", "POST /a"),
    ],
)
def test_what_an_address_tells_in_secret_is_not_shown_when_it_is_echoed(
    tmp_path: Path, address: str, told: str, shown: str
) -> None:
    scene = sent(tmp_path, hook("one", address), sender=Post(Answer(200, told, told)))
    (attempt,) = scene.flush()[0]["attempts"]
    assert (attempt["answer"], attempt["error"]) == (shown, shown)


def test_an_address_that_is_none_tells_nothing(tmp_path: Path) -> None:
    scene = sent(tmp_path, hook("one", "http://"), sender=Post(Answer(error="not sent")))
    assert scene.flush()[0]["attempts"][0]["error"] == "not sent"


def test_the_log_holds_a_bounded_number_of_attempts_and_counts_all(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    scene.flush()
    ident = scene.post.ids[0]
    for _ in range(MOST_ATTEMPTS + 2):
        shown = scene.redeliver(ident)
    assert (len(shown["attempts"]), shown["attempted"]) == (MOST_ATTEMPTS, MOST_ATTEMPTS + 3)


def test_the_signature_is_over_the_very_bytes_by_the_time_of_the_machine(tmp_path: Path) -> None:
    scene = sent(tmp_path, hook("one", secret="s"), sender=Post(BROKEN), sign=sign)
    scene.flush()
    scene.advance(10)
    scene.clock.pass_by(7)
    scene.flush()
    first, second = scene.post.parcels
    assert first.headers["x-signature"] == f"s|{START.isoformat()}|{first.body.decode()}"
    assert second.headers["x-signature"] == f"s|{(START + timedelta(seconds=7)).isoformat()}|{second.body.decode()}"


def test_a_signature_that_cannot_be_made_is_a_failure_like_any_other(tmp_path: Path) -> None:
    def fail(*_: Any) -> Mapping[str, str]:
        raise ValueError("no key")

    scene = sent(tmp_path, sign=fail)
    (shown,) = scene.flush()
    assert (shown["state"], shown["attempts"][0]["error"]) == ("pending", "ValueError: no key")


@pytest.mark.parametrize(("status", "state"), [(200, "delivered"), (500, "pending")])
def test_the_status_decides_however_the_rest_of_the_answer_ends(tmp_path: Path, status: int, state: str) -> None:
    scene = sent(tmp_path, sender=Post(Answer(status, "no answer within 5 s", "yyy")))
    (shown,) = scene.flush()
    (attempt,) = shown["attempts"]
    assert shown["state"] == state
    assert (attempt["status"], attempt["error"], attempt["answer"]) == (status, "no answer within 5 s", "yyy")


@pytest.mark.parametrize("scope", [(None, None), ("acme", "demo")])
def test_a_duplicate_is_the_same_twice(tmp_path: Path, scope: tuple[str | None, str | None]) -> None:
    scene = sent(tmp_path)
    misbehave(scene, *scope, duplicate=True)
    (shown,) = scene.flush()
    first, second = scene.post.parcels
    assert first == second
    assert (shown["state"], shown["attempted"], len(shown["attempts"])) == ("delivered", 2, 2)
    assert scene.flush() == []


def test_only_what_arrived_is_doubled_and_that_once(tmp_path: Path) -> None:
    scene = sent(tmp_path, sender=Post(BROKEN, FINE, BROKEN))
    misbehave(scene, duplicate=True)
    scene.flush()
    assert len(scene.post.parcels) == 1
    scene.advance(10)
    assert states(scene.flush()) == ["delivered"]
    assert len(scene.post.parcels) == 3


def test_the_account_wins_over_the_server(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    misbehave(scene, duplicate=True)
    misbehave(scene, "acme", "demo", stale=True)
    scene.flush()
    assert len(scene.post.parcels) == 1


def test_a_broken_signature_is_one_over_other_bytes(tmp_path: Path) -> None:
    scene = sent(tmp_path, hook("one", secret="s"), sign=sign)
    misbehave(scene, break_signature=True)
    scene.flush()
    (parcel,) = scene.post.parcels
    assert parcel.body == b'{"call":"one"}'
    assert parcel.headers["x-signature"] == f's|{START.isoformat()}|{{"call":"one"}} '


def test_a_stale_signature_is_ten_minutes_old(tmp_path: Path) -> None:
    scene = sent(tmp_path, hook("one", secret="s"), sign=sign)
    misbehave(scene, stale=True)
    scene.flush()
    assert f"|{(START - timedelta(minutes=10)).isoformat()}|" in scene.post.parcels[0].headers["x-signature"]


def test_what_somebody_is_sending_no_other_takes(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    others = Post()
    other = Courier(scene.world, others)

    async def look_too(_parcel: Parcel) -> None:
        assert await other.deliver_due(lambda key: key[1] != "acme") == []
        task = asyncio.create_task(other.deliver_due())
        await turns()
        assert not task.done()
        waiting.append(task)

    waiting: list[asyncio.Task[Any]] = []
    scene.post.meanwhile = look_too

    async def both() -> Any:
        await scene.courier.deliver_due()
        return await waiting[0]

    # The other waits until it is answered, and tells that it went out.
    assert len(asyncio.run(both())) == 1
    assert (len(scene.post.parcels), len(others.parcels)) == (1, 0)


def test_what_was_taken_and_never_noted_is_sent_again(tmp_path: Path) -> None:
    scene = sent(tmp_path)

    async def die(_parcel: Parcel) -> None:
        raise asyncio.CancelledError

    scene.post.meanwhile = die
    asyncio.run(begin(scene))
    assert scene.due()[0].leased == START + timedelta(seconds=RETRY.timeout + MARGIN)
    scene.post.meanwhile = None
    scene.clock.pass_by(RETRY.timeout + MARGIN)
    assert states(scene.flush()) == ["delivered"]
    assert len({*scene.post.ids}) == 1
    assert len(scene.post.ids) == 2


async def begin(scene: Scene) -> None:
    """Begin to send, and be gone before it is noted."""
    task = asyncio.create_task(scene.courier.deliver_due())
    await turns()
    task.cancel()
    await asyncio.wait([task])


def test_an_attempt_that_took_too_long_is_noted_and_leaves_the_rest_to_who_has_taken_over(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    other = Courier(scene.world, Post(BROKEN))

    async def take_over(_parcel: Parcel) -> None:
        scene.clock.pass_by(RETRY.timeout + MARGIN)
        await other.deliver_due()

    scene.post.meanwhile = take_over
    asyncio.run(scene.courier.deliver_due())
    (shown,) = scene.shown()
    assert [attempt["status"] for attempt in shown["attempts"]] == [500, 200]
    assert shown["state"] == "pending"


class Faltering(MemoryStore):
    """Lets somebody else be faster, as often as it is told to, where webhooks are written."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        if self.left and any(write.key[0] == "delivery" for write in writes):
            self.left -= 1
            return False
        return await super().commit(writes, expected)


@pytest.mark.parametrize("taken_over", [False, True])
def test_what_came_of_an_attempt_is_noted_however_often_others_are_faster(tmp_path: Path, *, taken_over: bool) -> None:
    store = Faltering()
    scene = sent(tmp_path, store=store)
    other = Courier(scene.world, Post(BROKEN))

    async def falter(_parcel: Parcel) -> None:
        if taken_over:
            scene.clock.pass_by(RETRY.timeout + MARGIN)
            await other.deliver_due()
        store.left = 3

    scene.post.meanwhile = falter
    asyncio.run(scene.courier.deliver_due())
    (shown,) = scene.shown()
    assert ([attempt["status"] for attempt in shown["attempts"]], store.left) == ([500, 200][not taken_over :], 0)


def test_what_another_takes_first_is_left_to_it(tmp_path: Path) -> None:
    store = Faltering()
    scene = sent(tmp_path, store=store)
    (key,) = asyncio.run(keys(scene))
    store.left = 1
    assert asyncio.run(take(scene.world, key)) is None
    assert asyncio.run(take(scene.world, key)) is not None
    assert asyncio.run(take(scene.world, key)) is None
    scene.clock.pass_by(RETRY.timeout + MARGIN)
    assert asyncio.run(take(scene.world, key)) is not None


def test_what_is_given_back_is_free_unless_another_has_taken_it_over(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    (key,) = asyncio.run(keys(scene))
    first = asyncio.run(take(scene.world, key))
    assert first is not None
    scene.clock.pass_by(RETRY.timeout + MARGIN)
    other = asyncio.run(take(scene.world, key))
    assert other is not None
    asyncio.run(give_back(scene.world.store, [first]))
    assert [due.leased for due in scene.due()] == [other.lease]
    asyncio.run(give_back(scene.world.store, [first, other]))
    assert [due.leased for due in scene.due()] == [None]
    asyncio.run(scene.world.store.clear(("due",)))
    asyncio.run(give_back(scene.world.store, [other]))
    assert scene.due() == []


def test_what_must_wait_is_not_taken(tmp_path: Path) -> None:
    scene = Scene(tmp_path, sender=Post(BROKEN))
    scene.call()
    (key,) = asyncio.run(keys(scene))
    assert asyncio.run(take(scene.world, key)) is None
    scene.advance(20)
    scene.flush()
    assert asyncio.run(take(scene.world, key)) is None
    asyncio.run(scene.world.store.clear(("due",)))
    assert asyncio.run(take(scene.world, key)) is None


async def keys(scene: Scene) -> list[Key]:
    return [key for key, _ in await scene.world.store.scan_up(("due",), limit=10)]


@pytest.mark.parametrize("answer", [FINE, BROKEN])
def test_what_is_cleared_away_on_its_way_stays_away(tmp_path: Path, answer: Answer) -> None:
    scene = sent(tmp_path, sender=Post(answer))

    async def clear(_parcel: Parcel) -> None:
        for shelf in ("delivery", "due"):
            await scene.world.store.clear((shelf,))

    scene.post.meanwhile = clear
    assert scene.flush() == []
    assert (scene.shown(), scene.due()) == ([], [])


@pytest.mark.parametrize("answer", [FINE, BROKEN])
def test_what_came_of_it_is_not_noted_of_what_was_put_back_on_its_way(tmp_path: Path, answer: Answer) -> None:
    scene = Scene(tmp_path, sender=Post(answer))
    scene.call()
    before = asyncio.run(scene.world.store.dump())
    scene.advance(20)

    async def put_back(_parcel: Parcel) -> None:
        scene.post.meanwhile = None
        await scene.world.store.load(before, ("delivery", "due", "clock"))

    scene.post.meanwhile = put_back
    # The very same row, as far as its values tell: ids, addresses and times are led back too.
    asyncio.run(scene.courier.deliver_due())
    assert [(each.state, each.attempted) for each in scene.kept()] == [("pending", 0)]
    assert [due.leased for due in scene.due()] == [None]
    scene.advance(20)
    assert [each["attempted"] for each in scene.flush()] == [1]


def test_what_came_of_it_is_noted_of_what_was_kept_on_its_way_and_put_back(tmp_path: Path) -> None:
    scene = sent(tmp_path)

    async def keep_and_put_back(_parcel: Parcel) -> None:
        store = scene.world.store
        await store.load(await store.dump(), ("delivery", "due"))

    scene.post.meanwhile = keep_and_put_back
    assert states(scene.flush()) == ["delivered"]
    assert [each.taken for each in scene.kept()] == [()]


def test_a_flush_does_not_wait_for_what_was_put_back_on_its_way(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    before = asyncio.run(scene.world.store.dump())

    async def hang(_parcel: Parcel) -> None:
        scene.post.meanwhile = None
        await asyncio.Event().wait()

    async def both() -> Any:
        task = asyncio.create_task(scene.courier.deliver_due())
        await turns()
        await scene.world.store.load(before, ("delivery", "due"))
        sent = await asyncio.wait_for(scene.courier.deliver_due(), 5)
        await task
        return sent

    scene.post.meanwhile = hang
    assert len(asyncio.run(both())) == 1
    assert [(each["state"], each["attempted"]) for each in scene.shown()] == [("delivered", 1)]


@pytest.mark.parametrize(("answer", "state"), [(FINE, "delivered"), (BROKEN, "given-up")])
def test_what_is_due_no_longer_when_it_is_answered_is_not_repeated(tmp_path: Path, answer: Answer, state: str) -> None:
    scene = sent(tmp_path, sender=Post(answer))

    async def clear(_parcel: Parcel) -> None:
        await scene.world.store.clear(("due",))

    scene.post.meanwhile = clear
    assert states(scene.flush()) == [state]
    assert scene.due() == []


def test_what_a_snapshot_has_kept_on_its_way_goes_out_at_once_when_it_is_put_back(tmp_path: Path) -> None:
    scene = sent(tmp_path)
    kept: list[Raw] = []

    async def keep(_parcel: Parcel) -> None:
        kept.append(await snapshots.take(scene.world))

    scene.post.meanwhile = keep
    assert states(scene.flush()) == ["delivered"]
    asyncio.run(snapshots.restore(scene.world, bytes(kept[0])))
    assert [due.leased for due in scene.due()] == [None]
    assert [(each["state"], each["attempted"]) for each in scene.flush()] == [("delivered", 1)]
    assert len({*scene.post.ids}) == 1
    assert len(scene.post.ids) == 2
