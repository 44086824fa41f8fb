"""Questions about workflow runs: one in detail, or those that fit, page by page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from mockserver.kit.times import parse_iso8601, to_iso
from mockserver.model import (
    Call,
    Facts,
    Kind,
    Listing,
    Outcome,
    Problem,
    Ref,
    Reply,
    Standing,
    everything,
    keeps,
    rule,
)
from mockserver.vendors.emberqa import comparisons
from mockserver.vendors.emberqa.workflows import RUN

Test: TypeAlias = Callable[[Standing], bool]

PAGE, LIMIT = 1, 50
SUMMARY = ("id", "filename", "status", "created_time", "output_schema")
DETAIL = ("id", "filename", "status", "created_time", "metadata", "output_schema", "supportingDocs", "failure_reason")


def run_asked_for(call: Call) -> Ref:
    return Ref(RUN, call.fields["id"].lower())


def runs_at_hand(call: Call) -> Sequence[Ref]:
    return (run_asked_for(call),)


@rule("run-must-exist")
def run_exists(facts: Facts) -> Problem | None:
    if run_asked_for(facts.call) in facts.known:
        return None
    return Problem(Kind.NOT_FOUND, "there is no run by this id", ("id",))


def tell_run(facts: Facts) -> Outcome:
    doc = shown(facts.known[run_asked_for(facts.call)], DETAIL)
    return Outcome(Reply(200, {"statusCode": "SUCCESS", "statusMessage": "The run was found", "doc": doc}))


def shown(run: Standing, names: Sequence[str]) -> dict[str, Any]:
    """Return those of these fields that a run has: only a failed one has a reason."""
    whole = {**run.body, "id": run.id, "created_time": to_iso(run.created)}
    return {name: whole[name] for name in names if name in whole}


@keeps("newest-run-first")
def list_runs(facts: Facts) -> Listing:
    page, limit = page_of(facts.call)
    tests = tuple(tests_of(facts.call.fields))
    fits = (lambda run: all(test(run) for test in tests)) if tests else everything
    return Listing(RUN, most=limit, fits=fits, skip=(page - 1) * limit, counts=True)


def page_of(call: Call) -> tuple[int, int]:
    """Return page and limit; JSON may write a whole number as 2.0."""
    return int(call.fields.get("page", PAGE)), int(call.fields.get("limit", LIMIT))


def tests_of(fields: Mapping[str, Any]) -> Iterator[Test]:
    """Yield what a run must pass, all of it."""
    filters = fields.get("filters", {})
    yield from (TESTS[name](wanted) for name, wanted in filters.items() if name in TESTS)
    yield from map(is_compared, fields.get("metadata_filters", ()))


def is_from(text: str) -> Test:
    moment = parse_iso8601(text)
    return lambda run: moment is None or made(run) >= moment


def is_until(text: str) -> Test:
    moment = parse_iso8601(text)
    return lambda run: moment is None or made(run) <= moment


def made(run: Standing) -> datetime:
    """Return when a run was made as clients see it, to the millisecond."""
    return run.created.replace(microsecond=run.created.microsecond // 1000 * 1000)


def stands(status: str) -> Test:
    return lambda run: bool(run.body["status"] == status)


def is_of_template(ident: str) -> Test:
    return lambda run: bool(run.body["extraction_template_id"].lower() == ident.lower())


def is_compared(comparison: Mapping[str, Any]) -> Test:
    return lambda run: comparisons.fits(run.body["metadata"], comparison)


TESTS: Mapping[str, Callable[[str], Test]] = {
    "startTime": is_from,
    "endTime": is_until,
    "status": stands,
    "extraction_template_id": is_of_template,
}


def tell_runs(facts: Facts) -> Outcome:
    (page, limit), total = page_of(facts.call), facts.found.total or 0
    body = {
        "statusCode": "SUCCESS",
        "statusMessage": "1 run fits" if total == 1 else f"{total} runs fit",
        "docs": [shown(run, SUMMARY) for run in facts.found.items],
        "pagination": {
            "currentPage": page,
            "totalPages": -(-total // limit),
            "totalCount": total,
            "limit": limit,
        },
    }
    return Outcome(Reply(200, body))
