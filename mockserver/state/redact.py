"""Secrets out of headers, bodies and texts, before anything is kept."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from mockserver.model import Json
from mockserver.state.redact_text import HIDDEN, TELLING, mask, redact_text

LONGEST_NAME = 64
MOST_NAMES = 1024
# Endings of names that tell a secret: access_token, X-Siro-Auth-Token, clientSecret, X-Amz-Signature.
SECRET = re.compile(rf"({TELLING}|(^|[^a-z0-9])sig)$", re.IGNORECASE)
# What clients put behind a name: the brackets of a list, a blank.
BEHIND = "[]0123456789 \t\r\n"
PLAIN = frozenset({int, float, bool})
SCHEMES = {"basic", "bearer", "digest", "negotiate"}


class Names(dict[str, tuple[bool, str]]):
    """Whether a name tells a secret, and the name as it may be shown; `hidden` are further secret ones, in lower case.

    Remembers a bounded number of them, and none of a client's long ones.
    """

    def __init__(self, hidden: Collection[str] = ()) -> None:
        super().__init__()
        self.hidden = frozenset(hidden)
        self.plain: set[str] = set()

    def __missing__(self, name: str) -> tuple[bool, str]:
        bare = name.rstrip(BEHIND)[-LONGEST_NAME:]
        secret = SECRET.search(bare) is not None or bare.strip().lower() in self.hidden
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
    return {name: mask_header(value) if names[name][0] else redact_text(value) for name, value in headers.items()}


def mask_header(value: str) -> str:
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {mask(rest)}" if blank and scheme.lower() in SCHEMES else mask(value)


def redact(value: Json, names: Names = ALL) -> Any:
    """Return a JSON value without secrets, whatever its depth; it shares with the given what needs no change."""
    if isinstance(value, dict):
        return redact_fields(value, names)
    if isinstance(value, list):
        return [redact_fields(child, names) if type(child) is dict else redact(child, names) for child in value]
    return redact_string(value, names) if isinstance(value, str) else value


def redact_string(text: str, names: Names) -> str:
    """Return a text without secrets; one that is JSON stays so."""
    if not text.startswith(("{", "[")):
        return redact_text(text)
    try:
        value = msgspec.json.decode(text)
        shown = redact(value, names)
        return text if shown == value else msgspec.json.encode(shown).decode()
    except (ValueError, RecursionError):
        return redact_text(text)


def redact_fields(fields: Mapping[str, Any], names: Names) -> Mapping[str, Any]:
    # Every call passes here with all its fields, so what is plain takes the short way.
    given = fields if fields.keys() <= names.plain else redact_names(fields, names)
    shown: dict[str, Any] | None = None
    for name, child in given.items():
        if type(child) is str:
            if ":" not in child and "=" not in child:
                continue
            safe: Any = redact_string(child, names)
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
        # An empty one hides nothing, and that it is empty may be why it was refused.
        is_open = not secret or child is None or child == ""
        shown[safe] = child if is_open else mask(child) if isinstance(child, str) else HIDDEN
    return shown
