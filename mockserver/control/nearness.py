"""Where a request that led nowhere may have been meant to go."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from msgspec import Struct

from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint

# Less alike than this, and two paths have nothing to do with each other.
LEAST = 0.45


class Near(Struct, frozen=True):
    """The nearest operation, and in words what differs."""

    vendor: str
    operation: str
    method: str
    path: str
    differs: str


def nearest(documents: Mapping[str, Document], vendor: str, method: str, path: str) -> Near | None:
    """Return the operation most like a request: the vendor's own first, then one of another vendor at the same path."""
    there = documents[vendor].at(path)
    if there:
        return at_path(vendor, max(there, key=lambda endpoint: endpoint.method == method), method)
    own = max(likenesses(documents[vendor], method, path), key=lambda item: item[0], default=None)
    for name, document in documents.items():
        if name != vendor and (theirs := document.at(path)):
            return elsewhere(name, vendor, next(iter(theirs)))
    return near(vendor, own[1], method, path) if own and own[0] >= LEAST else None


def likenesses(document: Document, method: str, path: str) -> Iterator[tuple[float, Endpoint]]:
    for endpoint in document.endpoints:
        same = alike(led_by(endpoint.path, path), path)
        yield same + (0.01 if endpoint.method == method else 0), endpoint


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other[:500].casefold(), autojunk=False).ratio()


def led_by(template: str, path: str) -> str:
    """Return a template with the values that stand at their places in a path of as many steps."""
    own, steps = template.split("/"), path.split("/")
    if len(own) != len(steps):
        return template
    return "/".join(step if "{" in wanted and step else wanted for wanted, step in zip(own, steps, strict=True))


def at_path(vendor: str, endpoint: Endpoint, method: str) -> Near:
    differs = f"the method: {method} was sent, {endpoint.method} is what the path takes"
    return Near(vendor, endpoint.id, endpoint.method, endpoint.path, differs)


def near(vendor: str, endpoint: Endpoint, method: str, path: str) -> Near:
    differs = f"the path: {path[:200]} was asked for, the nearest is {endpoint.path}"
    if endpoint.method != method:
        differs += f", which takes {endpoint.method}"
    return Near(vendor, endpoint.id, endpoint.method, endpoint.path, differs)


def elsewhere(name: str, vendor: str, endpoint: Endpoint) -> Near:
    differs = f"the vendor: {endpoint.path} is {name}'s, not {vendor}'s"
    return Near(name, endpoint.id, endpoint.method, endpoint.path, differs)
