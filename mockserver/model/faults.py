"""What a tester plants in the way of calls, and what comes of it for one of them."""

from collections.abc import Mapping

from msgspec import Struct

from mockserver.model.values import Kind

# What a vendor can be made to say, and the step at which the real one says it.
PROBLEMS: Mapping[str, tuple[Kind, str]] = {
    "unauthenticated": (Kind.UNAUTHENTICATED, "auth"),
    "too-large": (Kind.TOO_LARGE, "transport"),
    "no-credits": (Kind.NO_CREDITS, "rules"),
    "not-found": (Kind.NOT_FOUND, "rules"),
    "too-many": (Kind.TOO_MANY, "rules"),
    "broken": (Kind.BROKEN, "rules"),
}
TOO_MANY = "too-many"
# What can befall a connection. The first three come before anything is processed, the others after it.
RESET, EMPTY, HANG = "reset", "empty", "hang"
TRUNCATE, GARBAGE, DRIP = "truncate", "garbage", "drip"
WIRES = (RESET, EMPTY, TRUNCATE, GARBAGE, DRIP, HANG)
BEFORE = frozenset({RESET, EMPTY, HANG})
ACCEPT = "accept"
STEPS = ("auth", "transport", "schema", "rules", ACCEPT)
LONGEST_DELAY = 60.0


class Match(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which calls a fault meets; what is left out meets all. `header` is a name, or `Name: value`."""

    vendor: str | None = None
    account: str | None = None
    operation: str | None = None
    header: str | None = None


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """So many calls within so many seconds are let through, for every credential by itself."""

    calls: int
    seconds: float


class Fault(Struct, frozen=True, omit_defaults=True):
    """What stands in the way of the calls that it matches, and how often still (`times` None: always).

    `step` is where it speaks, None for where the real one would. `pace` multiplies the waits of records that begin
    under it, `fail` makes them fail at their end. `is_shipped` says that it came with one of our own accounts,
    `staged` whose scenario brought it: an account's (`vendor/name`), or the server's (`*`).
    """

    name: str
    match: Match = Match()
    problem: str | None = None
    wire: str | None = None
    delay: float = 0.0
    times: int | None = None
    chance: float = 1.0
    step: str | None = None
    retry_after: int | None = None
    rate: Rate | None = None
    pace: float | None = None
    fail: bool = False
    is_shipped: bool = False
    staged: str | None = None

    @property
    def ident(self) -> tuple[str, Match]:
        """What tells it from all others, however often it has spoken."""
        return self.name, self.match
