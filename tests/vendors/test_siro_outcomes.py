from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.model import Facts, Outcome, Record
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.advice import on_properties
from mockserver.vendors.siro.outcomes import accept_upload
from tests.facts import ID, NOW, facts

NOTHING: Mapping[str, Any] = {}
EDITION = "siro@2026-08"
ISSUED = "5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10"
SIGNED = f"https://storage.example.com/uploads/{ISSUED}"
STORED = {"size": 20_000, "sha256": "0" * 64, "format": "mp3", "seconds": 3.0}
SIGNED_URL = Record("siro", "demo", "signed-url", ISSUED, NOW, str(ID), {"downloadUrl": SIGNED, "stored": STORED})
DEFAULT, IN_HOME = "00000000-0000-4000-8000-00000000c001", "00000000-0000-4000-8000-00000000c002"
TWO_USERS = [
    {"id": "first", "email": "first@example.com", "phoneNumber": "+15550101"},
    {"id": "second", "email": "second@example.com", "phoneNumber": "+15550102"},
]


def sent(fields: Mapping[str, Any] = NOTHING, name: str = "siro", **rest: Any) -> Facts:
    media = "fileUrl" if name == EDITION else "downloadUrl"
    least = {media: SIGNED, "fileType": "mp3", "userId": "user_demo"}
    return facts(name, {**least, **fields}, known=[SIGNED_URL], **rest)


def body_of(outcome: Outcome) -> dict[str, Any]:
    (record,) = outcome.records
    return record.body


def advice_of(found: Facts) -> list[tuple[str | None, str]]:
    return [(advice.claim, advice.at) for advice in accept_upload(found).advice]


# What an upload leaves behind


@pytest.mark.parametrize(("name", "key"), [("siro", "id"), (EDITION, "recordingId")])
def test_the_answer_tells_the_id_under_which_the_recording_is_kept(name: str, key: str) -> None:
    outcome = accept_upload(sent(name=name))
    assert (outcome.reply.status, outcome.reply.body) == (201, {"data": {key: str(ID)}})
    assert [(record.kind, record.id, record.vendor) for record in outcome.records] == [("recording", str(ID), name)]


def test_nothing_is_advised_where_all_is_well() -> None:
    assert advice_of(sent()) == []


def test_documented_fields_are_kept_as_sent_and_others_are_not() -> None:
    body = body_of(accept_upload(sent({"title": "", "customerName": "Pat", "language": "en"})))
    assert (body["title"], body["customerName"], "language" in body) == ("", "Pat", False)


@pytest.mark.parametrize(
    ("fields", "date"),
    [({}, "2026-06-23T14:30:00.000Z"), ({"dateCreated": "2023-11-07T00:31:56-05:00"}, "2023-11-07T00:31:56-05:00")],
    ids=["now", "as-sent"],
)
def test_a_recording_has_a_date(fields: dict[str, str], date: str) -> None:
    assert body_of(accept_upload(sent(fields)))["dateCreated"] == date


@pytest.mark.parametrize(
    ("fields", "kind", "claims"),
    [
        ({}, DEFAULT, []),
        ({"conversationType": IN_HOME}, IN_HOME, []),
        ({"conversationType": "In-home visit"}, DEFAULT, ["conversation-type-falls-back"]),
    ],
    ids=["none", "known", "unknown"],
)
def test_an_unknown_conversation_type_falls_back(fields: dict[str, str], kind: str, claims: list[str]) -> None:
    found = sent(fields)
    assert body_of(accept_upload(found))["conversationType"] == kind
    assert [claim for claim, _ in advice_of(found)] == claims


def test_an_organization_without_conversation_types_has_no_default() -> None:
    assert reading.conversation_type(sent(book={"conversation_types": []})) is None


def test_identifiers_that_lead_elsewhere_are_told() -> None:
    fields = {"userId": "nobody", "userEmail": "first@example.com", "userPhone": "+15550102"}
    advice = accept_upload(sent(fields, book={"users": TWO_USERS})).advice
    assert [each.says for each in advice] == [
        "userId leads to nobody and is left aside",
        "userPhone leads to another user and is left aside",
    ]


def test_a_media_url_that_was_not_issued_is_told() -> None:
    assert advice_of(sent({"downloadUrl": "call.mp3"})) == [("unissued-media-url-is-taken", "$.downloadUrl")]


UNISSUED, END = "unissued-media-url-is-taken", "and processing will end in an error"


def as_stored(stored: Any, **fields: Any) -> list[tuple[str | None, str]]:
    """Return claims and sentences of an upload behind whose media URL lies this."""
    record = Record("siro", "demo", "signed-url", ISSUED, NOW, str(ID), {"downloadUrl": SIGNED, "stored": stored})
    least = {"downloadUrl": SIGNED, "fileType": "mp3", "userId": "user_demo"}
    advice = accept_upload(facts("siro", {**least, **fields}, known=[record])).advice
    return [(each.claim, each.says) for each in advice]


def test_nothing_stored_is_told() -> None:
    says = f"signed-urls has issued downloadUrl: nothing was PUT to its uploadUrl, {END}"
    assert as_stored(None) == [(UNISSUED, says)]


@pytest.mark.parametrize(
    ("stored", "kind", "looks"),
    [(STORED, "wav", "mp3"), ({"size": 9, "format": None, "seconds": None}, "mp3", "no audio")],
)
def test_bytes_of_another_format_are_told(stored: Any, kind: str, looks: str) -> None:
    says = f"fileType is {kind}, and what was PUT looks like {looks}"
    assert as_stored(stored, fileType=kind) == [("stored-audio-is-told", says)]


def test_an_upload_url_in_the_place_of_a_download_url_is_told() -> None:
    meant = "downloadUrl was not issued by signed-urls as it is: the recording is created with the downloadUrl"
    says = f"{meant}: there is no audio behind it that Siro could fetch, {END}"
    assert as_stored(STORED, downloadUrl=f"{SIGNED}?X-Goog-Signature=1") == [(UNISSUED, says)]


def test_a_recording_is_as_long_as_what_was_stored_and_begins_as_uploaded() -> None:
    (record,) = accept_upload(sent()).records
    told = {"durationInMilliseconds": 3000, "transcriptionStatus": "UPLOADED", "processingStage": "processing"}
    assert record.body.items() >= told.items()
    assert [moment.after for moment in record.timeline] == [2, 8, 10, 15]
    assert record.failure == {"transcriptionStatus": "ERROR", "processingStatus": "error"}


def test_a_recording_without_audio_fails_soon() -> None:
    (record,) = accept_upload(sent({"downloadUrl": "call.mp3"})).records
    assert [(moment.after, moment.state["processingStatus"]) for moment in record.timeline] == [(2, "error")]


# Objects of the CRM


def linked(*objects: dict[str, str], **rest: Any) -> Facts:
    return sent({"integrationConnectionId": "conn_demo", "crmObjects": list(objects)}, **rest)


def test_a_recording_is_linked_to_what_the_connection_holds() -> None:
    found = linked({"objectType": "Account", "objectId": "acc_demo"}, {"objectType": "Lead", "objectId": "acc_demo"})
    assert [each["name"] for each in body_of(accept_upload(found))["crmLinks"]] == ["Example Ltd"]
    assert advice_of(found) == [("unknown-crm-objects-stay-unlinked", "$.crmObjects[1]")]


@pytest.mark.parametrize(("connection", "links"), [("conn_demo", 1), ("conn_other", 0), (None, 1)])
def test_an_object_belongs_to_its_connection_or_to_all(connection: str | None, links: int) -> None:
    known = {"objectType": "Event", "objectId": "e1"} | ({"integrationConnectionId": connection} if connection else {})
    found = linked({"objectType": "Event", "objectId": "e1"}, book={"crm_objects": [known]})
    assert len([link for link in reading.resolve(found).links if link]) == links


@pytest.mark.parametrize(
    ("name", "phone", "contact"), [("siro", "customerPhone", "customerName"), (EDITION, "contactPhone", "contactName")]
)
def test_who_was_spoken_to_is_ignored_beside_crm_objects_even_beside_none(name: str, phone: str, contact: str) -> None:
    people: dict[str, Any] = {phone: "+15550199", contact: "Pat"}
    assert advice_of(sent(people, name)) == []
    assert advice_of(sent(people | {"integrationConnectionId": "conn_demo", "crmObjects": []}, name)) == [
        ("phone-ignored-beside-crm-objects", f"$.{phone}"),
        ("name-ignored-beside-crm-objects", f"$.{contact}"),
    ]


def test_more_than_type_and_id_is_told() -> None:
    found = linked({"objectType": "Opportunity", "objectId": "opp_demo", "name": "Kitchen"})
    assert advice_of(found) == [("crm-object-extras-ignored", "$.crmObjects[0]")]


# Properties that nobody asked for


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("siro", {"language": "en"}, ["language is no property of an upload and is ignored"]),
        ("siro", {"Title": "A"}, ["Title is no property of an upload and is ignored: did you mean title?"]),
        ("siro", {"fileUrl": 5}, ["fileUrl belongs to the contract siro@2026-08: here it is downloadUrl"]),
        (EDITION, {"downloadUrl": 5}, ["downloadUrl belongs to the contract siro: here it is fileUrl"]),
        (EDITION, {"language": "en"}, []),
        ("siro", {"downloadUrl": 5, "crmObjects": 5}, []),
    ],
)
def test_unknown_properties_and_those_of_the_other_contract_are_told(
    name: str, fields: dict[str, Any], told: list[str]
) -> None:
    assert [advice.says for advice in on_properties(facts(name, fields))] == told


@pytest.mark.parametrize("body", [None, 5, "text", [1], [{"fileUrl": 1}], {}])
def test_a_body_of_any_shape_is_borne(body: Any) -> None:
    assert list(on_properties(facts("siro", body))) == []


def test_advice_of_one_kind_ends_somewhere() -> None:
    many = {f"field{number}": number for number in range(100)}
    assert len(list(on_properties(sent(many)))) == 20
