"""All state as one document: it goes into another server and comes out as it was, or nothing of it goes in."""

import json
from pathlib import Path

import pytest

from mockserver.control import Control, snapshots
from mockserver.creation import ConflictError, SetupError, Wish
from mockserver.model import Rule
from mockserver.state.accounts import issued_key
from mockserver.state.media import Lying
from mockserver.state.shelves import SHELVES
from mockserver.state.store import Dump, Write
from mockserver.world import World
from tests.acme import acme_world, behaving, post
from tests.holding import busy_world, changed, held, restore, run, take, upload
from tests.stores import Interrupted
from tests.worlds import new_world

HOOK = "http://127.0.0.1:9/hook"


def full_world() -> World:
    """Return a world of all vendors in which each shelf holds something."""
    world = busy_world("voxjar", "siro", "emberqa", seed="one")
    control = Control(world)
    told = [{"type": "webhook", "url": "http://127.0.0.1:9/told"}]
    card = {"id": "sc_told", "name": "Told", "status": "ACTIVE", "actions": told}
    mine = run(control.open_account(Wish("voxjar", "mine", credits=30, book={"scorecards": [card]})))
    upload(world, mine.credentials["token"], evaluation={"scorecardId": "sc_told"})
    upload(world, "voxjar-limited-token")
    run(control.media.put([Lying(url="https://a.example/1", failure="missing")], "voxjar/mine"))
    text = b'{"account":"demo","expires":"2026-06-23T14:30:00Z"}'
    run(world.store.commit([Write(issued_key("siro", "t"), text)], {}))
    # A rate is counted, and a webhook waits for its evaluation.
    upload(world, "voxjar-limited-token")
    card = {"id": "sc", "name": "Card", "status": "ACTIVE", "actions": [{"type": "webhook", "url": HOOK}]}
    run(control.open_account(Wish("voxjar", "told", {"token": "told-token"}, book={"scorecards": [card]})))
    upload(world, "told-token", evaluation={"scorecardId": "sc"})
    return world


def test_a_snapshot_goes_into_another_server_and_comes_out_as_it_was() -> None:
    world, other = full_world(), busy_world("voxjar", "siro", "emberqa", seed="two", pace="immediate")
    assert set(held(world)) == set(SHELVES)
    text = take(world)
    counted = restore(other, text)
    assert counted == {name: len(rows) for name, rows in held(world).items()}
    assert take(other) == text
    assert held(other) == held(world)
    assert upload(other) == upload(world)
    assert held(other) == held(world)


def test_it_tells_its_form_and_when_it_was_taken() -> None:
    found = json.loads(take(busy_world()))
    assert (found["format"], found["at"], found["vendors"]) == (1, "2026-06-23T14:31:00.000Z", ["voxjar"])
    names = ["demo", "broke", "flaky", "slow", "limited", "unplugged"]
    assert [row["key"] for row in found["shelves"]["account"]] == [["voxjar", name] for name in names]
    happened = {"record", "journal", "tally", "coverage", "clock"}
    assert set(found["shelves"]) == {"account", "token", "fault", "scenario", *happened}


def test_a_server_of_another_pace_goes_on_at_the_pace_of_the_snapshot() -> None:
    world, other = new_world("voxjar", pace="held"), new_world("voxjar", pace="immediate")
    upload(world)
    restore(other, take(world))
    assert run(Control(other).clock.read())["pace"] == "held"
    run(Control(other).state.reset())
    assert run(Control(other).clock.read())["pace"] == "immediate"


def test_what_was_pushed_out_is_part_of_it() -> None:
    world, other = new_world("voxjar"), new_world("voxjar")
    run(world.store.load(Dump(evicted={"journal": 7}), ["journal"]))
    restore(other, take(world))
    assert run(Control(other).journal.evicted()) == 7


def test_a_snapshot_that_could_not_be_restored_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    world = busy_world()
    size = len(take(world))
    rows = sum(fill.bytes for name, fill in run(world.store.filled()).items() if name in SHELVES)
    for most in (size - 1, rows - 1):
        monkeypatch.setattr(snapshots, "MOST_BYTES", most)
        with pytest.raises(
            ConflictError, match=f"a snapshot holds at most {most} bytes, and there are {rows}, .* first"
        ):
            take(world)
    monkeypatch.setattr(snapshots, "MOST_BYTES", size)
    assert len(take(world)) == size


def test_a_call_that_was_decided_before_is_decided_again(tmp_path: Path) -> None:
    judged: list[str] = []
    store, rule = Interrupted(), Rule("is_counted", "call-taken", lambda facts: judged.append(facts.call.id))
    control = Control(acme_world(tmp_path, behaving(rule), store=store))
    text = take(control.world)
    store.left, store.meanwhile = 1, lambda: control.state.restore(text)
    served = post(control.world)
    assert judged == [served.call.id] * 2
    assert [key[-1] for key in held(control.world)["record"]] == [served.call.id]


def test_what_accounts_have_left_behind_that_are_gone_is_no_part_of_it() -> None:
    world, other = busy_world("voxjar", seed="one"), new_world("voxjar")
    before = take(world)
    left = {name: (name, "voxjar", "gone") for name in ("opening", "scenario", "fault")}
    run(world.store.commit([Write(key, b"{}") for key in left.values()], {}))
    run(world.store.commit([Write(issued_key("voxjar", "t"), b'{"account":"gone"}')], {}))
    assert left.keys() <= held(world).keys()
    assert take(world) == before
    restore(other, before)
    assert take(other) == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "this is no snapshot: Input data was truncated"),
        (b"[]", "this is no snapshot: Expected `object`, got `array`"),
        (b"{}", "this is no snapshot of format 1, which is the one read here: its format is None"),
        (b'{"format": 2}', "its format is 2"),
        (b'{"format": "1"}', "its format is '1'"),
        (b'{"format": 1}', "this is no snapshot: Object missing required field `server`"),
        (b'{"format": 1, "shelves": ' + b"[" * 100_000, "this is no snapshot: "),
        (b'{"format": 1, "server": "\xff"}', "this is no snapshot: "),
        (changed("more", 1), "this is no snapshot: Object contains unknown field `more`"),
        (changed("chance", "AAAA"), "this is no snapshot: this is no place of a source of chance"),
        (changed("chance", "%"), "this is no snapshot: "),
        (changed("shelves/cellar", []), "the snapshot has a shelf 'cellar', and this server knows account, "),
        (changed("shelves/start", []), "the snapshot has a shelf 'start'"),
        (changed("evicted/cellar", 1), "the snapshot has a shelf 'cellar'"),
        (changed("evicted/journal", -1), "the snapshot has pushed out fewer than no rows of journal"),
    ],
    ids=lambda each: each[:60] if isinstance(each, str) else "text",
)
def test_what_is_no_snapshot_is_refused_and_nothing_is_changed(text: bytes, says: str) -> None:
    world = new_world("voxjar")
    before = take(world)
    with pytest.raises(SetupError) as refused:
        restore(world, text)
    assert says in str(refused.value)
    assert len(str(refused.value)) <= 600
    assert take(world)[100:] == before[100:]


def test_a_snapshot_of_vendors_that_are_not_served_is_refused() -> None:
    with pytest.raises(SetupError, match="account emberqa/demo: there is no vendor 'emberqa': known are voxjar"):
        restore(new_world("voxjar"), take(new_world("emberqa")))
