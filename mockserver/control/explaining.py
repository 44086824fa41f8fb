"""Why a request would be refused, rule by rule, and what would have to be different; nothing of it is kept."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from mockserver.control.asking import Asked, arrival_of
from mockserver.control.edits import METHOD, PATH, SET, Edit, make
from mockserver.control.explanation import Check, Explanation, Step, check_of
from mockserver.control.keys import BODY, credentials, idents
from mockserver.control.nearness import Near, led_by, nearest
from mockserver.control.repair import Judged, Lent, repair
from mockserver.control.samples import filled
from mockserver.control.trails import FAILED, PASSED, UNREACHED
from mockserver.engine.claims import Ledger
from mockserver.engine.decide import decide
from mockserver.engine.decode import dated, decode
from mockserver.engine.document import Document, Route
from mockserver.engine.endpoint import Endpoint
from mockserver.loading import OPEN, load
from mockserver.meeting import allow
from mockserver.model import Account, Decision, Facts, Mark, Operation, Problem, Rule, Vendor
from mockserver.state.accounts import DEMO, account_key, read_account
from mockserver.state.rates import own_key
from mockserver.world import World

NO_CALL = "00000000-0000-4000-8000-000000000000"
LONGEST = 1_000
TOLD = ("type", "enum", "const", "format", "pattern", "minLength", "minimum")


class Judgement(Struct, frozen=True):
    """A request as it was judged: no facts where its path leads nowhere."""

    decision: Decision | None
    facts: Facts | None = None
    endpoint: Endpoint | None = None
    problem: Problem | None = None


class Explainer:
    """Judges requests to one vendor without keeping anything."""

    def __init__(self, world: World, vendor: str) -> None:
        self.world, self.name = world, vendor
        self.vendor: Vendor = world.vendors[vendor]
        self.document: Document = world.documents[vendor]
        self.ledger: Ledger = world.ledger(vendor)

    async def explain(self, asked: Asked) -> Explanation:
        judgement = await self.judge(asked)
        if judgement.endpoint is None or judgement.decision is None or judgement.facts is None:
            return await self.lost(asked, judgement.problem)
        decision, operation = judgement.decision, self.operation(judgement.endpoint)
        lent = await self.lent(judgement.endpoint, judgement.facts.account)
        mended = await repair(asked, judgement.endpoint, lent, self.judged)
        return Explanation(
            vendor=self.name,
            operation=judgement.endpoint.id,
            status=decision.outcome.reply.status,
            refused_by=decision.refused_by,
            steps=tuple(self.steps(decision, judgement.endpoint, operation)),
            advice=tuple(tell(item) for item in (*judgement.facts.call.advice, *decision.outcome.advice)),
            edits=mended.edits if mended else None,
            request=mended.request if mended else None,
        )

    async def judged(self, asked: Asked) -> Judged:
        judgement = await self.judge(asked)
        if judgement.decision is None:
            return Judged(("route",), (judgement.problem,) if judgement.problem else ())
        last = judgement.decision.trail[-1]
        return Judged(tuple(mark.step for mark in judgement.decision.trail), last.problems)

    async def judge(self, asked: Asked) -> Judgement:
        """Decide on a request as the world would, less the commit. Raises SetupError for what is no request."""
        found = self.find(asked)
        if isinstance(found, Problem):
            return Judgement(None, problem=found)
        return await self.judge_at(found, asked)

    def find(self, asked: Asked) -> Route | Problem:
        return self.document.find(asked.method, path_of(asked))

    async def judge_at(self, route: Route, asked: Asked) -> Judgement:
        machine, endpoint = self.world.clock.now(), route.endpoint
        arrival = arrival_of(asked, endpoint)
        call = await decode(arrival, route, ident=NO_CALL, at=machine, vendor=self.name, cap=self.world.cap)
        caller, now = await self.world.callers.find(call, machine)
        call = dated(call, now.at)
        operation = self.operation(endpoint)
        loaded = await load(self.world.store, operation, route, call, caller=caller, now=now, table=self.world.media)
        facts = loaded.facts
        if (own := caller.account) and (rate := self.vendor.allowance(call, own)):
            met = await allow(self.world.store, own_key(call, own.name), rate, now)
            facts = replace(facts, before=met.before)
        decision = decide(self.vendor, endpoint, facts, self.ledger.claims, is_strict=self.world.is_strict)
        return Judgement(decision, facts, endpoint)

    def operation(self, endpoint: Endpoint) -> Operation:
        return self.vendor.operations.get(endpoint.id, OPEN)

    async def lent(self, endpoint: Endpoint, account: Account) -> Lent:
        """Return the credentials of the account demo that open the operation, and what the caller may name."""
        (held,) = await self.world.store.read([account_key(self.name, DEMO)])
        demo = read_account(held) if held else Account(self.name, DEMO)
        shown = credentials(endpoint, self.vendor, demo)
        keys = [(f"$.{each.name}" if each.place == BODY else each.name, each.value) for each in shown]
        return Lent(keys, idents((account if account.name else demo).book))

    async def lost(self, asked: Asked, problem: Problem | None) -> Explanation:
        """Explain a path that leads nowhere, or not with this method."""
        checks = (self.check("route", problem),) if problem else ()
        near = nearest(self.world.documents, self.name, asked.method, path_of(asked))
        status = 405 if problem and problem.wants else 404
        refused_by = f"route/{problem.claim}" if problem else None
        steps = (Step("route", FAILED, checks),)
        edits, request = await self.led(asked, near)
        return Explanation(self.name, None, status, refused_by, steps, edits=edits, request=request, nearest=near)

    async def led(self, asked: Asked, near: Near | None) -> tuple[tuple[Edit, ...] | None, Asked | None]:
        """Return the edits that lead a request to the nearest operation, and make it acceptable there."""
        if near is None or near.vendor != self.name:
            return None, None
        way = []
        if near.method != asked.method:
            way.append(Edit(SET, METHOD, near.method))
        if not self.document.has(path_of(asked)):
            way.append(Edit(SET, PATH, self.address(near, asked.path)))
        moved = reduce(make, way, asked)
        if isinstance(self.find(moved), Problem):
            return None, None
        there = await self.explain(moved)
        if there.refused_by and there.edits is None:
            return None, None
        beyond = there.edits or ()
        # A path that is set once more is told once.
        first = [each for each in way if each.at not in {other.at for other in beyond}]
        return (*first, *beyond), there.request or moved

    def address(self, near: Near, path: str) -> str:
        """Return where the nearest operation is: values of its path as they were asked for, else such that fit."""
        (endpoint,) = [each for each in self.document.endpoints if each.id == near.operation]
        path, mark, query = path.partition("?")
        return f"{filled(led_by(near.path, path), endpoint)}{mark}{query}"

    def steps(self, decision: Decision, endpoint: Endpoint, operation: Operation) -> Iterator[Step]:
        marks = {mark.step: mark for mark in decision.trail}
        for step in ("route", *endpoint.order):
            mark = marks.get(step)
            verdict = UNREACHED if mark is None else FAILED if mark.problems else PASSED
            yield Step(step, verdict, tuple(self.checks(step, mark, operation)))

    def checks(self, step: str, mark: Mark | None, operation: Operation) -> Iterator[Check]:
        rules = {"auth": self.vendor.guards, "rules": (*operation.early, *operation.rules)}.get(step, ())
        if not any(mark and mark.rule == rule.name for rule in rules):
            yield from (self.check(problem.keyword or step, problem) for problem in (mark.problems if mark else ()))
        yield from self.rules(rules, mark)

    def rules(self, rules: Sequence[Rule], mark: Mark | None) -> Iterator[Check]:
        """Yield every rule: those before the one that refused have passed, those after it were not reached."""
        refused, open_ = (mark.rule if mark else None), mark is not None
        has_other_problem = bool(mark and mark.problems and refused is None)
        for rule in rules:
            if rule.name == refused and mark:
                yield self.check(rule.name, mark.problems[0])
                open_ = False
            else:
                is_reached = open_ and not has_other_problem
                yield self.plain(rule, PASSED if is_reached else UNREACHED)

    def plain(self, rule: Rule, verdict: str) -> Check:
        return check_of(rule.name, verdict, rule.claim, self.ledger.claims)

    def check(self, name: str, problem: Problem) -> Check:
        seen = {"expected": bounded(wanted(problem)), "got": bounded(problem.got)}
        return check_of(name, FAILED, problem.claim, self.ledger.claims, at=problem.at, message=problem.says, **seen)


def path_of(asked: Asked) -> str:
    """Return a path as its letters mean it, as a server hands it on."""
    return unquote(asked.path.partition("?")[0])


def wanted(problem: Problem) -> Any:
    """Return what would have fitted: of a missing field's schema only what judges."""
    if problem.keyword == "required" and isinstance(problem.wants, dict):
        return {word: problem.wants[word] for word in TOLD if word in problem.wants} or None
    return problem.wants


def tell(advice: Any) -> dict[str, Any]:
    return {"at": advice.at, "says": advice.says, "claim": advice.claim}


def bounded(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str | list) else value
