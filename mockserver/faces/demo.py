"""How a person calls a vendor with its demo account: which credential goes where, what a first request looks like."""

import json
import shlex
from collections.abc import Iterator

from msgspec import Struct

from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Account, Grant, Json, Vendor

BODY = "body"


class Shown(Struct, frozen=True):
    """A credential where it travels: `place` is a header's name, or "body" with the field's name."""

    place: str
    name: str
    value: str

    @property
    def text(self) -> str:
        return f"field {self.name}={self.value}" if self.place == BODY else f"{self.name}: {self.value}"


def credentials(endpoint: Endpoint, vendor: Vendor, account: Account) -> Iterator[Shown]:
    """Yield every credential of the account that opens the endpoint, in the order of the account."""
    opening = {name: grant for name, grant in vendor.grants.items() if name in account.credentials}
    for name, grant in (opening or dict.fromkeys(account.credentials, Grant())).items():
        value = account.credentials[name]
        for scheme in endpoint.schemes:
            if grant.scheme in (None, scheme.name):
                yield Shown("header", header_name(scheme.header), f"Bearer {value}" if scheme.is_bearer else value)
        if endpoint.in_body:
            yield Shown(BODY, next(body.credential for body in endpoint.bodies.values() if body.credential), value)


def header_name(header: str) -> str:
    return header if header.startswith("x-") else header.title()


def first_endpoint(document: Document) -> Endpoint:
    """Return the endpoint a newcomer tries: the first with a JSON example, else the first."""
    return next(
        (endpoint for endpoint in document.endpoints if example_of(endpoint) is not None), document.endpoints[0]
    )


def example_of(endpoint: Endpoint) -> Json:
    """Return the documented example of a JSON request."""
    media = endpoint.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return media.get("example") if isinstance(media, dict) else None


def curl(address: str, endpoint: Endpoint, shown: Shown | None) -> str:
    """Return a command that can be pasted into a shell."""
    words = ["curl", "-i", f"{address}{endpoint.path}"]
    if shown is not None and shown.place != BODY:
        words += ["-H", shown.text]
    if endpoint.method != "POST":
        words += ["-X", endpoint.method]
    if (body := example_of(endpoint)) is not None:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    return " ".join(map(shlex.quote, words))
