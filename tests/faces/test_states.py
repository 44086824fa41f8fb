"""Everything at once over HTTP, from Python and from the terminal: kept, put back, and as it began."""

import asyncio
import json
import os
import stat
from collections.abc import Iterator
from errno import ENOSPC
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.faces.application import Application
from mockserver.faces.python.hand import MockError
from mockserver.faces.python.server import MockServer
from tests.applications import (
    HOST,
    UPLOAD,
    VOXJAR,
    answered,
    ask,
    exchange,
    keep,
    new_application,
    new_world,
    problem,
    scope_of,
)
from tests.processes import Run

SNAPSHOT, RESET, JOURNAL = "/_mock/snapshot", "/_mock/reset", "/_mock/journal"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def application() -> Application:
    application = new_application(new_world("voxjar"))
    ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    return application


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(vendors=["voxjar"]) as mock:
        yield mock


def total(application: Application, path: str = JOURNAL) -> int:
    counted: int = keep(application, "GET", path).json["total"]
    return counted


def test_state_is_kept_and_put_back_over_http(application: Application) -> None:
    taken = keep(application, "GET", SNAPSHOT)
    assert taken.status == 200
    ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    assert total(application) == 2
    told = keep(application, "PUT", SNAPSHOT, headers=JSON, body=taken.content)
    assert (told.status, told.json["rows"]["journal"], total(application)) == (200, 1, 1)
    other = new_application(new_world("voxjar"))
    assert keep(other, "PUT", SNAPSHOT, headers=JSON, body=taken.content).json == told.json
    assert keep(other, "GET", JOURNAL).content == keep(application, "GET", JOURNAL).content


@pytest.mark.parametrize(
    ("headers", "body", "status", "says"),
    [
        (JSON, b"{}", 422, "this is no snapshot of format 1"),
        (JSON, b"", 422, "this is no snapshot: Input data was truncated"),
        ({}, b"{}", 415, "say in Content-Type that the body is application/json"),
        ({"Content-Type": "text/plain"}, b"{}", 415, "send application/json, not text/plain"),
        (JSON | {"Content-Encoding": "gzip"}, b"{}", 415, "a body encoded as gzip is not read"),
        ({"Content-Type": "application/json; charset=utf-16"}, b"{}", 400, "the charset must be UTF-8"),
    ],
)
def test_what_is_no_snapshot_is_told_so(
    application: Application, headers: dict[str, str], body: bytes, status: int, says: str
) -> None:
    answer = keep(application, "PUT", SNAPSHOT, headers=headers, body=body)
    assert problem(answer)[0] == status
    assert says in answer.json["detail"]
    assert total(application) == 1


def test_a_snapshot_that_is_too_long_is_not_read(application: Application) -> None:
    length = ("Content-Length", str(64 * 1024 * 1024 + 1))
    scope = scope_of("PUT", SNAPSHOT, [("Host", HOST), *JSON.items(), length])
    answer = answered(asyncio.run(exchange(application, scope, ())))
    assert problem(answer)[::2] == (413, "the body is larger than 67108864 bytes")


def test_it_is_led_back_over_http(application: Application) -> None:
    assert keep(application, "POST", RESET, json_body={"what": ["journal"]}).status == 204
    assert (total(application), total(application, "/_mock/records") > 0) == (0, True)
    assert keep(application, "POST", RESET, json_body={"account": "voxjar/demo"}).status == 204
    assert total(application, "/_mock/records") == 0
    assert keep(application, "POST", RESET).status == 204
    assert keep(application, "POST", RESET, json_body={}).status == 204


@pytest.mark.parametrize(
    ("wanted", "status", "says"),
    [
        ({"account": "voxjar/nobody"}, 404, "there is no account 'voxjar/nobody': one is written vendor/name"),
        ({"account": "voxjar/demo", "what": ["clock"]}, 422, "the clock is everybody's: reset it without an account"),
        ({"account": "demo"}, 422, None),
        ({"what": []}, 422, None),
        ({"what": ["everything"]}, 422, None),
        ({"what": "clock"}, 422, None),
        ({"more": 1}, 422, None),
        ([], 422, None),
    ],
)
def test_what_cannot_be_led_back_is_refused(
    application: Application, wanted: Any, status: int, says: str | None
) -> None:
    answer = keep(application, "POST", RESET, json_body=wanted)
    assert problem(answer)[0] == status
    assert says in (None, answer.json["detail"])
    assert total(application) == 1


def upload(mock: MockServer, token: str = VOXJAR["Authorization"]) -> None:
    headers = {"Authorization": token}
    assert httpx.post(f"{mock.url}/voxjar/api/v1/upload", json=UPLOAD, headers=headers, trust_env=False).is_success


def test_state_is_kept_put_back_and_led_back_from_python(mock: MockServer) -> None:
    mine = mock.account("voxjar", name="mine")
    upload(mock, f"Bearer {mine.token}")
    kept = mock.snapshot()
    upload(mock)
    mine.reset("journal")
    assert (mine.journal.count(), mock.journal.count(), len(mine.records.list(kind="interaction"))) == (0, 1, 1)
    mock.reset(account=mine.id)
    assert mine.records.list() == []
    mock.restore(kept)
    assert (mine.journal.count(), mock.snapshot()["shelves"]) == (1, kept["shelves"])
    mock.reset("records", "clock")
    mock.reset()
    assert mock.journal.count() == 0
    with pytest.raises(MockError, match="there is no account 'voxjar/mine'"):
        mine.reset()
    with pytest.raises(MockError, match="this is no snapshot"):
        mock.restore({})


def test_state_is_kept_and_put_back_from_the_terminal(mock: MockServer, verb: Run, tmp_path: Path) -> None:
    file, reach = tmp_path / "état.json", ("--url", mock.url)
    mock.reset()
    upload(mock)
    status, out, _ = verb("snapshot", "save", file.name, *reach)
    assert (status, out) == (0, f"{file.name}: {file.stat().st_size} bytes, credentials included\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert verb("reset", *reach)[:2] == (0, "as it began: all of it\n")
    assert verb("snapshot", "restore", file.name, *reach)[1].startswith("restored: 6 account, ")
    assert mock.journal.count() == 1
    told = json.loads(verb("snapshot", "save", "again.json", "--json", *reach)[1])
    assert told == {"file": "again.json", "bytes": file.stat().st_size}
    assert json.loads((tmp_path / "again.json").read_text())["shelves"] == json.loads(file.read_text())["shelves"]
    assert json.loads(verb("snapshot", "restore", "again.json", "--json", *reach)[1])["rows"]["journal"] == 1


def test_state_goes_through_a_pipe(mock: MockServer, verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = verb("snapshot", "save", "-", "--url", mock.url)
    assert (status, json.loads(out)["format"]) == (0, 1)
    monkeypatch.setattr("sys.stdin", StringIO(out))
    assert verb("snapshot", "restore", "-", "--url", mock.url)[1].startswith("restored: ")


def test_it_is_led_back_from_the_terminal(mock: MockServer, verb: Run) -> None:
    reach = ("--url", mock.url)
    upload(mock)
    told = verb("reset", "--account", "voxjar/demo", "--what", "journal", "--what", "records", *reach)
    assert told[1] == "as it began: journal, records of voxjar/demo\n"
    assert mock.journal.count() == 0
    assert json.loads(verb("reset", "--json", "--what", "clock", *reach)[1]) == {"what": ["clock"]}
    status, _, err = verb("reset", "--account", "nobody", *reach)
    assert (status, "account" in err) == (2, True)
    assert verb("reset", "--what", "everything", *reach)[0] == 2


@pytest.mark.parametrize("text", ["", "{", "\x00"])
def test_a_file_that_is_no_snapshot_is_told_in_a_sentence(
    mock: MockServer, verb: Run, text: str, tmp_path: Path
) -> None:
    (tmp_path / "file.json").write_text(text)
    status, _, err = verb("snapshot", "restore", "file.json", "--url", mock.url)
    assert (status, err.startswith("mockserver: file.json: this is no snapshot: ")) == (2, True)
    assert verb("snapshot", "restore", "nowhere.json", "--url", mock.url)[0] == 2
    (tmp_path / "file.json").write_text("{}")
    assert "this is no snapshot" in verb("snapshot", "restore", "file.json", "--url", mock.url)[2]


def test_a_snapshot_is_for_nobody_else_to_read_though_its_file_was(mock: MockServer, verb: Run, tmp_path: Path) -> None:
    file, other = tmp_path / "kept.json", tmp_path / "other.json"
    file.write_text("{}")
    file.chmod(0o644)
    other.symlink_to(file)
    assert verb("snapshot", "save", "other.json", "--url", mock.url)[0] == 0
    assert (other.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == (True, 0o600)
    assert json.loads(file.read_text())["format"] == 1


def test_a_snapshot_goes_into_a_device(mock: MockServer, verb: Run) -> None:
    assert verb("snapshot", "save", os.devnull, "--url", mock.url)[0] == 0
    assert not Path(os.devnull).is_file()


def test_a_snapshot_that_cannot_be_written_leaves_nothing_behind(
    mock: MockServer, verb: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach = ("--url", mock.url)
    assert verb("snapshot", "save", "no/kept.json", *reach)[::2] == (
        2,
        "mockserver: no/kept.json: no such file or directory\n",
    )
    assert verb("snapshot", "save", ".", *reach)[::2] == (2, "mockserver: .: is a directory\n")

    def full(*_: Any) -> None:
        raise OSError(ENOSPC, "No space left on device")

    (tmp_path / "kept.json").write_text("kept")
    monkeypatch.setattr(Path, "replace", full)
    assert verb("snapshot", "save", "kept.json", *reach)[::2] == (2, "mockserver: kept.json: no space left on device\n")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("kept.json", "kept")]
