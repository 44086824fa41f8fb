"""What a browser must be told before a page of another origin, one that was let in, may call and read (Fetch, 3.3)."""

from collections.abc import Sequence

from starlette.types import Message, Scope, Send

from mockserver.model import Reply

METHOD = b"access-control-request-method"
WANTED = b"access-control-request-headers"
PRIVATE = b"access-control-request-private-network"
# Seconds for which a browser need not ask again.
KNOWN_FOR = "600"
VARIES = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network"
# What every page may read of an answer, asked or not.
OPEN = frozenset({b"cache-control", b"content-length", b"content-type", b"expires", b"last-modified", b"pragma"})


def is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(name == METHOD for name, _ in scope["headers"])


def permission(scope: Scope, origin: str) -> Reply:
    """Return the answer to a preflight: all that was asked for, since the call itself is judged when it comes."""
    asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
    headers = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": asked[METHOD],
        "Access-Control-Max-Age": KNOWN_FOR,
        "Vary": VARIES,
    }
    if WANTED in asked:
        headers["Access-Control-Allow-Headers"] = asked[WANTED]
    if asked.get(PRIVATE) == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return Reply(204, None, None, headers)


def readable(send: Send, origin: str) -> Send:
    """Return what sends an answer so that a page of this origin may read it, with every header that it has."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": shared(message["headers"], origin)}
        await send(message)

    return sending


def shared(headers: Sequence[tuple[bytes, bytes]], origin: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name != b"vary"]
    varies = [value for name, value in headers if name == b"vary"]
    told = dict.fromkeys(name for name, _ in kept if name not in OPEN)
    return [
        *kept,
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", b", ".join(told)),
        (b"vary", b", ".join([*varies, b"Origin"])),
    ]
