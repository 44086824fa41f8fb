"""Which claims a value keeps, and which a place may break: schemas and values, one line each."""

from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.engine.probes import Bits, Prober
from mockserver.engine.sieves import LONGEST_KEY, MOST_ITEMS, MOST_KEYS, MOST_SHAPES, Sieve, sieve

DOCUMENT: Mapping[str, Any] = {
    "components": {
        "schemas": {
            "name": {"type": "string", "x-claim": {"required": "named", "type": "name-is-text"}},
            "tree": {"x-claim": "is-a-tree", "properties": {"child": {"$ref": "#/components/schemas/tree"}}},
        }
    }
}
NAME = {"$ref": "#/components/schemas/name"}
ONE = {"type": "object", "properties": {"a": {"x-claim": "has-a"}, "b": {}}, "x-claim": "is-an-object"}
IF_KIND = {
    "properties": {"kind": {}, "rows": {"x-claim": "rows-are-rows"}},
    "if": {"required": ["kind"], "properties": {"kind": {"const": "rows"}}},
    "then": {"required": ["rows"], "x-claim": "rows-come-along"},
    "else": {"x-claim": "no-rows"},
}
CHOICE = {"anyOf": [{"required": ["a"], "x-claim": "by-a"}, {"x-claim": "by-b"}], "x-claim": {"anyOf": "a-or-b"}}
TOGETHER = {
    "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"c": {"properties": {"d": {"type": "string", "x-claim": "d-beside-c"}}}},
    "x-claim": {"dependentRequired": "a-with-b"},
}
PATTERNS = {
    "properties": {"known": {}},
    "patternProperties": {"^x-": {"type": "string", "x-claim": "x-is-text"}},
    "additionalProperties": {"type": "integer", "x-claim": "rest-is-whole"},
    "propertyNames": {"maxLength": 3, "x-claim": "short-names"},
}
PAIR = {"prefixItems": [{"x-claim": "first"}], "items": {"minimum": 0, "x-claim": "others"}}


def made(schema: Any, **how: Any) -> tuple[Bits, Prober]:
    bits = Bits()
    return bits, Prober(DOCUMENT, bits, **how)


def kept(schema: Any, value: Any) -> set[str]:
    bits, prober = made(schema)
    return set(bits.names(sieve(prober.probe(schema)).kept(value)))


def breaks(schema: Any, **how: Any) -> set[str]:
    bits, prober = made(schema, **how)
    return {name for probe in prober.probe(schema).all() for name in bits.names(probe.breaks)}


@pytest.mark.parametrize(
    ("schema", "value", "names"),
    [
        (ONE, {}, {"is-an-object"}),
        (ONE, {"a": None, "c": 1}, {"is-an-object", "has-a"}),
        (ONE, [], {"is-an-object"}),
        (True, {}, set()),
        ({"required": ["name"], "properties": {"name": NAME}}, {"name": "Ada"}, {"named", "name-is-text"}),
        ({"properties": {"name": NAME}}, {"name": "Ada"}, {"name-is-text"}),
        ({"required": ["a"], "x-claim": {"required": "a-must-be"}}, {"a": 1}, {"a-must-be"}),
        ({"required": ["a"], "x-claim": {"required": "a-must-be"}}, {}, set()),
        ({"x-claim": {"required": "part-must-be", "readable": "part-is-json", "x-max-bytes": "small"}}, {}, set()),
        ({"allOf": [ONE, {"properties": {"b": {"x-claim": "has-b"}}}]}, {"b": 1}, {"is-an-object", "has-b"}),
        ({"properties": {"inner": ONE}}, {"inner": {"a": 1}}, {"is-an-object", "has-a"}),
        ({"properties": {"inner": ONE}}, {"inner": "text"}, {"is-an-object"}),
        ({"properties": {"inner": ONE}}, {"outer": {"a": 1}}, set()),
        ({"items": ONE}, [{"b": 1}, {"a": 1}], {"is-an-object", "has-a"}),
        ({"items": ONE}, [], set()),
        ({"items": ONE}, {"a": 1}, set()),
        ({"items": {"type": "string"}}, ["a"], set()),
        (PAIR, [1], {"first", "others"}),
        (IF_KIND, {"kind": "rows", "rows": []}, {"rows-come-along", "rows-are-rows"}),
        (IF_KIND, {"kind": "none"}, {"no-rows"}),
        (CHOICE, {"a": 1}, {"a-or-b"}),
        (TOGETHER, {"a": 1, "b": 1}, {"a-with-b"}),
        (TOGETHER, {"b": 1}, set()),
        (TOGETHER, {"c": 1, "d": ""}, {"d-beside-c"}),
        (TOGETHER, {"d": ""}, set()),
        (TOGETHER, "text", set()),
        (PATTERNS, {"known": 1}, {"short-names"}),
        (PATTERNS, {"x-y": ""}, {"short-names", "x-is-text"}),
        (PATTERNS, {"y": 1}, {"short-names", "rest-is-whole"}),
        ({"patternProperties": {"^x": {"x-claim": "x"}}, "additionalProperties": False}, {"y": 1}, set()),
        (
            {"patternProperties": {"^x": {"x-claim": "x"}}, "properties": {"d": ONE}},
            {"d": {}, "x": 1},
            {"is-an-object", "x"},
        ),
        ({"$ref": "#/components/schemas/tree"}, {"child": {"child": {}}}, {"is-a-tree"}),
    ],
)
def test_an_accepted_value_keeps_the_claims_of_what_it_holds(schema: Any, value: Any, names: set[str]) -> None:
    assert kept(schema, value) == names


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        (ONE, {"is-an-object"}),
        (NAME, {"name-is-text"}),
        ({"required": ["name"], "properties": {"name": NAME}}, {"named", "name-is-text"}),
        ({"required": ["a"], "x-claim": "a-must-be"}, {"a-must-be"}),
        ({"x-claim": "says-nothing-that-can-be-broken", "description": "Anything."}, set()),
        ({"additionalProperties": False, "x-claim": {"additionalProperties": "nothing-else"}}, {"nothing-else"}),
        ({"additionalProperties": True, "x-claim": {"additionalProperties": "anything-else"}}, set()),
        (CHOICE, {"a-or-b"}),
        (TOGETHER, {"a-with-b", "d-beside-c"}),
        (PATTERNS, {"x-is-text", "rest-is-whole", "short-names"}),
        (PAIR, {"others"}),
        ({"not": {"const": 1, "x-claim": "inside"}, "x-claim": "not-one"}, {"not-one"}),
    ],
)
def test_a_place_may_break_what_its_keywords_refuse(schema: Any, names: set[str]) -> None:
    assert breaks(schema) == names


@pytest.mark.parametrize(
    ("own", "names"),
    [
        ({"type": "string"}, set()),
        ({"type": "array", "items": {"type": "string"}}, set()),
        ({"type": "integer"}, {"as-it-says"}),
        ({"type": ["string", "null"]}, {"as-it-says"}),
        ({"type": "string", "minLength": 1}, {"as-it-says"}),
    ],
)
def test_that_a_text_is_a_text_cannot_be_broken(own: dict[str, Any], names: set[str]) -> None:
    schema = {"type": "object", "x-claim": "is-a-form", "properties": {"part": {**own, "x-claim": "as-it-says"}}}
    assert breaks(schema, texts=True) == names
    assert "is-a-form" in breaks(schema)


def test_a_part_that_holds_json_is_no_text() -> None:
    part = {
        "type": "object",
        "x-claim": "is-an-object",
        "properties": {"a": {"type": "string", "x-claim": "a-is-text"}},
    }
    schema = {"properties": {"part": part, "plain": {"type": "string", "x-claim": "is-text"}}}
    assert breaks(schema, texts=True, typed=frozenset({"part"})) == {"is-an-object", "a-is-text"}


def test_names_have_their_order() -> None:
    bits = Bits()
    assert bits.names(bits.of(["b", None, "a", "b"])) == ("a", "b")
    assert bits.of([]) == 0


ONES = {"items": {"properties": {"a": {"x-claim": "has-a"}}}}


@pytest.mark.parametrize(("before", "names"), [(MOST_ITEMS - 1, {"has-a"}), (MOST_ITEMS, set())])
def test_of_a_list_the_first_items_tell(before: int, names: set[str]) -> None:
    assert kept(ONES, [{}] * before + [{"a": 1}]) == names


@pytest.mark.parametrize(("before", "names"), [(MOST_ITEMS - 1, {"any"}), (MOST_ITEMS, set())])
def test_of_properties_without_a_name_the_first_tell(before: int, names: set[str]) -> None:
    schema = {"additionalProperties": {"properties": {"a": {"x-claim": "any"}}}}
    value: dict[str, Any] = {str(number): {} for number in range(before)} | {"last": {"a": 1}}
    assert kept(schema, value) == names


def remembering() -> Sieve:
    _, prober = made(ONE)
    return sieve(prober.probe(ONE))


def test_objects_with_the_same_keys_are_looked_at_once() -> None:
    found = remembering()
    assert found.kept({"a": 1}) == found.kept({"a": 2})
    assert list(found.shapes) == [("a",)]
    assert found.kept({"b": 1}) != found.kept({"a": 1})


@pytest.mark.parametrize("key", ["k" * (LONGEST_KEY + 1), "many"])
def test_what_a_client_makes_large_is_not_remembered(key: str) -> None:
    found, many = remembering(), MOST_KEYS if key == "many" else 0
    value: dict[str, Any] = {"a": 1, key: 1} | {str(number): 1 for number in range(many)}
    assert found.kept(value) == found.kept({"a": 1})
    assert list(found.shapes) == [("a",)]


def test_only_so_many_kinds_of_objects_are_remembered() -> None:
    found = remembering()
    for number in range(3 * MOST_SHAPES):
        found.kept({"a": 1, str(number): 1})
        assert len(found.shapes) <= MOST_SHAPES
    assert found.kept({"a": 1, "0": 1}) == found.kept({"a": 1})
