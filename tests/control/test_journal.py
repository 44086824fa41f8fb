"""Calls as a tester counts, awaits and follows them."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest

from mockserver.control import Control, TimedOut, Unknown, Wanted
from mockserver.control.resetting import reset
from mockserver.control.trails import with_rules
from mockserver.creation import Wish
from mockserver.state.memory import MemoryStore
from mockserver.state.shelves import write_start
from mockserver.state.store import QUOTAS, Quota
from mockserver.world import World
from tests.worlds import arrival, new_world

PATH = "/api/v1/upload"
BEARER = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": "application/json"}
GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}


def body(**change: Any) -> bytes:
    return json.dumps(GOOD | change).encode()


async def upload(world: World, who: str = "voxjar-demo-token", **change: Any) -> str:
    headers = BEARER | {"Authorization": f"Bearer {who}"}
    served = await world.serve("voxjar", arrival("POST", PATH, headers=headers, body=body(**change), vendor="voxjar"))
    return served.call.id


@pytest.fixture
def world() -> World:
    return new_world("voxjar")


def test_calls_are_counted_by_what_they_were(world: World) -> None:
    async def count() -> list[dict[str, int]]:
        await upload(world)
        await upload(world, direction="inbound")
        journal = Control(world).journal
        return [await journal.count(Wanted(values)) for values in ({}, {"status": 400}, {"account": "broke"})]

    assert asyncio.run(count()) == [{"count": each, "evicted": 0} for each in (2, 1, 0)]


def test_a_wait_is_over_with_the_call_that_was_waited_for(world: World) -> None:
    async def wait() -> tuple[bool, dict[str, int]]:
        await upload(world)
        waiting = asyncio.ensure_future(Control(world).journal.wait(Wanted({"status": 400}), count=2, timeout=10))
        await upload(world, direction="inbound")
        await upload(world)
        await asyncio.sleep(0)
        before = waiting.done()
        await upload(world, direction="inbound")
        return before, await waiting

    assert asyncio.run(wait()) == (False, {"count": 2, "evicted": 0})


def test_calls_that_came_before_the_wait_count(world: World) -> None:
    async def wait() -> dict[str, int]:
        await upload(world)
        return await Control(world).journal.wait(Wanted(), count=1, timeout=10)

    assert asyncio.run(wait())["count"] == 1


def test_a_wait_for_what_does_not_come_ends(world: World) -> None:
    async def wait() -> None:
        await upload(world)
        await Control(world).journal.wait(Wanted(), count=2, timeout=0.01)

    with pytest.raises(TimedOut, match=r"1 of 2 calls came within 0\.01 s"):
        asyncio.run(wait())


def test_who_follows_sees_every_call_in_its_order_and_none_twice(world: World) -> None:
    async def follow() -> tuple[list[str], list[str]]:
        before = await upload(world)
        seen: list[str] = []
        async with aclosing(Control(world).journal.follow(Wanted({"status": 200}))) as calls:
            following = asyncio.ensure_future(anext(calls))
            await asyncio.sleep(0)
            sent = [await upload(world, sourceIdentifier=str(number)) for number in range(3)]
            await upload(world, direction="inbound")
            for _ in sent:
                _, text = await following
                seen.append(json.loads(text)["id"])
                following = asyncio.ensure_future(anext(calls))
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        assert before not in seen
        return sent, seen

    sent, seen = asyncio.run(follow())
    assert seen == sent


def test_who_comes_back_follows_from_where_it_was(world: World) -> None:
    async def follow() -> tuple[list[str], list[str]]:
        sent = [await upload(world, sourceIdentifier=str(number)) for number in range(3)]
        journal, seen, place = Control(world).journal, [], 0
        for _ in sent:
            async with aclosing(journal.follow(Wanted(), after=place)) as calls:
                place, text = await anext(calls)
                seen.append(json.loads(text)["id"])
        return sent, seen

    sent, seen = asyncio.run(follow())
    assert seen == sent


def test_who_comes_from_another_server_sees_all_that_this_one_has(world: World) -> None:
    async def follow() -> tuple[list[str], list[str]]:
        sent: list[str] = [await upload(world) for _ in range(2)]
        seen: list[str] = []
        async with aclosing(Control(world).journal.follow(Wanted(), after=10**6)) as calls:
            for _ in range(3):
                if len(seen) == 2:
                    sent.append(await upload(world))
                _, text = await anext(calls)
                seen.append(json.loads(text)["id"])
        return sent, seen

    sent, seen = asyncio.run(follow())
    assert seen == sent


def test_who_comes_back_late_is_told_that_calls_have_gone() -> None:
    world = new_world("voxjar")
    world.keep_in(MemoryStore({**QUOTAS, "journal": Quota(2, 10**6)}))

    async def fill() -> list[int]:
        await world.open(world.demo("voxjar"))
        journal, places = Control(world).journal, []
        for _ in range(4):
            await upload(world)
            ((_, held),) = await world.store.scan(("journal",), limit=1)
            places.append(held.order)
        return [await journal.lost_behind(place) for place in (0, *places)]

    assert asyncio.run(fill()) == [0, 2, 2, 0, 0]


def test_a_journal_that_was_full_says_so() -> None:
    world = new_world("voxjar")
    world.keep_in(MemoryStore({**QUOTAS, "journal": Quota(2, 10**6)}))

    async def fill() -> tuple[dict[str, int], str]:
        await world.open(world.demo("voxjar"))
        first, *_ = [await upload(world) for _ in range(3)]
        return await Control(world).journal.count(Wanted()), first

    counted, first = asyncio.run(fill())
    assert counted == {"count": 2, "evicted": 1}
    with pytest.raises(Unknown, match="1 have been pushed out"):
        asyncio.run(Control(world).journal.read(first))
    with pytest.raises(TimedOut, match="1 were pushed out"):
        asyncio.run(Control(world).journal.wait(Wanted(), count=3, timeout=0.01))


@pytest.mark.parametrize(
    ("change", "verdicts"),
    [
        ({}, {"passed"}),
        ({"direction": "inbound"}, set()),
        ({"transcript": {}, "interactionType": "CHAT"}, {"passed", "failed", "not reached"}),
    ],
    ids=["accepted", "schema", "rule"],
)
def test_every_rule_of_a_call_is_told_with_its_verdict(world: World, change: Any, verdicts: set[str]) -> None:
    async def read() -> Any:
        return json.loads(bytes(await Control(world).journal.read(await upload(world, **change))))

    entry = asyncio.run(read())
    rules = [rule for step in entry["trail"] if step["step"] == "rules" for rule in step["rules"]]
    assert {rule["verdict"] for rule in rules} == verdicts
    assert all(rule["claim"] for rule in rules)


def test_a_step_that_failed_before_its_rules_has_reached_none(world: World) -> None:
    entry = {"vendor": "siro", "operation": None, "trail": [{"step": "auth", "passed": False}]}
    whole = new_world("siro")
    found = with_rules(json.dumps(entry).encode(), whole.vendors)
    assert {rule["verdict"] for rule in found["trail"][0]["rules"]} == {"not reached"}


def test_a_call_of_a_vendor_that_is_gone_is_told_as_it_was_kept(world: World) -> None:
    entry = {"vendor": "gone", "operation": "x", "trail": [{"step": "rules", "passed": True}]}
    assert with_rules(json.dumps(entry).encode(), world.vendors) == entry


def test_an_unmatched_call_is_its_callers(world: World) -> None:
    async def call() -> Any:
        served = await world.serve("voxjar", arrival("GET", "/nowhere", headers=BEARER, vendor="voxjar"))
        return json.loads(bytes(await Control(world).journal.read(served.call.id)))

    entry = asyncio.run(call())
    assert (entry["account"], entry["operation"], entry["status"]) == ("demo", None, 404)


@pytest.mark.parametrize(("calls", "lost"), [(0, 0), (1, 0), (2, 3), (3, 4)])
def test_an_account_opened_since_has_lost_nothing_until_its_own_may_be_pushed_out(calls: int, lost: int) -> None:
    world = new_world("voxjar")
    world.keep_in(MemoryStore({**QUOTAS, "journal": Quota(2, 10**6)}))

    async def fill() -> list[dict[str, int]]:
        await world.open(world.demo("voxjar"))
        for _ in range(3):
            await upload(world)
        # As soon as somebody reads, or the answers have left, what calls leave behind is there.
        await world.journal.read("")
        await Control(world).open_account(Wish("voxjar", "mine", {"token": "mine"}))
        for _ in range(calls):
            await upload(world, "mine")
        journal, mine = Control(world).journal, {"vendor": "voxjar", "account": "mine"}
        return [await journal.count(Wanted(mine)), await journal.count(Wanted(mine | {"account": "demo"}))]

    counted = asyncio.run(fill())
    assert counted == [
        {"count": min(calls, 2), "evicted": lost},
        {"count": max(2 - calls, 0), "evicted": 1 + calls},
    ]


def test_an_account_that_was_reset_has_lost_what_was_pushed_out_before() -> None:
    world = new_world("voxjar")
    world.keep_in(MemoryStore({**QUOTAS, "journal": Quota(2, 10**6)}))

    async def fill() -> dict[str, int]:
        demo = world.demo("voxjar")
        await world.open(demo)
        await world.store.commit([write_start(await world.store.dump(), world.ids.chance)], {})
        for _ in range(3):
            await upload(world)
        await world.journal.read("")
        await reset(world, account=None, what=["accounts"])
        return await Control(world).journal.count(Wanted({"vendor": "voxjar", "account": demo.name}))

    assert asyncio.run(fill()) == {"count": 2, "evicted": 1}
