"""What Zod 3 calls a problem, in its own words: the texts here are a program's, not a person's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from mockserver.model import Json, Path, Problem, keeps

Issue: TypeAlias = dict[str, Any]
MOST_KEYS = 50
LONGEST = 1_000
TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
# A whole number is a number to Zod until it has a fraction.
TYPE_NAMES: Mapping[str, str] = {"string": "string", "boolean": "boolean", "integer": "number", "array": "array"}
VALIDATIONS: Mapping[str, str] = {"uri": "url", "date-time": "datetime"}
BETWEEN_FIELDS: Mapping[str | None, str] = {
    "anyOf": "At least one of userId, userEmail, userPhone must be a non-empty string",
    "dependentRequired": "integrationConnectionId and crmObjects must be provided together",
    "oneOf": "Exactly one of id, or externalId with integrationConnectionId, must be provided",
}
# Zod checks fields first, then unknown keys; what fields owe each other only once they are right.
FIELD, UNKNOWN_KEYS, BETWEEN = 0, 1, 2
RANKS = {"additionalProperties": UNKNOWN_KEYS, **dict.fromkeys(BETWEEN_FIELDS, BETWEEN)}


@keeps("issues-in-order-of-fields")
def issues(problems: Iterable[Problem], names: Sequence[str]) -> list[Issue]:
    """Return what is wrong as Zod lists it; `names` are the fields in the order in which it checks them."""
    ordered = sorted(problems, key=lambda each: (rank(each), place(each.path, names)))
    fields_are_right = rank(ordered[0]) != FIELD
    return [ISSUES.get(each.keyword, custom)(each) for each in ordered if fields_are_right or rank(each) != BETWEEN]


def rank(problem: Problem) -> int:
    return RANKS.get(problem.keyword, FIELD)


def place(path: Path, names: Sequence[str]) -> tuple[int, ...]:
    """Return the steps as positions in the names; what is not among them comes last."""
    positions = {name: position for position, name in enumerate(names)}
    return tuple(step if isinstance(step, int) else positions.get(step, len(names)) for step in path)


def missing(problem: Problem) -> Issue:
    wants = problem.wants if isinstance(problem.wants, dict) else {}
    expected = TYPE_NAMES.get(str(wants.get("type"))) or choices(wants.get("enum"))
    return issue("invalid_type", problem, "Required", expected=expected, received="undefined")


def wrong_type(problem: Problem) -> Issue:
    if problem.wants != "integer":
        # Zod speaks of what may be null as of what it is otherwise.
        wants = problem.wants[0] if isinstance(problem.wants, list) else problem.wants
        return not_of_type(str(wants), problem)
    if not isinstance(problem.got, float):
        return not_of_type("number", problem)
    says = "Expected integer, received float"
    return issue("invalid_type", problem, says, expected="integer", received="float")


def not_of_type(expected: str, problem: Problem) -> Issue:
    received = TYPES[type(problem.got)]
    says = f"Expected {expected}, received {received}"
    return issue("invalid_type", problem, says, expected=expected, received=received)


@keeps("file-type-is-a-choice")
def wrong_choice(problem: Problem) -> Issue:
    expected = choices(problem.wants)
    if not isinstance(problem.got, str):
        return not_of_type(expected, problem)
    received = problem.got[:LONGEST]
    says = f"Invalid enum value. Expected {expected}, received '{received}'"
    return issue("invalid_enum_value", problem, says, received=received, options=problem.wants)


def wrong_format(problem: Problem) -> Issue:
    validation = VALIDATIONS.get(str(problem.wants), str(problem.wants))
    return issue("invalid_string", problem, f"Invalid {validation}", validation=validation)


def too_short(problem: Problem) -> Issue:
    says = f"String must contain at least {problem.wants} character(s)"
    return issue("too_small", problem, says, minimum=problem.wants, type="string", inclusive=True, exact=False)


def too_small(problem: Problem) -> Issue:
    inclusive = problem.keyword == "minimum"
    says = f"Number must be greater than {'or equal to ' if inclusive else ''}{problem.wants}"
    return issue("too_small", problem, says, minimum=problem.wants, type="number", inclusive=inclusive, exact=False)


def too_big(problem: Problem) -> Issue:
    says = f"Number must be less than or equal to {problem.wants}"
    return issue("too_big", problem, says, maximum=problem.wants, type="number", inclusive=True, exact=False)


@keeps("refusals-are-bounded")
def unknown_keys(problem: Problem) -> Issue:
    names = problem.got if isinstance(problem.got, list) else []
    keys = [name[:LONGEST] for name in names[:MOST_KEYS]]
    quoted = ", ".join(f"'{key}'" for key in keys)
    return issue("unrecognized_keys", problem, f"Unrecognized key(s) in object: {quoted}", keys=keys)


def custom(problem: Problem) -> Issue:
    return issue("custom", problem, BETWEEN_FIELDS.get(problem.keyword, problem.says))


def issue(code: str, problem: Problem, message: str, **members: Json) -> Issue:
    return {"code": code, **members, "path": list(problem.path), "message": message}


def choices(values: Json) -> str:
    return " | ".join(f"'{value}'" for value in values) if isinstance(values, list) else ""


ISSUES: Mapping[str | None, Callable[[Problem], Issue]] = {
    "required": missing,
    "type": wrong_type,
    "enum": wrong_choice,
    "format": wrong_format,
    "minLength": too_short,
    "minimum": too_small,
    "exclusiveMinimum": too_small,
    "maximum": too_big,
    "additionalProperties": unknown_keys,
}
