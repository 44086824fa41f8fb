"""No row goes in with a snapshot that this server would never have written."""

import json
from typing import Any

import pytest

from mockserver.control import Control, checking
from mockserver.control.metrics import exposition
from mockserver.creation import SetupError, Wish
from mockserver.delivery import Courier
from mockserver.state.media import Lying
from mockserver.world import World
from tests.holding import busy_snapshot, busy_world, changed, held, restore, run, take, upload
from tests.worlds import new_world

SHELVES = json.loads(busy_snapshot())["shelves"]
RECORD, ENTRY, CLOCK = "shelves/record/0", "shelves/journal/0", "shelves/clock/0/value"
ACCOUNT, TOKEN = "shelves/account/0", "shelves/token/0"
TALLY, MEDIA, ISSUED = "shelves/tally", "shelves/media", "shelves/issued"
CALL = SHELVES["journal"][0]["key"][0]
KIND, IDENT = SHELVES["record"][0]["key"][2:]
LINE = {"url": "https://a.example/1", "failure": "missing"}
FAULT = "shelves/fault/0/value/0"
DELIVERY = {
    "vendor": "voxjar",
    "account": "demo",
    "kind": "interaction",
    "record": "r",
    "call": "c",
    "state": "pending",
    "created": "2026-06-23T14:30:00Z",
    "message": {"id": "m", "url": "http://127.0.0.1:9/", "event": "e", "payload": {}},
}
DUE = {"kind": "interaction", "record": "r", "stage": 1, "target": "127.0.0.1:9"}
ATTEMPT = {"at": "2026-06-23T14:30:00Z", "status": 500, "error": None, "answer": "", "seconds": 0.1}
WINDOW = {"since": "2026-06-23T14:30:00Z", "calls": 1}
WEBHOOK = ("voxjar", "demo", "m")
COUNTED = ["voxjar", "uploadInteraction", "200", ""]
INTERACTION = next(index for index, row in enumerate(SHELVES["record"]) if row["value"].get("timeline"))
MOVING = f"shelves/record/{INTERACTION}/value"


def row(value: Any, *key: str) -> list[dict[str, Any]]:
    return [{"key": key, "value": value}]


BROKEN: list[tuple[str, Any, str]] = [
    (f"{ACCOUNT}/key", ["voxjar"], "account voxjar: its key has 1 words, and not 2"),
    (f"{ACCOUNT}/key", ["voxjar", "broke"], "account voxjar/broke: this is the account voxjar/demo"),
    ("shelves/account/1", SHELVES["account"][0], "account voxjar/demo: it is there twice"),
    (f"{ACCOUNT}/value/name", None, "account voxjar/demo: Object missing required field `name`"),
    (f"{ACCOUNT}/value/vendor", "emberqa", "there is no vendor 'emberqa': known are voxjar"),
    (
        f"{ACCOUNT}",
        row({**SHELVES["account"][0]["value"], "name": "a/b"}, "voxjar", "a/b")[0],
        "the account voxjar/a/b",
    ),
    (f"{ACCOUNT}/value/options/success_status", 204, "option 'success_status' is one of 200, 201, not 204"),
    (f"{ACCOUNT}/value/book", {"tagz": []}, "account voxjar/demo: book has no field tagz"),
    (f"{ACCOUNT}/value/credits", "many", "account voxjar/demo: Expected `float | null`, got `str` - at `$.credits`"),
    (f"{ACCOUNT}/value/credentials/token", "voxjar-broke-token", "another account has one of its credentials"),
    (f"{ACCOUNT}/value/credentials/token", "stray", "a credential ending in 'tray' is not as its account has it"),
    (f"{TOKEN}", None, "a credential ending in 'oken' is not as its account has it"),
    (f"{TOKEN}/value/account", "broke", "a credential ending in 'oken' is not as its account has it"),
    (f"{TOKEN}/value/account", "nobody", "there is no account voxjar/nobody"),
    (ISSUED, row({"account": "nobody"}, "voxjar", "t"), "issued voxjar/t: there is no account voxjar/nobody"),
    (ISSUED, row({"account": "demo", "expires": "2026-06-23T14:30:00"}, "voxjar", "t"), "expires has no time zone"),
    (f"{RECORD}/key/3", "other", f"record voxjar/demo/{KIND}/other: this is the record voxjar/demo/{KIND}/{IDENT}"),
    (f"{RECORD}/value/created", "2026-06-23T14:30:00", "created has no time zone"),
    (f"{RECORD}/value/created", "yesterday", "Invalid RFC3339 encoded datetime - at `$.created`"),
    (f"{MOVING}/pushed", 7, "7 of 2 moments cannot be past"),
    (f"{MOVING}/pushed", -1, "-1 of 2 moments cannot be past"),
    (f"{MOVING}/began", 1e300, "began is longer than anything takes"),
    (f"{MOVING}/timeline/0/after", -1e300, "after is longer than anything takes"),
    (f"{RECORD}/value/more", "\ud800", "this is no snapshot: JSON is malformed"),
    (f"{ENTRY}/key", ["another"], f"journal another: this is the call {CALL}"),
    (f"{ENTRY}/value/vendor", "emberqa", "there is no vendor 'emberqa'"),
    (f"{ENTRY}/value/at", "2026-06-23T14:30:00", "at has no time zone"),
    (f"{ENTRY}/value/basis", "hearsay", "Invalid enum value 'hearsay' - at `$.basis`"),
    (TALLY, row(-1, *COUNTED), "tally voxjar/uploadInteraction/200/: nobody called less than never"),
    (TALLY, row(1.5, *COUNTED), "Expected `int`, got `float`"),
    (TALLY, row(1, "emberqa", *COUNTED[1:]), "there is no vendor 'emberqa'"),
    (f"{CLOCK}/pace", "fast", "clock : a pace is a number of at most six digits"),
    (f"{CLOCK}/frozen", "9999-12-31T00:00:00Z", "the clock goes from 0010-01-01 to 9990-01-01"),
    (f"{CLOCK}/since", "0002-01-01T00:00:00Z", "the clock goes from 0010-01-01"),
    (f"{CLOCK}/work", 1e19, "work is longer than anything takes"),
    (MEDIA, row([{**LINE, "prefix": "https://"}]), "media : a line of the table has either url or prefix"),
    (MEDIA, row([{**LINE, "account": "emberqa/demo"}]), "there is no vendor 'emberqa'"),
    (f"{ACCOUNT}/value/credits", -5, "Expected `float` >= 0.0"),
    ("shelves/scenario/0/value/credits", -5, "Expected `float` >= 0.0 - at `$.credits`"),
    (f"{FAULT}/name", "a b", "this is no fault: Expected `str` matching regex"),
    (f"{FAULT}/name", "a\n", "this is no fault: Expected `str` matching regex"),
    (f"{FAULT}/delay", 61, "this is no fault: Expected `float` <= 60.0 - at `$.delay`"),
    (f"{FAULT}/problem", "gremlins", "there is no problem 'gremlins'"),
    (f"{FAULT}/match", {"vendor": "voxjar"}, "would not have been planted so"),
    (f"{FAULT}/staged", "voxjar/another", "would not have been planted so"),
    ("shelves/delivery", row({**DELIVERY, "state": "lost"}, "voxjar", "demo", "m"), "this is voxjar/demo/m, lost"),
    (
        "shelves/delivery",
        row(DELIVERY, "voxjar", "demo", "n"),
        "delivery voxjar/demo/n: this is voxjar/demo/m, pending",
    ),
    (MEDIA, row([{**LINE, "more": 1}]), "Object contains unknown field `more`"),
    (f"{RECORD}/value/created", "9999-12-31T23:59:59Z", "created is 9999-12-31, and the clock goes from 0010-01-01"),
    (f"{RECORD}/value/created", "0001-01-01T00:00:00+12:00", "created is 0001-01-01, and the clock goes from"),
    (
        "shelves/delivery",
        row({**DELIVERY, "attempts": [{**ATTEMPT, "at": "2026-06-23T14:30:00"}]}, *WEBHOOK),
        "at has no time zone",
    ),
    ("shelves/due", row({**DUE, "stage": -1}, *WEBHOOK), "nothing waits for the moment -1, or was tried 0 times"),
    ("shelves/due", row({**DUE, "tried": 99}, *WEBHOOK), "nothing waits for the moment 1, or was tried 99 times"),
    ("shelves/due", row({**DUE, "tried": -1}, *WEBHOOK), "nothing waits for the moment 1, or was tried -1 times"),
    ("shelves/due", row({**DUE, "pause": 1e17}, *WEBHOOK), "due voxjar/demo/m: pause is 0 to 86400 seconds"),
    ("shelves/due", row({**DUE, "pause": -1}, *WEBHOOK), "due voxjar/demo/m: pause is 0 to 86400 seconds"),
    ("shelves/due", row({**DUE, "since": "9999-12-31T00:00:00Z"}, *WEBHOOK), "since is 9999-12-31, and the clock goes"),
    ("shelves/due", row(DUE, "*", "demo", "m"), "there is no vendor '*'"),
    ("shelves/due", row(DUE, "voxjar", "*", "m"), "due voxjar/*/m: this is nobody's own"),
    ("shelves/coverage", row({}, "emberqa", ""), "there is no vendor 'emberqa'"),
    ("shelves/scenario", row({"name": "s"}, "emberqa", "*"), "there is no vendor 'emberqa'"),
    ("shelves/rate", row(WINDOW, "emberqa", "*", "f", "emberqa", ""), "there is no vendor 'emberqa'"),
]


@pytest.mark.parametrize(("path", "value", "says"), BROKEN)
def test_a_row_that_was_never_written_here_is_refused_and_nothing_is_changed(path: str, value: Any, says: str) -> None:
    world = busy_world()
    before = held(world)
    with pytest.raises(SetupError) as refused:
        restore(world, changed(path, value))
    assert says in str(refused.value)
    assert held(world) == before


def test_rows_are_kept_in_one_line_however_they_were_written() -> None:
    world = new_world("voxjar")
    restore(world, json.dumps(json.loads(busy_snapshot()), indent=4).encode())
    assert take(world) == busy_snapshot()
    assert not [text for rows in held(world).values() for text in rows.values() if b"\n" in text]


def test_a_switch_that_the_snapshot_does_not_know_is_at_its_default() -> None:
    world = new_world("voxjar")
    restore(world, changed(f"{ACCOUNT}/value/options", {"success_status": 201}))
    options = run(Control(world).account("voxjar", "demo")).options
    assert options == {"success_status": 201, "url_rule": "hardened", "repeated_source": "accept"}
    upload(world)


def test_a_snapshot_has_no_more_accounts_than_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_ACCOUNTS", 1)
    with pytest.raises(
        SetupError, match=f"there are at most 1 accounts, and the snapshot has {len(SHELVES['account'])}"
    ):
        restore(new_world("voxjar"), busy_snapshot())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cellar": []}, "opening voxjar/mine: no account is opened with a shelf 'cellar'"),
        ({"opening": []}, "opening voxjar/mine: no account is opened with a shelf 'opening'"),
        ({"account": []}, "opening voxjar/mine: "),
        ({"account": row(SHELVES["account"][0]["value"], "voxjar", "demo"), "token": [SHELVES["token"][0]]}, "another"),
        ({"media": row([{**LINE, "prefix": "p"}])}, "opening voxjar/mine: media : a line of the table has"),
    ],
)
def test_how_an_account_was_opened_is_held_to_the_same(change: dict[str, Any], says: str) -> None:
    world = new_world("voxjar")
    control = Control(world)
    run(control.open_account(Wish("voxjar", "mine")))
    run(control.media.put([Lying(url="https://a.example/1")], "voxjar/mine"))
    found = json.loads(take(world))
    found["shelves"]["opening"][0]["value"] |= change
    with pytest.raises(SetupError) as refused:
        restore(world, json.dumps(found).encode())
    assert says in str(refused.value)


def put(shelf: str, value: Any, *key: str) -> World:
    """Return a world that was put into a state with one row of this shelf."""
    world = new_world("voxjar")
    restore(world, changed(f"shelves/{shelf}", row(value, *key)))
    return world


def kept(world: World, shelf: str) -> Any:
    """Return the one value on a shelf."""
    ((_, text),) = held(world)[shelf].items()
    return json.loads(text)


def test_what_a_row_leaves_out_is_filled_in_for_those_who_read_a_part_of_it() -> None:
    stateless = {name: value for name, value in DELIVERY.items() if name != "state"}
    world = put("delivery", stateless | {"attempts": [ATTEMPT]}, *WEBHOOK)
    assert kept(world, "delivery") == {**DELIVERY, "attempted": 0, "attempts": [ATTEMPT], "taken": []}
    control = Control(world, Courier(world))
    assert run(control.webhooks.list({}, limit=1, cursor=None)).total == 1
    assert 'mockserver_deliveries{state="pending"} 1' in run(exposition(world))


def test_what_is_left_out_within_a_list_is_filled_in_too_and_numbers_stay_as_they_were_written() -> None:
    world = new_world("voxjar")
    restore(world, changed(f"{ENTRY}/value/advice", [{"says": "so"}]))
    (entry,) = [each for each in map(json.loads, held(world)["journal"].values()) if each["id"] == CALL]
    assert entry["advice"] == [{"says": "so", "at": "$", "claim": None}]
    due = put("due", {**DUE, "pause": 5, "since": "2026-06-23T14:30:00Z"}, *WEBHOOK)
    assert b'"pause":5,' in next(iter(held(due)["due"].values()))


def test_what_was_on_its_way_is_nobodys_any_more() -> None:
    due = put("due", {**DUE, "leased": "9000-01-01T00:00:00Z"}, *WEBHOOK)
    assert kept(due, "due") == DUE
    delivery = put("delivery", {**DELIVERY, "taken": [7]}, *WEBHOOK)
    assert kept(delivery, "delivery")["taken"] == []


@pytest.mark.parametrize(
    ("shelf", "value", "key"),
    [
        ("rate", WINDOW, ("*", "*", "f", "voxjar", "")),
        ("rate", WINDOW, ("voxjar", "*", "f", "voxjar", "")),
        ("scenario", {"name": "s"}, ("*", "*")),
        ("coverage", {"kept": ["a"]}, ("voxjar", "")),
        ("issued", {"account": "demo", "expires": "9999-12-31T23:59:59Z"}, ("voxjar", "*")),
    ],
)
def test_what_is_everybodys_or_ends_with_the_calendar_goes_in(shelf: str, value: Any, key: tuple[str, ...]) -> None:
    assert kept(put(shelf, value, *key), shelf) == value
