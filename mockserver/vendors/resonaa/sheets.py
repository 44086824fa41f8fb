"""Sheets: a job with a schema is created, takes rows in batches, and is finalized for processing."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from mockserver.kit.names import hint
from mockserver.kit.times import parse_iso8601
from mockserver.model import Advice, Call, Facts, Json, Kind, Outcome, Path, Problem, Ref, Reply, Standing, keeps, rule
from mockserver.vendors.resonaa.reading import text
from mockserver.vendors.resonaa.results import failure, sheet_timeline

LONGEST_NAME = 80
CELLS: Mapping[str, tuple[Callable[[Json], bool], str]] = {
    "string": (lambda cell: isinstance(cell, str), "text"),
    "number": (lambda cell: isinstance(cell, int | float) and not isinstance(cell, bool), "a number"),
    "boolean": (lambda cell: isinstance(cell, bool), "true or false"),
    "date": (
        lambda cell: isinstance(cell, str) and parse_iso8601(cell) is not None,
        "an ISO 8601 date, or date and time",
    ),
}


def refs(call: Call) -> Sequence[Ref]:
    return () if call.fields["action"] == "create" else (Ref("sheet", call.fields["job_id"]),)


def sheet(facts: Facts) -> Standing | None:
    """Return the job that the call goes on with; None when it creates one."""
    return next(iter(facts.known.values()), None)


@rule("column-names-differ")
def columns_have_names_of_their_own(facts: Facts) -> Problem | None:
    if facts.call.fields["action"] != "create":
        return None
    seen: set[str] = set()
    for index, column in enumerate(facts.call.fields["schema"]["columns"]):
        if column["name"] in seen:
            says = f"the column {column['name'][:LONGEST_NAME]} is there more than once"
            return Problem(Kind.INVALID, says, ("schema", "columns", index, "name"))
        seen.add(column["name"])
    return None


@rule("unknown-job-is-404")
def job_is_known(facts: Facts) -> Problem | None:
    if facts.call.fields["action"] == "create" or sheet(facts):
        return None
    return Problem(Kind.NOT_FOUND, f"there is no job {facts.call.fields['job_id'][:LONGEST_NAME]}", ("job_id",))


@rule("finalized-job-is-409")
def job_is_open(facts: Facts) -> Problem | None:
    job = sheet(facts)
    if job is None or job.body["status"] == "open":
        return None
    return Problem(Kind.CONFLICT, f"the job takes nothing more: it is {job.body['status']}", ("job_id",))


@rule("rows-fit-the-schema")
def rows_fit_the_columns(facts: Facts) -> Problem | None:
    """Judge row by row, and stop at the first that is wrong."""
    job = sheet(facts)
    if job is None or facts.call.fields["action"] != "rows":
        return None
    columns = {column["name"]: column["type"] for column in job.body["schema"]["columns"]}
    found = (wrong_in(row, columns, ("rows", index)) for index, row in enumerate(facts.call.fields["rows"]))
    return next(filter(None, found), None)


def wrong_in(row: Mapping[str, Json], columns: Mapping[str, str], path: Path) -> Problem | None:
    """Return what is wrong with a row; a cell that is null or missing is empty, as any may be."""
    for name, cell in row.items():
        place = f"row {path[-1]}: {name[:LONGEST_NAME]}"
        if name not in columns:
            return Problem(Kind.INVALID, f"{place} is no column of this sheet{hint(name, columns)}", (*path, name))
        fits, noun = CELLS[columns[name]]
        if cell is not None and not fits(cell):
            return Problem(Kind.INVALID, f"{place} must be {noun}", (*path, name))
    return None


RULES = (columns_have_names_of_their_own, job_is_known, job_is_open, rows_fit_the_columns)


@keeps("sheet-upload-api", "sheets-assumed")
def accept_sheet(facts: Facts) -> Outcome:
    job = sheet(facts)
    if job is None:
        return create(facts)
    return receive(facts, job) if facts.call.fields["action"] == "rows" else finalize(job)


def create(facts: Facts) -> Outcome:
    call = facts.call
    kept = {
        "status": "open",
        "name": text(call, "name"),
        "schema": call.fields["schema"],
        "total_rows": 0,
        "processed_rows": 0,
    }
    record = facts.record("sheet", call.id, kept, failure=failure("sheet"))
    return Outcome(Reply(201, {"success": True, "job_id": call.id, "status": "open"}), (record,))


@keeps("batch-whole-or-not-at-all")
def receive(facts: Facts, job: Standing) -> Outcome:
    """Keep the batch as a record of its own, as it was sent; the job only counts."""
    rows, before = facts.call.fields["rows"], job.record.body["total_rows"]
    total = before + len(rows)
    batch = facts.record("sheet-rows", facts.call.id, {"job_id": job.id, "first_row": before, "rows": rows})
    counted = replace(job.record, body={**job.record.body, "total_rows": total})
    answer = {"success": True, "job_id": job.id, "received": len(rows), "total_rows": total}
    return Outcome(Reply(200, answer), (counted, batch))


def finalize(job: Standing) -> Outcome:
    total = job.record.body["total_rows"]
    body = {**job.record.body, "status": "queued"}
    queued = replace(job.record, body=body, timeline=sheet_timeline(job.id, total))
    answer = {"success": True, "job_id": job.id, "status": "queued", "total_rows": total}
    return Outcome(Reply(200, answer), (queued,), advice=tuple(advise_empty(total)))


@keeps("empty-sheet-finalized")
def advise_empty(total: int) -> Iterator[Advice]:
    if not total:
        yield Advice("the sheet has no rows: there is nothing to process", "$.job_id", "empty-sheet-finalized")
