"""That the closure of the claims sees what it should, on a document of two operations."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.model import Kind, Problem
from mockserver.world import World
from tests.acme import CALL, acme_document, acme_facts, acme_world, behaving, changed, post
from tests.constraints import Judged, broken, constraints, judged_of, present, properties

POST = "/paths/~1v1~1calls/post"
CONTENT = f"{POST}/requestBody/content"
TREE = {"type": "object", "properties": {"below": {"$ref": "#/components/schemas/tree"}}, "x-claim": "tree"}
WIDE: dict[str, Any] = {
    "type": "object",
    "required": ["call"],
    "properties": {
        "call": {"$ref": "call.json"},
        "crm": {"type": "array", "minItems": 1, "items": {"enum": ["a"], "x-claim": "known-crm"}},
        "tree": {"$ref": "#/components/schemas/tree"},
        "anything": True,
    },
    "additionalProperties": False,
    "dependentRequired": {"crm": ["call", "tree"]},
    "anyOf": [{"required": ["call"], "properties": {"call": {"type": "object"}}}],
    "allOf": [{"properties": {"inner": {"type": "string"}}}],
    "x-claim": {"dependentRequired": "together", "required": "call-needed"},
}


def judged(folder: Path, schema: Any, media_type: str = "application/json", **media: Any) -> Judged:
    document = changed(CONTENT, {media_type: {"schema": schema, **media}}, changed("/components/schemas/tree", TREE))
    (found,) = judged_of(acme_document(folder, document).endpoints[0])
    return found


def told(each: Judged) -> list[tuple[str, str | None]]:
    return [(constraint.told, constraint.claim) for constraint in constraints(each)]


def test_every_constraint_is_found_where_it_stands(tmp_path: Path) -> None:
    assert told(judged(tmp_path, WIDE)) == [
        ("type", None),
        ("additionalProperties", None),
        ("anyOf", None),
        ("required call", "call-is-an-object"),
        ("dependentRequired crm->call", "together"),
        ("dependentRequired crm->tree", "together"),
        ("properties/call/type", "call-is-an-object"),
        ("properties/call/required who", "who-required"),
        ("properties/call/properties/who/type", "who-is-text"),
        ("properties/call/properties/who/minLength", None),
        ("properties/call/properties/at/type", "at-is-a-moment"),
        ("properties/call/properties/at/format", "at-is-a-moment"),
        ("properties/call/properties/seconds/type", "whole-seconds"),
        ("properties/call/properties/seconds/minimum", None),
        ("properties/crm/type", None),
        ("properties/crm/minItems", None),
        ("properties/crm/items/enum", "known-crm"),
        ("properties/tree/type", "tree"),
        ("allOf/0/properties/inner/type", None),
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"call": {"who": "Ada"}}, []),
        ([], ["type"]),
        ({"x": 1}, ["additionalProperties", "anyOf", "required call"]),
        ({"call": {"who": ""}}, ["properties/call/properties/who/minLength"]),
        (
            {"call": {}, "crm": ["b"]},
            ["dependentRequired crm->tree", "properties/call/required who", "properties/crm/items/enum"],
        ),
        ({"call": {"who": "Ada"}, "tree": 5, "crm": []}, ["properties/crm/minItems", "properties/tree/type"]),
    ],
    ids=json.dumps,
)
def test_what_a_call_breaks_is_named_as_it_was_found(tmp_path: Path, body: Any, found: list[str]) -> None:
    schema = judged(tmp_path, WIDE)
    places = {
        "/".join(map(str, place)) + (f" {name}" if name else "")
        for place, name in broken(schema, acme_facts(body).call)
    }
    assert sorted(places) == found
    assert places <= {constraint.told for constraint in constraints(schema)}


def test_what_could_not_be_read_breaks_nothing(tmp_path: Path) -> None:
    misread = (Problem(Kind.MALFORMED, "no JSON", ("call",)),)
    call = acme_facts({"call": "{", "tree": 5}, misread=misread).call
    assert [place for place, _ in broken(judged(tmp_path, {"properties": WIDE["properties"]}), call)] == [
        ("properties", "tree", "type")
    ]


FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "minLength": 1},
        "texts": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
        "flag": {"type": ["boolean", "null"]},
        "details": {"type": "object", "properties": {"name": {"type": "string"}}},
        "file": {"contentMediaType": "audio/mpeg", "minLength": 1},
    },
}


def test_what_a_form_cannot_break_is_left_out(tmp_path: Path) -> None:
    encoding = {"details": {"contentType": "application/json"}}
    form = judged(tmp_path, FORM, "multipart/form-data", encoding=encoding)
    assert [constraint.told for constraint in constraints(form)] == [
        "properties/text/minLength",
        "properties/texts/items/enum",
        "properties/flag/type",
        "properties/details/type",
        "properties/details/properties/name/type",
        "properties/file/minLength",
    ]


def test_parameters_are_judged_like_bodies(tmp_path: Path) -> None:
    listed = [{"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "x-claim": "limit"}}]
    (endpoint,) = acme_document(tmp_path, changed(f"{POST}/parameters", listed)).endpoints
    body, query = judged_of(endpoint)
    assert told(query) == [("required limit", "limit"), ("properties/limit/type", "limit")]
    call = acme_facts({"who": "Ada"}, query={"limit": "x"}).call
    assert broken(body, call) == set()
    assert broken(query, call) == {(("properties", "limit", "type"), "")}
    assert query.is_of(call)
    assert body.is_of(call)
    assert not body.is_of(acme_facts({}, media_type="multipart/form-data").call)


def test_properties_are_seen_at_every_depth(tmp_path: Path) -> None:
    schema = judged(tmp_path, {**WIDE, "additionalProperties": True})
    every = {"/".join(map(str, place)) for place in properties(schema)}
    assert "properties/call/properties/seconds" in every
    items = {"type": "array", "items": {"properties": {"id": {"type": "string"}}}}
    listing = judged(tmp_path, {"properties": {"crm": items}, "allOf": [{"properties": {"inner": {}}}]})
    body = {"crm": [{}, {"id": "1"}], "inner": 5}
    assert present(listing, acme_facts(body).call) == properties(listing)
    assert present(listing, acme_facts({"crm": [{}]}).call) == {("properties", "crm")}
    assert present(listing, acme_facts("no object").call) == set()


def test_calls_of_a_world_can_be_asked(tmp_path: Path) -> None:
    world: World = acme_world(tmp_path, behaving())
    (each,) = judged_of(world.documents["acme"].endpoints[0])
    served = post(world, json.dumps({"who": "", "seconds": 5}).encode())
    assert served.decision.trail[-1].step == "schema"
    assert broken(each, served.call) == {(("properties", "who", "minLength"), "")}
    assert present(each, served.call) == {("properties", "who"), ("properties", "seconds")}
    assert len(properties(each)) == len(CALL["properties"])
