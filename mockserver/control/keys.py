"""Which credential of an account goes where."""

from collections.abc import Iterator

from msgspec import Struct

from mockserver.engine.endpoint import Endpoint
from mockserver.model import Account, Grant, Vendor

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
            # HTTP Basic wants two of them at once, and a query is signed by the vendor.
            if scheme.way in ("bearer", "header") and grant.fits(scheme.name):
                shown = f"Bearer {value}" if scheme.way == "bearer" else value
                yield Shown("header", header_name(scheme.carrier), shown)
        if endpoint.in_body and grant.fits(BODY):
            yield Shown(BODY, next(body.credential for body in endpoint.bodies.values() if body.credential), value)


def header_name(header: str) -> str:
    return header if header.startswith("x-") else header.title()
