"""Links from an answer to the operation that reads it further: they lead somewhere, and bring what is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockserver.engine.endpoint import Endpoint
from mockserver.engine.words import DocumentError, escape

# A runtime expression (OpenAPI 3.1, 4.8.20.4); without the sign at its beginning a value is a constant.
EXPRESSION = re.compile(
    r"\$(?:url|method|statusCode|(?:request|response)\.(?:(?:header|query|path)\.[^\s{}]+|body(?:#(?:/[^{}]*)?)?))"
)


def check_links(endpoints: Sequence[Endpoint], responses: Mapping[str, Any], file: str) -> None:
    """Raise DocumentError for a link of an operation, or of the shared `responses`, that could not be followed."""
    known = {endpoint.id: endpoint for endpoint in endpoints}
    for place, link in every_link(endpoints, responses):
        if says := misled(link, known):
            raise DocumentError(file, place, says)


def every_link(endpoints: Sequence[Endpoint], responses: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for endpoint in endpoints:
        yield from links_of(endpoint.responses, f"/paths/{escape(endpoint.path)}/{endpoint.method.lower()}/responses")
    yield from links_of(responses, "/components/responses")


def links_of(responses: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for status, response in responses.items():
        for name, link in response.get("links", {}).items():
            yield f"{place}/{escape(status)}/links/{escape(name)}", link


def misled(link: Mapping[str, Any], known: Mapping[str, Endpoint]) -> str | None:
    """Return why a link could not be followed."""
    target = known.get(link["operationId"])
    if target is None:
        return f"no operation is called {link['operationId']!r}"
    brought = link.get("parameters", {})
    if not isinstance(brought, dict):
        return "the parameters of a link are an object, from names to values"
    takes = {name for item in target.parameters for name in (item["name"], f"{item['in']}.{item['name']}")}
    for name, value in brought.items():
        if name not in takes:
            return f"{target.id} has no parameter {name!r}"
        if isinstance(value, str) and value.startswith("$") and not EXPRESSION.fullmatch(value):
            return f"{value!r} is no expression that leads into a request or an answer, such as $response.body#/id"
    return None
