"""Every case file, through the whole pipeline in memory: what vendors accept, and what they refuse and why."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import asdict

from mockserver.creation import Wish, furnish
from mockserver.engine.timeline import standing
from mockserver.model import Reply
from mockserver.state.accounts import account_key, read_account
from mockserver.state.records import read_record
from mockserver.world import Served, World
from tests.cases import Located, every_case, includes, keep, request_of
from tests.worlds import ask, new_world, pass_time

EVERY = list(every_case())


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {name: new_world(name) for name in {located.vendor for located in EVERY}}


@pytest.mark.parametrize("located", EVERY, ids=lambda located: located.id)
def test_case(located: Located, worlds: dict[str, World]) -> None:
    world = worlds[located.vendor]
    world.cap = located.case.cap
    account = furnish(world, Wish(located.vendor, **asdict(located.case.account)))
    assert asyncio.run(world.open(account))
    (held,) = asyncio.run(world.store.read([account_key(located.vendor, "demo")]))
    assert held
    demo = read_account(held).credentials
    exchanged = {name: (value, account.credentials[name]) for name, value in demo.items()}
    kept: dict[str, str] = {}
    for step in located.steps:
        pass_time(world, step.wait)
        request = request_of(located, step, exchanged, kept)
        served = ask(world, located.vendor, request.method, request.path, headers=request.headers, body=request.body)
        kept |= keep(step, served.decision.outcome.reply.body)
    check(located, served, world, account.name)


def check(located: Located, served: Served, world: World, account: str) -> None:
    wanted, decision = located.case.answer, served.decision
    assert decision.trouble is None, decision.trouble
    assert (decision.outcome.reply.status, decision.refused_by) == (wanted.status, wanted.refused_by)
    assert (located.verdict == "refused") is (decision.refused_by is not None)
    check_reply(located, decision.outcome.reply)
    check_memory(located, world, account)
    told = [advice.claim for advice in (*served.call.advice, *decision.outcome.advice)]
    assert [claim for claim in told if claim] == wanted.advice
    assert not decision.refused_by or not decision.outcome.records


def check_reply(located: Located, reply: Reply) -> None:
    wanted = located.case.answer
    if wanted.body is not None:
        assert reply.body == wanted.body
    if wanted.text is not None:
        assert (reply.body or "") == wanted.text
    assert includes(reply.body, wanted.includes) or not wanted.includes, reply.body
    headers = {name.lower(): value for name, value in reply.headers.items()} | {"content-type": reply.media_type}
    assert {name: headers.get(name) for name in wanted.headers} == wanted.headers


def check_memory(located: Located, world: World, account: str) -> None:
    wanted = located.case.answer
    held = asyncio.run(world.store.scan(("record", located.vendor, account)))
    now = asyncio.run(world.now())
    records = [standing(read_record(item), now) for _, item in held]
    for each in wanted.remembers:
        found: list[Any] = [record.body for record in records if record.record.kind == each.kind]
        assert any(includes(body, each.body) for body in found), found
    if located.verdict == "refused" and not located.case.before:
        assert not records
    if wanted.credits is not None:
        (row,) = asyncio.run(world.store.read([account_key(located.vendor, account)]))
        assert row
        assert read_account(row).credits == wanted.credits
