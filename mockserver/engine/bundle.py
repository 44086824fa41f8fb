"""A folder of documents as one: siblings become components, references stay inside."""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockserver.engine.words import DocumentError, check_words, walk

ROOT = "openapi.json"
BOOK = "book.json"
HOMES = {"schema": "#/components/schemas/", "response": "#/components/responses/"}


def read_folder(folder: Path) -> dict[str, Any]:
    """Return one self-contained document, every word of it checked.

    Raises DocumentError that names the file and the place.
    """
    files = (path for path in sorted(folder.glob("*.json")) if path.name not in (ROOT, BOOK))
    siblings = {path.stem: read_file(path) for path in files}
    document = read_file(folder / ROOT)
    check_words(document, "document", name_of(folder / ROOT))
    for stem, schema in siblings.items():
        check_words(schema, "schema", name_of(folder / f"{stem}.json"))
    own = {stem: localise(schema, f"#/components/schemas/{stem}") for stem, schema in siblings.items()}
    bundled = localise(document, "#")
    schemas = bundled.setdefault("components", {}).setdefault("schemas", {})
    if twice := schemas.keys() & own.keys():
        raise DocumentError(name_of(folder / ROOT), f"/components/schemas/{min(twice)}", "a sibling file has this name")
    schemas.update(own)
    check_references(bundled, folder, own.keys())
    return bundled  # type: ignore[no-any-return]  # localise keeps a dict a dict


def name_of(path: Path) -> str:
    return "/".join(path.parts[-3:])


def read_file(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=only_once)
    except FileNotFoundError:
        raise DocumentError(name_of(path), "", "no such file: every vendor's folder needs one") from None
    except ValueError as error:
        raise DocumentError(name_of(path), "", f"not JSON: {error}") from None


def only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a word that it says twice would silently lose its first meaning."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{max(names, key=names.count)!r} is there twice")
    return found


def localise(node: Any, base: str) -> Any:
    """Return a copy whose references point into the bundled document; `base` is where this file will lie in it."""
    if isinstance(node, list):
        return [localise(item, base) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        word: relocate(child, base) if word == "$ref" and isinstance(child, str) else localise(child, base)
        for word, child in node.items()
        if word != "$schema"
    }


def relocate(reference: str, base: str) -> str:
    file, _, fragment = reference.partition("#")
    if not file:
        return base + fragment
    return f"#/components/schemas/{file.removesuffix('.json')}{fragment}"


def check_references(root: Mapping[str, Any], folder: Path, siblings: Container[str]) -> None:
    """Raise DocumentError for a reference that leads nowhere; nothing is ever fetched."""
    for pointer, place, node in walk(root, "document"):
        is_reference = isinstance(node, dict) and "$ref" in node
        if is_reference and (wrong := misled(node, root, HOMES[place])):
            raise DocumentError(*whereabouts(pointer, folder, siblings), wrong)


def misled(node: Mapping[str, Any], root: Mapping[str, Any], home: str) -> str | None:
    """Return what is wrong with where a node's reference leads."""
    reference = node["$ref"]
    if not reference.startswith(home) or find(root, reference) is None:
        return f"{reference!r} leads nowhere: name a sibling file, or a place under {home}"
    return f"{reference!r} leads back to itself" if is_circle(node, root) else None


def is_circle(node: Any, root: Mapping[str, Any]) -> bool:
    seen: list[str] = []
    while isinstance(node, dict) and "$ref" in node:
        if node["$ref"] in seen:
            return True
        seen.append(node["$ref"])
        node = find(root, node["$ref"])
    return False


def whereabouts(pointer: str, folder: Path, siblings: Container[str]) -> tuple[str, str]:
    """Return the file that a place in the bundled document came from, and the place in that file."""
    stem, slash, rest = pointer.removeprefix("/components/schemas/").partition("/")
    if pointer.startswith("/components/schemas/") and stem in siblings:
        return name_of(folder / f"{stem}.json"), slash + rest
    return name_of(folder / ROOT), pointer


def find(root: Mapping[str, Any], reference: str) -> Any:
    """Return what `#/a/b` leads to, or None."""
    if not reference.startswith("#/"):
        return None
    node: Any = root
    for step in reference.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list):
            node = node[int(key)] if key.isdecimal() and int(key) < len(node) else None
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return node


def resolve(root: Mapping[str, Any], node: Any) -> Any:
    """Follow references from a node to the object they mean."""
    while isinstance(node, dict) and "$ref" in node:
        node = find(root, node["$ref"])
    return node


def reachable(node: Any, root: Mapping[str, Any]) -> dict[str, Any]:
    """Return the component schemas that a schema refers to, those they refer to in turn included."""
    known = root.get("components", {}).get("schemas", {})
    found: dict[str, Any] = {}
    waiting = [node]
    while waiting:
        for name in references(waiting.pop()):
            if name in known and name not in found:
                found[name] = known[name]
                waiting.append(known[name])
    return found


def references(node: Any) -> Iterator[str]:
    """Yield the names of the component schemas that a schema refers to by itself."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(HOMES["schema"]):
            yield target.removeprefix(HOMES["schema"]).partition("/")[0].replace("~1", "/").replace("~0", "~")
        for child in node.values():
            yield from references(child)


def prefix_paths(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield paths from the root of their host: the base path of a server becomes part of the path."""
    for path, item in document["paths"].items():
        own = item.get("servers") or document.get("servers") or [{"url": ""}]
        base = urlsplit(own[0]["url"]).path.rstrip("/")
        yield base + path, {word: child for word, child in item.items() if word != "servers"}


def hosts(document: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the vendor's real hosts, lower case, from the document's servers and its paths'."""
    listed = [*document.get("servers", ()), *(server for item in items for server in item.get("servers", ()))]
    return frozenset(host for server in listed if (host := urlsplit(server["url"]).hostname))


def served(document: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return the document as clients should see it: every path answers at `address`."""
    return {**document, "servers": [{"url": address}]}
