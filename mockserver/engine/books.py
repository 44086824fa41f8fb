"""What an account's book may hold: `book.json` beside a vendor's document, and no part of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mockserver.engine.bundle import BOOK, misled, name_of, read_file
from mockserver.engine.shape import Shape
from mockserver.engine.words import DocumentError, check_words, walk

HOME = "#/$defs/"


def read_book(folders: Iterable[Path]) -> Shape | None:
    """Return the shape of a book from the first folder that has one; without any, a book may hold anything.

    Raises DocumentError that names the file and the place.
    """
    path = next((path for folder in folders if (path := folder / BOOK).exists()), None)
    return shape_of(path) if path else None


def shape_of(path: Path) -> Shape:
    schema = read_file(path)
    check_words(schema, "schema", name_of(path))
    check_references(schema, name_of(path))
    try:
        return Shape(schema, schema)
    except ValueError as error:  # a schema that no validator can be made of
        raise DocumentError(name_of(path), "", str(error).partition("\n")[0]) from None


def check_references(schema: Any, file: str) -> None:
    """Raise DocumentError for a reference that leads out of the file, or nowhere; nothing is ever fetched."""
    for pointer, _, node in walk(schema, "schema"):
        is_reference = isinstance(node, dict) and "$ref" in node
        if is_reference and (wrong := misled(node, schema, HOME)):
            raise DocumentError(file, pointer, wrong)
