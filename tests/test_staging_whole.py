"""A scenario is put on as a whole or not at all, whoever else puts one on, and touches no fault of a tester's own."""

import asyncio
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.creation import ConflictError, SetupError
from mockserver.model import Account
from mockserver.state.accounts import account_key, close_account, read_account
from mockserver.state.memory import MemoryStore
from mockserver.state.scenarios import read_staged, scenario_key
from mockserver.state.store import Store
from mockserver.world import World
from tests.acme import acme_world, behaving, post
from tests.holding import held, run
from tests.stores import Hesitant, Interrupted

WIDE = 'says = "x"\n[[fault]]\nname = "{0}"\ndelay = 1\n'
NARROW = 'says = "x"\n[[fault]]\nname = "{0}"\ndelay = 1\nmatch.vendor = "acme"\n'
OF_ONE = 'says = "x"\n[[fault]]\nname = "{0}"\ndelay = 1\nmatch.account = "acme/demo"\n'
# All that a scenario may hold, and two faults that cannot be planted together.
TWINS = f"""
{WIDE.format("twin")}
[[fault]]
name = "twin"
delay = 2
[account]
credits = 0
[webhooks]
duplicate = true
[[media]]
prefix = "http"
failure = "missing"
"""
FILES = {
    "wide": WIDE.format("wide"),
    "narrow": NARROW.format("narrow"),
    "of-one": OF_ONE.format("of-one"),
    "twins": TWINS,
    "twice": 'says = "x"\n[webhooks]\nduplicate = true',
    "once": WIDE.format("once") + "times = 1",
    "poor": 'says = "x"\n[account]\ncredits = 0',
    "rich": 'says = "x"\n[account]\ncredits = 7',
}
SCOPES = pytest.mark.parametrize("account", [None, "acme/demo"])


def staged_world(folder: Path, store: Callable[[], Store] = MemoryStore) -> World:
    for name, text in FILES.items():
        (folder / f"{name}.toml").write_text(text)
    scenarios = {name: folder / f"{name}.toml" for name in FILES}
    return acme_world(folder, behaving(), store=store(), credits=5, scenarios=scenarios)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return staged_world(tmp_path)


def load(world: World, name: str, account: str | None = None) -> None:
    run(Control(world).scenarios.load(name, account))


def plant(world: World, name: str, **wish: Any) -> None:
    run(Control(world).faults.plant({"name": name, **wish}))


def names(world: World) -> list[str]:
    return [fault.name for fault in run(Control(world).faults.list())]


def money(world: World, name: str = "demo") -> float | None:
    (row,) = run(world.store.read([account_key("acme", name)]))
    assert row
    return read_account(row).credits


def on(world: World, account: str | None) -> str:
    """Return the name of the scenario that is on."""
    (row,) = run(world.store.read([scenario_key(*(account.split("/") if account else ()))]))
    staged = read_staged(row)
    assert staged
    return staged.name


@SCOPES
def test_one_that_cannot_be_put_on_leaves_all_as_it_was(account: str | None, world: World) -> None:
    load(world, "wide", account)
    before = held(world)
    with pytest.raises(ConflictError, match="a fault 'twin' is planted there already"):
        load(world, "twins", account)
    assert held(world) == before


@SCOPES
def test_a_testers_fault_in_the_way_leaves_the_scenario_before_on(account: str | None, world: World) -> None:
    load(world, "wide", account)
    plant(world, "once", delay=1, match={"account": account} if account else {})
    before = held(world)
    with pytest.raises(ConflictError, match="a fault 'once' is planted there already"):
        load(world, "once", account)
    assert held(world) == before


def test_a_scenario_may_take_the_place_of_one_where_there_is_no_more_room(world: World) -> None:
    load(world, "wide")
    for number in range(999):
        plant(world, f"n-{number}", delay=1)
    load(world, "once")
    assert (len(names(world)), names(world)[-1]) == (1_000, "once")


def test_a_fault_of_a_scenarios_name_in_another_scope_is_not_the_scenarios(world: World) -> None:
    load(world, "wide")
    plant(world, "wide", delay=2, match={"vendor": "acme"})
    load(world, "twice")
    assert names(world) == ["wide"]
    assert [fault.delay for fault in run(Control(world).faults.list())] == [2]


@SCOPES
def test_a_fault_planted_in_the_place_of_one_that_is_used_up_is_not_the_scenarios(
    account: str | None, world: World
) -> None:
    load(world, "once", account)
    post(world)
    assert names(world) == []
    plant(world, "once", delay=1, match={"account": account} if account else {})
    load(world, "twice", account)
    assert names(world) == ["once"]


def test_what_the_servers_scenario_planted_for_one_account_goes_with_it(world: World) -> None:
    load(world, "of-one")
    load(world, "wide", "acme/demo")
    assert names(world) == ["of-one", "wide"]
    load(world, "twice")
    assert names(world) == ["wide"]


@pytest.mark.parametrize("order", [*permutations(("wide", "narrow", "of-one", "twice"))])
@SCOPES
def test_of_scenarios_put_on_at_once_one_is_on_and_no_fault_of_another(
    account: str | None, order: tuple[str, ...], tmp_path: Path
) -> None:
    world = staged_world(tmp_path, Hesitant)

    async def work() -> None:
        scenarios = Control(world).scenarios
        await asyncio.gather(*(scenarios.load(name, account) for name in order if account is None or name != "of-one"))

    run(work())
    found = on(world, account)
    assert names(world) == ([] if found == "twice" else [found])


@pytest.mark.parametrize(("first", "second"), [("poor", "rich"), ("rich", "poor")])
@SCOPES
def test_credits_are_those_of_the_scenario_that_is_on(
    account: str | None, first: str, second: str, tmp_path: Path
) -> None:
    store = Interrupted()
    world = staged_world(tmp_path, lambda: store)
    store.meanwhile, store.left = lambda: Control(world).scenarios.load(second, account), 1
    load(world, first, account)
    assert money(world) == {"poor": 0, "rich": 7}[on(world, account)]


def closed_meanwhile(folder: Path) -> World:
    """Return a world whose account acme/mine goes just before the next commit."""
    store, mine = Interrupted(), Account("acme", "mine", {"token": "mine"}, 5)
    world = staged_world(folder, lambda: store)
    assert run(world.open(mine))
    gone = close_account(mine, world.vendors["acme"])
    store.meanwhile, store.left = lambda: store.commit(gone, {}), 1
    return world


def test_an_account_that_is_closed_meanwhile_has_no_scenario(tmp_path: Path) -> None:
    world = closed_meanwhile(tmp_path)
    with pytest.raises(SetupError, match="there is no account 'acme/mine'"):
        load(world, "wide", "acme/mine")
    assert names(world) == []
    assert run(world.store.read([scenario_key("acme", "mine")])) == [None]


def test_an_account_that_is_closed_while_credits_change_stays_closed(tmp_path: Path) -> None:
    world = closed_meanwhile(tmp_path)
    load(world, "poor")
    assert run(world.store.read([account_key("acme", "mine")])) == [None]
    assert money(world) == 0
