"""Every word a document may use, by place; an unknown one stops the start with its location."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    "response": {
        **dict.fromkeys(("$ref", "description", "x-claim"), LEAF),
        "headers": "{header}",
        "content": "{media}",
        "links": "{link}",
    },
    "link": dict.fromkeys(("operationId", "parameters", "requestBody", "description"), LEAF),
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
NEEDED: Mapping[str, Sequence[str]] = {
    "document": ("openapi", "info", "paths"),
    "info": ("title", "version"),
    "server": ("url",),
    "parameter": ("name", "in", "schema"),
    "link": ("operationId",),
}
KINDS: Mapping[str, tuple[type, str]] = {
    "$ref": (str, "text"),
    "x-body-part": (str, "the name of a part"),
    "x-credential": (bool, "true or false"),
    "x-loose-case": (bool, "true or false"),
    "x-max-bytes": (int, "a whole number"),
}
SCHEME_KINDS = (("http", "bearer"), ("http", "basic"), ("apiKey", None), ("oauth2", None))
PLACES = ("path", "query", "header")


def check_words(node: Any, kind: str, file: str) -> None:
    """Raise DocumentError at the first word, format or security scheme that the engine does not implement."""
    for pointer, place, found in walk(node, kind):
        if place == "schema" and isinstance(found, bool):
            continue
        if not isinstance(found, dict):
            raise DocumentError(file, pointer, f"this {place} must be an object")
        for word in found:
            if word not in WORDS[place]:
                raise DocumentError(file, pointer, f"unknown word {word!r}: remove it, or teach the engine to keep it")
        check_values(found, place, file, pointer)


def check_values(found: Mapping[str, Any], place: str, file: str, pointer: str) -> None:
    for word in NEEDED.get(place, ()):
        if word not in found:
            raise DocumentError(file, pointer, f"this {place} needs {word!r}")
    for word, (kind, noun) in KINDS.items():
        if word in found and type(found[word]) is not kind:
            raise DocumentError(file, pointer, f"{word} is {noun}, not {found[word]!r}")
    check = CHECKS.get(place)
    if check and (says := check(found)):
        raise DocumentError(file, pointer, says)


def check_version(document: Mapping[str, Any]) -> str | None:
    is_known = str(document["openapi"]).startswith("3.1.")
    return None if is_known else f"openapi is 3.1.x, not {document['openapi']!r}"


def check_schema(schema: Mapping[str, Any]) -> str | None:
    if "format" in schema and schema["format"] not in list(FORMATS):
        return f"unknown format {schema['format']!r}: known are {', '.join(sorted(FORMATS))}"
    claims = schema.get("x-claim", "")
    names = claims.values() if isinstance(claims, dict) else (claims,)
    is_named = all(isinstance(name, str) for name in names)
    return None if is_named else "x-claim is here the name of a claim, or such a name for each keyword"


def check_claim_name(node: Mapping[str, Any]) -> str | None:
    return None if isinstance(node.get("x-claim", ""), str) else "x-claim is here the name of a claim"


def check_scheme(scheme: Mapping[str, Any]) -> str | None:
    if (scheme.get("type"), scheme.get("scheme")) not in SCHEME_KINDS:
        return "unknown security scheme: known are http bearer, http basic, apiKey in header or query, oauth2"
    is_placed = scheme.get("in") in ("header", "query") and isinstance(scheme.get("name"), str)
    if scheme["type"] == "apiKey" and not is_placed:
        return "an apiKey must travel in a header or the query, under a name; one in a body is an x-credential"
    return check_claim_name(scheme)


def check_parameter(parameter: Mapping[str, Any]) -> str | None:
    place = parameter["in"]
    return None if place in PLACES else f"unknown place of a parameter {place!r}: known are {', '.join(PLACES)}"


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "document": check_version,
    "schema": check_schema,
    "response": check_claim_name,
    "scheme": check_scheme,
    "parameter": check_parameter,
}


def walk(node: Any, kind: str, pointer: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield every object that has words of its own, as (JSON pointer, kind, node), parents first."""
    waiting = [(pointer, kind, node)]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found[2], dict):
            # The first of them last: it is taken next.
            waiting += [*children(*found)][::-1]


def children(pointer: str, kind: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    words = WORDS[kind]
    for word, child in node.items():
        if place := words.get(word, LEAF):
            yield from items(f"{pointer}/{escape(word)}", place, child)


def items(pointer: str, place: str, child: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield what stands under a word: one object, each of a list, or each of a table of names."""
    if place[0] == "{" and isinstance(child, dict):
        for name, item in child.items():
            yield f"{pointer}/{escape(name)}", place[1:-1], item
    elif place[0] == "[" and isinstance(child, list):
        for index, item in enumerate(child):
            yield f"{pointer}/{index}", place[1:-1], item
    else:
        yield pointer, place.strip("{}[]"), child


def escape(name: str) -> str:
    """Return a name as one step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
