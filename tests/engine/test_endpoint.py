from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.document import Document
from mockserver.engine.endpoint import JSON_BODY, TEXT_PART, Body, Endpoint, Part, Scheme, way_of
from tests.acme import acme_document, changed

POST = "/paths/~1v1~1calls/post"
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["key"],
    "properties": {
        "file": {"contentMediaType": "audio/mpeg", "x-max-bytes": 100, "x-claim": {"x-max-bytes": "small-files"}},
        "text": {"type": "string", "contentMediaType": "text/plain"},
        "details": {"type": "object", "x-claim": {"readable": "details-are-json"}},
        "tags": {"type": "array"},
        "is_inbound": {"type": ["boolean", "null"]},
        "key": {"$ref": "#/components/schemas/key"},
        "open": True,
        "plain": {},
    },
}
ROOT = {"components": {"schemas": {"key": {"type": "string", "x-credential": True, "x-max-bytes": 10}}}}
ENCODED = {"encoding": {"details": {"contentType": "application/json"}, "text": {"contentType": "text/plain"}}}


def form(**media: Any) -> Body:
    return Body("multipart/form-data", {"schema": FORM, **media}, ROOT)


def endpoint_of(folder: Path, pointer: str, value: Any) -> Endpoint:
    return acme_document(folder, changed(pointer, value)).endpoints[0]


def test_each_part_is_read_as_the_document_says() -> None:
    assert form(**ENCODED).parts == {
        "file": Part("file", is_file=True, most_bytes=100, too_large="small-files"),
        "text": Part("text"),
        "details": Part("details", is_json=True, types=("object",), readable="details-are-json"),
        "tags": Part("tags", is_many=True, types=("array",)),
        "is_inbound": Part("is_inbound", types=("boolean", "null")),
        "key": Part("key", most_bytes=10),
        "open": Part("open"),
        "plain": Part("plain"),
    }
    assert Part("x").most_bytes == TEXT_PART


def test_a_credential_in_the_body_is_found_behind_a_reference() -> None:
    body = form()
    assert (body.credential, body.credential_is_required) == ("key", True)
    plain = Body("application/json", {"schema": {"properties": {"key": {"type": "string"}}}}, {})
    assert (plain.credential, plain.credential_is_required) == (None, False)


@pytest.mark.parametrize(
    ("media_type", "way", "limit"),
    [
        ("application/json", "json", JSON_BODY),
        ("application/merge-patch+json", "json", JSON_BODY),
        ("application/x-www-form-urlencoded", "urlencoded", JSON_BODY),
        ("multipart/form-data", "form", None),
        ("audio/mpeg", "raw", None),
    ],
)
def test_a_media_type_says_how_a_body_is_read_and_how_much(media_type: str, way: str, limit: int | None) -> None:
    body = Body(media_type, {"schema": {}}, {})
    assert (body.way, way_of(media_type), body.most_bytes) == (way, way, limit)
    assert Body(media_type, {"x-max-bytes": 7}, {}).most_bytes == 7


def test_one_part_may_be_the_body_if_there_is_such_a_part() -> None:
    assert form().inner is None
    assert form(**{"x-body-part": "details"}).inner == "details"
    with pytest.raises(ValueError, match="x-body-part names no part of this form: 'nobody'"):
        form(**{"x-body-part": "nobody"})


def test_a_body_may_be_anything() -> None:
    body = Body("application/json", {"schema": True}, {})
    assert (dict(body.parts), body.credential, body.loose) == ({}, None, ())


def test_keys_are_loose_where_the_document_says_so() -> None:
    inner = {
        "type": "object",
        "x-loose-case": True,
        "properties": {"FileName": {}, "Below": {"$ref": "#/components/schemas/tree"}},
    }
    outer = {"type": "object", "properties": {"metadata": inner}}
    tree = {"x-loose-case": True, "properties": {"Name": {}, "Tree": {"$ref": "#/components/schemas/tree"}}}
    body = Body("application/json", {"schema": outer}, {"components": {"schemas": {"tree": tree}}})
    assert body.loose == (
        (("metadata",), {"filename": "FileName", "below": "Below"}),
        (("metadata", "Below"), {"name": "Name", "tree": "Tree"}),
    )


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        ({"type": "http", "scheme": "bearer", "x-claim": "c"}, Scheme("key", "authorization", "bearer", "c")),
        ({"type": "http", "scheme": "basic"}, Scheme("key", "authorization", "basic", None)),
        ({"type": "apiKey", "in": "header", "name": "X-Acme-Key"}, Scheme("key", "x-acme-key", "header", None)),
        ({"type": "apiKey", "in": "query", "name": "Acme-Sig"}, Scheme("key", "Acme-Sig", "query", None)),
        ({"type": "oauth2", "flows": {}}, Scheme("key", "authorization", "bearer", None)),
    ],
)
def test_where_a_credential_travels(tmp_path: Path, scheme: dict[str, Any], found: Scheme) -> None:
    endpoint = endpoint_of(tmp_path, "/components/securitySchemes/key", scheme)
    assert endpoint.schemes == (found,)


def test_an_operation_may_be_open_to_all(tmp_path: Path) -> None:
    assert endpoint_of(tmp_path, f"{POST}/security", []).schemes == ()


def test_an_operation_has_its_own_claims_before_the_documents(tmp_path: Path) -> None:
    (endpoint,) = acme_document(tmp_path).endpoints
    assert endpoint.claims == {
        "path": "no-such-path",
        "method": "post-only",
        "malformed": "json-only",
        "broken": "call-broken",
    }


def test_the_body_is_read_first_where_the_credential_is_in_it(tmp_path: Path) -> None:
    (endpoint,) = acme_document(tmp_path).endpoints
    assert (endpoint.in_body, endpoint.order) == (False, ("auth", "transport", "schema", "rules"))
    content = {"Multipart/Form-Data": {"schema": {"properties": {"key": {"x-credential": True}}}}}
    endpoint = endpoint_of(tmp_path, f"{POST}/requestBody/content", content)
    assert (endpoint.in_body, endpoint.order) == (True, ("transport", "auth", "schema", "rules"))


def test_a_scheme_is_optional_where_the_credential_may_travel_in_the_body() -> None:
    schemes = {"components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}}
    content = {"Multipart/Form-Data": {"schema": {"properties": {"key": {"x-credential": True}}}}}
    body = {"security": [{"basic": []}, {}], "requestBody": {"content": content}}
    endpoint = Endpoint(schemes, "/calls", "post", {"operationId": "addCall", "responses": {}, **body})
    assert ([scheme.name for scheme in endpoint.schemes], endpoint.in_body) == (["basic"], True)
    assert list(endpoint.bodies) == ["multipart/form-data"]


def test_answers_have_shapes_by_status_and_media_type(tmp_path: Path) -> None:
    bad = {"description": "Bad.", "content": {"text/plain": {"schema": {"type": "string"}}, "text/html": {}}}
    document = changed(
        "/components/responses/bad", bad, changed(f"{POST}/responses/400", {"$ref": "#/components/responses/bad"})
    )
    document = changed(f"{POST}/responses/404", {"description": "Empty."}, document)
    (endpoint,) = acme_document(tmp_path, document).endpoints
    kinds = dict(endpoint.answers.keys())
    assert (kinds["400"], kinds["201"], "404" in kinds) == ("text/plain", "application/json", False)
    assert endpoint.answer("400") == bad
    assert endpoint.answer("418") == {}


@pytest.mark.parametrize(
    ("responses", "success"),
    [
        ({"400": {}, "202": {"x-claim": "queued"}, "204": {}}, (202, "queued", None, None)),
        ({"200": {"content": {"text/plain": {"example": "OK"}}}}, (200, None, "text/plain", "OK")),
        ({"200": {"content": {"text/plain": {}}}}, (200, None, "text/plain", None)),
        ({"200": {"content": {"a/b": {"examples": {"x": {"value": 1}, "y": {"value": 2}}}}}}, (200, None, "a/b", 1)),
        ({"500": {}, "410": {"content": {"text/plain": {"example": "gone"}}}}, (410, None, "text/plain", "gone")),
    ],
)
def test_the_first_documented_success_or_answer(tmp_path: Path, responses: Any, success: Any) -> None:
    described = {status: {"description": "", **response} for status, response in responses.items()}
    assert endpoint_of(tmp_path, f"{POST}/responses", described).success() == success


def test_documents_keep_what_their_endpoints_are_made_of(tmp_path: Path) -> None:
    document: Document = acme_document(tmp_path)
    (endpoint,) = document.endpoints
    assert (endpoint.id, endpoint.method, endpoint.path) == ("addCall", "POST", "/v1/calls")
    assert endpoint.operation["summary"] == "Add a call"
