"""Facts for tests of rules and outcomes: a call of the demo account, without any server."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from mockserver.model import Account, Behind, Call, Facts, Found, Grant, Media, Record, Standing, Upload
from mockserver.shipped import shipped
from mockserver.state.accounts import AccountFile, demo_accounts
from mockserver.vendors import find_vendor

ID = "11111111-1111-4111-8111-111111111111"
NOW = datetime(2026, 6, 23, 14, 30, tzinfo=UTC)
NOTHING = Found()


def upload(
    filename: str = "call.mp3",
    content_type: str = "audio/mpeg",
    size: int = 20_000,
    *,
    kind: str | None = "audio",
    media_format: str | None = "mp3",
    seconds: float | None = 3.0,
) -> Upload:
    return Upload(filename, content_type, size, "0" * 64, Media(kind, media_format, seconds))


def account(
    name: str,
    credits: float | None = None,  # noqa: A002  # the account's own word
    book: Mapping[str, Any] = {},
    options: Mapping[str, Any] = {},
) -> Account:
    path = shipped("fixtures/accounts") / f"{name.partition('@')[0]}.json"
    file = msgspec.json.decode(path.read_bytes(), type=AccountFile)
    demo, _ = demo_accounts(find_vendor(name.partition("@")[0]), name, file, options)
    return msgspec.structs.replace(
        demo, credits=demo.credits if credits is None else credits, book=demo.book | dict(book)
    )


def facts(
    name: str,
    body: Any = None,
    *,
    files: Mapping[str, Upload] = {},
    instance: Any = None,
    credits: float | None = None,  # noqa: A002  # the account's own word
    book: Mapping[str, Any] = {},
    options: Mapping[str, Any] = {},
    known: Iterable[Record] = (),
    headers: Mapping[str, str] = {},
    grant: Grant | None = None,
    method: str = "POST",
    path: str = "/",
    media_type: str = "application/json",
    query: Mapping[str, Any] = {},
    params: Mapping[str, str] = {},
    operation: str = "",
    found: Found = NOTHING,
    behind: Mapping[str, Behind] = {},
    subject: str | None = None,
) -> Facts:
    call = Call(
        id=ID,
        at=NOW,
        vendor=name,
        operation=operation,
        method=method,
        path=path,
        headers=headers,
        query=query,
        params=params,
        media_type=media_type,
        instance=body if instance is None else instance,
        body=body,
        files=files,
        origin=f"http://127.0.0.1:4747/{name}",
    )
    return Facts(
        call,
        account(name, credits, book, options),
        grant or Grant(),
        {record.ref: as_kept(record) for record in known},
        found=found,
        behind=behind,
        subject=subject,
    )


def as_kept(record: Record, **state: Any) -> Standing:
    """Return a record as it stands when its timeline has come to `state`."""
    return Standing(record, record.body | state, len(record.timeline) if state else 0, record.created)
