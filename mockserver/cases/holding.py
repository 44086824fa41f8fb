"""What an answer is held to: all that a case says, or what holds of anybody who may answer."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mockserver.cases.files import Expected
from mockserver.engine.answers import check_answer
from mockserver.engine.document import Document, Route
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Reply
from mockserver.state.redact import redact

CALL, REFUSED_BY = "x-mock-call", "x-mock-refused-by"
LONGEST = 200


class Answer(Struct, frozen=True):
    """What came back; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The body as a JSON value where it says that it is one and is, else as text."""
        text = self.content.decode("utf-8", "replace")
        try:
            return json.loads(text) if "json" in (self.media_type or "") else text
        except (ValueError, RecursionError):
            return text

    @property
    def media_type(self) -> str | None:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() or None

    @property
    def is_marked(self) -> bool:
        """Say whether it bears the mark of a mock's answer."""
        return CALL in self.headers


class Difference(Struct, frozen=True):
    """A place where an answer is not as expected."""

    at: str
    expected: str
    got: str


def compare_status(answer: Answer, wanted: Expected) -> Iterator[Difference]:
    """Compare the status, and where a mock answers what it refused by."""
    if answer.status != wanted.status:
        yield Difference("status", f"{wanted.status}", told_status(answer))
    refused_by = answer.headers.get(REFUSED_BY)
    if answer.is_marked and refused_by != wanted.refused_by:
        yield Difference("refused by", wanted.refused_by or "nothing", refused_by or "nothing")


def told_status(answer: Answer) -> str:
    """Return a status, with what a refusal says; what was accepted may be somebody's own."""
    tells = answer.status >= 400 and answer.content
    return f"{answer.status}: {told(redact(answer.body))}" if tells else f"{answer.status}"


def compare_shape(answer: Answer, wanted: Expected, endpoint: Endpoint | None) -> Iterator[Difference]:
    """Hold the body of an expected status to its documented shape, where the document has it."""
    if endpoint is None or answer.status != wanted.status or str(answer.status) not in endpoint.responses:
        return
    is_empty = not answer.content and "text" not in (answer.media_type or "")
    reply = Reply(answer.status, None if is_empty else answer.body, None if is_empty else answer.media_type)
    if wrong := check_answer(endpoint, reply):
        yield Difference("body", "as the document has it", wrong)


def compare_content(answer: Answer, wanted: Expected) -> Iterator[Difference]:
    """Compare all else that a case says of its answer."""
    if wanted.body is not None and answer.body != wanted.body:
        yield Difference("body", told(wanted.body), told(answer.body))
    if wanted.text is not None and answer.body != wanted.text:
        yield Difference("body", told(wanted.text), told(answer.body))
    if wanted.includes:
        yield from compare_parts("body", answer.body, wanted.includes)
    for name, value in wanted.headers.items():
        if answer.headers.get(name.lower()) != value:
            yield Difference(name, value, answer.headers.get(name.lower(), "nothing"))


def compare_parts(at: str, found: Any, wanted: Any) -> Iterator[Difference]:
    """Yield where something wanted is missing: objects may hold more, lists are compared item by item."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, part in wanted.items():
            if key in found:
                yield from compare_parts(f"{at}.{key}", found[key], part)
            else:
                yield Difference(f"{at}.{key}", told(part), "nothing")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from compare_parts(f"{at}[{index}]", one, other)
    elif found != wanted:
        yield Difference(at, told(wanted), told(found))


def includes(found: Any, wanted: Any) -> bool:
    return not any(compare_parts("", found, wanted))


def told(value: Any) -> str:
    """Return a value in a few words."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def endpoint_of(document: Document, method: str, path: str) -> Endpoint | None:
    """Return the operation that a request is for, None where the document has none."""
    found = document.find(method, path.partition("?")[0])
    return found.endpoint if isinstance(found, Route) else None
