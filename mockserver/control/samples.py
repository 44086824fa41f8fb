"""Values that fit: those that a document shows, those that its schemas allow."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mockserver.engine.bundle import resolve
from mockserver.engine.endpoint import Endpoint, object_of, types_of
from mockserver.model import Json, Path, Problem

BY_FORMAT: Mapping[str, str] = {
    "uri": "https://example.com/call.mp3",
    "web-url": "https://example.com/call.mp3",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date-time": "2026-06-23T14:30:00Z",
    "iso-8601": "2026-06-23T14:30:00Z",
    "email": "pat@example.com",
}
MOST = 8


def documented(endpoint: Endpoint) -> Iterator[Json]:
    """Yield the request bodies that the document shows."""
    for media in endpoint.operation.get("requestBody", {}).get("content", {}).values():
        shown = [media.get("example"), *(example.get("value") for example in media.get("examples", {}).values())]
        yield from (value for value in shown if value is not None)


def values_for(problem: Problem, endpoint: Endpoint) -> Iterator[Json]:
    """Yield what may stand at the place of a problem, likeliest first."""
    for whole in documented(endpoint):
        value = at(whole, problem.path)
        if value is not None:
            yield value
    if isinstance(problem.wants, list) and problem.keyword == "enum":
        yield from problem.wants[:MOST]
    for schema in schemas_at(endpoint, problem.path):
        yield sample(schema, endpoint.document)


def paths_like(path: str, endpoint: Endpoint, idents: Iterable[str] = ()) -> Iterator[str]:
    """Yield an operation's path with one of its values as the document shows it, and the others as they are in `path`.

    Then with one of `idents` in that place. `path` fits the template.
    """
    own, steps = endpoint.path.split("/"), path.split("/")
    for place, step in enumerate(own):
        if "{" in step:
            for value in (filled(step, endpoint), *(quote(ident, safe="") for ident in idents)):
                yield "/".join([*steps[:place], value, *steps[place + 1 :]])


def filled(template: str, endpoint: Endpoint) -> str:
    """Return a path, or a step of one, with values that fit."""
    for item in endpoint.parameters:
        if item["in"] == "path" and (name := f"{{{item['name']}}}") in template:
            template = template.replace(name, quote(str(sample(item["schema"], endpoint.document)), safe=""))
    return template


def schemas_at(endpoint: Endpoint, path: Path) -> Iterator[Mapping[str, Any]]:
    for body in endpoint.bodies.values():
        node: Any = body.whole
        if body.inner is not None and path and path[0] != body.inner:
            node = object_of(node).get("properties", {}).get(body.inner)
        for step in path:
            node = child_of(resolve(endpoint.document, node), step)
        if isinstance(node, dict):
            yield resolve(endpoint.document, node)


def fields_at(endpoint: Endpoint, path: Path) -> set[str]:
    return {name for schema in schemas_at(endpoint, path) for name in schema.get("properties", {})}


def child_of(schema: Any, step: str | int) -> Any:
    own = object_of(schema)
    return own.get("items") if isinstance(step, int) else own.get("properties", {}).get(step)


def at(node: Json, path: Path) -> Json:
    for step in path:
        if isinstance(node, dict) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
    return node


def sample(schema: Any, document: Mapping[str, Any], depth: int = 0) -> Json:
    """Return a small value of a schema; what a schema cannot tell may make it a poor one, so it is tried out."""
    own = object_of(resolve(document, schema))
    told: list[Json] = [own[word] for word in ("const", "default") if word in own]
    told += [own[word][0] for word in ("enum", "examples") if own.get(word)]
    for value in told:
        return value
    return of_type(types_of(own)[0], own, document, depth)


def of_type(kind: str, own: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> Json:
    if kind == "object":
        needed = own.get("required", ()) if depth < MOST else ()
        properties = own.get("properties", {})
        return {name: sample(properties.get(name, {}), document, depth + 1) for name in needed}
    if kind == "array":
        return [sample(own.get("items", {}), document, depth + 1)] if depth < MOST else []
    if kind in ("integer", "number"):
        least: float = max(own.get("minimum", 1), own.get("exclusiveMinimum", 0) + 1)
        return least
    if kind == "string":
        repeated: str = "text" * max(1, -(-own.get("minLength", 1) // 4))
        return BY_FORMAT.get(own.get("format", ""), repeated)
    return True if kind == "boolean" else None
