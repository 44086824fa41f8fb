"""Scenarios put on: what each of ours does, to whom, and what remains of the one before it."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control, Unknown
from mockserver.creation import Plan, SetupError, Wish, create_world
from mockserver.engine.timeline import standing
from mockserver.model import Moment, Outcome, Reply, Vendor
from mockserver.shipped import shipped
from mockserver.staging import SHIPPED
from mockserver.state.records import read_record_text
from mockserver.state.scenarios import webhooks_of
from mockserver.world import Served, World
from tests.acme import acme_world, behaving, post, rows
from tests.closure import FOLDERS
from tests.plans import acme, refused
from tests.worlds import ask, new_world, pass_time

Value = TypeVar("Value")
FOLDER = shipped("fixtures/scenarios")
PROMISED = {
    "flaky-then-fine",
    "out-of-credits",
    "slow-transcription",
    "failed-transcription",
    "webhook-twice",
    "webhook-out-of-order",
    "rate-limited",
    "expired-token",
    "vendor-down",
    "lost-response",
    "slow-answers",
    "unplugged",
}
UPLOAD = {
    "sourceIdentifier": "call-1",
    "direction": "OUTBOUND",
    "timestamp": "2026-06-23T14:30:00Z",
    "downloadUrl": "https://storage.example.com/calls/1.mp4",
}


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def load(world: World, name: str, account: str | None = None) -> dict[str, Any]:
    return run(Control(world).scenarios.load(name, account))


def status(served: Served) -> int:
    return served.decision.outcome.reply.status


def upload(world: World, who: str = "demo") -> Served:
    headers = {"Authorization": f"Bearer voxjar-{who}-token", "Content-Type": "application/json"}
    return ask(world, "voxjar", "POST", "/api/v1/upload", headers=headers, body=json.dumps(UPLOAD).encode())


def uploads(world: World, count: int, who: str = "demo") -> list[int]:
    return [status(upload(world, who)) for _ in range(count)]


@pytest.fixture
def world() -> World:
    found = new_world("voxjar", "emberqa")
    run(Control(found).clock.change(is_frozen=True))
    return found


def test_what_was_promised_is_there_and_says_what_it_does(world: World) -> None:
    listed = run(Control(world).scenarios.list())
    found = {item["name"]: item["says"] for item in listed}
    assert list(found) == sorted(found)
    assert found.keys() >= PROMISED
    assert found.keys() == {path.stem for path in FOLDER.glob("*.toml")}
    assert all(says and "\n" not in says for says in found.values())


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
@pytest.mark.parametrize("account", [None, "voxjar/demo"])
def test_every_scenario_can_be_put_on(name: str, account: str | None, world: World) -> None:
    loaded = load(world, name, account)
    assert (loaded["name"], loaded["account"]) == (name, account)
    assert loaded["faults"] == [fault.name for fault in run(Control(world).faults.list(account))]
    assert all(planted == name or planted.startswith(f"{name}-") for planted in loaded["faults"])


@pytest.mark.parametrize("account", [None, "voxjar/demo"])
@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("flaky-then-fine", [500, 500, 200, 200]),
        ("out-of-credits", [402, 402, 402, 402]),
        ("rate-limited", [200, 200, 200, 429]),
        ("expired-token", [401, 200, 200, 200]),
        ("vendor-down", [500, 500, 500, 500]),
        ("unplugged", [0, 0, 0, 0]),
    ],
)
def test_it_does_what_it_says(name: str, statuses: list[int], account: str | None, world: World) -> None:
    load(world, name, account)
    assert uploads(world, 4) == statuses


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_an_accounts_scenario_is_nobody_elses(name: str, world: World) -> None:
    run(Control(world).open_account(Wish("voxjar", "mine", {"token": "voxjar-mine-token"})))
    load(world, name, "voxjar/demo")
    served = [upload(world, "mine") for _ in range(4)]
    assert [(status(each), each.decision.fault, each.decision.delay) for each in served] == [(200, None, 0)] * 4


def test_a_lost_response_was_processed(world: World) -> None:
    load(world, "lost-response", "voxjar/demo")
    first, second = upload(world), upload(world)
    assert (first.decision.wire, status(first), second.decision.wire) == ("reset", 200, None)
    kept = {read_record_text(text).call for _, text in rows(world.store, "record")}
    assert kept >= {first.call.id, second.call.id}


def test_slow_answers_are_late(world: World) -> None:
    load(world, "slow-answers")
    assert upload(world).decision.delay == 2


def test_there_is_nothing_behind_any_address(world: World) -> None:
    load(world, "media-missing", "voxjar/demo")
    (line,) = run(Control(world).media.read("voxjar/demo"))
    assert (line.prefix, line.failure) == ("http", "missing")
    load(world, "media-missing", "voxjar/demo")
    load(world, "media-missing")
    assert len(run(Control(world).media.read())) == 2


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("webhook-twice", "duplicate"),
        ("webhook-out-of-order", "shuffle"),
        ("webhook-forged", "break_signature"),
        ("webhook-stale", "stale"),
    ],
)
def test_webhooks_are_told_how_to_misbehave(name: str, flag: str, world: World) -> None:
    load(world, name, "voxjar/demo")
    own, other = (run(webhooks_of(world.store, "voxjar", who)) for who in ("demo", "broke"))
    assert getattr(own, flag)
    assert not getattr(other, flag)
    load(world, "unplugged", "voxjar/demo")
    assert not getattr(run(webhooks_of(world.store, "voxjar", "demo")), flag)


def transcribing() -> Vendor:
    def begin(facts: Any) -> Outcome:
        timeline = (Moment(1.0, {"state": "busy"}), Moment(10.0, {"state": "done"}))
        record = facts.record("call", facts.call.id, {"state": "new"}, timeline, {"state": "failed"})
        return Outcome(Reply(201, {"id": record.id}), (record,))

    return behaving(accept=begin)


def states(world: World) -> list[str]:
    """Return the states of all records, oldest first."""
    now = run(world.now())
    return [standing(read_record_text(text), now).body["state"] for _, text in reversed(rows(world.store, "record"))]


@pytest.fixture
def transcriber(tmp_path: Path) -> World:
    world = acme_world(tmp_path, transcribing(), scenarios={path.stem: path for path in FOLDER.glob("*.toml")})
    run(Control(world).clock.change(is_frozen=True))
    return world


@pytest.mark.parametrize("account", [None, "acme/demo"])
def test_a_slow_transcription_takes_ten_times_as_long(account: str | None, transcriber: World) -> None:
    post(transcriber)
    load(transcriber, "slow-transcription", account)
    post(transcriber)
    for seconds, found in ((5, ["busy", "new"]), (5, ["done", "busy"]), (89, ["done", "busy"]), (1, ["done", "done"])):
        pass_time(transcriber, seconds)
        assert states(transcriber) == found


@pytest.mark.parametrize("account", [None, "acme/demo"])
def test_a_failed_transcription_fails_where_it_would_have_been_done(account: str | None, transcriber: World) -> None:
    post(transcriber)
    load(transcriber, "failed-transcription", account)
    post(transcriber)
    for seconds, found in ((5, ["busy", "busy"]), (4.9, ["busy", "busy"]), (0.1, ["done", "failed"])):
        pass_time(transcriber, seconds)
        assert states(transcriber) == found
    load(transcriber, "slow-answers", account)
    post(transcriber)
    pass_time(transcriber, 10)
    assert states(transcriber) == ["done", "failed", "done"]


def test_a_slow_transcription_keeps_to_the_servers_pace_too(transcriber: World) -> None:
    run(Control(transcriber).clock.change(pace="0.1"))
    load(transcriber, "slow-transcription")
    post(transcriber)
    run(Control(transcriber).clock.advance_until_idle())
    assert states(transcriber) == ["done"]
    run(Control(transcriber).clock.change(pace="immediate"))
    post(transcriber)
    assert states(transcriber) == ["done", "done"]


def test_a_scenario_takes_the_place_of_the_one_before_it_in_its_scope(world: World) -> None:
    control = Control(world)
    run(control.faults.plant({"name": "own", "match": {"account": "voxjar/demo"}, "delay": 1}))
    load(world, "unplugged", "voxjar/demo")
    load(world, "vendor-down")
    load(world, "slow-answers", "voxjar/demo")
    assert [fault.name for fault in run(control.faults.list())] == ["own", "slow-answers", "vendor-down"]
    load(world, "expired-token")
    assert [fault.name for fault in run(control.faults.list())] == ["own", "slow-answers", "expired-token"]


def test_a_scenario_loaded_again_begins_again(world: World) -> None:
    for _ in range(2):
        load(world, "flaky-then-fine", "voxjar/demo")
        assert uploads(world, 3) == [500, 500, 200]
    load(world, "flaky-then-fine", "voxjar/flaky")
    assert uploads(world, 3, "flaky") == [500, 500, 200]


def test_credits_are_changed_where_they_are_sold_and_for_those_who_come_later(world: World) -> None:
    control = Control(world)
    load(world, "out-of-credits")
    assert {name: run(control.account("voxjar", name)).credits for name in ("demo", "broke", "flaky")} == {
        "demo": 0,
        "broke": 0,
        "flaky": 0,
    }
    assert run(control.account("emberqa", "demo")).credits is None
    assert run(control.open_account(Wish("voxjar"))).credits == 0
    assert run(control.open_account(Wish("voxjar", credits=5))).credits == 5
    load(world, "slow-answers")
    assert run(control.open_account(Wish("voxjar"))).credits == 1000


def test_any_credential_begins_without_credits_too() -> None:
    world = new_world("voxjar", any_token=True, scenario="out-of-credits")
    assert uploads(world, 1, "fresh") == [402]


def test_an_account_may_begin_with_a_scenario(world: World) -> None:
    control = Control(world)
    wish = Wish("voxjar", "mine", {"token": "voxjar-mine-token"}, scenario="flaky-then-fine")
    run(control.open_account(wish))
    assert uploads(world, 3, "mine") == [500, 500, 200]
    opened = run(control.open_account(Wish("voxjar", "poor", scenario="out-of-credits")))
    assert opened.credits == 0


@pytest.mark.parametrize(
    ("vendor", "scenario", "says"),
    [
        ("voxjar", "nonsense", "there is no scenario 'nonsense': known are "),
        ("emberqa", "out-of-credits", "emberqa sells no credits: the scenario out-of-credits is not for its accounts"),
    ],
)
def test_an_account_whose_scenario_cannot_be_is_not_opened(vendor: str, scenario: str, says: str, world: World) -> None:
    with pytest.raises(SetupError, match=says):
        run(Control(world).open_account(Wish(vendor, "mine", scenario=scenario)))
    with pytest.raises(Unknown):
        run(Control(world).account(vendor, "mine"))


def test_what_cannot_be_put_on_is_told(world: World) -> None:
    with pytest.raises(Unknown, match="there is no scenario 'nonsense': known are expired-token, "):
        load(world, "nonsense")
    for name in ("unplugged", "webhook-twice"):
        for account in ("voxjar/nobody", "nobody/demo", "voxjar"):
            with pytest.raises(SetupError, match=f"there is no account '{account}': one is written vendor/name"):
                load(world, name, account)
    with pytest.raises(SetupError, match="emberqa sells no credits"):
        load(world, "out-of-credits", "emberqa/demo")


def test_an_account_that_goes_takes_its_scenario_with_it(world: World) -> None:
    control = Control(world)
    run(control.open_account(Wish("voxjar", "mine", scenario="webhook-twice")))
    run(control.close_account("voxjar", "mine"))
    run(control.open_account(Wish("voxjar", "mine")))
    assert not run(webhooks_of(world.store, "voxjar", "mine")).duplicate


MINE = """
says = "mine"
[[fault]]
match.vendor = "acme"
match.operation = "addCall"
match.header = "X-Test"
problem = "broken"
times = 1
[[fault]]
match.vendor = "other"
delay = 1
[[fault]]
name = "named"
delay = 2
"""


def scenario_world(folder: Path, text: str = MINE, **plan: Any) -> World:
    made = acme(folder, **plan)
    (folder / "_scenarios").mkdir()
    (folder / "_scenarios" / "mine.toml").write_text(text)
    return run(create_world(made))


def test_a_users_scenarios_lie_beside_ours(tmp_path: Path) -> None:
    world = scenario_world(tmp_path, MINE.replace('"other"', '"acme"'))
    listed = {item["name"]: item["says"] for item in run(Control(world).scenarios.list())}
    assert listed["mine"] == "mine"
    assert listed.keys() > PROMISED
    assert load(world, "mine")["faults"] == ["mine-1", "mine-2", "named"]


def test_for_an_account_of_its_faults_those_of_its_vendor_are_planted(tmp_path: Path) -> None:
    world = scenario_world(tmp_path)
    assert load(world, "mine", "acme/demo")["faults"] == ["mine-1", "named"]
    first, _ = run(Control(world).faults.list("acme/demo"))
    match = first.match
    assert (match.vendor, match.account, match.operation, match.header) == ("acme", "demo", "addCall", "X-Test")
    assert run(Control(world).faults.list()) == run(Control(world).faults.list("acme/demo"))


def test_a_scenario_of_a_vendor_that_is_not_served_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no vendor 'other': known are acme"):
        load(scenario_world(tmp_path), "mine")


@pytest.mark.parametrize(
    ("account", "says"),
    [("other/demo", "there is no vendor 'other': known are acme"), ("demo", "an account is named with its vendor")],
)
def test_media_of_nobody_are_told_and_nothing_is_changed(account: str, says: str, tmp_path: Path) -> None:
    world = scenario_world(tmp_path, f'says = "x"\n[[media]]\nprefix = "http"\naccount = "{account}"')
    with pytest.raises(SetupError, match=says):
        load(world, "mine")
    assert run(Control(world).media.read()) == []
    load(world, "mine", "acme/demo")
    assert [line.account for line in run(Control(world).media.read())] == ["acme/demo"]


def test_a_file_that_is_none_is_told_where_it_is_used(tmp_path: Path) -> None:
    world = scenario_world(tmp_path, "says = ")
    with pytest.raises(SetupError, match=r"mine\.toml: Invalid value"):
        load(world, "mine")
    assert "there is no scenario 'nonsense'" in refused(Plan(vendors=("voxjar",), scenario="nonsense"))


@pytest.mark.parametrize(
    "text",
    [
        "says = 1",
        f"says = {'[' * 5_000}",
        'says = "x"\n[[fault]]\nproblem = "nope"',
        'says = "x"\n[[fault]]\ntimes = 0',
    ],
    ids=["of another kind", "too deep", "no such problem", "no such fault"],
)
def test_a_file_that_is_none_hides_no_other(text: str, tmp_path: Path) -> None:
    world = scenario_world(tmp_path, text)
    listed = {item["name"]: item for item in run(Control(world).scenarios.list())}
    assert listed.keys() > PROMISED
    assert listed["mine"]["says"] == "its file cannot be used"
    assert listed["mine"]["trouble"].startswith(f"{tmp_path}/_scenarios/mine.toml: ")
    assert [name for name, item in listed.items() if "trouble" in item] == ["mine"]


def test_a_file_after_which_no_fault_can_be_called_is_told(tmp_path: Path) -> None:
    world = scenario_world(tmp_path, 'says = "x"\n[[fault]]\ndelay = 1')
    (tmp_path / "_scenarios" / "mine.toml").rename(tmp_path / "_scenarios" / "my own.toml")
    world.scenarios = {"my own": tmp_path / "_scenarios" / "my own.toml"}
    with pytest.raises(SetupError, match=r"my own\.toml: this is no fault: .* at `\$\.name`"):
        load(world, "my own")


def test_a_file_may_be_for_a_vendor_that_is_not_served(tmp_path: Path) -> None:
    world = scenario_world(tmp_path, 'says = "x"\n[[fault]]\ndelay = 1\nmatch = { vendor = "siro" }')
    assert "trouble" not in {key for item in run(Control(world).scenarios.list()) for key in item}
    with pytest.raises(SetupError, match="mine has nothing for acme/demo: its faults are for other vendors"):
        load(world, "mine", "acme/demo")


def test_a_server_may_begin_with_a_scenario() -> None:
    assert uploads(new_world("voxjar", scenario="flaky-then-fine"), 3) == [500, 500, 200]


@pytest.mark.parametrize("vendor", FOLDERS)
def test_every_vendor_has_accounts_that_misbehave(vendor: str) -> None:
    control = Control(new_world())
    demo = run(control.account(vendor, "demo"))
    for name, scenario in SHIPPED.items():
        account = run(control.account(vendor, name))
        assert (account.book, account.credits, account.options) == (demo.book, demo.credits, demo.options)
        assert account.credentials == {key: value.replace("demo", name) for key, value in demo.credentials.items()}
        assert [fault.name for fault in run(control.faults.list(f"{vendor}/{name}"))] == [scenario]


def test_what_came_with_our_accounts_is_nobodys_to_lift_by_the_way(world: World) -> None:
    control = Control(world)
    assert run(control.faults.list()) == []
    assert run(control.health())["faults"] == 0
    run(control.faults.lift_all())
    with pytest.raises(Unknown):
        run(control.faults.lift("unplugged"))
    assert uploads(world, 3, "unplugged") == [0, 0, 0]
    run(control.faults.lift_all("voxjar/unplugged"))
    assert uploads(world, 1, "unplugged") == [200]


def test_our_accounts_misbehave_as_they_should(world: World) -> None:
    assert uploads(world, 4, "flaky") == [500, 500, 200, 200]
    assert uploads(world, 5, "limited") == [200, 200, 200, 429, 429]
    pass_time(world, 60)
    assert uploads(world, 1, "limited") == [200]
    assert upload(world, "slow").decision.delay == 2
    assert upload(world, "unplugged").decision.wire == "reset"
    assert uploads(world, 1) == [200]
