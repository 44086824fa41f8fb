"""How clients ask: by query or by body, in pages, between dates; and that what we know of names is the document's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.engine.bundle import resolve
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Facts
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.advice import on_names
from mockserver.vendors.authenticx.names import KNOWN
from tests.authenticx import ACCOUNTING, IDENT, NOBODY, asking, fresh, media, posting
from tests.worlds import document

UPLOADS = ("uploadMedia", "uploadTextMedia")


def names_in(endpoint: Endpoint) -> set[str]:
    """Return the parameters and fields that the document gives an operation, its path aside."""
    queries = {item["name"] for item in endpoint.parameters if item["in"] == "query"}
    bodies = (resolve(body.document, body.schema) for body in endpoint.bodies.values())
    return queries.union(*(body.get("properties", {}) for body in bodies))


@pytest.mark.parametrize("endpoint", document("authenticx").endpoints, ids=lambda endpoint: endpoint.id)
def test_the_names_that_are_known_are_those_of_the_document(endpoint: Endpoint) -> None:
    if endpoint.id not in UPLOADS:
        assert {*KNOWN.get(endpoint.id, ())} == names_in(endpoint)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (asking("listMetadata", PageSize=5, LastId="", MediaType=None), {"pagesize": 5}),
        (asking("listMetadata", HierarchyCodes="Accounting"), {}),
        (posting("findMetadata", pageSize=5, lastId=None), {"pagesize": 5}),
    ],
)
def test_what_is_empty_or_not_known_is_not_asked_for(asked: Facts, wanted: dict[str, Any]) -> None:
    assert search.criteria(asked.call) == wanted


@pytest.mark.parametrize(
    ("asked", "name", "items"),
    [
        (asking("listMetadata", ClientCallId=" a, b ,,c"), "clientcallid", ["a", "b", "c"]),
        (asking("listMetadata"), "clientcallid", []),
        (asking("listReceipts", HierarchyCodes=["a,b", "c"]), "hierarchycodes", ["a", "b", "c"]),
        (posting("findInsights", hierarchyCodes=["a,b", "c"]), "hierarchycodes", ["a,b", "c"]),
        (posting("findInsights", classifierTypes="a,b"), "classifiertypes", ["a", "b"]),
    ],
)
def test_lists_have_commas_where_they_are_texts(asked: Facts, name: str, items: list[str]) -> None:
    assert search.many(asked.call, name) == items


NOON = datetime(2026, 6, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({}, True),
        ({"StartDate": "2026-06-23T12:00:00", "EndDate": "2026-06-23T12:00:00Z"}, True),
        ({"StartDate": "2026-06-23T12:00:01"}, False),
        ({"EndDate": "2026-06-23"}, False),
        ({"EndDate": "2026-06-24"}, True),
    ],
)
def test_a_window_includes_both_its_ends(query: dict[str, str], *, holds: bool) -> None:
    assert search.window(asking("listMetadata", **query).call).holds(NOON) is holds


def test_what_has_no_date_is_in_no_window_with_ends() -> None:
    assert search.Window(None, None).holds(None)
    assert not search.Window(NOON, None).holds(None)
    assert not search.Window(None, NOON).holds(None)


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ({"StartDate": "2026-06-23", "EndDate": "2026-06-23"}, True),
        ({"StartDate": "2026-06-23"}, True),
        ({"EndDate": "2026-06-23"}, True),
        ({"StartDate": "2026-06-23T00:00:00-01:00", "EndDate": "2026-06-23"}, False),
    ],
)
def test_the_end_is_not_before_the_start(query: dict[str, str], *, fine: bool) -> None:
    assert (search.dates_are_in_order.check(asking("listMetadata", **query)) is None) is fine


def test_a_page_goes_on_behind_a_conversation_that_there_is() -> None:
    known = fresh(1)
    assert search.page_before(asking("listMetadata").call) == []
    assert search.page_before_is_known.check(asking("listMetadata")) is None
    asked = asking("listMetadata", [known], LastId=IDENT.format(1).upper(), PageSize=7)
    assert search.page_before(asked.call) == [known.ref]
    assert search.page_before_is_known.check(asked) is None
    assert search.page_before_is_known.check(asking("listMetadata", [known], LastId=NOBODY))
    listing = search.page(asked.call)
    assert (listing.after, listing.most, listing.is_oldest_first) == (known.id, 7, True)


def test_a_page_size_is_whole_however_it_is_written() -> None:
    listing = search.page(posting("findMetadata", pageSize=2.0).call)
    assert (listing.most, type(listing.most)) == (2, int)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, None),
        ({"HierarchyIds": f"A,{NOBODY}"}, {"a", NOBODY}),
        ({"HierarchyCodes": "Accounting,Nobody"}, {ACCOUNTING}),
        ({"HierarchyCodes": "Nobody"}, set()),
        ({"HierarchyIds": "a", "HierarchyCodes": "Accounting"}, {"a", ACCOUNTING}),
    ],
)
def test_hierarchies_are_asked_for_by_id_and_by_code(query: dict[str, str], wanted: set[str] | None) -> None:
    asked = asking("listInsights", **query)
    assert search.hierarchies(asked.account, asked.call) == wanted


def test_a_conversation_is_in_its_own_hierarchy_or_in_none() -> None:
    inside, outside = fresh(1, media(HierarchyCode="Accounting")), fresh(2)
    assert [search.is_in(each, {ACCOUNTING}) for each in (inside, outside)] == [True, False]
    assert [search.is_in(each, set()) for each in (inside, outside)] == [False, False]
    assert search.is_in(outside, None)


@pytest.mark.parametrize(("ids", "fine"), [("", True), (f"{ACCOUNTING},{NOBODY}", True), ("Accounting", False)])
def test_hierarchy_ids_are_uuids(ids: str, *, fine: bool) -> None:
    problem = search.hierarchy_ids_are_uuids.check(asking("listInsights", HierarchyIds=ids))
    assert (problem is None) is fine


def test_names_are_held_to_a_list_in_any_casing() -> None:
    assert search.only(["SKILLS"], ("Skills",), "Names") is None
    problem = search.only(["Skills", "x" * 90], ("Skills",), "Names")
    assert problem
    assert problem.says == f"Names may hold Skills, not {'x' * 60}"


def test_what_nobody_knows_is_told_with_what_may_be_meant() -> None:
    (advice,) = on_names(asking("listMetadata", StartDat="2026-01-01"))
    assert (advice.at, advice.claim) == ("$.StartDat", "unknown-fields-ignored")
    assert advice.says.endswith("did you mean StartDate?")
    assert [each.claim for each in on_names(posting("patchMetadata", meta1=0, meta2=None))] == [
        "meta-fields-deprecated"
    ]
    assert [each.at for each in on_names(posting("getAgent", x=1))] == ["$.x"]
