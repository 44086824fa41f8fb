"""Acme tells of its calls: worlds for tests of webhooks, and a sender that opens no socket."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from mockserver.control import Control
from mockserver.delivery import Answer, Courier, Parcel
from mockserver.model import Facts, Message, Moment, Outcome, Reply, Retry, Vendor
from mockserver.state.clock import Clock
from mockserver.state.deliveries import DUE, SHELF, Delivery, Due, read_delivery, read_due
from mockserver.state.scenarios import Staged, Webhooks, scenario_key, write_staged
from mockserver.state.store import Store
from tests.acme import acme_world, behaving, post

Value = TypeVar("Value")
START = datetime(2026, 6, 23, 14, 30, tzinfo=UTC)
HOOK = "http://127.0.0.1:9000/hook"
RETRY = Retry(timeout=5.0, pauses=(10.0, 60.0))
FINE, BROKEN = Answer(200), Answer(500, text="no")


class Standing(Clock):
    """A machine whose own time stands still unless a test moves it."""

    def __init__(self, pace: str = "1") -> None:
        super().__init__(pace)
        self.at = START

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Post:
    """A sender that opens no socket: it notes what it was handed, and answers in turn, then always alike."""

    def __init__(self, *answers: Answer, then: Answer = FINE) -> None:
        self.answers, self.then = list(answers), then
        self.parcels: list[Parcel] = []
        self.meanwhile: Callable[[Parcel], Coroutine[Any, Any, Any]] | None = None

    async def __call__(self, parcel: Parcel) -> Answer:
        self.parcels.append(parcel)
        if self.meanwhile:
            await self.meanwhile(parcel)
        return self.answers.pop(0) if self.answers else self.then

    @property
    def ids(self) -> list[str]:
        return [parcel.id for parcel in self.parcels]


def hook(name: str, url: str = HOOK, **more: Any) -> Message:
    return Message(name, url, "call.done", {"call": name}, **more)


def telling(*moments: Moment, **vendor: Any) -> Vendor:
    """Return an Acme whose calls have this timeline; the ids of its messages begin with the call's."""

    def own(facts: Facts, moment: Moment) -> Moment:
        sent = tuple(replace(each, id=f"{facts.call.id}/{each.id}") for each in moment.send)
        return replace(moment, send=sent)

    def accept(facts: Facts) -> Outcome:
        timeline = tuple(own(facts, moment) for moment in moments)
        return Outcome(Reply(201, {"id": facts.call.id}), (facts.record("call", facts.call.id, {}, timeline),))

    return replace(behaving(accept=accept), **{"retry": RETRY, **vendor})


class Scene:
    """A world whose calls send `messages` after 20 s, or what `moments` say; and everything to move it on."""

    def __init__(
        self,
        folder: Path,
        *messages: Message,
        moments: Sequence[Moment] | None = None,
        sender: Post | None = None,
        store: Store | None = None,
        pace: str = "1",
        **vendor: Any,
    ) -> None:
        timeline = (Moment(20, {"state": "done"}, messages or (hook("one"),)),) if moments is None else moments
        self.clock, self.post = Standing(pace), sender or Post()
        self.world = acme_world(folder, telling(*timeline, **vendor), clock=self.clock, store=store)
        self.courier = Courier(self.world, self.post)
        self.control = Control(self.world, self.courier)

    def call(self, times: int = 1) -> list[str]:
        return [post(self.world).call.id for _ in range(times)]

    def advance(self, seconds: float) -> None:
        asyncio.run(self.control.clock.advance(seconds))

    def flush(self) -> list[dict[str, Any]]:
        return [json.loads(bytes(item)) for item in asyncio.run(self.control.webhooks.flush())["items"]]

    def shown(self, **wanted: Any) -> list[dict[str, Any]]:
        page = asyncio.run(self.control.webhooks.list(wanted, limit=1000, cursor=None))
        return [json.loads(bytes(item)) for item in page.items]

    def redeliver(self, ident: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(bytes(asyncio.run(self.control.webhooks.redeliver(ident))))
        return told

    def due(self) -> list[Due]:
        return [read_due(held) for _, held in asyncio.run(self.world.store.scan_up((DUE,), limit=1000))]

    def kept(self) -> list[Delivery]:
        return [read_delivery(held) for _, held in asyncio.run(self.world.store.scan_up((SHELF,), limit=1000))]

    def names(self) -> list[str]:
        """Return which messages went out, in their order, without the ids of their calls."""
        return [ident.rpartition("/")[2] for ident in self.post.ids]


async def turns(times: int = 100) -> None:
    """Let everybody else go on for a while."""
    for _ in range(times):
        await asyncio.sleep(0)


def states(shown: Iterable[Mapping[str, Any]]) -> list[str]:
    return [each["state"] for each in shown]


def misbehave(scene: Scene, vendor: str | None = None, account: str | None = None, **mishaps: bool) -> None:
    """Let webhooks go wrong: everybody's, or those of one account."""
    write = write_staged(scenario_key(vendor, account), Staged("gone-wrong", webhooks=Webhooks(**mishaps)))
    asyncio.run(scene.world.store.commit([write], {}))
