"""Resonaa as an integration meets it: calls, sheets, tickets and customers, and every no on the way."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Travel
from tests.journeys.resonaa import CALL, Client, Sheet


def batches(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


@pytest.fixture
def client(travel: Travel) -> Client:
    return Client(travel("resonaa"))


def test_a_recording_is_uploaded_transcribed_and_analysed(client: Client) -> None:
    answer = client.upload(customer_name="Acme Corp", extension_id="EXT-456", order_id="ORD-789")
    assert answer.status_code == 201
    call = answer.json()
    assert call["duration_seconds"] in (2, 3)
    known = client.record("call", call["call_id"])
    assert known["status"] == "queued"
    assert (known["customer_name"], known["worker_id"]) == ("Acme Corp", "ORD-789")
    assert known["user_id"] == "7b0f5f0e-0000-4000-8000-000000000456"
    assert known["recording"]["size"] == CALL.stat().st_size
    client.traveller.advance(10)
    known = client.record("call", call["call_id"])
    assert known["status"] == "transcribed"
    assert known["transcript"]
    assert "analysis" not in known
    client.traveller.advance(10)
    known = client.record("call", call["call_id"])
    assert known["status"] == "analysed"
    assert known["analysis"]["summary"]
    gone = client.refused(httpx.get(call["audio_url"], trust_env=False), 410)
    assert "dropped" in gone["error"]


def test_a_recording_is_named_by_its_url(client: Client) -> None:
    client.traveller.lay(url="https://files.example/call", type="audio/wav", size=1_000_000, duration=123.4)
    call = client.sent("/api/addcallurl", call_url="https://files.example/call?signature=1", user_id="nobody")
    assert call["duration_seconds"] == 123
    assert call["audio_url"].startswith(f"{client.traveller.url}/storage/")
    assert call["audio_url"].endswith(".wav")
    known = client.record("call", call["call_id"])
    assert (known["source_url"], known["user_id"]) == ("https://files.example/call?signature=1", None)
    again = client.sent("/api/addcallurl", call_url="https://files.example/call?signature=1")
    assert again["call_id"] != call["call_id"]
    client.traveller.until_idle()
    assert {each["body"]["status"] for each in client.records("call")} == {"analysed"}


def test_what_a_url_leads_to_may_be_no_recording(client: Client) -> None:
    laid: dict[str, tuple[dict[str, Any], int]] = {
        "missing": ({"failure": "missing"}, 400),
        "forbidden": ({"failure": "forbidden"}, 400),
        "expired": ({"failure": "expired"}, 400),
        "page": ({"type": "text/html"}, 400),
        "ogg": ({"type": "audio/ogg"}, 400),
        "huge": ({"type": "audio/wav", "size": 524_288_001}, 413),
        "large": ({"type": "audio/wav", "size": 524_288_000}, 201),
    }
    for name, (item, status) in laid.items():
        url = f"https://files.example/{name}"
        client.traveller.lay(url=url, **item)
        assert client.post("/api/addcallurl", call_url=url).status_code == status
        form = {"api_key": (None, client.key), "audio_url": (None, url)}
        assert client.traveller.http.post("/api/add-calls", files=form).status_code == status
    assert len(client.records("call")) == 2


def test_a_key_is_needed_everywhere(client: Client) -> None:
    paths = ("/api/addcallurl", "/api/resona/upload", "/api/tickets/upload", "/api/crm/customers")
    for path in paths:
        missing = client.refused(client.traveller.http.post(path, json={"name": "Jane"}), 400)
        assert missing["error"] == "api_key is required"
        unknown = client.refused(client.traveller.http.post(path, json={"api_key": "somebody's"}), 401)
        assert unknown["error"] == "Invalid API key"
        client.refused(client.traveller.http.get(path), 405)
    client.refused(client.post("/api/calls"), 404)
    assert client.records("customer") == []


def test_a_field_under_its_siblings_name_is_pointed_out(client: Client) -> None:
    answer = client.post("/api/addcallurl", audio_url="https://media.example/audio.mp3")
    assert client.refused(answer, 400)["error"] == "call_url is required"
    assert client.traveller.advice(answer) == ["unknown-fields-ignored"]


def test_a_sheet_is_uploaded_in_batches_and_processed(client: Client) -> None:
    sheet = Sheet(client, name="Reviews of June")
    rows = [{"review": f"Review {n}", "stars": n % 5, "written": "2026-06-23"} for n in range(2_500)]
    totals = [sheet.send(batch).json()["total_rows"] for batch in batches(rows, 1_000)]
    assert totals == [1_000, 2_000, 2_500]
    done = sheet.finalize()
    assert (done.status_code, done.json()["status"], done.json()["total_rows"]) == (200, "queued", 2_500)
    assert sheet.body["status"] == "queued"
    client.traveller.advance(10)
    assert (sheet.body["status"], sheet.body["processed_rows"]) == ("processing", 1_250)
    client.traveller.advance(10)
    assert (sheet.body["status"], sheet.body["processed_rows"]) == ("analysed", 2_500)
    kept = sorted((each["body"] for each in client.records("sheet-rows")), key=lambda batch: batch["first_row"])
    assert [row for batch in kept for row in batch["rows"]] == rows


def test_of_a_bad_batch_nothing_is_kept(client: Client) -> None:
    sheet = Sheet(client)
    batch: list[dict[str, Any]] = [{"review": "Fine", "stars": 4}, {"review": "Bad", "stars": "one"}, {"stars": "two"}]
    refused = client.refused(sheet.send(batch), 400)
    assert (refused["row"], refused["error"]) == (1, "row 1: stars must be a number")
    assert (sheet.body["total_rows"], client.records("sheet-rows")) == (0, [])
    batch[1]["stars"], batch[2]["stars"] = 1, 2
    assert sheet.send(batch).json()["total_rows"] == 3
    assert client.refused(sheet.send([{}] * 1_001), 400)["error"] == "rows must have at most 1000 items"


def test_a_finalized_sheet_takes_nothing_more(client: Client) -> None:
    sheet = Sheet(client)
    sheet.send([{"review": "Fine"}])
    sheet.finalize()
    client.refused(sheet.send([{"review": "Late"}]), 409)
    client.refused(sheet.finalize(), 409)
    client.traveller.until_idle()
    assert "analysed" in client.refused(sheet.finalize(), 409)["error"]
    assert sheet.body["total_rows"] == 1


def test_nobody_else_has_the_job(client: Client, travel: Travel) -> None:
    sheet, other = Sheet(client), Client(travel("resonaa"))
    for action in ({"action": "rows", "rows": [{"review": "Mine?"}]}, {"action": "finalize"}):
        refused = client.refused(other.post(Sheet.PATH, job_id=sheet.job, **action), 404)
        assert refused == client.refused(client.post(Sheet.PATH, job_id="unknown", **action), 404) | {
            "error": f"there is no job {sheet.job}"
        }
    assert sheet.send([{"review": "Mine"}]).status_code == 200


def test_a_conversation_becomes_a_ticket_with_its_customer(client: Client) -> None:
    text = "Dana Reyes: Hello, how can I help you?\nJane Doe: My parcel is late.\nDana Reyes: I am sorry."
    ticket = client.sent("/api/tickets/upload", conversation=text, extension_id="EXT-456")
    known = client.record("ticket", ticket["ticket_id"])
    assert (known["customer_name"], known["customer_name_detected"]) == ("Jane Doe", True)
    assert known["conversation"] == text
    turns = [{"speaker": "Agent", "text": "Hello"}, {"speaker": "Customer (Ann)", "text": "Hi"}]
    ticket = client.sent("/api/tickets/upload", conversation=turns, ticket_id="T-1001", customer_name="Ann Lee")
    assert ticket["ticket_id"] == "T-1001"
    assert client.record("ticket", "T-1001")["customer_name"] == "Ann Lee"
    client.traveller.until_idle()
    analysed = client.record("ticket", "T-1001")
    assert (analysed["status"], analysed["conversation"]) == ("analysed", turns)
    assert analysed["analysis"]["summary"].endswith("begins: Hello")


def test_a_ticket_without_words_or_under_a_taken_id_is_refused(client: Client, travel: Travel) -> None:
    path = "/api/tickets/upload"
    client.refused(client.post(path, conversation=""), 400)
    client.refused(client.post(path, conversation=[{"speaker": "Agent"}]), 400)
    client.sent(path, conversation="Hello", ticket_id="T-1")
    client.refused(client.post(path, conversation="Hello again", ticket_id="T-1"), 409)
    assert client.record("ticket", "T-1")["conversation"] == "Hello"
    Client(travel("resonaa")).sent(path, conversation="Hello", ticket_id="T-1")


def test_customers_come_in_four_forms(client: Client) -> None:
    path = "/api/crm/customers"
    jane: dict[str, Any] = {
        "name": "Jane",
        "email": "jane@example.com",
        "stage": "lead",
        "custom_fields": {"plan": "free"},
    }
    one = client.sent(path, **jane)
    assert (one["created"], one["duplicates"]) == (1, 0)
    listed = client.sent(path, customers=[{"name": "Jane Doe", "email": "JANE@example.com"}, {"name": "Ann"}])
    assert (listed["created"], listed["updated"], listed["duplicates"]) == (1, 1, 1)
    assert listed["customers"][0]["id"] == one["customers"][0]["id"]
    csv = "name,email,phone,tags,region\nBob,bob@example.com,555-0100,vip;new,north\nJane D.,jane@example.com,,vip,\n"
    by_text = client.sent(path, csv=csv)
    assert (by_text["created"], by_text["updated"]) == (1, 1)
    sent = {"file": ("customers.csv", csv.encode(), "text/csv")}
    by_file = client.traveller.http.post(path, data={"api_key": client.key}, files=sent)
    assert by_file.status_code == 201
    assert (by_file.json()["created"], by_file.json()["updated"]) == (0, 2)
    kept = {each["body"]["name"]: each["body"] for each in client.records("customer")}
    assert kept.keys() == {"Jane D.", "Ann", "Bob"}
    assert (kept["Jane D."]["stage"], kept["Jane D."]["tags"]) == ("lead", ["vip"])
    assert (kept["Jane D."]["custom_fields"], kept["Bob"]["custom_fields"]) == ({"plan": "free"}, {"region": "north"})


def test_a_wrong_customer_is_told_beside_the_others(client: Client) -> None:
    path = "/api/crm/customers"
    some = client.sent(path, customers=[{"email": "a@example.com"}, {"name": "Ann"}, {"name": "Bob", "email": "bob"}])
    assert some["errors"] == [
        {"row": 0, "error": "name is required"},
        {"row": 2, "error": "email must be an e-mail address"},
    ]
    assert (some["created"], [each["name"] for each in some["customers"]]) == (1, ["Ann"])
    none = client.refused(client.post(path, csv="name,email\n,a@example.com\nBob,bob\n"), 400)
    assert [each["row"] for each in none["errors"]] == [0, 1]
    client.refused(client.post(path, csv="Ann,a@example.com\n"), 400)
    client.refused(client.post(path, name="Ann", customers=[]), 400)
    assert len(client.records("customer")) == 1


def test_customers_of_others_are_no_duplicates(client: Client, travel: Travel) -> None:
    book = {"customers": [{"id": "c-1", "name": "Jane", "email": "jane@example.com"}]}
    other = Client(travel("resonaa", book=book))
    for _ in range(2):
        found = other.sent("/api/crm/customers", name="Jane Doe", email="jane@example.com")
        assert (found["updated"], found["customers"][0]["id"]) == (1, "c-1")
    assert client.sent("/api/crm/customers", name="Jane", email="jane@example.com")["created"] == 1


def test_what_is_assumed_says_so(client: Client) -> None:
    documented, assumed = client.upload(), client.post("/api/addcallurl", call_url="https://media.example/audio.mp3")
    assert (documented.headers["x-mock-basis"], assumed.headers["x-mock-basis"]) == ("documented", "assumed")
    asked = client.traveller.http.post(Sheet.PATH, json={"api_key": client.key}, headers={"Prefer": "code=409"})
    client.refused(asked, 409)
