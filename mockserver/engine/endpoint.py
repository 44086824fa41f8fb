"""One operation of a document, prepared for serving: how its body is read and what it is judged by."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from mockserver.engine.bundle import resolve
from mockserver.engine.shape import Shape, claim_of
from mockserver.model import Json, Path

JSON_BODY = 5 * 1024 * 1024
TEXT_PART = 1024 * 1024
REASONS = ("path", "method", "media-type", "malformed", "too-large", "encoding", "credential", "expired", "broken")


class Part(Struct, frozen=True):
    """How one part of a form is read; `types` are those its text may stand for."""

    name: str
    is_file: bool = False
    is_json: bool = False
    is_many: bool = False
    types: tuple[str, ...] = ("string",)
    most_bytes: int = TEXT_PART
    too_large: str | None = None
    readable: str | None = None


class Body:
    """One media type of a request: `way` is json, form, urlencoded or raw."""

    def __init__(self, media_type: str, media: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.media_type = media_type
        self.document = document
        self.schema: Mapping[str, Any] = media.get("schema", {})
        self.whole = resolve(document, self.schema)
        self.shape = Shape(self.schema, document)
        self.way = way_of(media_type)
        self.most_bytes: int | None = media.get(
            "x-max-bytes", JSON_BODY if self.way in ("json", "urlencoded") else None
        )
        self.inner: str | None = media.get("x-body-part")
        encoding = media.get("encoding", {})
        whole = object_of(self.whole)
        properties = {name: object_of(resolve(document, own)) for name, own in whole.get("properties", {}).items()}
        self.parts = {name: self.part(name, own, encoding.get(name, {})) for name, own in properties.items()}
        self.credential = next((name for name, own in properties.items() if own.get("x-credential")), None)
        self.credential_is_required = self.credential in whole.get("required", ())
        self.loose = tuple(loose_places(self.schema, document))
        if self.inner is not None and self.inner not in self.parts:
            raise ValueError(f"x-body-part names no part of this form: {self.inner!r}")

    def part(self, name: str, own: Mapping[str, Any], encoding: Mapping[str, Any]) -> Part:
        types = types_of(own)
        return Part(
            name=name,
            is_file="contentMediaType" in own and "type" not in own,
            is_json=encoding.get("contentType") == "application/json",
            is_many=types == ("array",),
            types=types,
            most_bytes=own.get("x-max-bytes", TEXT_PART),
            too_large=claim_of(own, "x-max-bytes"),
            readable=claim_of(own, "readable"),
        )


def object_of(schema: Any) -> Mapping[str, Any]:
    """Return a schema's words; one that is plain true or false has none."""
    return schema if isinstance(schema, dict) else {}


def way_of(media_type: str) -> str:
    if media_type == "application/json" or media_type.endswith("+json"):
        return "json"
    return {"multipart/form-data": "form", "application/x-www-form-urlencoded": "urlencoded"}.get(media_type, "raw")


def loose_places(
    schema: Any, document: Mapping[str, Any], path: Path = (), above: tuple[Any, ...] = ()
) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield where keys are taken in any casing, and the documented name of each by its folded one."""
    own = object_of(resolve(document, schema))
    if any(own is each for each in above):  # a schema that holds itself
        return
    properties = own.get("properties", {})
    if own.get("x-loose-case"):
        yield path, {name.casefold(): name for name in properties}
    for name, child in properties.items():
        yield from loose_places(child, document, (*path, name), (*above, own))


class Scheme(Struct, frozen=True):
    """A security scheme of the document that an endpoint accepts.

    `way` is bearer, basic, header or query; `carrier` the header's name in lower case, or the query's as it is.
    """

    name: str
    carrier: str
    way: str
    claim: str | None


def carrier_of(scheme: Mapping[str, Any]) -> tuple[str, str]:
    """Return where a scheme's credential travels, and how."""
    if scheme["type"] != "apiKey":
        return "authorization", "basic" if scheme.get("scheme") == "basic" else "bearer"
    return (scheme["name"], "query") if scheme["in"] == "query" else (scheme["name"].lower(), "header")


class Endpoint:
    """One operation: its address, its media types, who may call it, and which claims its refusals keep."""

    def __init__(self, document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> None:
        self.document = document
        self.id: str = operation["operationId"]
        self.path = path
        self.method = method.upper()
        self.operation = operation
        self.claims: Mapping[str, str] = {**document.get("x-claim", {}), **operation.get("x-claim", {})}
        content = operation.get("requestBody", {}).get("content", {})
        self.bodies = {name.lower(): Body(name.lower(), media, document) for name, media in content.items()}
        self.schemes = tuple(self.accepted_schemes())
        self.parameters = operation.get("parameters", ())
        self.query = self.parameter_shape("query")
        self.steps = self.parameter_shape("path")
        self.headers = self.parameter_shape("header")
        self.responses: Mapping[str, Any] = operation["responses"]
        self.answer_claims = {status: self.answer(status).get("x-claim") for status in self.responses}
        self.in_body = any(body.credential for body in self.bodies.values())
        if {} in operation.get("security", ()) and not self.in_body:
            raise ValueError("security is optional only where the body has an x-credential")
        self.order = (
            ("transport", "auth", "schema", "rules") if self.in_body else ("auth", "transport", "schema", "rules")
        )

    def accepted_schemes(self) -> Iterator[Scheme]:
        known = self.document.get("components", {}).get("securitySchemes", {})
        for alternative in self.operation.get("security", self.document.get("security", ())):
            for name in alternative:
                yield Scheme(name, *carrier_of(known[name]), known[name].get("x-claim"))

    def parameter_shape(self, place: str) -> tuple[Mapping[str, tuple[str, ...]], Shape] | None:
        """Return the types that each parameter's text may stand for, and the shape of them all as one object.

        Headers go by their names in lower case.
        """
        own = {
            item["name"].lower() if place == "header" else item["name"]: item
            for item in self.parameters
            if item["in"] == place
        }
        if not own:
            return None
        schema = {
            "type": "object",
            "properties": {name: item["schema"] for name, item in own.items()},
            "required": [name for name, item in own.items() if item.get("required")],
        }
        return {name: self.texts(item, place) for name, item in own.items()}, Shape(schema, self.document)

    def texts(self, parameter: Mapping[str, Any], place: str) -> tuple[str, ...]:
        """Return the types that a parameter's text may stand for; of a list in the query `array` and its items'.

        Raises ValueError for those no text can.
        """
        schema = object_of(resolve(self.document, parameter["schema"]))
        many: tuple[str, ...] = ()
        found = types_of(schema)
        if found == ("array",) and place == "query":
            many = found
            found = types_of(object_of(resolve(self.document, schema.get("items", {}))))
        if {"array", "object"} & {*found} or (place != "query" and found != ("string",)):
            whole = " of ".join((*many, " or ".join(found)))
            raise ValueError(f"the parameter {parameter['name']!r} cannot be {whole} in the {place}")
        return *many, *found

    @cached_property
    def answers(self) -> Mapping[tuple[str, str], Shape]:
        """The shape of every documented answer, by status and media type; built when somebody checks answers."""
        return {
            (status, media_type): Shape(media["schema"], self.document)
            for status in self.responses
            for media_type, media in self.answer(status).get("content", {}).items()
            if "schema" in media
        }

    def answer(self, status: str) -> Mapping[str, Any]:
        """Return what the document says of an answer, nothing when it does not know the status."""
        return object_of(resolve(self.document, self.responses.get(status)))

    def success(self) -> tuple[int, str | None, str | None, Json]:
        """Return the first documented success, or answer where none succeeds: status, claim, media type and example."""
        status = min(self.responses, key=lambda status: (not status.startswith("2"), status))
        answer = self.answer(status)
        for media_type, media in answer.get("content", {}).items():
            return int(status), answer.get("x-claim"), media_type, example_of(media)
        return int(status), answer.get("x-claim"), None, None


def types_of(schema: Mapping[str, Any]) -> tuple[str, ...]:
    types = schema.get("type", "string")
    return tuple(types) if isinstance(types, list) else (types,)


def example_of(media: Mapping[str, Any]) -> Json:
    """Return the example of a media type, the first where it has several, or None."""
    several = [example.get("value") for example in media.get("examples", {}).values()]
    return media["example"] if "example" in media else next(iter(several), None)
