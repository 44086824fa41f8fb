"""A client of Siro as the developer of an integration would write it."""

from collections.abc import Iterator
from typing import Any

import httpx

from tests.cases import MEDIA
from tests.journeys.conftest import Traveller

ORGANIZATION = "/api-externalApi/v1/core"
CALL = MEDIA.joinpath("call.mp3").read_bytes()


class Client:
    """An integration written for the edition of its account: the media URL and the recording's id go by its names."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller, self.http = traveller, traveller.http
        is_first = traveller.account["vendor"] == "siro"
        self.media, self.key = ("downloadUrl", "id") if is_first else ("fileUrl", "recordingId")
        self.token = traveller.credentials["token"]

    @property
    def own(self) -> dict[str, str]:
        return {"x-siro-auth-token": self.token}

    @property
    def organization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.traveller.credentials['org_token']}"}

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"/v1/core{path}", headers=self.own, params=query)

    def ask(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"{ORGANIZATION}{path}", headers=self.organization, params=query)

    def mint(self, user: str, scope: str = "write") -> dict[str, str]:
        """Make an access token by the account's own app."""
        credentials = self.traveller.credentials
        path = f"{ORGANIZATION}/oauth/apps/{credentials['client_id']}/access-token"
        body = {"clientSecret": credentials["client_secret"], "userId": user, "scope": scope}
        answer = self.http.post(path, headers=self.organization, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def sign(self, kind: str = "mp3", size: int = len(CALL)) -> Any:
        body = {"fileType": kind, "fileSize": size}
        answer = self.http.post("/v1/core/recordings/signed-urls", headers=self.own, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def store(self, signed: Any, content: bytes = CALL) -> httpx.Response:
        return self.http.put(signed["uploadUrl"], headers=signed["uploadHeaders"], content=content)

    def create(self, url: str, **fields: Any) -> httpx.Response:
        body = {self.media: url, "fileType": "mp3", "userId": "dana", **fields}
        return self.http.post("/v1/core/recordings/upload", headers=self.own, json=body)

    def upload(self, **fields: Any) -> str:
        """Take all three steps; return the recording's id."""
        signed = self.sign()
        assert self.store(signed).status_code == 200
        answer = self.create(signed["downloadUrl"], **fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"][self.key])

    def states(self, ident: str) -> tuple[str, str, str]:
        found = self.get(f"/recordings/{ident}").json()["data"]
        return found["transcriptionStatus"], found["processingStatus"], found["processingStage"]

    def pages(self, path: str, **query: Any) -> Iterator[list[str]]:
        """Walk a list to its end."""
        while True:
            body = (self.ask if "pageSize" in query else self.get)(path, **query).json()
            yield [each["title"] for each in body["data"]]
            if body["cursor"] is None:
                return
            query["cursor"] = body["cursor"]
