"""A vendor's folder of documents, read once: OpenAPI in, endpoints and validators out."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from mockserver.engine.books import read_book
from mockserver.engine.bundle import ROOT, hosts, name_of, prefix_paths, read_folder
from mockserver.engine.endpoint import REASONS, Endpoint
from mockserver.engine.links import check_links
from mockserver.engine.words import DocumentError, escape
from mockserver.model import Kind, Problem

VALUE = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)
METHODS = ("get", "put", "post", "patch", "delete")


class Route(Struct, frozen=True):
    """An endpoint and the values of its path."""

    endpoint: Endpoint
    params: Mapping[str, str] = {}


class Document:
    """What a vendor promises. `name` is the folder's, an edition's with its `@`.

    `book` is the shape of what an account holds, None where nothing describes it. An edition without a book of its
    own has its vendor's, from the folder beside its own or from `books`, another folder of vendors.

    Raises DocumentError (which file, where, what to do) for anything that could not be kept.
    """

    def __init__(self, folder: Path, books: Path | None = None) -> None:
        self.folder = folder
        self.name = folder.name
        self.file = name_of(folder / ROOT)
        self.content = read_folder(folder)
        homes = [folder.parent, *([books] if books else [])]
        self.book = read_book([folder, *(home / self.vendor for home in homes)])
        self.hosts = hosts(self.content, self.content["paths"].values())
        self.is_loose: bool = self.content.get("x-loose-case", False)
        self.content["paths"] = self._paths()
        self.claims: Mapping[str, str] = self.content.get("x-claim", {})
        self._check()
        self.endpoints = tuple(self._endpoints())
        self.schemes = tuple({scheme.name: scheme for each in self.endpoints for scheme in each.schemes}.values())
        check_links(self.endpoints, self.content.get("components", {}).get("responses", {}), self.file)
        self._static: dict[str, dict[str, Endpoint]] = {}
        self._patterns: list[tuple[re.Pattern[str], dict[str, Endpoint]]] = []
        self._plain: dict[tuple[str, str], Route] = {}
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
        if route := self._plain.get((method, path.casefold() if self.is_loose else path)):
            return route
        methods, params = self._methods(path)
        if not methods:
            return Problem(Kind.NO_PATH, f"there is no {path[:200]} here", claim=self.claims.get("path"), got=path)
        if method in methods:
            return Route(methods[method], params)
        allowed = sorted(methods)
        says = f"{method} is not allowed here, {', '.join(allowed)} is"
        return Problem(Kind.METHOD, says, wants=allowed, got=method, claim=self.claims.get("method"))

    def has(self, path: str) -> bool:
        return bool(self.at(path))

    def at(self, path: str) -> Collection[Endpoint]:
        """Return the operations at a path, whatever their methods."""
        return self._methods(path)[0].values()

    def _methods(self, path: str) -> tuple[Mapping[str, Endpoint], Mapping[str, str]]:
        asked = self._folded(path)
        if asked in self._static:
            return self._static[asked], {}
        for pattern, methods in self._patterns:
            if match := pattern.fullmatch(path):
                return methods, match.groupdict()
        return {}, {}

    def _paths(self) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        seen: set[str] = set()
        for path, item in prefix_paths(self.content):
            if self._folded(path) in seen:
                raise DocumentError(self.file, "/paths", f"{path!r} is there twice: one of them would never answer")
            names = VALUE.findall(path)
            if "{" in VALUE.sub("", path) or len(set(names)) < len(names):
                raise DocumentError(self.file, "/paths", f"a value of {path!r} needs a name of its own, such as {{id}}")
            seen.add(self._folded(path))
            paths[path] = item
        return paths

    def _folded(self, path: str) -> str:
        return path.casefold() if self.is_loose else path

    def _endpoints(self) -> Iterator[Endpoint]:
        for path, item in self.content["paths"].items():
            shared = item.get("parameters", [])
            for method in METHODS:
                if method in item:
                    yield self._endpoint(path, method, shared, item[method])

    def _endpoint(self, path: str, method: str, shared: Sequence[Any], own: Mapping[str, Any]) -> Endpoint:
        operation = {**own, "parameters": [*shared, *own.get("parameters", [])]}
        try:
            return Endpoint(self.content, path, method, operation)
        except ValueError as error:  # a schema that no validator can be made of
            raise DocumentError(self.file, at(path, method), str(error).partition("\n")[0]) from None

    def _index(self) -> None:
        by_path: dict[str, dict[str, Endpoint]] = {}
        for endpoint in self.endpoints:
            by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
        for path, methods in by_path.items():
            if "{" in path:
                self._patterns.append((pattern_of(path, loose=self.is_loose), methods))
            else:
                folded = self._folded(path)
                self._static[folded] = methods
                self._plain |= {(method, folded): Route(endpoint) for method, endpoint in methods.items()}

    def _check(self) -> None:
        """Hold what the grammar of words cannot: ids, reasons, security that exists."""
        known = self.content.get("components", {}).get("securitySchemes", {}).keys()
        seen: set[str] = set()
        for path, item in self.content["paths"].items():
            for method in METHODS:
                if method in item:
                    check_operation(item[method], at(path, method), self.file, known, seen)
        check_security(self.content.get("security", []), "", self.file, known)
        check_reasons(self.claims, "/x-claim", self.file)


def at(path: str, method: str) -> str:
    return f"/paths/{escape(path)}/{method}"


def check_operation(
    operation: Mapping[str, Any], place: str, file: str, known: Collection[str], seen: set[str]
) -> None:
    ident, statuses = operation.get("operationId"), operation.get("responses", {}).keys()
    if not ident or ident in seen:
        raise DocumentError(file, place, "every operation needs an operationId of its own")
    seen.add(ident)
    if vague := [status for status in statuses if not re.fullmatch("[1-5][0-9][0-9]", status)]:
        raise DocumentError(file, f"{place}/responses", f"an answer has a status of three digits, not {vague[0]!r}")
    if not statuses:
        raise DocumentError(file, place, "every operation needs a documented answer")
    # An alternative without any scheme says that the credential may travel in the body instead: see Endpoint.
    check_security([each for each in operation.get("security", []) if each != {}], place, file, known)
    check_reasons(operation.get("x-claim", {}), f"{place}/x-claim", file)


def check_security(listed: Any, place: str, file: str, known: Collection[str]) -> None:
    """Every alternative is one scheme that exists: the engine knows no two at once, and no optional one."""
    for alternative in listed:
        if not isinstance(alternative, dict) or len(alternative) != 1:
            raise DocumentError(file, f"{place}/security", "every alternative names one security scheme")
        if missing := alternative.keys() - known:
            raise DocumentError(file, f"{place}/security", f"no security scheme is called {min(missing)!r}")


def check_reasons(claims: Any, place: str, file: str) -> None:
    named = claims.items() if isinstance(claims, dict) else [("", None)]
    if wrong := [reason for reason, claim in named if reason not in REASONS or not isinstance(claim, str)]:
        reasons = ", ".join(REASONS)
        raise DocumentError(file, place, f"x-claim names here a claim for each of {reasons}, not for {wrong[0]!r}")


def pattern_of(path: str, *, loose: bool) -> re.Pattern[str]:
    """Return what a templated path matches; a value is one segment and never empty."""
    pieces = VALUE.split(path)
    named = [f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)]
    return re.compile("".join(named), re.IGNORECASE if loose else 0)


def vendor_folders(folder: Path) -> list[Path]:
    """Return the folders that are vendors' by their names: a leading underscore says that one is not."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))


def read_documents(folder: Path, only: tuple[str, ...] = (), books: Path | None = None) -> dict[str, Document]:
    """Return every vendor's document by name, those named `only` where given, with or without an edition."""
    wanted = [path for path in vendor_folders(folder) if not only or {path.name, path.name.partition("@")[0]} & {*only}]
    return {path.name: Document(path, books) for path in wanted}


def credential_names(document: Document) -> frozenset[str]:
    """Return the headers and fields that credentials travel in, in lower case."""
    headers = {scheme.carrier.lower() for endpoint in document.endpoints for scheme in endpoint.schemes}
    bodies = (body for endpoint in document.endpoints for body in endpoint.bodies.values())
    return frozenset(headers | {body.credential.lower() for body in bodies if body.credential})
