"""What holds when calls meet: a store that lets others in between every reading and writing."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mockserver.control import Control
from mockserver.model import Facts, Kind, Outcome, Problem, Ref, Rule, Vendor
from mockserver.state.store import Store
from mockserver.world import ATTEMPTS, Served, World
from tests.acme import CALLS, HEADERS, TOKEN, WHO, accept, acme_world, behaving, post, rows
from tests.redis_server import REDIS
from tests.stores import Hesitant, Interrupted
from tests.worlds import arrival


def pay(facts: Facts) -> Outcome:
    poorer = msgspec.structs.replace(facts.account, credits=(facts.account.credits or 0) - 1)
    return msgspec.structs.replace(accept(facts), account=poorer)


PAID = behaving(
    Rule("credits", "credits", lambda facts: None if facts.account.credits else Problem(Kind.NO_CREDITS, "no credits")),
    accept=pay,
)


def name_once(facts: Facts) -> Outcome:
    outcome = accept(facts)
    return msgspec.structs.replace(
        outcome, records=(*outcome.records, facts.record("name", facts.call.fields["who"], {}))
    )


NAMED = behaving(
    Rule("unique", "unique", lambda facts: Problem(Kind.INVALID, "taken") if facts.known else None),
    accept=name_once,
    refs=lambda call: [Ref("name", call.fields["who"])],
)


def together(world: World, count: int = 8, token: str = TOKEN) -> list[Served]:
    headers = HEADERS | {"Authorization": f"Bearer {token}"}

    async def work() -> list[Served]:
        calls = (world.serve("acme", arrival("POST", CALLS, headers=headers, body=WHO)) for _ in range(count))
        return await asyncio.gather(*calls)

    return asyncio.run(work())


STORES = pytest.mark.parametrize("make", [Hesitant, REDIS], ids=lambda make: make.__name__)


@STORES
@pytest.mark.parametrize(
    ("vendor", "statuses", "kept"), [(PAID, {201: 3, 402: 5}, 3), (NAMED, {201: 1, 400: 7}, 2)], ids=["credits", "name"]
)
def test_of_eight_calls_at_once_as_many_are_accepted_as_may_be(
    tmp_path: Path, vendor: Vendor, statuses: dict[int, int], kept: int, make: Callable[[], Store]
) -> None:
    world = acme_world(tmp_path, vendor, store=make(), credits=3)
    found = together(world)
    assert Counter(served.decision.outcome.reply.status for served in found) == statuses
    assert len(rows(world.store, "record")) == kept
    assert len(rows(world.store, "journal")) == 8
    assert len({served.call.id for served in found}) == 8


@STORES
def test_no_call_starves_however_many_come_at_once(tmp_path: Path, make: Callable[[], Store]) -> None:
    """Each changes the account that all others rest on, and there are more of them than a call tries."""
    world = acme_world(tmp_path, PAID, store=make(), credits=2 * ATTEMPTS)
    found = together(world, 2 * ATTEMPTS + 1)
    statuses = Counter(served.decision.outcome.reply.status for served in found)
    assert statuses == {201: 2 * ATTEMPTS, 402: 1}


@STORES
def test_a_token_that_many_show_first_is_one_account(tmp_path: Path, make: Callable[[], Store]) -> None:
    world = acme_world(tmp_path, behaving(), store=make(), any_token=True)
    assert {served.decision.outcome.reply.status for served in together(world, token="fresh")} == {201}
    assert len(rows(world.store, "account")) == 2
    assert len({key[2] for key, _ in rows(world.store, "record")}) == 1


def test_an_endless_contention_is_the_vendors_500(tmp_path: Path) -> None:
    store = Interrupted()
    world = acme_world(tmp_path, PAID, store=store, credits=3)
    store.meanwhile = lambda: Control(world).change_account("acme", "demo", {"credits": 3})
    store.left = ATTEMPTS
    decision = post(world).decision
    assert (decision.outcome.reply.status, decision.refused_by) == (500, None)
    assert "too much contention" in (decision.trouble or "")
    assert not rows(world.store, "record")
    assert len(rows(world.store, "journal")) == 1


def test_contention_that_ends_in_time_is_not_seen(tmp_path: Path) -> None:
    store = Interrupted()
    world = acme_world(tmp_path, PAID, store=store, credits=3)
    store.meanwhile = lambda: Control(world).change_account("acme", "demo", {"credits": 3})
    store.left = ATTEMPTS - 1
    assert post(world).decision.outcome.reply.status == 201
    assert len(rows(world.store, "record")) == 1


def test_an_account_that_goes_meanwhile_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Interrupted()
    world = acme_world(tmp_path, behaving(), store=store)
    store.meanwhile = lambda: Control(world).close_account("acme", "demo")
    store.left = 1
    assert post(world).decision.refused_by == "auth/key-needed"
    assert not rows(world.store, "record")


def test_a_record_that_comes_meanwhile_is_seen(tmp_path: Path) -> None:
    world = acme_world(tmp_path, NAMED)
    assert post(world).decision.outcome.reply.status == 201
    assert post(world).decision.refused_by == "rules/unique"
