"""Secrets out of headers, bodies and addresses, before anything is kept."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from mockserver.model import Json

HIDDEN = "…"
LONG_ENOUGH = 12
WEB = ("https://", "http://")
# What makes an address more than one, or name who may read it.
PLAIN = frozenset(' \t\r\n\f\v"<>\\@')
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
START = r"(:(?<=\w:)(?:(?=[/\\]{2})|(?<=http:)|(?<=https:)|(?<=ftp:)|(?<=ws:)|(?<=wss:))[/\\]*)"
# The secrets of an address: who may read (before the last @), the signature (after the ?), and what the # hides.
AUTHORITY = re.compile(START + r"([^\s/?#\\\"<>]*)", re.IGNORECASE)
TAIL = re.compile(START + r"([^\s?#\"<>]*)(\?[^\s#\"<>]*)?(#[^\s\"<>]*)?", re.IGNORECASE)


def mask(secret: str) -> str:
    """Return the last four characters of a long secret, enough to tell two apart; of a short one nothing."""
    return HIDDEN + (secret[-4:] if len(secret) >= LONG_ENOUGH else "")


def read_name(name: str, hidden: frozenset[str]) -> tuple[bool, str]:
    """Return whether a name tells a secret, and the name as it may be shown; a client's long ones are not kept.

    `hidden` holds further secret names, in lower case.
    """
    judge = judge_name if len(name) <= LONGEST_NAME else judge_name.__wrapped__
    return judge(name, hidden)


@lru_cache(maxsize=1024)
def judge_name(name: str, hidden: frozenset[str]) -> tuple[bool, str]:
    secret = SECRET.search(name[-LONGEST_NAME:]) is not None or name.lower() in hidden
    return secret, redact_text(name)


def redact_headers(headers: Mapping[str, str], hidden: Collection[str] = ()) -> dict[str, str]:
    """Return headers without secrets; `hidden` names the document's own credentials, in lower case."""
    further = frozenset(hidden)
    return {
        name: mask_header(value) if read_name(name, further)[0] else redact_text(value)
        for name, value in headers.items()
    }


def mask_header(value: str) -> str:
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {mask(rest)}" if blank and scheme.lower() in SCHEMES else mask(value)


def redact_text(text: str) -> str:
    """Return a text whose addresses tell no secrets."""
    if ":" not in text:
        return text
    if text.startswith(WEB) and PLAIN.isdisjoint(text):
        return redact_address(text)
    if "?" in text or "#" in text:
        text = TAIL.sub(hide_tail, text)
    return AUTHORITY.sub(hide_user, text) if "@" in text else text


def redact_address(text: str) -> str:
    """Return an address of the web that is all of a text: what most secrets stand in, without the expressions."""
    before, hash_mark, _ = text.partition("#")
    before, question_mark, _ = before.partition("?")
    return before + (question_mark and "?" + HIDDEN) + (hash_mark and "#" + HIDDEN)


def hide_tail(match: re.Match[str]) -> str:
    start, place, query, fragment = match.groups()
    return f"{start}{place}{'?' + HIDDEN if query else ''}{'#' + HIDDEN if fragment else ''}"


def hide_user(match: re.Match[str]) -> str:
    return match[1] + match[2].rpartition("@")[2]


def redact(value: Json, hidden: Collection[str] = ()) -> Any:
    """Return a JSON value without secrets, whatever its depth; `hidden` as for headers."""
    if isinstance(value, dict):
        return redact_fields(value, frozenset(hidden))
    if isinstance(value, list):
        return [redact(child, hidden) for child in value]
    return redact_text(value) if isinstance(value, str) else value


def redact_fields(fields: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    # Every call passes here with all its fields, so what is plain takes the short way.
    shown: dict[str, Any] = {}
    for name, child in fields.items():
        secret, safe = judge_name(name, hidden) if len(name) <= LONGEST_NAME else read_name(name, hidden)
        if secret:
            shown[safe] = mask(child) if isinstance(child, str) else HIDDEN
        elif type(child) is str:
            shown[safe] = redact_text(child) if ":" in child else child
        else:
            shown[safe] = redact(child, hidden)
    return shown
