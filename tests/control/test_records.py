"""A tester's hand on records: each moment comes once, none goes back, and one that is done stays as it is."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control, Unknown
from mockserver.creation import ConflictError, Wish
from mockserver.model import Account, Facts, Moment, Outcome, Record, Ref, Reply
from mockserver.state.clock import Clock
from mockserver.state.records import record_key, write_record
from mockserver.state.store import Store, Write
from tests.acme import acme_world, behaving, post
from tests.facts import NOW
from tests.stores import Hesitant, Interrupted

Value = TypeVar("Value")
TIMELINE = (Moment(20, {"state": "working"}), Moment(300, {"state": "done"}), Moment(900, {"state": "gone"}))
DEMO = Account("acme", "demo")
COPIES = (("demo", "other"), ("other", "call"))


class Standing(Clock):
    def now(self) -> Any:
        return NOW


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def accept(facts: Facts) -> Outcome:
    ident, failure = facts.call.id, {"state": "failed", "reason": "a tester's hand"}
    kept = (
        facts.record("call", ident, {"state": "queued"}, TIMELINE, failure),
        facts.record("plain", f"plain-{ident}", {}),
    )
    return Outcome(Reply(201, {"id": ident}), kept)


def made(folder: Path, store: Store | None = None) -> tuple[Control, str]:
    control = Control(acme_world(folder, behaving(accept=accept), clock=Standing(), store=store))
    return control, post(control.world).call.id


@pytest.fixture
def known(tmp_path: Path) -> tuple[Control, str]:
    return made(tmp_path)


def read(work: Coroutine[Any, Any, Any]) -> Any:
    return json.loads(bytes(run(work)))


def test_each_moment_is_brought_about_once(known: tuple[Control, str]) -> None:
    control, ident = known
    for stage, state in enumerate(("working", "done", "gone"), 1):
        told = read(control.records.advance(ident))
        assert (told["stage"], told["body"], told["failed"]) == (stage, {"state": state}, False)
        assert told == read(control.records.read(ident))
    with pytest.raises(ConflictError, match=f"the record '{ident}' is done: nothing further happens to it"):
        run(control.records.advance(ident))
    assert read(control.records.read(ident)) == told


def test_the_next_moment_is_the_one_behind_where_time_has_come_to(known: tuple[Control, str]) -> None:
    control, ident = known
    run(control.clock.advance(30))
    assert read(control.records.advance(ident))["body"] == {"state": "done"}
    run(control.clock.advance(300))
    assert read(control.records.read(ident))["stage"] == 2
    run(control.clock.advance(900))
    with pytest.raises(ConflictError, match="is done"):
        run(control.records.advance(ident))


def test_a_record_is_made_to_fail_and_stays_so(known: tuple[Control, str]) -> None:
    control, ident = known
    run(control.records.advance(ident))
    told = read(control.records.fail(ident))
    assert (told["body"], told["stage"]) == ({"state": "failed", "reason": "a tester's hand"}, 1)
    assert told["failed"] is True
    run(control.clock.advance(10_000))
    assert read(control.records.read(ident)) == told
    for push in (control.records.advance, control.records.fail):
        with pytest.raises(ConflictError, match="is done"):
            run(push(ident))


def test_what_is_done_cannot_fail(known: tuple[Control, str]) -> None:
    control, ident = known
    run(control.clock.advance(900))
    with pytest.raises(ConflictError, match=f"the record '{ident}' is done: it cannot fail any more"):
        run(control.records.fail(ident))


def test_a_record_of_which_no_failure_is_told_cannot_fail_nor_go_on(known: tuple[Control, str]) -> None:
    control, ident = known
    with pytest.raises(ConflictError, match="cannot fail: its vendor tells no failure of it"):
        run(control.records.fail(f"plain-{ident}"))
    with pytest.raises(ConflictError, match="is done"):
        run(control.records.advance(f"plain-{ident}"))


def test_an_id_that_several_have_asks_for_more(known: tuple[Control, str]) -> None:
    control, ident = known
    (held,) = run(control.world.store.read([record_key(DEMO, Ref("call", ident))]))
    assert held is not None
    other = run(control.open_account(Wish("acme", "other")))
    kept = [Record("acme", name, kind, ident, NOW, ident, {}, TIMELINE) for name, kind in COPIES]
    run(control.world.store.commit([write_record(record) for record in kept], {}))
    said = f"3 records are called '{ident}': say which by account and kind: "
    for act in (control.records.read, control.records.advance, control.records.fail):
        with pytest.raises(ConflictError, match=f"{said}acme/other call, acme/demo other, acme/demo call"):
            run(act(ident))
    with pytest.raises(ConflictError, match="2 records"):
        run(control.records.read(ident, account="acme/demo"))
    assert read(control.records.advance(ident, account=f"acme/{other.name}"))["account"] == "other"
    assert read(control.records.advance(ident, kind="other"))["kind"] == "other"
    assert read(control.records.read(ident, account="acme/demo", kind="call"))["stage"] == 0


def test_what_is_not_there_is_unknown(known: tuple[Control, str]) -> None:
    control, ident = known
    with pytest.raises(Unknown, match=r"there is no record 'nobody'$"):
        run(control.records.advance("nobody"))
    for account in ("acme/nobody", "nobody/demo"):
        with pytest.raises(Unknown, match=f"there is no record '{ident}' of {account}"):
            run(control.records.fail(ident, account=account))


def test_many_hands_bring_about_no_moment_twice(tmp_path: Path) -> None:
    control, ident = made(tmp_path, Hesitant())

    async def all_at_once() -> list[Any]:
        hands = [control.records.advance(ident) for _ in range(10)]
        return await asyncio.gather(*hands, return_exceptions=True)

    told = run(all_at_once())
    stages = sorted(json.loads(bytes(each))["stage"] for each in told if not isinstance(each, BaseException))
    assert stages == [1, 2, 3]
    assert [type(each) for each in told if isinstance(each, BaseException)] == [ConflictError] * 7


def test_one_that_fails_meanwhile_goes_on_no_more(tmp_path: Path) -> None:
    store = Interrupted()
    control, ident = made(tmp_path, store)
    store.left, store.meanwhile = 1, lambda: control.records.fail(ident)
    with pytest.raises(ConflictError, match="is done"):
        run(control.records.advance(ident))


def test_one_that_goes_meanwhile_is_told_so(tmp_path: Path) -> None:
    store = Interrupted()
    control, ident = made(tmp_path, store)
    key = record_key(DEMO, Ref("call", ident))
    store.left, store.meanwhile = 1, lambda: store.commit([Write(key, None)], {})
    with pytest.raises(Unknown, match=f"there is no record '{ident}' any more"):
        run(control.records.advance(ident))
