"""What lies behind the addresses that clients name, and which line of which table says so."""

from pathlib import Path
from typing import get_args

import pytest

from mockserver.model import Behind
from mockserver.shipped import shipped
from mockserver.state.media import (
    MEDIA,
    UNKNOWN,
    Failure,
    Lying,
    Table,
    look_behind,
    read_media_file,
    read_table,
    write_table,
)
from mockserver.state.store import Held

URL = "https://files.example/calls/1.mp3"
MINE, THEIRS = "acme/mine", "acme/theirs"


def lying(says: str, url: str | None = None, prefix: str | None = None, account: str | None = None) -> Lying:
    return Lying(url, prefix, account, type=says)


def found(url: str, *tables: list[Lying], account: str = MINE) -> str | None:
    return look_behind(url, account, *map(Table, tables)).type


def test_all_that_a_line_says_is_told() -> None:
    lines = [Lying(URL, type="audio/mpeg", size=5, duration=1.5), Lying(prefix="https://gone.example/", failure="slow")]
    table = Table(lines)
    assert look_behind(URL, MINE, table) == Behind("audio/mpeg", 5, 1.5)
    assert look_behind("https://gone.example/", MINE, table) == Behind(failure="slow")


def test_of_what_nobody_has_described_nothing_is_known() -> None:
    assert look_behind(URL, MINE) == look_behind(URL, MINE, Table()) == UNKNOWN == Behind()


@pytest.mark.parametrize(
    ("url", "is_met"),
    [
        (URL, True),
        (f"{URL}?X-Amz-Signature=1&a=b", True),
        (f"{URL}#t=5", True),
        (f"{URL}?a#b?c", True),
        (f"{URL}#a?b", True),
        (f"{URL}/", False),
        (f"{URL}4", False),
        (URL.upper(), False),
        (URL[:-1], False),
        ("", False),
    ],
)
def test_an_address_is_met_by_itself_and_with_any_query(url: str, *, is_met: bool) -> None:
    assert (found(url, [lying("met", URL)]) == "met") is is_met


def test_an_address_with_a_query_is_met_by_that_one_alone() -> None:
    table = [lying("met", f"{URL}?id=1")]
    assert [found(f"{URL}{query}", table) for query in ("?id=1", "?id=2", "", "?id=1&more")] == [
        "met",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("url", "is_met"),
    [
        ("https://files.example/", True),
        (URL, True),
        ("https://files.example.evil/", False),
        ("https://files.example", False),
    ],
)
def test_a_prefix_is_met_by_all_that_begins_with_it(url: str, *, is_met: bool) -> None:
    assert (found(url, [lying("met", prefix="https://files.example/")]) == "met") is is_met


def test_a_line_without_an_address_is_met_by_nothing() -> None:
    assert found("", [lying("met")]) is found(URL, [lying("met", prefix="")]) is None


# Each line gives way to those that stand above it, wherever in the table they are.
ORDER = [
    lying("mine, all of it", URL, account=MINE),
    lying("mine, the longer beginning", prefix="https://files.example/calls/", account=MINE),
    lying("mine, the shorter beginning", prefix="https://", account=MINE),
    lying("everybody's, all of it", URL),
    lying("everybody's, the longer beginning", prefix="https://files.example/calls/"),
    lying("everybody's, the shorter beginning", prefix="https://files.example/"),
]


@pytest.mark.parametrize("at", range(len(ORDER)))
def test_the_nearest_line_counts(at: int) -> None:
    left = [*ORDER[at:], lying("theirs", URL, account=THEIRS)]
    assert found(URL, left) == found(URL, left[::-1]) == ORDER[at].type


def test_of_two_lines_alike_the_later_counts() -> None:
    assert found(URL, [lying("first", URL), lying("second", URL)]) == "second"


def test_another_accounts_line_counts_for_that_one_only() -> None:
    table = [lying("theirs", URL, account=THEIRS)]
    assert (found(URL, table), found(URL, table, account=THEIRS)) == (None, "theirs")


def test_the_first_table_that_knows_an_address_counts() -> None:
    above, below = [lying("above", prefix="https://")], [lying("below", URL, account=MINE)]
    assert (found(URL, above, below), found(URL, [], below)) == ("above", "below")


def test_a_table_is_kept_as_it_was_put_and_an_empty_one_not_at_all() -> None:
    write = write_table(ORDER)
    assert write.key == MEDIA
    assert write.value
    assert read_table(Held(write.value, 1, 1)) == tuple(ORDER)
    assert read_table(None) == ()
    assert write_table(()).value is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("item = ", "Invalid value"),
        ("\xff", "decode"),
        ("[[items]]", "unknown field `items`"),
        ('[[item]]\nurl = "a"\nspeed = 1', "unknown field `speed`"),
        ('[[item]]\nurl = "a"\nsize = "big"', "Expected `int | null`"),
        ('[[item]]\nurl = "a"\nfailure = "gone"', "Invalid enum value 'gone'"),
        ('[[item]]\nurl = "a"\n[[item]]\nsize = 1', "item 2 has either url or prefix"),
        ('[[item]]\nurl = "a"\nprefix = "b"', "item 1 has either url or prefix"),
    ],
)
def test_a_file_that_is_no_table_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text, "latin-1")
    with pytest.raises(ValueError, match=says) as caught:
        read_media_file(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_the_table_that_ships_tells_every_case_apart() -> None:
    table = read_media_file(shipped("fixtures/media") / "facts.toml")
    assert len({item.url for item in table}) == len(table)
    assert {item.failure for item in table} == {*get_args(Failure), None}
    assert all(item.behind != UNKNOWN for item in table)
