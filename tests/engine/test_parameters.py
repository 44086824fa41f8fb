"""Parameters of the query, the path and the headers: what their texts stand for, and how they are judged."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.decide import decide
from mockserver.engine.endpoint import Endpoint
from mockserver.engine.words import DocumentError
from mockserver.model import Decision, Facts, Vendor
from tests.acme import DOCUMENT, acme_document, acme_facts, changed
from tests.facts import ID

POST = "/paths/~1v1~1calls/post"
WHO = {"who": "Ada"}


def endpoint_of(folder: Path, listed: Any) -> Endpoint:
    return acme_document(folder, changed(f"{POST}/parameters", listed)).endpoints[0]


def decided(endpoint: Endpoint, facts: Facts) -> Decision:
    return decide(Vendor("acme"), endpoint, facts, {})


def parameter(name: str, place: str, schema: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema, **more}


def test_parameters_of_the_query_are_judged_together(tmp_path: Path) -> None:
    listed = [
        parameter("limit", "query", {"type": ["integer", "null"]}, required=True),
        parameter("kind", "query", {"enum": ["a"]}),
        parameter("open", "query", True),
        parameter("ids", "query", {"type": "array", "items": {"type": "integer"}, "maxItems": 2}),
        parameter("any", "query", {"type": "array"}),
    ]
    query = endpoint_of(tmp_path, listed).query
    assert query
    types, shape = query
    assert types == {
        "limit": ("integer", "null"),
        "kind": ("string",),
        "open": ("string",),
        "ids": ("array", "integer"),
        "any": ("array", "string"),
    }
    wrong = {"kind": "b", "ids": [1, "x", 3]}
    assert [problem.path for problem in shape.problems(wrong)] == [("kind",), ("ids", 1), ("ids",), ("limit",)]


def test_parameters_of_the_path_are_judged_too(tmp_path: Path) -> None:
    document = changed(POST, None)
    own = DOCUMENT["paths"]["/v1/calls"]["post"]
    document["paths"] = {
        "/calls/{id}": {"parameters": [parameter("id", "path", {"type": "string", "format": "uuid"})], "post": own}
    }
    steps = acme_document(tmp_path, document).endpoints[0].steps
    assert steps
    assert [problem.keyword for problem in steps[1].problems({"id": "x"})] == ["format"]


def test_headers_are_judged_by_their_names_in_lower_case(tmp_path: Path) -> None:
    listed = [
        parameter("X-Acme-Org", "header", {"type": "string", "format": "uuid"}, required=True),
        parameter("X-Acme-Kind", "header", {"enum": ["a"]}),
    ]
    headers = endpoint_of(tmp_path, listed).headers
    assert headers
    types, shape = headers
    assert types == {"x-acme-org": ("string",), "x-acme-kind": ("string",)}
    assert [problem.path for problem in shape.problems({"X-Acme-Org": "x", "x-acme-kind": "b"})] == [
        ("x-acme-kind",),
        ("x-acme-org",),
    ]
    assert shape.problems({"x-acme-org": "11111111-1111-4111-8111-111111111111", "host": "a"}) == ()
    assert endpoint_of(tmp_path, []).headers is None


@pytest.mark.parametrize(
    ("place", "schema", "says"),
    [
        ("query", {"type": ["array", "null"]}, "the parameter 'p' cannot be array or null in the query"),
        ("header", {"type": "array"}, "the parameter 'p' cannot be array in the header"),
        ("header", {"type": "integer"}, "the parameter 'p' cannot be integer in the header"),
        ("query", {"type": ["object", "null"]}, "the parameter 'p' cannot be object or null in the query"),
        (
            "query",
            {"type": "array", "items": {"type": "array"}},
            "the parameter 'p' cannot be array of array in the query",
        ),
        (
            "query",
            {"type": "array", "items": {"$ref": "#/components/schemas/taken"}},
            "the parameter 'p' cannot be array of object in the query",
        ),
        ("path", {"type": "integer"}, "the parameter 'p' cannot be integer in the path"),
    ],
)
def test_a_parameter_is_one_text(tmp_path: Path, place: str, schema: Any, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        endpoint_of(tmp_path, [parameter("p", place, schema)])
    assert (caught.value.pointer, caught.value.says) == (POST, says)


def test_query_path_and_headers_are_judged_with_the_body(tmp_path: Path) -> None:
    listed = [
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        {"name": "id", "in": "path", "schema": {"type": "string", "format": "uuid"}},
        {"name": "X-Org", "in": "header", "required": True, "schema": {"type": "string", "x-claim": "org-named"}},
    ]
    endpoint = endpoint_of(tmp_path, listed)
    facts = acme_facts({"who": 5}, query={"limit": "x"}, params={"id": "x"}, headers={"host": "h"})
    found = [problem.path for problem in decided(endpoint, facts).trail[-1].problems]
    assert found == [("who",), ("limit",), ("id",), ("x-org",)]
    right = acme_facts(WHO, query={"limit": 1}, params={"id": ID}, headers={"x-org": "acme"})
    assert decided(endpoint, right).refused_by is None
    missing = acme_facts(WHO, query={"limit": 1}, params={"id": ID}, headers={"x-organisation": "acme"})
    assert decided(endpoint, missing).refused_by == "schema/org-named"
