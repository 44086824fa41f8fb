"""The same seed and the same calls give the same bytes: ids, credentials made up, the order of keys, the journal."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mockserver.control import Control
from mockserver.engine.answers import content_of
from mockserver.faces.marks import marks
from mockserver.state.clock import Clock, Ids
from mockserver.state.memory import MemoryStore
from mockserver.state.shelves import write_start
from mockserver.world import Served, World
from tests.cases import Located, every_case, request_of
from tests.closure import carry_out
from tests.facts import NOW
from tests.holding import held, run, take
from tests.processes import Started
from tests.worlds import new_world

CASES = list(every_case())
SEEDS = [f"seed-{number}" for number in range(100)]


class Still(Clock):
    """A machine on which no time passes."""

    def now(self) -> Any:
        return NOW


def some_of(number: int) -> list[Located]:
    """Return a part of the cases for each seed, so that all seeds together have all of them."""
    return CASES[number % len(SEEDS) :: len(SEEDS)]


def seeded(like: World, seed: str) -> World:
    """Return a world that has just started: nothing of what is shared here ever changes."""
    world = World(
        like.documents,
        like.vendors,
        store=MemoryStore(),
        clock=Still(),
        ids=Ids(seed),
        demos=like.demos,
        media=like.media,
    )
    for demo in like.demos.values():
        assert run(world.open(demo))
    run(world.store.commit([write_start(run(world.store.dump()), world.ids.chance)], {}))
    return world


def bytes_of(served: Served) -> bytes:
    reply = served.decision.outcome.reply
    return msgspec.json.encode(
        [reply.status, reply.headers, [list(map(bytes.decode, mark)) for mark in marks(served)]]
    ) + (content_of(reply))


def answers(world: World, cases: list[Located]) -> list[bytes]:
    return [bytes_of(carry_out(located, world)) for located in cases]


@pytest.fixture(scope="module")
def like() -> World:
    return new_world()


def test_two_servers_of_one_seed_answer_and_note_the_same_bytes(like: World) -> None:
    different = set()
    for number, seed in enumerate(SEEDS):
        one, other = seeded(like, seed), seeded(like, seed)
        assert answers(one, some_of(number)) == answers(other, some_of(number))
        assert take(one) == take(other)
        different.add(take(one))
    assert len(different) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS[:10])
def test_a_server_that_was_led_back_answers_and_notes_the_same_bytes_again(like: World, seed: str) -> None:
    world = seeded(like, seed)
    begun = take(world)
    first, noted = answers(world, CASES[::10]), held(world)
    run(Control(world).state.reset())
    assert take(world) == begun
    assert (answers(world, CASES[::10]), held(world)) == (first, noted)


def test_what_is_restored_goes_on_with_the_same_bytes(like: World) -> None:
    one, other = seeded(like, "one"), seeded(like, "other")
    answers(one, CASES[::50])
    run(Control(other).state.restore(take(one)))
    assert answers(one, CASES[1::50]) == answers(other, CASES[1::50])
    assert take(one) == take(other)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[httpx.Client]]:
    """Give two processes of one seed; of what Python does by chance they do each its own."""
    started = [Started("--seed", "monday", cwd=tmp_path, PYTHONHASHSEED=hashed) for hashed in ("1", "2")]
    clients = [httpx.Client(base_url=each.url, headers={"Host": "127.0.0.1:4747"}, trust_env=False) for each in started]
    yield clients
    for client, each in zip(clients, started, strict=True):
        client.close()
        assert each.stop() == 0


def test_two_processes_of_one_seed_answer_and_note_the_same_bytes(two: list[httpx.Client]) -> None:
    for client in two:
        # Ahead of the machines' own time: what passes on the work clock until then is the same for both.
        client.put("/_mock/clock", json={"now": "2036-06-23T14:30:00Z", "frozen": True}).raise_for_status()
    assert [seen(two[0], located) for located in CASES[::3]] == [seen(two[1], located) for located in CASES[::3]]
    told = [client.get("/_mock/journal?limit=1000").content for client in two]
    assert told[0] == told[1]
    assert told[0].count(b'"trail"') > 100
    for path in ("/_mock/records?limit=1000", "/_mock/snapshot", "/_mock/vendors", "/_mock/openapi.json"):
        assert two[0].get(path).content == two[1].get(path).content, path


def seen(client: httpx.Client, located: Located) -> tuple[Any, ...]:
    """Return an account opened for a case and what its requests are answered, byte by byte."""
    account = client.post("/_mock/accounts", json={"vendor": located.vendor})
    found = [account.content]
    for step in located.steps:
        if not step.keep:
            found += heard(client, located, step, account.json()["credentials"])
    return tuple(found)


def heard(client: httpx.Client, located: Located, step: Any, credentials: Mapping[str, str]) -> list[bytes]:
    demo = client.get(f"/_mock/accounts/{located.vendor}/demo").json()["credentials"]
    request = request_of(located, step, {name: (value, credentials[name]) for name, value in demo.items()})
    headers = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()]
    url = f"/{located.vendor}{request.path}"
    answer = client.request(request.method, url, headers=headers, content=request.body)
    return [str(answer.headers.multi_items()).encode(), answer.content]
