"""What is wrong with a value, in one sentence, from the keyword that failed; never a dump of the value."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.model import Json, Path

LONGEST = 1_000
NOUNS: Mapping[str, str] = {
    "string": "text",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "integer": "a whole number",
    "number": "a number",
}
FORMAT_NOUNS: Mapping[str, str] = {
    "date-time": "a date and time as RFC 3339 writes them",
    "iso-8601": "an ISO 8601 date, or date and time",
    "uri": "an absolute URI",
    "web-url": "an http or https URL",
    "uuid": "a UUID",
    "email": "an e-mail address",
    "webhook-secret": "whsec_ and a base64 text",
}


def type_of(value: Json) -> str:
    """Return the JSON Schema name of a value's type."""
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def quote(value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, str | int | float) else NOUNS[type_of(value)]
    return text if len(text) <= 60 else text[:57] + "..."


def listed(values: Any) -> str:
    return ", ".join(quote(value) for value in values)


def word_type(wants: Any, got: Json) -> str:
    names = wants if isinstance(wants, list) else [wants]
    return f"must be {' or '.join(NOUNS[name] for name in names)}, not {NOUNS[type_of(got)]}"


def needed(branches: Any) -> list[str]:
    """Return the names that the branches of an anyOf or oneOf require."""
    required = [branch.get("required", ()) for branch in branches if isinstance(branch, dict)]
    return list(dict.fromkeys(name for names in required for name in names))


def word_any_of(wants: Any, _got: Json) -> str:
    names = needed(wants)
    return f"needs one of {listed(names)}" if names else "fits none of the accepted forms"


def word_one_of(wants: Any, _got: Json) -> str:
    names = needed(wants)
    return f"needs exactly one of {listed(names)}" if names else "must fit exactly one of the accepted forms"


def at_least(noun: str) -> Callable[[Any, Json], str]:
    return lambda wants, _got: "must not be empty" if wants == 1 else f"must have at least {wants} {noun}s"


def at_most(noun: str) -> Callable[[Any, Json], str]:
    many = {0: "must be empty", 1: f"must have at most 1 {noun}"}
    return lambda wants, _got: many.get(wants, f"must have at most {wants} {noun}s")


WORDINGS: Mapping[str, Callable[[Any, Json], str]] = {
    "required": lambda _wants, _got: "is required",
    "dependentRequired": lambda wants, _got: f"is required when {quote(wants)} is given",
    "type": word_type,
    "enum": lambda wants, got: f"must be one of {listed(wants)}, not {quote(got)}",
    "const": lambda wants, got: f"must be {quote(wants)}, not {quote(got)}",
    "format": lambda wants, _got: f"must be {FORMAT_NOUNS[wants]}",
    "minLength": at_least("character"),
    "maxLength": at_most("character"),
    "pattern": lambda wants, _got: f"must match {wants}",
    "minimum": lambda wants, got: f"must be at least {wants}, not {quote(got)}",
    "maximum": lambda wants, got: f"must be at most {wants}, not {quote(got)}",
    "exclusiveMinimum": lambda wants, got: f"must be greater than {wants}, not {quote(got)}",
    "exclusiveMaximum": lambda wants, got: f"must be less than {wants}, not {quote(got)}",
    "minItems": at_least("item"),
    "maxItems": at_most("item"),
    "minProperties": at_least("field"),
    "maxProperties": at_most("field"),
    "additionalProperties": lambda _wants, got: f"has no field {listed(got if isinstance(got, list) else [got])}",
    "anyOf": word_any_of,
    "oneOf": word_one_of,
    "false": lambda _wants, _got: "holds what must not be given",
    "readable": lambda wants, _got: str(wants),
}


def word(keyword: str, path: Path, wants: Any, got: Json) -> str:
    """Return the sentence, at most 1,000 characters; the place is named as a client would name it."""
    place = ".".join(str(step) for step in path) or "the request"
    return f"{place} {complaint(keyword, wants, got)}"[:LONGEST]


def complaint(keyword: str, wants: Any, got: Json) -> str:
    """Return the sentence without its subject, the place."""
    wording = WORDINGS.get(keyword)
    return wording(wants, got) if wording else f"breaks {keyword}"
