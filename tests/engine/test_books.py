import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.books import read_book
from mockserver.engine.document import Document, read_documents
from mockserver.engine.words import DocumentError
from tests.acme import write_folder

TREE = {
    "type": "object",
    "required": ["nodes"],
    "additionalProperties": False,
    "properties": {"nodes": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
    "$defs": {
        "node": {"required": ["id"], "properties": {"below": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}
    },
}


def write(folder: Path, schema: Any = TREE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "book.json").write_text(schema if isinstance(schema, str) else json.dumps(schema))
    return folder


def test_a_book_is_judged_as_deep_as_it_goes(tmp_path: Path) -> None:
    shape = read_book([write(tmp_path)])
    assert shape
    assert shape.accepts({"nodes": [{"id": 1, "below": [{"id": 2}]}]})
    (problem,) = shape.problems({"nodes": [{"id": 1, "below": [{}]}]})
    assert (problem.at, problem.says) == ("$.nodes[0].below[0].id", "nodes.0.below.0.id is required")


def test_the_first_folder_with_a_book_counts(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    first, second = write(tmp_path / "first", {"title": "first"}), write(tmp_path / "second", {"title": "second"})
    shape = read_book([tmp_path / "without", first, second])
    assert shape
    assert shape.schema == {"title": "first"}
    assert read_book([tmp_path / "without"]) is None


@pytest.mark.parametrize(
    ("schema", "pointer", "says"),
    [
        ("{", "", "not JSON"),
        ({"colour": 1}, "", "unknown word 'colour'"),
        ({"properties": {"a": {"format": "colour"}}}, "/properties/a", "unknown format 'colour'"),
        ({"items": {"$ref": "call.json"}}, "/items", "'call.json' leads nowhere"),
        ({"items": {"$ref": "https://example.com/a.json"}}, "/items", "'https://example.com/a.json' leads nowhere"),
        ({"items": {"$ref": "#/$defs/a"}}, "/items", "'#/$defs/a' leads nowhere"),
        ({"$defs": {"a": {"$ref": "#/$defs/a"}}}, "/$defs/a", "'#/$defs/a' leads back to itself"),
        ({"required": 5}, "", "5 is not of type"),
    ],
)
def test_a_book_that_cannot_be_kept_is_told_with_its_place(
    tmp_path: Path, schema: Any, pointer: str, says: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_book([write(tmp_path / "schemas" / "acme", schema)])
    assert (caught.value.file, caught.value.pointer) == ("schemas/acme/book.json", pointer)
    assert caught.value.says.startswith(says)


def title(document: Document) -> Any:
    return document.book.schema["title"] if document.book else None


def test_an_edition_has_its_own_book_or_its_vendors(tmp_path: Path) -> None:
    for name in ("acme", "acme@2", "acme@3", "other"):
        write_folder(tmp_path / name)
    write(tmp_path / "acme", {"title": "acme's"})
    write(tmp_path / "acme@2", {"title": "its own"})
    titles = {name: title(document) for name, document in read_documents(tmp_path).items()}
    assert titles == {"acme": "acme's", "acme@2": "its own", "acme@3": "acme's", "other": None}


def test_a_folder_laid_over_ours_has_our_book_where_it_has_none(tmp_path: Path) -> None:
    ours, users = tmp_path / "ours", tmp_path / "users"
    write(ours / "acme", {"title": "ours"})
    for name in ("acme", "acme@2", "other"):
        write_folder(users / name)
    found = read_documents(users, books=ours)
    assert {name: title(document) for name, document in found.items()} == {
        "acme": "ours",
        "acme@2": "ours",
        "other": None,
    }
    write(users / "acme", {"title": "the user's"})
    assert title(Document(users / "acme@2", ours)) == "the user's"


def test_a_book_is_no_part_of_the_document(tmp_path: Path) -> None:
    write(write_folder(tmp_path / "acme"))
    content = Document(tmp_path / "acme").content
    assert "book" not in content["components"]["schemas"]
    assert content == Document(write_folder(tmp_path / "plain" / "acme")).content
