"""Anybody but a mock as whom cases are sent to."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import unquote, urlsplit

from mockserver.cases import Located, Request
from mockserver.cases.holding import Answer, Difference, compare_shape, compare_status, endpoint_of
from mockserver.cases.needs import (
    account_needs,
    cap_need,
    clock_need,
    content_needs,
    credential_needs,
    deletion_need,
    holdings,
)
from mockserver.cases.requests import asked_of
from mockserver.engine.bundle import hosts, prefix_paths, read_folder
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.asking import Server
from mockserver.faces.verifying.targets import Lent, NotSentError, Terms
from mockserver.faces.verifying.wire import Wire

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Elsewhere:
    """Anybody else: only what a client would ask is asked, and only of the address that was named."""

    is_mock = False

    def __init__(self, wire: Wire, server: Server, terms: Terms) -> None:
        self.address, self._wire, self._terms = server.address, wire, terms
        self._host = urlsplit(self.address).hostname or ""
        self._held = holdings(terms.book)
        self._homes = homes(terms.document) if self._host in terms.document.hosts else {}
        self._tags = (f"{int(terms.at.timestamp()):08x}{number:04x}" for number in count(1))

    def lacks(self, located: Located) -> list[str]:
        needs = [*account_needs(located), *clock_need(located), *cap_need(located)]
        needs += [*self._host_need(located), *deletion_need(located, self._terms.demo)]
        if self._terms.given:
            needs += credential_needs(located, self._terms.demo, self._terms.given)
            needs += content_needs(located, self._held, self._terms.replaced)
        return needs

    def _host_need(self, located: Located) -> Iterator[str]:
        """Yield where else a case leads, of the hosts that the vendor's operations are spread over."""
        asked = (asked_of(located, step) for step in located.steps)
        found = [endpoint_of(self._terms.document, each.get("method", ""), each.get("path", "")) for each in asked]
        known = [self._homes.get(endpoint.path, frozenset()) for endpoint in found if endpoint]
        for others in sorted({", ".join(sorted(each)) for each in known if each and self._host not in each}):
            yield f"the vendor's host {others}"

    @asynccontextmanager
    async def account(self, located: Located) -> AsyncIterator[Lent]:
        """Lend the one account there is; what it takes only once is made this case's own."""
        tag = next(self._tags)
        fresh = {f"fresh {text}": (text, in_form_of(text, tag)) for text in located.file.fresh}
        yield Lent(self._terms.swaps(self._terms.given) | fresh)

    async def wait(self, seconds: float) -> None:
        """Nobody's time is moved here: cases that need it are not sent."""

    async def send(self, request: Request) -> Answer:
        return await self._wire.send(request.method, self._url(request), request.headers, request.body)

    def _url(self, request: Request) -> str:
        if request.address.startswith("/"):
            return self.address + request.address
        try:
            asked, named = urlsplit(request.address), urlsplit(self.address)
        except ValueError:
            raise NotSentError("its address is none") from None
        if (asked.scheme, asked.netloc) != (named.scheme, named.netloc):
            raise NotSentError(f"its address is at {asked.hostname or 'no host'}, and only {self.address} is asked")
        return request.address

    def endpoint(self, request: Request) -> Endpoint | None:
        path = unquote(urlsplit(request.address).path.removeprefix(urlsplit(self.address).path))
        return endpoint_of(self._terms.document, request.method, path)

    async def compare(self, located: Located, answer: Answer, request: Request, lent: Lent) -> list[Difference]:  # noqa: ARG002
        wanted = located.case.answer
        shape = compare_shape(answer, wanted, self.endpoint(request)) if wanted.status >= 400 else ()
        return [*compare_status(answer, wanted), *shape]


def homes(document: Document) -> dict[str, frozenset[str]]:
    """Return the hosts that answer each path of a document."""
    content = read_folder(document.folder)
    items = zip(prefix_paths(content), content["paths"].values(), strict=True)
    return {
        path: hosts({"servers": item.get("servers") or content.get("servers", ())}, ()) for (path, _), item in items
    }


def in_form_of(text: str, tag: str) -> str:
    """Return a text that nobody has sent yet; of a UUID another one."""
    return text[:-12] + tag if UUID.fullmatch(text) else f"{tag}-{text}"
