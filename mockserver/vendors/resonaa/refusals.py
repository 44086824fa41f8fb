"""How Resonaa says no: success false, and one error."""

from collections.abc import Sequence
from typing import Any

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps
from mockserver.vendors.resonaa.crm import EACH

STATUS = {**STATUSES, Kind.MEDIA_TYPE: 400}
ERRORS = {
    Kind.NO_PATH: "Not found",
    Kind.METHOD: "Method not allowed",
    Kind.UNAUTHENTICATED: "Invalid API key",
    Kind.BROKEN: "Internal server error",
}


@keeps("refusal-shape", "too-large-is-413")
def refuse(problems: Sequence[Problem], _call: Call) -> Reply:
    first = problems[0]
    error = ERRORS.get(first.kind, first.says)
    return Reply(STATUS[first.kind], {"success": False, "error": error, **where(first)})


@keeps("bad-row-is-named")
def where(problem: Problem) -> dict[str, Any]:
    """Return the row of a sheet that is wrong, or what is wrong with every customer."""
    if problem.path[:1] == ("rows",) and len(problem.path) > 1:
        return {"row": problem.path[1]}
    return {"errors": problem.got} if problem.keyword == EACH else {}
