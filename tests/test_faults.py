"""Faults in a world: what stands in whose way, how often, and what the journal says of it."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control, Unknown
from mockserver.creation import ConflictError, SetupError, Wish
from mockserver.model import Account, Facts, Fault, Issue, Moment, Outcome, Record, Ref, Reply
from mockserver.state.accounts import account_key, write_issue
from mockserver.state.faults import fault_key
from mockserver.state.records import write_record
from mockserver.state.store import Write
from mockserver.world import Served, World
from tests.acme import CALLS, HEADERS, WHO, acme_world, behaving, post, rows
from tests.worlds import ask, pass_time

Value = TypeVar("Value")
EVERYBODY = ("mine-token", "mine-other", "theirs-token", "nobody")
NO_HEADERS: dict[str, str] = {}
MINUTE = {"calls": 3, "seconds": 60}


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = acme_world(tmp_path, behaving())
    run(Control(found).clock.change(is_frozen=True))
    for name in ("mine", "theirs"):
        assert run(found.open(Account("acme", name, {"token": f"{name}-token", "other": f"{name}-other"})))
    return found


def plant(world: World, **wish: Any) -> Fault:
    return run(Control(world).faults.plant(wish))


def names(world: World, account: str | None = None) -> list[str]:
    return [fault.name for fault in run(Control(world).faults.list(account))]


def call(world: World, who: str = "mine-token", body: bytes = WHO, headers: dict[str, str] = NO_HEADERS) -> Served:
    return post(world, body, **{"Authorization": f"Bearer {who}", **headers})


def status(served: Served) -> int:
    return served.decision.outcome.reply.status


def statuses(world: World, count: int, who: str = "mine-token") -> list[int]:
    return [status(call(world, who)) for _ in range(count)]


@pytest.mark.parametrize(
    ("match", "met"),
    [
        ({}, EVERYBODY),
        ({"vendor": "acme"}, EVERYBODY),
        ({"vendor": "acme", "account": "mine"}, ("mine-token", "mine-other")),
        ({"account": "acme/mine"}, ("mine-token", "mine-other")),
        ({"account": "acme/mine", "operation": "addCall"}, ("mine-token", "mine-other")),
        ({"header": "Authorization: Bearer nobody"}, ("nobody",)),
    ],
)
def test_a_fault_stands_in_the_way_of_those_it_matches(
    match: dict[str, str], met: tuple[str, ...], world: World
) -> None:
    plant(world, match=match, problem="broken", step="auth")
    assert tuple(who for who in EVERYBODY if status(call(world, who)) == 500) == met


def test_nobody_without_a_credential_passes_what_is_in_everybodys_way(world: World) -> None:
    plant(world, problem="broken", step="auth", times=1)
    bare = {"Content-Type": "application/json"}
    assert [status(ask(world, "acme", "POST", CALLS, headers=bare, body=WHO)) for _ in range(2)] == [500, 401]


def test_faults_speak_in_the_order_of_planting_the_nearest_first(world: World) -> None:
    plant(world, problem="not-found", times=1)
    plant(world, match={"vendor": "acme"}, problem="no-credits", times=1)
    plant(world, match={"account": "acme/mine"}, problem="too-many", times=1)
    plant(world, match={"account": "acme/mine"}, problem="broken", times=1)
    assert statuses(world, 5) == [429, 500, 402, 404, 201]
    assert names(world) == []


def test_only_a_fault_that_spoke_is_counted(world: World) -> None:
    plant(world, name="once", problem="broken", times=1)
    assert status(call(world, body=b"{}")) == 400
    assert status(call(world, "nobody")) == 401
    assert names(world) == ["once"]
    assert statuses(world, 2) == [500, 201]
    assert names(world) == []


def test_what_is_not_counted_stands_until_it_is_lifted(world: World) -> None:
    plant(world, name="always", problem="broken")
    plant(world, name="twice", match={"vendor": "acme"}, delay=2, times=2)
    assert statuses(world, 3) == [500, 500, 500]
    assert names(world) == ["always"]
    run(Control(world).faults.lift("always"))
    assert statuses(world, 1) == [201]


def test_a_call_that_is_refused_by_a_fault_leaves_no_record_and_says_whose_it_is(world: World) -> None:
    plant(world, name="mine", problem="broken")
    served = call(world)
    entry = run(world.journal.get(served.call.id))
    assert entry is not None
    assert (entry.fault, entry.status, entry.account, entry.refused_by) == ("mine", 500, "mine", "rules/call-broken")
    assert not rows(world.store, "record")


@pytest.mark.parametrize("wire", ["reset", "empty", "hang"])
def test_of_a_call_that_is_cut_only_the_journal_knows(wire: str, world: World) -> None:
    plant(world, name="cut", wire=wire, times=1)
    served = call(world)
    entry = run(world.journal.get(served.call.id))
    assert entry is not None
    assert (entry.fault, entry.status, entry.account, entry.refused_by) == ("cut", 0, "mine", None)
    assert [step.step for step in entry.trail] == ["route"]
    assert (served.decision.wire, rows(world.store, "record")) == (wire, [])
    assert statuses(world, 1) == [201]


def test_a_lost_response_is_processed_first(world: World) -> None:
    plant(world, wire="reset", step="accept", times=1)
    served = call(world)
    assert (served.decision.wire, status(served), len(rows(world.store, "record"))) == ("reset", 201, 1)
    assert call(world).decision.wire is None


def test_a_fault_of_one_call_meets_no_other(world: World) -> None:
    plant(world, name="broken", problem="broken", times=1)
    asked = {"X-Mock-Fault": "broken", "X-Mock-Delay": "1.5"}
    served = call(world, "theirs-token", headers=asked)
    assert (status(served), served.decision.fault, served.decision.delay) == (500, "broken", 1.5)
    assert names(world) == ["broken"]
    assert [status(call(world, headers={"X-Mock-Fault": "too-many"})), *statuses(world, 2)] == [429, 500, 201]
    assert call(world, headers={"X-Mock-Fault": "reset"}).decision.wire == "reset"


def test_nonsense_in_a_calls_headers_is_advised(world: World) -> None:
    served = call(world, headers={"X-Mock-Fault": "nonsense", "X-Mock-Delay": "soon"})
    assert (status(served), served.decision.delay, len(served.decision.outcome.advice)) == (201, 0, 2)


def test_a_path_that_leads_nowhere_can_be_late(world: World) -> None:
    served = ask(world, "acme", "POST", "/nowhere", headers={**HEADERS, "X-Mock-Delay": "2"}, body=WHO)
    assert (status(served), served.decision.delay) == (404, 2)


def test_a_rate_is_kept_for_each_credential_by_the_mocks_clock(world: World) -> None:
    plant(world, match={"vendor": "acme"}, rate=MINUTE)
    assert statuses(world, 5) == [201, 201, 201, 429, 429]
    assert statuses(world, 4, "mine-other") == [201, 201, 201, 429]
    assert statuses(world, 4, "theirs-token") == [201, 201, 201, 429]
    pass_time(world, 59)
    assert statuses(world, 1) == [429]
    pass_time(world, 1)
    assert statuses(world, 4) == [201, 201, 201, 429]


def test_strangers_share_one_count(world: World) -> None:
    plant(world, rate=MINUTE, problem="too-many", step="auth")
    assert [status(call(world, f"stranger-{number}")) for number in range(5)] == [401, 401, 401, 429, 429]


def test_calls_that_are_refused_otherwise_count_too(world: World) -> None:
    plant(world, rate=MINUTE, problem="too-many", step="auth")
    assert [status(call(world, body=b"{}")) for _ in range(4)] == [400, 400, 400, 429]


def test_what_is_left_of_the_window_is_told(world: World) -> None:
    plant(world, match={"account": "acme/mine"}, rate={"calls": 1, "seconds": 60}, times=2)
    waits = []
    assert statuses(world, 1) == [201]
    for seconds in (0, 20.5):
        pass_time(world, seconds)
        (fault,) = call(world).decision.spoke
        waits.append(fault.retry_after)
    assert waits == [60, 40]
    assert statuses(world, 2) == [201, 201]


def test_what_a_tester_says_to_wait_is_told_instead(world: World) -> None:
    plant(world, rate={"calls": 0, "seconds": 60}, retry_after=7)
    assert [fault.retry_after for fault in call(world).decision.spoke] == [7]


def test_a_window_begins_anew_where_the_clock_goes_back(world: World) -> None:
    plant(world, rate={"calls": 1, "seconds": 60})
    now = run(world.now()).at
    assert statuses(world, 2) == [201, 429]
    run(Control(world).clock.change(now=now.replace(year=now.year - 1)))
    assert statuses(world, 2) == [201, 429]


def test_a_limit_planted_anew_counts_anew(world: World) -> None:
    for _ in range(2):
        plant(world, name="limit", match={"account": "acme/mine"}, rate={"calls": 1, "seconds": 60})
        assert statuses(world, 2) == [201, 429]
        run(Control(world).faults.lift("limit"))


def test_a_limit_stands_as_it_was_where_another_of_its_name_is_refused(world: World) -> None:
    wish = {"name": "limit", "match": {"account": "acme/mine"}, "rate": {"calls": 1, "seconds": 60}}
    plant(world, **wish)
    assert statuses(world, 2) == [201, 429]
    with pytest.raises(ConflictError):
        plant(world, **wish)
    assert statuses(world, 1) == [429]


def test_two_limits_hold_together(world: World) -> None:
    plant(world, rate={"calls": 2, "seconds": 60})
    plant(world, match={"vendor": "acme"}, rate={"calls": 3, "seconds": 3600}, problem="no-credits")
    assert statuses(world, 3) == [201, 201, 429]
    pass_time(world, 60)
    assert statuses(world, 2) == [402, 402]


def test_a_rate_may_do_something_else_than_refuse(world: World) -> None:
    plant(world, rate={"calls": 1, "seconds": 60}, delay=2)
    assert [call(world).decision.delay for _ in range(3)] == [0, 2, 2]


def outcomes(folder: Path) -> list[int]:
    world = acme_world(folder, behaving())
    plant(world, problem="broken", chance=0.5)
    return [status(post(world)) for _ in range(40)]


def test_chance_repeats_under_a_seed(tmp_path: Path) -> None:
    first = outcomes(tmp_path / "one")
    assert first == outcomes(tmp_path / "two")
    assert 8 < first.count(500) < 32


def test_what_is_planted_need_not_be_documented(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), check_replies=True)
    plant(world, problem="too-many", times=1)
    assert [status(post(world)), status(post(world))] == [429, 201]


def test_large_calls_meet_faults_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.world.HEAVY", 1)
    plant(world, problem="broken", times=1)
    assert statuses(world, 2) == [500, 201]


def test_faults_are_listed_and_lifted_by_account(world: World) -> None:
    plant(world, name="wide", problem="broken")
    for who in ("mine", "theirs"):
        plant(world, name="same", match={"account": f"acme/{who}"}, problem="broken")
        plant(world, name=f"only-{who}", match={"account": f"acme/{who}"}, problem="broken")
    faults = Control(world).faults
    assert names(world) == ["wide", "same", "only-mine", "same", "only-theirs"]
    assert names(world, "acme/mine") == ["same", "only-mine"]
    run(faults.lift("same", "acme/mine"))
    assert names(world) == ["wide", "only-mine", "same", "only-theirs"]
    run(faults.lift_all("acme/theirs"))
    assert names(world) == ["wide", "only-mine"]
    run(faults.lift_all())
    assert names(world) == []
    assert rows(world.store, "fault") == []


def test_one_name_may_be_lifted_everywhere(world: World) -> None:
    for who in ("mine", "theirs"):
        plant(world, name="same", match={"account": f"acme/{who}"}, problem="broken")
    run(Control(world).faults.lift("same"))
    assert names(world) == []


def test_what_is_not_planted_cannot_be_lifted(world: World) -> None:
    plant(world, name="mine", match={"account": "acme/mine"}, problem="broken")
    for name, account in (("other", None), ("mine", "acme/theirs")):
        with pytest.raises(Unknown, match=f"no fault '{name}' is planted"):
            run(Control(world).faults.lift(name, account))


def test_a_name_is_taken_within_its_scope(world: World) -> None:
    for match in ({}, {"vendor": "acme"}, {"account": "acme/mine"}):
        plant(world, name="same", match=match, problem="broken")
        with pytest.raises(ConflictError, match="a fault 'same' is planted there already"):
            plant(world, name="same", match=match, delay=1)


def test_names_are_made_up_and_do_not_repeat(world: World) -> None:
    made_up = [plant(world, **wish).name for wish in ({"problem": "broken"}, {"wire": "reset"}, {"delay": 1}) * 2]
    assert [name.rpartition("-")[0] for name in made_up] == ["broken", "reset", "delay"] * 2
    assert len(set(made_up)) == 6


def test_there_is_an_end_to_faults(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.planting.MOST_FAULTS", 2)
    plant(world, problem="broken")
    plant(world, match={"account": "acme/mine"}, problem="broken")
    with pytest.raises(ConflictError, match="more than 2 faults"):
        plant(world, problem="broken")
    assert run(Control(world).health())["faults"] == 2


def test_an_account_takes_its_faults_and_windows_with_it(world: World) -> None:
    control = Control(world)
    plant(world, match={"account": "acme/mine"}, rate=MINUTE)
    plant(world, name="wide", problem="broken", chance=0)
    assert statuses(world, 1) == [201]
    run(control.close_account("acme", "mine"))
    assert names(world) == ["wide"]
    assert rows(world.store, "rate") == []
    run(control.open_account(Wish("acme", "mine", {"token": "mine-token"})))
    assert statuses(world, 5) == [201] * 5


def test_an_account_there_is_not_has_no_faults(world: World) -> None:
    with pytest.raises(SetupError, match="acme has no account 'nobody'"):
        plant(world, match={"account": "acme/nobody"}, problem="broken")


def test_an_expired_credential_meets_what_is_in_everybodys_way(world: World) -> None:
    now = run(world.now()).at
    issue = Issue("old-token", expires=now)
    assert run(world.store.commit([write_issue(Account("acme", "mine"), issue)], {}))
    assert status(call(world, "old-token")) == 401
    plant(world, problem="broken", step="auth", times=1)
    assert [status(call(world, "old-token")) for _ in range(2)] == [500, 401]


def test_a_credential_whose_account_is_gone_meets_what_is_in_everybodys_way(world: World) -> None:
    plant(world, problem="broken", step="auth", times=1)
    assert run(world.store.commit([Write(account_key("acme", "mine"), None)], {}))
    assert statuses(world, 2) == [500, 401]


def test_a_used_up_row_is_gone(world: World) -> None:
    plant(world, match={"account": "acme/mine"}, problem="broken", times=1)
    assert run(world.store.read([fault_key("acme", "mine")])) != [None]
    statuses(world, 1)
    assert run(world.store.read([fault_key("acme", "mine")])) == [None]


def test_any_credential_makes_an_account_whatever_is_planted(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), any_token=True)
    plant(world, problem="broken", times=1)
    assert statuses(world, 2, "fresh-token") == [500, 201]


def show(facts: Facts) -> Outcome:
    return Outcome(Reply(201, {"id": facts.known[Ref("call", "c-1")].body["state"]}))


def test_only_a_call_that_was_processed_has_asked_for_a_record(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(accept=show, refs=lambda _: [Ref("call", "c-1")]))
    timeline = (Moment(1.0, {"state": "busy"}), Moment(2.0, {"state": "done"}))
    now = run(world.now())
    record = Record("acme", "demo", "call", "c-1", now.at, "", {"state": "new"}, timeline, began=now.work)
    assert run(world.store.commit([write_record(record)], {}))
    control = Control(world)
    run(control.clock.change(is_frozen=True, pace="reads:2"))
    run(control.faults.plant({"delay": 1}))
    for name, value in (("X-Mock-Fault", "reset"), ("X-Mock-Fault", "broken"), ("Prefer", "code=202")):
        post(world, WHO, CALLS, "POST", **{name: value})
    states = [post(world).decision.outcome.reply.body for _ in range(3)]
    assert states == [{"id": "new"}, {"id": "busy"}, {"id": "done"}]
