"""How Siro says no: one error, Zod's list of issues, plain text on some paths, and Google's XML at its storage."""

from collections.abc import Mapping, Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps
from mockserver.vendors.siro import google
from mockserver.vendors.siro.contracts import CRM_OBJECT, contract
from mockserver.vendors.siro.issues import issues
from mockserver.vendors.siro.names import NAMES
from mockserver.vendors.siro.storage import BUCKET

STATUS: Mapping[Kind, int] = {**STATUSES, Kind.MEDIA_TYPE: 400}
PLAIN = "text/plain"
# Where every refusal is plain text, that of a query too; of a wrong method no operation is to blame.
PLAIN_OPERATIONS = frozenset({"listRecordings", "listConnections", "getConnection"})


@keeps("refusal-is-an-error", "validation-is-422", "too-many-is-plain-text", "organization-refusals-are-alike")
def refuse(problems: Sequence[Problem], call: Call) -> Reply:
    first = problems[0]
    if call.path.startswith(f"{BUCKET}/"):
        return google.refuse(first, call)
    if first.kind is Kind.NO_PATH and not call.operation:
        return Reply(404, {"code": 404, "message": "The current request is not defined by this API."})
    if first.kind is Kind.TOO_MANY:
        return Reply(429, "Too Many Requests", PLAIN)
    if call.operation in PLAIN_OPERATIONS and first.kind is not Kind.METHOD:
        return Reply(STATUS[first.kind], first.says, PLAIN)
    if first.keyword and not is_no_object(first):
        return Reply(422, {"issues": issues(problems, names_of(call)), "name": "ZodError"})
    return Reply(STATUS[first.kind], {"error": first.says})


def names_of(call: Call) -> Sequence[str]:
    return NAMES[call.operation] if call.operation in NAMES else (*contract(call.vendor).fields, *CRM_OBJECT)


@keeps("body-is-an-object")
def is_no_object(problem: Problem) -> bool:
    """Tell whether the body as a whole has another type."""
    return problem.keyword == "type" and not problem.path
