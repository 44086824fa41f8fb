"""A vendor's folder of documents, read once: OpenAPI in, endpoints and validators out."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mockserver.engine.bundle import ROOT, hosts, name_of, prefix_paths, read_folder
from mockserver.engine.endpoint import REASONS, Endpoint
from mockserver.engine.words import DocumentError
from mockserver.model import Kind, Problem

METHODS = ("get", "put", "post", "patch", "delete")


class Route(Struct, frozen=True):
    """An endpoint and the values of its path."""

    endpoint: Endpoint
    params: Mapping[str, str] = {}


class Document:
    """What a vendor promises. `name` is the folder's, an edition's with its `@`.

    Raises DocumentError (which file, where, what to do) for anything that could not be kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        self.content = read_folder(folder)
        self.hosts = hosts(self.content, self.content["paths"].values())
        self.content["paths"] = dict(prefix_paths(self.content))
        self.is_loose: bool = self.content.get("x-loose-case", False)
        self.claims: Mapping[str, str] = self.content.get("x-claim", {})
        self._check()
        self.endpoints = tuple(self._endpoints())
        self._static: dict[str, dict[str, Endpoint]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Endpoint]]] = []
        self._index()

    @property
    def vendor(self) -> str:
        """The vendor whose behaviour this document describes, without the edition."""
        return self.name.partition("@")[0]

    @property
    def is_edition(self) -> bool:
        return "@" in self.name

    def find(self, method: str, path: str) -> Route | Problem:
        """Return where a request goes, or why it goes nowhere; a wrong method's problem lists the right ones."""
        methods, params = self._methods(path)
        if not methods:
            return Problem(Kind.NO_PATH, f"there is no {path[:200]} here", claim=self.claims.get("path"), got=path)
        if method in methods:
            return Route(methods[method], params)
        allowed = sorted(methods)
        says = f"{method} is not allowed here, {', '.join(allowed)} is"
        return Problem(Kind.METHOD, says, wants=allowed, got=method, claim=self.claims.get("method"))

    def has(self, path: str) -> bool:
        return bool(self._methods(path)[0])

    def _methods(self, path: str) -> tuple[Mapping[str, Endpoint], Mapping[str, str]]:
        asked = path.casefold() if self.is_loose else path
        if asked in self._static:
            return self._static[asked], {}
        for pattern, methods in self._patterns:
            if match := pattern.fullmatch(path):
                return methods, match.groupdict()
        return {}, {}

    def _endpoints(self) -> Iterator[Endpoint]:
        for path, item in self.content["paths"].items():
            shared = item.get("parameters", [])
            for method in METHODS:
                if method in item:
                    own = item[method]
                    operation = {**own, "parameters": [*shared, *own.get("parameters", [])]}
                    yield Endpoint(self.content, path, method, operation)

    def _index(self) -> None:
        by_path: dict[str, dict[str, Endpoint]] = {}
        for endpoint in self.endpoints:
            by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
        for path, methods in by_path.items():
            if "{" in path:
                self._patterns.append((pattern_of(path, loose=self.is_loose), methods))
            else:
                self._static[path.casefold() if self.is_loose else path] = methods

    def _check(self) -> None:
        """Hold what the grammar of words cannot: ids, reasons, security that exists."""
        file, known = name_of(self.folder / ROOT), self.content.get("components", {}).get("securitySchemes", {})
        seen: set[str] = set()
        for path, item in self.content["paths"].items():
            for method in METHODS:
                if method in item:
                    check_operation(item[method], f"/paths/{path}/{method}", file, known, seen)
        check_reasons(self.claims, "/x-claim", file)


def check_operation(operation: Mapping[str, Any], at: str, file: str, known: Mapping[str, Any], seen: set[str]) -> None:
    ident = operation.get("operationId")
    if not ident or ident in seen:
        raise DocumentError(file, at, "every operation needs an operationId of its own")
    seen.add(ident)
    if not any(status.startswith("2") for status in operation.get("responses", {})):
        raise DocumentError(file, at, "every operation needs a documented success")
    for alternative in operation.get("security", ()):
        if missing := alternative.keys() - known.keys():
            raise DocumentError(file, f"{at}/security", f"no security scheme is called {min(missing)!r}")
    check_reasons(operation.get("x-claim", {}), f"{at}/x-claim", file)


def check_reasons(claims: Any, at: str, file: str) -> None:
    if not isinstance(claims, dict) or (unknown := claims.keys() - set(REASONS)):
        detail = "" if not isinstance(claims, dict) else f", not {min(unknown)!r}"
        raise DocumentError(file, at, f"here x-claim names a claim for each of {', '.join(REASONS)}{detail}")


def pattern_of(path: str, *, loose: bool) -> re.Pattern[str]:
    """Return what a templated path matches; a value is one segment and never empty."""
    pieces = re.split(r"\{(\w+)\}", path)
    named = [f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)]
    return re.compile("".join(named), re.IGNORECASE if loose else 0)


def read_documents(folder: Path, only: tuple[str, ...] = ()) -> dict[str, Document]:
    """Return every vendor's document by name, those named `only` where given; a leading underscore is not a vendor."""
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))
    documents = [path for path in found if not only or path.name.partition("@")[0] in only or path.name in only]
    return {path.name: Document(path) for path in documents}
