from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.model import Found, Listing, Record, Standing
from mockserver.vendors.siro import listing, organization
from mockserver.vendors.siro.listing import ALL
from tests.facts import NOW, as_kept, facts

NOTHING: Mapping[str, Any] = {}
IDS = [f"{number:08}-0000-4000-8000-000000000000" for number in range(4)]
FIRST, SECOND = "00000000-0000-4000-8000-00000000c001", "00000000-0000-4000-8000-00000000c002"


def kept(number: int = 0, **fields: Any) -> Standing:
    least = {
        "dateCreated": f"2026-01-0{number + 1}T00:00:00Z",
        "userId": "user_demo",
        "crmLinks": [],
        "conversationType": FIRST,
        "processingStage": "processing",
    }
    return as_kept(Record("siro", "demo", "recording", IDS[number], NOW, "", {**least, **fields}))


def wanted(query: Mapping[str, Any], **rest: Any) -> Listing:
    return listing.wanted(facts("siro", query=query, **rest))


# Which


@pytest.mark.parametrize(
    ("query", "fields", "fits"),
    [
        ({}, {}, True),
        ({}, {"deletedAt": "2026-01-01T00:00:00Z"}, False),
        ({"conversationType": "Sales conversation,In-home visit"}, {}, True),
        ({"conversationType": " In-home visit "}, {}, False),
        ({"conversationType": SECOND}, {"conversationType": SECOND}, True),
        ({"conversationType": "nothing"}, {"conversationType": None}, False),
        ({"result": "closed"}, {"result": "closed"}, True),
        ({"result": "closed"}, {}, False),
        ({"teamId": "team"}, {"userId": "second"}, True),
        ({"teamId": "team"}, {}, False),
        ({"crmLinkStatus": "unlinked"}, {}, True),
        ({"crmLinkStatus": "unlinked"}, {"crmLinks": [{}]}, False),
        ({"dateCreated:gt": "2025-12-31T23:59:59Z", "dateCreated:lt": "2026-01-01T00:00:01Z"}, {}, True),
        ({"dateCreated:gt": "2026-01-01T00:00:00Z"}, {}, False),
        ({"dateCreated:lt": "2026-01-01T00:00:00Z"}, {}, False),
        ({"dateCreated:gt": "2025-12-31T23:00:00-02:00"}, {}, False),
    ],
)
def test_a_list_holds_what_fits(query: dict[str, str], fields: dict[str, Any], *, fits: bool) -> None:
    users = [{"id": "user_demo"}, {"id": "second", "memberTeamId": "team"}]
    assert wanted(query, book={"users": users}).fits(kept(**fields)) is fits


# In which order, from where on


@pytest.mark.parametrize(
    ("query", "most", "after", "is_oldest_first"),
    [
        ({}, 100, None, False),
        ({"limit": 5, "cursor": "", "orderDirection": "desc"}, 5, None, False),
        ({"cursor": IDS[1], "orderDirection": "asc", "orderBy": "colour"}, 100, IDS[1], True),
        ({"limit": 5, "orderBy": "title", "cursor": IDS[1]}, ALL, None, False),
    ],
    ids=["default", "page", "oldest-first", "order-of-its-own"],
)
def test_only_an_order_of_its_own_needs_every_recording(
    query: dict[str, Any], most: int, after: str | None, *, is_oldest_first: bool
) -> None:
    found = wanted(query)
    assert (found.most, found.after, found.is_oldest_first, found.counts) == (most, after, is_oldest_first, False)


TITLED = [kept(0, title="b"), kept(1, title="a"), kept(2), kept(3, title="b")]


def page(query: Mapping[str, Any]) -> tuple[list[str], str | None]:
    """Return the last digits of the page's ids, and of its cursor."""
    known = [each.record for each in TITLED if each.id == query.get("cursor")]
    asked = facts("siro", query=query, found=Found(TITLED), known=known, operation="listRecordings")
    body: Any = listing.list_recordings(asked).reply.body
    return [each["id"][7] for each in body["data"]], body["cursor"] and body["cursor"][7]


@pytest.mark.parametrize(
    ("query", "ids", "cursor"),
    [
        ({"orderBy": "title", "orderDirection": "asc"}, "2103", None),
        ({"orderBy": "title"}, "3012", None),
        ({"orderBy": "dateCreated", "orderDirection": "asc"}, "0123", None),
        ({"orderBy": "title", "orderDirection": "asc", "limit": 2}, "21", "1"),
        ({"orderBy": "title", "orderDirection": "asc", "limit": 2, "cursor": IDS[1]}, "03", None),
        ({"orderBy": "title", "limit": 3, "cursor": IDS[3]}, "012", None),
    ],
)
def test_a_list_is_sorted_by_what_is_listed(query: dict[str, Any], ids: str, cursor: str | None) -> None:
    assert page(query) == (list(ids), cursor)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({}, []),
        ({"orderBy": "title"}, []),
        ({"orderBy": "Title"}, ["the order is that of arrival, for nothing is sorted by Title: did you mean title?"]),
    ],
)
def test_an_order_that_nothing_has_is_told(query: dict[str, str], told: list[str]) -> None:
    assert [each.says for each in listing.on_order(facts("siro", query=query))] == told


# The organization's list


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({}, True),
        ({"isProcessingDone": "false", "isSummaryDone": "false"}, True),
        ({"isProcessingDone": "false", "isEntityExtractionDone": "true"}, False),
        ({"createdAt:gt": "2025-12-31T00:00:00Z", "createdAt:lt": "2026-01-02T00:00:00Z"}, True),
        ({"createdAt:gt": "2026-01-01T00:00:00Z"}, False),
        ({"updatedAt:gte": "2026-06-23T14:30:00Z", "updatedAt:lte": "2026-06-23T14:30:00Z"}, True),
        ({"updatedAt:gt": "2026-06-23T14:30:00Z"}, False),
        ({"updatedAt:lt": "2026-06-23T14:30:00Z"}, False),
        ({"createdAt:gte": "2030-01-01T00:00:00Z", "createdAt:lte": "2020-01-01T00:00:00Z"}, True),
        ({"updatedAt:before": "2020-01-01T00:00:00Z", "deletedAt:lt": "2020-01-01T00:00:00Z", "a:gt": "x"}, True),
    ],
)
def test_the_organizations_list_holds_what_fits(query: dict[str, str], *, fits: bool) -> None:
    assert organization.wanted(facts("siro", query=query)).fits(kept()) is fits


def test_the_organizations_list_holds_the_deleted_too() -> None:
    assert organization.wanted(facts("siro")).fits(kept(deletedAt="2026-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("query", "most", "after"),
    [({}, 25, None), ({"pageSize": 7, "cursor": IDS[1]}, 7, IDS[1]), ({"pageSize": 1000, "cursor": ""}, 100, None)],
)
def test_the_organizations_list_has_pages_of_its_own(query: dict[str, Any], most: int, after: str | None) -> None:
    found = organization.wanted(facts("siro", query=query))
    assert (found.most, found.after) == (most, after)
