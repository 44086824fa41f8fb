"""A tester's hand on the table of what lies behind addresses."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver.control import Control, Unknown
from mockserver.creation import SetupError
from mockserver.state.media import Lying
from mockserver.state.store import Store
from tests.acme import acme_world
from tests.stores import Hesitant, Interrupted

Value = TypeVar("Value")
MINE, THEIRS = "acme/mine", "acme/theirs"
FIRST, SECOND = Lying("https://a.example/1"), Lying(prefix="https://a.example/", failure="missing")


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def made(folder: Path, store: Store | None = None) -> Control:
    return Control(acme_world(folder, store=store))


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return made(tmp_path)


def lines(control: Control, account: str | None = None) -> list[tuple[str | None, str | None]]:
    return [(item.url, item.account) for item in run(control.media.read(account))]


def of(account: str | None, *urls: str) -> Sequence[Lying]:
    return [Lying(url, account=account) for url in urls]


def test_a_table_is_put_read_and_cleared(control: Control) -> None:
    assert run(control.media.read()) == []
    assert run(control.media.put([FIRST, SECOND])) == [FIRST, SECOND]
    assert run(control.media.read()) == [FIRST, SECOND]
    run(control.media.put([SECOND]))
    assert run(control.media.read()) == [SECOND]
    run(control.media.clear())
    assert run(control.media.read()) == []
    run(control.media.clear())


def test_what_is_put_for_an_account_is_its_own_and_leaves_the_others_alone(control: Control) -> None:
    run(control.media.put([*of(None, "all"), *of(THEIRS, "theirs")]))
    assert [item.account for item in run(control.media.put(of(None, "one", "two"), MINE))] == [MINE, MINE]
    assert lines(control) == [("all", None), ("theirs", THEIRS), ("one", MINE), ("two", MINE)]
    run(control.media.put(of(MINE, "three"), MINE))
    assert lines(control) == [("all", None), ("theirs", THEIRS), ("three", MINE)]
    assert lines(control, MINE) == [("three", MINE)]
    run(control.media.clear(MINE))
    assert lines(control) == [("all", None), ("theirs", THEIRS)]
    assert lines(control, MINE) == []


def test_what_is_put_for_all_replaces_all(control: Control) -> None:
    run(control.media.put(of(None, "mine"), MINE))
    run(control.media.put(of(None, "all")))
    assert lines(control) == [("all", None)]


@pytest.mark.parametrize("wrong", [Lying(), Lying("a", "b")])
def test_a_line_has_one_address(control: Control, wrong: Lying) -> None:
    run(control.media.put([FIRST]))
    with pytest.raises(SetupError, match="a line of the table has either url or prefix"):
        run(control.media.put([SECOND, wrong]))
    assert run(control.media.read()) == [FIRST]


def test_the_lines_of_one_account_hold_none_of_another(control: Control) -> None:
    with pytest.raises(SetupError, match="this changes the lines of acme/mine, and one is of acme/theirs"):
        run(control.media.put(of(THEIRS, "a"), MINE))
    assert lines(control) == []


@pytest.mark.parametrize(
    ("items", "account"), [(of("nobody/x", "a"), None), (of(None, "a"), "nobody/x"), ([], "nobody/x")]
)
def test_an_account_is_a_vendors_that_is_served(control: Control, items: Sequence[Lying], account: str | None) -> None:
    with pytest.raises(Unknown, match="there is no vendor 'nobody': an account is written vendor/name"):
        run(control.media.put(items, account))
    assert lines(control) == []


def test_accounts_that_put_their_lines_at_once_all_keep_them(tmp_path: Path) -> None:
    control = made(tmp_path, Hesitant())
    names = [f"acme/{number}" for number in range(12)]

    async def together() -> None:
        await asyncio.gather(*(control.media.put(of(None, "a"), name) for name in names))

    run(together())
    assert {account for _, account in lines(control)} == set(names)


def test_what_another_puts_meanwhile_stays(tmp_path: Path) -> None:
    store = Interrupted()
    control = made(tmp_path, store)
    run(control.media.put([FIRST]))
    store.meanwhile = lambda: control.media.put(of(None, "theirs"), THEIRS)
    store.left = 1
    run(control.media.put(of(None, "mine"), MINE))
    assert lines(control) == [(FIRST.url, None), ("theirs", THEIRS), ("mine", MINE)]


def test_an_account_that_is_closed_takes_its_lines_along_and_no_others(control: Control) -> None:
    run(control.media.put([*of("acme/demo", "mine"), *of(THEIRS, "theirs"), *of(None, "all")]))
    run(control.close_account("acme", "demo"))
    assert lines(control) == [("theirs", THEIRS), ("all", None)]
