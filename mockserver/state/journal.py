"""What was asked, how it was judged, what was answered: one entry a call, redacted before it is kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import msgspec
from msgspec import Struct

from mockserver.model import Advice, Basis, Call, Decision, Mark, Problem, Upload
from mockserver.state.redact import Names, redact, redact_headers
from mockserver.state.redact_text import HIDDEN, is_plain, mask, redact_text
from mockserver.state.store import Key, Store, Write

SHELF = "journal"
LONGEST_BODY = 65_536
LONGEST_TEXT = 1_000
PAGE = 500
# Seconds between two looks at what others have done to a shared store.
HEARSAY = 0.1


class Seen(Struct, frozen=True, gc=False, omit_defaults=True):
    """A problem as the journal keeps it: bounded, without the value that caused it."""

    at: str
    says: str
    claim: str | None = None
    keyword: str | None = None


class Step(Struct, frozen=True, gc=False, omit_defaults=True):
    step: str
    passed: bool
    rule: str | None = None
    problems: tuple[Seen, ...] = ()


@lru_cache(maxsize=16)
def passed(trail: tuple[Mark, ...]) -> Any:
    """Return the steps of a trail that nothing stopped, as JSON: the same for nearly every call."""
    return msgspec.Raw(msgspec.json.encode(tuple(map(see_step, trail))))


class SeenPart(Struct, frozen=True, gc=False, omit_defaults=True):
    """A file of a form: never its bytes."""

    name: str
    filename: str
    type: str
    size: int
    sha256: str


class Request(Struct, frozen=True, gc=False, omit_defaults=True):
    headers: dict[str, str] = {}
    query: dict[str, Any] = {}
    media_type: str | None = None
    size: int = 0
    body: Any = None
    body_left_out: bool = False
    parts: tuple[SeenPart, ...] = ()


class Answer(Struct, frozen=True, gc=False, omit_defaults=True):
    status: int
    headers: dict[str, str] = {}
    body: Any = None


class Entry(Struct, frozen=True, gc=False):
    """One call. `trouble` is a fault of ours, told nowhere else."""

    id: str
    at: datetime
    vendor: str
    account: str | None
    operation: str | None
    method: str
    path: str
    status: int
    refused_by: str | None
    basis: Basis
    advice: list[Advice]
    trail: tuple[Step, ...]
    request: Request
    answer: Answer
    trouble: str | None = None
    fault: str | None = None


def write_entry(call: Call, decision: Decision, account: str, names: Names) -> Write:
    """Return the journal's write for a call; `names` know the document's own credentials."""
    return Write((SHELF, call.id), late=partial(entry_text, call, decision, account, names))


def entry_text(call: Call, decision: Decision, account: str, names: Names) -> bytes:
    reply = decision.outcome.reply
    advice = [see_advice(item) for item in (*call.advice, *decision.outcome.advice)]
    headers = see_headers(reply.headers) if reply.headers else {}
    trouble = see_trouble(decision.trouble, call) if decision.trouble else None
    # By place: to go by sixteen names is a tenth of what an entry costs.
    entry = Entry(
        call.id,
        call.at,
        call.vendor,
        account or None,
        call.operation or None,
        call.method,
        cut(call.path),
        reply.status,
        decision.refused_by,
        decision.basis,
        advice,
        see_trail(decision.trail),
        see_request(call, names),
        Answer(reply.status, headers, redact(reply.body)),
        trouble,
        decision.fault,
    )
    return msgspec.json.encode(entry)


def cut(text: str) -> str:
    """Return the beginning of a text that a client may have had a hand in, without secrets."""
    return redact_text(text)[:LONGEST_TEXT]


def see_advice(advice: Advice) -> Advice:
    told = advice.says + advice.at
    if len(told) <= LONGEST_TEXT and is_plain(told):
        return advice
    return Advice(cut(advice.says), cut(advice.at), advice.claim)


def see_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return redact_headers({name.lower(): value for name, value in headers.items()})


def see_trail(trail: tuple[Mark, ...]) -> tuple[Step, ...]:
    return tuple(map(see_step, trail)) if trail[-1].problems else passed(trail)


def see_step(mark: Mark) -> Step:
    if not mark.problems:
        return Step(mark.step, passed=True)
    return Step(mark.step, passed=False, rule=mark.rule, problems=tuple(map(see, mark.problems)))


def see(problem: Problem) -> Seen:
    return Seen(cut(problem.at), cut(problem.says), problem.claim, problem.keyword)


def see_trouble(trouble: str, call: Call) -> str:
    """Return a traceback without secrets: the message of an exception may hold what the caller showed."""
    shown = (call.credential.value, call.credential.secret) if call.credential else ()
    for secret in filter(None, shown):
        trouble = trouble.replace(secret, mask(secret))
    return redact_text(trouble)


def see_request(call: Call, names: Names) -> Request:
    body, left_out = see_body(call, names)
    headers = redact_headers(call.headers, names)
    query = redact(dict(call.query), names) if call.query else {}
    parts = tuple(see_part(name, upload) for name, upload in call.files.items()) if call.files else ()
    return Request(headers, query, call.media_type, call.size, body, left_out, parts)


def see_body(call: Call, names: Names) -> tuple[Any, bool]:
    """Return the body without secrets, and whether it was left out for its size; what cannot be read is not kept."""
    if call.text_size > LONGEST_BODY:
        return None, True
    body = redact(call.instance, names)
    # A part that is no JSON stays a text in which nobody can find the secrets.
    return (body | {str(problem.path[0]): HIDDEN for problem in call.misread} if call.misread else body), False


def see_part(name: str, upload: Upload) -> SeenPart:
    return SeenPart(cut(name), cut(upload.filename), cut(upload.content_type), upload.size, upload.sha256)


class Journal:
    """Reads what calls left behind, newest first, and wakes who waits for the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[asyncio.Future[None]] = []
        self._alarm: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def stirring(self) -> "asyncio.Future[None]":
        """Return what is done once another call has been noted, or may have been by others."""
        loop = asyncio.get_running_loop()
        waiting = loop.create_future()
        self._waiting.append(waiting)
        # An alarm that was set in a loop that has ended rings no more.
        if self._store.is_shared and (self._alarm is None or self._loop is not loop):
            self._alarm, self._loop = loop.call_later(HEARSAY, self.stir), loop
        return waiting

    def stir(self) -> None:
        """Wake all who wait: a call has been noted."""
        if not self._waiting:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        woken, self._waiting = self._waiting, []
        for waiting in woken:
            if not waiting.done():
                waiting.set_result(None)

    async def read(self, ident: str) -> bytes | None:
        """Return an entry as the JSON text it is kept as."""
        (held,) = await self._store.read([(SHELF, ident)])
        return held.value if held else None

    async def get(self, ident: str) -> Entry | None:
        text = await self.read(ident)
        return msgspec.json.decode(text, type=Entry) if text else None

    async def entries(self, before: int | None = None) -> AsyncIterator[tuple[int, Entry]]:
        """Yield entries with their place in the order of arrival, those before `before` where given."""
        while page := await self._store.scan((SHELF,), limit=PAGE, before=before):
            for _, held in page:
                yield held.order, msgspec.json.decode(held.value, type=Entry)
            before = page[-1][1].order

    async def clear(self) -> int:
        prefix: Key = (SHELF,)
        return await self._store.clear(prefix)
