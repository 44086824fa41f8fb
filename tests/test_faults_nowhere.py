"""Faults that meet calls which lead to no operation: what befalls connections and delays; nothing else is judged."""

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
from mockserver.world import Served, World
from tests.acme import CALLS, HEADERS, TOKEN, acme_world, behaving, post, rows
from tests.stores import Hesitant
from tests.worlds import arrival, ask, new_world

NOWHERE = [("POST", "/nowhere", 404), ("GET", CALLS, 405)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = acme_world(tmp_path, behaving())
    assert asyncio.run(found.open(Account("acme", "other", {"token": "other-token"})))
    return found


def plant(world: World, **wish: Any) -> None:
    asyncio.run(Control(world).faults.plant(wish))


def lose(world: World, method: str = "POST", path: str = "/nowhere", token: str = TOKEN, **headers: str) -> Served:
    return ask(world, "acme", method, path, headers={**HEADERS, "Authorization": f"Bearer {token}", **headers})


def seen(served: Served) -> tuple[int, str | None, float]:
    """Return status, what befalls the connection, and the delay."""
    return served.decision.outcome.reply.status, served.decision.wire, served.decision.delay


def left(world: World) -> list[tuple[str, int | None]]:
    return [(fault.name, fault.times) for fault in asyncio.run(Control(world).faults.list())]


@pytest.mark.parametrize(("method", "path", "status"), NOWHERE)
@pytest.mark.parametrize("match", [{}, {"vendor": "acme"}, {"account": "acme/demo"}, {"header": "Content-Type"}])
def test_what_is_planted_for_all_meets_it_and_is_counted(
    match: dict[str, str], method: str, path: str, status: int, world: World
) -> None:
    plant(world, name="cut", match=match, wire="reset", times=1)
    plant(world, name="half", match=match, wire="truncate", times=1)
    plant(world, name="late", match=match, delay=2, times=2)
    served = [seen(lose(world, method, path)) for _ in range(3)]
    assert served == [(0, "reset", 0), (status, "truncate", 2), (status, None, 2)]
    assert (seen(lose(world, method, path)), left(world)) == ((status, None, 0), [])


def test_the_journal_names_the_fault_and_whose_call_it_was(world: World) -> None:
    plant(world, name="cut", match={"account": "acme/demo"}, wire="reset")
    assert seen(lose(world, token="other-token")) == (404, None, 0)
    entry = asyncio.run(world.journal.get(lose(world).call.id))
    assert entry is not None
    assert (entry.fault, entry.status, entry.account, entry.refused_by) == ("cut", 0, "demo", None)
    assert not entry.operation


@pytest.mark.parametrize(
    "wish",
    [
        {"match": {"operation": "addCall"}, "wire": "reset"},
        {"wire": "reset", "step": "accept"},
        {"delay": 1, "step": "accept"},
        {"problem": "broken", "step": "auth"},
        {"fail": True},
        {"rate": {"calls": 0, "seconds": 60}},
    ],
    ids=str,
)
def test_what_waits_for_an_operation_passes_it_by(wish: dict[str, Any], world: World) -> None:
    plant(world, name="waiting", times=1, **wish)
    assert seen(lose(world)) == (404, None, 0)
    assert left(world) == [("waiting", 1)]


def test_a_limit_counts_it_only_where_it_can_speak(world: World) -> None:
    plant(world, rate={"calls": 1, "seconds": 60})
    lose(world)
    assert rows(world.store, "rate") == []
    plant(world, rate={"calls": 1, "seconds": 60}, delay=2)
    assert [seen(lose(world))[2] for _ in range(3)] == [0, 2, 2]


@pytest.mark.parametrize("wire", ["reset", "empty", "hang", "truncate", "garbage", "drip"])
@pytest.mark.parametrize(("method", "path", "status"), NOWHERE)
def test_a_call_may_ask_for_what_befalls_its_connection(
    method: str, path: str, status: int, wire: str, world: World
) -> None:
    decision = lose(world, method, path, **{"X-Mock-Fault": wire}).decision
    assert (decision.wire, decision.fault, decision.outcome.advice) == (wire, wire, ())
    assert decision.outcome.reply.status == (0 if wire in ("reset", "empty", "hang") else status)


def test_a_problem_that_is_asked_for_in_vain_is_told(world: World) -> None:
    outcome = lose(world, **{"X-Mock-Fault": "broken", "X-Mock-Delay": "soon"}).decision.outcome
    late, unheard = (advice.says for advice in outcome.advice)
    assert outcome.reply.status == 404
    assert late.startswith("X-Mock-Delay is ignored")
    assert unheard.startswith("X-Mock-Fault: broken had no effect")


@pytest.mark.parametrize(("body", "told"), [(b"{}", 1), (b'{"who": "Ada"}', 0)])
def test_an_operation_that_refuses_before_it_tells_it_too(body: bytes, told: int, world: World) -> None:
    decision = post(world, body, **{"X-Mock-Fault": "broken"}).decision
    assert len(decision.outcome.advice) == told
    assert decision.outcome.reply.status == (400 if told else 500)


@pytest.mark.parametrize("store", [MemoryStore, Hesitant])
def test_of_many_at_once_as_many_are_cut_as_were_to_be(store: Callable[[], Store], tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), store=store())
    plant(world, wire="reset", times=7)

    async def work() -> list[Served]:
        return await asyncio.gather(
            *(world.serve("acme", arrival("POST", "/nowhere", headers=HEADERS)) for _ in range(60))
        )

    assert Counter(served.decision.wire for served in asyncio.run(work())) == {"reset": 7, None: 53}
    assert (left(world), len(rows(world.store, "journal"))) == ([], 60)


@pytest.mark.parametrize(("who", "status", "wire", "delay"), [("unplugged", 0, "reset", 0), ("slow", 404, None, 2)])
def test_our_own_accounts_misbehave_there_too(who: str, status: int, wire: str | None, delay: float) -> None:
    headers = {"Authorization": f"Bearer emberqa-{who}-key"}
    assert seen(ask(new_world("emberqa"), "emberqa", "POST", "/api/nope", headers=headers)) == (status, wire, delay)
