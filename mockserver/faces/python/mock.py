"""A tester's hand on a mock, near or far: the same methods."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from mockserver.faces.python.forcing import FaultsOf, ScenariosOf
from mockserver.faces.python.hand import Hand, steps
from mockserver.faces.python.lists import ClockOf, JournalOf, MediaOf, RecordsOf
from mockserver.faces.python.shown import Known
from mockserver.faces.python.webhooks import WebhooksOf
from mockserver.faces.trusting import trust
from mockserver.kit.coverage import Report

TIMEOUT = 70.0


class Account:
    """An account of the tester's own: `url` and credentials to point a client at, and what the mock saw of it.

    Each credential is an attribute by its name: `voxjar.token`, `emberqa.api_key`, `siro.org_token`.
    """

    def __init__(self, hand: Hand, known: Known) -> None:
        self._hand, self._known = hand, known
        self.vendor, self.name, self.url = known.vendor, known.name, known.url
        self.credentials = known.credentials
        self._path = f"/accounts{steps(known.vendor, known.name)}"
        self.journal = JournalOf(hand, vendor=known.vendor, account=known.name)
        self.records = RecordsOf(hand, vendor=known.vendor, account=known.name)
        self.media = MediaOf(hand, self.id)
        self.webhooks = WebhooksOf(hand, vendor=known.vendor, account=known.name)
        self.faults, self.scenarios = FaultsOf(hand, known.vendor, known.name), ScenariosOf(hand, self.id)

    def __getattr__(self, name: str) -> str:
        known = self.__dict__.get("credentials", {})
        if name in known:
            found: str = known[name]
            return found
        raise AttributeError(f"an account of {self.__dict__.get('vendor')} has no {name!r}: it has {', '.join(known)}")

    def __repr__(self) -> str:
        return f"<Account {self.id} at {self.url}>"

    @property
    def id(self) -> str:
        """The name by which the admin API knows it: `voxjar/mine`."""
        return f"{self.vendor}/{self.name}"

    def read(self) -> Known:
        """Return the account as it is now: its credits, its book, its options."""
        return self._hand.read(Known, "GET", self._path)

    @property
    def credits(self) -> float | None:
        return self.read().credits

    def change(self, **patch: Any) -> Known:
        """Merge a JSON merge patch: credits, credentials, book, options."""
        known = self._hand.read(Known, "PATCH", self._path, patch)
        self.credentials = known.credentials
        return known

    def coverage(self) -> Report:
        """Return which claims the calls of this account have kept and broken."""
        return self._hand.read(Report, "GET", "/coverage", vendor=self.vendor, account=self.name)

    def reset(self, *what: str) -> None:
        """Lead it back to how it began: all of it, or records, journal, faults, webhooks, accounts by name."""
        reset(self._hand, what, self.id)

    def close(self) -> None:
        """Take the account away with all its records."""
        self._hand.ask("DELETE", self._path)


class Mock:
    """What a tester may see and change on a mock. Made by `MockServer()` or `connect(url)`."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        self._hand, self.url = Hand(http), url
        self.journal, self.records = JournalOf(self._hand), RecordsOf(self._hand)
        self.clock, self.media, self.webhooks = ClockOf(self._hand), MediaOf(self._hand), WebhooksOf(self._hand)
        self.faults, self.scenarios = FaultsOf(self._hand), ScenariosOf(self._hand)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._hand.http.close()

    @property
    def is_closed(self) -> bool:
        return self._hand.http.is_closed

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = self._hand.ask("GET", "/health")
        return found

    def vendors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._hand.ask("GET", "/vendors")["items"]
        return found

    def claims(self, vendor: str) -> list[dict[str, Any]]:
        """Return every sentence that a vendor's behaviour rests on."""
        found: list[dict[str, Any]] = self._hand.ask("GET", f"/vendors{steps(vendor)}/claims")["items"]
        return found

    def document(self, vendor: str) -> dict[str, Any]:
        """Return the vendor's OpenAPI document, answering here."""
        found: dict[str, Any] = self._hand.ask("GET", f"/openapi{steps(f'{vendor}.json')}")
        return found

    def snapshot(self) -> dict[str, Any]:
        """Return all state as one document, credentials included. Raises MockError where it is too large for one."""
        found: dict[str, Any] = self._hand.ask("GET", "/snapshot")
        return found

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Put the state of a snapshot in the place of the server's, all of it or nothing."""
        self._hand.ask("PUT", "/snapshot", snapshot)

    def reset(self, *what: str, account: str | None = None) -> None:
        """Lead it back to how it started: all of it, or records, journal, faults, clock, webhooks, accounts by name.

        Of one `account` (vendor/name) only, where it is named: `account.reset()` does the same.
        """
        reset(self._hand, what, account)

    def account(self, vendor: str, **wish: Any) -> Account:
        """Open an account of one's own: fresh credentials, nobody else's records.

        `wish` may hold name, credits, credentials, book, options, scenario; what is left out, or None, is as demo's.
        """
        wished = {name: value for name, value in wish.items() if value is not None}
        return Account(self._hand, self._hand.read(Known, "POST", "/accounts", {"vendor": vendor, **wished}))

    def accounts(self, vendor: str | None = None) -> list[Account]:
        """Return the newest thousand accounts."""
        found = self._hand.ask("GET", "/accounts", vendor=vendor, limit=1_000)["items"]
        return [Account(self._hand, msgspec.convert(known, Known)) for known in found]

    def existing(self, vendor: str, name: str = "demo") -> Account:
        """Return an account there is."""
        return Account(self._hand, self._hand.read(Known, "GET", f"/accounts{steps(vendor, name)}"))

    def coverage(self, vendor: str | None = None, account: str | None = None) -> Report:
        """Return which claims calls have kept and broken; of one vendor, of one account's calls, where given."""
        return self._hand.read(Report, "GET", "/coverage", vendor=vendor, account=account)

    def explain(
        self, vendor: str, method: str, path: str, *, headers: dict[str, str] | None = None, body: Any = None
    ) -> dict[str, Any]:
        """Return why a request would be refused, rule by rule, and the smallest edit that mends it."""
        asked = {"vendor": vendor, "method": method, "path": path, "headers": headers or {}}
        found: dict[str, Any] = self._hand.ask("POST", "/explain", asked if body is None else {**asked, "body": body})
        return found


def reset(hand: Hand, what: Sequence[str], account: str | None) -> None:
    wanted = {"account": account, "what": what}
    hand.ask("POST", "/reset", {name: value for name, value in wanted.items() if value})


def connect(url: str, *, admin_token: str | None = None, timeout: float = TIMEOUT, ca: str | None = None) -> Mock:
    """Return a hand on a server elsewhere. No proxy and no .netrc is ever asked.

    `timeout` is in seconds; what waits for receivers of webhooks has ten minutes at least.
    `ca` is a file of certificates to trust; without it those of MOCKSERVER_CA, SSL_CERT_FILE or the system count.
    """
    headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
    address = url.rstrip("/")
    verify = trust(ca) if address.startswith("https://") else True
    http = httpx.Client(base_url=address, headers=headers, timeout=timeout, trust_env=False, verify=verify)
    return Mock(http, address)
