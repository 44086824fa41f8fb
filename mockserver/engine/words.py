"""Every word a document may use, by place; an unknown one stops the start with its location."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.kit.formats import FORMATS


class DocumentError(ValueError):
    """A document that cannot be served: which file, where in it, and what to do."""

    def __init__(self, file: str, pointer: str, says: str) -> None:
        super().__init__(f"{file}: at {pointer or '/'}: {says}")
        self.file, self.pointer, self.says = file, pointer, says


LEAF = ""
SCHEMA_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("items", "additionalProperties", "propertyNames", "not", "if", "then", "else"), "schema"),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), "{schema}"),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
    **dict.fromkeys(("type", "enum", "const", "required", "dependentRequired", "format", "pattern"), LEAF),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), LEAF),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), LEAF),
    **dict.fromkeys(("$ref", "$schema", "$comment", "title", "description", "default", "examples"), LEAF),
    **dict.fromkeys(("deprecated", "contentMediaType"), LEAF),
    **dict.fromkeys(("x-claim", "x-credential", "x-loose-case", "x-max-bytes"), LEAF),
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "openapi": LEAF,
        "info": "info",
        "servers": "[server]",
        "paths": "{path}",
        "components": "components",
        "security": LEAF,
        "x-claim": LEAF,
        "x-loose-case": LEAF,
    },
    "info": dict.fromkeys(("title", "version", "summary", "description"), LEAF),
    "server": dict.fromkeys(("url", "description"), LEAF),
    "path": {
        **dict.fromkeys(("get", "put", "post", "patch", "delete"), "operation"),
        "parameters": "[parameter]",
        "servers": "[server]",
    },
    "operation": {
        **dict.fromkeys(("operationId", "summary", "description", "security", "x-claim"), LEAF),
        "parameters": "[parameter]",
        "requestBody": "request",
        "responses": "{response}",
    },
    "parameter": {**dict.fromkeys(("name", "in", "required", "description"), LEAF), "schema": "schema"},
    "request": {"description": LEAF, "required": LEAF, "content": "{media}"},
    "media": {
        "schema": "schema",
        "example": LEAF,
        "examples": "{example}",
        "encoding": "{encoding}",
        **dict.fromkeys(("x-body-part", "x-max-bytes"), LEAF),
    },
    "encoding": {"contentType": LEAF},
    "example": dict.fromkeys(("summary", "value"), LEAF),
    "response": {"$ref": LEAF, "description": LEAF, "headers": "{header}", "content": "{media}", "x-claim": LEAF},
    "header": {**dict.fromkeys(("description", "required"), LEAF), "schema": "schema"},
    "components": {
        "schemas": "{schema}",
        "responses": "{response}",
        "securitySchemes": "{scheme}",
    },
    "scheme": {**dict.fromkeys(("type", "scheme", "in", "name", "description", "x-claim"), LEAF), "flows": "flows"},
    "flows": {"clientCredentials": "flow"},
    "flow": dict.fromkeys(("tokenUrl", "scopes"), LEAF),
    "schema": SCHEMA_WORDS,
}
SCHEME_KINDS = (("http", "bearer"), ("apiKey", None), ("oauth2", None))


def check_words(node: Any, kind: str, file: str) -> None:
    """Raise DocumentError at the first word, format or security scheme that the engine does not implement."""
    for pointer, place, found in walk(node, kind):
        if place == "schema" and isinstance(found, bool):
            continue
        if not isinstance(found, dict):
            raise DocumentError(file, pointer, f"a {place} must be an object")
        for word in found:
            if word not in WORDS[place]:
                raise DocumentError(file, pointer, f"unknown word {word!r}: remove it, or teach the engine to keep it")
        check_values(found, place, file, pointer)


def check_values(found: Mapping[str, Any], place: str, file: str, pointer: str) -> None:
    if place == "schema" and found.get("format", "uuid") not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise DocumentError(file, pointer, f"unknown format {found['format']!r}: known are {known}")
    if place == "scheme" and (found.get("type"), found.get("scheme")) not in SCHEME_KINDS:
        raise DocumentError(file, pointer, "unknown security scheme: known are http bearer, apiKey in header, oauth2")
    if place == "scheme" and found["type"] == "apiKey" and found.get("in") != "header":
        raise DocumentError(file, pointer, "an apiKey must travel in a header; one in a body is an x-credential")


def walk(node: Any, kind: str, pointer: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield every object that has words of its own, as (JSON pointer, kind, node), parents first."""
    yield pointer, kind, node
    if not isinstance(node, dict):
        return
    for word, child in node.items():
        place = WORDS[kind].get(word, LEAF)
        if place:
            yield from walk_child(child, place, f"{pointer}/{escape(word)}")


def walk_child(child: Any, place: str, pointer: str) -> Iterator[tuple[str, str, Any]]:
    inner = place.strip("{}[]")
    if place[0] == "{" and isinstance(child, dict):
        for name, item in child.items():
            yield from walk(item, inner, f"{pointer}/{escape(name)}")
    elif place[0] == "[" and isinstance(child, list):
        for index, item in enumerate(child):
            yield from walk(item, inner, f"{pointer}/{index}")
    else:
        yield from walk(child, inner, pointer)


def escape(name: str) -> str:
    """Return a name as one step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
