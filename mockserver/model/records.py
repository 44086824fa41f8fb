"""What outlives a call: accounts, whose a credential is, and what a vendor remembers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from mockserver.model.values import Json


class Grant(Struct, frozen=True):
    """What one credential of an account is good for; no scheme means any of the document's."""

    scheme: str | tuple[str, ...] | None = None
    scopes: tuple[str, ...] = ()

    def fits(self, scheme: str) -> bool:
        """Say whether a credential shown under this scheme of the document may be this one."""
        if self.scheme is None:
            return True
        return scheme in self.scheme if isinstance(self.scheme, tuple) else scheme == self.scheme


class Account(Struct, frozen=True):
    """All that one vendor knows about one customer; `credits` is None where the vendor sells none."""

    vendor: str
    name: str
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}


class Token(Struct, frozen=True, omit_defaults=True):
    """Whose a credential is, and until when; `subject` is what it stands for, in the vendor's own terms."""

    account: str
    grant: Grant = Grant()
    expires: datetime | None = None
    subject: str | None = None


class Issue(Struct, frozen=True):
    """A credential that a vendor hands out, for the account of the call; it ends at `expires`."""

    value: str
    grant: Grant = Grant()
    expires: datetime | None = None
    subject: str | None = None


class Ref(Struct, frozen=True, gc=False):
    """A record by kind and id, within the caller's account."""

    kind: str
    id: str


class Message(Struct, frozen=True, gc=False, omit_defaults=True):
    """A webhook: what is told of which event, and where; `id` stays the same however often it is sent.

    `dated` names a field of the payload that will tell when its moment came, `secret` is what it is signed with.
    """

    id: str
    url: str
    event: str
    payload: Json
    dated: str | None = None
    secret: str | None = None


class Moment(Struct, frozen=True, gc=False, omit_defaults=True):
    """A point on a record's timeline: so many seconds after its beginning, at pace 1, these fields are its own.

    `send` are the webhooks that go out then; a record is kept without them, for they are kept apart.
    """

    after: float
    state: dict[str, Any]
    send: tuple[Message, ...] = ()


class Record(Struct, frozen=True, gc=False, omit_defaults=True):
    """Something the vendor now remembers.

    `timeline` is in order of time. `failure` holds the fields that it has once a tester has made it fail.
    `began` is the work clock's seconds when it was first kept, `reads` how often it was asked for where that moves
    it on, `pushed` how many moments a tester has brought forward, `failed` whether a tester has made it fail.
    """

    vendor: str
    account: str
    kind: str
    id: str
    created: datetime
    call: str
    body: dict[str, Any]
    timeline: tuple[Moment, ...] = ()
    failure: dict[str, Any] = {}
    began: float | None = None
    reads: int = 0
    pushed: int = 0
    failed: bool = False

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)


class Standing(Struct, frozen=True, gc=False):
    """A record as it stands at one moment.

    `body` is what was kept and over it what the timeline has come to, `stage` how many of its moments are past,
    `since` when the last of them was (when it was made, before the first).
    """

    record: Record
    body: dict[str, Any]
    stage: int
    since: datetime

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def ref(self) -> Ref:
        return self.record.ref

    @property
    def created(self) -> datetime:
        return self.record.created

    @property
    def is_done(self) -> bool:
        """Nothing further will happen to it by itself."""
        return self.record.failed or self.stage == len(self.record.timeline)


def everything(_standing: Standing) -> bool:
    return True


class Listing(Struct, frozen=True):
    """Which records a call wants to see: those of one kind that fit, `most` of them, newest first or oldest first.

    The list begins behind the record `after` where there is one by that id, and passes over `skip` that fit.
    `counts` asks how many fit in all, which reads every record of the kind where `fits` is given.
    """

    kind: str
    most: int = 100
    fits: Callable[[Standing], bool] = everything
    after: str | None = None
    skip: int = 0
    counts: bool = False
    is_oldest_first: bool = False


class Found(Struct, frozen=True):
    """What a listing found: `total` is None where nobody asked for it."""

    items: Sequence[Standing] = ()
    more: bool = False
    total: int | None = None


class Behind(Struct, frozen=True):
    """What lies behind a URL that a client named, as a tester or the shipped table says; nothing is ever fetched.

    `type` is a media type, `size` in bytes, `duration` in seconds; `failure` is `missing`, `forbidden`, `expired`,
    `too-large`, `not-media` or `slow`. All are None for a URL that nobody has described.
    """

    type: str | None = None
    size: int | None = None
    duration: float | None = None
    failure: str | None = None
