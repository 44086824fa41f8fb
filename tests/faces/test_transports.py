"""In-process a client waits for as long as it says, and reads an answer in every way, as it does over a socket."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from time import monotonic

import httpx
import pytest
from starlette.types import Receive, Scope, Send

import mockserver
from mockserver.faces import wires
from mockserver.faces.python.hand import MockError
from mockserver.faces.python.mock import Account
from mockserver.faces.python.transports import WorldTransport

BODY = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}
IMPATIENT = 0.3


@pytest.fixture(scope="module")
def mock() -> Iterator[mockserver.MockServer]:
    with mockserver.MockServer(vendors=["voxjar"]) as found:
        yield found


@pytest.fixture
def account(mock: mockserver.MockServer) -> Account:
    return mock.account("voxjar")


def client_of(mock: mockserver.MockServer, account: Account, timeout: float | None = IMPATIENT) -> httpx.Client:
    headers = {"Authorization": f"Bearer {account.token}"}
    return httpx.Client(transport=mock.transport(), base_url=account.url, headers=headers, timeout=timeout)


def upload(client: httpx.Client, headers: Mapping[str, str]) -> httpx.Response:
    return client.post("/api/v1/upload", json=BODY, headers=headers)


async def upload_later(mock: mockserver.MockServer, account: Account, headers: Mapping[str, str]) -> httpx.Response:
    own = {"Authorization": f"Bearer {account.token}", **headers}
    async with httpx.AsyncClient(transport=mock.transport(), base_url=account.url, timeout=IMPATIENT) as client:
        return await client.post("/api/v1/upload", json=BODY, headers=own)


@pytest.mark.parametrize("headers", [{"X-Mock-Delay": "5"}, {"X-Mock-Fault": "hang"}], ids=str)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_client_waits_no_longer_than_it_says(
    headers: dict[str, str], mock: mockserver.MockServer, account: Account, *, is_async: bool
) -> None:
    began = monotonic()
    with pytest.raises(httpx.ReadTimeout) as caught, client_of(mock, account) as client:
        asyncio.run(upload_later(mock, account, headers)) if is_async else upload(client, headers)
    assert IMPATIENT <= monotonic() - began < 5
    assert caught.value.request.url.path == "/voxjar/api/v1/upload"
    account.journal.wait(1, timeout=20)
    assert [entry.status for entry in account.journal] == [0 if "X-Mock-Fault" in headers else 200]


def test_the_server_sees_that_a_client_has_left_and_ends_in_its_own_time() -> None:
    async def work() -> None:
        has_seen = asyncio.Event()

        async def application(_scope: Scope, receive: Receive, send: Send) -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            await send({"type": "http.response.start", "status": 200, "headers": []})
            has_seen.set()

        transport = WorldTransport(application, asyncio.get_running_loop())
        async with httpx.AsyncClient(transport=transport, timeout=0.01) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("http://mock.example/")
        await has_seen.wait()

    asyncio.run(asyncio.wait_for(work(), 20))


def test_a_hang_that_is_waited_for_ends_as_over_a_socket(
    mock: mockserver.MockServer, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "LONGEST_HANG", 0.01)
    with client_of(mock, account, None) as client, pytest.raises(httpx.RemoteProtocolError, match="planted: hang"):
        upload(client, {"X-Mock-Fault": "hang"})


@pytest.mark.parametrize(("pause", "timeout"), [(0.1, 2.0), (0.01, None)])
def test_each_piece_of_a_drip_is_waited_for_by_itself(
    pause: float, timeout: float | None, mock: mockserver.MockServer, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "PAUSE", pause)
    with client_of(mock, account, timeout) as client:
        began = monotonic()
        assert upload(client, {"X-Mock-Fault": "drip"}).json()["success"] is True
        assert monotonic() - began > 20 * pause


def test_a_drip_that_pauses_for_too_long_is_given_up(
    mock: mockserver.MockServer, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "PAUSE", 2.0)
    with client_of(mock, account) as client, pytest.raises(httpx.ReadTimeout):
        upload(client, {"X-Mock-Fault": "drip"})


def test_an_answer_is_read_raw_in_pieces_and_whole(mock: mockserver.MockServer, account: Account) -> None:
    found = []
    with client_of(mock, account, None) as client:
        for read in (httpx.Response.iter_raw, httpx.Response.iter_bytes):
            with client.stream("POST", "/api/v1/upload", json=BODY) as answer:
                found.append(b"".join(read(answer)))
        with client.stream("POST", "/api/v1/upload", json=BODY) as answer:
            found.append(answer.read())
    assert [text[:15] for text in found] == [b'{"success":true'] * 3


def test_an_answer_to_head_has_no_body(mock: mockserver.MockServer, account: Account) -> None:
    with client_of(mock, account) as client:
        answer, other = client.head("/api/v1/upload"), httpx.head(f"{account.url}/api/v1/upload", trust_env=False)
    assert (answer.status_code, answer.content) == (other.status_code, other.content) == (405, b"")
    assert answer.headers["content-length"] == other.headers["content-length"]


def test_an_answer_is_read_raw_asynchronously(mock: mockserver.MockServer, account: Account) -> None:
    headers = {"Authorization": f"Bearer {account.token}"}

    async def work() -> list[bytes]:
        found = []
        async with httpx.AsyncClient(transport=mock.transport(), base_url=account.url, headers=headers) as client:
            async with client.stream("POST", "/api/v1/upload", json=BODY) as answer:
                found.append(b"".join([piece async for piece in answer.aiter_raw()]))
            async with client.stream("POST", "/api/v1/upload", json=BODY) as answer:
                found.append(await answer.aread())
        return found

    assert [text[:15] for text in asyncio.run(work())] == [b'{"success":true'] * 2


def test_a_call_that_is_open_when_the_mock_ends_ends_with_it() -> None:
    mock = mockserver.MockServer(vendors=["voxjar"])
    account, errors = mock.account("voxjar"), list[Exception]()

    def call(work: Callable[[], object]) -> None:
        try:
            work()
        except (httpx.HTTPError, MockError) as error:
            errors.append(error)

    client = client_of(mock, account, timeout=None)
    late = {"X-Mock-Delay": "60"}
    waiting = [
        Thread(target=call, args=[work])
        for work in (lambda: upload(client, late), lambda: mock.journal.wait(5, timeout=60))
    ]
    for thread in waiting:
        thread.start()
    account.journal.wait(1, timeout=20)
    mock.close()
    for thread in waiting:
        thread.join(20)
    assert not any(thread.is_alive() for thread in waiting)
    assert len(errors) == 2
    assert {type(error) for error in errors} <= {httpx.ReadError, MockError}
    with pytest.raises(httpx.ConnectError, match="the mock has ended"):
        upload(client, {})


def test_a_call_over_a_socket_that_is_open_when_the_mock_ends_is_no_crash(caplog: pytest.LogCaptureFixture) -> None:
    with mockserver.MockServer(vendors=["voxjar"]) as mock, ThreadPoolExecutor(1) as pool:
        account = mock.account("voxjar")
        headers = {"Authorization": f"Bearer {account.token}", "X-Mock-Fault": "hang"}
        url = f"{account.url}/api/v1/upload"
        waiting = pool.submit(httpx.post, url, json=BODY, headers=headers, timeout=20, trust_env=False)
        account.journal.wait(1, timeout=20)
        mock.close()
        assert waiting.result().status_code == 503
    assert not [record for record in caplog.records if record.exc_info]


def test_a_later_call_that_is_open_when_the_mock_ends_ends_with_it_unless_its_task_is_cancelled() -> None:
    async def work() -> list[object]:
        mock = await asyncio.to_thread(mockserver.MockServer, vendors=["voxjar"])
        account = await asyncio.to_thread(mock.account, "voxjar")
        headers = {"Authorization": f"Bearer {account.token}", "X-Mock-Delay": "60"}
        async with httpx.AsyncClient(transport=mock.transport(), base_url=account.url, timeout=60) as client:
            tasks = [asyncio.create_task(client.post("/api/v1/upload", json=BODY, headers=headers)) for _ in range(2)]
            await asyncio.to_thread(account.journal.wait, 2, timeout=20)
            tasks[0].cancel()
            await asyncio.wait([tasks[0]])
            await asyncio.to_thread(mock.close)
            return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 20)

    cancelled, ended = asyncio.run(work())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert isinstance(ended, httpx.ReadError)
