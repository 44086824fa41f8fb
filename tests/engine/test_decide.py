from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver.engine.decide import break_down, decide, merge, refuse_route
from mockserver.engine.endpoint import Endpoint
from mockserver.model import (
    Account,
    Basis,
    Call,
    Credential,
    Decision,
    Facts,
    Kind,
    Mark,
    Operation,
    Outcome,
    Problem,
    Reply,
    Rule,
    Vendor,
)
from mockserver.model import (
    Path as Place,
)
from tests.acme import acme_document, acme_facts, changed, ledger_of

POST = "/paths/~1v1~1calls/post"
KEYED = {
    "type": "object",
    "required": ["key", "who"],
    "properties": {"key": {"type": "string", "x-credential": True, "x-claim": "key-required"}, "who": {}},
}
OPEN = changed("/security", [])
SCHEMA = f"{POST}/requestBody/content/application~1json/schema"


def saying(name: str, *, when: bool = True, claim: str | None = None, kind: Kind = Kind.INVALID) -> Rule:
    return Rule(name, f"{name}-claim", lambda _: Problem(kind, name, claim=claim) if when else None)


def rules(*listed: Rule, early: Sequence[Rule] = (), accept: Any = None) -> Vendor:
    return Vendor("acme", operations={"addCall": Operation(rules=listed, early=tuple(early), accept=accept)})


def made(folder: Path, pointer: str = "/x-claim/path", value: Any = "no-such-path") -> Endpoint:
    return acme_document(folder, changed(pointer, value)).endpoints[0]


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    return made(tmp_path)


@pytest.fixture
def keyed(tmp_path: Path) -> Endpoint:
    return acme_document(tmp_path, changed(SCHEMA, KEYED, OPEN)).endpoints[0]


def decided(endpoint: Endpoint, facts: Facts, vendor: Vendor = Vendor("acme")) -> Decision:  # noqa: B008  # frozen
    return decide(vendor, endpoint, facts, {})


def steps(decision: Decision) -> list[str]:
    return [mark.step for mark in decision.trail]


WHO = {"who": "Ada"}
NOBODY = acme_facts(WHO, account="")


def test_an_operation_without_behaviour_answers_its_example(tmp_path: Path) -> None:
    document = acme_document(tmp_path)
    decision = decide(Vendor("acme"), document.endpoints[0], acme_facts(WHO), ledger_of(document))
    assert decision.outcome == Outcome(Reply(201, {"id": "call-1"}), claim="call-taken")
    assert steps(decision) == ["route", "auth", "transport", "schema", "rules", "accept"]
    assert (decision.refused_by, decision.basis) == (None, Basis.INFERRED)


@pytest.mark.parametrize(
    ("outcome", "basis"),
    [
        (Outcome(Reply(201)), Basis.INFERRED),
        (Outcome(Reply(202)), Basis.OBSERVED),
        (Outcome(Reply(201), claim="who-required"), Basis.DOCUMENTED),
        (Outcome(Reply(299)), Basis.ASSUMED),
    ],
)
def test_the_basis_is_that_of_what_decided_the_answer(tmp_path: Path, outcome: Outcome, basis: Basis) -> None:
    document = acme_document(tmp_path)
    vendor = rules(accept=lambda _: outcome)
    decision = decide(vendor, document.endpoints[0], acme_facts(WHO), ledger_of(document))
    assert (decision.outcome, decision.basis) == (outcome, basis)


@pytest.mark.parametrize(
    ("credential", "says"),
    [(None, "a credential is required"), (Credential("key", "x"), "this credential is not known")],
)
def test_nobody_is_let_in_without_an_account(endpoint: Endpoint, credential: Any, says: str) -> None:
    decision = decided(endpoint, acme_facts(WHO, account="", credential=credential))
    assert decision.refused_by == "auth/key-needed"
    assert decision.outcome.reply == Reply(401, {"error": says})
    assert steps(decision) == ["route", "auth"]


def test_an_open_operation_asks_for_no_account(tmp_path: Path) -> None:
    assert decided(made(tmp_path, f"{POST}/security", []), NOBODY).refused_by is None


def test_guards_judge_those_who_are_known(endpoint: Endpoint) -> None:
    vendor = Vendor("acme", guards=(saying("guard", kind=Kind.FORBIDDEN),))
    assert decided(endpoint, acme_facts(WHO), vendor).refused_by == "auth/guard-claim"
    assert decided(endpoint, acme_facts(WHO), vendor).trail[-1].rule == "guard"
    assert decided(endpoint, NOBODY, vendor).refused_by == "auth/key-needed"


@pytest.mark.parametrize(
    ("body", "call", "refused_by"),
    [
        ({"who": "Ada"}, {}, "schema/key-required"),
        ({"who": "Ada", "key": 5}, {}, "schema/key-required"),
        ("no object", {}, "schema/type"),
        ({"who": "Ada", "key": ""}, {}, "auth/unauthenticated"),
        ({"who": "Ada", "key": "x"}, {"credential": Credential("body", "x")}, "auth/unauthenticated"),
        ({"who": "Ada"}, {"media_type": None}, "auth/unauthenticated"),
        ({}, {"unreadable": (Problem(Kind.MALFORMED, "no JSON"),)}, "transport/malformed"),
    ],
)
def test_a_credential_in_the_body_is_missed_by_the_schema(
    keyed: Endpoint, body: Any, call: dict[str, Any], refused_by: str
) -> None:
    guarded = Vendor("acme", guards=(saying("guard"),), operations=rules(early=[saying("early")]).operations)
    assert decided(keyed, acme_facts(body, account="", **call), guarded).refused_by == refused_by


def test_a_credential_that_is_wanted_but_not_required_is_auths_to_miss(tmp_path: Path) -> None:
    (optional,) = acme_document(tmp_path, changed(SCHEMA, {**KEYED, "required": ["who"]}, OPEN)).endpoints
    assert decided(optional, NOBODY).refused_by == "auth/unauthenticated"


def test_an_unreadable_part_is_told_even_without_a_credential(keyed: Endpoint) -> None:
    misread = (Problem(Kind.MALFORMED, "no JSON", ("who",), "readable"),)
    facts = acme_facts({"key": "", "who": "{"}, account="", misread=misread)
    assert decided(keyed, facts).refused_by == "schema/readable"


def test_a_credential_in_the_body_has_a_claim_of_the_operation(tmp_path: Path) -> None:
    document = changed(f"{POST}/x-claim/credential", "key-known", changed(SCHEMA, KEYED, OPEN))
    (endpoint,) = acme_document(tmp_path, document).endpoints
    facts = acme_facts({"key": "x", "who": "Ada"}, account="", credential=Credential("body", "x"))
    assert decided(endpoint, facts).refused_by == "auth/key-known"


@pytest.mark.parametrize(
    ("vendor", "body", "refused_by", "trail"),
    [
        (rules(saying("a"), saying("b")), WHO, "rules/a-claim", ["auth", "transport", "schema", "rules"]),
        (rules(saying("a", when=False), saying("b")), WHO, "rules/b-claim", ["auth", "transport", "schema", "rules"]),
        (rules(saying("a", claim="own")), WHO, "rules/own", ["auth", "transport", "schema", "rules"]),
        (rules(saying("a")), {}, "schema/who-required", ["auth", "transport", "schema"]),
        (rules(early=[saying("a")]), {}, "rules/a-claim", ["auth", "transport", "rules"]),
        (rules(early=[saying("a", when=False)]), {}, "schema/who-required", ["auth", "transport", "schema"]),
    ],
)
def test_the_first_problem_decides(
    endpoint: Endpoint, vendor: Vendor, body: Any, refused_by: str, trail: list[str]
) -> None:
    decision = decided(endpoint, acme_facts(body), vendor)
    assert (decision.refused_by, steps(decision)) == (refused_by, ["route", *trail])
    assert not decision.outcome.records


@pytest.mark.parametrize(
    ("body", "misread", "paths"),
    [
        ({"who": 5, "seconds": -1}, (), [("who",), ("seconds",)]),
        ({"who": 5, "seconds": -1}, ("who",), [("who",), ("seconds",)]),
        ({"seconds": 1}, ("who",), [("who",)]),
    ],
)
def test_what_could_not_be_read_is_told_once(endpoint: Endpoint, body: Any, misread: Place, paths: list[Place]) -> None:
    unread = tuple(Problem(Kind.MALFORMED, "no JSON", (name,), "readable") for name in misread)
    (mark,) = decided(endpoint, acme_facts(body, misread=unread)).trail[-1:]
    assert [problem.path for problem in mark.problems] == paths
    assert mark.problems[: len(unread)] == unread


def test_what_could_not_be_read_has_no_further_problems() -> None:
    unread = Problem(Kind.MALFORMED, "no JSON", ("who",), "readable")
    found = [Problem(Kind.INVALID, says, (path,)) for path, says in (("who", "a"), ("at", "b"), ("who", "c"))]
    assert list(merge(found, [unread])) == [unread, found[1]]


def test_a_body_of_no_known_kind_is_not_judged(endpoint: Endpoint) -> None:
    assert decided(endpoint, acme_facts(None, media_type=None)).refused_by is None


def test_deciding_twice_gives_the_same(endpoint: Endpoint) -> None:
    for body in (WHO, {}):
        assert decided(endpoint, acme_facts(body)) == decided(endpoint, acme_facts(body))


def test_a_wrong_method_is_told_the_right_ones_in_a_header() -> None:
    problem = Problem(Kind.METHOD, "GET is not allowed here", wants=["POST", "PUT"], claim="post-only")
    decision = refuse_route(Vendor("acme"), acme_facts().call, problem, {})
    assert decision.outcome.reply == Reply(405, {"error": problem.says}, headers={"Allow": "POST, PUT"})
    assert (decision.refused_by, decision.trail) == ("route/post-only", (Mark("route", (problem,)),))
    plain = refuse_route(Vendor("acme"), acme_facts().call, msgspec.structs.replace(problem, wants=None), {})
    assert plain.outcome.reply.headers == {}


def test_the_vendor_words_every_refusal(endpoint: Endpoint) -> None:
    def refuse(problems: Sequence[Problem], call: Call) -> Reply:
        return Reply(418, f"{len(problems)} {call.operation}", "text/plain")

    decision = decided(endpoint, acme_facts({"who": 5, "seconds": -1}), Vendor("acme", refuse))
    assert decision.outcome == Outcome(Reply(418, "2 addCall", "text/plain"))


def test_a_fault_of_ours_is_the_vendors_500() -> None:
    decision = break_down(Vendor("acme"), acme_facts().call, (Mark("route"),), "why", {"broken": "own-failure"})
    assert decision.outcome == Outcome(Reply(500, {"error": "the server could not answer"}))
    assert (decision.refused_by, decision.basis, decision.trouble) == (None, Basis.ASSUMED, "why")
    assert steps(decision) == ["route", "broken"]
    assert decision.trail[-1].problems[0].claim == "own-failure"


def test_a_vendor_that_cannot_even_say_so_is_answered_for_plainly() -> None:
    def refuse(_problems: Sequence[Problem], _call: Call) -> Reply:
        raise RuntimeError

    decision = break_down(Vendor("acme", refuse), acme_facts().call, (), "why", {})
    assert decision.outcome.reply == Reply(500, {"error": "the server could not answer"})


def test_an_account_reaches_the_rules(endpoint: Endpoint) -> None:
    poor = Rule("poor", "credits", lambda facts: None if facts.account.credits else Problem(Kind.NO_CREDITS, "poor"))
    facts = acme_facts(WHO)
    assert decided(endpoint, facts, rules(poor)).outcome.reply.status == 402
    rich = msgspec.structs.replace(facts, account=Account("acme", "demo", credits=1))
    assert decided(endpoint, rich, rules(poor)).refused_by is None
