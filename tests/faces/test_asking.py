"""`mockserver health` asks where the settings of this folder put a server, and says in one sentence what it found."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mockserver import __version__
from mockserver.faces.asking import own_address
from tests.processes import Run, Started


@pytest.fixture
def stranger() -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve, on a free port, whatever a test puts into `answer`."""
    said: dict[str, Any] = {"status": 200, "body": b""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(said["status"])
            self.send_header("Location", said.get("location", ""))
            self.end_headers()
            self.wfile.write(said["body"])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{found.server_address[1]}", said
        found.shutdown()
        thread.join()


def test_a_server_that_is_well_is_status_0(verb: Run, server: Started) -> None:
    status, out, err = verb("health", "--url", f"{server.url}/")
    assert (status, err) == (0, "")
    assert out.startswith(f"ok: {server.url} serves ")
    assert "voxjar" in out


def test_its_whole_answer_can_be_printed(verb: Run, server: Started) -> None:
    status, out, _ = verb("health", "--json", "--url", server.url)
    found = json.loads(out)
    assert (status, found["status"], found["version"]) == (0, "ok", __version__)


def test_it_is_asked_where_the_environment_says(verb: Run, server: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    assert verb("health")[0] == 0
    monkeypatch.delenv("MOCKSERVER_URL")
    monkeypatch.setenv("MOCKSERVER_PORT", str(server.port))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert verb("health")[0] == 0


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        (None, None, "http://127.0.0.1:4747"),
        ("0.0.0.0", "80", "http://127.0.0.1:80"),  # noqa: S104  # nothing is bound
        ("::", "80", "http://127.0.0.1:80"),
        ("::1", "80", "http://[::1]:80"),
        ("mock.lan", None, "http://mock.lan:4747"),
    ],
)
def test_a_server_is_asked_where_it_listens(
    host: str | None, port: str | None, address: str, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("MOCKSERVER_HOST", host), ("MOCKSERVER_PORT", port)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert own_address() == address


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://a..b", "http://127.0.0.1:1/a b", "http://[::1"])
def test_nobody_there_is_status_1_and_one_sentence(url: str, verb: Run) -> None:
    status, out, err = verb("health", "--url", url)
    assert (status, out) == (1, "")
    assert err.startswith(f"mockserver: {url.rstrip('/')} does not answer: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("code", "body", "says"),
    [
        (200, b"<html>", "does not answer: "),
        (200, b"", "does not answer: "),
        (500, b'{"vendors": []}', "does not answer: "),
        (404, b"", "does not answer: "),
        (404, b"[]", "does not answer: "),
        (404, b'{"detail": 1}', "does not answer: "),
        (200, b"[]", "answers, but is no mockserver"),
        (200, b"{}", "answers, but is no mockserver"),
        (200, b'{"vendors": 1}', "answers, but is no mockserver"),
        (200, b'{"vendors": [1]}', "answers, but is no mockserver"),
        (200, b"null", "answers, but is no mockserver"),
    ],
)
def test_somebody_else_there_is_status_1_and_one_sentence(
    code: int, body: bytes, says: str, verb: Run, stranger: tuple[str, dict[str, Any]]
) -> None:
    url, said = stranger
    said |= {"status": code, "body": body}
    status, out, err = verb("health", "--url", url)
    assert (status, out) == (1, "")
    assert err.startswith(f"mockserver: {url} {says}")
    assert err.count("\n") == 1


def test_nobody_is_followed_elsewhere(verb: Run, server: Started, stranger: tuple[str, dict[str, Any]]) -> None:
    url, said = stranger
    said |= {"status": 302, "location": f"{server.url}/_mock/health"}
    assert verb("health", "--url", url) == (1, "", f"mockserver: {url} does not answer: Found\n")


MISPLACED = [
    ("journal --account nope count", "--account belongs after count"),
    ("journal --account nope wait --timeout 0.2", "--account belongs after wait"),
    ("journal --refused-by rules har", "--refused-by belongs after har"),
    ("journal --account nope clear", "clear takes no --account"),
    ("journal --limit 20 count", "count takes no --limit"),
    ("records --account nope show 1", "--account belongs after show"),
    ("records --vendor voxjar fail 1", "fail takes no --vendor"),
    ("accounts --vendor siro open voxjar", "open takes no --vendor"),
    ("accounts --limit 1 show voxjar/demo", "show takes no --limit"),
    ("webhooks --account nope flush", "--account belongs after flush"),
    ("webhooks --state pending redeliver 1", "redeliver takes no --state"),
]


@pytest.mark.parametrize(("words", "says"), MISPLACED)
def test_what_narrows_a_list_is_not_dropped_before_a_verb(words: str, says: str, server: Started, verb: Run) -> None:
    group, *rest = words.split()
    assert verb(group, "--url", server.url, *rest) == (2, "", f"mockserver: {says}\n")


def test_what_names_the_server_counts_before_a_verb(server: Started, verb: Run) -> None:
    assert verb("journal", "--json", "--url", server.url, "count")[0] == 0


ASKING = [
    "journal",
    "journal show 1",
    "journal count",
    "journal wait",
    "journal clear",
    "journal har",
    "journal curl 1",
    "journal explain 1",
    "records",
    "records show 1",
    "records advance 1",
    "accounts",
    "accounts open voxjar",
    "accounts show a/b",
    "accounts close a/b",
    "media",
    "media put --prefix https://a.example",
    "media clear",
    "fault plant --problem broken",
    "fault list",
    "fault lift --all",
    "scenario list",
    "scenario load a",
    "webhooks",
    "webhooks flush",
    "clock",
    "coverage",
    "snapshot save kept.json",
    "snapshot save -",
    "snapshot restore kept.json",
    "reset",
]
FOREIGN = [b"<html>", b"", b"\xff", b"[]", b'"curl"', b'{"items": [1], "rows": [1], "format": "1"}', b"[" * 100_000]


@pytest.mark.parametrize("words", ASKING)
def test_no_verb_takes_somebody_else_for_a_server_of_ours(
    words: str, verb: Run, stranger: tuple[str, dict[str, Any]], tmp_path: Path
) -> None:
    url, said = stranger
    kept = tmp_path / "kept.json"
    kept.write_text('{"kept": true}')
    for body in FOREIGN:
        said["body"] = body
        status, out, err = verb(*words.split(), "--server" if "put" in words else "--url", url)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert err.startswith((f"mockserver: {url} answers, but is no mock", f"mockserver: {url} does not answer: "))
    assert [*tmp_path.iterdir()] == [kept]
    assert kept.read_text() == '{"kept": true}'


@pytest.mark.parametrize("code", [404, 422])
def test_a_problem_of_any_depth_is_no_traceback(code: int, verb: Run, stranger: tuple[str, dict[str, Any]]) -> None:
    url, said = stranger
    said |= {"status": code, "body": b"[" * 100_000}
    status, _, err = verb("health", "--url", url)
    assert (status, err.startswith(f"mockserver: {url} does not answer: ")) == (1, True)
    assert verb("wait", "--timeout", "0", "--url", url)[0] == 1


def test_words_of_any_depth_are_no_traceback(verb: Run, tmp_path: Path) -> None:
    nobody = ("--url", "http://127.0.0.1:1")
    for depth in (*range(700, 1_000), 100_000):
        text = "[" * depth + "]" * depth
        (tmp_path / "deep.json").write_text(text)
        for words in (("accounts", "change", "voxjar/demo", text), ("snapshot", "restore", "deep.json")):
            status, _, err = verb(*words, *nobody)
            assert (status, "nested too deeply" in err) in [(1, False), (2, True)]
    assert status == 2


NUMBERS = [
    ("wait", "--timeout"),
    ("journal wait", "--timeout"),
    ("coverage", "--fail-under"),
    ("fault plant --problem broken", "--delay"),
    ("fault plant --problem broken", "--chance"),
    ("accounts open voxjar", "--credits"),
    ("media put --prefix https://a.example", "--duration"),
    ("verify voxjar", "--timeout"),
]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
@pytest.mark.parametrize(("words", "flag"), NUMBERS)
def test_what_is_no_number_is_wrong_usage(words: str, flag: str, number: str, verb: Run) -> None:
    status, out, err = verb(*words.split(), f"{flag}={number}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"mockserver: Invalid value for '{flag}': ")


@pytest.mark.parametrize("rate", ["3/nan", "3/inf", "nan/3", "3", "/"])
def test_a_rate_is_of_two_numbers(rate: str, verb: Run) -> None:
    says = f"mockserver: --rate is calls/seconds, such as 3/60, not {rate!r}\n"
    assert verb("fault", "plant", "--problem", "too-many", "--rate", rate) == (2, "", says)


def test_what_was_asked_wrongly_is_not_what_did_not_come_about(server: Started, verb: Run) -> None:
    reach = ("--url", server.url)
    status, _, err = verb("journal", "wait", "--timeout", "0.1", "--status", "abc", *reach)
    assert (status, err) == (2, "mockserver: status must be a whole number, not text\n")
    for turned in ("advance", "fail"):
        assert verb("records", turned, "nobody", *reach) == (2, "", "mockserver: there is no record 'nobody'\n")
