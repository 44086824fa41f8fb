"""Secrets out of headers, bodies and addresses, before anything is kept."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw

from mockserver.model import Json

HIDDEN = "…"
LONG_ENOUGH = 12
# What any name that tells a secret holds, in lower case: a text without all of them has no such name.
TRACES = ("cookie", "authori", "token", "secret", "pass", "pwd", "jwt", "credential", "signature", "key", "sig")
LONGEST_NAME = 64
# Endings of names that tell a secret: access_token, X-Siro-Auth-Token, clientSecret, X-Amz-Signature.
SECRET = re.compile(
    r"(cookies?|authori[sz]ation|token|secret|passw(or)?d|passphrase|pwd|jwt|credentials?|signature"
    r"|(api|access|secret|private|signing)[-_]?key|(^|[-_])sig)$",
    re.IGNORECASE,
)
SCHEMES = {"basic", "bearer", "digest", "negotiate"}
# Where an address begins: after "//", or after the schemes of the web, whose readers take any number of slashes, and
# backslashes for slashes. The colon comes first, so that a long text without one costs nothing.
START = r"(:(?:(?<=\w:)(?=[/\\]{2})|(?<=http:)|(?<=https:)|(?<=ftp:)|(?<=ws:)|(?<=wss:))[/\\]*)"
# The secrets of an address: who may read (before the last @), the signature (after the ?), and what the # hides.
AUTHORITY = re.compile(START + r"([^\s/?#\\\"<>]*)", re.IGNORECASE)
TAIL = re.compile(START + r"([^\s?#\"<>]*)(\?[^\s#\"<>]*)?(#[^\s\"<>]*)?", re.IGNORECASE)


def mask(secret: str) -> str:
    """Return the last four characters of a long secret, enough to tell two apart; of a short one nothing."""
    return HIDDEN + (secret[-4:] if len(secret) >= LONG_ENOUGH else "")


def is_secret(name: str, hidden: Collection[str] = ()) -> bool:
    """Say whether a name tells a secret; `hidden` holds further ones, in lower case."""
    return read_name(name)[0] or name.lower() in hidden


def read_name(name: str) -> tuple[bool, str]:
    """Return whether a name tells a secret by itself, and the name as it may be shown."""
    return judge_name(name) if len(name) <= LONGEST_NAME else (sounds_secret(name), redact_text(name))


@lru_cache(maxsize=1024)
def judge_name(name: str) -> tuple[bool, str]:
    return sounds_secret(name), redact_text(name)


def sounds_secret(name: str) -> bool:
    return SECRET.search(name[-LONGEST_NAME:]) is not None


def redact_headers(headers: Mapping[str, str], hidden: Collection[str] = ()) -> dict[str, str]:
    """Return headers without secrets; `hidden` names the document's own credentials, in lower case."""
    return {name: redact_header(name, value, hidden) for name, value in headers.items()}


def redact_header(name: str, value: str, hidden: Collection[str]) -> str:
    if is_secret(name, hidden):
        scheme, blank, rest = value.partition(" ")
        return f"{scheme} {mask(rest)}" if blank and scheme.lower() in SCHEMES else mask(value)
    return redact_text(value)


def redact_text(text: str) -> str:
    """Return a text whose addresses tell no secrets."""
    return AUTHORITY.sub(hide_user, TAIL.sub(hide_tail, text)) if ":" in text else text


def hide_tail(match: re.Match[str]) -> str:
    start, place, query, fragment = match.groups()
    return f"{start}{place}{'?' + HIDDEN if query else ''}{'#' + HIDDEN if fragment else ''}"


def hide_user(match: re.Match[str]) -> str:
    return match[1] + match[2].rpartition("@")[2]


def redact(value: Json, hidden: Collection[str] = ()) -> Any:
    """Return a JSON value without secrets, whatever its depth; `hidden` as for headers."""
    if isinstance(value, dict):
        return redact_fields(value, hidden)
    if isinstance(value, list):
        return [redact(child, hidden) for child in value]
    return redact_text(value) if isinstance(value, str) else value


def redact_fields(fields: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    # Every call passes here with all its fields, so texts take the short way.
    shown: dict[str, Any] = {}
    for name, child in fields.items():
        secret, safe = judge_name(name) if len(name) <= LONGEST_NAME else read_name(name)
        if secret or (hidden and name.lower() in hidden):
            shown[safe] = mask(child) if isinstance(child, str) else HIDDEN
        elif type(child) is str:
            shown[safe] = redact_text(child) if ":" in child else child
        else:
            shown[safe] = redact(child, hidden)
    return shown


def redact_json(value: Json, hidden: Collection[str] = ()) -> Raw:
    """Return what `redact` makes of a value, as JSON text.

    Most bodies hold no secret but in addresses, and those are found in the text itself many times faster than by
    walking through the value. Escapes, and letters beyond ASCII, would be read differently there.
    """
    text = msgspec.json.encode(value).decode()
    folded = text.lower()
    if not text.isascii() or "\\" in text or any(map(folded.__contains__, (*TRACES, *hidden))):
        return Raw(msgspec.json.encode(redact(value, hidden)))
    return Raw(redact_text(text).encode())
