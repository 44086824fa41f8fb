"""`mockserver clock` on a started server: shown, stopped, set, moved on, paced; wrong words are wrong usage."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.processes import Run, Started


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start a server of these tests' own: others want to know what time it is."""
    started = Started(cwd=tmp_path_factory.mktemp("timed"))
    yield started
    assert started.stop() == 0


@pytest.fixture
def url(timed: Started, monkeypatch: pytest.MonkeyPatch, verb: Run) -> Iterator[str]:
    """Name the server in the environment, and leave its clock running as it was started."""
    monkeypatch.setenv("MOCKSERVER_URL", timed.url)
    yield timed.url
    httpx.put(f"{timed.url}/_mock/clock", json={"frozen": False, "pace": "1"}, trust_env=False).raise_for_status()


def test_the_clock_is_shown(url: str, verb: Run) -> None:
    status, out, err = verb("clock")
    assert (status, err) == (0, "")
    assert out.endswith("Z, running, pace 1\n")
    status, out, _ = verb("clock", "--json", "--url", f"{url}/")
    assert (status, json.loads(out).keys()) == (0, {"now", "frozen", "pace"})


def test_the_clock_is_stopped_set_moved_on_and_let_run(url: str, verb: Run) -> None:
    assert verb("clock", "freeze")[1].endswith(", frozen, pace 1\n")
    assert verb("clock", "set", "2038-06-23T14:30:00+02:00")[1] == "2038-06-23T12:30:00.000Z, frozen, pace 1\n"
    assert verb("clock", "advance", "90.5")[1] == "2038-06-23T12:31:30.500Z, frozen, pace 1\n"
    assert verb("clock", "advance", "0")[1] == "2038-06-23T12:31:30.500Z, frozen, pace 1\n"
    status, out, _ = verb("clock", "unfreeze", "--json")
    assert (status, json.loads(out)["frozen"]) == (0, False)


@pytest.mark.parametrize("pace", ["0.1", "held", "immediate", "reads:3", "2"])
def test_the_pace_is_changed(pace: str, url: str, verb: Run) -> None:
    assert verb("clock", "pace", pace)[1].endswith(f", running, pace {pace}\n")


def test_idle_is_when_all_work_is_done(url: str, verb: Run) -> None:
    account = httpx.post(f"{url}/_mock/accounts", json={"vendor": "voxjar"}, trust_env=False).json()
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    call = {
        "sourceIdentifier": "a",
        "direction": "INBOUND",
        "timestamp": "2026-06-23",
        "downloadUrl": "https://a.example",
    }
    uploaded = httpx.post(f"{url}/voxjar/api/v1/upload", json=call, headers=headers, trust_env=False).json()
    assert verb("clock", "advance", "idle")[0] == 0
    found = httpx.get(f"{url}/voxjar{uploaded['statusUrl']}", headers=headers, trust_env=False).json()
    assert found["transcript"]["status"] == "COMPLETED"


WRONG: list[tuple[list[str], str]] = [
    (["advance", "soon"], "Invalid value for 'SECONDS|idle': 'soon' is neither a number of seconds nor idle"),
    (["advance", "nan"], "Invalid value for 'SECONDS|idle': 'nan' is neither a number of seconds nor idle"),
    (["advance", "--", "-1"], "Invalid value for 'SECONDS|idle': '-1' is neither a number of seconds nor idle"),
    (["advance"], "Missing argument 'SECONDS|idle'."),
    (["advance", "1e12"], "seconds must be"),
    (["pace", "fast"], "PACE is a number"),
    (["set", "noon"], "now must be an ISO 8601 date, or date and time"),
    (["stop"], "No such command 'stop'."),
    (["freeze", "--url", "ftp://mock"], "--url is an http address, not 'ftp://mock'"),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_words_are_wrong_usage(words: list[str], says: str, url: str, verb: Run) -> None:
    status, out, err = verb("clock", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"mockserver: {says}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [[], ["freeze"], ["advance", "1"], ["set", "2030-01-01"], ["pace", "1"]])
def test_nobody_there_is_status_1(words: list[str], verb: Run) -> None:
    status, out, err = verb("clock", *words, "--url", "http://127.0.0.1:1")
    assert (status, out) == (1, "")
    assert err.startswith("mockserver: http://127.0.0.1:1 does not answer: ")


def test_a_token_is_shown_where_it_is_wanted(
    start: Callable[..., Started], verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = start("--admin-token", "let-me-in")
    wanted = "mockserver: the admin API needs `Authorization: Bearer <admin token>`\n"
    assert verb("clock", "--url", guarded.url) == (2, "", wanted)
    assert verb("clock", "freeze", "--url", guarded.url, "--admin-token", "wrong")[0] == 2
    assert verb("clock", "freeze", "--url", guarded.url, "--admin-token", "let-me-in")[0] == 0
    assert verb("clock", "--admin-token", "let-me-in", "--url", guarded.url, "unfreeze")[0] == 0
    monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "let-me-in")
    assert verb("clock", "--url", guarded.url)[0] == 0
    monkeypatch.setenv("MOCKSERVER_PORT", str(guarded.port))
    assert verb("clock")[0] == 0


def test_what_is_given_to_a_verb_counts_before_its_group_and_that_before_the_environment(
    url: str, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "http://127.0.0.1:1"
    assert verb("clock", "--url", nowhere, "freeze", "--url", url)[0] == 0
    assert verb("clock", "--url", nowhere, "freeze")[0] == 1
    monkeypatch.setenv("MOCKSERVER_URL", nowhere)
    status, out, _ = verb("clock", "--url", url, "--json", "unfreeze")
    assert (status, json.loads(out)["frozen"]) == (0, False)


def test_the_token_of_this_folders_settings_goes_to_its_own_server_only(
    start: Callable[..., Started], verb: Run, tmp_path: Any
) -> None:
    guarded = start("--admin-token", "let-me-in")
    (tmp_path / "mockserver.toml").write_text(f'port = {guarded.port}\nadmin_token = "let-me-in"\n')
    assert verb("clock")[0] == 0
    assert verb("clock", "--url", guarded.url)[0] == 2
