"""How Voxjar says no: a flag and a sentence, and plain text where the platform speaks."""

from collections.abc import Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps

STATUS = {**STATUSES, Kind.MEDIA_TYPE: 400}


@keeps("refusal-body", "what-is-400", "missing-token-is-401", "over-the-limit-is-413", "order-of-refusals")
def refuse(problems: Sequence[Problem], _call: Call) -> Reply:
    first = problems[0]
    if first.kind is Kind.TOO_LARGE:
        return Reply(413, "Request Entity Too Large", "text/plain")
    return Reply(STATUS[first.kind], {"success": False, "error": sentence(first)})


def sentence(problem: Problem) -> str:
    if problem.claim == "structural-fields-are-objects":
        return f"{'.'.join(map(str, problem.path))} must be an object"
    return problem.says
