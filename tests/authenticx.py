"""Authenticx for unit tests: uploads as facts, conversations as they stand, and calls that ask about them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from mockserver.model import Facts, Found, Record, Ref, Standing, Upload
from mockserver.vendors.authenticx.conversations import conversation
from mockserver.vendors.authenticx.outcomes import stored_path
from tests.facts import as_kept, facts, upload

ACCOUNTING = "00000000-0000-0000-0000-000000000002"
JAMES = "00000000-0000-0000-0000-000000000007"
FIRST_IMPRESSION = "1a356274-97b2-4536-aa2c-82e6213cd49b"
BILLING, SUMMARY, SAFETY, QUEUE = (f"00000000-0000-4000-8000-0000000000c{number}" for number in range(1, 5))
USER, GONE = "8f02de21-2d25-4a96-8973-7eb8ec9b6c1a", "8f02de21-2d25-4a96-8973-7eb8ec9b6c1b"
NOBODY = "99999999-9999-4999-8999-999999999999"
IDENT = "11111111-1111-4111-8111-{:012d}"


def media(file: Upload | None = None, *, url: str | None = None, **fields: Any) -> Facts:
    """Return an upload of a file, or of what a URL names."""
    metadata = {"FileName": "calls/call.mp3", "UploadType": "Audio", **fields}
    files = {} if url else {"file": file or upload()}
    parts = {name: f"{each.size} bytes" for name, each in files.items()} | ({"signedUrl": url} if url else {})
    return facts("authenticx", metadata, files=files, instance={**parts, "metadata": metadata}, operation="uploadMedia")


def texts(filename: str = "0042.json", **metadata: Any) -> Facts:
    """Return an upload of a chat as text."""
    file = upload(filename, "application/json", kind=None, media_format=None, seconds=None)
    return facts(
        "authenticx",
        metadata,
        files={"file": file},
        instance={"file": "2 bytes", "metadata": metadata},
        operation="uploadTextMedia",
    )


def kept(number: int = 0, asked: Facts | None = None, at: datetime | None = None) -> Record:
    """Return what an upload leaves behind, under an id and a time of its own."""
    asked = asked or media()
    record = conversation(asked, stored_path(asked))
    return replace(record, id=IDENT.format(number), created=at or record.created)


def processed(number: int = 0, asked: Facts | None = None, at: datetime | None = None) -> Standing:
    record = kept(number, asked, at)
    return as_kept(record, **record.timeline[-1].state)


def fresh(number: int = 0, asked: Facts | None = None) -> Standing:
    return as_kept(kept(number, asked))


def failed(number: int = 0) -> Standing:
    record = kept(number)
    return as_kept(record, **record.failure)


def asking(operation: str, conversations: Iterable[Standing] = (), /, **query: Any) -> Facts:
    """Return a call by query; the conversations are at hand, and are what its listing has found."""
    known = list(conversations)
    asked = facts("authenticx", None, operation=operation, method="GET", query=query, found=Found(known))
    return replace(asked, known={each.ref: each for each in known})


def posting(operation: str, /, *, method: str = "POST", params: dict[str, str] | None = None, **body: Any) -> Facts:
    return facts("authenticx", body, operation=operation, method=method, params=params or {})


def at_path(operation: str, ident: str, *conversations: Standing, name: str = "conversationId") -> Facts:
    """Return a call about the conversation that its path names."""
    asked = facts("authenticx", {}, operation=operation, method="GET", params={name: ident})
    return replace(asked, known={Ref("conversation", each.id): each for each in conversations})


def body_of(answer: Any) -> Any:
    return answer.reply.body
