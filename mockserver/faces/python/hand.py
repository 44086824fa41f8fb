"""One call to the admin API, whichever way it travels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from mockserver.kit.wishes import said

Kind = TypeVar("Kind")
ADMIN = "/_mock"
# These are taken out of a path on its way, unless they are written otherwise.
DOTS = (".", "..")
# Seconds where receivers of webhooks are waited for: they may take their time, one after another.
PATIENCE = 600.0


class MockError(Exception):
    """The mock refused what a tester asked for; `status` is that of its answer, `problem` the whole of it."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail") or f"the mock answered {status}")
        self.status, self.problem = status, problem


class Hand:
    """Asks the admin API of one server. Raises MockError for what it refuses, httpx's errors where nobody answers."""

    def __init__(self, http: httpx.Client, timeout: httpx.Timeout | None = None) -> None:
        self.http, self.timeout = http, timeout

    @property
    def patient(self) -> "Hand":
        """The same hand, which waits for receivers of webhooks too; nobody listening is told as soon as ever."""
        usual = self.http.timeout
        read = None if usual.read is None else max(usual.read, PATIENCE)
        return Hand(self.http, httpx.Timeout(connect=usual.connect, read=read, write=usual.write, pool=usual.pool))

    def ask(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """Return the JSON of an answer, None where it has none; a query's value of None is left out."""
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content is not None else {}
        timeout = self.timeout or self.http.timeout
        path = ADMIN + path
        answer = self.http.request(method, path, content=content, headers=headers, params=asked(query), timeout=timeout)
        if answer.is_error:
            raise MockError(answer.status_code, problem_of(answer))
        return msgspec.json.decode(answer.content) if answer.content else None

    def text(self, path: str) -> str:
        """Return an answer as it is."""
        answer = self.http.get(ADMIN + path)
        if answer.is_error:
            raise MockError(answer.status_code, problem_of(answer))
        return answer.text

    def read(self, kind: type[Kind], method: str, path: str, body: Any = None, /, **query: Any) -> Kind:
        """Return an answer as a value of a kind."""
        return msgspec.convert(self.ask(method, path, body, **query), kind)


def asked(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in said(query).items()}


def steps(*names: str) -> str:
    """Return the end of a path, a step for each name: what stands in one leads nowhere else, not even two dots."""
    quoted = (quote(name, safe="") for name in names)
    return "".join(f"/{name.replace('.', '%2E') if name in DOTS else name}" for name in quoted)


def problem_of(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        found = None
    return found if isinstance(found, dict) else {"detail": f"{answer.status_code} {answer.text[:200]}"}
