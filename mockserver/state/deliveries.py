"""Webhooks as rows of a store: what was decided to be sent, what of it is still due, and how each attempt went."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import Message, Moment, Record
from mockserver.state.records import SHELF as RECORDS
from mockserver.state.store import Held, Key, Write

SHELF, DUE = "delivery", "due"
PENDING, DELIVERED, GIVEN_UP, CANCELLED = "pending", "delivered", "given-up", "cancelled"
STATES = (PENDING, DELIVERED, GIVEN_UP, CANCELLED)
END_OF_AUTHORITY = re.compile(r"[/?#]")
# Whoever sends something again and again sees the last attempts, and how many there were.
MOST_ATTEMPTS = 50


class Attempt(Struct, frozen=True, gc=False):
    """One time that it was sent: what was answered, or what kept it from being answered; `seconds` it took."""

    at: datetime
    status: int | None
    error: str | None
    answer: str
    seconds: float

    @property
    def is_success(self) -> bool:
        """A redirect is none: nobody follows it."""
        return self.status is not None and 200 <= self.status < 300


class Delivery(Struct, frozen=True, gc=False):
    """A webhook and what became of it. `attempted` counts all attempts, also those no longer listed.

    `taken` are the marks of attempts that are not noted yet.
    """

    vendor: str
    account: str
    kind: str
    record: str
    call: str
    created: datetime
    message: Message
    state: str = PENDING
    attempted: int = 0
    attempts: tuple[Attempt, ...] = ()
    taken: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        return (SHELF, self.vendor, self.account, self.message.id)


class Due(Struct, frozen=True, gc=False, omit_defaults=True):
    """What is still to be sent.

    At first it waits for the `stage` of its record. Once it was `tried`, `pause` seconds must pass from `since`.
    `leased` is until when somebody is sending it, by this machine's clock.
    """

    kind: str
    record: str
    stage: int
    target: str
    tried: int = 0
    since: datetime | None = None
    pause: float = 0.0
    leased: datetime | None = None


def due_key(delivery: Key) -> Key:
    return (DUE, *delivery[1:])


def delivery_key(due: Key) -> Key:
    return (SHELF, *due[1:])


def record_of(key: Key, due: Due) -> Key:
    """Return where the record lies that a webhook waits for."""
    return (RECORDS, key[1], key[2], due.kind, due.record)


def read_delivery(held: Held) -> Delivery:
    return read_delivery_text(held.value)


def read_delivery_text(text: bytes) -> Delivery:
    return msgspec.json.decode(text, type=Delivery)


def write_delivery(delivery: Delivery) -> Write:
    return Write(delivery.key, msgspec.json.encode(delivery))


def read_due(held: Held) -> Due:
    return msgspec.json.decode(held.value, type=Due)


def write_due(key: Key, due: Due) -> Write:
    return Write(key, msgspec.json.encode(due))


def sends(record: Record) -> bool:
    # Asked of every record that is kept, and most send nothing: no generator is made for that.
    for moment in record.timeline:  # noqa: SIM110
        if moment.send:
            return True
    return False


def silent(record: Record) -> Record:
    """Return a record without what it sends, as it is kept: that has rows of its own, and secrets that nobody sees."""
    return replace(record, timeline=tuple(Moment(moment.after, moment.state) for moment in record.timeline))


def write_messages(record: Record, at: datetime) -> list[Write]:
    """Return the rows of all that a record sends: whatever becomes of it later, this is what was decided."""
    writes = []
    for stage, moment in enumerate(record.timeline, 1):
        for message in moment.send:
            delivery = Delivery(record.vendor, record.account, record.kind, record.id, record.call, at, message)
            due = Due(record.kind, record.id, stage, target_of(message.url))
            writes += [write_delivery(delivery), write_due(due_key(delivery.key), due)]
    return writes


def due_anew(delivery: Delivery, at: datetime) -> Due:
    """Return what is due for one that is to be sent again: at once, and then as often as the first time."""
    return Due(delivery.kind, delivery.record, 0, target_of(delivery.message.url), since=at)


def target_of(url: str) -> str:
    """Return the server that an address of the web names."""
    return END_OF_AUTHORITY.split(url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2].lower()


def dated(message: Message, at: str) -> Message:
    """Return a message that tells when its moment came, now that it has."""
    if message.dated is None or not isinstance(message.payload, Mapping):
        return message
    return replace(message, payload={**message.payload, message.dated: at}, dated=None)
