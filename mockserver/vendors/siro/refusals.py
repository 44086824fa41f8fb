"""How Siro says no: one error, or Zod's list of issues."""

from collections.abc import Mapping, Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps
from mockserver.vendors.siro.contracts import contract
from mockserver.vendors.siro.issues import issues

STATUS: Mapping[Kind, int] = {**STATUSES, Kind.MEDIA_TYPE: 400}


@keeps("refusal-is-an-error", "validation-is-422", "too-many-is-plain-text")
def refuse(problems: Sequence[Problem], call: Call) -> Reply:
    first = problems[0]
    if first.kind is Kind.NO_PATH:
        return Reply(404, {"code": 404, "message": "The current request is not defined by this API."})
    if first.kind is Kind.TOO_MANY:
        return Reply(429, "Too Many Requests", "text/plain")
    if first.keyword and not is_no_object(first):
        return Reply(422, {"issues": issues(problems, contract(call)), "name": "ZodError"})
    return Reply(STATUS[first.kind], {"error": first.says})


@keeps("body-is-an-object")
def is_no_object(problem: Problem) -> bool:
    """Tell whether the body as a whole has another type."""
    return problem.keyword == "type" and not problem.path
