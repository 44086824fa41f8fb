"""Back to how it began: the whole server byte by byte, words by themselves, one account and nobody else's."""

import json
from typing import Any

import pytest

from mockserver.control import Control, Unknown
from mockserver.control.resetting import remember_opening
from mockserver.creation import ConflictError, SetupError, Wish
from mockserver.model import Account
from mockserver.state.accounts import issued_key
from mockserver.state.media import Lying
from mockserver.state.shelves import SHELVES, WORDS, shelves_of
from mockserver.state.store import QUOTAS, Dump, Write
from mockserver.world import World
from tests.acme import acme_world
from tests.holding import busy_world, held, run, upload
from tests.stores import Interrupted
from tests.worlds import new_world

LINE = Lying(url="https://a.example/1", failure="missing")


def reset(world: World, **wanted: Any) -> None:
    run(Control(world).state.reset(**wanted))


def opened(world: World, name: str, **wish: Any) -> Account:
    return run(Control(world).open_account(Wish("voxjar", name, **wish)))


def token_of(account: Account) -> str:
    return account.credentials["token"]


def test_a_server_goes_back_to_how_it_started() -> None:
    world, fresh = busy_world(seed="one"), new_world("voxjar", seed="one")
    control = Control(world)
    account = opened(world, "mine")
    upload(world, token_of(account))
    run(control.media.put([LINE]))
    run(control.clock.change(pace="held"))
    run(control.change_account("voxjar", "demo", {"credits": 3, "credentials": {"token": "another"}}))
    run(control.close_account("voxjar", "broke"))
    assert set(held(world)) > set(held(fresh))
    reset(world)
    assert held(world) == held(fresh)
    assert run(control.clock.read())["pace"] == "1"


def test_ids_begin_again_with_everything() -> None:
    world = new_world("voxjar", seed="one")
    first = [upload(world), token_of(opened(world, "mine"))]
    reset(world)
    assert [upload(world), token_of(opened(world, "mine"))] == first
    reset(world, what=["records", "journal"])
    assert upload(world) not in first


def test_what_a_quota_has_pushed_out_is_forgotten_too() -> None:
    world = busy_world()
    run(world.store.load(Dump(evicted={"journal": 7}), ["journal"]))
    assert run(Control(world).journal.evicted()) == 7
    reset(world, what=["journal"])
    assert run(Control(world).journal.evicted()) == 0


@pytest.mark.parametrize("word", WORDS)
def test_a_word_puts_back_its_shelves_and_no_others(word: str) -> None:
    world, fresh = busy_world(seed="one"), new_world("voxjar", seed="one")
    run(Control(world).media.put([LINE]))
    run(world.store.commit([Write(issued_key("voxjar", "t"), b'{"account":"demo"}')], {}))
    before, began = held(world), held(fresh)
    reset(world, what=[word])
    after = held(world)
    for name in SHELVES:
        assert after.get(name) == (began if name in shelves_of({word}) else before).get(name), name


def test_every_shelf_is_reset_by_one_of_the_words() -> None:
    assert {shelf.word for shelf in SHELVES.values()} <= {*WORDS}
    assert set(QUOTAS) <= set(SHELVES)
    assert set(held(busy_world())) <= set(SHELVES)


def test_an_account_that_goes_with_the_others_leaves_nothing_but_its_calls() -> None:
    world = busy_world(seed="one")
    mine = opened(world, "mine")
    upload(world, token_of(mine))
    run(world.store.commit([Write(issued_key("voxjar", "t"), b'{"account":"mine"}')], {}))
    run(Control(world).media.put([LINE], "voxjar/mine"))
    run(Control(world).media.put([LINE], "voxjar/demo"))
    reset(world, what=["accounts"])
    left = held(world)
    assert "issued" not in left
    assert {key[2] for key in left["record"]} == {"demo"}
    assert [line.account for line in run(Control(world).media.read())] == ["voxjar/demo"]
    assert sum(b'"account":"mine"' in text for text in left["journal"].values()) == 1


def test_an_account_goes_back_alone() -> None:
    world = busy_world(seed="one")
    mine = opened(world, "mine", credits=3)
    before = held(world)
    control = Control(world)
    for token in (token_of(mine), "voxjar-demo-token"):
        upload(world, token)
    run(control.change_account("voxjar", "mine", {"credits": 50, "credentials": {"token": "changed"}}))
    run(control.media.put([LINE], "voxjar/mine"))
    run(control.media.put([LINE], "voxjar/demo"))
    run(
        world.store.commit(
            [Write(issued_key("voxjar", name), f'{{"account":"{name}"}}'.encode()) for name in NAMES], {}
        )
    )
    theirs = {name: of_others(rows) for name, rows in held(world).items()}
    reset(world, account="voxjar/mine")
    after = held(world)
    assert {name: of_others(rows) for name, rows in after.items()} == theirs
    for name in ("account", "token", "record", "journal", "opening"):
        mine_now = {key: text for key, text in after[name].items() if is_of_mine(key, text)}
        assert mine_now == {key: text for key, text in before[name].items() if is_of_mine(key, text)}, name
    assert set(after["issued"]) == {issued_key("voxjar", "demo")}
    assert [line.account for line in run(control.media.read())] == ["voxjar/demo"]


NAMES = ("mine", "demo")


def is_of_mine(key: tuple[str, ...], text: bytes) -> bool:
    return "mine" in key or b'"mine"' in text


def of_others(rows: dict[tuple[str, ...], bytes]) -> dict[tuple[str, ...], bytes]:
    found = {key: text for key, text in rows.items() if not is_of_mine(key, text)}
    # The table of media is one row for all.
    return {key: text for key, text in found.items() if key != ("media",)}


def test_an_account_that_was_closed_is_there_again() -> None:
    world, fresh = new_world("voxjar", seed="one"), new_world("voxjar", seed="one")
    run(Control(world).close_account("voxjar", "demo"))
    reset(world, account="voxjar/demo")
    assert held(world) == held(fresh)


def test_an_account_is_opened_anew_with_the_lines_it_was_opened_with() -> None:
    world = new_world("voxjar")
    mine = opened(world, "mine")
    run(Control(world).media.put([LINE], "voxjar/mine"))
    run(remember_opening(world, mine))
    run(Control(world).media.clear())
    reset(world, account="voxjar/mine", what=["faults"])
    assert [line.account for line in run(Control(world).media.read())] == ["voxjar/mine"]


def test_an_account_that_only_its_credential_made_goes() -> None:
    world = new_world("voxjar", any_token=True)
    before = held(world)
    upload(world, "whatever-token")
    (key,) = held(world)["account"].keys() - before["account"].keys()
    reset(world, account=f"voxjar/{key[2]}", what=["accounts"])
    assert {name: held(world).get(name) for name in before} == before
    assert "record" not in held(world)
    assert len(held(world)["journal"]) == 1


@pytest.mark.parametrize("account", ["voxjar/nobody", "voxjar", "nobody/demo", ""])
def test_an_account_there_is_not_is_unknown(account: str) -> None:
    with pytest.raises(Unknown, match=f"there is no account '{account}': one is written vendor/name"):
        reset(new_world("voxjar"), account=account)


def test_the_clock_is_nobodys_own() -> None:
    world = busy_world()
    before = held(world)
    with pytest.raises(SetupError, match="the clock is everybody's: reset it without an account"):
        reset(world, account="voxjar/demo", what=["clock", "records"])
    assert held(world) == before
    reset(world, account="voxjar/demo")
    assert held(world)["clock"] == before["clock"]


def test_records_of_a_closed_account_are_not_its_to_put_back() -> None:
    world = new_world("voxjar")
    run(Control(world).close_account("voxjar", "demo"))
    with pytest.raises(Unknown):
        reset(world, account="voxjar/demo", what=["records"])


def test_a_credential_that_another_account_has_by_now_is_not_taken_from_it() -> None:
    world = new_world("voxjar")
    control = Control(world)
    run(control.change_account("voxjar", "demo", {"credentials": {"token": "another"}}))
    opened(world, "heir", credentials={"token": "voxjar-demo-token"})
    before = held(world)
    said = "voxjar/heir has a credential that voxjar/demo began with: close it first"
    with pytest.raises(ConflictError, match=said):
        reset(world, account="voxjar/demo")
    assert held(world) == before
    reset(world)
    assert (
        json.loads(held(world)["account"][("account", "voxjar", "demo")])["credentials"]["token"] == "voxjar-demo-token"
    )


def limited_world() -> World:
    """Return a world in which each credential calls once an hour, by a limit for all and one for the vendor."""
    world = new_world("voxjar", "siro")
    for vendor in (None, "voxjar"):
        wish = {"name": f"wide-{vendor}", "match": {"vendor": vendor}, "rate": {"calls": 1, "seconds": 3600}}
        run(Control(world).faults.plant(wish))
    return world


def count(world: World, *tokens: str) -> list[int]:
    """Call once with each and return how often the limits let them through."""
    for token in tokens:
        upload(world, token)
    windows = held(world).get("rate", {})
    return [sum(key[-1] == token for key in windows) for token in tokens]


@pytest.mark.parametrize("what", [["faults"], None])
def test_what_everybodys_limits_have_counted_of_an_account_is_put_back(what: Any) -> None:
    world = limited_world()
    run(Control(world).open_account(Wish("siro", "mine", {"token": "mine"})))
    opened(world, "mine", credentials={"token": "mine"})
    opened(world, "other", credentials={"token": "other"})
    run(world.store.commit([Write(issued_key("voxjar", "out"), b'{"account":"mine"}')], {}))
    assert count(world, "mine", "other", "out", "nobody's") == [2, 2, 2, 0]
    siros = ("rate", "*", "*", "wide-None", "siro", "mine")
    run(world.store.commit([Write(siros, b'{"since":"2026-06-23T14:30:00Z","calls":1}')], {}))
    reset(world, account="voxjar/mine", what=what)
    assert [sum(key[-1] == token for key in held(world)["rate"]) for token in ("mine", "other", "out")] == [1, 2, 0]
    assert siros in held(world)["rate"]
    assert sum(key[-1] == "" for key in held(world)["rate"]) == 2


def test_a_credential_that_an_account_gets_back_begins_anew() -> None:
    world = limited_world()
    mine = opened(world, "mine", credentials={"token": "first"})
    assert count(world, "first") == [2]
    run(Control(world).change_account("voxjar", mine.name, {"credentials": {"token": "second"}}))
    opened(world, "heir", credentials={"token": "heirs"})
    assert count(world, "second", "heirs") == [2, 2]
    reset(world, account="voxjar/mine")
    assert {key[-1] for key in held(world)["rate"]} == {"heirs"}


def test_whoever_opens_a_closed_account_anew_is_counted_anew() -> None:
    world = limited_world()
    opened(world, "mine", credentials={"token": "mine"})
    assert count(world, "mine", "nobody's") == [2, 0]
    run(Control(world).close_account("voxjar", "mine"))
    assert {key[-1] for key in held(world)["rate"]} == {""}


def test_accounts_that_go_with_the_others_leave_no_counts_of_their_credentials() -> None:
    world = limited_world()
    opened(world, "mine", credentials={"token": "mine"})
    assert count(world, "mine", "voxjar-demo-token", "nobody's") == [2, 2, 0]
    reset(world, what=["accounts"])
    assert {key[-1] for key in held(world)["rate"]} == {"voxjar-demo-token", ""}


def test_what_changes_meanwhile_is_put_back_too(tmp_path: Any) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, store=store, credits=3))
    account = run(control.open_account(Wish("acme", "mine", {"token": "old"}, credits=5)))
    store.left, store.meanwhile = 1, lambda: control.change_account("acme", "mine", {"credentials": {"token": "new"}})
    run(control.state.reset(account="acme/mine"))
    assert run(control.account("acme", "mine")) == account
    assert {key[2] for key in held(control.world)["token"]} == {"acme-demo-token", "old"}


def test_a_world_that_nobody_has_begun_is_empty_afterwards(tmp_path: Any) -> None:
    world = acme_world(tmp_path)
    reset(world)
    assert held(world) == {}
