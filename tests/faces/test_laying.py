"""`mockserver media` on a started server: lines are added, replaced, listed and forgotten."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.processes import Run, Started

A, B = "https://a.example/call.mp3", "https://b.example/"


@pytest.fixture
def url(server: Started, monkeypatch: pytest.MonkeyPatch, verb: Run) -> Iterator[str]:
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    httpx.delete(f"{server.url}/_mock/media", trust_env=False).raise_for_status()
    yield server.url
    httpx.delete(f"{server.url}/_mock/media", trust_env=False).raise_for_status()


def test_nothing_is_told_at_first(url: str, verb: Run) -> None:
    assert verb("media") == (0, "nobody has said anything\n", "")
    assert json.loads(verb("media", "--json")[1]) == {"items": []}


def test_lines_stand_beside_each_other_and_the_newer_of_one_address_counts(url: str, verb: Run) -> None:
    assert verb("media", "put", "--url", A, "--type", "audio/mpeg", "--size", "960000", "--duration", "60.5")[0] == 0
    assert verb("media", "put", "--prefix", B, "--failure", "missing")[0] == 0
    assert verb("media", "put", "--url", A, "--account", "voxjar/demo")[0] == 0
    assert verb("media")[1].splitlines() == [
        f"{A}  audio/mpeg, 960000 bytes, 60.5 s",
        f"{B}…  missing",
        f"{A}  nothing known  for voxjar/demo only",
    ]
    status, out, _ = verb("media", "put", "--json", "--url", A, "--failure", "slow")
    assert status == 0
    assert json.loads(out)["items"][-1] == {"url": A, "failure": "slow"}
    assert len(json.loads(out)["items"]) == 3


def test_the_lines_of_an_account_are_its_own(url: str, verb: Run) -> None:
    verb("media", "put", "--url", A)
    verb("media", "put", "--url", B, "--account", "voxjar/demo")
    verb("media", "--account", "voxjar/demo", "put", "--url", A)
    line = f"{B}  nothing known  for voxjar/demo only"
    assert verb("media", "--account", "voxjar/demo")[1].splitlines()[0] == line
    assert verb("media", "clear", "--account", "siro/demo")[1].count("\n") == 3
    assert verb("media", "--account", "voxjar/demo", "clear")[1] == f"{A}  nothing known\n"
    assert verb("media", "clear")[1] == "nobody has said anything\n"


def test_what_lies_behind_an_address_decides(url: str, verb: Run) -> None:
    verb("media", "put", "--url", A, "--size", "524288001")
    call = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "downloadUrl": A}
    headers = {"Authorization": "Bearer voxjar-demo-token"}
    answer = httpx.post(f"{url}/voxjar/api/v1/upload", json=call, headers=headers, trust_env=False)
    assert answer.headers["x-mock-refused-by"] == "rules/media-limit-by-url"


WRONG: list[tuple[list[str], str]] = [
    (["put", "--failure", "slow"], "a line of the table has either --url or --prefix"),
    (["put", "--url", A, "--prefix", B], "a line of the table has either --url or --prefix"),
    (["put", "--url", A, "--failure", "broken"], "items.0.failure must be one of missing, forbidden, expired"),
    (["put", "--url", A, "--size", "big"], "Invalid value for '--size'"),
    (["put", "--url", A, "--size", "-1"], "items.0.size must be"),
    (["put", "--url", A, "--account", "acme/demo"], "there is no vendor 'acme'"),
    (["--account", "voxjar"], "account must"),
    (["put", "--url", A, "--server", "mock"], "--server is an http address, not 'mock'"),
    (["lay"], "No such command 'lay'."),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_words_are_wrong_usage(words: list[str], says: str, url: str, verb: Run) -> None:
    status, out, err = verb("media", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"mockserver: {says}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["--url", "http://127.0.0.1:1"], ["--url", "http://127.0.0.1:1", "put", "--url", A]], ids=["list", "put"]
)
def test_nobody_there_is_status_1(words: list[str], verb: Run) -> None:
    status, out, err = verb("media", *words)
    assert (status, out) == (1, "")
    assert err.startswith("mockserver: http://127.0.0.1:1 does not answer: ")


@pytest.mark.parametrize("words", [["put", "--url", A, "--server", "{}"], ["--url", "{}", "put", "--url", A]])
def test_the_server_may_be_named_by_a_flag(words: list[str], server: Started, verb: Run) -> None:
    assert verb("media", *(word.format(server.url) for word in words))[0] == 0
    assert verb("media", "clear", "--url", server.url)[0] == 0
