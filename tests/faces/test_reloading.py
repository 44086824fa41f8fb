"""`--reload`: what has changed is read again, what is broken changes nothing and is told, and what is mended counts."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import httpx
import pytest
import watchfiles

from mockserver.creation import create_world
from mockserver.faces import reloading
from mockserver.faces.application import Application
from mockserver.faces.python.server import MockServer
from mockserver.faces.reloading import Reloader, stamps, told
from mockserver.faces.server import Listening, build, listen
from mockserver.model import Message
from mockserver.settings import FILE, SETTINGS, Settings, SettingsError, read_settings
from mockserver.state.deliveries import DELIVERED, Delivery, write_delivery
from tests.applications import Answered, ask, keep, scope_of
from tests.processes import PATIENCE, Run, Started

DOCUMENT = "documents/acme/openapi.json"
BEHAVIOUR = """
from mockserver.model import Operation, Outcome, Reply, Vendor

vendor = Vendor("acme", operations={"addCall": Operation(accept=lambda facts: Outcome(Reply(200, {"by": "one"})))})
"""


def write(by: Any, folder: Path = Path()) -> None:
    """Write Acme's document, by which its one operation answers with this."""
    answers = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {}, "example": {"by": by}}}}}
    paths = {"/calls": {"post": {"operationId": "addCall", "responses": answers}}}
    content = {"openapi": "3.1.0", "info": {"title": "acme", "version": "1"}, "paths": paths}
    (folder / DOCUMENT).parent.mkdir(parents=True, exist_ok=True)
    (folder / DOCUMENT).write_text(json.dumps(content))


class Standing:
    """An application and what looks after its files, without a server; each change is handed to it."""

    def __init__(self, listening: Listening) -> None:
        self.reloader = Reloader(self.read(), self.read, listening)
        world = asyncio.run(create_world(self.reloader.plan))
        self.application: Application = build(world, self.read(), listening)
        self.reloader.beside(self.application)

    @staticmethod
    def read() -> Settings:
        return read_settings({"documents": "documents", "vendors": ["acme"], "reload": True})

    def look(self) -> bool:
        return asyncio.run(self.reloader.look())

    def post(self, path: str = "/acme/calls", **rest: Any) -> Answered:
        return ask(self.application, "POST", path, **rest)

    def health(self) -> Any:
        return keep(self.application, "GET", "/_mock/health").json

    def calls(self) -> int:
        found: int = keep(self.application, "GET", "/_mock/journal/count").json["count"]
        return found


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.chdir(tmp_path)
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    caplog.set_level(logging.INFO, "mockserver")
    write("one")


@pytest.fixture
def standing() -> Iterator[Standing]:
    listening = listen(read_settings({"port": 0}))
    with listening.socket:
        yield Standing(listening)


def test_a_changed_document_changes_the_answer_and_nothing_else(
    standing: Standing, caplog: pytest.LogCaptureFixture
) -> None:
    assert standing.post().json == {"by": "one"}
    assert not standing.look()
    write("two")
    assert standing.look()
    assert standing.post().json == {"by": "two"}
    assert standing.calls() == 2
    assert caplog.messages == [f"{DOCUMENT}: read again, and all that was remembered stays"]
    assert standing.health()["status"] == "ok"
    assert not standing.look()


def test_a_broken_document_changes_nothing_and_is_told_until_it_is_mended(
    standing: Standing, caplog: pytest.LogCaptureFixture
) -> None:
    Path(DOCUMENT).write_text("{")
    assert standing.look()
    assert standing.post().json == {"by": "one"}
    health = standing.health()
    assert health["status"] == "degraded"
    assert health["trouble"].startswith(f"{DOCUMENT}: at /: not JSON: ")
    (line,) = caplog.records
    assert line.levelno == logging.ERROR
    assert line.getMessage() == f"{DOCUMENT}: changed, and the last good version goes on: {health['trouble']}"
    assert not standing.look()
    write("three")
    assert standing.look()
    assert standing.post().json == {"by": "three"}
    health = standing.health()
    assert (health["status"], "trouble" in health, standing.calls()) == ("ok", False, 2)


def test_what_files_say_is_not_told_beyond_this_machine(
    standing: Standing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reloading, "is_exposed", lambda _: True)
    Path(FILE).write_text('admin-token = "not for all"')
    assert standing.look()
    health = standing.health()
    assert (health["status"], health["trouble"]) == ("degraded", reloading.UNTOLD)
    assert f"{FILE}: admin_token is letters" in caplog.messages[0]


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("documents/acme/claims.toml", "[claims", "documents/acme/claims.toml"),
        ("documents/acme/behaviour.py", "vendor = nobody", "documents/acme/behaviour.py: NameError: name 'nobody'"),
        ("documents/_scenarios/mine.toml", "says", "documents/_scenarios/mine.toml: "),
        ("documents/_accounts/acme.json", "[]", "documents/_accounts/acme.json: "),
        (FILE, 'colour = "red"', f"{FILE}: unknown setting 'colour'"),
        (FILE, 'accounts = "none.json"', "none.json: no such file or directory: --accounts names a JSON file"),
    ],
)
def test_whatever_is_read_late_is_looked_at_too(file: str, content: str, says: str, standing: Standing) -> None:
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text(content)
    assert standing.look()
    health = standing.health()
    assert (health["status"], says in health["trouble"]) == ("degraded", True), health["trouble"]
    Path(file).unlink()
    assert standing.look()
    assert standing.health()["status"] == "ok"


def test_what_goes_wrong_with_us_ends_nothing(
    standing: Standing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_plan: Any) -> None:
        raise KeyError("nobody")

    with monkeypatch.context() as context:
        context.setattr(reloading, "make", fail)
        write("two")
        assert standing.look()
    assert standing.health()["trouble"] == "KeyError: 'nobody'"
    assert caplog.records[0].exc_info
    assert standing.post().json == {"by": "one"}


def test_a_folder_that_is_gone_for_a_while_is_served_on(standing: Standing) -> None:
    Path("documents").rename("elsewhere")
    assert standing.look()
    assert standing.health()["trouble"].startswith("documents: no such folder")
    assert standing.post().json == {"by": "one"}
    Path("elsewhere").rename("documents")
    assert standing.look()
    assert standing.health()["status"] == "ok"


def test_behaviour_is_read_as_it_is_though_nothing_but_a_letter_of_it_changes(standing: Standing) -> None:
    file = Path("documents/acme/behaviour.py")
    for by in ("one", "two", "six"):
        file.write_text(BEHAVIOUR.replace("one", by))
        assert standing.look()
        assert standing.post().json == {"by": by}
    assert not (file.parent / "__pycache__").exists()


def test_a_call_under_way_ends_as_it_began(standing: Standing) -> None:
    async def both() -> Any:
        coming: asyncio.Queue[Any] = asyncio.Queue()
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [("host", "127.0.0.1"), ("content-type", "application/json")]
        task = asyncio.create_task(standing.application(scope_of("POST", "/acme/calls", headers), coming.get, send))
        await asyncio.sleep(0)
        write("two")
        assert await standing.reloader.look()
        await coming.put({"type": "http.request", "body": b"{}", "more_body": False})
        await task
        return json.loads(sent[1]["body"])

    content: Any = {"application/json": {"schema": {}}}
    document = json.loads(Path(DOCUMENT).read_text())
    document["paths"]["/calls"]["post"]["requestBody"] = {"content": content}
    Path(DOCUMENT).write_text(json.dumps(document))
    assert standing.look()
    assert asyncio.run(both()) == {"by": "one"}
    assert standing.post().json == {"by": "two"}
    assert standing.calls() == 2


def test_settings_are_read_again(standing: Standing, caplog: pytest.LogCaptureFixture) -> None:
    assert "x-mock-call" in standing.post().headers
    Path(FILE).write_text('no-marks = true\npublic-url = "https://mock.example"\nhost = "127.0.0.2"\n')
    assert standing.look()
    assert "x-mock-call" not in standing.post().headers
    assert standing.calls() == 2
    vendors = keep(standing.application, "GET", "/_mock/vendors").json["items"]
    assert vendors[0]["url"] == "https://mock.example/acme"
    assert "host: changed, and that is for the next start" in caplog.messages


def test_records_that_are_gone_are_told_of(standing: Standing, caplog: pytest.LogCaptureFixture) -> None:
    standing.post()
    Path("accounts.json").write_text('[{"vendor": "acme", "name": "mine", "credentials": {"token": "one"}}]')
    Path(FILE).write_text('accounts = "accounts.json"\n')
    assert standing.look()
    assert standing.calls() == 1
    Path("accounts.json").write_text('[{"vendor": "acme", "name": "mine", "credentials": {"token": "two"}}]')
    assert standing.look()
    assert standing.calls() == 0
    why = "it begins anew: all records and calls are gone, because acme begins otherwise than before"
    assert caplog.messages[1:] == [f"accounts.json: read again, and {why}"]
    assert keep(standing.application, "GET", "/_mock/accounts/acme/mine").json["credentials"] == {"token": "two"}


def test_webhooks_that_were_sent_are_still_shown(standing: Standing) -> None:
    message = Message("m", "http://127.0.0.1:9/", "call.done", {})
    sent = Delivery("acme", "demo", "call", "r", "c", datetime.now(UTC), message, DELIVERED)
    asyncio.run(standing.application.world.store.commit([write_delivery(sent)], {}))
    write("two")
    assert standing.look()
    (shown,) = keep(standing.application, "GET", "/_mock/webhooks").json["items"]
    assert (shown["id"], shown["state"]) == ("m", DELIVERED)


def test_webhooks_and_what_waits_for_calls_go_on(standing: Standing) -> None:
    courier, journal = standing.application.courier, standing.application.world.journal
    write("two")
    assert standing.look()
    assert standing.application.courier is courier
    assert courier.world is standing.application.world
    assert standing.application.world.journal is journal


def test_what_nobody_reads_is_not_looked_at(standing: Standing) -> None:
    for name in ("documents/.git/config.json", "documents/acme/__pycache__/a.py", "documents/acme/.openapi.json"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("{")
    Path("documents/acme/openapi.json~").write_text("{")
    assert not standing.look()


def test_few_files_are_named() -> None:
    assert told(["a", "b", "c"]) == "a, b, c"
    assert told(["a", "b", "c", "d", "e"]) == "a, b, c, and 2 more"
    assert stamps([Path("nowhere")]) == {}


def test_without_the_library_its_name_is_told(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reloading, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match="pip install watchfiles"):
        MockServer(reload=True)
    status, _, err = verb("serve", "--port", "0", "--reload")
    assert (status, "watchfiles" in err) == (2, True)


Awatch = Callable[..., AsyncIterator[set[Any]]]


def watching(standing: Standing, awatch: Awatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what looks after the files until `awatch`, which stands for the system, raises LookupError."""
    monkeypatch.setattr(watchfiles, "awatch", awatch)
    with pytest.raises(LookupError):
        asyncio.run(standing.reloader.run())


def test_where_the_system_tells_of_nothing_changes_are_looked_for(
    standing: Standing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def awatch(*_roots: Path, force_polling: bool | None, **_rest: Any) -> AsyncIterator[set[Any]]:
        asked.append(force_polling)
        if not force_polling:
            raise OSError("too many watches")
        if len(asked) > 2:
            raise LookupError
        yield set()
        write("two")
        yield set()

    watching(standing, awatch, monkeypatch)
    assert asked == [None, True, True]
    assert caplog.messages[0] == "the system tells of no changes, so they are looked for: too many watches"
    assert standing.post().json == {"by": "two"}


def test_where_nothing_can_be_looked_for_that_is_said(
    standing: Standing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def awatch(*_roots: Path, **_rest: Any) -> AsyncIterator[set[Any]]:
        raise RuntimeError("no")
        yield set()

    monkeypatch.setattr(watchfiles, "awatch", awatch)
    asyncio.run(standing.reloader.run())
    assert caplog.messages[-1] == "files are looked after no more: no"


def until(wanted: Callable[[], bool]) -> None:
    """Poll, which is all that a client can do, up to a deadline."""
    end, pause = monotonic() + PATIENCE, Event()
    while not wanted():
        assert monotonic() < end
        pause.wait(0.05)


def test_a_server_follows_its_files(start: Callable[..., Started], tmp_path: Path) -> None:
    started = start("--reload", "--documents", "documents", "--vendors", "acme")

    def by() -> Any:
        return httpx.post(f"{started.url}/acme/calls", trust_env=False).json()["by"]

    def status() -> Any:
        return httpx.get(f"{started.url}/_mock/health", trust_env=False).json()["status"]

    assert by() == "one"
    Path(DOCUMENT).write_text("{")
    until(lambda: status() == "degraded")
    assert by() == "one"
    write("two")
    until(lambda: status() == "ok")
    assert by() == "two"
    assert started.stop() == 0
    told = "".join(started.err.rest())
    assert f"error: {DOCUMENT}: changed, and the last good version goes on: {DOCUMENT}: at /: not JSON" in told
    assert f"info: {DOCUMENT}: read again, and all that was remembered stays" in told
    assert "Traceback" not in told


def test_a_mock_of_ones_own_follows_its_files(verb: Run) -> None:
    with MockServer(reload=True, documents="documents", vendors=["acme"]) as mock:
        Path(DOCUMENT).write_text("{")
        until(lambda: bool(mock.health()["status"] == "degraded"))
        status, out, _ = verb("health", "--url", mock.url)
        assert (status, out.startswith(f"degraded: {mock.url} serves acme; {DOCUMENT}: ")) == (0, True)
