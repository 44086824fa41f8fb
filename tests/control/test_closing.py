"""An account that goes: at once, with all that is its own, whoever comes in between."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.control import Control
from mockserver.control.resetting import remember_opening
from mockserver.creation import Wish
from mockserver.state.accounts import account_key, issued_key
from mockserver.state.media import Lying
from mockserver.state.shelves import SHELVES
from mockserver.state.store import Dump, Write
from tests.acme import acme_world
from tests.holding import held, run, upload
from tests.stores import Interrupted
from tests.worlds import new_world

HOOK = {"type": "webhook", "url": "http://127.0.0.1:9/hook"}
CARD = {"id": "sc", "name": "Card", "status": "ACTIVE", "actions": [HOOK]}
MINE = account_key("acme", "mine")
RECORD = Write(("record", "acme", "mine", "call", "late"), b"{}")


def owned(dump: Dump, account: str) -> set[str]:
    """Return the shelves on which something is an account's own, its calls left aside."""
    rows = [row for name, kept in dump.shelves.items() if name in SHELVES for row in kept]
    return {row[0][0] for row in rows if not SHELVES[row[0][0]].outlives and SHELVES[row[0][0]].owner(*row) == account}


def test_all_of_an_account_goes_in_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    world = new_world("voxjar")
    control, store, seen = Control(world), world.store, []
    run(
        control.open_account(
            Wish("voxjar", "mine", {"token": "t"}, book={"scorecards": [CARD]}, scenario="rate-limited")
        )
    )
    upload(world, "t", evaluation={"scorecardId": "sc"})
    run(control.media.put([Lying(url="https://a.example/1", failure="missing")], "voxjar/mine"))
    run(store.commit([Write(issued_key("voxjar", "i"), b'{"account":"mine"}')], {}))
    shelves = {"account", "opening", "token", "issued", "record", "fault", "rate", "scenario", "due", "delivery"}
    assert owned(run(store.dump()), "voxjar/mine") == shelves
    commit = store.commit

    async def watched(*words: Any) -> bool:
        is_done = await commit(*words)
        seen.append((owned(await store.dump(), "voxjar/mine"), await control.media.read()))
        return is_done

    monkeypatch.setattr(store, "commit", watched)
    run(control.close_account("voxjar", "mine"))
    assert seen
    assert all(found == (set(), []) for found in seen)


def test_what_a_call_leaves_meanwhile_goes_too(tmp_path: Path) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, store=store))
    run(control.open_account(Wish("acme", "mine", {"token": "t"})))
    store.left, store.meanwhile = 1, lambda: store.commit([RECORD], {})
    run(control.close_account("acme", "mine"))
    assert owned(run(store.dump()), "acme/mine") == set()


def test_whoever_has_the_name_next_keeps_what_is_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control(acme_world(tmp_path))
    run(control.open_account(Wish("acme", "mine", {"token": "t"})))
    store, commit = control.world.store, control.world.store.commit

    async def followed(writes: Any, expected: Any) -> bool:
        is_done = await commit(writes, expected)
        if expected.get(MINE):
            monkeypatch.undo()
            await control.open_account(Wish("acme", "mine", {"token": "next"}))
            await commit([RECORD], {})
        return is_done

    monkeypatch.setattr(store, "commit", followed)
    run(control.close_account("acme", "mine"))
    assert owned(run(store.dump()), "acme/mine") == {"account", "opening", "token", "record"}
    assert ("token", "acme", "next") in held(control.world)["token"]


def test_nothing_is_kept_of_how_an_account_was_opened_that_is_gone_again(tmp_path: Path) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, store=store))
    store.left, store.meanwhile = 1, lambda: control.close_account("acme", "mine")
    account = run(control.open_account(Wish("acme", "mine", {"token": "t"})))
    assert store.left == 0
    assert owned(run(store.dump()), "acme/mine") == set()
    run(remember_opening(control.world, account))
    assert owned(run(store.dump()), "acme/mine") == set()


def test_an_account_is_remembered_as_it_is_once_it_is_remembered(tmp_path: Path) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, store=store, credits=3))
    store.left, store.meanwhile = 1, lambda: control.change_account("acme", "mine", {"credentials": {"token": "u"}})
    run(control.open_account(Wish("acme", "mine", {"token": "t"})))
    run(control.change_account("acme", "mine", {"credentials": {"token": "v"}}))
    run(control.state.reset(account="acme/mine"))
    assert run(control.account("acme", "mine")).credentials == {"token": "u"}
