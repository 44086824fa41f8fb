from typing import Any

import pytest

from mockserver.model import Json, Kind, Path, Problem
from mockserver.vendors.siro.contracts import AUGUST_2026, CRM_OBJECT, FIRST
from mockserver.vendors.siro.issues import issues


def invalid(keyword: str, path: Path = (), wants: Json = None, got: Json = None) -> Problem:
    return Problem(Kind.INVALID, "as the engine words it", path, keyword, wants, got)


def issue(problem: Problem) -> dict[str, Any]:
    (found,) = issues([problem], (*FIRST.fields, *CRM_OBJECT))
    return found


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


@pytest.mark.parametrize(
    ("wants", "got", "expected", "received"),
    [
        ("integer", 1.5, "integer", "float"),
        ("integer", "1", "number", "string"),
        (["boolean", "null"], "yes", "boolean", "string"),
    ],
    ids=["fraction", "text", "boolean-or-null"],
)
def test_what_is_no_whole_number_or_may_be_null_is_told_as_zod_does(
    wants: Json, got: Json, expected: str, received: str
) -> None:
    found = issue(invalid("type", ("limit",), wants, got))
    assert (found["expected"], found["received"]) == (expected, received)
    assert found["message"] == f"Expected {expected}, received {received}"


@pytest.mark.parametrize(
    ("keyword", "code", "bound", "message"),
    [
        ("minimum", "too_small", {"minimum": 1, "inclusive": True}, "Number must be greater than or equal to 1"),
        ("exclusiveMinimum", "too_small", {"minimum": 1, "inclusive": False}, "Number must be greater than 1"),
        ("maximum", "too_big", {"maximum": 1, "inclusive": True}, "Number must be less than or equal to 1"),
    ],
)
def test_a_number_has_its_bounds(keyword: str, code: str, bound: dict[str, Any], message: str) -> None:
    found = issue(invalid(keyword, ("limit",), 1, 5))
    assert found == {"code": code, **bound, "type": "number", "exact": False, "path": ["limit"], "message": message}


def test_unknown_keys_are_listed_up_to_a_point() -> None:
    found = issue(invalid("additionalProperties", (), None, ["a", "b" * 5_000, *map(str, range(100))]))
    assert found["message"].startswith("Unrecognized key(s) in object: 'a', 'bbb")
    assert (len(found["keys"]), len(found["keys"][1])) == (50, 1_000)


@pytest.mark.parametrize(
    ("keyword", "message"),
    [
        ("anyOf", "At least one of userId, userEmail, userPhone must be a non-empty string"),
        ("dependentRequired", "integrationConnectionId and crmObjects must be provided together"),
        ("oneOf", "Exactly one of id, or externalId with integrationConnectionId, must be provided"),
        ("maxProperties", "as the engine words it"),
    ],
)
def test_what_has_no_code_of_its_own_is_custom(keyword: str, message: str) -> None:
    assert issue(invalid(keyword)) == {"code": "custom", "path": [], "message": message}


# Issues together


def paths(*problems: Problem) -> list[Any]:
    return [found["path"] for found in issues(problems, (*AUGUST_2026.fields, *CRM_OBJECT))]


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
    assert [found["code"] for found in issues(problems, (*AUGUST_2026.fields, *CRM_OBJECT))] == codes
