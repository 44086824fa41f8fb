from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from mockserver.model import Facts, Record
from mockserver.vendors.siro import linking, links, organization
from mockserver.vendors.siro.links import ident_of
from mockserver.vendors.siro.outcomes import accept_upload
from tests.facts import ID, NOW, as_kept, facts

NOTHING: Mapping[str, Any] = {}
OPPORTUNITY = {"integrationConnectionId": "conn_demo", "objectType": "Opportunity", "objectId": "opp_demo"}
ACCOUNT = {"integrationConnectionId": "conn_demo", "objectType": "Account", "objectId": "acc_demo"}
BY_CRM = {"dataType": "OPPORTUNITY", "externalId": "opp_demo", "integrationConnectionId": "conn_demo"}
BY_SIRO = {"dataType": "OPPORTUNITY", "id": ident_of(OPPORTUNITY)}
PEOPLE = [
    {"objectType": "Contact", "objectId": "pat", "name": "Pat Example", "phoneNumber": "(555) 0101"},
    {"objectType": "Lead", "objectId": "kim", "name": "Kim", "phoneNumber": "555-0102"},
    {"objectType": "Account", "objectId": "nameless"},
]


def asked(body: Mapping[str, Any], linked: list[Any] | None = None, **rest: Any) -> Facts:
    kept = {"crmLinks": linked or [], "isMatched": True, "userId": "user_demo"}
    record = Record("siro", "demo", "recording", ID, NOW, ID, kept)
    return facts("siro", dict(body), params={"id": ID}, known=[record], **rest)


# Which object is meant


@pytest.mark.parametrize("body", [BY_CRM, BY_SIRO], ids=["crm", "siro"])
def test_an_object_is_meant_by_either_of_its_ids(body: dict[str, str]) -> None:
    assert links.target_is_synced.check(asked(body)) is None
    assert [each["objectId"] for each in links.targets(asked(body))] == ["opp_demo"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"externalId": "opp_other"}, "no OPPORTUNITY is known by this"),
        ({"integrationConnectionId": "conn_other"}, "no OPPORTUNITY is known by this"),
        ({"dataType": "ACCOUNT"}, "no ACCOUNT is known by this"),
    ],
)
def test_an_object_that_is_not_synced_is_not_found(change: dict[str, str], says: str) -> None:
    problem = links.target_is_synced.check(asked({**BY_CRM, **change}))
    assert problem
    assert problem.says == says


def test_who_mixes_up_the_ids_is_told() -> None:
    problem = links.target_is_synced.check(asked({"dataType": "OPPORTUNITY", "id": "opp_demo"}))
    assert problem
    assert problem.says.endswith(": it is an externalId, which comes with integrationConnectionId")


def test_an_object_of_no_connection_is_found_through_any() -> None:
    book = {"crm_objects": [{"objectType": "Event", "objectId": "e"}], "connections": [{"id": "a"}, {"id": "b"}]}
    body = {"dataType": "ENGAGEMENT", "externalId": "e", "integrationConnectionId": "b"}
    assert links.target_is_synced.check(asked(body, book=book)) is None


# Linking and unlinking


def test_a_link_takes_the_place_of_what_was_linked() -> None:
    outcome = linking.put_link(asked(BY_CRM, [ACCOUNT]))
    (record,) = outcome.records
    assert [each["objectId"] for each in record.body["crmLinks"]] == ["opp_demo"]
    assert (record.body["isMatched"], record.body["updatedAt"]) == (False, "2026-06-23T14:30:00.000Z")
    assert outcome.reply.body == {
        "data": {
            "id": ident_of(OPPORTUNITY),
            "externalId": "opp_demo",
            "dataType": "OPPORTUNITY",
            "name": "Kitchen remodel",
            "lastActivityAt": None,
        }
    }


def test_only_what_is_meant_is_unlinked() -> None:
    outcome = linking.remove_link(asked(BY_CRM, [OPPORTUNITY, ACCOUNT]))
    (record,) = outcome.records
    assert (outcome.reply.body, record.body["crmLinks"]) == ({"data": True}, [ACCOUNT])


def test_what_is_not_linked_stays_as_it_is() -> None:
    outcome = linking.remove_link(asked(BY_CRM, [ACCOUNT]))
    assert (outcome.reply.body, outcome.records) == ({"data": False}, ())


# Found at the upload


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"customerPhone": "+555 0101"}, ["pat"]),
        ({"customerPhone": "5550102", "customerName": "Pat Example"}, ["kim"]),
        ({"customerPhone": "none", "customerName": "PAT example"}, ["pat"]),
        ({"customerPhone": ""}, []),
        ({"customerName": ""}, []),
        ({"customerName": "Pat"}, []),
    ],
    ids=["nothing", "phone", "phone-first", "name", "no-digits", "no-name", "part-of-a-name"],
)
def test_a_customer_is_found_by_phone_then_name(fields: dict[str, str], found: list[str]) -> None:
    least = {"downloadUrl": "call.mp3", "fileType": "mp3", "userId": "user_demo"}
    (record,) = accept_upload(facts("siro", {**least, **fields}, book={"crm_objects": PEOPLE})).records
    assert [each["objectId"] for each in record.body["crmLinks"]] == found
    assert record.body["isMatched"] is bool(found)


def test_what_was_named_is_linked_through_its_connection_and_was_not_matched() -> None:
    named = {"integrationConnectionId": "conn_demo", "crmObjects": [{"objectType": "Contact", "objectId": "pat"}]}
    body = {"fileUrl": "https://a/b", "fileType": "mp3", "userId": "user_demo", "contactName": "Kim", **named}
    (record,) = accept_upload(facts("siro@2026-08", body, book={"crm_objects": PEOPLE})).records
    links_of = [(each["objectId"], each["integrationConnectionId"]) for each in record.body["crmLinks"]]
    assert (links_of, record.body["isMatched"]) == ([("pat", "conn_demo")], False)


# As the organization sees it


def crm(linked: list[Any], **rest: Any) -> Any:
    found = asked(NOTHING, linked, **rest)
    return links.crm(found, next(iter(found.known.values())).body)


def test_nothing_linked_is_null() -> None:
    assert crm([]) is None


def test_every_kind_of_object_has_its_place() -> None:
    kinds = ("Opportunity", "Account", "Lead", "ServiceAppointment", "Contact", "Contact")
    linked = [{**OPPORTUNITY, "objectType": kind, "objectId": f"{kind}-{index}"} for index, kind in enumerate(kinds)]
    users = [{"id": "user_demo", "externalId": "005"}]
    found = crm(linked, book={"users": users})
    assert found["users"] == [{"id": "user_demo", "externalId": "005"}]
    assert [each["externalId"] for each in found["contacts"]] == ["Contact-4", "Contact-5"]
    places = ("opportunity", "account", "lead", "engagement")
    assert [found[place]["externalId"] for place in places] == [f"{kind}-{i}" for i, kind in enumerate(kinds[:4])]


def test_a_rep_whom_the_crm_does_not_know_is_left_out() -> None:
    assert crm([OPPORTUNITY])["users"] == []


def test_a_link_is_a_change() -> None:
    (record,) = linking.put_link(asked(BY_CRM)).records
    earlier = msgspec.structs.replace(record, created=NOW.replace(day=1))
    assert organization.updated(as_kept(earlier)) == NOW
