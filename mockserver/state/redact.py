"""Secrets out of headers, bodies and addresses, before anything is kept."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from mockserver.model import Json

HIDDEN = "…"
LONG_ENOUGH = 12
LONGEST_NAME = 64
MOST_NAMES = 1024
# Endings of names that tell a secret: access_token, X-Siro-Auth-Token, clientSecret, X-Amz-Signature.
SECRET = re.compile(
    r"(cookies?|authori[sz]ation|token|secret|passw(or)?d|passphrase|pwd|jwt|credentials?|signature"
    r"|(api|access|secret|private|signing)[-_]?key|(^|[-_])sig)$",
    re.IGNORECASE,
)
PLAIN = frozenset({int, float, bool})
SCHEMES = {"basic", "bearer", "digest", "negotiate"}
# Where an address begins: after "//", or after the schemes of the web, whose readers take any number of slashes, and
# backslashes for slashes. The colon comes first, so that a long text without one costs nothing.
START = r"(:(?<=\w:)(?:(?=[/\\]{2})|(?<=http:)|(?<=https:)|(?<=ftp:)|(?<=ws:)|(?<=wss:))[/\\]*)"
# An address of the web that is all of a text and names nobody who may read it: what most secrets stand in.
_PLAIN = r' \t\r\n\f\v"<>\\@#'
WEB = re.compile(rf"(https?://[^?{_PLAIN}]*)(\?[^{_PLAIN}]*)?(#[^{_PLAIN}]*)?")
# The secrets of an address: who may read (before the last @), the signature (after the ?), and what the # hides.
AUTHORITY = re.compile(START + r"([^\s/?#\\\"<>]*)", re.IGNORECASE)
TAIL = re.compile(START + r"([^\s?#\"<>]*)(\?[^\s#\"<>]*)?(#[^\s\"<>]*)?", re.IGNORECASE)


def mask(secret: str) -> str:
    """Return the last four characters of a long secret, enough to tell two apart; of a short one nothing."""
    return HIDDEN + (secret[-4:] if len(secret) >= LONG_ENOUGH else "")


class Names(dict[str, tuple[bool, str]]):
    """Whether a name tells a secret, and the name as it may be shown; `hidden` are further secret ones, in lower case.

    Remembers a bounded number of them, and none of a client's long ones.
    """

    def __init__(self, hidden: Collection[str] = ()) -> None:
        super().__init__()
        self.hidden = frozenset(hidden)
        self.plain: set[str] = set()

    def __missing__(self, name: str) -> tuple[bool, str]:
        secret = SECRET.search(name[-LONGEST_NAME:]) is not None or name.lower() in self.hidden
        judged = secret, redact_text(name)
        if len(name) <= LONGEST_NAME:
            if len(self) >= MOST_NAMES:
                self.clear()
                self.plain.clear()
            self[name] = judged
            if judged == (False, name):
                self.plain.add(name)
        return judged


ALL = Names()


def redact_headers(headers: Mapping[str, str], names: Names = ALL) -> dict[str, str]:
    return {
        name: mask_header(value) if names[name][0] else redact_text(value) if ":" in value else value
        for name, value in headers.items()
    }


def mask_header(value: str) -> str:
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {mask(rest)}" if blank and scheme.lower() in SCHEMES else mask(value)


def redact_text(text: str) -> str:
    """Return a text whose addresses tell no secrets."""
    if ":" not in text:
        return text
    if "?" in text or "#" in text:
        if web := WEB.fullmatch(text):
            return f"{web[1]}{'?' + HIDDEN if web[2] else ''}{'#' + HIDDEN if web[3] else ''}"
        text = TAIL.sub(hide_tail, text)
    return AUTHORITY.sub(hide_user, text) if "@" in text else text


def hide_tail(match: re.Match[str]) -> str:
    start, place, query, fragment = match.groups()
    return f"{start}{place}{'?' + HIDDEN if query else ''}{'#' + HIDDEN if fragment else ''}"


def hide_user(match: re.Match[str]) -> str:
    return match[1] + match[2].rpartition("@")[2]


def redact(value: Json, names: Names = ALL) -> Any:
    """Return a JSON value without secrets, whatever its depth; it shares with the given what needs no change."""
    if isinstance(value, dict):
        return redact_fields(value, names)
    if isinstance(value, list):
        return [redact_fields(child, names) if type(child) is dict else redact(child, names) for child in value]
    return redact_text(value) if isinstance(value, str) else value


def redact_fields(fields: Mapping[str, Any], names: Names) -> Mapping[str, Any]:
    # Every call passes here with all its fields, so what is plain takes the short way.
    given = fields if fields.keys() <= names.plain else redact_names(fields, names)
    shown: dict[str, Any] | None = None
    for name, child in given.items():
        if type(child) is str:
            if ":" not in child:
                continue
            safe: Any = redact_text(child)
        elif child is None or type(child) in PLAIN:
            continue
        else:
            safe = redact(child, names)
        if safe is not child:
            shown = dict(given) if shown is None else shown
            shown[name] = safe
    return given if shown is None else shown


def redact_names(fields: Mapping[str, Any], names: Names) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, child in fields.items():
        secret, safe = names[name]
        shown[safe] = child if not secret else mask(child) if isinstance(child, str) else HIDDEN
    return shown
