"""Siro's webhooks: what is told of a recording, when, to whom."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from mockserver.creation import SetupError
from mockserver.fitting import check_book
from mockserver.model import Facts, Message, Moment, Record
from mockserver.vendors.siro import linking, vendor
from mockserver.vendors.siro.links import ident_of
from mockserver.vendors.siro.outcomes import accept_upload
from mockserver.vendors.siro.progress import UPLOADED, USUAL
from tests.facts import ID, NOW, facts
from tests.vendors.test_siro_outcomes import EDITION, sent
from tests.worlds import document

URL, SECRET = "http://127.0.0.1:9000/hook", "whsec_c2VjcmV0"
PROCESSED, LINKED = "integrations.recordingProcessed", "integrations.recordingLinked"
BOTH = {"url": URL, "events": [PROCESSED, LINKED], "secret": SECRET}
OPPORTUNITY = {"integrationConnectionId": "conn_demo", "objectType": "Opportunity", "objectId": "opp_demo"}
CRM = {"integrationConnectionId": "conn_demo", "crmObjects": [{"objectType": "Opportunity", "objectId": "opp_demo"}]}
BY_CRM = {"dataType": "OPPORTUNITY", "externalId": "opp_demo", "integrationConnectionId": "conn_demo"}
OTHER = "22222222-2222-4222-8222-222222222222"


def timeline(fields: Mapping[str, Any], *hooks: Mapping[str, Any], name: str = "siro") -> tuple[Moment, ...]:
    return accept_upload(sent(fields, name, book={"webhooks": list(hooks)})).records[0].timeline


def told(moments: Sequence[Moment]) -> list[tuple[float, str, bool, bool]]:
    """Return of each message when it goes out, its event and both its flags."""
    return [(moment.after, each.event, *flags(each)) for moment in moments for each in moment.send]


def flags(message: Message) -> tuple[bool, bool]:
    payload: Any = message.payload
    assert payload["eventType"] == message.event
    return payload["recordingProcessed"], payload["recordingLinked"]


@pytest.mark.parametrize("name", ["siro", EDITION])
def test_an_unlinked_upload_tells_that_it_is_done(name: str) -> None:
    moments = timeline({}, BOTH, name=name)
    assert told(moments) == [(15, PROCESSED, True, False)]
    assert moments[-1].send[0].payload == {
        "recordingId": ID,
        "recordingProcessed": True,
        "recordingLinked": False,
        "eventType": PROCESSED,
        "siroUserId": "user_demo",
    }


@pytest.mark.parametrize("name", ["siro", EDITION])
def test_a_linked_upload_tells_the_link_first(name: str) -> None:
    moments = timeline(CRM, BOTH, name=name)
    assert told(moments) == [(2, LINKED, False, True), (15, PROCESSED, True, True)]
    crm = {
        "integrationConnectionId": "conn_demo",
        "users": [],
        "contacts": [],
        "opportunity": {"id": ident_of(OPPORTUNITY), "externalId": "opp_demo"},
    }
    payloads: list[Any] = [message.payload for moment in moments for message in moment.send]
    assert [payload["crm"] for payload in payloads] == [crm, crm]


def test_an_endpoint_is_told_of_its_events_alone() -> None:
    only = [{**BOTH, "events": [LINKED], "url": f"{URL}/1"}, {**BOTH, "events": [PROCESSED], "url": f"{URL}/2"}]
    moments = timeline(CRM, *only, {**BOTH, "events": []}, BOTH)
    urls = [message.url.removeprefix(URL) for moment in moments for message in moment.send]
    assert urls == ["/1", "", "/2", ""]
    messages = [message for moment in moments for message in moment.send]
    assert len({message.id for message in messages}) == 4
    assert all(message.id.startswith("msg_") and message.secret == SECRET for message in messages)


def test_without_an_endpoint_nothing_is_told() -> None:
    assert told(timeline(CRM)) == []


def test_a_recording_that_fails_tells_nothing() -> None:
    failing = facts(
        "siro",
        {"downloadUrl": "https://elsewhere.example/a.mp3", "fileType": "mp3", "userId": "user_demo"},
        book={"webhooks": [BOTH]},
    )
    (record,) = accept_upload(failing).records
    assert told(record.timeline) == []
    assert record.timeline[-1].state["processingStatus"] == "error"


def relinked(stage: int, linked: list[Any] | None = None, *, remove: bool = False, call: str = OTHER) -> Record:
    """Return a recording that was linked, or unlinked, when so many of its moments were past."""
    kept = {**UPLOADED, "crmLinks": linked or [], "isMatched": False, "userId": "user_demo"}
    record = Record("siro", "demo", "recording", ID, NOW, ID, kept, USUAL)
    asked: Facts = facts("siro", dict(BY_CRM), params={"id": ID}, known=[record], book={"webhooks": [BOTH]})
    (ref, standing), *_ = asked.known.items()
    asked = replace(asked, call=replace(asked.call, id=call), known={ref: replace(standing, stage=stage)})
    return (linking.remove_link if remove else linking.put_link)(asked).records[0]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (0, [(2, LINKED, False, True), (15, PROCESSED, True, True)]),
        (1, [(2, LINKED, False, True), (15, PROCESSED, True, True)]),
        (3, [(10, LINKED, False, True), (15, PROCESSED, True, True)]),
        (4, [(15, LINKED, True, True)]),
    ],
)
def test_a_later_link_is_told_at_once_and_with_what_is_still_to_come(stage: int, expected: list[Any]) -> None:
    assert told(relinked(stage).timeline) == expected


def test_a_link_that_is_removed_is_not_told_as_there() -> None:
    assert told(relinked(1, [OPPORTUNITY], remove=True).timeline) == [(15, PROCESSED, True, False)]
    assert told(relinked(4, [OPPORTUNITY], remove=True).timeline) == []


def test_what_is_to_come_keeps_its_id_and_each_link_has_its_own() -> None:
    first, second = relinked(1), relinked(1, call="33333333-3333-4333-8333-333333333333")
    assert first.timeline[-1].send[0].id == second.timeline[-1].send[0].id == timeline({}, BOTH)[-1].send[0].id
    assert first.timeline[0].send[0].id != second.timeline[0].send[0].id


def test_it_is_repeated_as_svix_does() -> None:
    assert vendor.retry.timeout == 15
    assert vendor.retry.pauses == (5, 300, 1800, 7200, 18_000, 36_000, 36_000)


def test_a_secret_that_no_receiver_could_read_is_refused() -> None:
    book = {**document_book(), "webhooks": [{**BOTH, "secret": "secret"}]}
    with pytest.raises(SetupError, match=r"book\.webhooks\[0\]\.secret must be whsec_ and a base64 text"):
        check_book(document("siro"), book)


def document_book() -> dict[str, Any]:
    book: dict[str, Any] = facts("siro").account.book
    return book


def test_what_is_signed_is_found_genuine() -> None:
    now, body = datetime.now(UTC), b'{"recordingId":"1"}'
    message = Message("msg_1", URL, PROCESSED, {"recordingId": "1"}, secret=SECRET)
    headers = {name.replace("svix-", "webhook-"): value for name, value in vendor.sign(message, now, body).items()}
    assert Webhook(SECRET).verify(body, headers) == {"recordingId": "1"}
