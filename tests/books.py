"""Books that fit their vendor's schema, at its edges and with the names that cases use."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from mockserver.engine.bundle import resolve
from mockserver.engine.shape import Shape
from mockserver.shipped import shipped
from tests.worlds import document

DEEPEST = 5
ANYTHING = st.recursive(st.none() | st.booleans() | st.text(max_size=3), lambda deeper: st.lists(deeper, max_size=2))
FORMATTED: Mapping[str, st.SearchStrategy[str]] = {
    "web-url": st.sampled_from(["http://127.0.0.1:9000/hook", "https://example.com/"]),
    "uuid": st.uuids().map(str),
    "webhook-secret": st.sampled_from(["whsec_c2VjcmV0", "c2VjcmV0"]),
}


def shape_of(vendor: str) -> Shape:
    shape = document(vendor).book
    assert shape is not None, f"no schemas/{vendor}/book.json says what the book of its demo account may hold"
    return shape


@cache
def book_of(vendor: str) -> Mapping[str, Any]:
    """Return the book of a vendor's demo account, which has none where its rules read none."""
    path = shipped("fixtures/accounts") / f"{vendor.partition('@')[0]}.json"
    book: Mapping[str, Any] = json.loads(path.read_bytes()).get("book", {}) if path.exists() else {}
    return book


def names(vendor: str) -> tuple[str, ...]:
    """Return every text in the vendor's demo account: what its cases ask for."""
    return tuple(texts_in(book_of(vendor)))


def texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from texts_in(child)


def books(vendor: str) -> st.SearchStrategy[dict[str, Any]]:
    shape, known = shape_of(vendor), st.sampled_from(names(vendor))
    return fitting(shape.schema, shape.schema, known | st.text(min_size=1, max_size=3)).filter(shape.accepts)


def fitting(schema: Any, root: Any, texts: st.SearchStrategy[str], depth: int = 0) -> st.SearchStrategy[Any]:
    own = resolve(root, schema)
    if not isinstance(own, dict) or not own.keys() & {"type", "enum", "const", "anyOf"}:
        return ANYTHING
    if "anyOf" in own:
        return st.one_of(*(fitting(branch, root, texts, depth) for branch in own["anyOf"]))
    if "enum" in own or "const" in own:
        return st.sampled_from(own.get("enum") or [own["const"]])
    kinds = own["type"] if isinstance(own["type"], list) else [own["type"]]
    return st.one_of(*(of_kind(kind, own, root, texts, depth) for kind in kinds))


def of_kind(
    kind: str, own: Mapping[str, Any], root: Any, texts: st.SearchStrategy[str], depth: int
) -> st.SearchStrategy[Any]:
    if kind == "object":
        properties = {name: fitting(each, root, texts, depth + 1) for name, each in own.get("properties", {}).items()}
        required = own.get("required", ())
        needed = {name: each for name, each in properties.items() if name in required}
        optional = {name: each for name, each in properties.items() if name not in required}
        return st.fixed_dictionaries(needed, optional=optional)
    if kind == "array":
        item = fitting(own.get("items", True), root, texts, depth + 1) if depth < DEEPEST else st.none()
        return st.lists(item, max_size=2 if depth < DEEPEST else 0)
    low, high = own.get("minimum"), own.get("maximum")
    plain: Mapping[str, st.SearchStrategy[Any]] = {
        "null": st.none(),
        "boolean": st.booleans(),
        "string": FORMATTED[own["format"]] if "format" in own else texts,
        "number": st.integers(low, high) | st.floats(low, high, allow_nan=False),
    }
    return plain[kind]
