"""How EmberQA says no: one message and nothing beside it; of runs, a code with it."""

from collections.abc import Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps

UNREAD = "unread-body-lacks-media-url"
STATUS = {**STATUSES, Kind.MEDIA_TYPE: 400}
MESSAGES = {
    Kind.NO_PATH: "Not Found",
    Kind.METHOD: "Method Not Allowed",
    Kind.UNAUTHENTICATED: "Unauthorized",
    Kind.BROKEN: "Internal Server Error",
}
QUESTIONS = ("getWorkflowRunDetails", "queryWorkflowRuns")
# Said before, or without, the operation that was asked for.
PLAIN = (Kind.UNAUTHENTICATED, Kind.METHOD, Kind.BROKEN)
CODES = {400: "BAD_REQUEST", 404: "NOT_FOUND", 413: "PAYLOAD_TOO_LARGE"}


@keeps("refusal-is-a-message", "unauthorized-is-401", "too-large-is-413")
def refuse(problems: Sequence[Problem], call: Call) -> Reply:
    first = problems[0]
    status, says = STATUS[first.kind], message(first)
    if call.operation in QUESTIONS and first.kind not in PLAIN:
        return Reply(status, envelope(status, first.kind, says))
    return Reply(status, {"message": says})


def message(problem: Problem) -> str:
    if problem.claim == UNREAD:
        return "media_url is required"
    return MESSAGES.get(problem.kind, problem.says)


@keeps("refusal-of-a-question-is-an-envelope")
def envelope(status: int, kind: Kind, says: str) -> dict[str, str]:
    code = CODES.get(status) or kind.value.upper().replace(" ", "_")
    return {"statusCode": code, "statusMessage": says}
