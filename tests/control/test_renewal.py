"""A world that is read again goes on with what was remembered where that is sound, and says why where it is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.control import Control
from mockserver.control.renewal import renew
from mockserver.creation import Plan, Wish, create_world
from mockserver.state.clock import Clock
from mockserver.state.shelves import SHELVES
from mockserver.world import World
from tests.acme import CALLS, HEADERS, TOKEN, WHO, changed, write_folder
from tests.holding import held, run
from tests.plans import SWITCHING
from tests.worlds import ask

EXAMPLE = f"/paths/{CALLS.replace('/', '~1')}/post/responses/201/content/application~1json/example/id"
BOTH = ("acme", "bolt")
BOOK = {"type": "object", "properties": {"size": {"type": "integer"}}}


class Lived:
    """Acme from a folder, and a world of it in which a call was taken and an account opened."""

    def __init__(self, folder: Path, **plan: Any) -> None:
        self.folder = folder
        write_folder(folder / "acme")
        self.plan = Plan(vendors=("acme",), documents=folder, seed="one", **plan)
        self.world = run(create_world(self.plan))
        self.call = self.take(self.world)
        run(Control(self.world).open_account(Wish("acme", "mine", {"token": "mine"}, book={"size": "large"})))

    def take(self, world: World, vendor: str = "acme", token: str = TOKEN) -> str:
        served = ask(world, vendor, "POST", CALLS, headers={**HEADERS, "Authorization": f"Bearer {token}"}, body=WHO)
        assert served.decision.refused_by is None
        return served.call.id

    def renewed(self, **plan: Any) -> tuple[World, str | None]:
        wanted = replace(self.plan, **plan)
        fresh = run(create_world(wanted))
        return fresh, run(renew(self.world, fresh, self.plan, wanted))


@pytest.fixture
def lived(tmp_path: Path) -> Lived:
    return Lived(tmp_path / "documents")


def count(world: World) -> int:
    return run(world.store.count(("journal",)))


def test_another_document_changes_answers_and_nothing_that_was_remembered(lived: Lived) -> None:
    before = held(lived.world)
    write_folder(lived.folder / "acme", changed(EXAMPLE, "call-2"))
    world, gone = lived.renewed(is_strict=True)
    assert (gone, held(world), world.is_strict) == (None, before, True)
    served = ask(world, "acme", "POST", CALLS, headers=HEADERS, body=WHO)
    assert b"call-2" in served.content
    assert count(world) == 2
    assert lived.take(world, token="mine")


def test_time_and_chance_go_on(lived: Lived) -> None:
    run(Control(lived.world).clock.advance(1_000))
    then, ids = run(lived.world.now()).at, lived.world.ids
    write_folder(lived.folder / "acme", changed(EXAMPLE, "call-2"))
    world, _ = lived.renewed()
    assert run(world.now()).at >= then
    assert world.ids is ids
    assert world.journal is lived.world.journal


def test_a_call_that_began_before_ends_as_it_began(lived: Lived) -> None:
    write_folder(lived.folder / "acme", changed(EXAMPLE, "call-2"))
    world, _ = lived.renewed()
    served = ask(lived.world, "acme", "POST", CALLS, headers=HEADERS, body=WHO)
    assert b"call-1" in served.content
    assert count(world) == 2


def test_a_vendor_may_come_and_a_reset_knows_it(lived: Lived) -> None:
    write_folder(lived.folder / "bolt")
    world, gone = lived.renewed(vendors=BOTH)
    assert gone is None
    assert lived.take(world, "bolt", "bolt-demo-token")
    assert count(world) == 2
    run(Control(world).state.reset())
    assert held(world) == held(run(create_world(replace(lived.plan, vendors=BOTH))))
    assert lived.take(world, "bolt", "bolt-demo-token")


def test_an_account_may_come_with_the_settings(lived: Lived) -> None:
    world, gone = lived.renewed(wishes=(Wish("acme", "yours", {"token": "yours"}),))
    assert gone is None
    assert lived.take(world, token="yours")
    assert lived.take(world, token="mine")


@pytest.mark.parametrize("wish", [Wish("acme", "mine", {"token": "other"}), Wish("acme", "other", {"token": "mine"})])
def test_an_account_that_comes_is_not_mixed_up_with_one_that_is_there(wish: Wish, lived: Lived) -> None:
    world, gone = lived.renewed(wishes=(wish,))
    assert gone == "another has the name or the credential of an account that it begins with"
    assert count(world) == 0
    assert lived.take(world, token=wish.credentials["token"])


def begun_anew(lived: Lived, world: World, plan: Plan) -> None:
    assert held(world) == held(run(create_world(plan)))
    assert world.store is lived.world.store
    run(Control(world).state.reset())
    assert held(world) == held(run(create_world(plan)))


def test_where_a_vendor_is_gone_all_begins_anew(lived: Lived) -> None:
    write_folder(lived.folder / "bolt")
    lived.world = lived.renewed(vendors=BOTH)[0]
    world, gone = lived.renewed()
    assert gone == "bolt is served no more"
    begun_anew(lived, world, lived.plan)


@pytest.mark.parametrize(("setting", "value"), [("pace", "immediate"), ("seed", "two")])
def test_what_would_have_gone_otherwise_begins_anew(setting: str, value: str, lived: Lived) -> None:
    world, gone = lived.renewed(**{setting: value})
    assert gone == f"the {setting} is another"
    begun_anew(lived, world, replace(lived.plan, **{setting: value}))
    assert world.clock is not lived.world.clock
    assert isinstance(world.clock, Clock)


def test_where_a_demo_account_begins_otherwise_all_begins_anew(lived: Lived) -> None:
    (lived.folder / "acme" / "behaviour.py").write_text(SWITCHING)
    world, gone = lived.renewed()
    assert gone == "acme begins otherwise than before"
    begun_anew(lived, world, lived.plan)


def test_where_everything_begins_otherwise_that_is_said(lived: Lived) -> None:
    rules = '[[fault]]\nproblem = "broken"\n'
    (lived.folder / "_scenarios").mkdir()
    (lived.folder / "_scenarios" / "bad.toml").write_text(f'says = "all is broken"\n{rules}')
    lived.plan = replace(lived.plan, scenario="bad")
    lived.world = run(create_world(lived.plan))
    (lived.folder / "_scenarios" / "bad.toml").write_text(f'says = "all is broken"\n{rules}times = 1\n')
    world, gone = lived.renewed()
    assert gone == "it begins otherwise than before"
    begun_anew(lived, world, lived.plan)


def test_where_an_account_does_not_fit_any_more_all_begins_anew(lived: Lived) -> None:
    (lived.folder / "acme" / "book.json").write_text(json.dumps(BOOK))
    world, gone = lived.renewed()
    assert gone == "the account acme/mine does not fit: book.size must be a whole number, not text"
    begun_anew(lived, world, lived.plan)


def test_a_world_that_nobody_has_started_is_no_reason(lived: Lived) -> None:
    run(lived.world.store.clear(("start",)))
    for name in SHELVES:
        run(lived.world.store.clear((name,)))
    world, gone = lived.renewed()
    assert gone is None
    assert lived.take(world)
