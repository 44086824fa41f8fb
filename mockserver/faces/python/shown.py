"""What the mock tells, as values. Further members that a newer server sends are passed over."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class Advised(Struct, frozen=True):
    at: str
    says: str
    claim: str | None = None


class Caused(Struct, frozen=True):
    """A webhook that a call has caused; `status` and `error` are the last attempt's."""

    id: str
    event: str
    url: str
    state: str
    attempted: int
    status: int | None
    error: str | None

    def line(self) -> str:
        """Return it as text, for a report."""
        told = f"{self.event} {self.state} {self.url}"
        came = ", ".join(str(each) for each in (self.status, self.error) if each is not None)
        return f"{told}: attempt {self.attempted}, {came}" if self.attempted else told


class Entry(Struct, frozen=True):
    """One call that the mock received: how it was judged, what was asked and what was answered, without secrets.

    `webhooks` are those that it has caused; None in a list, which does not tell: ask for the call by its id.
    """

    id: str
    at: datetime
    vendor: str
    account: str | None
    operation: str | None
    method: str
    path: str
    status: int
    refused_by: str | None
    basis: str
    advice: list[Advised] = []
    trail: list[dict[str, Any]] = []
    request: dict[str, Any] = {}
    answer: dict[str, Any] = {}
    trouble: str | None = None
    fault: str | None = None
    webhooks: list[Caused] | None = None

    @property
    def is_unmatched(self) -> bool:
        """Whether the call met no operation of its vendor."""
        return self.operation is None

    @property
    def verdict(self) -> str:
        if self.refused_by:
            return f"{self.status} refused by {self.refused_by}"
        if self.trouble:
            return f"{self.status} broken, by a fault of the mock's own"
        return f"{self.status} accepted" if self.status else "cut off, not processed"

    def lines(self) -> list[str]:
        """Return the call and its trail as text, for a report."""
        where = f"{self.method} {self.path}  {self.vendor} {self.operation or 'no operation'}"
        planted = f", planted {self.fault}" if self.fault else ""
        told = [f"{where}: {self.verdict}{planted}"]
        told += [f"    {line}" for line in (self.trouble or "").splitlines()]
        told += [
            f"    {step['step']}: {problem['at']}: {problem['says']}"
            for step in self.trail
            for problem in step.get("problems", ())
        ]
        told += [f"    advice: {item.at} {item.says}" for item in self.advice]
        return told + [f"    webhook {each.id}: {each.line()}" for each in self.webhooks or ()]


class Record(Struct, frozen=True):
    """Something a vendor remembers, as it stands now."""

    vendor: str
    account: str
    kind: str
    id: str
    created: datetime
    call: str
    body: dict[str, Any]
    stage: int
    timeline: list[dict[str, Any]] = []
    failed: bool = False
    failure: dict[str, Any] = {}


class Entries(Struct, frozen=True):
    """A page of the journal, newest first; `evicted` calls have been pushed out by newer ones since the start."""

    items: list[Entry]
    total: int
    evicted: int
    cursor: str | None


class Records(Struct, frozen=True):
    """A page of records, newest first."""

    items: list[Record]
    total: int
    evicted: int
    cursor: str | None


class Clock(Struct, frozen=True):
    now: datetime
    frozen: bool
    pace: str


class Known(Struct, frozen=True):
    """An account as the mock has it."""

    vendor: str
    name: str
    url: str
    credentials: dict[str, str]
    book: dict[str, Any]
    options: dict[str, Any]
    credits: float | None = None
