"""What stands in the way of calls, as a tester's code plants it."""

from collections.abc import Sequence
from typing import Any

from mockserver.faces.python.hand import Hand, steps
from mockserver.kit.wishes import said


class FaultsOf:
    """Faults in the order of their planting; of an account those that meet its calls alone."""

    def __init__(self, hand: Hand, vendor: str | None = None, account: str | None = None) -> None:
        self._hand = hand
        self._match = {"vendor": vendor, "account": account} if vendor else {}
        self._account = f"{vendor}/{account}" if vendor else None

    def plant(self, problem: str | None = None, *, match: dict[str, str] | None = None, **fault: Any) -> str:
        """Plant a fault and return its name.

        `problem` or `wire` say what happens; further words are those of the admin API: delay, times, chance, step,
        retry_after, rate, name. Raises MockError for words that there are not.
        """
        wish = said({"problem": problem, **fault})
        planted = self._hand.ask("POST", "/faults", {**wish, "match": {**self._match, **(match or {})}})
        name: str = planted["name"]
        return name

    def list(self) -> Sequence[dict[str, Any]]:
        found: list[dict[str, Any]] = self._hand.ask("GET", "/faults", account=self._account, limit=1000)["items"]
        return found

    def lift(self, name: str) -> None:
        self._hand.ask("DELETE", f"/faults{steps(name)}", account=self._account)

    def lift_all(self) -> None:
        self._hand.ask("DELETE", "/faults", account=self._account)


class ScenariosOf:
    """Named sets of faults and changes."""

    def __init__(self, hand: Hand, account: str | None = None) -> None:
        self._hand, self._account = hand, account

    def list(self) -> Sequence[dict[str, Any]]:
        found: list[dict[str, Any]] = self._hand.ask("GET", "/scenarios")["items"]
        return found

    def load(self, name: str) -> None:
        """Put a scenario on, for an account where this is an account's, else for the server."""
        self._hand.ask("POST", f"/scenarios{steps(name)}", {"account": self._account} if self._account else {})
