"""A report of what calls have shown: of a vendor, of an account, after an account has gone."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from mockserver.control import Control, Unknown, coverage
from mockserver.creation import Wish
from mockserver.kit.coverage import Item, Report
from mockserver.state.coverage import coverage_key
from mockserver.state.memory import MemoryStore
from mockserver.state.store import QUOTAS, Quota
from mockserver.world import World
from tests.stores import Interrupted
from tests.worlds import ask, new_world

DEMO = "voxjar-demo-token"
GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}


def upload(world: World, token: str = DEMO, **change: Any) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    served = ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=json.dumps(GOOD | change).encode())
    return served.decision.outcome.reply.status


def report(world: World, **narrowed: Any) -> Report:
    return asyncio.run(Control(world).coverage.read(**narrowed))


def told(world: World, claim: str, **narrowed: Any) -> Item:
    (item,) = (each for each in report(world, **narrowed).items if each.claim == claim)
    return item


def sides(world: World, claim: str, **narrowed: Any) -> tuple[bool | None, bool | None]:
    item = told(world, claim, **narrowed)
    return item.kept, item.broken


def open_account(world: World, name: str, token: str) -> None:
    asyncio.run(Control(world).open_account(Wish("voxjar", name, credentials={"token": token})))


@pytest.fixture
def world() -> World:
    return new_world("voxjar", "emberqa")


def test_a_claim_is_told_with_its_sentence_and_what_was_seen_of_it(world: World) -> None:
    assert told(world, "direction-inbound-or-outbound") == Item(
        vendor="voxjar",
        claim="direction-inbound-or-outbound",
        says=world.ledger("voxjar").claims["direction-inbound-or-outbound"].says,
        basis="documented",
        operations=("uploadInteraction",),
        kept=False,
        broken=False,
    )
    assert upload(world) == 200
    assert sides(world, "direction-inbound-or-outbound") == (True, False)
    assert upload(world, direction="inbound") == 400
    assert sides(world, "direction-inbound-or-outbound") == (True, True)
    assert sides(world, "form-has-file-and-payload") == (False, None)


def test_claims_come_in_the_order_of_their_page_and_unmet_ones_not_at_all(world: World) -> None:
    claims = world.ledger("voxjar").claims
    names = [each.claim for each in report(world, vendor="voxjar").items]
    assert names == [name for name in claims if name in names]
    assert all(claims[name].unmet is None for name in names)


def test_without_a_vendor_all_are_told(world: World) -> None:
    assert set(report(world).vendors) == {"voxjar", "emberqa"}
    assert set(report(world, vendor="emberqa").vendors) == {"emberqa"}


def test_accounts_side_by_side_show_each_what_is_its_own(world: World) -> None:
    open_account(world, "mine", "my-token")
    open_account(world, "theirs", "their-token")
    upload(world, "my-token")
    upload(world, "their-token", direction="inbound")
    assert sides(world, "direction-inbound-or-outbound", account="mine") == (True, False)
    assert sides(world, "direction-inbound-or-outbound", account="theirs", vendor="voxjar") == (False, True)
    assert sides(world, "direction-inbound-or-outbound", account="demo", vendor="voxjar") == (False, False)
    assert sides(world, "direction-inbound-or-outbound") == (True, True)


def test_calls_of_nobody_count_for_the_vendor_alone(world: World) -> None:
    assert upload(world, "wrong") == 401
    assert sides(world, "bearer-token") == (False, True)
    assert sides(world, "bearer-token", account="demo", vendor="voxjar") == (False, False)


def test_what_a_closed_account_has_shown_is_kept_and_nobody_inherits_it(world: World) -> None:
    upload(world, "wrong")
    for token, change in (("first", {}), ("second", {"direction": "inbound"})):
        open_account(world, "mine", token)
        assert sides(world, "direction-inbound-or-outbound", account="mine") == (False, False)
        upload(world, token, **change)
        asyncio.run(Control(world).close_account("voxjar", "mine"))
    assert sides(world, "direction-inbound-or-outbound") == (True, True)
    assert sides(world, "bearer-token") == (True, True)
    with pytest.raises(Unknown, match="there is no account 'mine' of voxjar"):
        report(world, vendor="voxjar", account="mine")


def test_an_account_that_called_nobody_leaves_nothing(world: World) -> None:
    open_account(world, "mine", "my-token")
    asyncio.run(Control(world).close_account("voxjar", "mine"))
    assert asyncio.run(world.store.count(("coverage",))) == 0


def test_a_closing_account_loses_nothing_to_calls_meanwhile(world: World) -> None:
    store = Interrupted()
    world.keep_in(store)
    open_account(world, "mine", "my-token")
    upload(world, "my-token")
    upload(world, "wrong")

    async def settle() -> None:
        async def meanwhile() -> None:
            headers = {"Content-Type": "application/json"}
            await asyncio.to_thread(ask, world, "voxjar", "PUT", "/api/v1/upload", headers=headers)

        store.left, store.meanwhile = 1, meanwhile
        await coverage.settle(store, "voxjar", "mine")

    asyncio.run(settle())
    assert sides(world, "wrong-method-is-405") == (True, True)
    assert asyncio.run(store.read([coverage_key("voxjar", "mine")])) == [None]


@pytest.mark.parametrize(
    ("narrowed", "says"),
    [
        ({"vendor": "nobody"}, "there is no vendor 'nobody': known are emberqa, voxjar"),
        ({"account": "nobody"}, "there is no account 'nobody' of emberqa or voxjar"),
        ({"account": "nobody", "vendor": "voxjar"}, "there is no account 'nobody' of voxjar"),
    ],
)
def test_what_there_is_not_is_said(narrowed: dict[str, str], says: str, world: World) -> None:
    with pytest.raises(Unknown, match=says):
        report(world, **narrowed)


def test_a_strict_server_breaks_what_else_no_request_can() -> None:
    world = new_world("emberqa", is_strict=True)
    assert sides(world, "unknown-fields-ignored") == (False, None)
    headers = {"Authorization": "Bearer emberqa-demo-key", "Content-Type": "application/json"}
    body = json.dumps({"media_url": "https://example.com/a.mp3?sig=1", "more": 1}).encode()
    served = ask(world, "emberqa", "POST", "/api/scoring/submitRecording", headers=headers, body=body)
    assert served.decision.refused_by == "schema/unknown-fields-ignored"
    assert sides(world, "unknown-fields-ignored") == (False, True)


def test_what_was_pushed_out_is_told() -> None:
    world = new_world("voxjar")
    world.keep_in(MemoryStore({**QUOTAS, "coverage": Quota(1, 1_000_000)}))
    upload(world, "wrong")
    open_account(world, "mine", "my-token")
    upload(world, "my-token")
    assert report(world).evicted == 1


@pytest.mark.parametrize("narrowed", [{}, {"account": "voxjar/mine"}, {"account": "voxjar/mine", "what": ["journal"]}])
def test_a_reset_forgets_it(narrowed: dict[str, Any], world: World) -> None:
    open_account(world, "mine", "my-token")
    upload(world, "my-token")
    upload(world, direction="inbound")
    asyncio.run(Control(world).state.reset(**narrowed))
    assert sides(world, "direction-inbound-or-outbound") == (False, bool(narrowed))


@pytest.mark.parametrize("narrowed", [{}, {"account": "voxjar/mine"}])
def test_accounts_that_a_reset_takes_away_leave_nothing_to_their_names(narrowed: dict[str, Any], world: World) -> None:
    mine = msgspec.structs.replace(world.demo("voxjar"), name="mine", credentials={"any": "my-token"})
    assert asyncio.run(world.open(mine))
    upload(world, "my-token")
    upload(world, direction="inbound")
    asyncio.run(Control(world).state.reset(what=["accounts"], **narrowed))
    open_account(world, "mine", "my-token")
    assert sides(world, "direction-required", vendor="voxjar", account="mine") == (False, False)
    assert sides(world, "direction-inbound-or-outbound", vendor="voxjar", account="demo") == (False, True)
    assert sides(world, "direction-inbound-or-outbound") == (True, True)


def test_a_snapshot_brings_it_back(world: World) -> None:
    upload(world)
    upload(world, "wrong")
    before, kept = report(world), asyncio.run(Control(world).state.snapshot())
    asyncio.run(Control(world).state.reset())
    assert report(world) != before
    asyncio.run(Control(world).state.restore(bytes(kept)))
    assert report(world) == before
