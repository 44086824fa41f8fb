"""Webhooks as an integration meets them: something is uploaded, and after a while its receiver is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.journeys.conftest import Travel, Traveller
from tests.journeys.siro import Client
from tests.receivers import Received, Receiver, hang_up, receiving, status

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENTS = ["integrations.recordingProcessed", "integrations.recordingLinked"]
BY_CRM = {"dataType": "OPPORTUNITY", "externalId": "opp_demo", "integrationConnectionId": "conn_demo"}
CALL = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def flush(client: Traveller) -> list[dict[str, Any]]:
    """Let everything that is due for this account go out now."""
    vendor, _, account = client.name.partition("/")
    asked = {"vendor": vendor, "account": account}
    client.mock.post("/_mock/webhooks/flush", params=asked).raise_for_status()
    found: list[dict[str, Any]] = client.mock.get("/_mock/webhooks", params=asked).json()["items"]
    return found


def told(receiver: Receiver) -> list[Any]:
    return [received.json for received in receiver.received]


def submit(client: Traveller, path: str, **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {client.credentials['api_key']}"}
    answer = client.http.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_emberqa_tells_of_red_flags_low_scores_and_completion(travel: Travel, receiver: Receiver) -> None:
    alerts = [
        {"type": "red_flag", "url": f"{receiver.url}/flags"},
        {"type": "low_score", "threshold": 100.5, "content_types": ["Call"], "url": f"{receiver.url}/low"},
        {"type": "completion", "url": f"{receiver.url}/done"},
    ]
    client = travel("emberqa", book={"alerts": alerts})
    lawyer = {"transcript_text": "Speaker 1: My lawyer will call you."}
    submit(client, "/api/scoring/submitRecording", media_url="https://example.com/a.mp3", agent_name="John D", **lawyer)
    submit(client, "/api/scoring/submitDocument", media_url="https://example.com/b.pdf")
    template = "00000000-0000-4000-8000-00000000e001"
    files = {"file_urls": ["https://example.com/c.pdf"], "extraction_template_id": template, "run_id": "Run 1"}
    ident = submit(client, "/api/workflows/submit", **files)["doc_id"]
    assert flush(client) != []
    assert told(receiver) == []
    client.advance(10)
    flush(client)
    assert [(each["content_type"], each["content_id"]) for each in told(receiver)] == [("Workflow", ident)]
    client.advance(10)
    flush(client)
    assert sorted((each["alert_type"], each["content_type"], each["file_name"]) for each in told(receiver)) == [
        ("completion", "Call", "a.mp3"),
        ("completion", "Document", "b.pdf"),
        ("completion", "Workflow", "Run 1"),
        ("low_score", "Call", "a.mp3"),
        ("red_flag", "Call", "a.mp3"),
    ]
    assert {received.headers["content-type"] for received in receiver.received} == {"application/json"}


def test_emberqa_tries_three_times_under_one_id(travel: Travel, receiver: Receiver) -> None:
    client = travel("emberqa", book={"alerts": [{"type": "completion", "url": receiver.url}]})
    receiver.behave = hang_up
    submit(client, "/api/scoring/submitRecording", media_url="https://example.com/a.mp3")
    client.until_idle()
    (shown,) = flush(client)
    assert (shown["state"], shown["attempted"]) == ("given-up", 3)
    assert len({each["webhook_id"] for each in told(receiver)}) == 1
    assert len({received.body for received in receiver.received}) == 1
    receiver.behave = status(200)
    again = client.mock.post(f"/_mock/webhooks/{shown['id']}/redeliver").json()
    assert (again["state"], len(receiver.received)) == ("delivered", 4)


def test_voxjar_posts_the_evaluation_and_what_a_tester_made_of_it(travel: Travel, receiver: Receiver) -> None:
    payload = {
        "call": "{{interaction.sourceIdentifier}}",
        "points": "{{evaluation.points}}",
        "said": "{{transcript.text}}",
    }
    card = {
        "id": "sc_mine",
        "name": "Mine",
        "status": "ACTIVE",
        "passing_percentage": 80,
        "questions": [{"id": "q", "text": "Greeted?", "kind": "slider", "answers": [{"text": "No", "points": 3}]}],
        "actions": [
            {"type": "webhook", "url": f"{receiver.url}/q", "when": {"question": "q", "answer": "No"}},
            {"type": "webhook", "url": f"{receiver.url}/mine", "payload": payload},
            {"type": "webhook", "url": f"{receiver.url}/fail", "when": {"result": "fail"}},
        ],
    }
    client = travel("voxjar", book={"scorecards": [card]})
    body = {**CALL, "downloadUrl": "https://storage.example.com/1.mp4", "evaluation": {"scorecardId": "sc_mine"}}
    headers = {"Authorization": f"Bearer {client.credentials['token']}"}
    uploaded = client.http.post("/api/v1/upload", json=body, headers=headers).json()
    client.advance(10)
    flush(client)
    assert receiver.received == []
    client.advance(5)
    flush(client)
    read = client.http.get(uploaded["statusUrl"], headers=headers).json()
    assert [received.path for received in receiver.received] == ["/mine", "/q"]
    mine, question = told(receiver)
    assert mine == {"call": "call-1", "points": 3, "said": read["transcript"]["text"]}
    assert (question["evaluation"], question["interaction"]["id"]) == (read["evaluation"], uploaded["interactionId"])


def genuine(received: Received, secret: str) -> Any:
    """Return a body as a receiver takes it: verified by the library that its vendor's service recommends."""
    headers = {name.replace("svix-", "webhook-"): value for name, value in received.headers.items()}
    return Webhook(secret).verify(received.body, headers)


@pytest.mark.parametrize("edition", ["siro", "siro@2026-08"])
def test_siro_tells_of_the_link_and_then_of_the_recording(travel: Travel, receiver: Receiver, edition: str) -> None:
    hook = {"url": receiver.url, "events": EVENTS, "secret": SECRET}
    user = {"id": "dana", "email": "dana@example.com"}
    client = Client(travel(edition, book={"webhooks": [hook], "users": [user]}))
    crm = [{"objectType": "Opportunity", "objectId": "opp_demo"}]
    ident = client.upload(integrationConnectionId="conn_demo", crmObjects=crm)
    plain = client.upload()
    client.traveller.until_idle()
    flush(client.traveller)
    bodies = [genuine(received, SECRET) for received in receiver.received]
    flags = [(each["recordingProcessed"], each["recordingLinked"]) for each in bodies if each["recordingId"] == ident]
    assert flags == [(False, True), (True, True)]
    (unlinked,) = [each for each in bodies if each["recordingId"] == plain]
    assert (unlinked["eventType"], unlinked["recordingLinked"], "crm" in unlinked) == (EVENTS[0], False, False)
    client.http.put(f"/v1/core/recordings/{plain}/link", headers=client.own, json=BY_CRM).raise_for_status()
    flush(client.traveller)
    late = genuine(receiver.received[-1], SECRET)
    assert (late["eventType"], late["recordingProcessed"], late["recordingLinked"]) == (EVENTS[1], True, True)
    assert late["crm"]["opportunity"]["externalId"] == "opp_demo"
    assert len({received.headers["svix-id"] for received in receiver.received}) == 4


def test_siro_tells_of_a_link_first_though_it_was_made_later(travel: Travel, receiver: Receiver) -> None:
    hook = {"url": receiver.url, "events": EVENTS, "secret": SECRET}
    client = Client(travel("siro", book={"webhooks": [hook], "users": [{"id": "dana", "email": "dana@example.com"}]}))
    ident = client.upload()
    client.http.put(f"/v1/core/recordings/{ident}/link", headers=client.own, json=BY_CRM).raise_for_status()
    client.traveller.advance(20)
    flush(client.traveller)
    bodies = [genuine(received, SECRET) for received in receiver.received]
    assert [each["eventType"] for each in bodies] == EVENTS[::-1]
    assert [(each["recordingProcessed"], each["recordingLinked"]) for each in bodies] == [(False, True), (True, True)]


def go_wrong(travel: Travel, receiver: Receiver, scenario: str) -> list[Received]:
    """Return what a receiver is sent of one linked upload under a scenario."""
    hook = {"url": receiver.url, "events": EVENTS, "secret": SECRET}
    book = {"webhooks": [hook], "users": [{"id": "dana", "email": "dana@example.com"}]}
    client = Client(travel("siro", book=book, scenario=scenario))
    crm = [{"objectType": "Opportunity", "objectId": "opp_demo"}]
    client.upload(integrationConnectionId="conn_demo", crmObjects=crm)
    client.traveller.until_idle()
    flush(client.traveller)
    return receiver.received


def test_on_request_everything_comes_twice(travel: Travel, receiver: Receiver) -> None:
    received = go_wrong(travel, receiver, "webhook-twice")
    ids = [each.headers["svix-id"] for each in received]
    assert (len(ids), ids[0::2]) == (4, ids[1::2])
    assert [genuine(each, SECRET)["eventType"] for each in received] == [EVENTS[1]] * 2 + [EVENTS[0]] * 2


def test_on_request_the_last_comes_first(travel: Travel, receiver: Receiver) -> None:
    received = go_wrong(travel, receiver, "webhook-out-of-order")
    assert [genuine(each, SECRET)["eventType"] for each in received] == EVENTS


@pytest.mark.parametrize(
    ("scenario", "says"),
    [("webhook-forged", "No matching signature found"), ("webhook-stale", "Message timestamp too old")],
)
def test_on_request_no_receiver_takes_them_for_genuine(
    travel: Travel, receiver: Receiver, scenario: str, says: str
) -> None:
    for received in go_wrong(travel, receiver, scenario):
        with pytest.raises(WebhookVerificationError, match=says):
            genuine(received, SECRET)
    assert len(receiver.received) == 2


def test_siro_goes_on_for_more_than_a_day_with_signatures_that_are_always_fresh(
    travel: Travel, receiver: Receiver
) -> None:
    hook = {"url": receiver.url, "events": ["integrations.recordingProcessed"], "secret": SECRET}
    user = {"id": "dana", "email": "dana@example.com"}
    client = Client(travel("siro", book={"webhooks": [hook], "users": [user]}))
    receiver.behave = status(500)
    client.upload()
    client.traveller.until_idle()
    (shown,) = flush(client.traveller)
    assert (shown["state"], shown["attempted"], len(receiver.received)) == ("given-up", 8, 8)
    assert len({received.headers["svix-id"] for received in receiver.received}) == 1
    assert [genuine(received, SECRET)["recordingProcessed"] for received in receiver.received] == [True] * 8
    assert SECRET not in str(shown)
    assert not any(received.headers["svix-signature"] in str(shown) for received in receiver.received)


def test_a_failed_record_tells_nobody(travel: Travel, receiver: Receiver) -> None:
    client = travel("emberqa", book={"alerts": [{"type": "completion", "url": receiver.url}]})
    client.lay(url="https://example.com/gone.mp3", failure="missing")
    submit(client, "/api/scoring/submitRecording", media_url="https://example.com/gone.mp3")
    client.until_idle()
    assert flush(client) == []
    assert receiver.received == []


def test_a_running_server_sends_by_itself(travel: Travel, receiver: Receiver) -> None:
    client = travel("emberqa", book={"alerts": [{"type": "completion", "url": receiver.url}]})
    submit(client, "/api/scoring/submitRecording", media_url="https://example.com/a.mp3")
    client.advance(20)
    receiver.wait_for(1)
    assert [each["state"] for each in flush(client)] == ["delivered"]
    assert len(receiver.received) == 1
