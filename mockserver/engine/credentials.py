"""Where the document says that the credential travels."""

from collections.abc import Mapping

from mockserver.engine.endpoint import Body, Endpoint
from mockserver.model import Credential, Json

IN_BODY = "body"


def find_credential(
    headers: Mapping[str, str], endpoint: Endpoint, body: Body | None, instance: Json
) -> Credential | None:
    """Return what the caller showed, from the header or the part of the body that the document names."""
    for scheme in endpoint.schemes:
        value = headers.get(scheme.header)
        if value is not None and (shown := bearer(value) if scheme.is_bearer else value.strip()):
            return Credential(scheme.name, shown)
    if body and body.credential and isinstance(instance, dict):
        shown = instance.get(body.credential)
        if isinstance(shown, str) and shown:
            return Credential(IN_BODY, shown)
    return None


def bearer(header: str) -> str | None:
    """Return the token of a Bearer header; the scheme's name is taken in any casing, as RFC 9110 has it."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
