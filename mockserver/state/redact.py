"""Secrets out of headers, bodies and addresses, before anything is kept."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from mockserver.model import Json

HIDDEN = "…"
SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization", "x-siro-auth-token", "x-api-key"}
SECRET_FIELDS = {
    "api_key",
    "apikey",
    "access_token",
    "accesstoken",
    "client_secret",
    "clientsecret",
    "token",
    "secret",
    "password",
    "authorization",
}
# Who may read (before the @) and the signature (after the ?) are the secrets of an address.
ADDRESS = re.compile(r"(\w+://)(?:[^\s/?#@]*@)?([^\s?#\"'<>]*)(\?[^\s#\"'<>]*)?(#[^\s\"'<>]*)?")
LONG_ENOUGH = 12


def mask(secret: str) -> str:
    """Return the last four characters of a long secret, enough to tell two apart; of a short one nothing."""
    return HIDDEN + (secret[-4:] if len(secret) >= LONG_ENOUGH else "")


def redact_headers(headers: Mapping[str, str], secret: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return headers (names in lower case) without secrets; `secret` names the document's own credential headers."""
    return {name: redact_header(name, value, secret) for name, value in headers.items()}


def redact_header(name: str, value: str, secret: frozenset[str]) -> str:
    if name in SECRET_HEADERS or name in secret:
        scheme, blank, rest = value.partition(" ")
        return f"{scheme} {mask(rest)}" if blank and scheme.isalpha() else mask(value)
    return redact_text(value)


def redact_text(text: str) -> str:
    return ADDRESS.sub(hide_address, text) if "://" in text else text


def hide_address(match: re.Match[str]) -> str:
    scheme, place, query, fragment = match.groups()
    return f"{scheme}{place}{'?' + HIDDEN if query else ''}{'#' + HIDDEN if fragment else ''}"


def redact(value: Json) -> Any:
    """Return a JSON value without secrets, whatever its depth."""
    if isinstance(value, str):
        return redact_text(value) if "://" in value else value
    if isinstance(value, dict):
        return {redact_text(name): redact_field(name, child) for name, child in value.items()}
    if isinstance(value, list):
        return [redact(child) for child in value]
    return value


def redact_field(name: str, value: Json) -> Any:
    if name.lower().replace("-", "_") in SECRET_FIELDS:
        return mask(value) if isinstance(value, str) else HIDDEN
    return redact(value)


def redact_query(query: bytes) -> dict[str, str]:
    """Return the query's values by name, the last of two, without secrets."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace")
    return {name: str(redact_field(name, value)) for name, value in pairs}
