"""Why a call of the journal was answered as it was, for as much as was kept of it."""

from mockserver.control.asking import asked_again
from mockserver.control.explaining import Check, Explainer, Explanation, Step
from mockserver.control.keys import Shown, credentials
from mockserver.control.trails import FAILED, PASSED
from mockserver.state.accounts import account_key, read_account
from mockserver.state.journal import Entry
from mockserver.world import World


async def explain_again(world: World, entry: Entry) -> Explanation:
    """Explain a call as it would be judged now.

    Its credential was hidden: of those that the account has, one that leads to the same verdict stands in for it. Of
    a call whose body was not kept only what the journal noted is told.
    """
    if entry.request.size and entry.request.body is None and not entry.request.parts:
        return as_noted(entry)
    explainer, found = Explainer(world, entry.vendor), []
    for shown in [*await keys_of(world, entry), None]:
        found.append(await explainer.explain(asked_again(entry, shown)))
        if found[-1].refused_by == entry.refused_by:
            return found[-1]
    return found[0]


async def keys_of(world: World, entry: Entry) -> list[Shown]:
    """Return the credentials that the call's account has for its operation, none where it is not known any more."""
    (held,) = await world.store.read([account_key(entry.vendor, entry.account or "")])
    endpoints = [each for each in world.documents[entry.vendor].endpoints if each.id == entry.operation]
    if held is None or not endpoints:
        return []
    return list(credentials(endpoints[0], world.vendors[entry.vendor], read_account(held)))


def as_noted(entry: Entry) -> Explanation:
    steps = tuple(
        Step(
            step.step,
            PASSED if step.passed else FAILED,
            tuple(
                Check(step.rule or each.keyword or step.step, FAILED, each.claim, at=each.at, message=each.says)
                for each in step.problems
            ),
        )
        for step in entry.trail
        if step.step != "accept"
    )
    return Explanation(entry.vendor, entry.operation, entry.status, entry.refused_by, steps)
