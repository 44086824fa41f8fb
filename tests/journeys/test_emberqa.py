"""EmberQA as an integration meets it: calls and documents to score, files to be read, and every no on the way."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockserver.shipped import shipped
from tests.journeys.conftest import Travel, Traveller

SCORING, WORKFLOWS = "/api/scoring", "/api/workflows"
CALL = shipped("fixtures/media") / "call.mp3"
TEMPLATE = "00000000-0000-4000-8000-00000000e001"
SIGNED = "https://media.example/audio.mp3?X-Amz-Signature=0f&X-Amz-Expires=900"


class Client:
    """What a developer would write around the five calls."""

    def __init__(self, traveller: Traveller) -> None:
        self.traveller = traveller
        self.headers = {"Authorization": f"Bearer {traveller.credentials['api_key']}"}

    def post(self, path: str, **rest: Any) -> httpx.Response:
        return self.traveller.http.post(path, headers=self.headers | rest.pop("headers", {}), **rest)

    def submit(self, run_id: str, *urls: str, **fields: Any) -> str:
        """Submit a workflow and return its doc_id."""
        listed = urls or ("https://media.example/document.pdf",)
        body = {"file_urls": listed, "extraction_template_id": TEMPLATE, "run_id": run_id, **fields}
        answer = self.post(f"{WORKFLOWS}/submit", json=body)
        assert (answer.status_code, answer.json()["message"]) == (200, "File Accepted")
        return str(answer.json()["doc_id"])

    def run(self, ident: str) -> dict[str, Any]:
        answer = self.post(f"{WORKFLOWS}/runs/getDetails", json={"id": ident})
        assert (answer.status_code, answer.json()["statusCode"]) == (200, "SUCCESS")
        found: dict[str, Any] = answer.json()["doc"]
        return found

    def query(self, **asked: Any) -> dict[str, Any]:
        answer = self.post(f"{WORKFLOWS}/runs/getData", json=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def names(self, **asked: Any) -> list[str]:
        return [each["filename"] for each in self.query(**asked)["docs"]]

    def pages(self, limit: int, **asked: Any) -> Iterator[list[str]]:
        """Yield the runs' names page by page, to the end."""
        page, last = 1, 1
        while page <= last:
            found = self.query(page=page, limit=limit, **asked)
            last = found["pagination"]["totalPages"]
            yield [each["filename"] for each in found["docs"]]
            page += 1

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Return what EmberQA knows of recordings or documents: no call of its own tells, so the tester's side does."""
        account = self.traveller.account["name"]
        asked = {"vendor": "emberqa", "account": account, "kind": kind}
        answer = self.traveller.mock.get("/_mock/records", params=asked)
        return [each["body"] for each in answer.json()["items"]]


@pytest.fixture
def client(travel: Travel) -> Client:
    return Client(travel("emberqa"))


def test_calls_come_by_url_and_by_file_and_are_scored(client: Client) -> None:
    details = {"agent_name": "John D", "metadata": {"ticket": "T-1001"}}
    by_url = client.post(f"{SCORING}/submitRecording", json={"media_url": SIGNED, **details})
    with CALL.open("rb") as audio:
        form = {
            "is_inbound": "False",
            "metadata": '{"ticket": "T-1002"}',
            "transcript_text": "Speaker 0: Good morning.",
        }
        upload = {"file": ("call-0042.mp3", audio, "audio/mpeg")}
        by_file = client.post(f"{SCORING}/submitRecording", data=form, files=upload)
    assert [(each.status_code, each.json()) for each in (by_url, by_file)] == [(200, {"message": "File Accepted"})] * 2
    assert [item["status"] for item in client.items("recording")] == ["received", "received"]

    client.traveller.advance(20)
    second, first = client.items("recording")
    assert (first["status"], first["file_name"], first["agent_name"]) == ("scored", "audio.mp3", "John D")
    assert first["metadata"] == {"ticket": "T-1001"}
    assert (second["status"], second["file_name"], second["is_inbound"]) == ("scored", "call-0042.mp3", False)
    assert second["summary"] == 'The call begins: "Speaker 0: Good morning."'
    assert first["content_id"] != second["content_id"]
    scores = [value for name, value in second["score_details"].items() if name.endswith("_score")]
    assert second["total_score"] == pytest.approx(sum(scores) / len(scores), abs=0.05)


def test_what_cannot_be_fetched_is_accepted_and_only_the_tester_hears_of_it(client: Client) -> None:
    client.traveller.lay(url="https://calls.example/1.wav", failure="expired")
    client.traveller.lay(url="https://calls.example/2.wav", type="audio/wav", size=60_000_000)
    told = [
        client.traveller.advice(client.post(f"{SCORING}/submitRecording", json={"media_url": url}))
        for url in ("https://calls.example/1.wav?sig=1", "https://calls.example/2.wav?sig=1")
    ]
    assert told == [["media-url-public"], ["media-url-50-mb"]]
    client.traveller.until_idle()
    reasons = [item["failure_reason"] for item in client.items("recording")]
    assert reasons == ["2.wav is too large", "1.wav is behind a URL that has expired"]


def test_a_public_url_is_advised_against(client: Client) -> None:
    answer = client.post(f"{SCORING}/submitRecording", json={"media_url": "https://example.com/call-audio.mp3"})
    assert (answer.status_code, answer.headers["x-mock-advice"]) == (200, "1")
    assert client.traveller.advice(answer) == ["presigned-url-recommended"]


def test_documents_come_alone_or_together_and_are_scored(client: Client) -> None:
    quote, terms = "https://media.example/document.pdf", "https://example.com/terms.pdf"
    for media_url in (quote, [quote, terms], [quote, "https://media.example/60mb.pdf"]):
        answer = client.post(f"{SCORING}/submitDocument", json={"media_url": media_url, "agent_name": "John D"})
        assert (answer.status_code, answer.json()) == (200, {"message": "File Accepted"})
    client.traveller.advance(20)
    assert [(item["status"], item["file_name"]) for item in client.items("document")] == [
        ("failed", "document.pdf"),
        ("scored", "document.pdf"),
        ("scored", "document.pdf"),
    ]


def test_a_workflow_is_polled_until_it_is_completed(client: Client) -> None:
    urls = ("https://media.example/scan.png", "https://example.com/invoices/0042.pdf?sig=1")
    ident = client.submit("Invoice 0042", *urls, metadata={"customer": "C-1001"}, agent_name="John D")
    states = [client.run(ident)["status"]]
    for wait in (2, 8):
        client.traveller.advance(wait)
        states.append(client.run(ident)["status"])
    assert states == ["pending", "processing", "completed"]

    run = client.run(ident)
    assert (run["id"], run["filename"], run["metadata"]) == (ident, "Invoice 0042", {"customer": "C-1001"})
    assert [(each["filename"], each["filenameUrl"]) for each in run["supportingDocs"]] == [
        ("scan.png", urls[0]),
        ("0042.pdf", urls[1]),
    ]
    assert run["output_schema"].keys() == {"invoice_number", "invoice_date", "total"}
    assert all(each.keys() == {"value", "reasoning"} for each in run["output_schema"].values())
    assert "failure_reason" not in run
    assert client.run(ident.upper()) == run
    assert client.query()["docs"][0] == {name: run[name] for name in client.query()["docs"][0]}


def test_a_workflow_whose_file_is_not_there_fails_with_a_reason(client: Client) -> None:
    client.traveller.lay(prefix="https://files.example/", type="text/html", failure="not-media")
    lost = client.submit("lost", "https://media.example/missing.pdf")
    other = client.submit("other", "https://files.example/42")
    client.traveller.until_idle()
    assert [(client.run(each)["status"], client.run(each)["failure_reason"]) for each in (lost, other)] == [
        ("failed", "missing.pdf is not there"),
        ("failed", "42 is not a PNG, JPG, JPEG, GIF, WEBP or PDF file"),
    ]
    assert client.run(lost)["output_schema"] == {}


def test_runs_are_listed_page_by_page_to_the_end(client: Client) -> None:
    for number in range(7):
        client.submit(f"run {number}", metadata={"number": number, "parity": "odd" if number % 2 else "even"})
    assert list(client.pages(3)) == [["run 6", "run 5", "run 4"], ["run 3", "run 2", "run 1"], ["run 0"]]
    odd = [{"metadata_name": "parity", "operator": "=", "value": "odd"}]
    assert list(client.pages(2, metadata_filters=odd)) == [["run 5", "run 3"], ["run 1"]]
    late = [*odd, {"metadata_name": "number", "operator": ">=", "value": "3"}]
    assert client.query(metadata_filters=late)["pagination"] == {
        "currentPage": 1,
        "totalPages": 1,
        "totalCount": 2,
        "limit": 50,
    }
    assert client.names(page=9) == []


def test_runs_are_found_by_state_time_and_template(client: Client) -> None:
    old = client.run(client.submit("old"))
    client.traveller.advance(60)
    new = client.run(client.submit("new", "https://media.example/missing.pdf"))
    assert client.names(filters={"status": "completed"}) == ["old"]
    assert client.names(filters={"status": "pending"}) == ["new"]
    assert client.names(filters={"startTime": new["created_time"]}) == ["new"]
    assert client.names(filters={"endTime": old["created_time"]}) == ["old"]
    between = {"startTime": old["created_time"], "endTime": new["created_time"], "extraction_template_id": TEMPLATE}
    assert client.names(filters=between) == ["new", "old"]
    client.traveller.until_idle()
    assert client.names(filters={"status": "failed"}) == ["new"]


def test_another_accounts_runs_are_unknown(client: Client, travel: Travel) -> None:
    ident, stranger = client.submit("mine"), Client(travel("emberqa"))
    answer = stranger.post(f"{WORKFLOWS}/runs/getDetails", json={"id": ident})
    assert (answer.status_code, answer.json()["statusCode"]) == (404, "NOT_FOUND")
    assert answer.headers["x-mock-refused-by"] == "rules/run-must-exist"
    assert stranger.names() == []


def test_an_account_has_its_own_templates(travel: Travel) -> None:
    own = "7f1d0a5c-0000-4000-8000-000000000001"
    client = Client(travel("emberqa", book={"extraction_templates": [{"id": own, "name": "Own", "fields": ["total"]}]}))
    ident = client.submit("own", extraction_template_id=own)
    client.traveller.until_idle()
    assert client.run(ident)["output_schema"].keys() == {"total"}
    body = {"file_urls": ["https://example.com/a.pdf"], "extraction_template_id": TEMPLATE, "run_id": "demo's"}
    answer = client.post(f"{WORKFLOWS}/submit", json=body)
    assert (answer.status_code, answer.headers["x-mock-refused-by"]) == (400, "rules/extraction-template-must-exist")


@pytest.mark.parametrize(
    ("path", "body", "refused_by", "answer"),
    [
        (
            f"{SCORING}/submitRecording",
            {"media_url": "https://example.com/call.ogg"},
            "rules/url-format-by-extension",
            {"message": "media_url must lead to an MP3 or WAV file"},
        ),
        (
            f"{SCORING}/submitDocument",
            {"media_url": ["https://example.com/a.pdf", "b.pdf"]},
            "schema/document-url-http-or-https",
            {"message": "media_url.1 must be an http or https URL"},
        ),
        (
            f"{WORKFLOWS}/submit",
            {"file_urls": ["https://example.com/a.pdf"], "extraction_template_id": TEMPLATE, "runId": "a"},
            "schema/run-id-required",
            {"message": "run_id is required"},
        ),
        (
            f"{WORKFLOWS}/runs/getDetails",
            {"id": "Invoice 0042"},
            "schema/run-details-id-is-uuid",
            {"statusCode": "BAD_REQUEST", "statusMessage": "id must be a UUID"},
        ),
        (
            f"{WORKFLOWS}/runs/getData",
            {"limit": 101},
            "schema/limit-at-most-100",
            {"statusCode": "BAD_REQUEST", "statusMessage": "limit must be at most 100, not 101"},
        ),
    ],
    ids=["recording", "document", "workflow", "details", "query"],
)
def test_a_bad_request_is_400_and_leaves_nothing(
    client: Client, path: str, body: Any, refused_by: str, answer: Any
) -> None:
    refused = client.post(path, json=body)
    assert (refused.status_code, refused.json()) == (400, answer)
    assert refused.headers["x-mock-refused-by"] == refused_by
    assert [kind for kind in ("recording", "document", "run") if client.items(kind)] == []


@pytest.mark.parametrize(
    "path",
    [
        f"{SCORING}/submitRecording",
        f"{SCORING}/submitDocument",
        f"{WORKFLOWS}/submit",
        f"{WORKFLOWS}/runs/getDetails",
        f"{WORKFLOWS}/runs/getData",
    ],
)
def test_without_the_right_key_every_door_is_shut(client: Client, path: str) -> None:
    for header in ("", "Bearer of-nobody", "Basic YTpi"):
        answer = client.post(path, json={}, headers={"Authorization": header})
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert client.traveller.http.get(path, headers=client.headers).status_code == 405


@pytest.mark.parametrize(
    ("path", "code", "key"),
    [
        (f"{SCORING}/submitDocument", 202, "message"),
        (f"{SCORING}/submitDocument", 413, "message"),
        (f"{WORKFLOWS}/submit", 500, "message"),
        (f"{WORKFLOWS}/runs/getDetails", 404, "statusCode"),
        (f"{WORKFLOWS}/runs/getDetails", 400, "statusCode"),
        (f"{WORKFLOWS}/runs/getData", 413, "statusCode"),
        (f"{WORKFLOWS}/runs/getData", 401, "message"),
    ],
)
def test_a_documented_status_can_be_asked_for(client: Client, path: str, code: int, key: str) -> None:
    answer = client.post(path, json={}, headers={"Prefer": f"code={code}"})
    assert answer.status_code == code
    assert key in answer.json()
    assert client.items("document") == client.items("run") == []
