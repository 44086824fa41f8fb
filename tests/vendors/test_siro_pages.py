from typing import Any

import pytest

from mockserver.vendors.siro import pages
from tests.facts import facts

ITEMS = [
    {"id": name, "createdAt": f"2026-01-0{day}T00:00:00.000Z", "updatedAt": f"2026-02-0{updated}T00:00:00.000Z"}
    for name, day, updated in (("a", 1, 3), ("b", 2, 1), ("c", 3, 2))
]


@pytest.mark.parametrize(
    ("query", "ids", "cursor"),
    [
        ({}, "cba", None),
        ({"sortDirection": "asc"}, "abc", None),
        ({"sortField": "dateUpdated"}, "acb", None),
        ({"limit": 2}, "cb", "b"),
        ({"limit": 2, "page": 2}, "a", None),
        ({"limit": 1, "cursor": "c", "page": 3}, "b", "b"),
        ({"limit": 1, "page": 9}, "", None),
    ],
    ids=["default", "ascending", "updated", "first", "second", "cursor-wins", "beyond"],
)
def test_a_page_is_sorted_cut_and_counted(query: dict[str, Any], ids: str, cursor: str | None) -> None:
    page = pages.page_of(facts("siro", query=query), ITEMS, "id")
    assert ([each["id"] for each in page["data"]], page["cursor"]) == (list(ids), cursor)
    assert (page["total"], page["hasNextPage"]) == (3, cursor is not None)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, "abc"),
        ({"fromDate": "2026-01-01T00:00:00Z"}, "bc"),
        ({"toDate": "2026-01-03T00:00:00Z"}, "ab"),
        ({"fromDate": "2026-01-01T00:00:00Z", "toDate": "2026-01-03T00:00:00Z"}, "b"),
    ],
)
def test_a_list_may_be_bound_by_dates(query: dict[str, str], ids: str) -> None:
    assert [each["id"] for each in pages.within_dates(facts("siro", query=query), ITEMS)] == list(ids)


@pytest.mark.parametrize(("cursor", "is_lost"), [(None, False), ("", False), ("b", False), ("z", True)])
def test_a_cursor_names_an_item(cursor: str | None, *, is_lost: bool) -> None:
    found = facts("siro", query={} if cursor is None else {"cursor": cursor})
    assert (pages.is_lost(found, ITEMS, "id") is not None) is is_lost
