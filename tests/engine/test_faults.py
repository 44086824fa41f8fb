"""Planted faults: which door each stands in, whom it meets, and what it makes of a decision."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from mockserver.engine.decide import decide
from mockserver.engine.endpoint import Endpoint
from mockserver.engine.faults import alter, door_of, doors_of, meets
from mockserver.model import (
    PROBLEMS,
    WIRES,
    Account,
    Call,
    Decision,
    Facts,
    Fault,
    Kind,
    Match,
    Moment,
    Operation,
    Outcome,
    Problem,
    Record,
    Reply,
    Rule,
    Vendor,
)
from mockserver.model.faults import BEFORE, LONGEST_DELAY
from tests.acme import acme_document, acme_facts, behaving, changed

WHO = {"who": "Ada"}
GONE = Rule("gone", "gone-claim", lambda _: Problem(Kind.GONE, "gone"))
TIMELINE = (Moment(1.0, {"state": "busy"}), Moment(4.0, {"state": "done"}))
STEPS = ("auth", "transport", "schema", "rules")


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    return acme_document(tmp_path).endpoints[0]


def decided(
    endpoint: Endpoint, *faults: Fault, body: Any = WHO, vendor: Vendor | None = None, **headers: str
) -> Decision:
    facts = acme_facts(body, headers=headers)
    return decide(vendor or behaving(), endpoint, facts, {}, doors=doors_of(faults))


def begin(facts: Facts) -> Outcome:
    records = (facts.record("call", "c-1", {}, TIMELINE, {"state": "failed"}), facts.record("note", "n-1", {}))
    return Outcome(Reply(201, {"id": "c-1"}), records)


@pytest.mark.parametrize(
    ("fault", "door"),
    [
        *((Fault(name, problem=name), step) for name, (_, step) in PROBLEMS.items()),
        (Fault("a", problem="broken", step="auth"), "auth"),
        *((Fault(name, wire=name), "cut" if name in BEFORE else "answer") for name in WIRES),
        *((Fault(name, wire=name, step="accept"), "accept") for name in WIRES),
        (Fault("a", delay=1), "delay"),
        (Fault("a", delay=1, step="accept"), "accept"),
        (Fault("a", wire="reset", delay=1), "cut"),
        (Fault("a", fail=True), "records"),
        (Fault("a", pace=0), "records"),
    ],
)
def test_a_fault_enters_where_the_real_one_would(fault: Fault, door: str) -> None:
    assert door_of(fault) == door


def test_in_each_door_stands_the_first_that_was_planted() -> None:
    faults = [Fault("a", problem="broken"), Fault("b", problem="too-many"), Fault("c", delay=1), Fault("d", delay=2)]
    assert doors_of(faults) == {"rules": faults[0], "delay": faults[2]}


@pytest.mark.parametrize(
    ("match", "is_met"),
    [
        ({}, True),
        ({"operation": "addCall"}, True),
        ({"operation": "other"}, False),
        ({"header": "X-Test"}, True),
        ({"header": "x-test"}, True),
        ({"header": "X-Test: one two"}, True),
        ({"header": "X-Test:one two"}, True),
        ({"header": "X-Test: one"}, False),
        ({"header": "X-Test:"}, False),
        ({"header": "X-Other"}, False),
        ({"operation": "addCall", "header": "X-Other"}, False),
    ],
)
def test_a_fault_meets_the_calls_that_it_matches(match: dict[str, str], *, is_met: bool) -> None:
    call = acme_facts(headers={"x-test": "one two"}).call
    assert meets(Fault("a", Match(**match)), call) is is_met


def calls(count: int) -> list[Call]:
    return [replace(acme_facts().call, id=str(UUID(int=number))) for number in range(count)]


def test_chance_meets_about_as_many_calls_as_it_says_and_always_the_same() -> None:
    often, seldom = Fault("a", chance=0.7), Fault("b", chance=0.3)
    met = [[meets(fault, call) for call in calls(2_000)] for fault in (often, seldom, often)]
    assert met[0] == met[2]
    assert 1_300 < sum(met[0]) < 1_500
    assert 500 < sum(met[1]) < 700


def test_two_faults_of_one_chance_do_not_always_meet_together() -> None:
    first, second = Fault("a", chance=0.5), Fault("b", chance=0.5)
    assert {(meets(first, call), meets(second, call)) for call in calls(100)} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }


def test_chances_at_the_ends_are_certain() -> None:
    assert not any(meets(Fault("a", chance=0), call) for call in calls(200))
    assert all(meets(Fault("a", chance=1), call) for call in calls(200))


@pytest.mark.parametrize(
    ("name", "step", "status"),
    [
        ("unauthenticated", "auth", 401),
        ("too-large", "transport", 413),
        ("no-credits", "rules", 402),
        ("not-found", "rules", 404),
        ("too-many", "rules", 429),
        ("broken", "rules", 500),
    ],
)
def test_a_problem_stands_in_for_the_verdict_of_its_step(endpoint: Endpoint, name: str, step: str, status: int) -> None:
    fault = Fault("mine", problem=name)
    decision = decided(endpoint, fault)
    assert decision.outcome.reply.status == status
    assert [mark.step for mark in decision.trail] == ["route", *STEPS[: STEPS.index(step) + 1]]
    assert all(not mark.problems for mark in decision.trail[:-1])
    assert (decision.fault, decision.spoke, decision.wire, decision.delay) == ("mine", (fault,), None, 0)
    assert (decision.refused_by or "").startswith(f"{step}/")
    assert not decision.outcome.records


@pytest.mark.parametrize("step", STEPS)
def test_a_problem_may_speak_at_another_step(endpoint: Endpoint, step: str) -> None:
    decision = decided(endpoint, Fault("mine", problem="broken", step=step))
    assert (decision.outcome.reply.status, decision.refused_by) == (500, f"{step}/call-broken")


def test_the_vendor_words_it_and_is_told_how_long_to_wait(endpoint: Endpoint) -> None:
    seen: list[Problem] = []

    def refuse(problems: Any, _call: Call) -> Reply:
        seen.extend(problems)
        return Reply(418, "teapot", "text/plain")

    fault = Fault("a", problem="too-many", retry_after=7)
    assert decided(endpoint, fault, vendor=Vendor("acme", refuse)).outcome.reply == Reply(418, "teapot", "text/plain")
    assert [(problem.kind, problem.wants) for problem in seen] == [(Kind.TOO_MANY, 7)]


@pytest.mark.parametrize(
    ("name", "claims", "refused_by"),
    [
        ("unauthenticated", {}, "auth/key-needed"),
        ("too-large", {"too-large": "body-limit"}, "transport/body-limit"),
        ("too-large", {}, "transport/too-large"),
        ("no-credits", {}, "rules/no-credits"),
        ("broken", {}, "rules/call-broken"),
    ],
)
def test_the_claim_of_the_real_one_is_named_where_the_document_has_it(
    tmp_path: Path, name: str, claims: dict[str, str], refused_by: str
) -> None:
    pointer = "/paths/~1v1~1calls/post/x-claim"
    own = {"malformed": "json-only", "broken": "call-broken", **claims}
    (found,) = acme_document(tmp_path, changed(pointer, own)).endpoints
    assert decided(found, Fault("a", problem=name)).refused_by == refused_by


def test_where_no_scheme_is_named_the_claim_is_that_of_the_credential_in_the_body(tmp_path: Path) -> None:
    document = changed("/paths/~1v1~1calls/post/x-claim/credential", "key-known", changed("/security", []))
    (found,) = acme_document(tmp_path, document).endpoints
    assert decided(found, Fault("a", problem="unauthenticated")).refused_by == "auth/key-known"


def test_what_is_refused_before_it_keeps_a_fault_silent(endpoint: Endpoint) -> None:
    decision = decided(endpoint, Fault("a", problem="broken"), body={})
    assert (decision.refused_by, decision.fault, decision.spoke) == ("schema/who-required", None, ())
    assert decided(endpoint, Fault("a", problem="broken"), vendor=behaving(GONE)).fault == "a"


@pytest.mark.parametrize("wire", sorted(BEFORE))
def test_a_cut_comes_before_anything_is_decided(endpoint: Endpoint, wire: str) -> None:
    decision = decided(endpoint, Fault("mine", wire=wire, delay=2), Fault("b", problem="broken", step="auth"), body={})
    assert decision.outcome == Outcome(Reply(0, media_type=None))
    assert ([mark.step for mark in decision.trail], decision.refused_by) == (["route"], None)
    assert (decision.fault, decision.wire, decision.delay) == ("mine", wire, 2)


@pytest.mark.parametrize("wire", ["truncate", "garbage", "drip"])
@pytest.mark.parametrize(("body", "status"), [(WHO, 201), ({}, 400)])
def test_what_befalls_an_answer_comes_after_it_whatever_it_is(
    endpoint: Endpoint, wire: str, body: Any, status: int
) -> None:
    decision = decided(endpoint, Fault("mine", wire=wire), body=body)
    assert (decision.outcome.reply.status, decision.wire, decision.fault) == (status, wire, "mine")
    assert len(decision.outcome.records) == (status == 201)


@pytest.mark.parametrize("fault", [Fault("mine", wire="reset", step="accept"), Fault("mine", delay=3, step="accept")])
def test_at_accept_only_accepted_calls_are_met(endpoint: Endpoint, fault: Fault) -> None:
    accepted, refused = decided(endpoint, fault), decided(endpoint, fault, body={})
    assert (accepted.outcome.reply.status, len(accepted.outcome.records)) == (201, 1)
    assert (accepted.wire, accepted.delay, accepted.spoke) == (fault.wire, fault.delay, (fault,))
    assert (refused.wire, refused.delay, refused.spoke, refused.fault) == (None, 0, (), None)


def test_delays_add_up_to_no_more_than_the_longest(endpoint: Endpoint) -> None:
    slow, problem = Fault("slow", delay=50), Fault("mine", problem="broken", delay=5)
    decision = decided(endpoint, problem, slow)
    assert (decision.delay, decision.fault, decision.outcome.reply.status) == (55, "mine, slow", 500)
    assert decided(endpoint, replace(problem, delay=20), slow).delay == LONGEST_DELAY


def test_one_connection_is_spoilt_once(endpoint: Endpoint) -> None:
    decision = decided(endpoint, Fault("first", problem="broken", wire="drip"), Fault("second", wire="truncate"))
    assert (decision.wire, decision.fault) == ("drip", "first")


def test_what_a_client_prefers_stands_beside_what_is_planted(endpoint: Endpoint) -> None:
    decision = decided(endpoint, Fault("slow", delay=2), Fault("mine", problem="broken"), prefer="code=402")
    assert (decision.outcome.reply.status, decision.fault, decision.delay) == (402, "code=402, slow", 2)
    assert decided(endpoint, Fault("cut", wire="reset"), prefer="code=402").fault == "cut"


def test_records_that_begin_go_on_as_planted(endpoint: Endpoint) -> None:
    vendor = behaving(accept=begin)
    decision = decided(endpoint, Fault("slow", pace=10, fail=True), vendor=vendor)
    call, note = decision.outcome.records
    assert call.timeline == (Moment(10.0, {"state": "busy"}), Moment(40.0, {"state": "failed"}))
    assert note == begin(acme_facts(WHO)).records[1]
    assert (decision.fault, decision.outcome.reply.status) == ("slow", 201)


def test_a_fault_of_records_is_silent_where_none_begins(endpoint: Endpoint) -> None:
    for vendor in (behaving(), Vendor("acme", operations={"addCall": Operation()})):
        assert decided(endpoint, Fault("slow", pace=10), vendor=vendor).spoke == ()
    assert decided(endpoint, Fault("slow", pace=10), vendor=behaving(accept=begin), body={}).spoke == ()


def test_a_record_under_way_goes_on_as_it_began(endpoint: Endpoint) -> None:
    def show(facts: Facts) -> Outcome:
        under_way = [replace(record, began=5.0) for record in begin(facts).records]
        return Outcome(Reply(201, {"id": "c-1"}), tuple(under_way))

    assert decided(endpoint, Fault("slow", pace=10), vendor=behaving(accept=show)).spoke == ()


@pytest.mark.parametrize(
    ("fault", "timeline"),
    [
        (Fault("a", pace=0), (Moment(0.0, {"state": "busy"}), Moment(0.0, {"state": "done"}))),
        (Fault("a", fail=True), (TIMELINE[0], Moment(4.0, {"state": "failed"}))),
    ],
)
def test_a_record_fails_where_it_would_have_been_done(fault: Fault, timeline: tuple[Moment, ...]) -> None:
    assert alter(begin(acme_facts(WHO)).records[0], fault).timeline == timeline


def test_a_record_that_knows_no_failure_cannot_fail() -> None:
    record = Record("acme", "demo", "call", "c-1", acme_facts().call.at, "", {}, TIMELINE)
    assert alter(record, Fault("a", fail=True)) == record


def test_without_faults_a_decision_is_as_ever(endpoint: Endpoint) -> None:
    decision = decided(endpoint)
    assert (decision.fault, decision.spoke, decision.wire, decision.delay) == (None, (), None, 0)
    assert decide(behaving(), endpoint, Facts(acme_facts(WHO).call, Account("acme", "demo")), {}) == decision
