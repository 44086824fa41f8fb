"""Records that move on: with time, or once for each asking; never for a call that was not accepted."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from mockserver.control import Control
from mockserver.model import Kind, Operation, Outcome, Problem, Reply, Rule
from tests.acme import CALLS, HEADERS, post, rows
from tests.acme_reading import ONE, OPERATIONS, get, kept, made, state
from tests.stores import Hesitant, Interrupted
from tests.worlds import arrival, ask, pass_time


def test_a_record_moves_on_with_time_and_nothing_else(tmp_path: Path) -> None:
    world = made(tmp_path)
    post(world)
    seen = []
    for wait in (0, 9, 1, 49, 1, 3600):
        pass_time(world, wait)
        seen.append((state(get(world)), state(get(world, CALLS))))
    assert [one for one, _ in seen] == ["taken", "taken", "working", "working", "done", "done"]
    assert all(one == listed for one, listed in seen)
    assert kept(world).reads == 0


def test_work_begins_when_a_record_is_first_kept_and_a_change_does_not_begin_it_anew(tmp_path: Path) -> None:
    world = made(tmp_path)
    pass_time(world, 1000)
    post(world)
    began = kept(world).began
    pass_time(world, 30)
    ask(world, "acme", "PATCH", ONE, headers=HEADERS)
    assert (kept(world).began, kept(world).body) == (began, {"state": "taken", "note": "new"})
    assert state(get(world)) == "working"
    pass_time(world, 30)
    assert state(get(world)) == "done"


def test_where_no_wait_is_left_a_record_is_done_as_soon_as_it_is_kept(tmp_path: Path) -> None:
    world = made(tmp_path, "immediate")
    post(world)
    assert state(get(world)) == "done"


def test_where_work_is_held_it_waits_until_somebody_lets_it_go_on(tmp_path: Path) -> None:
    world = made(tmp_path, "held")
    post(world)
    pass_time(world, 10**6)
    assert state(get(world)) == "taken"
    asyncio.run(Control(world).clock.change(pace="1"))
    pass_time(world, 10)
    assert state(get(world)) == "working"


@pytest.mark.parametrize("path", [ONE, CALLS])
@pytest.mark.parametrize(
    ("pace", "states"),
    [
        ("reads:1", ["taken", "done", "done"]),
        ("reads:2", ["taken", "working", "done", "done"]),
        ("reads:4", ["taken", "taken", "working", "working", "done"]),
    ],
)
def test_each_asking_moves_a_record_on_once_and_after_so_many_it_is_done(
    tmp_path: Path, pace: str, states: Sequence[str], path: str
) -> None:
    world = made(tmp_path, pace)
    post(world)
    assert [state(get(world, path)) for _ in states] == states
    assert kept(world).reads == int(pace[-1])


PLANTED = {"Prefer": "code=200"}


@pytest.mark.parametrize(
    ("path", "headers", "operations"),
    [
        (f"{CALLS}/c-2", {}, {}),
        (ONE, {"Authorization": "Bearer nobody"}, {}),
        (ONE, PLANTED, {}),
        (ONE, {"Prefer": "code=404"}, {}),
        (f"{CALLS}?limit=x", {}, {}),
        (CALLS, PLANTED, {}),
        (ONE, {}, {"readCall": msgspec.structs.replace(OPERATIONS["readCall"], accept=lambda _: 1 / 0)}),
        (
            ONE,
            {},
            {
                "readCall": msgspec.structs.replace(
                    OPERATIONS["readCall"], rules=(Rule("no", "never", lambda _: Problem(Kind.FORBIDDEN, "no")),)
                )
            },
        ),
    ],
    ids=["unknown", "nobody", "planted", "planted refusal", "list refused", "planted list", "broken", "refused"],
)
def test_only_a_call_that_was_accepted_moves_a_record_on(
    tmp_path: Path, path: str, headers: dict[str, str], operations: dict[str, Operation]
) -> None:
    world = made(tmp_path, "reads:2", operations=operations)
    post(world)
    before = rows(world.store, "record")
    get(world, path, **headers)
    assert rows(world.store, "record") == before
    assert len(rows(world.store, "journal")) == 2


def test_an_answer_that_breaks_its_document_moves_nothing_on(tmp_path: Path) -> None:
    wrong = msgspec.structs.replace(OPERATIONS["readCall"], accept=lambda _: Outcome(Reply(200, {"ident": 5})))
    world = made(tmp_path, "reads:2", operations={"readCall": wrong}, check_replies=True)
    post(world)
    assert get(world).decision.outcome.reply.status == 500
    assert kept(world).reads == 0


def test_a_call_that_writes_what_it_asked_for_does_not_move_it_on_beside(tmp_path: Path) -> None:
    world = made(tmp_path, "reads:2")
    post(world)
    ask(world, "acme", "PATCH", ONE, headers=HEADERS)
    assert (kept(world).reads, kept(world).body["note"]) == (0, "new")


@pytest.mark.parametrize("path", [ONE, CALLS])
def test_askings_at_once_are_each_counted(tmp_path: Path, path: str) -> None:
    world = made(tmp_path, "reads:50", Hesitant())
    post(world)

    async def together() -> None:
        calls = (world.serve("acme", arrival("GET", path, headers=HEADERS)) for _ in range(20))
        await asyncio.gather(*calls)

    asyncio.run(together())
    assert kept(world).reads == 20


def test_a_list_never_writes_an_old_record_over_a_new_one(tmp_path: Path) -> None:
    store = Interrupted()
    world = made(tmp_path, "reads:2", store)
    post(world)
    store.meanwhile = lambda: world.serve("acme", arrival("PATCH", ONE, headers=HEADERS))
    store.left = 1
    assert state(get(world, CALLS)) == "taken"
    assert (kept(world).reads, kept(world).body["note"]) == (1, "new")
