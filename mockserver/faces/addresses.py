"""Where a vendor answers: under its name, at the root where no other does, and at its own hosts."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mockserver.engine.document import Document

# A document may name this machine as its server; that Host is ours, whichever vendor is asked.
OURS = frozenset({"localhost", "127.0.0.1", "::1"})


class Place(Struct, frozen=True):
    """A vendor, the path within it, and the prefix under which it answers here."""

    vendor: str
    path: str
    prefix: str


class Addresses:
    """The three ways in: `/<vendor>/...` always; the bare path where one vendor alone has it; the Host header."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._plain = [document for document in documents.values() if not document.is_edition]
        self._hosts = dict(hosts_of(self._plain))

    def find(self, host: str | None, path: str) -> Place | None:
        """Return where a request goes; `host` is in lower case and without its port."""
        meant = self._hosts.get(host or "")
        if meant and self._documents[meant].has(path):
            return Place(meant, path, "")
        first, _, rest = path[1:].partition("/")
        if first in self._documents:
            return Place(first, f"/{rest}", f"/{first}")
        if meant:
            return Place(meant, path, "")
        owners = [document.name for document in self._plain if document.has(path)]
        return Place(owners[0], path, "") if len(owners) == 1 else None

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(self._hosts)

    def shared(self) -> dict[str, list[str]]:
        """Return the paths that more than one vendor has, which therefore do not answer at the root."""
        owners: dict[str, list[str]] = {}
        for document in self._plain:
            for path in {endpoint.path for endpoint in document.endpoints}:
                owners.setdefault(path, []).append(document.name)
        return {path: names for path, names in owners.items() if len(names) > 1}


def hosts_of(documents: Iterable[Document]) -> Iterable[tuple[str, str]]:
    for document in documents:
        yield f"{document.name.lower()}.localhost", document.name
        yield from ((host, document.name) for host in document.hosts - OURS)
