"""A case carried out: its requests in turn, and what became of the last."""

from msgspec import Struct

from mockserver.cases import Case, Located, Request, Step, request_of
from mockserver.cases.holding import Answer, Difference, compare_shape, told_status
from mockserver.cases.requests import keep
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.verifying.targets import Lent, NotSentError, Target
from mockserver.faces.verifying.wire import SilentError

OK, DIFFERS, NOT_SENT = "ok", "differs", "not sent"


class Verdict(Struct, frozen=True):
    """What became of a case; `why` tells why one was not sent.

    `claim` is what it is about: the one that refuses, or that of the answer to an accepted call. `is_shown` says that
    the answer speaks for it, `is_marked` that a mock has answered.
    """

    place: str
    outcome: str
    differences: tuple[Difference, ...] = ()
    why: str | None = None
    operation: str | None = None
    claim: str | None = None
    is_refused: bool = False
    is_shown: bool = False
    is_marked: bool = False


class LostError(Exception):
    """An earlier step did not answer with what the next one needs."""


async def carry(located: Located, target: Target) -> Verdict:
    """Send a case. Raises CasesError for one that cannot be built."""
    if needs := target.lacks(located):
        return Verdict(located.place, NOT_SENT, why=f"needs {'; '.join(needs)}")
    try:
        async with target.account(located) as lent:
            request, answer = await send_steps(located, target, lent)
            found = await target.compare(located, answer, request, lent)
    except NotSentError as error:
        return Verdict(located.place, NOT_SENT, why=f"{error}")
    except (SilentError, LostError) as error:
        endpoint = target.endpoint(request_of(located, located.case, {}))
        missing = (Difference("answer", f"{located.case.answer.status}", f"{error}"),)
        return judged(located, endpoint, None, missing)
    return judged(located, target.endpoint(request), answer, tuple(found))


def judged(
    located: Located, endpoint: Endpoint | None, answer: Answer | None, found: tuple[Difference, ...]
) -> Verdict:
    wanted = located.case.answer
    fits = answer is not None and not found and not any(compare_shape(answer, wanted, endpoint))
    return Verdict(
        located.place,
        DIFFERS if found else OK,
        found,
        operation=endpoint.id if endpoint else None,
        claim=claim_of(located, endpoint),
        is_refused=wanted.refused_by is not None,
        is_shown=fits,
        is_marked=answer is not None and answer.is_marked,
    )


def claim_of(located: Located, endpoint: Endpoint | None) -> str | None:
    wanted = located.case.answer
    if wanted.refused_by:
        return wanted.refused_by.partition("/")[2]
    return endpoint.answer_claims.get(f"{wanted.status}") if endpoint else None


async def send_steps(located: Located, target: Target, lent: Lent) -> tuple[Request, Answer]:
    kept: dict[str, str] = {}
    for step in located.case.before:
        _, answer = await send(located, step, target, lent, kept)
        try:
            kept |= keep(step, answer.body)
        except (LookupError, TypeError, ValueError):
            missing = ", ".join(step.keep.values())
            raise LostError(f"{step.base!r} before it was answered {told_status(answer)}, without {missing}") from None
    return await send(located, located.case, target, lent, kept)


async def send(
    located: Located, step: Step | Case, target: Target, lent: Lent, kept: dict[str, str]
) -> tuple[Request, Answer]:
    if step.wait:
        await target.wait(step.wait)
    request = request_of(located, step, lent.swaps, kept)
    return request, await target.send(request)
