"""A link leads to an operation and brings what that one takes, or the document is refused with its place."""

import copy
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.document import Document
from mockserver.engine.words import DocumentError
from tests.acme import DOCUMENT, acme_document

READ: dict[str, Any] = {
    "operationId": "readCall",
    "parameters": [
        {"name": "full", "in": "query", "schema": {"type": "boolean"}},
        {"name": "X-Org", "in": "header", "schema": {"type": "string"}},
    ],
    "responses": {"200": {"description": "Fine."}, "404": {"$ref": "#/components/responses/unknown"}},
}
PATH: dict[str, Any] = {
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
    "get": READ,
}


def linked(folder: Path, link: Any, *, is_shared: bool = False) -> Document:
    """Return Acme's document with a link behind what it adds, or behind an answer that operations share."""
    whole = copy.deepcopy(DOCUMENT)
    whole["paths"]["/v1/calls/{id}"] = copy.deepcopy(PATH)
    whole["components"]["responses"] = {"unknown": {"description": "There is none."}}
    home = (
        whole["components"]["responses"]["unknown"]
        if is_shared
        else whole["paths"]["/v1/calls"]["post"]["responses"]["201"]
    )
    home["links"] = {"read/it": link}
    return acme_document(folder, whole)


def to(**parameters: Any) -> dict[str, Any]:
    return {"operationId": "readCall", "parameters": parameters}


@pytest.mark.parametrize(
    "link",
    [
        {"operationId": "readCall"},
        {"operationId": "addCall", "requestBody": {"who": "Ada"}},
        to(),
        to(id="$response.body#/id"),
        to(**{"path.id": "$response.body#/items/0/a~1b", "query.full": True, "header.X-Org": "acme"}),
        to(id="$response.header.Location", full="$request.query.full"),
        to(id="$request.path.id", **{"X-Org": "$request.header.x-org"}),
        to(id="$url", full="$statusCode"),
        to(id="$request.body"),
        to(id="$response.body#/"),
        to(id="a plain text", full=False),
        to(id="call-{$response.body#/id}"),
    ],
    ids=str,
)
@pytest.mark.parametrize("is_shared", [True, False])
def test_a_link_that_leads_somewhere_is_kept(tmp_path: Path, link: Any, *, is_shared: bool) -> None:
    content = linked(tmp_path, link, is_shared=is_shared).content
    shared, own = (
        content["components"]["responses"]["unknown"],
        content["paths"]["/v1/calls"]["post"]["responses"]["201"],
    )
    assert (shared if is_shared else own)["links"] == {"read/it": link}


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"operationId": "nobody"}, "no operation is called 'nobody'"),
        ({"operationId": "readcall"}, "no operation is called 'readcall'"),
        ({"operationId": "readCall", "parameters": ["id"]}, "the parameters of a link are an object, from names to"),
        (to(ident="$response.body#/id"), "readCall has no parameter 'ident'"),
        (to(ID="$response.body#/id"), "readCall has no parameter 'ID'"),
        (to(**{"query.id": "$response.body#/id"}), "readCall has no parameter 'query.id'"),
        (to(**{"path.full": True}), "readCall has no parameter 'path.full'"),
        (to(**{"cookie.id": "x"}), "readCall has no parameter 'cookie.id'"),
        ({"operationId": "addCall", "parameters": {"id": "x"}}, "addCall has no parameter 'id'"),
        (to(id="$response.body.id"), "'$response.body.id' is no expression that leads into a request or an answer"),
        (to(id="$response.body#id"), "'$response.body#id' is no expression that leads into a request or an answer"),
        (to(id="$respond.body#/id"), "'$respond.body#/id' is no expression"),
        (to(id="$response.body#/id}"), "'$response.body#/id}' is no expression"),
        (to(id="$response.header."), "'$response.header.' is no expression"),
        (to(id="$"), "'$' is no expression"),
    ],
)
@pytest.mark.parametrize(
    ("is_shared", "place"),
    [(False, "/paths/~1v1~1calls/post/responses/201"), (True, "/components/responses/unknown")],
)
def test_a_link_that_leads_nowhere_stops_the_start_with_its_place(
    tmp_path: Path, link: Any, says: str, place: str, *, is_shared: bool
) -> None:
    with pytest.raises(DocumentError) as caught:
        linked(tmp_path, link, is_shared=is_shared)
    assert caught.value.pointer == f"{place}/links/read~1it"
    assert caught.value.says.startswith(says)
    assert caught.value.file == f"{tmp_path.name}/acme/openapi.json"


def test_a_path_with_a_base_of_its_own_is_named_as_it_is_served(tmp_path: Path) -> None:
    whole = copy.deepcopy(DOCUMENT)
    whole["paths"]["/v1/calls"]["servers"] = [{"url": "https://files.acme.example/store"}]
    whole["paths"]["/v1/calls"]["post"]["responses"]["201"]["links"] = {"read": {"operationId": "nobody"}}
    with pytest.raises(DocumentError) as caught:
        acme_document(tmp_path, whole)
    assert caught.value.pointer == "/paths/~1store~1v1~1calls/post/responses/201/links/read"
