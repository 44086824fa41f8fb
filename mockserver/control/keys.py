"""Which credential of an account goes where, and what else of it a request may name."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from mockserver.engine.endpoint import Endpoint
from mockserver.model import Account, Grant, Vendor

BODY = "body"
MOST_IDENTS = 32


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
            # HTTP Basic wants two of them at once, and a query is signed by the vendor.
            if scheme.way in ("bearer", "header") and grant.fits(scheme.name):
                shown = f"Bearer {value}" if scheme.way == "bearer" else value
                yield Shown("header", header_name(scheme.carrier), shown)
        if endpoint.in_body and grant.fits(BODY):
            yield Shown(BODY, next(body.credential for body in endpoint.bodies.values() if body.credential), value)


def header_name(header: str) -> str:
    return header if header.startswith("x-") else header.title()


def idents(book: Mapping[str, Any]) -> Sequence[str]:
    """Return what the entries of an account's book are called by: their `id`, `objectId` and the like."""
    entries = [entry for listed in book.values() if isinstance(listed, list) for entry in listed]
    named = [each for entry in entries if isinstance(entry, dict) for each in entry.items()]
    found = (value for name, value in named if name.lower().endswith("id") and isinstance(value, str))
    return [*islice(dict.fromkeys(found), MOST_IDENTS)]
