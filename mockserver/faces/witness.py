"""An eye on the accounts that a test opens: which calls met no operation, and what its report shows."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.faces.python.mock import Account, Mock

LONGEST = 20
EXPLAINED = 3


class Witness:
    """What one test opens on one mock; all begins under the scenario that the test is marked with."""

    def __init__(self, scenario: str | None) -> None:
        self._planned = {} if scenario is None else {"scenario": scenario}
        self._accounts: list[Account] = []
        self._watched: list[Account] = []
        self._kept: tuple[list[str], list[str]] | None = None

    def open(self, begin: "Callable[..., Account]", vendor: str, *, allow_unmatched: bool, **wish: Any) -> "Account":
        account = begin(vendor, **self._planned | wish)
        self._accounts.append(account)
        if not allow_unmatched:
            self._watched.append(account)
        return account

    def unmatched(self) -> list[str]:
        """Return a line for each call of a watched account that met no operation, and where that cannot be told."""
        if self._kept is not None:
            return self._kept[0]
        return [line for account in self._watched for line in told(account, strays)]

    def report(self) -> list[str]:
        """Return what the mock received from the accounts of the test, oldest first, and what would mend it."""
        if self._kept is not None:
            return self._kept[1]
        return [line for account in self._accounts for line in told(account, trail)]

    def keep(self) -> None:
        """Keep what is to be told, for the mock is about to end; safe to call twice."""
        self._kept = self.unmatched(), self.report()

    def close(self) -> None:
        """Close the accounts that the test has left open; their calls stay in the journal."""
        for account in self._accounts:
            with suppress(Exception):  # the test has closed it, or it is gone with its server
                account.close()


class TestMock:
    """The session's mock as one test sees it: all its methods, and an eye on the accounts that the test opens."""

    __test__ = False

    def __init__(self, mock: "Mock", witness: Witness) -> None:
        self._mock, self._witness = mock, witness

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mock, name)

    def account(self, vendor: str, *, allow_unmatched: bool = False, **wish: Any) -> "Account":
        """Open an account of the test's own. It is gone with the test.

        A call of it that meets no operation of the vendor fails the test, unless `allow_unmatched`.
        """
        return self._witness.open(self._mock.account, vendor, allow_unmatched=allow_unmatched, **wish)

    def close(self) -> None:
        """Close the accounts of the test; the mock is the session's."""
        self._witness.close()


def told(account: "Account", tell: Callable[["Account"], Iterator[str]]) -> Iterator[str]:
    """Yield what is told of an account, as far as its mock answers: it may be gone, and the session goes on."""
    try:
        yield from tell(account)
    except Exception as error:  # noqa: BLE001  # pytest ends all at once where the hook that asks raises
        yield f"{account.id}: what was called cannot be told: {error!r}"


def strays(account: "Account") -> Iterator[str]:
    for entry in account.journal:
        if entry.is_unmatched:
            yield f"{account.id}: {entry.method} {entry.path} met no operation of {account.vendor} ({entry.status})"


def trail(account: "Account") -> Iterator[str]:
    page = account.journal.page(limit=LONGEST)
    calls = page.items
    if account.webhooks.list(limit=1):
        calls = [account.journal.get(each.id) for each in calls]
    yield f"{account.id}: {page.total} calls" + (f", the last {len(calls)}:" if page.total > len(calls) else "")
    for each in reversed(calls):
        yield from (f"  {line}" for line in each.lines())
    refused = [each for each in calls if each.refused_by][:EXPLAINED]
    for each in reversed(refused):
        yield from account.journal.explain(each.id).splitlines()
