from typing import Any

import pytest

from mockserver.model import Json, Kind, Path, Problem
from mockserver.vendors.siro.contracts import AUGUST_2026, FIRST
from mockserver.vendors.siro.issues import issues
from mockserver.vendors.siro.refusals import refuse
from tests.facts import facts

CALL = facts("siro").call


def invalid(keyword: str, path: Path = (), wants: Json = None, got: Json = None) -> Problem:
    return Problem(Kind.INVALID, "as the engine words it", path, keyword, wants, got)


def issue(problem: Problem) -> dict[str, Any]:
    (found,) = issues([problem], FIRST)
    return found


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


# Issues, one by one


@pytest.mark.parametrize(
    ("wants", "expected"),
    [({"type": "string"}, "string"), ({"enum": ["mp3", "aac"]}, "'mp3' | 'aac'"), ({}, ""), (True, "")],
    ids=["text", "choice", "anything", "no-schema"],
)
def test_what_is_missing_tells_what_was_expected(wants: Json, expected: str) -> None:
    found = issue(invalid("required", ("fileType",), wants))
    assert (found["message"], found["received"], found["expected"]) == ("Required", "undefined", expected)


@pytest.mark.parametrize(
    ("got", "received"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("1", "string"),
        ([], "array"),
        ({}, "object"),
    ],
    ids=str,
)
def test_types_go_by_their_names_in_javascript(got: Json, received: str) -> None:
    found = issue(invalid("type", ("crmObjects", 0), "object", got))
    assert found["received"] == received
    assert found["message"] == f"Expected object, received {received}"


def test_a_wrong_choice_is_repeated_as_long_as_it_is_short() -> None:
    found = issue(invalid("enum", ("fileType",), ["mp3", "aac"], "x" * 5_000))
    assert (found["code"], found["options"], len(found["received"])) == ("invalid_enum_value", ["mp3", "aac"], 1_000)
    assert found["message"].startswith("Invalid enum value. Expected 'mp3' | 'aac', received 'xxx")


def test_a_choice_of_another_type_is_a_wrong_type() -> None:
    found = issue(invalid("enum", ("fileType",), ["mp3", "aac"], 3))
    assert (found["code"], found["message"]) == ("invalid_type", "Expected 'mp3' | 'aac', received number")


@pytest.mark.parametrize(
    ("format_name", "validation"),
    [("uri", "url"), ("date-time", "datetime"), ("email", "email")],
)
def test_a_format_goes_by_its_name_in_zod(format_name: str, validation: str) -> None:
    found = issue(invalid("format", ("dateCreated",), format_name, "x"))
    assert (found["code"], found["validation"], found["message"]) == (
        "invalid_string",
        validation,
        f"Invalid {validation}",
    )


def test_an_empty_text_is_too_small() -> None:
    assert issue(invalid("minLength", ("downloadUrl",), 1, "")) == {
        "code": "too_small",
        "minimum": 1,
        "type": "string",
        "inclusive": True,
        "exact": False,
        "message": "String must contain at least 1 character(s)",
        "path": ["downloadUrl"],
    }


def test_unknown_keys_are_listed_up_to_a_point() -> None:
    found = issue(invalid("additionalProperties", (), None, ["a", "b" * 5_000, *map(str, range(100))]))
    assert found["message"].startswith("Unrecognized key(s) in object: 'a', 'bbb")
    assert (len(found["keys"]), len(found["keys"][1])) == (50, 1_000)


@pytest.mark.parametrize(
    ("keyword", "message"),
    [
        ("anyOf", "At least one of userId, userEmail, userPhone must be a non-empty string"),
        ("dependentRequired", "integrationConnectionId and crmObjects must be provided together"),
        ("maxProperties", "as the engine words it"),
    ],
)
def test_what_has_no_code_of_its_own_is_custom(keyword: str, message: str) -> None:
    assert issue(invalid(keyword)) == {"code": "custom", "path": [], "message": message}


# Issues together


def paths(*problems: Problem) -> list[Any]:
    return [found["path"] for found in issues(problems, AUGUST_2026)]


def test_issues_come_in_the_order_of_the_fields() -> None:
    found = paths(
        invalid("required", ("crmObjects", 1, "objectId"), {"type": "string"}),
        invalid("required", ("crmObjects", 0, "objectType"), {"type": "string"}),
        invalid("type", ("crmObjects", 1, "objectType"), "string", 1),
        invalid("type", ("title",), "string", 1),
        invalid("format", ("fileUrl",), "uri", "x"),
        invalid("type", ("surprise",), "string", 1),
    )
    assert found == [
        ["fileUrl"],
        ["title"],
        ["crmObjects", 0, "objectType"],
        ["crmObjects", 1, "objectType"],
        ["crmObjects", 1, "objectId"],
        ["surprise"],
    ]


ANY_OF, EXTRA = invalid("anyOf"), invalid("additionalProperties", (), None, ["extra"])


@pytest.mark.parametrize(
    ("problems", "codes"),
    [
        ([ANY_OF, EXTRA], ["unrecognized_keys", "custom"]),
        ([ANY_OF, EXTRA, invalid("minLength", ("fileUrl",), 1, "")], ["too_small", "unrecognized_keys"]),
    ],
    ids=["fields-are-right", "a-field-is-wrong"],
)
def test_what_fields_owe_each_other_is_told_once_they_are_right(problems: list[Problem], codes: list[str]) -> None:
    assert [found["code"] for found in issues(problems, AUGUST_2026)] == codes
