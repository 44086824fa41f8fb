from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.document import Document, Route, pattern_of, read_documents
from mockserver.engine.words import DocumentError
from mockserver.model import Kind, Problem
from tests.acme import ADD_CALL, DOCUMENT, acme_document, changed, write_folder

POST = "/paths/~1v1~1calls/post"


def operation(ident: str, **more: Any) -> dict[str, Any]:
    return {"operationId": ident, "responses": {"200": {"description": "Fine."}}, **more}


PATHS: dict[str, Any] = {
    "/v1/calls": {"get": operation("listCalls"), "post": ADD_CALL},
    "/v1/calls/{id}": {
        "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}],
        "get": operation("getCall", parameters=[{"name": "full", "in": "query", "schema": {"type": "boolean"}}]),
    },
    "/v1/calls/latest": {"get": operation("getLatest")},
    "/v1/users/{user}/calls/{id}": {"delete": operation("removeCall")},
    "/upload": {"servers": [{"url": "https://files.acme.example/store"}], "put": operation("putFile")},
}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return acme_document(tmp_path, changed("/paths", PATHS))


def found(document: Document, method: str, path: str) -> tuple[str, dict[str, str]]:
    route = document.find(method, path)
    assert isinstance(route, Route)
    return route.endpoint.id, dict(route.params)


def refused(folder: Path, pointer: str, value: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        acme_document(folder, changed(pointer, value))
    assert caught.value.file == f"{folder.name}/acme/openapi.json"
    return caught.value


@pytest.mark.parametrize(
    ("method", "path", "ident", "params"),
    [
        ("GET", "/v1/calls", "listCalls", {}),
        ("POST", "/v1/calls", "addCall", {}),
        ("GET", "/v1/calls/c-1", "getCall", {"id": "c-1"}),
        ("GET", "/v1/calls/a b\nc", "getCall", {"id": "a b\nc"}),
        ("GET", "/v1/calls/latest", "getLatest", {}),
        ("DELETE", "/v1/users/u.1/calls/c-1", "removeCall", {"user": "u.1", "id": "c-1"}),
        ("PUT", "/store/upload", "putFile", {}),
    ],
)
def test_a_request_goes_to_its_endpoint(document: Document, method: str, path: str, ident: str, params: Any) -> None:
    assert found(document, method, path) == (ident, params)
    assert document.has(path)


@pytest.mark.parametrize(
    "path", ["/", "", "/v1/calls/", "/V1/calls", "/v1/calls/a/b", "/upload", "/v1/users//calls/c", "/v1/calls\n"]
)
def test_an_unknown_path_is_a_problem(document: Document, path: str) -> None:
    says = f"there is no {path} here"
    assert document.find("GET", path) == Problem(Kind.NO_PATH, says, got=path, claim="no-such-path")
    assert not document.has(path)


def test_a_wrong_method_is_told_the_right_ones(document: Document) -> None:
    assert document.find("PATCH", "/v1/calls") == Problem(
        Kind.METHOD, "PATCH is not allowed here, GET, POST is", wants=["GET", "POST"], got="PATCH", claim="post-only"
    )


def test_a_fixed_path_hides_a_template(document: Document) -> None:
    assert document.find("DELETE", "/v1/calls/latest") == Problem(
        Kind.METHOD, "DELETE is not allowed here, GET is", wants=["GET"], got="DELETE", claim="post-only"
    )


def test_an_endless_path_is_cut_in_the_sentence(document: Document) -> None:
    problem = document.find("GET", "/" + "x" * 5000)
    assert isinstance(problem, Problem)
    assert len(problem.says) < 250


def test_parameters_of_a_path_are_shared_by_its_operations(document: Document) -> None:
    (get_call,) = [endpoint for endpoint in document.endpoints if endpoint.id == "getCall"]
    assert [item["name"] for item in get_call.parameters] == ["id", "full"]


def test_paths_may_be_taken_in_any_casing(tmp_path: Path) -> None:
    paths = {"/Media/Upload": {"post": operation("upload")}, "/Media/{Id}": {"get": operation("read")}}
    loose = acme_document(tmp_path, changed("/x-loose-case", True, changed("/paths", paths)))
    assert found(loose, "POST", "/media/UPLOAD") == ("upload", {})
    assert found(loose, "GET", "/MEDIA/aBc") == ("read", {"Id": "aBc"})


def test_hosts_are_those_of_the_vendor(document: Document) -> None:
    assert document.hosts == {"api.acme.example", "files.acme.example"}


@pytest.mark.parametrize(("folder", "vendor", "is_edition"), [("acme", "acme", False), ("acme@2026-08", "acme", True)])
def test_an_edition_is_another_document_of_one_vendor(
    tmp_path: Path, folder: str, vendor: str, is_edition: Any
) -> None:
    document = Document(write_folder(tmp_path / folder))
    assert (document.name, document.vendor, document.is_edition) == (folder, vendor, is_edition)


@pytest.mark.parametrize(
    ("pointer", "value", "at", "says"),
    [
        (f"{POST}/operationId", None, POST, "every operation needs an operationId of its own"),
        (
            "/paths/~1a",
            {"get": operation("addCall")},
            "/paths/~1a/get",
            "every operation needs an operationId of its own",
        ),
        (f"{POST}/responses", {}, POST, "every operation needs a documented answer"),
        (f"{POST}/responses", None, POST, "every operation needs a documented answer"),
        (f"{POST}/responses/2XX", {"description": ""}, f"{POST}/responses", "an answer has a status of three digits"),
        (
            f"{POST}/responses/default",
            {"description": ""},
            f"{POST}/responses",
            "an answer has a status of three digits",
        ),
        (f"{POST}/security", [{"nobody": []}], f"{POST}/security", "no security scheme is called 'nobody'"),
        (f"{POST}/security", [{"key": []}, {}], POST, "security is optional only where the body has an x-credential"),
        ("/security", [{"nobody": []}], "/security", "no security scheme is called 'nobody'"),
        ("/security", [{}], "/security", "every alternative names one security scheme"),
        ("/security", [{"key": [], "other": []}], "/security", "every alternative names one security scheme"),
        ("/security", ["key"], "/security", "every alternative names one security scheme"),
        ("/x-claim", {"surprise": "a"}, "/x-claim", "x-claim names here a claim for each of path, method, media-type,"),
        ("/x-claim/path", ["a"], "/x-claim", "x-claim names here a claim for each of path, method, media-type,"),
        (f"{POST}/x-claim", "a", f"{POST}/x-claim", "x-claim names here a claim for each of path, method, media-type,"),
        ("/paths/~1v1~1calls~1{}", {}, "/paths", "a value of '/v1/calls/{}' needs a name of its own, such as {id}"),
        ("/paths/~1v1~1{call-id}", {}, "/paths", "a value of '/v1/{call-id}' needs a name of its own, such as {id}"),
        ("/paths/~1{id}~1{id}", {}, "/paths", "a value of '/{id}/{id}' needs a name of its own, such as {id}"),
        (
            f"{POST}/requestBody/content/application~1json/schema",
            {"type": "strnig"},
            POST,
            '"strnig" is not valid under',
        ),
        (f"{POST}/requestBody/content/application~1json/schema", {"pattern": "("}, POST, '"(" is not a "regex"'),
    ],
)
def test_what_could_not_be_kept_stops_with_its_place(
    tmp_path: Path, pointer: str, value: Any, at: str, says: str
) -> None:
    error = refused(tmp_path, pointer, value)
    assert error.pointer == at
    assert error.says.startswith(says)


def test_two_hosts_cannot_share_a_path(tmp_path: Path) -> None:
    twin = {"servers": [{"url": "https://b.example/v1"}], "get": operation("other")}
    assert refused(tmp_path, "/paths/~1calls", twin).says == (
        "'/v1/calls' is there twice: one of them would never answer"
    )


def test_two_casings_of_a_loose_path_are_one(tmp_path: Path) -> None:
    twins = changed("/x-loose-case", True, changed("/paths/~1V1~1Calls", {"get": operation("other")}))
    with pytest.raises(DocumentError, match="'/V1/Calls' is there twice"):
        acme_document(tmp_path, twins)


def test_a_template_matches_whole_segments() -> None:
    pattern = pattern_of("/a.b/{x}", loose=False)
    assert pattern.fullmatch("/a.b/1")
    assert not pattern.fullmatch("/aXb/1")
    assert not pattern.fullmatch("/A.b/1")
    assert pattern_of("/a.b/{x}", loose=True).fullmatch("/A.b/1")


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ((), ["acme", "acme@2", "other"]),
        (("acme",), ["acme", "acme@2"]),
        (("acme@2",), ["acme@2"]),
        (("other", "nobody"), ["other"]),
    ],
)
def test_every_folder_is_a_vendor(tmp_path: Path, only: tuple[str, ...], names: list[str]) -> None:
    for name in ("other", "acme", "acme@2"):
        write_folder(tmp_path / name, DOCUMENT)
    for name in ("_admin", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "README.md").touch()
    assert list(read_documents(tmp_path, only)) == names
