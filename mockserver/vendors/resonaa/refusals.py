"""How Resonaa says no: success false, and one error."""

from collections.abc import Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps

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
    return Reply(STATUS[first.kind], {"success": False, "error": ERRORS.get(first.kind, first.says)})
