"""What is asked, what is known of it, what is wrong with it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import force_setattr

Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
Path: TypeAlias = tuple[str | int, ...]


class Kind(Enum):
    """Why a request is refused. The vendor decides which status that becomes."""

    NO_PATH = "no such path"
    METHOD = "method not allowed"
    MEDIA_TYPE = "media type"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    UNAUTHENTICATED = "unauthenticated"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    NOT_FOUND = "not found"
    GONE = "gone"
    CONFLICT = "conflict"
    NO_CREDITS = "no credits"
    TOO_MANY = "too many requests"
    BROKEN = "broken"
    NOT_IMPLEMENTED = "not implemented"


class Basis(StrEnum):
    """How we know a claim."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    OBSERVED = "observed"


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence of a vendor's documentation, or one decision where it is silent.

    `observed` is the day on which the vendor itself was seen to keep it.
    """

    says: str
    basis: Basis
    where: str | None = None
    page: str | None = None
    why: str | None = None
    unmet: str | None = None
    observed: date | None = None


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


STATUSES: Mapping[Kind, int] = {
    Kind.NO_PATH: 404,
    Kind.METHOD: 405,
    Kind.MEDIA_TYPE: 415,
    Kind.MALFORMED: 400,
    Kind.TOO_LARGE: 413,
    Kind.UNAUTHENTICATED: 401,
    Kind.EXPIRED: 401,
    Kind.FORBIDDEN: 403,
    Kind.INVALID: 400,
    Kind.NOT_FOUND: 404,
    Kind.GONE: 410,
    Kind.CONFLICT: 409,
    Kind.NO_CREDITS: 402,
    Kind.TOO_MANY: 429,
    Kind.BROKEN: 500,
    Kind.NOT_IMPLEMENTED: 501,
}


class Credential(Struct, frozen=True, gc=False):
    """What the caller showed, and under which security scheme of the document.

    `secret` is what came with it where a scheme has two halves: the password of HTTP Basic.
    """

    scheme: str
    value: str
    secret: str | None = None


class Call(Struct, frozen=True, gc=False):
    """A request as values; JSON and multipart look the same.

    `vendor` is the name it was addressed by, so an edition's own. `instance` is what the schema judges (the body,
    or the form with its parts); `body` is what rules read (the same, unwrapped from its form), and
    `fields` follows from it: the body where it is an object, else nothing. `origin` is where this vendor answers,
    scheme to prefix, for links that must be absolute.
    """

    id: str
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
    fields: Mapping[str, Any] = {}

    def __post_init__(self) -> None:
        # Rules ask for it again and again.
        if isinstance(self.body, dict):
            force_setattr(self, "fields", self.body)

    @property
    def text_size(self) -> int:
        """The bytes of the body that are no file's: what is held in memory and judged."""
        return self.size - sum(upload.size for upload in self.files.values()) if self.files else self.size

    def derive(self, name: str) -> str:
        """Return a stable id for what this call brings into being."""
        return str(uuid5(UUID(self.id), name))

    def draw(self, below: int) -> int:
        """Return a whole number from 0 that this call alone decides: made up, and the same whenever it is asked."""
        return UUID(self.id).int % below
