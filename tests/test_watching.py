"""What calls show is noted in their own commit, once, and per account."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver.control import Control
from mockserver.control.asking import Asked
from mockserver.model import Facts, Kind, Problem, Rule
from mockserver.state.coverage import Seen, coverage_key, read_seen
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Held
from mockserver.world import World
from tests.acme import CALLS, HEADERS, acme_world, behaving, post, rows
from tests.stores import Hesitant, Interrupted
from tests.worlds import arrival

HELD = {"who-required", "who-is-text"}
ALWAYS = {"no-such-path", "post-only", "json-only", "call-is-an-object", "key-needed"}


def not_ada(facts: Facts) -> Problem | None:
    return None if facts.call.fields["who"] == "Ada" else Problem(Kind.INVALID, "not Ada")


def broken(_facts: Facts) -> None:
    raise ValueError("ours")


PICKY = behaving(Rule("not_ada", "only-ada", not_ada))


def row(world: World, account: str = "demo") -> Held | None:
    (held,) = asyncio.run(world.store.read([coverage_key("acme", account)]))
    return held


def seen(world: World, account: str = "demo") -> tuple[set[str], set[str]]:
    held = row(world, account)
    found = read_seen(held) if held else Seen()
    return set(found.kept), set(found.broken)


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_an_accepted_call_has_kept_and_a_refused_one_has_broken(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    post(world)
    assert seen(world) == ({*ALWAYS, *HELD, "only-ada"}, set())
    post(world, body(who="Bob"))
    post(world, body(at="2026-06-23T14:30:00Z", seconds="many"))
    post(world, b"{")
    assert seen(world) == ({*ALWAYS, *HELD, "only-ada"}, {"only-ada", "who-required", "json-only"})
    post(world, body(who="Ada", seconds=1))
    assert seen(world)[0] == {*ALWAYS, *HELD, "only-ada", "whole-seconds"}


def test_what_was_seen_before_is_not_written_again(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    for _ in range(2):
        post(world)
        post(world, body(who="Bob"))
        first = row(world)
    post(world)
    post(world, body(who="Bob"))
    assert first
    assert row(world) == first
    assert len(rows(world.store, "journal")) == 6


def test_who_shows_no_known_credential_is_nobody(tmp_path: Path) -> None:
    world = acme_world(tmp_path)
    post(world, Authorization="Bearer wrong")
    post(world, path="/nowhere", Authorization="Bearer wrong")
    post(world, method="PUT")
    assert seen(world, "") == (set(), {"key-needed", "no-such-path"})
    assert seen(world) == (set(), {"post-only"})


def test_a_path_that_leads_nowhere_is_noted_once(tmp_path: Path) -> None:
    world = acme_world(tmp_path)
    post(world, path="/nowhere")
    first = row(world)
    post(world, path="/elsewhere")
    assert first
    assert row(world) == first


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Prefer", "code=402"),
        ("Prefer", "code=202"),
        ("X-Mock-Fault", "too-many; retry-after=3"),
        ("X-Mock-Fault", "reset"),
        ("X-Mock-Fault", "truncate"),
    ],
)
def test_what_a_client_asks_for_proves_nothing(header: str, value: str, tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    for who in ("Ada", "Bob"):
        assert post(world, body(who=who), **{header: value}).decision.fault
    assert rows(world.store, "coverage") == []


def test_an_answer_that_only_came_late_is_the_vendors_own(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    assert post(world, body(who="Ada"), **{"X-Mock-Delay": "0.5"}).decision.delay == 0.5
    assert "only-ada" in seen(world)[0]


def test_what_a_tester_planted_proves_nothing_and_what_comes_after_it_does(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    wish = {"name": "once", "match": {"vendor": "acme"}, "problem": "no-credits", "times": 1}
    asyncio.run(Control(world).faults.plant(wish))
    assert post(world).decision.fault == "once"
    assert rows(world.store, "coverage") == []
    assert post(world).decision.is_accepted
    assert "only-ada" in seen(world)[0]


def test_a_fault_of_ours_proves_nothing(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(Rule("broken", "broken", broken)))
    assert post(world).decision.trouble
    assert rows(world.store, "coverage") == []


def test_an_explanation_proves_nothing(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY)
    for who in ("Ada", "Bob"):
        asked = Asked("POST", CALLS, "acme", HEADERS, {"who": who})
        assert asyncio.run(Control(world).explain(asked)).operation == "addCall"
    assert rows(world.store, "coverage") == []


def test_servers_on_one_store_add_to_each_other(tmp_path: Path) -> None:
    store = MemoryStore()
    one = acme_world(tmp_path / "one", PICKY, store=store)
    other = World(one.documents, one.vendors, store=store, clock=one.clock, ids=one.ids)
    post(one)
    post(other, body(who="Bob"))
    post(one, body(who=1))
    assert seen(one) == ({*ALWAYS, *HELD, "only-ada"}, {"only-ada", "who-is-text"})


@pytest.mark.parametrize("path", [CALLS, "/nowhere"])
def test_calls_side_by_side_lose_nothing(path: str, tmp_path: Path) -> None:
    world = acme_world(tmp_path, PICKY, store=Hesitant())
    bodies = [body(who="Ada"), body(who="Bob"), body(who=1), body(), b"{", body(who="Ada", seconds=-1)]

    async def together() -> None:
        calls = [arrival("POST", path, headers=HEADERS, body=each) for each in bodies]
        calls += [arrival("PUT", CALLS, headers=HEADERS), arrival("PUT", "/nowhere", headers=HEADERS)]
        await asyncio.gather(*(world.serve("acme", each) for each in calls))

    asyncio.run(together())
    answered = {"only-ada", "who-is-text", "who-required", "json-only"} if path == CALLS else set()
    assert seen(world)[1] == {*answered, "no-such-path", "post-only"}
    assert len(rows(world.store, "journal")) == len(bodies) + 2


def test_a_call_that_shows_something_new_is_decided_again_where_its_account_has_gone(tmp_path: Path) -> None:
    store = Interrupted()
    world = acme_world(tmp_path, PICKY, store=store)
    store.left, store.meanwhile = 1, lambda: Control(world).close_account("acme", "demo")
    served = post(world, body(who="Bob"))
    assert served.decision.refused_by == "auth/key-needed"
    assert seen(world) == (set(), set())
    assert seen(world, "") == (set(), {"key-needed"})


def test_the_same_seed_and_calls_give_the_same_rows(tmp_path: Path) -> None:
    def texts(name: str) -> list[Any]:
        world = acme_world(tmp_path / name, PICKY)
        post(world, body(seconds=1, who="Ada"))
        post(world, body(who="Bob"))
        return rows(world.store, "coverage")

    assert texts("one") == texts("other")
    ((_, text),) = texts("third")
    assert msgspec.json.decode(text)["kept"] == sorted(msgspec.json.decode(text)["kept"])
