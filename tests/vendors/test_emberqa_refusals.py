import pytest

from mockserver.model import Kind, Problem
from mockserver.vendors.emberqa.refusals import refuse
from tests.facts import facts

QUESTIONS = ["getWorkflowRunDetails", "queryWorkflowRuns"]


@pytest.mark.parametrize(
    ("problem", "status", "message"),
    [
        (Problem(Kind.NO_PATH, "there is no /x here"), 404, "Not Found"),
        (Problem(Kind.METHOD, "GET is not allowed here"), 405, "Method Not Allowed"),
        (Problem(Kind.UNAUTHENTICATED, "this credential is not known"), 401, "Unauthorized"),
        (Problem(Kind.MEDIA_TYPE, "send json", claim="unread-body-lacks-media-url"), 400, "media_url is required"),
        (Problem(Kind.MEDIA_TYPE, "gzip is not read", claim="compressed-body-is-400"), 400, "gzip is not read"),
        (Problem(Kind.MALFORMED, "this is not well-formed JSON"), 400, "this is not well-formed JSON"),
        (Problem(Kind.INVALID, "file is required"), 400, "file is required"),
        (Problem(Kind.TOO_LARGE, "file is larger than 5 bytes"), 413, "file is larger than 5 bytes"),
        (Problem(Kind.BROKEN, "the server could not answer"), 500, "Internal Server Error"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Problem) else "",
)
def test_a_refusal_is_one_message(problem: Problem, status: int, message: str) -> None:
    call = facts("emberqa", operation="submitRecording").call
    reply = refuse((problem, Problem(Kind.INVALID, "and another")), call)
    assert (reply.status, reply.body) == (status, {"message": message})


@pytest.mark.parametrize("operation", QUESTIONS)
@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (Kind.INVALID, 400, "BAD_REQUEST"),
        (Kind.MALFORMED, 400, "BAD_REQUEST"),
        (Kind.MEDIA_TYPE, 400, "BAD_REQUEST"),
        (Kind.NOT_FOUND, 404, "NOT_FOUND"),
        (Kind.TOO_LARGE, 413, "PAYLOAD_TOO_LARGE"),
        (Kind.TOO_MANY, 429, "TOO_MANY_REQUESTS"),
    ],
)
def test_a_question_about_runs_is_refused_in_their_envelope(operation: str, kind: Kind, status: int, code: str) -> None:
    reply = refuse((Problem(kind, "so it is"),), facts("emberqa", operation=operation).call)
    assert (reply.status, reply.body) == (status, {"statusCode": code, "statusMessage": "so it is"})


@pytest.mark.parametrize("operation", QUESTIONS)
@pytest.mark.parametrize("kind", [Kind.UNAUTHENTICATED, Kind.METHOD, Kind.BROKEN])
def test_what_is_said_without_the_operation_is_plain_there_too(operation: str, kind: Kind) -> None:
    reply = refuse((Problem(kind, "so it is"),), facts("emberqa", operation=operation).call)
    assert isinstance(reply.body, dict)
    assert reply.body.keys() == {"message"}


def test_a_status_asked_for_by_name_is_answered_in_the_envelope_too() -> None:
    """`Prefer: code=404` meets the first kind that is one."""
    reply = refuse((Problem(Kind.NO_PATH, "asked for"),), facts("emberqa", operation=QUESTIONS[0]).call)
    assert reply.body == {"statusCode": "NOT_FOUND", "statusMessage": "Not Found"}
