"""Every document is valid OpenAPI, every schema a valid schema, and every example fits the schema it stands beside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.engine.bundle import read_folder, served
from mockserver.engine.shape import Shape
from mockserver.engine.words import walk
from mockserver.shipped import shipped

FOLDERS = sorted(path for path in shipped("schemas").iterdir() if path.is_dir())

VENDORS = [folder for folder in FOLDERS if not folder.name.startswith("_")]


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    folder: Path = request.param
    return read_folder(folder)


def schemas_of(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((pointer, node) for pointer, place, node in walk(document, "document") if place == "schema")


def examples_of(document: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield every example with its place and its schema: those of media types, and those of schemas themselves."""
    for pointer, place, node in walk(document, "document"):
        if place == "media":
            listed = [example.get("value") for example in node.get("examples", {}).values()]
            for example in [*listed, *([node["example"]] if "example" in node else [])]:
                yield pointer, node.get("schema", {}), example
        elif place == "schema" and isinstance(node, dict):
            for example in [*node.get("examples", []), *([node["default"]] if "default" in node else [])]:
                yield pointer, node, example


def test_every_document_is_valid_openapi(document: dict[str, Any]) -> None:
    whole = served(document, "http://127.0.0.1:4747/acme")
    assert [
        f"{list(error.absolute_path)}: {error.message}" for error in OpenAPIV31SpecValidator(whole).iter_errors()
    ] == []


def test_every_schema_is_a_valid_schema(document: dict[str, Any]) -> None:
    judge = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    wrong = [
        f"{pointer}: {error.message}" for pointer, node in schemas_of(document) for error in judge.iter_errors(node)
    ]
    assert wrong == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    wrong = [
        f"{pointer}: {problem.at}: {problem.says}"
        for pointer, schema, example in examples_of(document)
        for problem in Shape(schema, document).problems(example)
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", VENDORS, ids=lambda folder: folder.name)
def test_every_operation_has_examples(folder: Path) -> None:
    """A request and a success show what they look like: the example is what a vendor without behaviour answers."""
    document = read_folder(folder)
    bare = [
        pointer
        for pointer, place, node in walk(document, "document")
        if place == "media" and "/requestBody/" in pointer and not node.keys() & {"example", "examples"}
    ]
    silent = [
        f"{pointer}/responses/{status}"
        for pointer, place, node in walk(document, "document")
        if place == "operation"
        for status, response in node["responses"].items()
        if status.startswith("2")
        for media in response.get("content", {}).values()
        if not media.keys() & {"example", "examples"}
    ]
    assert bare + silent == []
