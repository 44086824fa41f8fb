"""Faults of the wire, proven from the client's side of a real socket: curl, httpx, Node's fetch, and bare bytes."""

import asyncio
import json
import resource
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from mockserver.faces.wires import NOISE, PAUSE
from mockserver.model import WIRES
from tests.processes import PATIENCE, Started, needs
from tests.wires import WIRE_ERRORS

Start = Callable[..., Started]
PATH = "/emberqa/api/scoring/submitRecording"
BODY = {"media_url": "https://example.com/call-audio.mp3"}
KEY = {"Authorization": "Bearer emberqa-demo-key"}
TEXT = '{"message":"File Accepted"}'
# So that a hang hangs, and the test does not.
IMPATIENT = 0.5
FETCHING = Path(__file__).with_name("fetching.mjs")


@pytest.fixture(scope="module")
def emberqa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server on which nothing goes wrong but what was planted: not a word of trouble in its log."""
    started = Started("--vendors", "emberqa", cwd=tmp_path_factory.mktemp("wires"))
    yield started
    assert started.stop() == 0
    told = "".join(started.err.rest())
    for word in ("Traceback", "ASGI", "error:", "warning:", "Exception"):
        assert word not in told


def curl(started: Started, *words: str, **headers: str) -> subprocess.CompletedProcess[str]:
    named = [part for name, value in {**KEY, **headers}.items() for part in ("-H", f"{name}: {value}")]
    command = ["curl", "-sS", "-i", *named, "--json", json.dumps(BODY), *words, f"{started.url}{PATH}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def httpx_post(started: Started, timeout: float = PATIENCE, headers: Mapping[str, str] = KEY) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=timeout) as client:
        return client.post(f"{started.url}{PATH}", json=BODY, headers={**KEY, **headers})


@needs("curl")
@pytest.mark.parametrize(
    ("wire", "status", "says"),
    [
        ("reset", 56, "Connection reset by peer"),
        ("empty", 52, "Empty reply from server"),
        ("truncate", 18, "transfer closed with 14 bytes remaining to read"),
        ("garbage", 1, "HTTP/0.9"),
        ("hang", 28, "timed out"),
    ],
)
def test_curl_sees_it(wire: str, status: int, says: str, emberqa: Started) -> None:
    done = curl(emberqa, "--max-time", f"{IMPATIENT}" if wire == "hang" else f"{PATIENCE}", **{"X-Mock-Fault": wire})
    assert done.returncode == status
    assert says in done.stderr
    assert done.stdout.endswith(TEXT[:13] if wire == "truncate" else "")


@pytest.mark.parametrize(("wire", "error"), WIRE_ERRORS)
def test_a_call_that_leads_nowhere_sees_it_too(wire: str, error: type[httpx.RequestError], emberqa: Started) -> None:
    """Nobody has read its body by then."""
    headers, timeout = {**KEY, "X-Mock-Fault": wire}, IMPATIENT if wire == "hang" else PATIENCE
    with httpx.Client(trust_env=False, timeout=timeout) as client, pytest.raises(error):
        client.post(f"{emberqa.url}/emberqa/api/nope", content=b"x" * 300_000, headers=headers)


@needs("curl")
def test_curl_gets_a_drip_whole_and_late(emberqa: Started) -> None:
    began = monotonic()
    done = curl(emberqa, **{"X-Mock-Fault": "drip"})
    assert (done.returncode, done.stdout.endswith(TEXT)) == (0, True)
    assert monotonic() - began >= 6 * PAUSE


@pytest.mark.parametrize(("wire", "error"), WIRE_ERRORS)
def test_httpx_sees_it(wire: str, error: type[Exception], emberqa: Started) -> None:
    with pytest.raises(error) as caught:
        httpx_post(emberqa, IMPATIENT if wire == "hang" else PATIENCE, {"X-Mock-Fault": wire})
    assert type(caught.value) is error


def test_httpx_gets_a_drip_in_pieces(emberqa: Started) -> None:
    with (
        httpx.Client(trust_env=False, timeout=1) as client,
        client.stream("POST", f"{emberqa.url}{PATH}", json=BODY, headers={**KEY, "X-Mock-Fault": "drip"}) as answer,
    ):
        came = [(monotonic(), piece) for piece in answer.iter_raw()]
    assert b"".join(piece for _, piece in came) == TEXT.encode()
    assert len(came) >= 5
    assert came[-1][0] - came[0][0] >= 4 * PAUSE


@needs("node")
@pytest.mark.parametrize(
    ("wire", "seen"),
    [
        ("reset", {"status": None, "error": "TypeError", "cause": "ECONNRESET"}),
        ("empty", {"status": None, "error": "TypeError", "cause": "UND_ERR_SOCKET"}),
        ("truncate", {"status": 200, "error": "TypeError", "cause": "UND_ERR_SOCKET"}),
        ("garbage", {"status": None, "error": "TypeError", "cause": "HPE_INVALID_CONSTANT"}),
        ("drip", {"status": 200, "error": None, "cause": None}),
        ("hang", {"status": None, "error": "TimeoutError", "cause": None}),
    ],
)
def test_nodes_fetch_sees_it(wire: str, seen: dict[str, Any], emberqa: Started) -> None:
    patience = IMPATIENT if wire == "hang" else PATIENCE
    command = ["node", str(FETCHING), f"{emberqa.url}{PATH}", wire, f"{patience}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    found = json.loads(done.stdout)
    assert {name: found[name] for name in seen} == seen
    assert found["text"] == (TEXT if wire == "drip" else None)
    assert (found["pieces"] >= 5) is (wire == "drip")


def request(wire: str, **headers: str) -> bytes:
    content = json.dumps(BODY).encode()
    own = {**KEY, "Host": "localhost", "X-Mock-Fault": wire, "Content-Type": "application/json", **headers}
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in own.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


def connect(started: Started) -> socket.socket:
    return socket.create_connection(("127.0.0.1", started.port), timeout=PATIENCE)


def received(found: socket.socket) -> bytes:
    return b"".join(iter(lambda: found.recv(65_536), b""))


@pytest.mark.parametrize("wire", ["empty", "truncate", "garbage"])
def test_an_orderly_end_is_no_reset(wire: str, emberqa: Started) -> None:
    with connect(emberqa) as found:
        found.sendall(request(wire))
        content = received(found)
    if wire == "truncate":
        head, _, body = content.partition(b"\r\n\r\n")
        assert b"content-length: 27" in head
        assert b"x-mock-fault: truncate" in head
        assert body == TEXT[:13].encode()
    else:
        assert content == (NOISE if wire == "garbage" else b"")


def test_a_reset_is_a_reset(emberqa: Started) -> None:
    with connect(emberqa) as found:
        found.sendall(request("reset"))
        with pytest.raises(ConnectionResetError):
            received(found)


def test_a_connection_that_served_before_is_cut_too(emberqa: Started) -> None:
    with connect(emberqa) as found:
        found.sendall(request("nothing"))
        content = b""
        while not content.endswith(TEXT.encode()):
            content += found.recv(65_536)
        found.sendall(request("reset"))
        with pytest.raises(ConnectionResetError):
            received(found)


def test_a_hang_ends_when_its_client_leaves_and_is_noted_before(emberqa: Started) -> None:
    found = connect(emberqa)
    found.sendall(request("hang", **{"User-Agent": "hanging"}))
    with httpx.Client(base_url=emberqa.url, trust_env=False) as client:
        entry: dict[str, Any] = {}
        until = monotonic() + PATIENCE
        while entry.get("request", {}).get("headers", {}).get("user-agent") != "hanging":
            assert monotonic() < until
            entry = client.get("/_mock/journal", params={"limit": 1}).json()["items"][0]
    assert (entry["fault"], entry["status"], entry["account"]) == ("hang", 0, "demo")
    found.close()


def test_the_journal_knows_what_the_client_does_not(emberqa: Started) -> None:
    with httpx.Client(base_url=emberqa.url, trust_env=False) as client:
        fault = {"name": "lost", "match": {"vendor": "emberqa"}, "wire": "reset", "step": "accept", "times": 1}
        assert client.post("/_mock/faults", json=fault).status_code == 201
        before = client.get("/_mock/records").json()["total"]
        with pytest.raises(httpx.ReadError):
            client.post(PATH, json=BODY, headers=KEY)
        assert client.get("/_mock/records").json()["total"] == before + 1
        (entry,) = client.get("/_mock/journal", params={"limit": 1}).json()["items"]
        assert (entry["fault"], entry["status"], entry["trail"][-1]["step"]) == ("lost", 200, "accept")
        assert client.get("/_mock/journal", params={"status": 0, "limit": 1}).json()["total"] > 0
        assert client.post(PATH, json=BODY, headers=KEY).status_code == 200


def test_delays_hold_nobody_else_up(emberqa: Started) -> None:
    async def late(client: httpx.AsyncClient) -> int:
        answer = await client.post(PATH, json=BODY, headers={**KEY, "X-Mock-Delay": "1"})
        return answer.status_code

    async def work() -> tuple[list[int], float]:
        async with httpx.AsyncClient(base_url=emberqa.url, trust_env=False, timeout=PATIENCE) as client:
            began = monotonic()
            waiting = [asyncio.ensure_future(late(client)) for _ in range(20)]
            assert (await client.post(PATH, json=BODY, headers=KEY)).status_code == 200
            assert not any(task.done() for task in waiting)
            return await asyncio.gather(*waiting), monotonic() - began

    statuses, whole = asyncio.run(work())
    assert statuses == [200] * 20
    assert 1 <= whole < 20


def test_a_fault_is_its_own_connections_only(emberqa: Started) -> None:
    async def spoil(client: httpx.AsyncClient, wire: str) -> None:
        with pytest.raises(httpx.HTTPError):
            await client.post(PATH, json=BODY, headers={**KEY, "X-Mock-Fault": wire}, timeout=IMPATIENT)

    async def work() -> list[int]:
        async with (
            httpx.AsyncClient(base_url=emberqa.url, trust_env=False, timeout=PATIENCE) as neighbour,
            httpx.AsyncClient(base_url=emberqa.url, trust_env=False) as spoilt,
        ):
            spoiling = [
                asyncio.ensure_future(spoil(spoilt, wire)) for wire in WIRES if wire != "drip" for _ in range(5)
            ]
            answers = [await neighbour.post(PATH, json=BODY, headers=KEY) for _ in range(50)]
            await asyncio.gather(*spoiling)
            return [answer.status_code for answer in answers]

    assert asyncio.run(work()) == [200] * 50


def test_credentials_alone_make_it_misbehave(emberqa: Started) -> None:
    def key(name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer emberqa-{name}-key"}

    assert [httpx_post(emberqa, headers=key("flaky")).status_code for _ in range(3)] == [500, 500, 200]
    assert [httpx_post(emberqa, headers=key("limited")).status_code for _ in range(4)] == [200, 200, 200, 429]
    with pytest.raises(httpx.ReadError):
        httpx_post(emberqa, headers=key("unplugged"))
    began = monotonic()
    assert httpx_post(emberqa, headers=key("slow")).status_code == 200
    assert 2 <= monotonic() - began < 10


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (414, f"GET /{'x' * 16_385} HTTP/1.1"),
        (431, f"GET / HTTP/1.1\r\nX-Long: {'x' * 16_385}"),
        (431, "GET / HTTP/1.1\r\n" + "\r\n".join(f"X-{number}: 1" for number in range(101))),
        (431, "GET / HTTP/1.1\r\n" + "\r\n".join(f"X-{number}: {'x' * 16_000}" for number in range(5))),
    ],
    ids=["line", "header", "number", "sum"],
)
def test_a_head_beyond_the_limits_is_refused(status: int, line: str, server: Started) -> None:
    with connect(server) as found:
        found.sendall(f"{line}\r\nHost: localhost\r\n\r\n".encode())
        assert received(found).startswith(b"HTTP/1.1 %d " % status)


def test_a_head_at_the_limits_is_taken(server: Started) -> None:
    lines = [f"X-{number}: {'x' * 600}" for number in range(97)]
    with connect(server) as found:
        asked = ["GET /_mock/live HTTP/1.1", "Host: localhost", "Connection: close", *lines, "", ""]
        found.sendall("\r\n".join(asked).encode())
        assert received(found).startswith(b"HTTP/1.1 200 ")


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_an_endless_head_costs_next_to_nothing(server: Started) -> None:
    httpx_post(server)
    before = resident(server.process.pid)
    for _ in range(10):
        with connect(server) as found, suppress(ConnectionError):
            found.sendall(b"GET / HTTP/1.1\r\nX-Endless: ")
            for _ in range(200):
                found.sendall(b"x" * 100_000)
    assert resident(server.process.pid) - before < 4_000_000
    assert httpx_post(server).status_code == 200


def test_a_server_ends_in_time_whatever_hangs(start: Start) -> None:
    started = start("--vendors", "emberqa")
    hanging = [connect(started) for _ in range(3)]
    for found, wire in zip(hanging, ("hang", "drip", "nothing"), strict=True):
        found.sendall(request(wire, **({"X-Mock-Delay": "60"} if wire == "nothing" else {})))
    with httpx.Client(base_url=started.url, trust_env=False) as client:
        until = monotonic() + PATIENCE
        while client.get("/_mock/journal").json()["total"] < len(hanging):
            assert monotonic() < until
    began = monotonic()
    assert started.stop(signal.SIGTERM) == 0
    assert monotonic() - began < 5
    assert "Traceback" not in "".join(started.err.rest())
    for found in hanging:
        found.close()
