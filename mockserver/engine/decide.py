"""The steps of judgement, and the decision: pure, so it can be taken again when an account moved meanwhile."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from mockserver.engine.claims import basis_of
from mockserver.engine.endpoint import Endpoint
from mockserver.engine.faults import CUT, OPEN, Doors, cut_off, speak, stand_in
from mockserver.engine.preference import documented, planted_refusal, preferred_code, undocumented
from mockserver.engine.shape import Shape
from mockserver.engine.strictness import heed, passed_over
from mockserver.model import (
    BROKEN,
    Advice,
    Basis,
    Call,
    Claim,
    Decision,
    Facts,
    Json,
    Kind,
    Mark,
    Operation,
    Outcome,
    Problem,
    Reply,
    Rule,
    Vendor,
    plain_refusal,
)

Claims: TypeAlias = Mapping[str, Claim]
Step: TypeAlias = Callable[[Vendor, Endpoint, Operation, Facts], Mark]
PASSED = {step: Mark(step) for step in ("route", "auth", "transport", "schema", "rules", "accept")}


def judge_auth(vendor: Vendor, endpoint: Endpoint, _operation: Operation, facts: Facts) -> Mark:
    """Judge whether the caller is known and may do this; what the body lacks is the schema's to tell."""
    known = bool(facts.account.name) or not (endpoint.schemes or endpoint.in_body)
    if known:
        return judge_by("auth", vendor.guards, facts)
    if is_for_schema(endpoint, facts.call):
        return PASSED["auth"]
    claim = credential_claim(endpoint)
    if facts.lapsed:
        claim = endpoint.claims.get("expired") or claim
        return Mark("auth", (Problem(Kind.EXPIRED, "this credential has expired", claim=claim),))
    says = "this credential is not known" if facts.call.credential else "a credential is required"
    return Mark("auth", (Problem(Kind.UNAUTHENTICATED, says, claim=claim),))


def credential_claim(endpoint: Endpoint) -> str | None:
    """Return the claim by which a caller is refused whose credential is missing or not known."""
    return next((scheme.claim for scheme in endpoint.schemes), None) or endpoint.claims.get("credential")


def is_for_schema(endpoint: Endpoint, call: Call) -> bool:
    """Say whether the credential is a required field of the body that is not there: the schema will refuse the call."""
    body = endpoint.bodies.get(call.media_type or "")
    if call.credential is not None or body is None or not body.credential_is_required:
        return False
    return bool(call.misread) or not body.shape.accepts(call.instance)


def judge_transport(_vendor: Vendor, _endpoint: Endpoint, _operation: Operation, facts: Facts) -> Mark:
    return Mark("transport", facts.call.unreadable) if facts.call.unreadable else PASSED["transport"]


def judge_schema(_vendor: Vendor, endpoint: Endpoint, operation: Operation, facts: Facts) -> Mark:
    # Rules may rely on an account: they have none where the credential is what the body lacks.
    if operation.early and (facts.account.name or not endpoint.in_body):
        early = judge_by("rules", operation.early, facts)
        if early.problems:
            return early
    if facts.fits:
        return PASSED["schema"]
    call, problems = facts.call, list(facts.call.misread)
    body = endpoint.bodies.get(call.media_type or "")
    if body:
        problems = list(merge(body.shape.problems(call.instance), call.misread))
    for shape, values in parameters_of(endpoint, call):
        problems += shape.problems(values)
    return Mark("schema", tuple(problems))


def parameters_of(endpoint: Endpoint, call: Call) -> Iterator[tuple[Shape, dict[str, Json]]]:
    """Yield the shapes that judge what of a request is no body, each with what it judges."""
    places = ((endpoint.query, call.query), (endpoint.steps, call.params), (endpoint.headers, call.headers))
    for parameters, values in places:
        if parameters:
            yield parameters[1], dict(values)


def merge(found: Iterable[Problem], misread: Sequence[Problem]) -> Iterator[Problem]:
    """Yield the shape's problems in its order; in the place of what could not be read stands why."""
    waiting = {problem.path: problem for problem in misread}
    unread = set(waiting)
    for problem in found:
        if problem.path in waiting:
            yield waiting.pop(problem.path)
        elif problem.path not in unread:
            yield problem
    yield from waiting.values()


def judge_rules(_vendor: Vendor, _endpoint: Endpoint, operation: Operation, facts: Facts) -> Mark:
    return judge_by("rules", operation.rules, facts)


def judge_by(step: str, rules: Sequence[Rule], facts: Facts) -> Mark:
    """Stop at the first problem: a later rule may rely on an earlier one."""
    for rule in rules:
        if problem := rule.check(facts):
            return Mark(step, (replace(problem, claim=problem.claim or rule.claim),), rule.name)
    return PASSED[step]


STEPS: Mapping[str, Step] = {
    "auth": judge_auth,
    "transport": judge_transport,
    "schema": judge_schema,
    "rules": judge_rules,
}
# The steps whose refusals are advised on: there the body has been read.
ADVISED = ("schema", "rules")


def decide(
    vendor: Vendor, endpoint: Endpoint, facts: Facts, claims: Claims, *, is_strict: bool = False, doors: Doors = OPEN
) -> Decision:
    """Judge a call, with what a tester has planted in its doors."""
    if not doors:
        return judge(vendor, endpoint, facts, claims, is_strict=is_strict)
    if CUT in doors:
        return cut_off(doors[CUT])
    return speak(judge(vendor, endpoint, facts, claims, is_strict=is_strict, doors=doors), doors)


def judge(
    vendor: Vendor, endpoint: Endpoint, facts: Facts, claims: Claims, *, is_strict: bool, doors: Doors = OPEN
) -> Decision:
    """Take the steps in the document's order; the first with problems is answered in the vendor's voice.

    Strictly, what the vendor would pass over in silence is a problem of the schema step, and an operation whose shape
    is ours does not exist.
    """
    operation = vendor.operations.get(endpoint.id) or Operation()
    if is_strict and operation.assumed:
        says = "nothing public says what this operation takes or answers, and the server is strict"
        problem = Problem(Kind.NOT_IMPLEMENTED, says, claim=operation.assumed)
        return refuse(vendor, facts.call, [Mark("route", (problem,))], claims)
    code = preferred_code(facts.call)
    if code in endpoint.responses:
        return prefer(vendor, endpoint, facts.call, str(code), claims)
    ignored = (undocumented(code),) if code else ()
    trail = [PASSED["route"]]
    for step in endpoint.order:
        if step in doors:
            trail.append(stand_in(doors[step], step, endpoint))
            return replace(refuse(vendor, facts.call, trail, claims, ignored), spoke=(doors[step],))
        mark = STEPS[step](vendor, endpoint, operation, facts)
        trail.append(mark)
        if mark.problems:
            advice = tuple(operation.advise(facts)) if mark.step in ADVISED else ()
            return refuse(vendor, facts.call, trail, claims, (*advice, *ignored))
    outcome = operation.accept(facts) if operation.accept else example(endpoint)
    advice = tuple(operation.advise(facts)) + ignored
    if advice:
        outcome = replace(outcome, advice=(*outcome.advice, *advice))
    if is_strict and (advice := passed_over((*facts.call.advice, *outcome.advice), vendor.recommended)):
        return refuse(vendor, facts.call, heed(trail, advice), claims)
    decided_by = outcome.claim or endpoint.answer_claims.get(str(outcome.reply.status))
    basis = Basis.ASSUMED if operation.assumed else basis_of(decided_by, claims)
    return Decision(outcome, (*trail, PASSED["accept"]), basis)


def prefer(vendor: Vendor, endpoint: Endpoint, call: Call, code: str, claims: Claims) -> Decision:
    """Answer what a client asked for, whatever else it sent: nothing comes of it."""
    fault = f"code={code}"
    problem = planted_refusal(vendor, call, code)
    if problem:
        refusal = refuse(vendor, call, (PASSED["route"], Mark("rules", (problem,))), claims)
        return replace(refusal, fault=fault, is_made_up=True)
    outcome = documented(endpoint, code)
    trail = (PASSED["route"], PASSED["accept"])
    return Decision(outcome, trail, basis_of(outcome.claim, claims), fault=fault, is_made_up=True)


def refuse(
    vendor: Vendor, call: Call, trail: Iterable[Mark], claims: Claims, advice: tuple[Advice, ...] = ()
) -> Decision:
    """Answer the problems of the last mark; a wrong method is told the right ones, as HTTP demands."""
    marks = tuple(trail)
    first = marks[-1].problems[0]
    reply = vendor.refuse(marks[-1].problems, call)
    if first.kind is Kind.METHOD and isinstance(first.wants, list):
        reply = reply.adding({"Allow": ", ".join(first.wants)})
    return Decision(Outcome(reply, advice=advice), marks, basis_of(first.claim, claims))


def refuse_route(vendor: Vendor, call: Call, problem: Problem, claims: Claims, doors: Doors = OPEN) -> Decision:
    """Refuse a call that meets no operation; of what is planted only what needs no step speaks."""
    if CUT in doors:
        return cut_off(doors[CUT])
    code = preferred_code(call)
    ignored = (undocumented(code, "but there is no operation that documents it"),) if code else ()
    return speak(refuse(vendor, call, (Mark("route", (problem,)),), claims, ignored), doors)


def break_down(vendor: Vendor, call: Call, trail: Sequence[Mark], trouble: str, claims: Mapping[str, str]) -> Decision:
    """Answer for a fault of ours: the vendor's 500, the reason only for the journal."""
    problem = Problem(Kind.BROKEN, "the server could not answer", claim=claims.get("broken"))
    try:
        reply = vendor.refuse((problem,), call)
    except Exception:  # noqa: BLE001  # it may be the vendor's voice itself that failed
        reply = plain_refusal((problem,), call)
    return Decision(Outcome(reply), (*trail, Mark(BROKEN, (problem,))), Basis.ASSUMED, trouble)


def example(endpoint: Endpoint) -> Outcome:
    """Answer what the document shows, for an operation that has no behaviour of its own."""
    status, claim, media_type, body = endpoint.success()
    return Outcome(Reply(status, body, media_type), claim=claim)
