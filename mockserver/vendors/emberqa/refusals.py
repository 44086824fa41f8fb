"""How EmberQA says no: one message and nothing beside it."""

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


@keeps("refusal-is-a-message", "unauthorized-is-401", "too-large-is-413")
def refuse(problems: Sequence[Problem], _call: Call) -> Reply:
    first = problems[0]
    return Reply(STATUS[first.kind], {"message": message(first)})


def message(problem: Problem) -> str:
    if problem.claim == UNREAD:
        return "media_url is required"
    return MESSAGES.get(problem.kind, problem.says)
