from typing import Any

import pytest

from mockserver.model import Facts, Standing
from mockserver.vendors.authenticx import metadata
from tests.authenticx import (
    ACCOUNTING,
    IDENT,
    JAMES,
    NOBODY,
    asking,
    at_path,
    body_of,
    failed,
    fresh,
    media,
    posting,
    processed,
    texts,
)
from tests.facts import as_kept, upload

FULL = media(
    AgentCode="007",
    HierarchyCode="Accounting",
    Phone="1",
    CallDirection="Outbound",
    ClientCallId="5CD1S",
    InteractionDate="2022-03-19",
)


def shown(conversation: Standing) -> dict[str, Any]:
    return metadata.show(conversation, FULL.account)


def ids(asked: Facts, *conversations: Standing) -> list[str]:
    """Return which of the conversations a search finds."""
    return [each.id for each in conversations if metadata.listing(asked).fits(each)]


def patching(conversation: Standing, **fields: Any) -> Facts:
    asked = at_path("patchMetadata", conversation.id, conversation, name="id")
    body = posting("patchMetadata", method="PATCH", params={"id": conversation.id}, **fields)
    return Facts(body.call, body.account, known=asked.known)


def test_what_was_uploaded_is_read_back() -> None:
    told = shown(fresh(1, FULL))
    assert (told["id"], told["organizationStructureMemberId"], told["agentId"]) == (IDENT.format(1), ACCOUNTING, JAMES)
    assert (told["fileName"], told["origFileName"]) == ("calls/call.mp3.acxMedia", "calls/call.mp3")
    assert (told["phone"], told["callDirection"], told["clientCallId"]) == ("1", "Outbound", "5CD1S")
    assert (told["timestamp"], told["agentName"]) == ("2022-03-19T00:00:00.000Z", "James Bond")
    assert (told["status"], told["callDurationMillis"], told["chatMessageCount"]) == ("Processing", 3000, 0)
    assert (told["arrivedOn"], told["processFailures"]) == ("2026-06-23T14:30:00.000Z", [])


def test_ids_of_the_organisation_and_of_conversations_are_their_own() -> None:
    first, second = shown(fresh(1)), shown(fresh(2))
    assert first["organizationId"] == second["organizationId"]
    assert first["acxIdentifier"] != second["acxIdentifier"]


def test_a_chat_has_messages_and_no_length() -> None:
    for chat in (fresh(1, texts()), fresh(2, media(upload("a.zip", kind="archive"), UploadType="Chat"))):
        assert (shown(chat)["callDurationMillis"], shown(chat)["chatMessageCount"] > 2) == (0, True)


def test_a_failure_has_one_reason() -> None:
    (failure,) = shown(failed())["processFailures"]
    assert failure["message"] == "The conversation could not be processed."
    assert failure["createdOn"] == "2026-06-23T14:30:00.000Z"


@pytest.mark.parametrize(
    ("fields", "values", "came"),
    [
        ({}, None, None),
        ({"ExtendedMetadataValues": {}}, None, None),
        ({"ExtendedMetadataValues": {"a": "1"}}, {"a": "1"}, [{"a": "1"}]),
        ({"ExtendedMetadata": [{"a": 1}, {"b": True, "c": None}]}, {"a": "1", "b": "true", "c": None}, 2),
        ({"ExtendedMetadata": [{"a": 1}], "ExtendedMetadataValues": {"a": [2]}}, {"a": "[2]"}, 2),
    ],
)
def test_further_keys_are_told_as_one_and_as_they_came(fields: dict[str, Any], values: Any, came: Any) -> None:
    told = shown(fresh(0, media(**fields)))
    assert told["extendedMetadataValues"] == values
    assert told["extendedMetadata"] == came or len(told["extendedMetadata"]) == came


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (asking("listMetadata"), [1, 2]),
        (asking("listMetadata", MediaType="Audio"), [1]),
        (asking("listMetadata", ClientCallId="5CD1S,x"), [1]),
        (asking("listMetadata", HierarchyIds=ACCOUNTING), [1]),
        (asking("listMetadata", StartDate="2026-06-24"), []),
        (posting("findMetadata", startDate="2026-06-23", endDate="2026-06-24", pageSize=5), [1, 2]),
        (posting("findMetadata", clientCallIds=["5CD1S"], mediaType="ProcessedChat"), []),
    ],
)
def test_conversations_are_found_by_what_is_known_of_them(asked: Facts, found: list[int]) -> None:
    assert ids(asked, fresh(1, FULL), fresh(2, texts())) == [IDENT.format(number) for number in found]


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ({"MediaType": "Chat", "HierarchyIds": ACCOUNTING}, False),
        ({"MediaType": "Chat"}, True),
        ({"MediaType": "ProcessedChat", "HierarchyIds": ACCOUNTING}, True),
        ({"HierarchyIds": ACCOUNTING}, True),
    ],
)
def test_some_media_have_no_hierarchies(query: dict[str, str], *, fine: bool) -> None:
    assert (metadata.media_have_hierarchies.check(asking("listMetadata", **query)) is None) is fine


def test_a_hundred_client_call_ids_are_few() -> None:
    hundred = ",".join(map(str, range(100)))
    assert metadata.client_call_ids_are_few.check(asking("listMetadata", ClientCallId=hundred)) is None
    assert metadata.client_call_ids_are_few.check(asking("listMetadata", ClientCallId=f"{hundred},100"))


def test_only_what_there_is_can_be_patched() -> None:
    assert metadata.metadata_exist.check(patching(fresh())) is None
    assert metadata.metadata_exist.check(at_path("patchMetadata", NOBODY, fresh(), name="id"))


def test_a_patch_changes_what_it_names_and_keeps_the_rest() -> None:
    before = processed(1, FULL)
    outcome = metadata.patch_metadata(
        patching(before, timestamp="2021-06-08T19:39:08.561", phone="2", localeId=2058, clientCallId=None, meta1=0)
    )
    told = body_of(outcome)
    assert (told["timestamp"], told["phone"], told["localeId"]) == ("2021-06-08T19:39:08.561Z", "2", 2058)
    assert (told["clientCallId"], told["meta1"], told["status"]) == ("5CD1S", "0", "ReadyToSample")
    (record,) = outcome.records
    assert (record.id, record.body["status"], record.timeline) == (before.id, "Processing", before.record.timeline)


def test_further_keys_of_patches_add_up() -> None:
    first = metadata.patch_metadata(
        patching(fresh(1, media(ExtendedMetadataValues={"a": "1"})), extendedMetadata={"b": 2})
    )
    second = metadata.patch_metadata(patching(as_kept(first.records[0]), extendedMetadata={"a": "3", "b": "4"}))
    assert body_of(second)["extendedMetadataValues"] == {"a": "3", "b": "4"}
    assert body_of(second)["extendedMetadata"] == [{"a": "1"}, {"b": "4", "a": "3"}]


def test_a_list_tells_the_page_that_was_found() -> None:
    told = body_of(metadata.list_metadata(asking("listMetadata", [fresh(1), fresh(2)])))
    assert [each["id"] for each in told] == [IDENT.format(1), IDENT.format(2)]
