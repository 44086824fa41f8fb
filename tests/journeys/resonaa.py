"""What a developer would write to speak to Resonaa."""

from typing import Any

import httpx

from mockserver.shipped import shipped
from tests.journeys.conftest import Traveller

CALL = shipped("fixtures/media") / "call.mp3"
COLUMNS = [
    {"name": "review", "type": "string"},
    {"name": "stars", "type": "number"},
    {"name": "written", "type": "date"},
]


class Client:
    """What a developer would write around the five APIs: one key, one way to send JSON, and errors raised."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller = traveller
        self.key = traveller.credentials["api_key"]

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.traveller.http.post(path, json={"api_key": self.key, **body})

    def sent(self, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
        answer = self.post(path, **body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        assert found["success"] is True
        return found

    def refused(self, answer: httpx.Response, status: int) -> dict[str, Any]:
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        assert found["success"] is False
        assert found["error"]
        return found

    def upload(self, **fields: str) -> httpx.Response:
        with CALL.open("rb") as audio:
            files = {"call": ("call.mp3", audio, "audio/mpeg")}
            return self.traveller.http.post("/api/add-calls", data={"api_key": self.key, **fields}, files=files)

    def record(self, kind: str, ident: str) -> dict[str, Any]:
        """Return what Resonaa knows: its dashboard shows it and no call of its own, so the tester's side does."""
        (found,) = (each for each in self.records(kind) if each["id"] == ident)
        body: dict[str, Any] = found["body"]
        return body

    def records(self, kind: str) -> list[dict[str, Any]]:
        asked = {"vendor": "resonaa", "account": self.traveller.account["name"], "kind": kind}
        found: list[dict[str, Any]] = self.traveller.mock.get("/_mock/records", params=asked).json()["items"]
        return found


class Sheet:
    """A sheet's upload in its three phases."""

    PATH = "/api/resona/upload"

    def __init__(self, client: Client, columns: list[dict[str, str]] = COLUMNS, **about: Any) -> None:
        self.client = client
        self.job = client.sent(self.PATH, action="create", schema={"columns": columns}, **about)["job_id"]

    def send(self, rows: list[dict[str, Any]]) -> httpx.Response:
        return self.client.post(self.PATH, action="rows", job_id=self.job, rows=rows)

    def finalize(self) -> httpx.Response:
        return self.client.post(self.PATH, action="finalize", job_id=self.job)

    @property
    def body(self) -> dict[str, Any]:
        return self.client.record("sheet", self.job)
