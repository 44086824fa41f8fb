"""The journal, the records and the clock, as a tester's code speaks to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from mockserver.faces.python.hand import Hand, steps
from mockserver.faces.python.shown import Clock, Entries, Entry, Record, Records

PAGE = 1_000


class JournalOf:
    """Calls, newest first. What narrows it (`vendor`, `account`, ...) holds for every method."""

    def __init__(self, hand: Hand, **narrowed: Any) -> None:
        self._hand, self._narrowed = hand, narrowed

    def __iter__(self) -> Iterator[Entry]:
        """Yield every call, newest first."""
        cursor = None
        while True:
            page = self.page(limit=PAGE, cursor=cursor)
            yield from page.items
            if (cursor := page.cursor) is None:
                return

    def page(self, *, limit: int = 100, cursor: str | None = None, **wanted: Any) -> Entries:
        """Return a page; `wanted` are the admin API's filters: operation, status, refused_by, since, ..."""
        return self._hand.read(Entries, "GET", "/journal", limit=limit, cursor=cursor, **self._narrowed, **wanted)

    def list(self, **wanted: Any) -> list[Entry]:
        """Return the newest thousand calls that fit."""
        return self.page(limit=PAGE, **wanted).items

    def last(self, **wanted: Any) -> Entry:
        """Return the newest call, as `get` does. Raises LookupError when there is none."""
        found = self.page(limit=1, **wanted).items
        if not found:
            raise LookupError("the journal holds no such call")
        return self.get(found[0].id)

    def get(self, ident: str) -> Entry:
        """Return one call, with every rule of its operation in its trail, and the webhooks that it has caused."""
        return self._hand.read(Entry, "GET", f"/journal{steps(ident)}")

    def count(self, **wanted: Any) -> int:
        """Return how many calls fit. Raises LookupError where some may have been pushed out: nobody knows then."""
        found = self._hand.ask("GET", "/journal/count", **self._narrowed, **wanted)
        if found["evicted"]:
            raise LookupError(f"{found['evicted']} calls were pushed out: nobody can tell how many there were")
        counted: int = found["count"]
        return counted

    def wait(self, count: int = 1, timeout: float = 5.0, **wanted: Any) -> None:
        """Return as soon as so many calls fit. Raises MockError with status 408 when time is up."""
        self._hand.ask("GET", "/journal/wait", count=count, timeout=timeout, **self._narrowed, **wanted)

    def har(self, **wanted: Any) -> dict[str, Any]:
        """Return the newest thousand calls that fit as an HTTP Archive."""
        found: dict[str, Any] = self._hand.ask("GET", "/journal/har", **self._narrowed, **wanted)
        return found

    def explain(self, ident: str) -> str:
        """Return in words why a call was refused, rule by rule, and the smallest edit that mends it."""
        text: str = self._hand.ask("GET", f"/journal{steps(ident)}/explain")["text"]
        return text

    def curl(self, ident: str) -> str:
        """Return a call as a command that makes it again."""
        return self._hand.text(f"/journal{steps(ident)}/curl")

    def clear(self) -> None:
        """Forget all calls, whoever made them."""
        self._hand.ask("DELETE", "/journal")


class RecordsOf:
    """What vendors remember, newest first."""

    def __init__(self, hand: Hand, **narrowed: Any) -> None:
        self._hand, self._narrowed = hand, narrowed

    def list(self, *, limit: int = PAGE, **wanted: Any) -> list[Record]:
        """Return records; `wanted` are vendor, account, kind."""
        return self._hand.read(Records, "GET", "/records", limit=limit, **self._narrowed, **wanted).items

    def get(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Record:
        """Return a record; where several have the id, `account` (vendor/name) and `kind` say which."""
        return self._named("GET", ident, "", account, kind)

    def advance(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Record:
        """Bring its next moment about. Raises MockError with status 409 where nothing further happens to it."""
        return self._named("POST", ident, "/advance", account, kind)

    def fail(self, ident: str, *, account: str | None = None, kind: str | None = None) -> Record:
        """Let it fail. Raises MockError with status 409 where it cannot fail, or is done."""
        return self._named("POST", ident, "/fail", account, kind)

    def _named(self, method: str, ident: str, verb: str, account: str | None, kind: str | None) -> Record:
        own = "{vendor}/{account}".format(**self._narrowed) if self._narrowed else None
        path = f"/records{steps(ident)}{verb}"
        return self._hand.read(Record, method, path, account=account or own, kind=kind)


class ClockOf:
    """The mock's clock; every method returns how it stands afterwards."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def read(self) -> Clock:
        return self._hand.read(Clock, "GET", "/clock")

    def now(self) -> datetime:
        return self.read().now

    def set(self, at: datetime) -> Clock:
        return self._change(now=at.isoformat())

    def freeze(self) -> Clock:
        return self._change(frozen=True)

    def unfreeze(self) -> Clock:
        return self._change(frozen=False)

    def pace(self, pace: str | float) -> Clock:
        """Let work go on at this pace from now on: a number that multiplies every wait, or a word."""
        return self._change(pace=pace)

    def advance(self, seconds: float | timedelta) -> Clock:
        passed = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        return self._hand.patient.read(Clock, "POST", "/clock/advance", {"seconds": passed})

    def advance_until_idle(self) -> Clock:
        """Move the time on until nothing more happens by itself."""
        return self._hand.patient.read(Clock, "POST", "/clock/advance", {"until": "idle"})

    def _change(self, **wanted: Any) -> Clock:
        return self._hand.read(Clock, "PUT", "/clock", wanted)


class MediaOf:
    """What lies behind the addresses that clients name."""

    def __init__(self, hand: Hand, account: str | None = None) -> None:
        self._hand, self._account = hand, account

    def list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._hand.ask("GET", "/media", account=self._account)["items"]
        return found

    def add(self, **line: Any) -> None:
        """Say what lies behind `url` or `prefix`: type, size in bytes, duration in seconds, failure."""
        self.put([*self.list(), line])

    def put(self, lines: Sequence[dict[str, Any]]) -> None:
        """Replace the lines; of an account its own alone."""
        own = [{**line, "account": self._account} if self._account else line for line in lines]
        self._hand.ask("PUT", "/media", {"items": own}, account=self._account)

    def clear(self) -> None:
        self._hand.ask("DELETE", "/media", account=self._account)
