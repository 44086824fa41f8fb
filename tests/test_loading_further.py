"""Records that others lead to: loaded when the first ones are known, and expected unmoved like them."""

import asyncio
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from mockserver.model import Facts, Kind, Outcome, Problem, Ref, Rule, Vendor
from tests.acme import CALLS, HEADERS, WHO, accept, acme_world, behaving, post, rows
from tests.stores import Hesitant
from tests.worlds import arrival


def pointed(facts: Facts) -> list[Ref]:
    """A name leads to the person who has it."""
    return [Ref("person", standing.body["person"]) for standing in facts.known.values()]


def meet(facts: Facts) -> Outcome:
    """Note a name and its person once, and how often the person was met."""
    outcome, who = accept(facts), facts.call.fields["who"]
    name = facts.at_hand("name", who)
    met = facts.at_hand("person", name.body["person"]) if name else None
    times = met.body["times"] if met else 0
    person = met.id if met else facts.call.derive("person")
    kept = [facts.record("person", person, {"times": times + 1}), facts.record("name", who, {"person": person})]
    return msgspec.structs.replace(outcome, records=(*kept, *outcome.records))


MET = behaving(accept=meet, refs=lambda call: [Ref("name", call.fields["who"])], further=pointed)


def people(found: list[tuple[tuple[str, ...], bytes]]) -> list[int]:
    return [msgspec.json.decode(value)["body"]["times"] for key, value in found if key[3] == "person"]


def test_a_record_is_found_by_one_that_leads_to_it(tmp_path: Path) -> None:
    world = acme_world(tmp_path, MET)
    assert [post(world).decision.outcome.reply.status for _ in range(3)] == [201] * 3
    assert people(rows(world.store, "record")) == [3]


def test_calls_that_meet_lose_nothing_of_what_they_were_led_to(tmp_path: Path) -> None:
    world = acme_world(tmp_path, MET, store=Hesitant())

    async def together() -> None:
        calls = (world.serve("acme", arrival("POST", CALLS, headers=HEADERS, body=WHO)) for _ in range(8))
        await asyncio.gather(*calls)

    asyncio.run(together())
    assert people(rows(world.store, "record")) == [8]


@pytest.mark.parametrize("refs", [{}, {"refs": lambda call: [Ref("name", call.fields["who"])]}], ids=["alone", "again"])
def test_what_a_call_leads_to_by_itself_is_asked_for_once(tmp_path: Path, refs: dict[str, object]) -> None:
    seen: Counter[int] = Counter()

    def count(facts: Facts) -> Problem | None:
        seen[len(facts.known)] += 1
        return Problem(Kind.INVALID, "known") if facts.at_hand("name", "Ada") else None

    def name(facts: Facts) -> Outcome:
        return msgspec.structs.replace(accept(facts), records=(facts.record("name", "Ada", {}),))

    vendor: Vendor = behaving(
        Rule("count", "count", count), accept=name, further=lambda _facts: [Ref("name", "Ada")], **refs
    )
    world = acme_world(tmp_path, vendor)
    assert [post(world).decision.outcome.reply.status for _ in range(2)] == [201, 400]
    assert seen == {0: 1, 1: 1}


def test_a_call_that_does_not_fit_leads_nowhere(tmp_path: Path) -> None:
    asked: list[Facts] = []

    def lead(facts: Facts) -> list[Ref]:
        asked.append(facts)
        return []

    world = acme_world(tmp_path, behaving(further=lead))
    assert post(world, b"{}").decision.refused_by == "schema/who-required"
    assert not asked
    assert post(world).decision.outcome.reply.status == 201
    assert len(asked) == 1
