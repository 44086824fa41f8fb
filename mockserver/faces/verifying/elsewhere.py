"""Anybody but a mock as whom cases are sent to."""

import re
from collections.abc import AsyncIterator
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
        self._held = holdings(terms.book)
        self._tags = (f"{int(terms.at.timestamp()):08x}{number:04x}" for number in count(1))

    def lacks(self, located: Located) -> list[str]:
        needs = [*account_needs(located), *clock_need(located), *cap_need(located)]
        needs += deletion_need(located, self._terms.demo)
        if self._terms.given:
            needs += credential_needs(located, self._terms.demo, self._terms.given)
            needs += content_needs(located, self._held, self._terms.replaced)
        return needs

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


def in_form_of(text: str, tag: str) -> str:
    """Return a text that nobody has sent yet; of a UUID another one."""
    return text[:-12] + tag if UUID.fullmatch(text) else f"{tag}-{text}"
