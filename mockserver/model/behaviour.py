"""What a vendor does: rules and outcomes over facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mockserver.model.faults import Rate
from mockserver.model.records import (
    Account,
    Behind,
    Found,
    Grant,
    Issue,
    Listing,
    Message,
    Moment,
    Record,
    Ref,
    Standing,
)
from mockserver.model.values import STATUSES, Advice, Call, Json, Problem

Function = TypeVar("Function", bound=Callable[..., object])


class Facts(Struct, frozen=True, gc=False):
    """All that a rule may see.

    `known` holds those of the operation's refs that exist, as they stand now, `found` the page that its listing asked
    for, `behind` what lies behind the URLs that it named. `subject` is what the credential stands for; `lapsed` says
    that it did so until its time was up. `fits` says that the body is known to fit its schema. `before` is how many
    calls of the credential lie in the window that its vendor counts in, this one left out.
    """

    call: Call
    account: Account = Account("", "")
    grant: Grant = Grant()
    known: Mapping[Ref, Standing] = {}
    fits: bool = False
    found: Found = Found()
    behind: Mapping[str, Behind] = {}
    subject: str | None = None
    lapsed: bool = False
    before: int = 0

    def option(self, name: str) -> Any:
        """Return a vendor's switch as this account has it."""
        return self.account.options[name]

    def record(
        self,
        kind: str,
        ident: str,
        body: dict[str, Any],
        timeline: tuple[Moment, ...] = (),
        failure: Mapping[str, Any] | None = None,
    ) -> Record:
        """Return a new record of this account, made by this call."""
        call, account = self.call, self.account
        return Record(account.vendor, account.name, kind, ident, call.at, call.id, body, timeline, dict(failure or {}))

    def at_hand(self, kind: str, ident: str) -> Standing | None:
        """Return one of the records that the operation asked for, None when there is none."""
        return self.known.get(Ref(kind, ident))


class Reply(Struct, frozen=True, gc=False):
    """An answer: `body` is a JSON value, or text as it is when the media type is not JSON, or nothing."""

    status: int
    body: Json = None
    media_type: str | None = "application/json"
    headers: Mapping[str, str] = {}

    def adding(self, headers: Mapping[str, str]) -> "Reply":
        return replace(self, headers={**self.headers, **headers})


class Outcome(Struct, frozen=True, gc=False):
    """What accepting means: the answer, what is remembered, the account as it should be afterwards.

    `issued` are credentials handed out, `revoked` those (by value) that open nothing from now on.
    """

    reply: Reply
    records: tuple[Record, ...] = ()
    account: Account | None = None
    advice: tuple[Advice, ...] = ()
    claim: str | None = None
    issued: tuple[Issue, ...] = ()
    revoked: tuple[str, ...] = ()


class Rule(Struct, frozen=True):
    """A named function from facts to a problem or nothing, tied to the claim it keeps.

    `others` are claims that its problems may name instead.
    """

    name: str
    claim: str
    check: Callable[[Facts], Problem | None]
    others: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """A vendor's switch: both readings of a silent or contradictory page."""

    default: Json
    choices: tuple[Json, ...]
    claim: str


def no_refs(_call: Call) -> Sequence[Ref]:
    return ()


def no_further(_facts: Facts) -> Sequence[Ref]:
    return ()


def no_urls(_call: Call) -> Sequence[str]:
    return ()


def no_listing(_facts: Facts) -> Listing | None:
    return None


def no_advice(_facts: Facts) -> Iterable[Advice]:
    return ()


class Operation(Struct, frozen=True):
    """What one endpoint does beyond its document.

    `early` rules are judged before the shape, `rules` after it. `accept` None answers the documented example.
    `refs` names the records that must be at hand, `further` those that they and the account lead to, `listing` the
    page of records, asked for when all these are known; `urls` names the addresses in the call whose media matter.
    All four are asked only of calls that fit their schema.
    `advise` is asked when a call is accepted and when schema or rules refuse it, so it bears a body of any shape and,
    where the credential travels in the body, a lack of an account. `assumed` names the claim that says that the whole
    shape of this operation is ours: its answers are marked so, and a strict server does not have it.
    """

    rules: tuple[Rule, ...] = ()
    early: tuple[Rule, ...] = ()
    accept: Callable[[Facts], Outcome] | None = None
    refs: Callable[[Call], Sequence[Ref]] = no_refs
    further: Callable[[Facts], Sequence[Ref]] = no_further
    listing: Callable[[Facts], Listing | None] = no_listing
    urls: Callable[[Call], Sequence[str]] = no_urls
    assumed: str | None = None
    advise: Callable[[Facts], Iterable[Advice]] = no_advice


def plain_refusal(problems: Sequence[Problem], _call: Call) -> Reply:
    """Answer for a vendor that has a document and no voice of its own."""
    first = problems[0]
    return Reply(STATUSES[first.kind], {"error": first.says})


class Retry(Struct, frozen=True):
    """How a vendor repeats a webhook: so many seconds are given for an answer, and wait before each further attempt."""

    timeout: float = 15.0
    pauses: tuple[float, ...] = ()


def unlimited(_call: Call, _account: Account) -> Rate | None:
    return None


def unsigned(_message: Message, _at: datetime, _body: bytes) -> Mapping[str, str]:
    return {}


class Vendor(Struct, frozen=True):
    """A name, a voice, and the behaviour of some operations.

    `grants` says what each named credential of an account is good for; where it is silent, every credential opens
    every endpoint. `guards` are judged with the credential, before the body is looked at. `sign` returns the headers
    that prove a webhook, for the bytes that are sent and the time of this attempt. `allowance` says how often the
    credential of a call may call, where that is counted: a guard then sees how often it has. `recommended` are claims
    of what the vendor takes whole and would rather have otherwise: a strict server advises on it too.
    """

    name: str
    refuse: Callable[[Sequence[Problem], Call], Reply] = plain_refusal
    operations: Mapping[str, Operation] = {}
    guards: tuple[Rule, ...] = ()
    grants: Mapping[str, Grant] = {}
    options: Mapping[str, Option] = {}
    retry: Retry = Retry()
    sign: Callable[[Message, datetime, bytes], Mapping[str, str]] = unsigned
    allowance: Callable[[Call, Account], Rate | None] = unlimited
    recommended: frozenset[str] = frozenset()


def rule(claim: str, *others: str) -> Callable[[Callable[[Facts], Problem | None]], Rule]:
    """Tie a function to the claim it keeps: its problems carry the claim's name, or say which of the others."""
    return lambda check: Rule(check.__name__, claim, check, others)


def keeps(*claims: str) -> Callable[[Function], Function]:
    """Say which claims a function keeps that is not a rule: a reading, an outcome, a voice."""

    def note(function: Function) -> Function:
        function.__dict__["claims"] = claims
        return function

    return note
