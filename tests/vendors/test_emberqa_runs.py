from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Found, Kind, Problem, Record, Ref, Standing, everything
from mockserver.vendors.emberqa import runs
from mockserver.vendors.emberqa.comparisons import compare, fits
from mockserver.vendors.emberqa.fields import advise
from tests.facts import ID, NOW, as_kept, facts

RUN = "3b0d8c5e-6f0a-4d57-9f0f-0d0c5a1e7b42"
TEMPLATE = "00000000-0000-4000-8000-00000000e001"
MADE = NOW + timedelta(microseconds=123_456)
BODY: dict[str, Any] = {
    "filename": "Invoice 42",
    "status": "pending",
    "metadata": {"amount": 900},
    "output_schema": {},
    "supportingDocs": [],
    "extraction_template_id": TEMPLATE,
    "agent_name": "John D",
}


def run(**fields: Any) -> Record:
    return Record("emberqa", "demo", "run", RUN, MADE, ID, BODY | fields)


def details(ident: str, *known: Record) -> Facts:
    return facts("emberqa", {"id": ident}, known=known, operation="getWorkflowRunDetails")


def query(**fields: Any) -> Facts:
    return facts("emberqa", fields, operation="queryWorkflowRuns")


def is_listed(each: Standing, **fields: Any) -> bool:
    return runs.list_runs(query(**fields)).fits(each)


@pytest.mark.parametrize("ident", [RUN, RUN.upper()])
def test_a_run_is_asked_for_by_its_id_in_any_casing(ident: str) -> None:
    assert runs.runs_at_hand(details(ident).call) == (Ref("run", RUN),)
    assert runs.run_exists.check(details(ident, run())) is None


def test_a_run_that_is_not_there_is_not_found() -> None:
    assert runs.run_exists.check(details(RUN)) == Problem(Kind.NOT_FOUND, "there is no run by this id", ("id",))


def test_details_are_those_of_the_page_and_no_more() -> None:
    reply = runs.tell_run(details(RUN, run())).reply
    assert reply.status == 200
    assert reply.body == {
        "statusCode": "SUCCESS",
        "statusMessage": "The run was found",
        "doc": {
            "id": RUN,
            "filename": "Invoice 42",
            "status": "pending",
            "created_time": "2026-06-23T14:30:00.123Z",
            "metadata": {"amount": 900},
            "output_schema": {},
            "supportingDocs": [],
        },
    }


def test_a_failed_run_says_why() -> None:
    body: Any = runs.tell_run(details(RUN, run(status="failed", failure_reason="so it is"))).reply.body
    assert body["doc"]["failure_reason"] == "so it is"


@pytest.mark.parametrize(
    ("fields", "most", "skip"),
    [({}, 50, 0), ({"page": 3}, 50, 100), ({"page": 2, "limit": 7}, 7, 7), ({"page": 2.0, "limit": 10.0}, 10, 10)],
)
def test_a_page_is_so_many_runs_behind_so_many(fields: dict[str, Any], most: int, skip: int) -> None:
    listing = runs.list_runs(query(**fields))
    assert (listing.kind, listing.most, listing.skip, listing.counts) == ("run", most, skip, True)
    assert isinstance(listing.skip, int)


@pytest.mark.parametrize("fields", [{}, {"filters": {}}, {"metadata_filters": []}, {"filters": {"unknown": 1}}])
def test_without_a_filter_nothing_needs_to_be_read_to_be_counted(fields: dict[str, Any]) -> None:
    assert runs.list_runs(query(**fields)).fits is everything


@pytest.mark.parametrize(
    ("filters", "is_there"),
    [
        ({"startTime": "2026-06-23T14:30:00.123Z"}, True),
        ({"startTime": "2026-06-23T14:30:00.124Z"}, False),
        ({"startTime": "2026-06-23"}, True),
        ({"endTime": "2026-06-23T14:30:00.123Z"}, True),
        ({"endTime": "2026-06-23T14:30:00.122Z"}, False),
        ({"endTime": "2026-06-23T16:30:01+02:00"}, True),
        ({"status": "pending"}, True),
        ({"status": "failed"}, False),
        ({"extraction_template_id": TEMPLATE.upper()}, True),
        ({"extraction_template_id": RUN}, False),
        ({"status": "pending", "endTime": "2020-01-01"}, False),
    ],
)
def test_a_run_is_listed_when_it_fits_every_filter(filters: dict[str, Any], *, is_there: bool) -> None:
    assert is_listed(as_kept(run()), filters=filters) is is_there


def test_a_run_is_filtered_by_how_it_stands_now() -> None:
    assert is_listed(as_kept(run(), status="completed"), filters={"status": "completed"})


def comparison(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"metadata_name": name, "operator": operator, "value": value}


def test_a_run_must_fit_every_comparison() -> None:
    both = [comparison("amount", ">", 899), comparison("amount", "<", "901")]
    assert is_listed(as_kept(run()), metadata_filters=both)
    assert not is_listed(as_kept(run()), metadata_filters=[*both, comparison("amount", "!=", 900)])


@pytest.mark.parametrize(
    ("kept", "operator", "wanted", "is_so"),
    [
        (900, "=", 900.0, True),
        (900, "=", "900", True),
        ("0900", "=", 900, True),
        (2**60 + 1, "=", 2**60, False),
        (10**400, ">", 1e308, True),
        ("900", "<", "1000", True),
        (900, ">=", 1000, False),
        (-1, "<=", "-0.5", True),
        ("C-2", ">", "C-10", True),
        ("abc", "=", "ABC", False),
        ("abc", "!=", "ABC", True),
        (True, "=", True, True),
        (True, "=", "true", True),
        (True, "=", 1, False),
        (False, "<", True, True),
        ("2026-01-02", ">", "2026-01-01", True),
        ("1e3", "=", 1000, False),
        ("nan", "=", "nan", True),
    ],
)
def test_numbers_compare_as_numbers_and_all_else_as_text(kept: Any, operator: str, wanted: Any, *, is_so: bool) -> None:
    assert compare(kept, operator, wanted) is is_so


@pytest.mark.parametrize("kept", [{}, {"amount": None}, {"amount": [900]}, {"amount": {"value": 900}}])
@pytest.mark.parametrize("operator", ["=", "!=", ">", "<=", ">=", "<"])
def test_what_is_missing_or_not_plain_fits_nothing(kept: dict[str, Any], operator: str) -> None:
    assert not fits(kept, comparison("amount", operator, "900"))


@pytest.mark.parametrize(
    ("total", "limit", "pages", "says"),
    [(0, 50, 0, "0 runs fit"), (1, 50, 1, "1 run fits"), (50, 50, 1, "50 runs fit"), (51, 50, 2, "51 runs fit")],
)
def test_pages_are_counted(total: int, limit: int, pages: int, says: str) -> None:
    asked = replace(query(limit=limit), found=Found((as_kept(run()),), total=total))
    body: Any = runs.tell_runs(asked).reply.body
    assert body["pagination"] == {"currentPage": 1, "totalPages": pages, "totalCount": total, "limit": limit}
    assert body["statusMessage"] == says


def test_a_listed_run_is_a_summary() -> None:
    body: Any = runs.tell_runs(replace(query(), found=Found((as_kept(run()),), total=1))).reply.body
    (doc,) = body["docs"]
    assert doc.keys() == {"id", "filename", "status", "created_time", "output_schema"}


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"filters": {"startTime": 1}}, []),
        ({"filters": {"start_time": 1}, "size": 1}, ["$.size", "$.filters.start_time"]),
        ({"metadata_filters": [{"name": 1}, {"op": 1}]}, ["$.metadata_filters[0].name", "$.metadata_filters[1].op"]),
        ({"filters": [], "metadata_filters": {"a": 1}}, []),
        ({"metadata_filters": ["customer = C-1"]}, []),
    ],
)
def test_filters_that_there_are_not_are_told_by_their_place(fields: dict[str, Any], places: list[str]) -> None:
    assert [each.at for each in advise(query(**fields))] == places
