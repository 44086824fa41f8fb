"""Hostile bodies to every vendor's real operation, under the demo account's credential: none is ever accepted."""

import asyncio
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from mockserver.world import Served, World
from tests.security.honest_bodies import FORMS, JSONS, Honest
from tests.security.hostile_forms import hostile_forms
from tests.security.hostile_json import Hostile, hostile_json, plain
from tests.worlds import ask, new_world

STEPS = ("transport/", "schema/", "rules/")


@cache
def world_of(vendor: str) -> World:
    """Return a world that only hostile bodies reach, and where no record may ever appear."""
    return new_world(vendor)


def send(world: World, honest: Honest, hostile: Hostile) -> Served:
    typed = {} if hostile.content_type is None else {"content-type": hostile.content_type}
    headers = {**honest.headers, **typed, **hostile.headers}
    body = hostile.body + b" " * hostile.blanks
    return ask(world, honest.vendor, "POST", honest.path, headers=headers, body=body, chunk=hostile.chunk)


def every_body() -> Iterator[Any]:
    for honest in JSONS:
        for name, hostile in hostile_json(honest.fields):
            yield pytest.param(honest, hostile, id=f"{honest.id}-{name}")
    for honest in FORMS:
        for name, hostile in hostile_forms(honest):
            yield pytest.param(honest, hostile, id=f"{honest.id}-{name}")


BODIES = list(every_body())


@pytest.mark.parametrize("honest", [*JSONS, *FORMS], ids=lambda honest: honest.id)
def test_the_honest_body_is_accepted(honest: Honest) -> None:
    body = honest.form() if honest.parts else plain(honest.fields).encode()
    for chunk in (7, 65_536):
        world = new_world(honest.vendor)
        served = send(world, honest, Hostile(body, honest.content_type, chunk=chunk))
        assert (served.decision.refused_by, served.decision.trouble) == (None, None)
        assert records(world) > 0


def records(world: World) -> int:
    return asyncio.run(world.store.count(("record",)))


def test_there_are_enough_of_them_for_every_vendor() -> None:
    assert len(BODIES) > 500
    assert {honest.vendor for honest in (*JSONS, *FORMS)} >= {"emberqa", "resonaa", "authenticx", "voxjar", "siro"}


@pytest.mark.parametrize(("honest", "hostile"), BODIES)
def test_a_hostile_body_is_refused_in_the_vendors_voice_and_leaves_nothing(honest: Honest, hostile: Hostile) -> None:
    world = world_of(honest.vendor)
    served = send(world, honest, hostile)
    decision, reply = served.decision, served.decision.outcome.reply
    assert decision.trouble is None
    assert (decision.refused_by or "accepted").startswith(STEPS)
    assert 400 <= reply.status < 500
    assert (decision.outcome.records, records(world)) == ((), 0)
    assert len(msgspec.json.encode(reply.body)) < 8_000
    entry = asyncio.run(world.journal.get(str(served.call.id)))
    assert entry is not None
    assert (entry.status, entry.refused_by) == (reply.status, decision.refused_by)
