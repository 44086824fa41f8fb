"""Voxjar as a client meets it: upload, poll the statusUrl until nothing is being processed, read the results."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from tests.cases import MEDIA
from tests.journeys.conftest import Travel, Traveller

CALL = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}
SCORECARD = {
    "id": "sc_mine",
    "name": "Mine",
    "status": "ACTIVE",
    "passing_percentage": 80,
    "questions": [
        {"id": "greeting", "text": "Greeted?", "kind": "single selection", "answers": [{"text": "Yes", "points": 10}]},
        {"id": "solved", "text": "Solved?", "kind": "single selection", "answers": [{"text": "No", "points": 0}]},
    ],
}


def bearer(client: Traveller) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.credentials['token']}"}


def send(client: Traveller, **fields: Any) -> httpx.Response:
    return client.http.post("/api/v1/upload", headers=bearer(client), json=CALL | fields)


def send_file(client: Traveller, content: bytes, name: str, **fields: Any) -> httpx.Response:
    parts: Mapping[str, Any] = {"file": (name, content), "payload": (None, json.dumps(CALL | fields))}
    return client.http.post("/api/v1/upload", headers=bearer(client), files=parts)


def poll(client: Traveller, uploaded: httpx.Response) -> dict[str, Any]:
    assert uploaded.status_code == 200, uploaded.text
    answer = client.http.get(uploaded.json()["statusUrl"], headers=bearer(client))
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-mock-basis"] == "assumed"
    found: dict[str, Any] = answer.json()
    return found


def work_of(found: dict[str, Any]) -> tuple[str, str | None, bool]:
    """Return the status of the transcript, of the evaluation, and whether there is more to poll for."""
    evaluation = found["evaluation"]
    return found["transcript"]["status"], evaluation and evaluation["status"], any(found["processing"].values())


def test_a_call_from_its_upload_to_its_score(travel: Travel) -> None:
    client = travel("voxjar", credits=10, book={"scorecards": [SCORECARD]})
    client.mock.put("/_mock/clock", json={"frozen": True}).raise_for_status()
    try:
        recording = MEDIA.joinpath("call.mp3").read_bytes()
        uploaded = send_file(
            client,
            recording,
            "call.mp3",
            agent={"name": "Jane", "email": "jane@example.com", "sourceIdentifier": "agent-7"},
            customer={"name": "Bob", "email": "Jane@example.com", "phone": "+15551234"},
            tags=["VIP", "nobody"],
            customMetadata={"disposition": "sale", "dealValue": 50000, "note": None},
            evaluation={"scorecardId": "sc_mine"},
        )
        assert client.advice(uploaded) == [
            "tags-must-exist",
            "metadata-of-no-kind-dropped",
            "participant-email-dropped",
        ]
        statuses = [work_of(poll(client, uploaded))]
        for seconds in (2, 8, 5):
            client.advance(seconds)
            statuses.append(work_of(poll(client, uploaded)))
        assert statuses == [
            ("PENDING", "PENDING", True),
            ("PROCESSING", "PENDING", True),
            ("COMPLETED", "PENDING", True),
            ("COMPLETED", "COMPLETED", False),
        ]
    finally:
        client.mock.put("/_mock/clock", json={"frozen": False}).raise_for_status()
    found = poll(client, uploaded)
    assert found["id"] == uploaded.json()["interactionId"]
    assert {name: found[name] for name in CALL} == CALL
    assert found["agent"] == {"name": "Jane", "email": "jane@example.com", "sourceIdentifier": "agent-7"}
    assert found["customer"] == {"name": "Bob", "phone": "+15551234"}
    assert found["tags"] == [{"id": "tag_vip", "name": "VIP"}]
    assert found["customMetadata"].keys() == {"disposition", "dealValue"}
    assert found["file"]["size"] == len(recording)
    assert found["transcript"]["text"].startswith("Agent: ")
    evaluation = found["evaluation"]
    assert evaluation["scoreSubmissionId"] == uploaded.json()["scoreSubmissionId"]
    assert (evaluation["points"], evaluation["percentage"], evaluation["result"]) == (10, 100.0, "pass")
    answers = {answer["questionId"]: answer["answer"] for answer in evaluation["answers"]}
    assert answers == {"greeting": "Yes", "solved": "No"}
    assert client.mock.get(f"/_mock/accounts/{client.name}").json()["credits"] == 8


def test_the_same_call_tells_the_same_again(travel: Travel) -> None:
    client = travel("voxjar")
    uploaded = send(client, downloadUrl="https://media.example/recording", evaluation={"scorecardId": "sc_abc123"})
    client.until_idle()
    first, second = poll(client, uploaded), poll(client, uploaded)
    assert first == second
    assert work_of(first) == ("COMPLETED", "COMPLETED", False)
    assert first["duration"] == 60000
    assert first["transcript"]["segments"][-1]["end"] <= 60


def test_five_types_of_interaction_are_read_back(travel: Travel) -> None:
    client = travel("voxjar", credits=1)
    said = {"segments": [{"start": 0.0, "end": 1.5, "speaker": "agent", "text": "Hello"}], "language": "en"}
    mail = {"from": "bob@example.com", "to": ["us@example.com"], "subject": "Order", "body": "Where?", "isReply": False}
    sent: dict[str, dict[str, Any]] = {
        "VIDEO": {"downloadUrl": "https://media.example/video.mp4", "duration": 61000},
        "AUDIO": {"transcript": said},
        "CHAT": {"transcript": {"text": "Hi\nHello"}},
        "SMS": {"transcript": {"text": "On my way"}},
        "EMAIL": {"email": mail},
    }
    found = {kind: poll(client, send(client, **fields)) for kind, fields in sent.items()}
    assert {kind: each["interactionType"] for kind, each in found.items()} == {kind: kind for kind in sent}
    assert found["VIDEO"]["duration"] == 61000
    assert work_of(found["VIDEO"]) == ("PENDING", None, True)
    assert {work_of(found[kind]) for kind in ("AUDIO", "CHAT", "SMS", "EMAIL")} == {("COMPLETED", None, False)}
    assert found["AUDIO"]["transcript"] | said == found["AUDIO"]["transcript"]
    assert found["AUDIO"]["transcript"]["text"] == "Hello"
    assert found["CHAT"]["transcript"]["text"] == "Hi\nHello"
    assert found["EMAIL"]["email"] == mail


def test_what_cannot_be_heard_fails_and_takes_its_evaluation_along(travel: Travel) -> None:
    client = travel("voxjar")
    uploaded = send_file(client, b"la la", "call.mp3", interactionType="AUDIO", evaluation={"scorecardId": "sc_abc123"})
    assert client.advice(uploaded) == ["explicit-type-wins"]
    client.until_idle()
    found = poll(client, uploaded)
    assert work_of(found) == ("FAILED", "FAILED", False)
    assert (found["transcript"]["text"], found["evaluation"]["result"]) == (None, None)


def test_media_behind_an_address_is_what_the_table_says(travel: Travel) -> None:
    client = travel("voxjar", credits=3)
    base = "https://calls.example.com/"
    client.lay(url=f"{base}1", type="video/mp4", size=524_288_000, duration=120)
    client.lay(url=f"{base}2", type="video/mp4", size=524_288_001)
    client.lay(prefix=f"{base}gone/", failure="missing")
    client.lay(url=f"{base}3.mp3", type="text/html")
    taken = send(client, downloadUrl=f"{base}1?signature=0f")
    assert (taken.status_code, taken.json()["interactionType"]) == (200, "VIDEO")
    refused = {name: send(client, downloadUrl=f"{base}{name}") for name in ("2", "gone/1.mp3", "3.mp3", "1")}
    assert {name: (each.status_code, each.headers["x-mock-refused-by"]) for name, each in refused.items()} == {
        "2": (400, "rules/media-limit-by-url"),
        "gone/1.mp3": (400, "rules/download-url-must-be-reachable"),
        "3.mp3": (400, "rules/download-url-leads-to-media"),
        "1": (402, "rules/credits-must-suffice"),
    }
    kept = client.mock.get("/_mock/records", params={"vendor": "voxjar", "account": client.account["name"]}).json()
    assert [record["body"]["price"] for record in kept["items"] if record["kind"] == "interaction"] == [2]


def test_nobody_else_reads_an_interaction(travel: Travel) -> None:
    owner, other = travel("voxjar"), travel("voxjar")
    url = send(owner, transcript={"text": "Hello"}).json()["statusUrl"]
    unknown = other.http.get("/api/v1/interactions/5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10", headers=bearer(other))
    foreign = other.http.get(url, headers=bearer(other))
    assert unknown.status_code == foreign.status_code == 404
    assert foreign.json() == {"success": False, "error": f"there is no interaction {url.rpartition('/')[2]}"}
    assert foreign.headers["x-mock-refused-by"] == "rules/unknown-interaction-is-404"
    for headers in ({}, {"Authorization": "Bearer nobody"}):
        answer = owner.http.get(url, headers=headers)
        assert (answer.status_code, answer.headers["x-mock-refused-by"]) == (401, "auth/bearer-token")
    wrong = owner.http.post(url, headers=bearer(owner), json={})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
