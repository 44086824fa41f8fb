from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.shape import MOST, Shape, claim_of
from mockserver.model import Kind, Problem
from tests.acme import CALL, acme_document

NAMES: dict[str, Any] = {"type": "object", "patternProperties": {"^x-": True}, "additionalProperties": False}


def shape(schema: Any, **schemas: Any) -> Shape:
    return Shape(schema, {"components": {"schemas": schemas}})


def only(schema: Any, instance: Any, **schemas: Any) -> Problem:
    (problem,) = shape(schema, **schemas).problems(instance)
    return problem


def test_what_fits_has_no_problems() -> None:
    assert shape(CALL).problems({"who": "Ada", "at": "2026-06-23T14:30:00Z", "seconds": 5}) == ()


def test_a_problem_tells_all_that_a_vendor_may_want() -> None:
    assert only(CALL, {"who": "Ada", "seconds": -1}) == Problem(
        Kind.INVALID, "seconds must be at least 0, not -1", ("seconds",), "minimum", wants=0, got=-1, claim=None
    )


@pytest.mark.parametrize(
    ("instance", "path", "keyword", "claim"),
    [
        ({}, ("who",), "required", "who-required"),
        ({"who": 5}, ("who",), "type", "who-is-text"),
        ({"who": ""}, ("who",), "minLength", None),
        ({"who": "Ada", "at": "now"}, ("at",), "format", "at-is-a-moment"),
        ({"who": "Ada", "at": 5}, ("at",), "type", "at-is-a-moment"),
        ({"who": "Ada", "seconds": "5"}, ("seconds",), "type", "whole-seconds"),
        ([], (), "type", "call-is-an-object"),
    ],
)
def test_a_problem_carries_the_claim_of_its_node(instance: Any, path: Any, keyword: str, claim: str | None) -> None:
    problem = only(CALL, instance)
    assert (problem.path, problem.keyword, problem.claim) == (path, keyword, claim)


REF = {"$ref": "#/components/schemas/own"}
REQUIRED = {"required": ["a"]}


@pytest.mark.parametrize(
    ("schema", "own", "claim"),
    [
        ({**REQUIRED, "properties": {"a": {"x-claim": "node"}}, "x-claim": "parent"}, {}, "node"),
        ({**REQUIRED, "properties": {"a": {"x-claim": {"required": "node"}}}, "x-claim": "parent"}, {}, "node"),
        ({**REQUIRED, "properties": {"a": {"x-claim": {"type": "node"}}}, "x-claim": "parent"}, {}, "parent"),
        ({**REQUIRED, "properties": {"a": REF}, "x-claim": "parent"}, {"x-claim": "target"}, "target"),
        ({**REQUIRED, "properties": {"a": {**REF, "x-claim": "beside"}}}, {"x-claim": "target"}, "beside"),
        ({**REQUIRED, "properties": {"a": True}, "x-claim": "parent"}, {}, "parent"),
        ({**REQUIRED, "x-claim": {"required": "parent"}}, {}, "parent"),
        (REQUIRED, {}, None),
    ],
)
def test_whose_claim_a_missing_field_breaks(schema: Any, own: Any, claim: str | None) -> None:
    problem = only(schema, {}, own=own)
    assert (problem.path, problem.says, problem.claim) == (("a",), "a is required", claim)


def test_every_missing_field_is_a_problem_of_its_own() -> None:
    missing = shape({"required": ["a", "b", "c"]}).problems({"b": 1})
    assert [problem.path for problem in missing] == [("a",), ("c",)]


def test_a_field_that_another_one_needs_is_named_itself() -> None:
    needs = {"dependentRequired": {"a": ["b", "c"], "d": ["a"]}, "x-claim": {"dependentRequired": "together"}}
    found = shape(needs).problems({"a": 1, "b": 2})
    assert [(each.path, each.says, each.wants, each.claim) for each in found] == [
        (("c",), "c is required when a is given", "a", "together")
    ]


def test_a_field_too_many_is_named() -> None:
    closed = {"properties": {"a": True}, "additionalProperties": False, "x-claim": "nothing-else"}
    problem = only(closed, {"a": 1, "b": 2, "c": 3})
    assert (problem.path, problem.says, problem.got) == ((), "the request has no field b, c", ["b", "c"])
    assert only(NAMES, {"x-a": 1, "b": 2}).got == ["b"]


def test_a_schema_for_further_fields_judges_them_where_they_are() -> None:
    problem = only({"additionalProperties": {"type": "string", "x-claim": "texts"}}, {"a": 1})
    assert (problem.path, problem.keyword, problem.claim) == (("a",), "type", "texts")


@pytest.mark.parametrize(
    ("schema", "instance", "path", "keyword", "claim"),
    [
        ({"anyOf": [{"required": ["a"]}], "x-claim": {"anyOf": "one"}}, {}, (), "anyOf", "one"),
        ({"oneOf": [{"required": ["a"]}], "x-claim": "one"}, {}, (), "oneOf", "one"),
        ({"allOf": [{"type": "string", "x-claim": "inner"}], "x-claim": "outer"}, 1, (), "type", "inner"),
        ({"if": {"type": "integer"}, "then": {"minimum": 5, "x-claim": "then"}}, 1, (), "minimum", "then"),
        ({"properties": {"a": REF}}, {"a": 1}, ("a",), "type", "own"),
        ({"items": REF}, ["a", 1], (1,), "type", "own"),
        ({"properties": {"a": False}}, {"a": 1}, (), "false", None),
        ({"not": {"type": "integer"}, "x-claim": "not"}, 1, (), "not", "not"),
    ],
)
def test_problems_are_told_at_the_innermost_place(
    schema: Any, instance: Any, path: Any, keyword: str, claim: str | None
) -> None:
    problem = only(schema, instance, own={"type": "string", "x-claim": "own"})
    assert (problem.path, problem.keyword, problem.claim) == (path, keyword, claim)


def test_problems_come_in_the_order_of_the_document() -> None:
    schema = {"properties": {"b": {"type": "string"}, "a": {"type": "string"}}, "required": ["c"]}
    assert [problem.path for problem in shape(schema).problems({"a": 1, "b": 1})] == [("b",), ("a",), ("c",)]


def test_problems_are_bounded() -> None:
    assert len(shape({"items": {"type": "string"}}).problems([1] * 10_000)) == MOST
    assert len(shape({"required": [f"field-{index}" for index in range(200)]}).problems({})) == MOST


def test_true_and_false_are_shapes() -> None:
    assert shape(True).problems({"a": 1}) == ()
    assert only(False, {"a": 1}).says == "the request holds what must not be given"


def test_only_texts_have_formats() -> None:
    assert shape({"format": "uuid"}).problems(5) == ()
    assert only({"format": "uuid"}, "5").says == "the request must be a UUID"


@pytest.mark.parametrize(
    ("text", "fits"), [("abc", True), ("abc\n", False), ("\u0661", False), ("", False), ("ab-c", False)], ids=repr
)
def test_a_pattern_is_read_as_the_standard_has_it(text: str, *, fits: bool) -> None:
    word = shape({"pattern": "^[a-z]+$"})
    assert word.accepts(text) is fits
    assert bool(word.problems(text)) is not fits


def test_only_texts_have_patterns() -> None:
    assert shape({"pattern": "^[a-z]+$"}).problems(5) == ()
    assert only({"type": "string", "pattern": "^[a-z]+$"}, 5).keyword == "type"


def test_what_the_quick_engine_cannot_hold_the_other_judges() -> None:
    half = "\ud800"
    assert shape({"type": "string"}).accepts(half)
    assert only({"type": "integer"}, half).keyword == "type"


def test_a_schema_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match='"strnig" is not valid'):
        shape({"type": "strnig"})


def test_references_lead_into_the_bundled_document(tmp_path: Path) -> None:
    (endpoint,) = acme_document(tmp_path).endpoints
    body = endpoint.bodies["application/json"]
    assert [problem.claim for problem in body.shape.problems({})] == ["who-required"]


def test_a_claim_is_for_all_keywords_or_for_each() -> None:
    assert claim_of({"x-claim": "all"}, "type") == "all"
    assert claim_of({"x-claim": {"type": "one"}}, "type") == "one"
    assert claim_of({"x-claim": {"type": "one"}}, "format") is None
    assert claim_of({}, "type") is None
    assert claim_of(True, "type") is None
