"""A tester's hand on webhooks: what was sent and what came of it, once more, and now."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from mockserver.control.pages import Page, Unknown, page_of, rows
from mockserver.delivery import Courier
from mockserver.delivery.ripening import factor, is_taken
from mockserver.errors import ConflictError
from mockserver.kit.times import to_iso
from mockserver.model import Instant
from mockserver.state.clock import LAST
from mockserver.state.deliveries import (
    CANCELLED,
    PENDING,
    SHELF,
    Attempt,
    Delivery,
    Due,
    due_anew,
    due_key,
    read_delivery,
    read_delivery_text,
    read_due,
    write_delivery,
    write_due,
)
from mockserver.state.redact import redact
from mockserver.state.redact_text import redact_text
from mockserver.state.store import Held, Key, Store
from mockserver.world import World

# So many of what was sent at once are shown.
MOST_SHOWN = 1_000


class Line(Struct, frozen=True):
    """What deliveries can be asked by."""

    vendor: str
    account: str
    state: str
    record: str
    call: str


class WebhooksControl:
    """Deliveries as testers see them: without secrets, each attempt a line."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world, self._courier = world, courier

    @property
    def _store(self) -> Store:
        """The world's own by now: one that is read again goes on with that of the one before."""
        return self._world.store

    async def list(self, wanted: Mapping[str, Any], *, limit: int, cursor: str | None) -> Page:
        """Return deliveries that have the wanted values, newest first."""

        def fit(_: Key, value: bytes) -> bool:
            line = msgspec.json.decode(value, type=Line)
            return all(getattr(line, name) == asked for name, asked in wanted.items())

        page = await page_of(self._store, (SHELF,), fit, limit, cursor)
        return replace(page, items=[*await self._show([read_delivery_text(bytes(text)) for text in page.items])])

    async def redeliver(self, ident: str) -> Raw:
        """Send one again, now, and answer it with what came of that; if that fails, it is repeated as any other.

        Raises ConflictError for one that may not be sent yet or never, and for one that somebody is sending.
        """
        key, held = await self._find(ident)
        due = due_key(key)
        await self._make_due(due, read_delivery(held), held.version)
        if not await self._courier.deliver_due(due.__eq__):
            raise ConflictError("it waits for its record, and cannot be sent before")
        (shown,) = await self._show([read_delivery((await self._find(ident))[1])])
        return shown

    async def flush(self, vendor: str | None = None, account: str | None = None) -> Mapping[str, Any]:
        """Send what is due now, each once, and return it when all was answered: `{"items", "total"}`.

        Where vendor or account is given, only what is theirs is sent.
        """
        sent = await self._courier.deliver_due(lambda key: vendor in (None, key[1]) and account in (None, key[2]))
        kept = await self._store.read([(SHELF, *key[1:]) for key in sent[:MOST_SHOWN]])
        return {"items": await self._show([read_delivery(held) for held in kept if held]), "total": len(sent)}

    async def _find(self, ident: str) -> tuple[Key, Held]:
        found = [key async for key, _, _ in rows(self._store, (SHELF,)) if key[-1] == ident]
        held = await self._store.read(found)
        if not held or held[0] is None:
            raise Unknown(f"there is no webhook {ident!r}")
        return found[0], held[0]

    async def _make_due(self, key: Key, delivery: Delivery, version: int) -> None:
        """Let what has been sent before begin anew, without a pause."""
        (row,) = await self._store.read([key])
        due = read_due(row) if row else None
        if delivery.state == CANCELLED:
            raise ConflictError("it was cancelled: its record failed, or went, before it could be sent")
        if due and due.since is None:
            return
        if due and is_taken(due, self._world.clock.now()):
            raise ConflictError("it is being sent at this moment")
        anew = due_anew(delivery, (await self._world.now()).at)
        writes = [write_delivery(replace(delivery, state=PENDING)), write_due(key, anew)]
        if not await self._store.commit(writes, {delivery.key: version, key: row.version if row else 0}):
            raise ConflictError("it was sent at this moment")

    async def _show(self, deliveries: Sequence[Delivery]) -> Sequence[Raw]:
        held = await self._store.read([due_key(each.key) for each in deliveries])
        now = await self._world.now()
        dues = [read_due(row) if row else None for row in held]
        return [Raw(msgspec.json.encode(show(each, due, now))) for each, due in zip(deliveries, dues, strict=True)]


async def caused_by(store: Store, vendor: str, account: str | None, call: str) -> list[dict[str, Any]]:
    """Return what the records of a call have sent or are to send, in its order, each in a few words."""
    if account is None:
        return []
    found = [
        read_delivery_text(text)
        async for _, text, _ in rows(store, (SHELF, vendor, account))
        if msgspec.json.decode(text, type=Line).call == call
    ]
    return [summary(delivery) for delivery in found[: -MOST_SHOWN - 1 : -1]]


def summary(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery in a few words; `status` and `error` are the last attempt's."""
    message, last = delivery.message, delivery.attempts[-1] if delivery.attempts else None
    return {
        "id": message.id,
        "event": message.event,
        "url": redact_text(message.url),
        "state": delivery.state,
        "attempted": delivery.attempted,
        "status": last.status if last else None,
        "error": last.error if last else None,
    }


def show(delivery: Delivery, due: Due | None, now: Instant) -> dict[str, Any]:
    """Return a delivery without its secrets; `next` is when it is tried again, null while it waits for its record."""
    message = delivery.message
    named = {name: getattr(delivery, name) for name in ("vendor", "account", "record", "call", "state", "attempted")}
    return {
        "id": message.id,
        **named,
        "event": message.event,
        "url": redact_text(message.url),
        "created": to_iso(delivery.created),
        "next": next_of(due, now) if due else None,
        "payload": redact(message.payload),
        "attempts": [show_attempt(attempt) for attempt in delivery.attempts],
    }


def next_of(due: Due, now: Instant) -> str | None:
    if due.since is None:
        return None
    # At a slow pace a pause may reach beyond the calendar.
    left = (LAST - due.since).total_seconds()
    return to_iso(due.since + timedelta(seconds=min(due.pause * factor(now), left)))


def show_attempt(attempt: Attempt) -> dict[str, Any]:
    told = {"at": to_iso(attempt.at), "status": attempt.status, "error": attempt.error}
    return {**told, "answer": attempt.answer, "seconds": attempt.seconds}
