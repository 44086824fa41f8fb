"""Where the document says that the credential travels."""

from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping

from mockserver.engine.endpoint import Body, Endpoint, Scheme
from mockserver.model import Credential, Json

IN_BODY = "body"


def find_credential(
    headers: Mapping[str, str], query: Mapping[str, Json], endpoint: Endpoint, body: Body | None, instance: Json
) -> Credential | None:
    """Return what the caller showed, from the place that the document names."""
    if shown := find_shown(headers, query, endpoint.schemes):
        return shown
    if body and body.credential and isinstance(instance, dict):
        field = instance.get(body.credential)
        if isinstance(field, str) and field:
            return Credential(IN_BODY, field)
    return None


def find_shown(headers: Mapping[str, str], query: Mapping[str, Json], schemes: Iterable[Scheme]) -> Credential | None:
    """Return the first credential that came under one of these schemes."""
    for scheme in schemes:
        value = query.get(scheme.carrier) if scheme.way == "query" else headers.get(scheme.carrier)
        if isinstance(value, str) and (shown := WAYS[scheme.way](scheme, value)):
            return shown
    return None


def read_bearer(scheme: Scheme, value: str) -> Credential | None:
    token = bearer(value)
    return Credential(scheme.name, token) if token else None


def read_basic(scheme: Scheme, value: str) -> Credential | None:
    """Read HTTP Basic (RFC 7617): the user is the credential, the password its other half."""
    kind, _, encoded = value.strip().partition(" ")
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # no base64, not even ASCII, or no UTF-8 within
        return None
    return Credential(scheme.name, user, password) if kind.lower() == "basic" and user and colon else None


def read_plain(scheme: Scheme, value: str) -> Credential | None:
    return Credential(scheme.name, value.strip()) if value.strip() else None


WAYS: Mapping[str, Callable[[Scheme, str], Credential | None]] = {
    "bearer": read_bearer,
    "basic": read_basic,
    "header": read_plain,
    "query": read_plain,
}


def bearer(header: str) -> str | None:
    """Return the token of a Bearer header; the scheme's name is taken in any casing, as RFC 9110 has it."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
