from typing import Any

import pytest

from mockserver.model import Json, Kind, Path, Problem
from mockserver.vendors.siro.refusals import refuse
from tests.facts import facts

CALL = facts("siro").call


def invalid(keyword: str, path: Path = (), wants: Json = None, got: Json = None) -> Problem:
    return Problem(Kind.INVALID, "as the engine words it", path, keyword, wants, got)


# One error


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.METHOD, 405),
        (Kind.MEDIA_TYPE, 400),
        (Kind.MALFORMED, 400),
        (Kind.TOO_LARGE, 413),
        (Kind.UNAUTHENTICATED, 401),
        (Kind.FORBIDDEN, 403),
        (Kind.NOT_FOUND, 404),
        (Kind.INVALID, 400),
        (Kind.BROKEN, 500),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else None,
)
def test_a_refusal_is_one_error(kind: Kind, status: int) -> None:
    reply = refuse((Problem(kind, "why"), Problem(kind, "another")), CALL)
    assert (reply.status, reply.body) == (status, {"error": "why"})


def test_an_unknown_path_is_answered_by_the_gateway() -> None:
    reply = refuse((Problem(Kind.NO_PATH, "there is no /x here"),), CALL)
    assert reply.body == {"code": 404, "message": "The current request is not defined by this API."}
    assert reply.status == 404


def test_a_path_that_is_not_found_within_an_operation_is_one_error() -> None:
    reply = refuse((Problem(Kind.NO_PATH, "why"),), facts("siro", operation="getRecording").call)
    assert (reply.status, reply.body) == (404, {"error": "why"})


@pytest.mark.parametrize(
    ("operation", "problem", "status"),
    [
        ("listRecordings", Problem(Kind.UNAUTHENTICATED, "why"), 401),
        ("listRecordings", Problem(Kind.INVALID, "why", ("limit",), "maximum"), 400),
        ("listConnections", Problem(Kind.INVALID, "why", ("integrationPlatform",), "enum"), 400),
        ("getConnection", Problem(Kind.NOT_FOUND, "why"), 404),
    ],
)
def test_some_operations_refuse_in_plain_text(operation: str, problem: Problem, status: int) -> None:
    reply = refuse((problem,), facts("siro", operation=operation).call)
    assert (reply.status, reply.body, reply.media_type) == (status, "why", "text/plain")


def test_a_wrong_method_is_told_alike_everywhere() -> None:
    reply = refuse((Problem(Kind.METHOD, "why"),), facts("siro", operation="listRecordings").call)
    assert (reply.status, reply.body) == (405, {"error": "why"})


def test_storage_refuses_in_googles_voice() -> None:
    reply = refuse((Problem(Kind.FORBIDDEN, "why"),), facts("siro", path="/siro-recordings/uploads/x").call)
    assert reply.media_type == "application/xml; charset=UTF-8"


def test_issues_of_an_operation_come_in_the_order_of_its_names() -> None:
    call = facts("siro", operation="createAccessToken").call
    problems = [invalid("required", (name,), {"type": "string"}) for name in ("scope", "userId", "clientSecret")]
    body: Any = refuse(problems, call).body
    assert [each["path"] for each in body["issues"]] == [["clientSecret"], ["userId"], ["scope"]]


def test_too_many_requests_are_told_in_plain_text() -> None:
    reply = refuse((Problem(Kind.TOO_MANY, "slow down"),), CALL)
    assert (reply.status, reply.body, reply.media_type) == (429, "Too Many Requests", "text/plain")


def test_a_body_that_is_no_object_is_one_error() -> None:
    reply = refuse((invalid("type", (), "object", []),), CALL)
    assert (reply.status, reply.body) == (400, {"error": "as the engine words it"})


def test_fields_are_told_as_issues() -> None:
    reply = refuse((invalid("type", ("title",), "string", 1),), CALL)
    assert reply.status == 422
    assert reply.body == {
        "issues": [
            {
                "code": "invalid_type",
                "expected": "string",
                "received": "number",
                "path": ["title"],
                "message": "Expected string, received number",
            }
        ],
        "name": "ZodError",
    }
