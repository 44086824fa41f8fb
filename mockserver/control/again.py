"""Why a call of the journal was answered as it was, for as much as was kept of it."""

from collections.abc import Mapping

from msgspec.structs import replace

from mockserver.control.asking import Asked, asked_again
from mockserver.control.explaining import Explainer, tell
from mockserver.control.explanation import Check, Explanation, Planted, Step, check_of
from mockserver.control.guesses import as_made
from mockserver.control.trails import FAILED, PASSED
from mockserver.model import Claim
from mockserver.state.journal import Entry, Seen
from mockserver.world import World


async def explain_again(world: World, entry: Entry) -> Explanation:
    """Explain a call with secrets of its account in the place of those that were hidden."""
    return await explain_as(world, entry, asked_again(await as_made(world, entry)))


async def explain_as(world: World, entry: Entry, asked: Asked) -> Explanation:
    """Explain a call by the request that it was, or by what is left of it.

    Where its body was not kept, or it is judged otherwise by now, only what the journal noted is told.
    """
    noted = as_noted(entry, world.ledger(entry.vendor).claims)
    if entry.request.size and asked.body is None:
        return replace(noted, planted=Planted(entry.fault, entry.status, is_noted=True)) if entry.fault else noted
    found = await Explainer(world, entry.vendor).explain(asked)
    if entry.fault:
        return replace(found, planted=Planted(entry.fault, entry.status))
    if found.refused_by == entry.refused_by:
        return found
    return replace(noted, edits=found.edits, request=found.request) if entry.refused_by else noted


def as_noted(entry: Entry, claims: Mapping[str, Claim]) -> Explanation:
    steps = tuple(
        Step(
            step.step,
            PASSED if step.passed else FAILED,
            tuple(seen(step.rule or each.keyword or step.step, each, claims) for each in step.problems),
        )
        for step in entry.trail
        if step.step != "accept"
    )
    advice = tuple(map(tell, entry.advice))
    return Explanation(entry.vendor, entry.operation, entry.status, entry.refused_by, steps, advice)


def seen(name: str, problem: Seen, claims: Mapping[str, Claim]) -> Check:
    return check_of(name, FAILED, problem.claim, claims, at=problem.at, message=problem.says)
