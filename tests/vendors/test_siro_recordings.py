from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from mockserver.engine.timeline import standing
from mockserver.model import Facts, Found, Instant, Kind, Problem, Record, Ref, Standing, parse_pace
from mockserver.vendors.siro import listing, organization, presence, recordings, speech
from mockserver.vendors.siro.audio import Audio
from mockserver.vendors.siro.progress import FAILED, UPLOADED, course_of
from tests.facts import ID, NOW, as_kept, facts

NOTHING: Mapping[str, Any] = {}
OTHER = "22222222-2222-4222-8222-222222222222"
DONE: dict[str, Any] = {"transcriptionStatus": "COMPLETE", "processingStatus": "complete", "processingStage": "done"}
LINK = {"integrationConnectionId": "conn_demo", "objectType": "Opportunity", "objectId": "opp_demo", "name": "Kitchen"}
CONTACT = {"integrationConnectionId": "conn_demo", "objectType": "Contact", "objectId": "pat"}
TYPE = "00000000-0000-4000-8000-00000000c001"


def recording(ident: str = ID, audio: Audio = Audio(), **fields: Any) -> Record:  # noqa: B008  # frozen
    least = {
        "userId": "user_demo",
        "organizationId": "org_demo",
        "conversationType": TYPE,
        "crmLinks": [],
        "dateCreated": "2026-06-23T14:30:00Z",
        "durationInMilliseconds": 60_000,
        **UPLOADED,
    }
    return Record("siro", "demo", "recording", ident, NOW, ident, {**least, **fields}, course_of(audio), dict(FAILED))


def about(record: Record, query: Mapping[str, Any] = NOTHING, **rest: Any) -> Facts:
    return facts("siro", params={"id": record.id}, known=[record], query=query, **rest)


def after(record: Record, seconds: float) -> Standing:
    pace = parse_pace("1")
    assert pace
    return standing(msgspec.structs.replace(record, began=0.0), Instant(NOW, seconds, pace))


# What becomes of it


@pytest.mark.parametrize(
    ("seconds", "states"),
    [
        (0, ("UPLOADED", "in-progress", "processing")),
        (2, ("TRANSCRIBING", "in-progress", "processing")),
        (8, ("REDACTING", "in-progress", "processing")),
        (10, ("COMPLETE", "in-progress", "processing")),
        (15, ("COMPLETE", "complete", "done")),
    ],
)
def test_a_recording_goes_through_its_states(seconds: float, states: tuple[str, str, str]) -> None:
    body = after(recording(), seconds).body
    assert (body["transcriptionStatus"], body["processingStatus"], body["processingStage"]) == states


def test_a_recording_without_audio_ends_in_an_error() -> None:
    failing = recording(audio=Audio("there is nothing behind it"))
    assert after(failing, 1).body["transcriptionStatus"] == "UPLOADED"
    assert after(failing, 2).body.items() >= {("transcriptionStatus", "ERROR"), ("processingStatus", "error")}


def test_a_slow_source_takes_a_minute_more() -> None:
    slow = recording(audio=Audio(is_slow=True))
    assert after(slow, 61).body["transcriptionStatus"] == "UPLOADED"
    assert after(slow, 75).body["processingStage"] == "done"


# As the gateway shows it


def shown(record: Record, query: Mapping[str, Any] = NOTHING, **rest: Any) -> Any:
    body = recordings.get_recording(about(record, query, operation="getRecording", **rest)).reply.body
    assert isinstance(body, dict)
    return body["data"]


def test_what_was_uploaded_is_read_back() -> None:
    body = shown(recording(title="A"), book={"users": [{"id": "user_demo", "memberTeamId": "team"}]})
    told = {"title": "A", "userId": "user_demo", "teamId": "team", "conversationType": TYPE, "deleted": False}
    assert body.items() >= told.items()


def test_who_made_it_may_be_gone() -> None:
    assert shown(recording(), book={"users": []})["teamId"] is None


@pytest.mark.parametrize(
    ("flag", "member"),
    [
        ("showCrmOpportunities", "crmOpportunities"),
        ("showCrmCustomers", "crmCustomer"),
        ("showSummary", "summary"),
        ("showEntityExtractions", "entityExtractions"),
        ("showEvaluationScore", "evaluationScore"),
        ("showFollowups", "followups"),
    ],
)
def test_blocks_are_there_when_they_are_asked_for(flag: str, member: str) -> None:
    assert member in shown(recording(), {flag: "true"})
    assert member not in shown(recording(), {flag: "false"})


def test_results_are_there_when_processing_is_done() -> None:
    asked = {"showSummary": "true", "showEvaluationScore": "true"}
    early, late = shown(recording(), asked), shown(recording(**DONE), asked)
    assert (early["summary"], early["evaluationScore"]) == (None, None)
    assert "\n\n" in late["summary"]
    assert 60 <= late["evaluationScore"] < 100


def test_an_opportunity_is_told_with_its_connection() -> None:
    known = shown(recording(crmLinks=[LINK, CONTACT]), {"showCrmOpportunities": "true"})["crmOpportunities"]
    assert known == [
        {
            "opportunityExternalId": "opp_demo",
            "name": "Kitchen",
            "integrationName": "Salesforce",
            "integrationPlatform": "SALESFORCE",
        }
    ]
    gone = shown(recording(crmLinks=[LINK]), {"showCrmOpportunities": "true"}, book={"connections": []})
    assert gone["crmOpportunities"][0]["integrationName"] is None


@pytest.mark.parametrize(
    ("fields", "customer"),
    [
        ({}, None),
        ({"crmLinks": [LINK]}, ("opp_demo", "OPPORTUNITY", "DIRECT")),
        ({"crmLinks": [LINK, CONTACT]}, ("pat", "CONTACT", "DIRECT")),
        ({"crmLinks": [CONTACT], "isMatched": True}, ("pat", "CONTACT", "FUZZY")),
    ],
    ids=["none", "deal", "person-first", "matched"],
)
def test_the_customer_is_a_person_or_company_first(fields: dict[str, Any], customer: tuple[str, ...] | None) -> None:
    found = shown(recording(**fields), {"showCrmCustomers": "true"})["crmCustomer"]
    told = found and (found["externalId"], found["customerType"], found["matchingSource"])
    assert told == customer


# What is said


def test_nothing_is_said_before_it_is_transcribed() -> None:
    assert speech.said(as_kept(recording())) == ()


def test_no_more_is_said_than_fits() -> None:
    def turns(milliseconds: int | None) -> int:
        return len(speech.said(as_kept(recording(**DONE, durationInMilliseconds=milliseconds))))

    assert turns(1_000) == 1
    assert 1 < turns(12_000) < turns(None)


def test_utterances_come_in_pages() -> None:
    def page(query: Mapping[str, Any]) -> Any:
        return speech.list_utterances(about(recording(**DONE), query)).reply.body

    whole = page({})
    first, last = page({"pageSize": 4}), page({"pageSize": 4, "cursor": 2})
    assert (first["cursor"], last["cursor"], whole["cursor"], whole["pageSize"]) == (2, None, None, 100_000)
    assert first["data"]["utterances"] + last["data"]["utterances"] == whole["data"]["utterances"]
    assert {each["speakerTag"] for each in whole["data"]["utterances"]} == {1, 2}


@pytest.mark.parametrize(
    ("fields", "users", "names"),
    [
        ({}, [{"id": "user_demo", "firstName": "Dana"}], {"1": "Dana", "2": "Customer"}),
        ({"customerName": "Pat"}, [], {"1": "Rep", "2": "Pat"}),
        ({"contactName": "Kim"}, [], {"1": "Rep", "2": "Kim"}),
    ],
)
def test_speakers_have_the_names_that_are_known(fields: dict[str, Any], users: list[Any], names: Any) -> None:
    record = recording(**fields)
    assert speech.speakers(about(record, book={"users": users}), as_kept(record)) == names


def test_a_summary_has_its_sections_in_order() -> None:
    assert speech.get_summary(about(recording())).reply.body == {"data": []}
    body: Any = speech.get_summary(about(recording(**DONE))).reply.body
    assert [each["summaryResultIndex"] for each in body["data"]] == [0, 1]


# Is it there, and whose is it


def test_an_unknown_recording_is_not_found() -> None:
    assert presence.recording_exists.check(about(recording())) is None
    problem = presence.recording_exists.check(facts("siro", params={"id": "nobody"}))
    assert problem == Problem(Kind.NOT_FOUND, "there is no such recording")


def test_a_deleted_recording_is_no_longer_acted_on() -> None:
    assert presence.recording_is_kept.check(about(recording())) is None
    (record,) = presence.delete_recording(about(recording())).records
    assert presence.recording_is_kept.check(about(record))
    assert shown(record)["deleted"] is True


@pytest.mark.parametrize(("subject", "may"), [(None, True), ("user_demo", True), ("second", False)])
def test_only_its_user_deletes_a_recording_or_an_admin(subject: str | None, *, may: bool) -> None:
    assert (presence.caller_may_delete.check(about(recording(), subject=subject)) is None) is may


def test_deleting_leaves_the_timeline_to_itself() -> None:
    (record,) = presence.delete_recording(about(recording())).records
    assert record.timeline == recording().timeline
    assert record.body["transcriptionStatus"] == "UPLOADED"


def test_a_path_names_its_recording() -> None:
    assert presence.of_path(about(recording()).call) == [Ref("recording", ID)]


@pytest.mark.parametrize(
    ("query", "is_known"), [({}, True), ({"cursor": ""}, True), ({"cursor": ID}, True), ({"cursor": OTHER}, False)]
)
def test_a_cursor_is_one_that_was_given_out(query: dict[str, str], *, is_known: bool) -> None:
    assert (presence.cursor_is_known.check(about(recording(), query)) is None) is is_known


# Both lists


def test_a_list_tells_the_rep_and_the_result() -> None:
    found = Found([as_kept(recording(result="closed", discoverable=True))])
    body: Any = listing.list_recordings(facts("siro", found=found, operation="listRecordings")).reply.body
    told = {"repFirstName": "Dana", "repLastName": "Reyes", "result": "closed", "discoverable": True}
    assert body["data"][0].items() >= told.items()


@pytest.mark.parametrize(("more", "cursor"), [(True, ID), (False, None)])
@pytest.mark.parametrize(
    ("module", "operation"), [(listing, "listRecordings"), (organization, "listOrganizationRecordings")]
)
def test_a_page_names_where_the_next_begins(module: Any, operation: str, *, more: bool, cursor: str | None) -> None:
    asked = facts("siro", found=Found([as_kept(recording())], more), operation=operation)
    assert module.list_recordings(asked).reply.body["cursor"] == cursor


def test_a_list_has_the_blocks_of_its_own_flags_alone() -> None:
    flags = ("showCrmOpportunities", "showCrmCustomers", "showSummary", "showEntityExtractions")
    query = dict.fromkeys((*flags, "showCrmCustomer", "showEvaluationScore", "showFollowups"), "true")
    plain, whole = (
        listing.list_recordings(
            facts("siro", found=Found([as_kept(recording())]), operation="listRecordings", query=each)
        ).reply.body
        for each in ({}, query)
    )
    assert isinstance(plain, dict)
    assert isinstance(whole, dict)
    assert whole["data"][0].keys() - plain["data"][0] == {"crmCustomer", "evaluationScore", "followups"}


def test_a_recording_has_no_block_of_a_flag_of_the_list() -> None:
    assert "crmCustomer" not in shown(recording(), {"showCrmCustomer": "true"})
