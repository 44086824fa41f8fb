"""What a journey needs: a started server, an account of its own, and the mock's clock to move instead of waiting."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import httpx
import pytest

from tests.processes import Started


class Traveller:
    """A client of one vendor as a developer would write one: an address, credentials, and plain HTTP.

    `http` speaks to the vendor, `mock` to the tester's side of the server.
    """

    def __init__(self, mock: httpx.Client, account: dict[str, Any]) -> None:
        self.mock, self.account = mock, account
        self.url: str = account["url"]
        self.credentials: dict[str, str] = account["credentials"]
        self.http = httpx.Client(base_url=self.url, trust_env=False)

    @property
    def name(self) -> str:
        return f"{self.account['vendor']}/{self.account['name']}"

    def advance(self, seconds: float) -> None:
        """Let so much of the mock's time pass at once."""
        self.mock.post("/_mock/clock/advance", json={"seconds": seconds}).raise_for_status()

    def until_idle(self) -> None:
        self.mock.post("/_mock/clock/advance", json={"until": "idle"}).raise_for_status()

    def lay(self, **item: Any) -> None:
        """Say what lies behind an address: url or prefix, type, size, duration, failure; for this account alone."""
        known = self.mock.get("/_mock/media", params={"account": self.name}).json()["items"]
        body = {"items": [*known, {**item, "account": self.name}]}
        self.mock.put("/_mock/media", params={"account": self.name}, json=body).raise_for_status()

    def advice(self, answer: httpx.Response) -> list[str]:
        """Return the claims that a call was advised on."""
        entry = self.mock.get(f"/_mock/journal/{answer.headers['x-mock-call']}").json()
        return [item["claim"] for item in entry["advice"]]


Travel: TypeAlias = Callable[..., Traveller]


@pytest.fixture(scope="session")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = Started("--check-replies", cwd=tmp_path_factory.mktemp("travelled"))
    yield started
    assert started.stop() == 0


@pytest.fixture
def travel(travelled: Started) -> Iterator[Travel]:
    """Return what opens an account of a vendor and a client of it: `travel("voxjar", credits=0)`."""
    with httpx.Client(base_url=travelled.url, trust_env=False) as mock:
        opened: list[Traveller] = []

        def open_account(vendor: str, **wish: Any) -> Traveller:
            answer = mock.post("/_mock/accounts", json={"vendor": vendor, **wish})
            assert answer.status_code == 201, answer.text
            opened.append(Traveller(mock, answer.json()))
            return opened[-1]

        yield open_account
        for traveller in opened:
            traveller.http.close()
