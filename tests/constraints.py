"""Every constraint and every property of a request's schemas, and which of them cases have met."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from jsonschema.exceptions import ValidationError
from msgspec import Struct

from mockserver.engine.bundle import resolve
from mockserver.engine.endpoint import Body, Endpoint
from mockserver.engine.shape import Shape, claim_of, dependents
from mockserver.model import Call

Steps: TypeAlias = tuple[str | int, ...]

JUDGING = {
    *(
        "type",
        "enum",
        "const",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
    ),
    *("exclusiveMinimum", "exclusiveMaximum", "minProperties", "maxProperties", "anyOf", "oneOf", "not"),
}
# In a form every part is a text, of a list of them each: what says so cannot be broken.
TEXTS = (["string"], ["array"])


class Constraint(Struct, frozen=True):
    """A keyword at its place in the schema, as the validator names it; `name` is the field that it asks for."""

    place: Steps
    name: str = ""
    claim: str | None = None

    @property
    def told(self) -> str:
        return "/".join(map(str, self.place)) + (f" {self.name}" if self.name else "")


class Judged(Struct, frozen=True):
    """What of a request is judged by one schema: a body of some media type, the query or the path."""

    operation: str
    kind: str
    shape: Shape
    body: Body | None = None

    def instance(self, call: Call) -> Any:
        return {"query": dict(call.query), "path": dict(call.params)}.get(self.kind, call.instance)

    def is_of(self, call: Call) -> bool:
        return call.operation == self.operation and self.kind in ("query", "path", call.media_type)


def judged_of(endpoint: Endpoint) -> Iterator[Judged]:
    for kind, body in endpoint.bodies.items():
        yield Judged(endpoint.id, kind, body.shape, body)
    for kind, parameters in (("query", endpoint.query), ("path", endpoint.steps)):
        if parameters:
            yield Judged(endpoint.id, kind, parameters[1])


def nodes(shape: Shape) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Yield every schema that judges for itself, with its place; not the branches of a choice."""
    yield from below(shape.schema, shape.document, (), ())


def below(
    schema: Any, root: Mapping[str, Any], place: Steps, above: tuple[Any, ...]
) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    if not isinstance(schema, dict) or any(schema is each for each in above):
        return
    yield place, schema
    inside = (*above, schema)
    if "$ref" in schema:
        yield from below(resolve(root, {"$ref": schema["$ref"]}), root, place, inside)
    for word in ("properties", "patternProperties"):
        for name, child in schema.get(word, {}).items():
            yield from below(child, root, (*place, word, name), inside)
    for word in ("items", "additionalProperties", "propertyNames", "then", "else"):
        yield from below(schema.get(word), root, (*place, word), inside)
    for word in ("allOf", "prefixItems"):
        for index, child in enumerate(schema.get(word, ())):
            yield from below(child, root, (*place, word, index), inside)


def constraints(judged: Judged) -> list[Constraint]:
    """Return what a request may break."""
    root = judged.shape.document
    found = [each for place, node in nodes(judged.shape) for each in own_constraints(node, place, root)]
    return [each for each in found if not is_unbreakable(each, judged)]


def own_constraints(node: Mapping[str, Any], place: Steps, root: Mapping[str, Any]) -> Iterator[Constraint]:
    for word in node:
        if word in JUDGING or (word == "additionalProperties" and node[word] is False):
            yield Constraint((*place, word), "", claim_of(node, word))
    for name in node.get("required", ()):
        beside = node.get("properties", {}).get(name)
        claims = (claim_of(each, "required") for each in (beside, resolve(root, beside), node))
        yield Constraint((*place, "required"), name, next(filter(None, claims), None))
    for name, wanted in ((name, each) for name, listed in node.get("dependentRequired", {}).items() for each in listed):
        yield Constraint((*place, "dependentRequired"), f"{name}->{wanted}", claim_of(node, "dependentRequired"))


def is_unbreakable(constraint: Constraint, judged: Judged) -> bool:
    """Say whether no request can break it: that a form is an object, that a plain part is a text or a list of some.

    A path that lacks one of its values leads elsewhere.
    """
    place = constraint.place
    if judged.kind == "path" and place == ("required",):
        return True
    if place[-1] != "type" or (judged.body and judged.body.way in ("json", "raw")):
        return False
    if place == ("type",):
        return True
    part = judged.body.parts.get(str(place[1])) if judged.body else None
    is_text = part is None or not (part.is_json or part.is_file)
    return is_text and types_at(judged.shape, place) in TEXTS


def types_at(shape: Shape, place: Steps) -> list[str]:
    types = next(node["type"] for where, node in nodes(shape) if where == place[:-1] and "type" in node)
    return types if isinstance(types, list) else [types]


def broken(judged: Judged, call: Call) -> set[tuple[Steps, str]]:
    """Return the constraints that a call breaks, each by its place and the field that it asks for."""
    unread = {problem.path for problem in call.misread}
    errors = judged.shape.judge.iter_errors(judged.instance(call))
    told = [error for error in errors if tuple(error.absolute_path) not in unread]
    return {(tuple(error.absolute_schema_path), name) for error in told for name in names_of(error)}


def names_of(error: ValidationError) -> Iterator[str]:
    wants: Any = error.validator_value
    got: Any = error.instance
    if error.validator == "required":
        yield from (name for name in wants if name not in got)
    elif error.validator == "dependentRequired":
        yield from (f"{name}->{wanted}" for name, wanted in dependents(wants, got))
    else:
        yield ""


def properties(judged: Judged) -> set[Steps]:
    """Return every property of the schema by its place."""
    return {place for place, _ in nodes(judged.shape) if len(place) > 1 and place[-2] == "properties"}


def present(judged: Judged, call: Call) -> set[Steps]:
    """Return the properties of the schema that a call has."""
    return {place for place in properties(judged) if holds(judged.instance(call), place)}


def holds(instance: Any, place: Steps) -> bool:
    if not place:
        return True
    word, *rest = place
    if word == "properties":
        name, *further = rest
        return isinstance(instance, dict) and name in instance and holds(instance[name], tuple(further))
    if word == "items":
        return isinstance(instance, list) and any(holds(item, tuple(rest)) for item in instance)
    if word == "allOf":
        return holds(instance, tuple(rest[1:]))
    return False
