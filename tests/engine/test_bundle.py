import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.bundle import find, hosts, name_of, prefix_paths, reachable, read_folder, resolve, served
from mockserver.engine.words import DocumentError
from tests.acme import CALL, DOCUMENT, SIBLINGS, changed, write_folder

CALL_REF = "/paths/~1v1~1calls/post/requestBody/content/application~1json/schema/$ref"


def refused(folder: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_folder(folder)
    return caught.value


def test_siblings_become_components(tmp_path: Path) -> None:
    bundled = read_folder(write_folder(tmp_path / "acme"))
    schema = bundled["paths"]["/v1/calls"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/call"}
    assert bundled["components"]["schemas"]["call"] == CALL
    assert bundled["components"]["schemas"].keys() == SIBLINGS.keys()


@pytest.mark.parametrize(
    ("written", "bundled"),
    [
        ("call.json", "#/components/schemas/call"),
        ("call.json#/properties/who", "#/components/schemas/call/properties/who"),
        ("#/components/schemas/own", "#/components/schemas/own"),
    ],
)
def test_references_of_the_document_point_into_the_bundle(tmp_path: Path, written: str, bundled: str) -> None:
    document = changed(CALL_REF, written, changed("/components/schemas/own", {"type": "object"}))
    found = read_folder(write_folder(tmp_path / "acme", document))
    assert find(found, "#" + CALL_REF) == bundled


@pytest.mark.parametrize(
    ("written", "bundled"),
    [
        ("#/$defs/name", "#/components/schemas/call/$defs/name"),
        ("#", "#/components/schemas/call"),
        ("taken.json", "#/components/schemas/taken"),
        ("taken.json#/properties/id", "#/components/schemas/taken/properties/id"),
    ],
)
def test_references_of_a_sibling_point_into_the_bundle(tmp_path: Path, written: str, bundled: str) -> None:
    call = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {"name": {}},
        "items": {"$ref": written},
    }
    found = read_folder(write_folder(tmp_path / "acme", siblings={**SIBLINGS, "call": call}))
    assert found["components"]["schemas"]["call"] == {"$defs": {"name": {}}, "items": {"$ref": bundled}}


def test_nothing_of_the_bundle_points_out_of_it(tmp_path: Path) -> None:
    bundled = read_folder(write_folder(tmp_path / "acme", changed("/components", None, changed("/security", []))))
    assert ".json" not in json.dumps(bundled)


@pytest.mark.parametrize(
    ("pointer", "value", "place"),
    [
        (CALL_REF, "nobody.json", CALL_REF.removesuffix("/$ref")),
        (CALL_REF, "call.json#/properties/nobody", CALL_REF.removesuffix("/$ref")),
        (CALL_REF, "call.json#anchor", CALL_REF.removesuffix("/$ref")),
        (CALL_REF, "https://api.acme.example/call.json", CALL_REF.removesuffix("/$ref")),
        (CALL_REF, "#/paths/~1v1~1calls/post/responses/400", CALL_REF.removesuffix("/$ref")),
        (CALL_REF, "#", CALL_REF.removesuffix("/$ref")),
        ("/paths/~1v1~1calls/post/responses/400", {"$ref": "call.json"}, "/paths/~1v1~1calls/post/responses/400"),
    ],
)
def test_a_reference_that_leads_nowhere_stops(tmp_path: Path, pointer: str, value: Any, place: str) -> None:
    error = refused(write_folder(tmp_path / "acme", changed(pointer, value)))
    assert (error.file, error.pointer) == (f"{tmp_path.name}/acme/openapi.json", place)
    assert "leads nowhere: name a sibling file, or a place under #/components/" in error.says


def test_the_place_of_a_wrong_reference_is_told_in_its_own_file(tmp_path: Path) -> None:
    wrong = {"type": "object", "properties": {"who": {"$ref": "#/$defs/nobody"}}}
    error = refused(write_folder(tmp_path / "acme", siblings={**SIBLINGS, "call": wrong}))
    assert (error.file, error.pointer) == (f"{tmp_path.name}/acme/call.json", "/properties/who")
    error = refused(write_folder(tmp_path / "acme", siblings={**SIBLINGS, "call": {"$ref": "nobody.json"}}))
    assert (error.file, error.pointer) == (f"{tmp_path.name}/acme/call.json", "")


def test_a_reference_that_leads_back_to_itself_stops(tmp_path: Path) -> None:
    circle = {"call": {"$ref": "taken.json"}, "taken": {"$ref": "call.json"}, "refusal": {}}
    error = refused(write_folder(tmp_path / "acme", siblings=circle))
    assert error.says == "'#/components/schemas/call' leads back to itself"


def test_a_schema_may_hold_itself(tmp_path: Path) -> None:
    tree = {"type": "object", "properties": {"below": {"$ref": "#"}}}
    bundled = read_folder(write_folder(tmp_path / "acme", siblings={**SIBLINGS, "call": tree}))
    assert bundled["components"]["schemas"]["call"]["properties"]["below"] == {"$ref": "#/components/schemas/call"}


def test_a_sibling_and_a_component_have_different_names(tmp_path: Path) -> None:
    error = refused(write_folder(tmp_path / "acme", changed("/components/schemas/call", {})))
    assert (error.pointer, error.says) == ("/components/schemas/call", "a sibling file has this name")


def test_a_folder_without_a_document_is_told_by_name(tmp_path: Path) -> None:
    assert str(refused(tmp_path)) == (
        f"{'/'.join(tmp_path.parts[-2:])}/openapi.json: at /: no such file: every vendor's folder needs one"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON: Expecting property name"),
        ('{"type": "object", "type": "array"}', "not JSON: 'type' is there twice"),
        ('{"title": "\udcff"}', "not JSON: 'utf-8' codec can't decode"),
    ],
    ids=["cut short", "a word twice", "no UTF-8"],
)
def test_a_file_that_is_no_json_is_told_by_name(tmp_path: Path, text: str, says: str) -> None:
    folder = write_folder(tmp_path / "acme")
    (folder / "call.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    error = refused(folder)
    assert error.file == f"{tmp_path.name}/acme/call.json"
    assert error.says.startswith(says)


@pytest.mark.parametrize("name", ["openapi", "call"])
def test_every_file_is_checked_word_by_word(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "acme")
    whole = {**DOCUMENT, **SIBLINGS}[name] if name == "call" else DOCUMENT
    (folder / f"{name}.json").write_text(json.dumps({**whole, "surprise": 1}))
    assert refused(folder).file == f"{tmp_path.name}/acme/{name}.json"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#/a/b", 1),
        ("#/a/c~1d~0e", 2),
        ("#/list/1/x", 3),
        ("#/list/2", None),
        ("#/list/x", None),
        ("#/a/b/c", None),
        ("#/nobody/b", None),
        ("#a", None),
        ("", None),
    ],
)
def test_where_a_reference_leads(reference: str, found: Any) -> None:
    assert find({"a": {"b": 1, "c/d~e": 2}, "list": [0, {"x": 3}]}, reference) == found


def test_references_are_followed_to_the_object_they_mean() -> None:
    root = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/c"}, "c": {"type": "object"}}
    assert resolve(root, {"$ref": "#/a"}) == {"type": "object"}
    assert resolve(root, True) is True


@pytest.mark.parametrize(
    ("document", "own", "path"),
    [
        ({}, {}, "/calls"),
        ({"servers": [{"url": "https://api.acme.example"}]}, {}, "/calls"),
        ({"servers": [{"url": "https://api.acme.example/v2/"}]}, {}, "/v2/calls"),
        ({"servers": [{"url": "https://a.example/v2"}]}, {"servers": [{"url": "https://b.example/up"}]}, "/up/calls"),
        ({"servers": [{"url": "/_mock"}]}, {}, "/_mock/calls"),
    ],
)
def test_the_base_path_of_a_server_becomes_part_of_the_path(document: Any, own: Any, path: str) -> None:
    item = {"get": {}, **own}
    assert list(prefix_paths({**document, "paths": {"/calls": item}})) == [(path, {"get": {}})]


def test_hosts_come_from_all_servers() -> None:
    servers = {"servers": [{"url": "https://API.acme.example/v1"}, {"url": "/_mock"}]}
    assert hosts(servers, [{"servers": [{"url": "https://files.acme.example"}]}, {}]) == {
        "api.acme.example",
        "files.acme.example",
    }
    assert hosts({}, []) == frozenset()


def test_a_served_document_answers_at_our_address() -> None:
    whole = served(DOCUMENT, "http://127.0.0.1:4747/acme")
    assert whole == {**DOCUMENT, "servers": [{"url": "http://127.0.0.1:4747/acme"}]}


def test_a_file_is_named_by_its_last_folders() -> None:
    assert name_of(Path("/home/me/schemas/acme/openapi.json")) == "schemas/acme/openapi.json"


def to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_schema_takes_along_what_it_refers_to_and_no_more() -> None:
    known = {
        "tree": {"properties": {"below": to("tree"), "leaf": to("leaf")}},
        "leaf": {"type": "string"},
        "other": to("leaf"),
        "a/b": {"type": "integer"},
    }
    root = {"components": {"schemas": known}}
    assert reachable({"type": "object"}, root) == {}
    assert reachable(True, root) == {}
    assert reachable({"anyOf": [to("tree")]}, root).keys() == {"tree", "leaf"}
    assert reachable(to("a~1b/type"), root).keys() == {"a/b"}
    assert reachable({"properties": {"$ref": {"type": "string"}}}, root) == {}
    assert reachable(to("other"), {}) == {}
