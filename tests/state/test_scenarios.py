"""Which scenario is on, what of it webhooks and new accounts read, and what its files may say."""

import asyncio
import re
from pathlib import Path

import pytest

from mockserver.model import Account
from mockserver.state.media import Lying
from mockserver.state.memory import MemoryStore
from mockserver.state.scenarios import (
    Change,
    ScenarioFile,
    Staged,
    Webhooks,
    beginning,
    find_scenarios,
    read_scenario,
    scenario_key,
    webhooks_of,
    write_staged,
)

TWICE, STALE = Staged("twice", webhooks=Webhooks(duplicate=True)), Staged("stale", webhooks=Webhooks(stale=True))
BROKE = Staged("broke", credits=0)


def store_with(**staged: Staged) -> MemoryStore:
    store = MemoryStore()
    for scope, each in staged.items():
        vendor, _, account = scope.partition("_")
        key = scenario_key() if scope == "server" else scenario_key(vendor, account)
        assert asyncio.run(store.commit([write_staged(key, each)], {}))
    return store


@pytest.mark.parametrize(
    ("staged", "webhooks"),
    [
        ({}, Webhooks()),
        ({"server": TWICE}, Webhooks(duplicate=True)),
        ({"acme_mine": STALE}, Webhooks(stale=True)),
        ({"server": TWICE, "acme_mine": STALE}, Webhooks(stale=True)),
        ({"server": TWICE, "acme_mine": BROKE}, Webhooks()),
        ({"acme_theirs": STALE}, Webhooks()),
    ],
)
def test_webhooks_misbehave_as_the_accounts_own_scenario_says_or_the_servers(
    staged: dict[str, Staged], webhooks: Webhooks
) -> None:
    assert asyncio.run(webhooks_of(store_with(**staged), "acme", "mine")) == webhooks


@pytest.mark.parametrize(
    ("staged", "credits", "begins"),
    [
        ({}, 5, 5),
        ({"server": BROKE}, 5, 0),
        ({"server": BROKE}, None, None),
        ({"server": TWICE}, 5, 5),
        ({"acme_mine": BROKE}, 5, 5),
    ],
)
def test_a_new_account_begins_as_the_servers_scenario_says(
    staged: dict[str, Staged],
    credits: float | None,  # noqa: A002
    begins: float | None,
) -> None:
    account = Account("acme", "mine", credits=credits)
    assert asyncio.run(beginning(store_with(**staged), account)) == Account("acme", "mine", credits=begins)


WHOLE = """
says = "all there is"
[[fault]]
problem = "broken"
match.vendor = "acme"
[account]
credits = 0
[webhooks]
duplicate = true
shuffle = true
break_signature = true
stale = true
[[media]]
prefix = "https://"
failure = "missing"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    assert read_scenario(written(tmp_path, WHOLE)) == ScenarioFile(
        says="all there is",
        fault=({"problem": "broken", "match": {"vendor": "acme"}},),
        account=Change(credits=0),
        webhooks=Webhooks(duplicate=True, shuffle=True, break_signature=True, stale=True),
        media=(Lying(prefix="https://", failure="missing"),),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("says = ", "Invalid value"),
        ("", "missing required field `says`"),
        ('says = "x"\nspeed = 1', "unknown field `speed`"),
        ('says = "x"\n[webhooks]\ntwice = true', "unknown field `twice`"),
        ('says = "x"\n[account]\nbook = {}', "unknown field `book`"),
        ('says = "x"\n[[media]]\nfailure = "missing"', "a line of media has either url or prefix"),
        ('says = "x"\n[[media]]\nurl = "http://a/"\nprefix = "http"', "a line of media has either url or prefix"),
        ('says = "x"\n[account]\ncredits = -5', "Expected `float` >= 0.0 - at `$.account.credits`"),
        ('says = "x"\n[account]\ncredits = nan', "Expected `float` >= 0.0 - at `$.account.credits`"),
        ('says = "x"\n[account]\ncredits = inf', "Expected `float` <= 1000000000.0 - at `$.account.credits`"),
    ],
)
def test_a_file_that_says_nothing_sound_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        read_scenario(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_later_folders_lie_over_earlier_ones(tmp_path: Path) -> None:
    for folder, names in (("one", ("a", "b")), ("two", ("b", "c"))):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.toml").touch()
    (tmp_path / "one" / "README.md").touch()
    found = find_scenarios(tmp_path / "one", tmp_path / "two", tmp_path / "three")
    assert {name: path.parent.name for name, path in found.items()} == {"a": "one", "b": "two", "c": "two"}
