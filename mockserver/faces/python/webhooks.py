"""Webhooks, as a tester's code speaks to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from mockserver.faces.python.hand import Hand, steps

PAGE = 1_000


class Attempt(Struct, frozen=True):
    """One time that a webhook was sent: what was answered, or what kept it from being answered."""

    at: datetime
    status: int | None
    error: str | None
    answer: str
    seconds: float


class Delivery(Struct, frozen=True):
    """A webhook: what is told, and what became of it. `next` is when it is tried again."""

    id: str
    vendor: str
    account: str
    record: str
    call: str
    event: str
    url: str
    state: str
    created: datetime
    next: datetime | None
    payload: Any
    attempted: int
    attempts: list[Attempt]


class Deliveries(Struct, frozen=True):
    """A page of webhooks, newest first."""

    items: list[Delivery]
    total: int
    evicted: int = 0
    cursor: str | None = None


class WebhooksOf:
    """Webhooks, newest first. What narrows it (`vendor`, `account`) holds for every method that takes many."""

    def __init__(self, hand: Hand, **narrowed: Any) -> None:
        self._hand, self._narrowed = hand, narrowed

    def list(self, *, limit: int = PAGE, **wanted: Any) -> list[Delivery]:
        """Return webhooks; `wanted` are vendor, account, state, record, call."""
        return self._hand.read(Deliveries, "GET", "/webhooks", limit=limit, **self._narrowed, **wanted).items

    def last(self, **wanted: Any) -> Delivery:
        """Return the newest one. Raises LookupError when there is none."""
        found = self.list(limit=1, **wanted)
        if not found:
            raise LookupError("there is no such webhook")
        return found[0]

    def flush(self) -> Sequence[Delivery]:
        """Send what is due now, each once, and return the first thousand of it when all was answered."""
        return self._hand.patient.read(Deliveries, "POST", "/webhooks/flush", **self._narrowed).items

    def redeliver(self, ident: str) -> Delivery:
        """Send one again, now, and return it with what came of that. Raises MockError for one not sent yet."""
        return self._hand.patient.read(Delivery, "POST", f"/webhooks{steps(ident)}/redeliver")
