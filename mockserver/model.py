"""The words of this project as frozen values: no input, no output, no framework.

Every table of words opens in ARCHITECTURE.md; the names here are the names there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias, TypeVar
from uuid import UUID, uuid5

from msgspec import Struct, field
from msgspec.structs import replace

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
Path: TypeAlias = tuple[str | int, ...]
Function = TypeVar("Function", bound=Callable[..., object])


class Kind(Enum):
    """Why a request is refused. The vendor decides which status that becomes."""

    NO_PATH = "no such path"
    METHOD = "method not allowed"
    MEDIA_TYPE = "media type"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    NOT_FOUND = "not found"
    NO_CREDITS = "no credits"
    TOO_MANY = "too many requests"
    BROKEN = "broken"


class Basis(Enum):
    """How we know a claim."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    OBSERVED = "observed"


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence of a vendor's documentation, or one decision where it is silent."""

    says: str
    basis: Basis
    where: str | None = None
    page: str | None = None
    why: str | None = None
    unmet: str | None = None


class Problem(Struct, frozen=True, gc=False):
    """Why not, as a value; the vendor alone turns it into a status and a body."""

    kind: Kind
    says: str
    path: Path = ()
    keyword: str | None = None
    wants: Json = None
    got: Json = None
    claim: str | None = None

    @property
    def at(self) -> str:
        """The place in the request as a JSON path, `$.crmObjects[0].objectId`."""
        return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)


class Advice(Struct, frozen=True, gc=False):
    """What the vendor would do in silence, told out of band."""

    says: str
    at: str = "$"
    claim: str | None = None


class Media(Struct, frozen=True):
    """What the bytes of a file tell about it.

    `kind` is "audio", "video", "archive" or None; `seconds` is the playing length, `sample_rate` in Hz; None where
    the bytes do not tell.
    """

    kind: str | None = None
    format: str | None = None
    seconds: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


class Upload(Struct, frozen=True):
    """A file part as far as anyone may know it: never the whole content. `size` is in bytes."""

    filename: str
    content_type: str
    size: int
    sha256: str
    media: Media


class Credential(Struct, frozen=True, gc=False):
    """What the caller showed, and under which security scheme of the document."""

    scheme: str
    value: str


class Grant(Struct, frozen=True):
    """What one credential of an account is good for; no scheme means any of the document's."""

    scheme: str | None = None
    scopes: tuple[str, ...] = ()


class Call(Struct, frozen=True, gc=False):
    """A request as values; JSON and multipart look the same.

    `vendor` is the name it was addressed by, so an edition's own. `instance` is what the schema judges (the body,
    or the form with its parts); `body` is what rules read (the same, unwrapped from its form). `origin` is where
    this vendor answers, scheme to prefix, for links that must be absolute.
    """

    id: UUID
    at: datetime
    vendor: str
    operation: str
    method: str
    path: str
    headers: Mapping[str, str] = {}
    params: Mapping[str, str] = {}
    query: Mapping[str, Json] = {}
    media_type: str | None = None
    instance: Json = None
    body: Json = None
    files: Mapping[str, Upload] = {}
    size: int = 0
    credential: Credential | None = None
    unreadable: tuple[Problem, ...] = ()
    misread: tuple[Problem, ...] = ()
    advice: tuple[Advice, ...] = ()
    origin: str = ""

    def derive(self, name: str) -> str:
        """Return a stable id for what this call brings into being."""
        return str(uuid5(self.id, name))

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body where it is an object, else nothing."""
        return self.body if isinstance(self.body, dict) else {}


class Account(Struct, frozen=True):
    """All that one vendor knows about one customer; `credits` is None where the vendor sells none."""

    vendor: str
    name: str
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}


class Token(Struct, frozen=True):
    """Whose a credential is."""

    account: str
    grant: Grant = Grant()


class Ref(Struct, frozen=True, gc=False):
    """A record by kind and id, within the caller's account."""

    kind: str
    id: str


class Record(Struct, frozen=True, gc=False):
    """Something the vendor now remembers."""

    vendor: str
    account: str
    kind: str
    id: str
    created: datetime
    call: str
    body: dict[str, Any]

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)


class Facts(Struct, frozen=True, gc=False):
    """All that a rule may see. `known` holds those of the operation's refs that exist."""

    call: Call
    account: Account = Account("", "")
    grant: Grant = Grant()
    known: Mapping[Ref, Record] = {}

    def option(self, name: str) -> Any:
        """Return a vendor's switch as this account has it."""
        return self.account.options[name]

    def record(self, kind: str, ident: str, body: dict[str, Any]) -> Record:
        """Return a new record of this account, made by this call."""
        call, account = self.call, self.account
        return Record(account.vendor, account.name, kind, ident, call.at, str(call.id), body)


class Reply(Struct, frozen=True, gc=False):
    """An answer: `body` is a JSON value, or text as it is when the media type is not JSON, or nothing."""

    status: int
    body: Json = None
    media_type: str | None = "application/json"
    headers: Mapping[str, str] = {}

    def adding(self, headers: Mapping[str, str]) -> "Reply":
        return replace(self, headers={**self.headers, **headers})


class Outcome(Struct, frozen=True, gc=False):
    """What accepting means: the answer, what is remembered, the account as it should be afterwards."""

    reply: Reply
    records: tuple[Record, ...] = ()
    account: Account | None = None
    advice: tuple[Advice, ...] = ()
    claim: str | None = None


class Rule(Struct, frozen=True):
    """A named function from facts to a problem or nothing, tied to the claim it keeps."""

    name: str
    claim: str
    check: Callable[[Facts], Problem | None]


class Option(Struct, frozen=True):
    """A vendor's switch: both readings of a silent or contradictory page."""

    default: Json
    choices: tuple[Json, ...]
    claim: str


def no_refs(_call: Call) -> Sequence[Ref]:
    return ()


class Operation(Struct, frozen=True):
    """What one endpoint does beyond its document.

    `early` rules are judged before the shape, `rules` after it. `accept` None answers the documented example.
    `refs` names the records that must be at hand.
    """

    rules: tuple[Rule, ...] = ()
    early: tuple[Rule, ...] = ()
    accept: Callable[[Facts], Outcome] | None = None
    refs: Callable[[Call], Sequence[Ref]] = no_refs


STATUSES: Mapping[Kind, int] = {
    Kind.NO_PATH: 404,
    Kind.METHOD: 405,
    Kind.MEDIA_TYPE: 415,
    Kind.MALFORMED: 400,
    Kind.TOO_LARGE: 413,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.INVALID: 400,
    Kind.NOT_FOUND: 404,
    Kind.NO_CREDITS: 402,
    Kind.TOO_MANY: 429,
    Kind.BROKEN: 500,
}


def plain_refusal(problems: Sequence[Problem], _call: Call) -> Reply:
    """Answer for a vendor that has a document and no voice of its own."""
    first = problems[0]
    return Reply(STATUSES[first.kind], {"error": first.says})


class Vendor(Struct, frozen=True):
    """A name, a voice, and the behaviour of some operations.

    `grants` says what each named credential of an account is good for; where it is silent, every credential opens
    every endpoint. `guards` are judged with the credential, before the body is looked at.
    """

    name: str
    refuse: Callable[[Sequence[Problem], Call], Reply] = plain_refusal
    operations: Mapping[str, Operation] = {}
    guards: tuple[Rule, ...] = ()
    grants: Mapping[str, Grant] = {}
    options: Mapping[str, Option] = {}


class Mark(Struct, frozen=True, gc=False):
    """One step of a decision; no problems means it passed."""

    step: str
    problems: tuple[Problem, ...] = ()
    rule: str | None = None


class Decision(Struct, frozen=True, gc=False):
    """An outcome and how it came about."""

    outcome: Outcome
    trail: tuple[Mark, ...] = ()
    basis: Basis = Basis.ASSUMED
    trouble: str | None = field(default=None)

    @property
    def refused_by(self) -> str | None:
        """The step and the claim, `rules/credits-must-suffice`; None when accepted."""
        last = self.trail[-1]
        if not last.problems:
            return None
        problem = last.problems[0]
        return f"{last.step}/{problem.claim or problem.keyword or problem.kind.value.replace(' ', '-')}"


def rule(claim: str) -> Callable[[Callable[[Facts], Problem | None]], Rule]:
    """Tie a function to the claim it keeps: its problems will carry the claim's name."""
    return lambda check: Rule(check.__name__, claim, check)


def keeps(*claims: str) -> Callable[[Function], Function]:
    """Say which claims a function keeps that is not a rule: a reading, an outcome, a voice."""

    def note(function: Function) -> Function:
        function.__dict__["claims"] = claims
        return function

    return note
