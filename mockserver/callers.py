"""Who calls, and when: all that stands before an operation, read from the store at once."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from mockserver.model import Account, Call, Grant, Instant, Token
from mockserver.state.accounts import account_key, issued_key, read_account, read_token, token_key
from mockserver.state.clock import CLOCK, Clock
from mockserver.state.coverage import coverage_key
from mockserver.state.faults import Row, fault_key, read_rows, wide_keys
from mockserver.state.media import MEDIA
from mockserver.state.store import Held, Key, Store

MOST_GUESSES = 1024


class Caller(Struct, frozen=True, gc=False):
    """Whose a credential is; no account where it opens nothing. `version` is the account's.

    `planted` are the faults in the caller's way, those of the narrowest scope first; `shown` is what its calls have
    kept and broken so far, `media` the table of what testers say lies behind URLs.
    """

    account: Account | None = None
    grant: Grant = Grant()
    version: int = 0
    subject: str | None = None
    lapsed: bool = False
    planted: tuple[Row, ...] = ()
    shown: Held | None = None
    media: Held | None = None

    @property
    def is_unknown(self) -> bool:
        return self.account is None and not self.lapsed


NOBODY = Caller()


class Guess(Struct, frozen=True, gc=False):
    """Whose a credential was, and where all lies that a call with it needs."""

    account: str | None
    keys: tuple[Key, ...]


class Callers:
    """Finds who calls, and tells what time it is for them.

    It remembers whose each credential was, a bounded number of them: what lies at that account is read together with
    the credential, and once more only where it is another's by now.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._guesses: dict[tuple[str, str], Guess] = {}

    async def find(self, call: Call, machine: datetime) -> tuple[Caller, Instant]:
        """Return who calls and the time of the mock; `machine` is when the request came, by this machine."""
        shown, wide = call.credential, wide_keys(call.vendor)
        if shown is None:
            dial, *planted = await self._store.read([CLOCK, *wide])
            return stranger(wide, planted), self._clock.read(dial, machine)
        name = (call.vendor, shown.value)
        guess = self._guesses.get(name) or guessed(name, None)
        dial, media, own, issued, vendors, everybodys, *rows = await self._store.read(guess.keys)
        now, planted = self._clock.read(dial, machine), [vendors, everybodys]
        token = opened(own or issued, shown.scheme)
        if token is None or (token.expires is not None and token.expires <= now.at):
            return stranger(wide, planted, lapsed=token is not None), now
        if token.account != guess.account:
            rows = await self._store.read(rows_of(call.vendor, token.account))
            self._remember(name, token.account)
        return admitted(call.vendor, token, rows, planted, media), now

    def _remember(self, name: tuple[str, str], account: str) -> None:
        if len(self._guesses) >= MOST_GUESSES:
            self._guesses.clear()
        self._guesses[name] = guessed(name, account)


def guessed(name: tuple[str, str], account: str | None) -> Guess:
    """Return what is read of a vendor's credential, and of its account where one is guessed."""
    vendor, value = name
    rows = rows_of(vendor, account) if account is not None else ()
    return Guess(
        account, (CLOCK, MEDIA, token_key(vendor, value), issued_key(vendor, value), *wide_keys(vendor), *rows)
    )


def rows_of(vendor: str, account: str) -> tuple[Key, ...]:
    """Return where an account lies, the faults in its way, and what its calls have shown."""
    return account_key(vendor, account), fault_key(vendor, account), coverage_key(vendor, account)


def opened(held: Held | None, scheme: str) -> Token | None:
    """Return what a credential stands for, None where it opens nothing as it was shown."""
    token = read_token(held) if held else None
    return token if token and token.grant.fits(scheme) else None


def admitted(
    vendor: str, token: Token, rows: Sequence[Held | None], planted: Sequence[Held | None], media: Held | None
) -> Caller:
    """Return the caller that a credential stands for, as its account is now; a stranger where that is gone."""
    row, own, shown = rows
    if row is None:
        return stranger(wide_keys(vendor), planted)
    faults: tuple[Row, ...] = ()
    if own or any(planted):
        keys = (fault_key(vendor, token.account), *wide_keys(vendor))
        faults = tuple(read_rows(keys, (own, *planted)))
    return Caller(read_account(row), token.grant, row.version, token.subject, False, faults, shown, media)


def stranger(wide: Sequence[Key], found: Sequence[Held | None], *, lapsed: bool = False) -> Caller:
    """Return a caller whose credential opens nothing, if there is one: what is in everybody's way is in theirs."""
    return Caller(lapsed=lapsed, planted=tuple(read_rows(wide, found))) if lapsed or any(found) else NOBODY
