"""`mockserver fault` and `mockserver scenario` against a running server, and what they say when there is none."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.applications import UPLOAD, VOXJAR
from tests.processes import Run, Started

Start = Callable[..., Started]


@pytest.fixture
def ours(server: Started, monkeypatch: pytest.MonkeyPatch, verb: Run) -> Iterator[Run]:
    """Run verbs against the server; what they leave planted is lifted afterwards."""
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    yield verb
    verb("fault", "lift", "--all")


def account(server: Started, name: str) -> tuple[str, str]:
    """Open an account; return its name and its token."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        opened = client.post("/_mock/accounts", json={"vendor": "voxjar"}).json()
    return f"voxjar/{opened['name']}", opened["credentials"]["token"]


def upload(server: Started, token: str) -> int:
    headers = {**VOXJAR, "Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        return client.post("/voxjar/api/v1/upload", json=UPLOAD, headers=headers).status_code


def test_a_call_that_was_cut_off_is_listed_as_such(ours: Run, server: Started) -> None:
    name, token = account(server, "cut")
    ours("fault", "plant", "--account", name, "--wire", "reset", "--name", "unlucky")
    with pytest.raises(httpx.TransportError):
        upload(server, token)
    _, out, _ = ours("journal", "--account", name.partition("/")[2])
    assert out.rstrip().endswith(f"  cut  {name}  POST /api/v1/upload  planted unlucky")


def test_a_fault_is_planted_listed_and_lifted(ours: Run, server: Started) -> None:
    who, token = account(server, "forced")
    words = ("--account", who, "--problem", "broken", "--times", "2")
    assert ours("fault", "plant", "--name", "mine", *words) == (0, "mine\n", "")
    assert upload(server, token) == 500
    vendor, _, name = who.partition("/")
    status, out, err = ours("fault", "list", "--account", who)
    assert (status, err) == (0, "")
    assert out == f"mine  vendor={vendor}  account={name}  problem=broken  times=1\n"
    assert json.loads(ours("fault", "list", "--json")[1])["items"][0]["name"] == "mine"
    assert ours("fault", "lift", "mine", "--account", who) == (0, "lifted\n", "")
    assert upload(server, token) == 200
    assert ours("fault", "lift", "mine")[::2] == (
        2,
        "mockserver: no fault 'mine' is planted: it was lifted, or it is used up\n",
    )


def test_every_option_reaches_the_server(ours: Run) -> None:
    words = (
        *("--name", "mine", "--vendor", "voxjar", "--operation", "uploadInteraction", "--header", "X-Test: yes"),
        *("--problem", "too-many", "--wire", "drip", "--delay", "0.5", "--times", "3", "--chance", "0.5"),
        *("--step", "auth", "--retry-after", "3", "--rate", "3/60"),
    )
    assert ours("fault", "plant", *words)[0] == 0
    assert ours("fault", "plant", "--name", "later", "--pace", "10", "--fail")[0] == 0
    found = {item["name"]: item for item in json.loads(ours("fault", "list", "--json")[1])["items"]}
    assert found["mine"] == {
        "name": "mine",
        "match": {"vendor": "voxjar", "operation": "uploadInteraction", "header": "X-Test: yes"},
        "problem": "too-many",
        "wire": "drip",
        "delay": 0.5,
        "times": 3,
        "chance": 0.5,
        "step": "auth",
        "retry_after": 3,
        "rate": {"calls": 3, "seconds": 60},
    }
    assert found["later"] == {"name": "later", "match": {}, "pace": 10, "fail": True}
    assert ours("fault", "lift", "--all")[0] == 0
    assert json.loads(ours("fault", "list", "--json")[1])["total"] == 0


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("plant",), 2, "a fault has a problem, a wire, a delay, a rate, a pace or fail"),
        (("plant", "--problem", "tired"), 2, "Invalid value for '--problem': 'tired' is not one of 'unauthenticated'"),
        (("plant", "--delay", "61"), 2, "Invalid value for '--delay': 61.0 is not in the range 0<=x<=60"),
        (("plant", "--rate", "often"), 2, "--rate is calls/seconds, such as 3/60, not 'often'"),
        (("plant", "--delay", "1", "--vendor", "nobody"), 2, "there is no vendor 'nobody': known are "),
        (("lift",), 2, "say either the NAME of a fault, or --all"),
        (("lift", "mine", "--all"), 2, "say either the NAME of a fault, or --all"),
        (("lift", "a/b?c"), 2, "there is no "),
        (("list", "--account", "demo"), 2, "account must match"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(words: tuple[str, ...], status: int, says: str, ours: Run) -> None:
    found, out, err = ours("fault", *words)
    assert (found, out) == (status, "")
    assert err.partition("mockserver: ")[2].startswith(says)
    assert "Traceback" not in err


def test_scenarios_are_listed_and_put_on(ours: Run, server: Started) -> None:
    who, token = account(server, "staged")
    status, out, _ = ours("scenario", "list")
    assert status == 0
    assert "unplugged: the connection is reset before anything is processed\n" in out
    assert json.loads(ours("scenario", "list", "--json")[1])["total"] == len(out.splitlines())
    says = "the first two calls are answered 500, those after them as ever"
    assert ours("scenario", "load", "flaky-then-fine", "--account", who) == (0, f"{who}: {says}\n", "")
    assert [upload(server, token) for _ in range(3)] == [500, 500, 200]
    status, _, err = ours("scenario", "load", "nonsense")
    assert status == 2
    assert err.startswith("mockserver: there is no scenario 'nonsense': known are ")


def test_why_a_scenario_cannot_be_put_on_is_listed(tmp_path: Path, start: Start, verb: Run) -> None:
    (tmp_path / "_scenarios").mkdir()
    (tmp_path / "_scenarios" / "worse.toml").write_text("says = 1")
    started = start("--vendors", "voxjar", "--documents", str(tmp_path))
    status, out, _ = verb("scenario", "list", "--url", started.url)
    assert (status, len(out.splitlines()) > 12) == (0, True)
    says = f"its file cannot be used: {tmp_path}/_scenarios/worse.toml: Expected `str`, got `int`"
    assert out.splitlines()[-1].startswith(f"worse: {says}")


def test_a_scenario_may_be_put_on_for_the_whole_server(start: Start, verb: Run) -> None:
    started = start("--vendors", "voxjar", "--scenario", "vendor-down", "--admin-token", "mine")
    assert upload(started, "voxjar-demo-token") == 500
    for words in ((), ("--admin-token", "wrong")):
        status, _, err = verb("fault", "list", "--url", started.url, *words)
        assert (status, err.startswith("mockserver: the admin API needs ")) == (2, True)
    where = ("--url", f"{started.url}/", "--admin-token", "mine")
    status, out, _ = verb("scenario", "load", "expired-token", *where)
    assert (status, out.partition(":")[0]) == (0, "the server")
    assert [upload(started, "voxjar-demo-token") for _ in range(2)] == [401, 200]
    assert verb("fault", "list", *where) == (0, "nothing is planted\n", "")


def test_a_server_that_is_to_begin_with_nonsense_does_not_begin(verb: Run) -> None:
    status, out, err = verb("serve", "--port", "0", "--scenario", "nonsense")
    assert (status, out) == (2, "")
    assert err.startswith("mockserver: there is no scenario 'nonsense': known are expired-token, ")
    assert err.count("\n") == 1


def test_every_verb_prints_the_whole_answer_where_asked(ours: Run, server: Started) -> None:
    who, _ = account(server, "whole")
    planted = json.loads(ours("fault", "plant", "--name", "mine", "--account", who, "--delay", "1", "--json")[1])
    assert (planted["name"], planted["delay"]) == ("mine", 1)
    assert json.loads(ours("fault", "lift", "mine", "--account", who, "--json")[1]) == {}
    assert json.loads(ours("scenario", "load", "unplugged", "--account", who, "--json")[1])["faults"] == ["unplugged"]


def test_a_rate_is_shown_as_it_is(ours: Run) -> None:
    assert ours("fault", "plant", "--name", "limit", "--rate", "3/60", "--chance", "0")[0] == 0
    line = 'limit  problem=too-many  chance=0.0  rate={"calls": 3, "seconds": 60.0}\n'
    assert ours("fault", "list")[1] == line


@pytest.mark.parametrize(
    "words", [("fault", "list"), ("fault", "plant", "--delay", "1"), ("scenario", "list"), ("scenario", "load", "x")]
)
def test_somebody_else_there_is_one_sentence(words: tuple[str, ...], verb: Run, elsewhere: str) -> None:
    status, out, err = verb(*words, "--url", elsewhere)
    assert (status, out, err) == (1, "", f"mockserver: {elsewhere} answers, but is no mockserver\n")


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Serve an empty object to whoever asks."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_GET  # noqa: N815  # the library's name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{found.server_address[1]}"
        found.shutdown()
        thread.join()
