"""A server of a test's own, whose accounts are watched as those of the session's are."""

from typing import Any

from mockserver.faces.python.mock import Account
from mockserver.faces.python.server import MockServer
from mockserver.faces.witness import Witness


class WitnessedServer(MockServer):
    """Ends like any other, and leaves its witness what there is to tell."""

    def __init__(self, witness: Witness, /, **settings: Any) -> None:
        self._witness = witness
        super().__init__(**settings)

    def account(self, vendor: str, *, allow_unmatched: bool = False, **wish: Any) -> Account:
        """Open an account. A call of it that meets no operation fails the test, unless `allow_unmatched`."""
        return self._witness.open(super().account, vendor, allow_unmatched=allow_unmatched, **wish)

    def close(self) -> None:
        self._witness.keep()
        super().close()
