"""What a vendor itself allows a credential: counted by the mock's clock, exactly, beside all that is planted."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.control import Control
from mockserver.control.asking import Asked
from mockserver.control.explaining import Explainer
from mockserver.creation import Wish
from mockserver.model import Facts, Kind, Problem, Rate, Vendor, rule
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Store
from mockserver.world import World
from tests.acme import CALLS, HEADERS, TOKEN, WHO, acme_world, behaving, rows
from tests.redis_server import REDIS
from tests.stores import Hesitant
from tests.worlds import arrival, ask, pass_time

THREE = Rate(3, 60.0)
STORES = pytest.mark.parametrize("store", [MemoryStore, Hesitant, REDIS])


@rule("not-too-often")
def not_too_often(facts: Facts) -> Problem | None:
    return Problem(Kind.TOO_MANY, f"{facts.before} calls") if facts.before >= THREE.calls else None


def counting() -> Vendor:
    """Return an Acme that counts the calls of every account but `free`."""
    return replace(
        behaving(),
        guards=(not_too_often,),
        allowance=lambda _call, account: None if account.name == "free" else THREE,
    )


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = acme_world(tmp_path, counting())
    asyncio.run(Control(world).clock.change(is_frozen=True))
    return world


def open_account(world: World, name: str) -> None:
    asyncio.run(Control(world).open_account(Wish("acme", name, {"token": f"{name}-token"})))


def status(world: World, token: str = TOKEN, body: bytes = WHO) -> int:
    headers = {**HEADERS, "Authorization": f"Bearer {token}"}
    return ask(world, "acme", "POST", CALLS, headers=headers, body=body).decision.outcome.reply.status


def statuses(world: World, times: int, **rest: Any) -> list[int]:
    return [status(world, **rest) for _ in range(times)]


def test_so_many_calls_are_let_through_in_each_window(world: World) -> None:
    assert statuses(world, 5) == [201, 201, 201, 429, 429]
    pass_time(world, 59)
    assert statuses(world, 1) == [429]
    pass_time(world, 1)
    assert statuses(world, 4) == [201, 201, 201, 429]


def test_the_refusal_names_the_vendors_own_claim_and_no_fault(world: World) -> None:
    statuses(world, 3)
    served = ask(world, "acme", "POST", CALLS, headers=HEADERS, body=WHO)
    assert (served.decision.refused_by, served.decision.fault) == ("auth/not-too-often", None)


def test_calls_that_are_refused_otherwise_count_too(world: World) -> None:
    assert statuses(world, 4, body=b"{}") == [400, 400, 400, 429]


def test_strangers_are_nobodys_to_count(world: World) -> None:
    assert statuses(world, 5, token="nobody's") == [401] * 5
    assert rows(world.store, "rate") == []


def test_each_account_has_its_own_count_and_some_have_none(world: World) -> None:
    open_account(world, "other")
    open_account(world, "free")
    assert statuses(world, 4) == [201, 201, 201, 429]
    assert statuses(world, 4, token="other-token") == [201, 201, 201, 429]
    assert statuses(world, 9, token="free-token") == [201] * 9


def test_what_is_planted_is_counted_beside_it(world: World) -> None:
    asyncio.run(Control(world).faults.plant({"problem": "broken", "rate": {"calls": 1, "seconds": 60}}))
    assert statuses(world, 4) == [201, 500, 500, 429]
    asyncio.run(Control(world).faults.lift_all())
    assert statuses(world, 1) == [429]


@pytest.mark.parametrize("code", ["400", "201"])
def test_an_answer_that_was_asked_for_counts_in_no_window(code: str, world: World) -> None:
    asyncio.run(Control(world).faults.plant({"rate": {"calls": 2, "seconds": 60}, "problem": "no-credits"}))
    for _ in range(5):
        served = ask(world, "acme", "POST", CALLS, headers={**HEADERS, "Prefer": f"code={code}"}, body=WHO)
        assert str(served.decision.outcome.reply.status) == code
    assert rows(world.store, "rate") == []
    assert statuses(world, 3) == [201, 201, 402]


def test_a_fault_that_spoke_to_it_is_counted_all_the_same(world: World) -> None:
    asyncio.run(Control(world).faults.plant({"delay": 2, "times": 1}))
    delays = []
    for _ in range(2):
        served = ask(world, "acme", "POST", CALLS, headers={**HEADERS, "Prefer": "code=400"}, body=WHO)
        delays.append(served.decision.delay)
    assert delays == [2, 0]


def test_it_is_forgotten_with_the_account_and_with_a_reset(world: World) -> None:
    open_account(world, "other")
    assert statuses(world, 4, token="other-token") == [201, 201, 201, 429]
    asyncio.run(Control(world).close_account("acme", "other"))
    assert rows(world.store, "rate") == []
    open_account(world, "other")
    assert statuses(world, 1, token="other-token") == [201]
    asyncio.run(Control(world).state.reset(what=["faults"]))
    assert rows(world.store, "rate") == []


def test_a_call_is_explained_as_it_would_be_judged_now_and_not_counted(world: World) -> None:
    asked = Asked("POST", CALLS, "acme", HEADERS, {"who": "Ada"})

    def refused_by() -> str | None:
        return asyncio.run(Explainer(world, "acme").explain(asked)).refused_by

    assert [refused_by() for _ in range(5)] == [None] * 5
    statuses(world, 3)
    assert refused_by() == "auth/not-too-often"


@STORES
def test_as_many_are_let_through_as_are_allowed_however_many_come_at_once(
    store: Callable[[], Store], tmp_path: Path
) -> None:
    world = acme_world(tmp_path, counting(), store=store())

    async def work() -> list[int]:
        calls = (world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO)) for _ in range(40))
        return [served.decision.outcome.reply.status for served in await asyncio.gather(*calls)]

    assert sorted(asyncio.run(work())) == [201] * 3 + [429] * 37
    assert len(rows(world.store, "record")) == 3


def test_a_count_is_part_of_a_snapshot(world: World) -> None:
    statuses(world, 2)
    state = Control(world).state
    kept = asyncio.run(state.snapshot())
    statuses(world, 1)
    asyncio.run(state.restore(bytes(kept)))
    assert statuses(world, 2) == [201, 429]
