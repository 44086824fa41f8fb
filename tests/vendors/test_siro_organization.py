from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from mockserver.model import Kind, Record
from mockserver.vendors.siro import directory, organization
from mockserver.vendors.siro.advice import on_names
from mockserver.vendors.siro.operations import on_list, on_organization_list
from tests.facts import ID, NOW, facts

NOTHING: Mapping[str, Any] = {}
USERS = [
    {"id": "first", "email": "first@siro.ai", "disabled": True},
    {"id": "second", "email": None, "externalId": "x", "organizationId": None},
]


def recording(**fields: Any) -> Record:
    least = {
        "userId": "user_demo",
        "organizationId": "org_demo",
        "crmLinks": [],
        "dateCreated": "2023-11-07T05:31:56Z",
        "processingStage": "processing",
    }
    return Record("siro", "demo", "recording", ID, NOW, ID, {**least, **fields})


def shown(record: Record, query: Mapping[str, Any] = NOTHING) -> Any:
    asked = facts("siro", params={"id": ID}, known=[record], query=query, operation="getOrganizationRecording")
    return organization.get_recording(asked).reply.body


# Recordings


def test_a_recording_is_shown_without_any_wrapping() -> None:
    body = shown(recording(title="A", durationInMilliseconds=7))
    told = {"id": ID, "title": "A", "durationInMilliseconds": 7, "createdAt": "2023-11-07T05:31:56Z", "deleted": False}
    assert body.items() >= told.items()
    assert body["links"] == {"web": {"self": f"http://127.0.0.1:4747/siro/v1/core/recordings/{ID}"}}
    assert body["updatedAt"] == "2026-06-23T14:30:00.000Z"


@pytest.mark.parametrize(
    ("result", "told"), [("closed", "WON"), ("not closed", "LOST"), ("in progress", "OPEN"), (None, "OPEN")]
)
def test_results_go_by_other_names_there(result: str | None, told: str) -> None:
    assert shown(recording(**({"result": result} if result else {})))["result"] == told


@pytest.mark.parametrize(("stage", "done"), [("processing", False), ("done", True)])
def test_three_things_are_done_at_once(stage: str, *, done: bool) -> None:
    body = shown(recording(processingStage=stage))
    assert {body[flag] for flag in organization.FLAGS} == {done}


def test_a_deleted_recording_says_when() -> None:
    body = shown(recording(deletedAt="2026-07-01T00:00:00.000Z", updatedAt="2026-07-01T00:00:00.000Z"))
    assert (body["deleted"], body["deletedAt"], body["updatedAt"]) == (True, *("2026-07-01T00:00:00.000Z",) * 2)


def test_blocks_are_there_when_they_are_asked_for() -> None:
    flags = ("showCrmLinks", "showSummary", "showEntityExtractions", "showEvaluationScore", "showFollowups")
    members = {"crm", "summary", "entityExtractions", "evaluationScore", "followups"}
    assert members <= shown(recording(), dict.fromkeys(flags, "true")).keys()
    assert members.isdisjoint(shown(recording()))


def test_summaries_are_a_bare_list() -> None:
    asked = facts("siro", params={"id": ID}, known=[recording(processingStage="done")])
    body: Any = organization.list_summaries(asked).reply.body
    assert [each["name"] for each in body] == ["Overview", "What the customer wanted"]


# Users


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, ["first", "second"]),
        ({"disabled": True}, ["first"]),
        ({"disabled": False}, ["second"]),
        ({"disabled": None, "excludeSiroUsers": None}, ["first", "second"]),
        ({"excludeSiroUsers": True}, ["second"]),
        ({"externalId": "x"}, ["second"]),
    ],
)
def test_users_are_listed_by_what_is_asked(query: dict[str, Any], ids: list[str]) -> None:
    body: Any = directory.list_users(facts("siro", query=query, book={"users": USERS})).reply.body
    assert ([each["id"] for each in body["data"]], body["cursor"]) == (ids, None)


def test_users_come_25_at_a_time() -> None:
    book = {"users": [{"id": str(number)} for number in range(26)]}
    first: Any = directory.list_users(facts("siro", book=book)).reply.body
    assert (len(first["data"]), first["cursor"]) == (25, "24")
    rest: Any = directory.list_users(facts("siro", book=book, query={"cursor": "24"})).reply.body
    assert ([each["id"] for each in rest["data"]], rest["cursor"]) == (["25"], None)


def test_a_user_belongs_to_the_organization_where_nothing_else_is_said() -> None:
    body: Any = directory.get_user(facts("siro", params={"id": "second"}, book={"users": USERS})).reply.body
    assert (body["organizationId"], body["billable"], body["coachTeamIds"]) == ("org_demo", True, [])


# What is there


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        (directory.user_is_there, "user_demo"),
        (directory.organization_is_there, "org_demo"),
        (directory.connection_is_there, "conn_demo"),
    ],
    ids=["user", "organization", "connection"],
)
def test_what_is_not_there_is_not_found(rule: Any, known: str) -> None:
    assert rule.check(facts("siro", params={"id": known})) is None
    problem = rule.check(facts("siro", params={"id": "other"}))
    assert problem.kind is Kind.NOT_FOUND


@pytest.mark.parametrize("rule", [directory.user_cursor_is_known, directory.connection_cursor_is_known])
def test_a_cursor_of_a_list_is_one_of_its_ids(rule: Any) -> None:
    known = "user_demo" if rule is directory.user_cursor_is_known else "conn_demo"
    assert rule.check(facts("siro", query={"cursor": known})) is None
    assert rule.check(facts("siro", query={"cursor": "nowhere"}))


@pytest.mark.parametrize(
    ("query", "is_own"), [({}, True), ({"organizationId": "org_demo"}, True), ({"organizationId": "x"}, False)]
)
def test_a_list_is_of_the_tokens_organization(query: dict[str, str], *, is_own: bool) -> None:
    assert (directory.organization_asked_for_is_own.check(facts("siro", query=query)) is None) is is_own


def test_an_organization_of_an_id_alone_is_shown_whole() -> None:
    asked = facts("siro", params={"id": "o"}, book={"organization": {"id": "o"}, "users": []})
    whole: dict[str, Any] = {"id": "o", "name": None, "industries": [], "integrations": [], "teams": []}
    assert directory.get_organization(asked).reply.body == whole
    assert directory.list_organizations(asked).reply.body == {"data": [whole], "cursor": None}
    identity: Any = directory.get_caller_identity(asked).reply.body
    assert (identity["tokenName"], identity["createdBy"]) == ("o", None)


@pytest.mark.parametrize(("query", "count"), [({}, 2), ({"integrationPlatform": "SALESFORCE"}, 1)])
def test_connections_are_listed_by_platform(query: dict[str, str], count: int) -> None:
    book = {"connections": [{"id": "a"}, {"id": "b", "integrationPlatform": "SALESFORCE", "organizationId": "o"}]}
    body: Any = directory.list_connections(facts("siro", query=query, book=book)).reply.body
    assert len(body["data"]) == count
    one: Any = directory.get_connection(facts("siro", params={"id": "a"}, book=book)).reply.body
    assert (one["integrationPlatform"], one["organizationId"]) == ("SIRO_CUSTOM_INPUT", "org_demo")


def test_configurations_of_a_type_alone_are_shown_whole() -> None:
    book = {"conversation_types": [{"conversationType": "t"}]}
    body: Any = directory.list_configurations(facts("siro", book=book)).reply.body
    (found,) = body["data"]
    assert (found["conversationType"], found["displayName"], found["orgId"]) == ("t", None, "org_demo")


# Names that nobody asked for


@pytest.mark.parametrize(
    ("operation", "query", "body", "told"),
    [
        ("getUser", {"id": "x"}, None, ["id is no parameter of this and is ignored"]),
        (
            "getRecording",
            {"showsummary": "true", "showSummary": "true"},
            None,
            ["showsummary is no parameter of this and is ignored: did you mean showSummary?"],
        ),
        (
            "createOAuthApp",
            {},
            {"appName": "A", "Owner": "x"},
            ["Owner is no field of this and is ignored: did you mean owner?"],
        ),
        (
            "createSignedUrl",
            {},
            {"fileSizeInBytes": 1},
            ["fileSizeInBytes is no field of this, which has fileType and fileSize"],
        ),
        ("createSignedUrl", {}, [], []),
    ],
)
def test_names_that_an_operation_does_not_know_are_told(
    operation: str, query: dict[str, str], body: Any, told: list[str]
) -> None:
    assert [each.says for each in on_names(facts("siro", body, operation=operation, query=query))] == told


def test_names_that_are_told_end_somewhere() -> None:
    many = {f"field{number}": "" for number in range(100)}
    assert len(list(on_names(facts("siro", many, operation="createOAuthApp", query=many)))) == 40


@pytest.mark.parametrize(("fits", "size", "count"), [(True, 101, 1), (True, 100, 0), (False, "all", 0)])
def test_a_page_that_is_too_large_is_told(size: Any, count: int, *, fits: bool) -> None:
    asked = facts("siro", operation="listOrganizationRecordings", query={"pageSize": size})
    assert len(list(on_organization_list(msgspec.structs.replace(asked, fits=fits)))) == count


def test_a_list_tells_both_kinds_of_slip() -> None:
    asked = facts("siro", operation="listRecordings", query={"order": "title", "orderBy": "x"})
    assert [each.at for each in on_list(asked)] == ["$.order", "$.orderBy"]
