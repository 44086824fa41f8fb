"""Servers on one store: what one is told the other knows, soon, and nothing is done twice."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

import httpx
import pytest

from mockserver import MockServer
from mockserver.faces.banner import JOINED
from mockserver.settings import SettingsError
from tests.applications import UPLOAD
from tests.processes import Run, Started
from tests.receivers import receiving
from tests.redis_server import RedisServer, fresh_address, needs_redis

SOON = 0.2
ALERT = {"transcript_text": "Speaker 1: My lawyer will call you.", "media_url": "https://example.com/a.mp3"}


class Pair:
    """Two servers on one store, and a client of each."""

    def __init__(self, folder: Path) -> None:
        self.address = fresh_address()
        flags = ("--check-replies", "--store", self.address, "--vendors", "voxjar,emberqa")
        self.servers = [Started(*flags, "--pace", pace, cwd=folder) for pace in ("1", "immediate")]
        self.clients = [httpx.Client(base_url=each.url, trust_env=False) for each in self.servers]

    def end(self) -> None:
        for client, server in zip(self.clients, self.servers, strict=True):
            client.close()
            assert server.stop() == 0


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    found = Pair(tmp_path_factory.mktemp("pair"))
    yield found
    found.end()


def opened(client: httpx.Client, vendor: str = "voxjar", **wish: Any) -> dict[str, Any]:
    answer = client.post("/_mock/accounts", json={"vendor": vendor, **wish})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def upload(client: httpx.Client, account: dict[str, Any], **change: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    return client.post("/voxjar/api/v1/upload", json={**UPLOAD, **change}, headers=headers)


@needs_redis
def test_the_second_keeps_what_the_first_has_laid_and_says_so(pair: Pair) -> None:
    told = []
    for server in pair.servers:
        server.err.wait_for("Ctrl-C stops.")
        told.append("".join(server.err.seen))
    assert [JOINED in each for each in told] == [False, True]
    assert [client.get("/_mock/clock").json()["pace"] for client in pair.clients] == ["1", "1"]
    assert {client.get("/_mock/health").json()["store"] for client in pair.clients} == {"redis"}
    first, second = (client.get("/_mock/accounts").json() for client in pair.clients)
    assert [each["name"] for each in first["items"]] == [each["name"] for each in second["items"]]


@needs_redis
def test_what_one_is_told_the_other_knows(pair: Pair) -> None:
    first, second = pair.clients
    account = opened(first, credits=1)
    assert [upload(client, account).status_code for client in (second, first)] == [200, 402]
    asked = {"vendor": "voxjar", "account": account["name"]}
    records = {**asked, "kind": "interaction"}
    assert [client.get("/_mock/records", params=records).json()["total"] for client in pair.clients] == [1, 1]
    assert [client.get("/_mock/journal/count", params=asked).json()["count"] for client in pair.clients] == [2, 2]
    assert first.post("/_mock/reset", json={"account": f"voxjar/{account['name']}"}).is_success
    assert upload(second, account).status_code == 200


@needs_redis
def test_of_eight_at_once_three_credits_let_three_through(pair: Pair) -> None:
    account = opened(pair.clients[0], credits=3)
    with ThreadPoolExecutor(8) as pool, ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=pair.servers[n % 2].url)) for n in range(8)]
        found = pool.map(lambda client: upload(client, account).status_code, clients)
        assert Counter(found) == {200: 3, 402: 5}
    whole = pair.clients[1].get(f"/_mock/accounts/voxjar/{account['name']}").json()
    assert whole["credits"] == 0


@needs_redis
def test_whatever_is_put_back_no_id_is_given_twice(pair: Pair) -> None:
    demo, found = {"credentials": {"token": "voxjar-demo-token"}}, []
    whole = pair.clients[0].get("/_mock/snapshot").json()
    for client in pair.clients:
        for method, path, body in (("POST", "reset", {}), ("PUT", "snapshot", whole)):
            client.request(method, f"/_mock/{path}", json=body).raise_for_status()
            found += [upload(each, demo).headers["x-mock-call"] for each in pair.clients]
    assert len({*found}) == len(found) == 8


@needs_redis
def test_a_wait_hears_of_calls_to_the_other_server_soon(pair: Pair) -> None:
    first, second = pair.clients
    account, late = opened(first), []
    asked = {"vendor": "voxjar", "account": account["name"], "timeout": 10}

    def wait(count: int) -> float:
        assert first.get("/_mock/journal/wait", params={**asked, "count": count}, timeout=20).status_code == 200
        return monotonic()

    with ThreadPoolExecutor(1) as pool:
        for count in (1, 2, 3):
            heard = pool.submit(wait, count)
            assert upload(second, account).status_code == 200
            called = monotonic()
            late.append(heard.result() - called)
    assert median(late) < SOON


@needs_redis
def test_calls_to_one_server_are_followed_at_the_other(pair: Pair) -> None:
    first, second = pair.clients
    account = opened(first)
    params = {"account": account["name"]}
    with first.stream("GET", "/_mock/journal", params=params, headers={"Accept": "text/event-stream"}) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith(":")
        ident = upload(second, account).headers["x-mock-call"]
        data = next(line for line in lines if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: "))["id"] == ident


@needs_redis
def test_each_webhook_is_sent_once(pair: Pair) -> None:
    first, second = pair.clients
    with receiving() as receiver:
        alerts = [{"type": "red_flag", "url": f"{receiver.url}/a"}, {"type": "completion", "url": f"{receiver.url}/b"}]
        account = opened(first, "emberqa", book={"alerts": alerts})
        headers = {"Authorization": f"Bearer {account['credentials']['api_key']}"}
        for number in range(20):
            body = {**ALERT, "agent_name": f"John {number}"}
            answer = pair.clients[number % 2].post("/emberqa/api/scoring/submitRecording", json=body, headers=headers)
            assert answer.status_code == 200, answer.text
        first.post("/_mock/clock/advance", json={"seconds": 600}).raise_for_status()
        receiver.wait_for(40)
        asked = {"vendor": "emberqa", "account": account["name"], "limit": 100}
        second.post("/_mock/webhooks/flush", params={"vendor": "emberqa", "account": account["name"]})
        told = second.get("/_mock/webhooks", params=asked).json()["items"]
        assert Counter((each["state"], len(each["attempts"])) for each in told) == {("delivered", 1): 40}
        assert len(receiver.received) == 40


@needs_redis
def test_a_store_that_goes_and_comes_back_is_told_and_used_again(tmp_path: Path) -> None:
    own = RedisServer(keeps=True)
    started = Started("--vendors", "voxjar", "--store", own.address(), cwd=tmp_path)
    try:
        with httpx.Client(base_url=started.url, trust_env=False) as client:
            account = opened(client, credits=5)
            assert upload(client, account).status_code == 200
            own.stop()
            answer = upload(client, account)
            assert (answer.status_code, answer.json()["success"]) == (500, False)
            assert answer.headers["x-mock-call"]
            found = {path: client.get(f"/_mock/{path}") for path in ("ready", "health", "journal", "live")}
            assert [answer.status_code for answer in found.values()] == [503, 503, 503, 200]
            assert found["ready"].json()["detail"].startswith("the store cannot be asked: ")
            assert "date" in found["live"].headers
            started.err.wait_for("webhooks wait, for the store cannot be asked: ")
            own.start()
            assert client.get("/_mock/ready").status_code == 200
            assert upload(client, account).status_code == 200
            asked = {"account": account["name"], "kind": "interaction"}
            assert client.get("/_mock/records", params=asked).json()["total"] == 2
            assert client.get("/_mock/journal/count").json()["count"] == 2
    finally:
        assert started.stop() == 0
        own.end()
    assert "Traceback" not in "".join(started.err.rest())


@needs_redis
def test_a_store_that_comes_back_empty_has_its_beginning_again(tmp_path: Path) -> None:
    own = RedisServer()
    started = Started("--vendors", "voxjar", "--store", own.address(), cwd=tmp_path)
    try:
        with httpx.Client(base_url=started.url, trust_env=False) as client:
            demo = {"credentials": {"token": "voxjar-demo-token"}}
            assert upload(client, demo).status_code == 200
            own.stop()
            own.start()
            assert upload(client, demo).status_code == 200
            assert client.get("/_mock/records", params={"kind": "interaction"}).json()["total"] == 1
    finally:
        assert started.stop() == 0
        own.end()


@needs_redis
def test_servers_in_threads_share_a_store_too() -> None:
    address = fresh_address()
    with (
        MockServer(store=address, vendors=["voxjar"]) as first,
        MockServer(store=address, vendors=["voxjar"]) as second,
    ):
        account = first.account("voxjar", credits=1)
        with httpx.Client(base_url=second.url, trust_env=False) as client:
            assert upload(client, {"credentials": account.credentials}).status_code == 200
        assert account.credits == 0


@needs_redis
def test_a_server_joins_no_world_of_vendors_that_it_does_not_serve() -> None:
    address = fresh_address()
    says = re.escape(f"the store {address} was begun with emberqa too, which this server does not serve: start all")
    with MockServer(store=address, vendors=["voxjar", "emberqa"]):
        with pytest.raises(SettingsError, match=says):
            MockServer(store=address, vendors=["voxjar"])
        with MockServer(store=address, vendors=["voxjar", "emberqa", "siro"]) as third:
            assert third.health()["status"] == "ok"


def test_a_server_in_a_thread_has_no_workers() -> None:
    with pytest.raises(SettingsError, match="mockserver serve"):
        MockServer(store="redis://localhost:1", workers=2)
    with pytest.raises(SettingsError, match="needs a store that they share"):
        MockServer(workers=2)
    with pytest.raises(SettingsError, match="cannot be asked"):
        MockServer(store="redis://localhost:1")


def test_the_doctor_looks_at_the_store(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_PORT", "0")
    monkeypatch.setenv("MOCKSERVER_STORE", "redis://:hidden@127.0.0.1:1")
    status, out, _ = verb("doctor", "--json")
    wrong = {each["what"]: each["wrong"] for each in json.loads(out) if each["wrong"]}
    assert (status, [*wrong]) == (1, ["the store can be asked"])
    assert "hidden" not in out


def refused(verb: Run, *flags: str) -> str:
    status, out, err = verb("serve", "--port", "0", *flags)
    assert (status, out) == (2, "")
    assert err.startswith("mockserver: ")
    assert err.count("\n") == 1
    return err


def test_several_workers_need_a_store_that_they_share(verb: Run) -> None:
    told = refused(verb, "--workers", "3")
    assert "--workers 3 needs a store that they share, for what one process holds in memory no other sees" in told


def test_a_system_without_fork_has_no_workers(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.fork")
    assert "--workers needs a system where processes can fork" in refused(
        verb, "--workers", "2", "--store", "redis://localhost:1"
    )


def test_a_seed_holds_in_one_process_only(verb: Run) -> None:
    assert "leave out --seed, or --store" in refused(verb, "--seed", "1", "--store", "redis://localhost:1")
    assert "leave out --reload, or --store" in refused(verb, "--reload", "--store", "redis://localhost:1")


def test_a_store_that_cannot_be_reached_is_one_sentence_without_its_password(verb: Run) -> None:
    told = refused(verb, "--store", "redis://me:hidden@127.0.0.1:1/2")
    assert told.startswith("mockserver: the store redis://127.0.0.1:1/2 cannot be asked: ")
    assert "hidden" not in told


def test_a_package_that_is_missing_is_one_sentence(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mockserver.state.shared", None)
    assert "pip install 'redis[hiredis]'" in refused(verb, "--store", "redis://localhost:1")


def test_serving_from_memory_imports_nothing_of_it() -> None:
    code = "import mockserver.faces.serving, sys; sys.exit('redis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
