"""`mockserver coverage` on a started server."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import parse

import httpx
import pytest

import mockserver
from mockserver.faces.coverage.text import NOTHING
from mockserver.faces.python.mock import Account
from tests.processes import Run, Started

GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}


@pytest.fixture
def account(server: Started, monkeypatch: pytest.MonkeyPatch, verb: Run) -> Iterator[Account]:
    """Open an account of the test's own, and name its server in the environment."""
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    with mockserver.connect(server.url) as mock:
        opened = mock.account("voxjar")
        yield opened
        opened.close()


def upload(account: Account, **change: str) -> int:
    headers = {"Authorization": f"Bearer {account.token}"}
    url = f"{account.url}/api/v1/upload"
    return httpx.post(url, headers=headers, json={**GOOD, **change}, trust_env=False).status_code


def test_what_was_seen_is_told(account: Account, verb: Run) -> None:
    assert verb("coverage", "--account", account.name) == (0, f"{NOTHING}\n", "")
    assert (upload(account), upload(account, direction="inbound")) == (200, 400)
    status, out, err = verb("coverage", "--account", account.name)
    assert (status, err) == (0, "")
    assert out.startswith("voxjar: ")
    assert "1 of 34 seen broken" in out
    assert "never broken             direction-required\n" in out
    assert "direction-inbound-or-outbound" not in out


def test_its_whole_answer_can_be_printed(account: Account, verb: Run) -> None:
    upload(account, direction="inbound")
    status, out, _ = verb("coverage", "--json", "--account", account.name)
    found = json.loads(out)
    assert (status, found["totals"]["broken"], found["evicted"]) == (0, {"seen": 1, "of": 34}, 0)
    assert {item["vendor"] for item in found["items"]} == {"voxjar"}
    assert found == json.loads(verb("coverage", "--json", "--account", account.name, "--vendor", "voxjar")[1])


def test_vendors_that_are_named_are_told_though_nobody_called_them(account: Account, verb: Run) -> None:
    found = json.loads(verb("coverage", "--json", "--vendor", "siro", "--vendor", "siro@2026-08")[1])
    assert {item["vendor"] for item in found["items"]} == {"siro", "siro@2026-08"}


def test_files_are_written_beside_it(account: Account, verb: Run, tmp_path: Path) -> None:
    upload(account)
    status, out, _ = verb("coverage", "--account", account.name, "--junit", "junit.xml", "--html", "page.html")
    assert (status, out.startswith("voxjar: ")) == (0, True)
    assert parse(tmp_path / "junit.xml").getroot().attrib["failures"] == "0"  # noqa: S314  # written here
    assert "direction-required" in (tmp_path / "page.html").read_text("utf-8")
    status, _, err = verb("coverage", "--account", account.name, "--html", "nowhere/page.html")
    assert (status, "nowhere/page.html" in err) == (2, True)


def test_too_little_is_status_1(account: Account, verb: Run, tmp_path: Path) -> None:
    upload(account)
    name = ("--account", account.name)
    assert verb("coverage", *name, "--fail-under", "10")[0] == 0
    status, out, err = verb("coverage", *name, "--fail-under", "99.5", "--junit", "junit.xml")
    assert (status, out.startswith("voxjar: ")) == (1, True)
    assert err.endswith(" % is seen, and at least 99.5 % is asked for\n")
    assert parse(tmp_path / "junit.xml").getroot().attrib["failures"] == "1"  # noqa: S314  # written here


def test_that_nothing_was_called_is_too_little(account: Account, verb: Run) -> None:
    assert verb("coverage", "--account", account.name, "--fail-under", "1")[0] == 1
    assert verb("coverage", "--account", account.name, "--fail-under", "0")[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--vendor", "nobody"), "there is no vendor 'nobody'"),
        (("--account", "nobody"), "there is no account 'nobody'"),
        (("--fail-under", "101"), "101"),
    ],
)
def test_wrong_usage_is_said_in_one_sentence(words: tuple[str, ...], says: str, account: Account, verb: Run) -> None:
    status, out, err = verb("coverage", *words)
    assert (status, out, says in err) == (2, "", True)
    assert err.count("\n") == 1


def test_who_answers_something_else_is_no_mockserver(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.faces.asking.ask", lambda *_: {"items": [{}]})
    status, _, err = verb("coverage", "--url", "http://127.0.0.1:9")
    assert (status, err) == (1, "mockserver: http://127.0.0.1:9 answers, but is no mockserver\n")
