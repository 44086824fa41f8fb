"""What is told of a request that was judged: step by step, and what would mend it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mockserver.control.asking import Asked
from mockserver.control.edits import Edit
from mockserver.control.nearness import Near
from mockserver.control.trails import FAILED
from mockserver.model import Claim


class Check(Struct, frozen=True, omit_defaults=True):
    """One thing that was judged: a rule by its name, or what a schema says of one place."""

    name: str
    verdict: str
    claim: str | None = None
    says: str | None = None
    basis: str | None = None
    where: str | None = None
    at: str | None = None
    message: str | None = None
    expected: Any = None
    got: Any = None


def check_of(name: str, verdict: str, claim: str | None, claims: Mapping[str, Claim], **told: Any) -> Check:
    """Return a check with the words of its claim; what has failed without one is assumed."""
    known = claims.get(claim or "")
    if known is None:
        return Check(name, verdict, claim, basis="assumed" if verdict == FAILED else None, **told)
    return Check(name, verdict, claim, known.says, known.basis.value, known.where, **told)


class Step(Struct, frozen=True):
    step: str
    verdict: str
    checks: tuple[Check, ...] = ()


class Planted(Struct, frozen=True, omit_defaults=True):
    """A fault by its name, and the status that it answered: 0 where it cut the connection.

    `is_noted` where too little was kept of the call to tell what would come of it without.
    """

    fault: str
    status: int
    is_noted: bool = False


class Explanation(Struct, frozen=True):
    """What would become of a request.

    `edits` is the smallest change found that makes it acceptable, tried out before it is told; None where none was
    found or none is needed. `request` is the request with the edits made. `nearest` is told of a path that leads
    nowhere. `planted` says what spoke to a call of the journal, of which all else is told as it would be without,
    or as it was noted.
    """

    vendor: str
    operation: str | None
    status: int
    refused_by: str | None
    steps: tuple[Step, ...]
    advice: tuple[dict[str, Any], ...] = ()
    edits: tuple[Edit, ...] | None = None
    request: Asked | None = None
    nearest: Near | None = None
    planted: Planted | None = None
