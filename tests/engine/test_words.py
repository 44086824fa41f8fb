import json
from typing import Any, Final

import pytest

from mockserver.engine.words import SCHEMA_WORDS, WORDS, DocumentError, check_words, escape, walk
from mockserver.kit.formats import FORMATS

LEAF: Final = {"type": "string", "format": "date-time", "x-claim": {"type": "a"}}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"a/b": LEAF, "open": True},
    "patternProperties": {"^x": LEAF},
    "dependentSchemas": {"a/b": LEAF},
    "$defs": {"tilde~": LEAF},
    "allOf": [LEAF, LEAF],
    "anyOf": [LEAF],
    "oneOf": [LEAF],
    "prefixItems": [LEAF],
    **dict.fromkeys(("items", "additionalProperties", "propertyNames", "not", "if", "then", "else"), LEAF),
}
ANSWER: Final[dict[str, Any]] = {
    "description": "An answer.",
    "headers": {"Allow": {"schema": LEAF}},
    "content": {"application/json": {"schema": LEAF, "examples": {"one": {"value": 1}}}},
    "links": {"again": {"operationId": "addCall", "parameters": {"id": "$response.body#/id"}}},
    "x-claim": "a",
}
WHOLE: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "All places", "version": "1"},
    "servers": [{"url": "https://api.acme.example"}],
    "paths": {
        "/calls/{id}": {
            "servers": [{"url": "https://files.acme.example"}],
            "parameters": [{"name": "id", "in": "path", "schema": LEAF}],
            "post": {
                "operationId": "addCall",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": SCHEMA,
                            "encoding": {"a/b": {"contentType": "application/json"}},
                            "x-body-part": "a/b",
                            "x-max-bytes": 5,
                        }
                    }
                },
                "responses": {"200": ANSWER},
            },
        }
    },
    "components": {
        "schemas": {"call": SCHEMA},
        "responses": {"bad": ANSWER},
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "x-claim": "a"},
            "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "basic": {"type": "http", "scheme": "basic"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}},
        },
    },
}
PLACES: Final = [(pointer, place) for pointer, place, node in walk(WHOLE, "document") if isinstance(node, dict)]


def at(pointer: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a copy of the whole document, and what lies at a pointer of it."""
    whole = json.loads(json.dumps(WHOLE))
    node: Any = whole
    for step in pointer.split("/")[1:]:
        node = node[int(step)] if isinstance(node, list) else node[step.replace("~1", "/").replace("~0", "~")]
    return whole, node


def refused(document: Any, kind: str = "document") -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        check_words(document, kind, "acme/openapi.json")
    return caught.value


def test_a_document_with_every_place_passes() -> None:
    check_words(WHOLE, "document", "acme/openapi.json")
    assert {place for _, place in PLACES} == WORDS.keys()


@pytest.mark.parametrize("word", ["surprise", "x-surprise"])
@pytest.mark.parametrize(("pointer", "place"), PLACES, ids=[pointer or "/" for pointer, _ in PLACES])
def test_an_unknown_word_stops_with_its_place(pointer: str, place: str, word: str) -> None:
    document, node = at(pointer)
    node[word] = "x"
    error = refused(document)
    assert (error.file, error.pointer) == ("acme/openapi.json", pointer)
    assert str(error) == (
        f"acme/openapi.json: at {pointer or '/'}: unknown word {word!r}: remove it, or teach the engine to keep it"
    )


@pytest.mark.parametrize("pointer", [pointer for pointer, place in PLACES if place == "schema"])
def test_an_unknown_format_stops_with_its_place(pointer: str) -> None:
    document, node = at(pointer)
    node["format"] = "duration"
    error = refused(document)
    assert (error.pointer, error.says) == (
        pointer,
        "unknown format 'duration': known are date-time, email, iso-8601, uri, uuid, web-url, webhook-secret",
    )


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_that_is_asserted_may_be_said(name: str) -> None:
    check_words({"format": name}, "schema", "acme/call.json")


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "http", "scheme": "digest"},
        {"type": "http"},
        {"type": "openIdConnect"},
        {"type": "mutualTLS"},
        {"scheme": "bearer"},
        {},
        {"type": ["http"], "scheme": "bearer"},
    ],
    ids=str,
)
def test_an_unknown_security_scheme_stops_with_its_place(scheme: dict[str, Any]) -> None:
    document, node = at("/components/securitySchemes")
    node["key"] = scheme
    error = refused(document)
    assert error.pointer == "/components/securitySchemes/key"
    assert error.says == "unknown security scheme: known are http bearer, http basic, apiKey in header or query, oauth2"


@pytest.mark.parametrize(
    "scheme",
    [{"in": "cookie", "name": "key"}, {"name": "key"}, {"in": "header"}, {"in": "query"}, {"in": "query", "name": 1}],
    ids=str,
)
def test_an_api_key_travels_under_a_name(scheme: dict[str, Any]) -> None:
    error = refused({"type": "apiKey", **scheme}, "scheme")
    assert error.says == (
        "an apiKey must travel in a header or the query, under a name; one in a body is an x-credential"
    )


@pytest.mark.parametrize(
    ("pointer", "word", "says"),
    [
        ("", "paths", "this document needs 'paths'"),
        ("", "info", "this document needs 'info'"),
        ("", "openapi", "this document needs 'openapi'"),
        ("/info", "title", "this info needs 'title'"),
        ("/info", "version", "this info needs 'version'"),
        ("/servers/0", "url", "this server needs 'url'"),
        ("/paths/~1calls~1{id}/servers/0", "url", "this server needs 'url'"),
        ("/paths/~1calls~1{id}/parameters/0", "in", "this parameter needs 'in'"),
        ("/paths/~1calls~1{id}/post/parameters/0", "schema", "this parameter needs 'schema'"),
        ("/components/responses/bad/links/again", "operationId", "this link needs 'operationId'"),
    ],
)
def test_what_a_document_cannot_do_without(pointer: str, word: str, says: str) -> None:
    document, node = at(pointer)
    del node[word]
    error = refused(document)
    assert (error.pointer, error.says) == (pointer, says)


@pytest.mark.parametrize(
    ("pointer", "word", "value", "says"),
    [
        ("", "openapi", "3.0.3", "openapi is 3.1.x, not '3.0.3'"),
        ("", "openapi", 3.1, "openapi is 3.1.x, not 3.1"),
        ("", "x-loose-case", "yes", "x-loose-case is true or false, not 'yes'"),
        ("/components/schemas/call", "x-credential", 1, "x-credential is true or false, not 1"),
        ("/components/schemas/call", "x-max-bytes", True, "x-max-bytes is a whole number, not True"),
        ("/components/schemas/call", "x-max-bytes", "5 MB", "x-max-bytes is a whole number, not '5 MB'"),
        ("/components/schemas/call", "$ref", 5, "$ref is text, not 5"),
        ("/components/schemas/call", "format", ["uri"], "unknown format ['uri']"),
        ("/components/schemas/call", "x-claim", ["a"], "x-claim is here the name of a claim, or such a name for each"),
        ("/components/schemas/call", "x-claim", {"type": 1}, "x-claim is here the name of a claim, or such a name"),
        ("/components/responses/bad", "x-claim", {"a": "b"}, "x-claim is here the name of a claim"),
        ("/components/securitySchemes/key", "x-claim", {"a": "b"}, "x-claim is here the name of a claim"),
        ("/paths/~1calls~1{id}/parameters/0", "in", "cookie", "unknown place of a parameter 'cookie'"),
        (
            "/paths/~1calls~1{id}/post/requestBody/content/multipart~1form-data",
            "x-body-part",
            1,
            "x-body-part is the name",
        ),
    ],
)
def test_a_value_that_no_word_may_have(pointer: str, word: str, value: Any, says: str) -> None:
    document, node = at(pointer)
    node[word] = value
    error = refused(document)
    assert error.pointer == pointer
    assert error.says.startswith(says)


@pytest.mark.parametrize(
    ("pointer", "value", "says"),
    [
        ("/components/schemas/call", "text", "this schema must be an object"),
        ("/components/responses/bad", [], "this response must be an object"),
        ("/info", 1, "this info must be an object"),
        ("/paths", [], "this path must be an object"),
        ("/components/schemas/call/anyOf", 5, "this schema must be an object"),
    ],
)
def test_what_must_be_an_object(pointer: str, value: Any, says: str) -> None:
    parent, _, last = pointer.rpartition("/")
    document, node = at(parent)
    node[last] = value
    error = refused(document)
    assert (error.pointer, error.says) == (pointer, says)


def test_a_document_is_an_object() -> None:
    assert str(refused([])) == "acme/openapi.json: at /: this document must be an object"


def test_true_and_false_are_schemas_and_nothing_else() -> None:
    check_words({"items": True, "not": False}, "schema", "acme/call.json")
    assert refused({**WHOLE, "info": True}).says == "this info must be an object"


def test_a_single_object_may_stand_where_a_list_is_usual() -> None:
    places = [(pointer, place) for pointer, place, _ in walk({"anyOf": {"type": "string"}}, "schema")]
    assert places == [("", "schema"), ("/anyOf", "schema")]


def test_values_are_no_schemas() -> None:
    check_words({"default": {"surprise": 1}, "examples": [{"surprise": 1}], "const": {"type": []}}, "schema", "f")


def test_a_pointer_is_escaped() -> None:
    assert escape("a/b~c") == "a~1b~0c"
    assert SCHEMA_WORDS.keys() == WORDS["schema"].keys()
