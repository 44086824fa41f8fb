"""Authenticx as an integration meets it: a token, uploads of three kinds, polling, results, and every no on the way."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from mockserver.shipped import shipped
from tests.journeys.conftest import Travel, Traveller

MEDIA = shipped("fixtures/media")
FORM = {"grant_type": "client_credentials", "scope": "acxapi"}
FIRST_IMPRESSION = "1a356274-97b2-4536-aa2c-82e6213cd49b"
NOBODY = "99999999-9999-4999-8999-999999999999"
NAME_TAKEN = "An interaction with this file name already exists."


class Client:
    """What a developer would write around the API: it fetches a token, and pages by the last id."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller, self.http = traveller, traveller.http
        self.token = self.fetch_token().json()["access_token"]

    def fetch_token(self, **changed: Any) -> httpx.Response:
        own = {name: self.traveller.credentials[name] for name in ("client_id", "client_secret")}
        return self.http.post("/connect/token", data={**own, **FORM, **changed})

    def send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **rest.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **rest)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.send("GET", path, params=query)

    def upload(self, name: str, file: str = "call.mp3", kind: str = "Audio", **fields: Any) -> httpx.Response:
        metadata = json.dumps({"FileName": name, "UploadType": kind, **fields})
        parts = {"file": (name.rpartition("/")[2], MEDIA.joinpath(file).read_bytes())}
        return self.send("POST", "/Media/Upload", files=parts, data={"metadata": metadata})

    def fetch(self, url: str, name: str, **fields: Any) -> httpx.Response:
        metadata = json.dumps({"FileName": name, "UploadType": "Audio", **fields})
        return self.send("POST", "/Media/Upload", files={"signedUrl": (None, url), "metadata": (None, metadata)})

    def write(self, text: str, filename: str = "chat.json", **metadata: Any) -> httpx.Response:
        parts = {"file": (filename, text.encode())}
        return self.send("POST", "/TextMedia/Upload", files=parts, data={"metadata": json.dumps(metadata)})

    def pages(self, path: str, **query: Any) -> Iterator[list[dict[str, Any]]]:
        """Yield pages until one is empty, as the vendor's own client does."""
        last: dict[str, Any] = {}
        while page := self.get(path, **query, **last).json():
            yield page
            last = {"LastId": page[-1]["id"]}

    def metadata(self, ident: str) -> dict[str, Any]:
        return next(each for page in self.pages("/metadata") for each in page if each["id"] == ident)

    def transcription(self, ident: str) -> httpx.Response:
        return self.get(f"/Conversations/Transcriptions/{ident}")

    def today(self) -> datetime:
        return datetime.fromisoformat(self.traveller.mock.get("/_mock/clock").json()["now"])

    def week(self) -> dict[str, str]:
        """Return the dates of a window of a week around today."""
        now = self.today()
        return {"StartDate": (now - timedelta(days=6)).isoformat(), "EndDate": (now + timedelta(days=1)).isoformat()}


@pytest.fixture
def client(travel: Travel) -> Client:
    return Client(travel("authenticx"))


def test_a_token_opens_everything_for_an_hour(client: Client) -> None:
    assert client.get("/Agent/All").status_code == 200
    client.traveller.advance(3_590)
    assert client.get("/Agent/All").status_code == 200
    client.traveller.advance(20)
    expired = client.get("/Agent/All")
    assert (expired.status_code, expired.content) == (401, b"")
    assert expired.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert expired.headers["x-mock-refused-by"] == "auth/expired-token"
    renewed = client.fetch_token().json()
    assert (renewed["token_type"], renewed["expires_in"], renewed["scope"]) == ("Bearer", 3600, "acxapi")
    client.token = renewed["access_token"]
    assert client.get("/Agent/All").status_code == 200


def test_a_client_may_show_itself_by_basic(client: Client) -> None:
    own = client.traveller.credentials
    fine = client.http.post("/connect/token", data=FORM, auth=(own["client_id"], own["client_secret"]))
    assert fine.status_code == 200
    client.token = fine.json()["access_token"]
    assert client.get("/Hierarchy/All").status_code == 200
    wrong = client.http.post("/connect/token", data=FORM, auth=(own["client_id"], "wrong"))
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nobody", "grant_type": "password"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "openid"}, "invalid_scope"),
    ],
)
def test_a_token_is_refused_in_the_order_of_an_identity_server(
    client: Client, changed: dict[str, str], error: str
) -> None:
    refused = client.fetch_token(**changed)
    assert (refused.status_code, refused.json()) == (400, {"error": error})


def test_json_is_no_form_for_a_token(client: Client) -> None:
    refused = client.http.post("/connect/token", json=FORM)
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_request"})


def test_a_call_is_uploaded_polled_for_and_read(client: Client) -> None:
    uploaded = client.upload(
        "calls/2026/0042.mp3",
        InteractionDate="2022-03-18T17:56:09.8683110-04:00",
        AgentCode="007",
        HierarchyCode="Accounting",
        ClientCallId="5CD1S",
        CallDirection="Inbound",
        Phone="800-555-5555",
        ExtendedMetadataValues={"Team": "Night"},
    )
    assert uploaded.status_code == 200
    told = uploaded.json()
    assert told["fileName"] == "/extmedia/calls/2026/0042.mp3.acxMedia"

    unfinished = client.transcription(told["id"])
    assert (unfinished.status_code, unfinished.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert client.metadata(told["id"])["status"] == "Processing"

    client.traveller.advance(15)
    known = client.metadata(told["id"])
    assert (known["status"], known["clientCallId"], known["phone"]) == ("ReadyToSample", "5CD1S", "800-555-5555")
    assert (known["timestamp"], known["agentName"]) == ("2022-03-18T21:56:09.868Z", "James Bond")
    assert (known["extendedMetadataValues"], known["fileSizeKiloBytes"]) == ({"Team": "Night"}, told["fileSizeKb"])
    (transcription,) = client.transcription(told["id"]).json()["transcriptions"]
    assert transcription["languageCode"] == "en"
    assert transcription["transcription"][0].startswith("00:00 Agent: ")


def test_a_name_is_taken_by_success_alone(client: Client) -> None:
    assert client.upload("a.mp3", LocaleId=1).status_code == 400
    assert client.upload("a.mp3").status_code == 200
    again = client.upload("a.mp3")
    assert (again.status_code, again.text) == (400, NAME_TAKEN)
    as_json = client.send(
        "POST",
        "/Media/Upload",
        files={"file": ("a.mp3", MEDIA.joinpath("call.mp3").read_bytes())},
        data={"metadata": '{"fileName": "a.mp3", "uploadType": "Audio"}'},
        headers={"Accept": "application/json"},
    )
    assert as_json.json() == NAME_TAKEN
    assert client.write("[]", FilePath="a.mp3").status_code == 400


def test_a_signed_url_is_as_good_as_what_lies_behind_it(client: Client) -> None:
    bucket = "https://bucket.s3.amazonaws.com/calls"
    client.traveller.lay(url=f"{bucket}/1.mp3", type="audio/mpeg", size=2_048_000, duration=90.0)
    client.traveller.lay(url=f"{bucket}/2.mp3", failure="expired")
    client.traveller.lay(url=f"{bucket}/3.mp3", type="audio/mpeg", size=3_000_000_000)
    client.traveller.lay(url=f"{bucket}/4.mp3", type="text/html")

    fine = client.fetch(f"{bucket}/1.mp3?X-Amz-Signature=0", "1.mp3")
    assert (fine.status_code, fine.json()["fileSizeKb"]) == (200, 2_000)
    expired = client.fetch(f"{bucket}/2.mp3?X-Amz-Signature=0", "2.mp3")
    assert (expired.status_code, expired.headers["x-mock-basis"]) == (400, "assumed")
    large = client.fetch(f"{bucket}/3.mp3?X-Amz-Signature=0", "3.mp3")
    assert (large.status_code, large.content) == (413, b"")
    page = client.fetch(f"{bucket}/4.mp3?X-Amz-Signature=0", "4.mp3")
    assert client.traveller.advice(page) == ["wrong-media-fails"]

    client.traveller.until_idle()
    good, bad = client.metadata(fine.json()["id"]), client.metadata(page.json()["id"])
    assert (good["status"], good["callDurationMillis"]) == ("ReadyToSample", 90_000)
    assert (bad["status"], len(bad["processFailures"])) == ("FailedToProcess", 1)
    refused = client.transcription(bad["id"])
    assert (refused.status_code, refused.text) == (400, "This conversation failed to process.")


def test_a_chat_comes_as_an_archive_or_as_text(client: Client) -> None:
    archive = client.upload("chats/1.zip", "call.zip", "Chat")
    own = "4834c9e9-74f2-4bfe-a0c8-ce947a4f30e3"
    text = client.write("[]", Id=own, TimeStamp="2022-03-19")
    assert (text.json()["id"], text.json()["fileName"]) == (own, f"/extmedia/{own}.json.acxMedia")
    assert client.write("[]", Id=own, FilePath="another.json").text == NAME_TAKEN
    assert client.write("[]", "chat.txt").status_code == 400
    kinds = {each["id"]: each["mediaType"] for page in client.pages("/Metadata") for each in page}
    assert kinds == {archive.json()["id"]: "Chat", own: "ProcessedChat"}


def test_metadata_are_paged_to_the_end_filtered_and_patched(client: Client) -> None:
    idents = [client.upload(f"{number}.mp3", ClientCallId=f"call-{number}").json()["id"] for number in range(5)]
    pages = [[each["id"] for each in page] for page in client.pages("/metadata", pageSize=2, **client.week())]
    assert pages == [idents[:2], idents[2:4], idents[4:]]
    found = client.get("/Metadata", ClientCallId="call-1, call-3,nobody").json()
    assert [each["id"] for each in found] == [idents[1], idents[3]]
    days = {"startDate": client.week()["StartDate"], "endDate": client.week()["EndDate"], "pageSize": 10}
    found = client.send("POST", "/Metadata", json={**days, "clientCallIds": ["call-4"]}).json()
    assert [each["id"] for each in found] == [idents[4]]

    patched = client.send("PATCH", f"/metadata/{idents[0]}", json={"extendedMetadata": {"MetaPropertyX": "valueY"}})
    assert patched.json()["extendedMetadataValues"] == {"MetaPropertyX": "valueY"}
    client.send("PATCH", f"/metadata/{idents[0]}", json={"phone": "1", "clientCallId": "renamed"})
    (known,) = client.get("/Metadata", ClientCallId="renamed").json()
    assert (known["phone"], known["extendedMetadataValues"]) == ("1", {"MetaPropertyX": "valueY"})
    assert client.send("PATCH", f"/Metadata/{NOBODY}", json={}).status_code == 404
    assert client.get("/Metadata", LastId=NOBODY).status_code == 400


def test_insights_are_told_of_what_is_processed_a_week_at_a_time(client: Client) -> None:
    idents = [client.upload(f"{number}.mp3", HierarchyCode="Accounting").json()["id"] for number in range(3)]
    week = client.week()
    assert client.get("/Conversations/Insights", **week).status_code == 404
    client.traveller.until_idle()
    week = client.week()
    first = client.get("/Conversations/Insights", **week, PageSize=2)
    assert [each["conversationId"] for each in first.json()] == idents[:2]
    headers = [first.headers.get(name) for name in ("x-has-more", "x-next-lastid", "x-total-records")]
    assert headers == ["true", idents[1], "3"]
    second = client.get("/Conversations/Insights", **week, PageSize=2, LastId=headers[1])
    assert [each["conversationId"] for each in second.json()] == idents[2:]
    assert (second.headers["x-has-more"], "x-total-records" in second.headers) == ("false", False)

    month = {**week, "StartDate": (client.today() - timedelta(days=29)).isoformat()}
    assert client.get("/Conversations/Insights", **month).text == "StartDate and EndDate may span 7 days at most"
    filtered = client.get("/Conversations/Insights", **month, ClassifierTypes="LLM Model", HierarchyCodes="Accounting")
    assert {each["classifierResults"][0]["classifierName"] for each in filtered.json()} == {"Summary"}
    body = {name[0].lower() + name[1:]: value for name, value in month.items()}
    posted = client.send("POST", "/Conversations/Insights", json={**body, "hierarchyCodes": ["Accounting"]})
    assert [each["conversationId"] for each in posted.json()] == idents


def test_model_results_and_receipts_of_a_conversation(client: Client) -> None:
    ident = client.upload("1.mp3", ClientCallId="5CD1S").json()["id"]
    models = ",".join(each["id"] for each in client.get("/Conversations/Classifiers", PageSize=4).json())
    (waiting,) = client.get("/ModelResults/Conversation", modelIds=models, conversationIds=ident).json()
    assert (waiting["mediaStatus"]["status"], waiting["modelResults"]) == ("NotProcessed", None)
    always = {"StartDate": "2000-01-01", "EndDate": "9000-01-01", "Status": "ReadyToSample"}
    assert client.get("/Receipts", **always).status_code == 404
    client.traveller.until_idle()
    (done,) = client.get("/ModelResults/Conversation", modelIds=models, clientCallIds="5CD1S").json()
    assert (done["conversationId"], len(done["modelResults"])) == (ident, 4)
    (listed,) = client.get("/ModelResults", modelIds=FIRST_IMPRESSION).json()
    assert listed["modelResults"] == done["modelResults"][:1]
    (receipt,) = client.get("/Receipts", **always).json()
    assert receipt["receiptId"] == done["emissionReceipt"]["customerReceiptId"]
    unknown = client.get("/ModelResults", modelIds=NOBODY)
    assert (unknown.status_code, FIRST_IMPRESSION in unknown.text) == (400, True)


def test_an_organisation_may_lack_model_results(travel: Travel) -> None:
    client = Client(travel("authenticx", book={"features": []}))
    refused = client.get("/ModelResults/Conversation", modelIds=FIRST_IMPRESSION, conversationIds=NOBODY)
    assert (refused.status_code, refused.headers["content-type"]) == (501, "application/json")
    assert refused.json().startswith("This endpoint is not available for your organization.")


def test_agents_and_hierarchies_that_are_added_are_found_by_uploads(client: Client) -> None:
    (top,) = client.get("/Hierarchy/All").json()
    payroll = client.send("POST", "/Hierarchy", json={"name": "Payroll", "code": "PAY", "parentId": top["id"]}).json()
    eve = {"firstName": "Eve", "lastName": "M", "agentEmail": "eve@example.com", "agentCode": "0042"}
    agent = client.send("POST", "/Agent", json=eve).json()
    uploaded = client.upload("1.mp3", HierarchyCode="PAY", AgentCode="0042", ApplyHierarchyToAgent=True)
    known = client.metadata(uploaded.json()["id"])
    assert (known["organizationStructureMemberId"], known["agentId"]) == (payroll["id"], agent["id"])
    assert client.get(f"/Agent/{agent['id'].upper()}").json() == agent

    moved = client.send("PUT", f"/Hierarchy/{payroll['id']}", json={"newParentId": "remove", "hierarchyCodes": ["P1"]})
    assert moved.json()["hierarchyCodes"] == ["P1"]
    assert [each["name"] for each in client.get("/hierarchy/all").json()] == ["Accounting", "Payroll"]
    assert client.upload("2.mp3", HierarchyCode="P1").status_code == 200
    assert client.upload("3.mp3", HierarchyCode="P2").text.startswith("Invalid Hierarchy Id/Code!")

    client.send("PUT", f"/Agent/{agent['id']}", json={"isActive": False})
    assert [each["agentCode"] for each in client.get("/Agent/All", IsActive="false").json()] == ["0042"]
    assert client.send("PUT", f"/Agent/{NOBODY}", json={}).status_code == 404
    assert client.send("POST", "/Agent", json={**eve, "userId": NOBODY}).status_code == 400


def test_another_organisation_sees_nothing_of_it(client: Client, travel: Travel) -> None:
    ident = client.upload("1.mp3").json()["id"]
    client.traveller.until_idle()
    stranger = Client(travel("authenticx"))
    assert stranger.get("/Metadata").json() == []
    assert stranger.transcription(ident).status_code == 404
    assert stranger.send("PATCH", f"/Metadata/{ident}", json={}).status_code == 404
    batch = stranger.send("POST", "/Conversations/Transcriptions", json={"conversationIds": [ident]}).json()
    assert [error["statusCode"] for error in batch["errors"]] == [404]
    assert stranger.upload("1.mp3").status_code == 200


def test_too_many_uploads_are_told_when_to_come_again(client: Client) -> None:
    refused = client.send("POST", "/Media/Upload", headers={"Prefer": "code=429"})
    assert (refused.status_code, refused.content, refused.headers["retry-after"]) == (429, b"", "30")
    assert client.get("/Metadata").json() == []
