from typing import Any

import pytest

from mockserver.model import Facts, Kind, Moment, Outcome, Record
from mockserver.vendors.resonaa import sheets
from tests.facts import ID, facts

COLUMNS = [
    {"name": "review", "type": "string"},
    {"name": "stars", "type": "number"},
    {"name": "bought", "type": "boolean"},
    {"name": "written", "type": "date"},
]
JOB = "7d3c1f5e-8d0b-4c6e-9a51-0d6c2f7b9e22"


def phase(action: str, known: tuple[Record, ...] = (), **fields: Any) -> Facts:
    body = {"api_key": "k", "action": action, **fields}
    return facts("resonaa", body, operation="uploadSheet", known=known)


def create(columns: list[dict[str, str]] = COLUMNS, **fields: Any) -> Facts:
    return phase("create", schema={"columns": columns}, **fields)


def job(**body: Any) -> Record:
    kept = sheets.accept_sheet(create()).records[0]
    return phase("create").record("sheet", JOB, kept.body | body, failure=kept.failure)


def rows(*sent: Any, **body: Any) -> Facts:
    return phase("rows", (job(**body),), job_id=JOB, rows=list(sent))


def refusal(told: Facts) -> tuple[Kind, str, tuple[str | int, ...]] | None:
    found = (rule.check(told) for rule in sheets.RULES)
    return next(((problem.kind, problem.says, problem.path) for problem in found if problem), None)


def kept(outcome: Outcome) -> list[tuple[str, str]]:
    return [(record.kind, record.id) for record in outcome.records]


def test_only_the_later_phases_ask_for_a_job() -> None:
    assert sheets.refs(create(job_id=JOB).call) == ()
    assert [ref.id for ref in sheets.refs(rows().call)] == [JOB]


def test_a_new_job_is_open_and_has_its_schema() -> None:
    outcome = sheets.accept_sheet(create(name="Reviews"))
    assert (outcome.reply.status, outcome.reply.body) == (201, {"success": True, "job_id": ID, "status": "open"})
    (record,) = outcome.records
    assert record.body == {
        "status": "open",
        "name": "Reviews",
        "schema": {"columns": COLUMNS},
        "total_rows": 0,
        "processed_rows": 0,
    }
    assert not record.timeline
    assert record.failure == {"status": "failed", "error": "the sheet could not be analysed"}


def test_columns_of_one_name_are_refused_where_the_second_is() -> None:
    says = "the column stars is there more than once"
    twice = [*COLUMNS, {"name": "stars", "type": "date"}]
    assert refusal(create(twice)) == (Kind.INVALID, says, ("schema", "columns", 4, "name"))
    assert refusal(create()) is None


@pytest.mark.parametrize("action", ["rows", "finalize"])
def test_a_job_that_is_not_there_is_not_found(action: str) -> None:
    told = phase(action, job_id="x" * 100, rows=[{}])
    assert refusal(told) == (Kind.NOT_FOUND, f"there is no job {'x' * 80}", ("job_id",))


@pytest.mark.parametrize("status", ["queued", "processing", "analysed", "failed"])
def test_a_job_that_is_not_open_takes_nothing(status: str) -> None:
    assert refusal(rows({}, status=status)) == (
        Kind.CONFLICT,
        f"the job takes nothing more: it is {status}",
        ("job_id",),
    )


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"review": "", "stars": 0, "bought": False, "written": "2026-06-23"},
        {"review": None, "stars": None, "bought": None, "written": None},
        {"stars": -1.5, "written": "2026-06-23T14:30:00+02:00"},
    ],
    ids=str,
)
def test_a_row_that_fits_is_fine(row: dict[str, Any]) -> None:
    assert refusal(rows(row)) is None


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("review", 1, "must be text"),
        ("review", ["a"], "must be text"),
        ("stars", "1", "must be a number"),
        ("stars", False, "must be a number"),
        ("bought", 0, "must be true or false"),
        ("bought", "true", "must be true or false"),
        ("written", 20260623, "must be an ISO 8601 date, or date and time"),
        ("written", "", "must be an ISO 8601 date, or date and time"),
        ("written", "2026-13-01", "must be an ISO 8601 date, or date and time"),
        ("writen", "2026-06-23", "is no column of this sheet: did you mean written?"),
        ("price", 5, "is no column of this sheet"),
    ],
)
def test_the_first_row_that_does_not_fit_is_named(column: str, cell: Any, says: str) -> None:
    told = rows({"stars": 5}, {column: cell}, {"stars": "five"})
    assert refusal(told) == (Kind.INVALID, f"row 1: {column} {says}", ("rows", 1, column))


def test_a_batch_is_kept_as_it_came_and_the_job_counts_it() -> None:
    sent = [{"stars": 5}, {"stars": 1.5, "review": None}]
    outcome = sheets.accept_sheet(rows(*sent, total_rows=40))
    assert outcome.reply.status == 200
    assert outcome.reply.body == {"success": True, "job_id": JOB, "received": 2, "total_rows": 42}
    assert kept(outcome) == [("sheet", JOB), ("sheet-rows", ID)]
    counted, batch = outcome.records
    assert (counted.body["total_rows"], counted.body["status"]) == (42, "open")
    assert batch.body == {"job_id": JOB, "first_row": 40, "rows": sent}


def test_a_finalized_job_is_queued_and_goes_on_by_itself() -> None:
    outcome = sheets.accept_sheet(phase("finalize", (job(total_rows=3),), job_id=JOB))
    assert (outcome.reply.status, outcome.reply.body) == (
        200,
        {"success": True, "job_id": JOB, "status": "queued", "total_rows": 3},
    )
    (record,) = outcome.records
    assert record.body["status"] == "queued"
    assert record.timeline[0] == Moment(10, {"status": "processing", "processed_rows": 1})
    assert [moment.after for moment in record.timeline] == [10, 20]
    assert record.failure["status"] == "failed"
    assert outcome.advice == ()


def test_an_empty_job_is_finalized_with_advice() -> None:
    outcome = sheets.accept_sheet(phase("finalize", (job(),), job_id=JOB))
    assert [advice.claim for advice in outcome.advice] == ["empty-sheet-finalized"]
