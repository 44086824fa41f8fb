"""Whom cases are sent to, what they are sent with, and by which account."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from mockserver.cases import Located, Request, Swaps
from mockserver.cases.holding import Answer, Difference
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint


class NotSentError(Exception):
    """A request that is not made, and why."""


class Terms(Struct, frozen=True):
    """What cases are sent with, and when: the demo account that they are written for, and what stands in its place.

    `given` are credentials by name, `replaced` other texts of the demo account.
    """

    document: Document
    at: datetime
    demo: Mapping[str, str]
    book: Mapping[str, Any] = {}
    given: Mapping[str, str] = {}
    replaced: Mapping[str, str] = {}

    def swaps(self, credentials: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        own = {name: (value, credentials[name]) for name, value in self.demo.items() if name in credentials}
        return own | {f"replaced {old}": (old, new) for old, new in self.replaced.items()}


class Lent(Struct, frozen=True):
    """The account that a case is sent by; one with a name was opened for it, so all that becomes of it is known."""

    swaps: Swaps
    name: str | None = None


class Target(Protocol):
    """`is_mock` says that whatever it answers proves nothing about the vendor."""

    is_mock: bool
    address: str

    def lacks(self, located: Located) -> list[str]:
        """Return what a case needs and this one has not."""
        ...

    def account(self, located: Located) -> AbstractAsyncContextManager[Lent]: ...

    async def wait(self, seconds: float) -> None: ...

    async def send(self, request: Request) -> Answer:
        """Raise NotSentError, or SilentError."""
        ...

    def endpoint(self, request: Request) -> Endpoint | None: ...

    async def compare(self, located: Located, answer: Answer, request: Request, lent: Lent) -> list[Difference]: ...
