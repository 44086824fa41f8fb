"""What a tester finds of what calls have left behind."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control, Page, Unknown
from mockserver.control.journal import Wanted
from mockserver.control.records import fits, prefix_of
from mockserver.creation import Wish
from mockserver.model import Facts, Outcome, Record, Reply, Vendor
from mockserver.state.clock import Clock
from mockserver.state.memory import MemoryStore
from mockserver.state.records import write_record
from mockserver.state.store import Quota
from tests.acme import CALLS, acme_world, behaving, post

Value = TypeVar("Value")
START = datetime(2026, 6, 23, tzinfo=UTC)


class Ticking(Clock):
    def __init__(self) -> None:
        super().__init__()
        self.ticks = -1

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def read(page: Page) -> list[Any]:
    return [json.loads(bytes(item)) for item in page.items]


def records(control: Control, limit: int = 100, cursor: str | None = None, **wanted: str) -> Page:
    asked: dict[str, str | None] = {"vendor": None, "account": None, "kind": None, **wanted}
    return run(control.records.page(**asked, limit=limit, cursor=cursor))


def entries(control: Control, limit: int = 100, cursor: str | None = None, since: Any = None, **wanted: Any) -> Page:
    return run(control.journal.page(Wanted(wanted, since), limit=limit, cursor=cursor))


def two_of_a_call(facts: Facts) -> Outcome:
    ident = str(facts.call.id)
    kinds = (facts.record("call", ident, {}), facts.record("name", facts.call.derive("name"), {}))
    return Outcome(Reply(201, {"id": ident}), kinds)


@pytest.fixture
def control(tmp_path: Path) -> Control:
    """A world of two accounts: demo was accepted twice and refused twice, mine was accepted once."""
    world = acme_world(tmp_path, behaving(accept=two_of_a_call), clock=Ticking())
    control = Control(world)
    run(control.open_account(Wish("acme", "mine", {"token": "mine"})))
    post(world)
    post(world, b"{}")
    post(world, path="/nothing")
    post(world, Authorization="Bearer mine")
    post(world)
    return control


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "dddmmd"),
        ({"vendor": "acme"}, "dddmmd"),
        ({"vendor": "other"}, ""),
        ({"account": "mine"}, "mm"),
        ({"vendor": "acme", "account": "demo"}, "dddd"),
        ({"kind": "call"}, "dmd"),
        ({"vendor": "acme", "kind": "name"}, "dmd"),
        ({"vendor": "acme", "account": "mine", "kind": "name"}, "m"),
        ({"account": "demo", "kind": "name"}, "dd"),
    ],
)
def test_records_are_found_newest_first(control: Control, wanted: dict[str, Any], found: str) -> None:
    page = records(control, **wanted)
    assert sorted(record["account"][0] for record in read(page)) == sorted(found)
    assert (page.total, page.evicted, page.cursor) == (len(found), 0, None)
    assert all(record[name] == value for record in read(page) for name, value in wanted.items())
    created = [record["created"] for record in read(page)]
    assert created == sorted(created, reverse=True)


def test_a_list_is_read_page_by_page(control: Control) -> None:
    first = records(control, limit=4)
    assert (len(first.items), first.total) == (4, 6)
    post(control.world)
    second = records(control, limit=4, cursor=first.cursor)
    assert (len(second.items), second.total, second.cursor) == (2, 8, None)
    assert not {record["id"] for record in read(first)} & {record["id"] for record in read(second)}


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "9" * 5000])
def test_a_cursor_that_is_none_begins_at_the_beginning(control: Control, cursor: str) -> None:
    assert records(control, cursor=cursor) == records(control)


def test_a_record_is_found_by_its_id(control: Control) -> None:
    newest, *_, oldest = read(records(control))
    for record in (newest, oldest):
        assert json.loads(bytes(run(control.records.read(record["id"])))) == record
    with pytest.raises(Unknown, match="there is no record 'nobody'"):
        run(control.records.read("nobody"))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 5),
        ({"vendor": "acme"}, 5),
        ({"vendor": "other"}, 0),
        ({"account": "demo"}, 4),
        ({"account": "mine", "status": 201}, 1),
        ({"operation": "addCall"}, 4),
        ({"status": 404}, 1),
        ({"refused_by": "schema/who-required"}, 1),
        ({"since": START + timedelta(seconds=3)}, 2),
        ({"since": START + timedelta(days=1)}, 0),
        ({"since": START, "status": 201, "account": "demo"}, 2),
    ],
)
def test_calls_are_found_by_what_they_were(control: Control, wanted: dict[str, Any], count: int) -> None:
    page = entries(control, **wanted)
    assert (len(page.items), page.total) == (count, count)


def test_a_call_is_found_by_its_id_and_gone_when_cleared(control: Control) -> None:
    oldest = read(entries(control))[-1]
    assert json.loads(bytes(run(control.journal.read(oldest["id"])))) == {**oldest, "webhooks": []}
    run(control.journal.clear())
    assert entries(control).total == 0
    with pytest.raises(Unknown, match=f"there is no call '{oldest['id']}'; 0 have been pushed out by newer ones"):
        run(control.journal.read(oldest["id"]))


def test_what_was_pushed_out_is_counted(tmp_path: Path) -> None:
    store = MemoryStore({"journal": Quota(2, 10**6)})
    control = Control(acme_world(tmp_path, store=store))
    for _ in range(5):
        post(control.world, path=CALLS)
    assert (entries(control).total, entries(control).evicted) == (2, 3)
    with pytest.raises(Unknown, match="3 have been pushed out"):
        run(control.journal.read("nobody"))


def test_lists_longer_than_a_page_are_read_to_their_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.control.pages.PAGE", 3)
    world = acme_world(tmp_path, Vendor("acme"))
    written = [write_record(Record("acme", "demo", "call", str(index), START, "c", {})) for index in range(10)]
    run(world.store.commit(written, {}))
    assert [record["id"] for record in read(records(Control(world)))] == [str(index) for index in range(9, -1, -1)]


def test_a_prefix_ends_before_what_nobody_asked_for() -> None:
    assert prefix_of(("a", None, "c")) == ("a",)
    assert prefix_of(("a", "b", "c")) == ("a", "b", "c")
    assert prefix_of((None, "b", None)) == ()
    assert fits(("a", "b", "c"), (None, "b", None))
    assert not fits(("a", "b", "c"), ("a", "x", None))
