"""Counts are exact whoever comes at once: as many calls fail as were to fail, on stores that let others in between."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.model import Account
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Store
from mockserver.world import ATTEMPTS, Served, World
from tests.acme import CALLS, HEADERS, WHO, acme_world, behaving, rows
from tests.stores import Hesitant, Interrupted
from tests.test_world_races import PAID
from tests.worlds import arrival

PARALLEL, REPEATS = 50, 100
STORES = pytest.mark.parametrize("store", [MemoryStore, Hesitant])


async def together(world: World, count: int = PARALLEL) -> list[Served]:
    calls = (world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO)) for _ in range(count))
    return await asyncio.gather(*calls)


async def plant(world: World, **wish: Any) -> None:
    await Control(world).faults.plant(wish)


async def from_everywhere(world: World, count: int) -> list[Served]:
    """Return what becomes of calls at once, each by a credential of its own."""
    shown = [HEADERS | {"Authorization": f"Bearer token-{number}"} for number in range(count)]
    calls = (world.serve("acme", arrival("POST", CALLS, headers=headers, body=WHO)) for headers in shown)
    return await asyncio.gather(*calls)


def answers(served: list[Served]) -> Counter[int]:
    return Counter(each.decision.outcome.reply.status for each in served)


@STORES
def test_of_fifty_calls_at_once_exactly_as_many_fail_as_were_to_fail(
    store: Callable[[], Store], tmp_path: Path
) -> None:
    world = acme_world(tmp_path, behaving(), store=store())

    async def work() -> None:
        for repeat in range(REPEATS):
            wide = {} if repeat % 2 else {"account": "acme/demo"}
            await plant(world, match=wide, problem="broken", times=2)
            assert answers(await together(world)) == {500: 2, 201: PARALLEL - 2}
            assert await Control(world).faults.list() == []

    asyncio.run(work())
    assert len(rows(world.store, "record")) == REPEATS * (PARALLEL - 2)


@STORES
def test_two_faults_in_two_scopes_are_both_counted(store: Callable[[], Store], tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), store=store())

    async def work() -> None:
        await plant(world, match={"account": "acme/demo"}, problem="broken", times=3)
        await plant(world, problem="too-many", times=4)
        await plant(world, match={"vendor": "acme"}, delay=1, times=5)
        served = await together(world)
        assert answers(served) == {500: 3, 429: 4, 201: PARALLEL - 7}
        assert sum(each.decision.delay for each in served) == 5
        assert await Control(world).faults.list() == []

    asyncio.run(work())


@STORES
def test_a_rate_lets_through_as_many_as_it_says(store: Callable[[], Store], tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), store=store())

    async def work() -> None:
        await Control(world).clock.change(is_frozen=True)
        await plant(world, rate={"calls": 7, "seconds": 60})
        for _ in range(10):
            assert answers(await together(world)) == {201: 7, 429: PARALLEL - 7}
            await Control(world).clock.advance(60)

    asyncio.run(work())


@pytest.mark.parametrize("wish", [{"match": {"vendor": "acme"}}, {}])
def test_large_calls_of_many_accounts_do_not_lose_for_a_fault_that_counts(
    wish: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than a call tries; what is judged in a thread lets others in between."""
    monkeypatch.setattr("mockserver.world.HEAVY", 1)
    world, count = acme_world(tmp_path, behaving()), 2 * ATTEMPTS

    async def work() -> None:
        for number in range(count):
            assert await world.open(Account("acme", f"n-{number}", {"token": f"token-{number}"}))
        await plant(world, delay=0.001, times=1_000, **wish)
        assert answers(await from_everywhere(world, count)) == {201: count}
        (fault,) = await Control(world).faults.list()
        assert fault.times == 1_000 - count

    asyncio.run(work())


def test_large_calls_of_many_strangers_do_not_lose_for_the_window_that_they_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.world.HEAVY", 1)
    world, count = acme_world(tmp_path, behaving()), 2 * ATTEMPTS

    async def work() -> None:
        await plant(world, problem="too-many", step="auth", rate={"calls": count - 10, "seconds": 60})
        assert answers(await from_everywhere(world, count)) == {401: count - 10, 429: 10}

    asyncio.run(work())


def test_faults_and_credits_are_counted_together(tmp_path: Path) -> None:
    world = acme_world(tmp_path, PAID, store=Hesitant(), credits=10)

    async def work() -> None:
        await plant(world, problem="broken", times=5)
        assert answers(await together(world)) == {500: 5, 201: 10, 402: PARALLEL - 15}

    asyncio.run(work())


def test_cuts_are_counted(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), store=Hesitant())

    async def work() -> None:
        await plant(world, wire="reset", times=3)
        served = await together(world)
        assert Counter(each.decision.wire for each in served) == {"reset": 3, None: PARALLEL - 3}

    asyncio.run(work())
    assert len(rows(world.store, "record")) == PARALLEL - 3


def test_faults_planted_at_once_are_all_planted(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), store=Hesitant())

    async def work() -> None:
        await asyncio.gather(*(plant(world, name=f"n-{number}", problem="broken") for number in range(20)))
        faults = Control(world).faults
        assert {fault.name for fault in await faults.list()} == {f"n-{number}" for number in range(20)}
        await asyncio.gather(*(faults.lift(f"n-{number}") for number in range(20)))
        assert await faults.list() == []

    asyncio.run(work())


def test_a_fault_lifted_meanwhile_speaks_no_more(tmp_path: Path) -> None:
    store = Interrupted()
    world = acme_world(tmp_path, behaving(), store=store)
    asyncio.run(plant(world, problem="broken", times=2))
    store.meanwhile, store.left = Control(world).faults.lift_all, 1
    (served,) = asyncio.run(together(world, 1))
    assert served.decision.outcome.reply.status == 201
