"""A mock as whom cases are sent to: its admin API gives each an account and time, and tells what it remembers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

from msgspec import json, to_builtins

from mockserver.cases import Located, Request
from mockserver.cases.holding import (
    Answer,
    Difference,
    compare_content,
    compare_shape,
    compare_status,
    endpoint_of,
    includes,
)
from mockserver.cases.needs import account_needs, cap_need, credential_needs
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.asking import Server
from mockserver.faces.verifying.targets import Lent, Terms
from mockserver.faces.verifying.wire import SilentError, Wire
from mockserver.settings import SettingsError


class Mock:
    """A server of ours; `health` is what it says of itself."""

    is_mock = True

    def __init__(self, wire: Wire, server: Server, terms: Terms, health: Mapping[str, Any]) -> None:
        self.address, self._wire, self._terms = server.address, wire, terms
        self._admin = {"Authorization": f"Bearer {server.token}"} if server.token else {}
        self._vendor, self._cap = terms.document.name, health.get("limits", {}).get("upload")
        if self._vendor not in health["vendors"]:
            raise SettingsError(f"{self.address} serves {', '.join(health['vendors'])}, and not {self._vendor}")

    def lacks(self, located: Located) -> list[str]:
        needs = cap_need(located, self._cap)
        return [*needs, *(credential_needs(located, self._terms.demo, self._terms.given) if self._terms.given else ())]

    @asynccontextmanager
    async def account(self, located: Located) -> AsyncIterator[Lent]:
        """Open an account for a case, unless it goes by the credentials that were given, or bodies are too small."""
        wish = {name: value for name, value in to_builtins(located.case.account).items() if value not in (None, {})}
        if located.case.cap is not None or (self._terms.given and not any(account_needs(located))):
            yield Lent(self._terms.swaps(self._terms.given))
            return
        opened = await self._ask("POST", "/accounts", {"vendor": self._vendor, **wish})
        try:
            yield Lent(self._terms.swaps(opened["credentials"]), opened["name"])
        finally:
            await self._ask("DELETE", f"/accounts/{self._vendor}/{opened['name']}")

    async def wait(self, seconds: float) -> None:
        await self._ask("POST", "/clock/advance", {"seconds": seconds})

    async def send(self, request: Request) -> Answer:
        url = f"{self.address}/{self._vendor}{request.path}"
        return await self._wire.send(request.method, url, request.headers, request.body)

    def endpoint(self, request: Request) -> Endpoint | None:
        return endpoint_of(self._terms.document, request.method, unquote(request.path.partition("?")[0]))

    async def compare(self, located: Located, answer: Answer, request: Request, lent: Lent) -> list[Difference]:
        wanted = located.case.answer
        found = [*compare_status(answer, wanted), *compare_shape(answer, wanted, self.endpoint(request))]
        if lent.name is None or found:
            return found
        return [*compare_content(answer, wanted), *await self._compare_memory(located, lent.name)]

    async def _compare_memory(self, located: Located, account: str) -> list[Difference]:
        wanted, found = located.case.answer, list[Difference]()
        if wanted.remembers:
            kept = (await self._ask("GET", f"/records?vendor={self._vendor}&account={account}"))["items"]
            for each in wanted.remembers:
                if not any(record["kind"] == each.kind and includes(record["body"], each.body) for record in kept):
                    found.append(Difference("records", f"a {each.kind} as the case tells it", f"{len(kept)} others"))
        if wanted.credits is not None:
            left = (await self._ask("GET", f"/accounts/{self._vendor}/{account}")).get("credits")
            if left != wanted.credits:
                found.append(Difference("credits", f"{wanted.credits:g}", f"{left}"))
        return found

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = self._admin | ({"Content-Type": "application/json"} if body is not None else {})
        content = b"" if body is None else json.encode(body)
        try:
            answer = await self._wire.send(method, f"{self.address}/_mock{path}", headers, content)
        except SilentError as error:
            raise SettingsError(f"{self.address} does not answer: {error}") from None
        if answer.status >= 400:
            detail = answer.body.get("detail") if isinstance(answer.body, dict) else None
            raise SettingsError(f"{self.address} does not help: {detail or answer.status}")
        return answer.body
