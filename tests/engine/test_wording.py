from typing import Any

import pytest

from mockserver.engine.wording import FORMAT_NOUNS, LONGEST, NOUNS, WORDINGS, complaint, quote, type_of, word
from mockserver.engine.words import SCHEMA_WORDS
from mockserver.kit.formats import FORMATS
from mockserver.model import Json

SENTENCES: list[tuple[str, Any, Json, str]] = [
    ("required", {}, None, "who is required"),
    ("dependentRequired", "crm", None, "who is required when crm is given"),
    ("type", "string", 5, "who must be text, not a whole number"),
    ("type", ["boolean", "null"], {}, "who must be true or false or null, not an object"),
    ("enum", ["IN", "OUT", 3, True, None], "in", "who must be one of IN, OUT, 3, true, null, not in"),
    ("enum", [1], [2], "who must be one of 1, not a list"),
    ("const", False, True, "who must be false, not true"),
    ("format", "uuid", "x", "who must be a UUID"),
    ("minLength", 1, "", "who must not be empty"),
    ("minLength", 3, "a", "who must have at least 3 characters"),
    ("maxLength", 0, "a", "who must be empty"),
    ("maxLength", 1, "ab", "who must have at most 1 character"),
    ("maxLength", 3, "abcd", "who must have at most 3 characters"),
    ("pattern", "^a$", "b", "who must match ^a$"),
    ("minimum", 1, 0.5, "who must be at least 1, not 0.5"),
    ("maximum", 1, 2, "who must be at most 1, not 2"),
    ("exclusiveMinimum", 1, 1, "who must be greater than 1, not 1"),
    ("exclusiveMaximum", 1, 1, "who must be less than 1, not 1"),
    ("minItems", 1, [], "who must not be empty"),
    ("minItems", 2, [1], "who must have at least 2 items"),
    ("maxItems", 0, [1], "who must be empty"),
    ("maxItems", 1, [1, 2], "who must have at most 1 item"),
    ("maxItems", 2, [1, 2, 3], "who must have at most 2 items"),
    ("minProperties", 1, {}, "who must not be empty"),
    ("minProperties", 2, {}, "who must have at least 2 fields"),
    ("maxProperties", 0, {"a": 1}, "who must be empty"),
    ("maxProperties", 1, {"a": 1, "b": 2}, "who must have at most 1 field"),
    ("additionalProperties", None, ["a", "b"], "who has no field a, b"),
    ("additionalProperties", None, "a", "who has no field a"),
    ("anyOf", [{"required": ["a", "b"]}, {"required": ["a"]}, True], {}, "who needs one of a, b"),
    ("anyOf", [{"type": "string"}], {}, "who fits none of the accepted forms"),
    ("oneOf", [{"required": ["a"]}, {"required": ["b"]}], {}, "who needs exactly one of a, b"),
    ("oneOf", [{"type": "string"}], {}, "who must fit exactly one of the accepted forms"),
    ("false", None, 1, "who holds what must not be given"),
    ("readable", "is no JSON", None, "who is no JSON"),
    ("not", {}, 1, "who breaks not"),
]


@pytest.mark.parametrize(
    ("keyword", "wants", "got", "sentence"), SENTENCES, ids=[f"{k}-{s}" for k, _, _, s in SENTENCES]
)
def test_a_keyword_in_one_sentence(keyword: str, wants: Any, got: Json, sentence: str) -> None:
    assert word(keyword, ("who",), wants, got) == sentence


def test_every_wording_has_a_sentence_here() -> None:
    assert WORDINGS.keys() < {keyword for keyword, *_ in SENTENCES}


@pytest.mark.parametrize(
    ("path", "place"),
    [((), "the request"), (("crmObjects", 0, "objectId"), "crmObjects.0.objectId")],
)
def test_a_place_is_named_as_a_client_would(path: tuple[str | int, ...], place: str) -> None:
    assert word("required", path, {}, None) == f"{place} is required"


@pytest.mark.parametrize(("keyword", "says"), [("required", "is required"), ("contains", "breaks contains")])
def test_a_complaint_leaves_the_place_to_others(keyword: str, says: str) -> None:
    assert complaint(keyword, {}, None) == says


def test_no_sentence_is_longer_than_a_thousand_characters() -> None:
    assert len(word("enum", ("who",), [f"choice number {index}" for index in range(500)], "x" * 5000)) == LONGEST
    assert len(word("required", ("x" * 5000,), {}, None)) == LONGEST


def test_a_value_is_never_dumped() -> None:
    assert quote("x" * 60) == "x" * 60
    assert quote("x" * 61) == "x" * 57 + "..."
    assert quote(10**100) == "1" + "0" * 56 + "..."
    assert quote({"secret": "value"}) == "an object"


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "null"), (True, "boolean"), (1, "integer"), (1.5, "number"), ("", "string"), ([], "array"), ({}, "object")],
)
def test_every_value_has_a_type_and_every_type_a_noun(value: Json, name: str) -> None:
    assert type_of(value) == name
    assert name in NOUNS


def test_every_format_has_a_noun() -> None:
    assert FORMAT_NOUNS.keys() == FORMATS.keys()


def test_every_keyword_that_may_refuse_has_a_sentence() -> None:
    structure = {"items", "propertyNames", "if", "then", "else", "properties", "patternProperties", "allOf"}
    structure |= {"dependentSchemas", "$defs", "prefixItems", "not"}
    prose = {"$ref", "$schema", "$comment", "title", "description", "default", "examples", "deprecated"}
    extension = {word for word in SCHEMA_WORDS if word.startswith("x-")} | {"contentMediaType"}
    assert SCHEMA_WORDS.keys() - structure - prose - extension <= WORDINGS.keys()
