"""What outlives a call: accounts, whose a credential is, and what a vendor remembers."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class Grant(Struct, frozen=True):
    """What one credential of an account is good for; no scheme means any of the document's."""

    scheme: str | None = None
    scopes: tuple[str, ...] = ()


class Account(Struct, frozen=True):
    """All that one vendor knows about one customer; `credits` is None where the vendor sells none."""

    vendor: str
    name: str
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}


class Token(Struct, frozen=True):
    """Whose a credential is."""

    account: str
    grant: Grant = Grant()


class Ref(Struct, frozen=True, gc=False):
    """A record by kind and id, within the caller's account."""

    kind: str
    id: str


class Record(Struct, frozen=True, gc=False):
    """Something the vendor now remembers."""

    vendor: str
    account: str
    kind: str
    id: str
    created: datetime
    call: str
    body: dict[str, Any]

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)
