"""The mock from Python: the same methods on a server in this process and on one elsewhere."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import mockserver
from mockserver.creation import SetupError
from mockserver.faces.python.hand import MockError
from mockserver.faces.python.mock import Account, Mock
from mockserver.settings import SettingsError
from tests.acme import CALLS, HEADERS, WHO
from tests.plans import acme
from tests.processes import Run, Started
from tests.wires import WIRE_ERRORS

GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}


@pytest.fixture(scope="module")
def near() -> Iterator[Mock]:
    with mockserver.MockServer(seed="near") as mock:
        yield mock


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = Started("--seed", "far", cwd=tmp_path_factory.mktemp("far"))
    yield started
    assert started.stop() == 0


@pytest.fixture(params=["near", "far"])
def mock(request: pytest.FixtureRequest, near: Mock, elsewhere: Started) -> Iterator[Mock]:
    if request.param == "near":
        yield near
    else:
        with mockserver.connect(elsewhere.url) as far:
            yield far


@pytest.fixture
def voxjar(mock: Mock) -> Account:
    return mock.account("voxjar", credits=10)


def upload(account: Account, path: str = "/api/v1/upload", **change: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {account.token}"}
    return httpx.post(account.url + path, headers=headers, json=GOOD | change, trust_env=False)


def test_an_account_has_an_address_and_credentials(mock: Mock, voxjar: Account) -> None:
    assert voxjar.url == f"{mock.url}/voxjar"
    assert voxjar.credentials == {"token": voxjar.token}
    assert repr(voxjar) == f"<Account {voxjar.id} at {voxjar.url}>"
    with pytest.raises(AttributeError, match="an account of voxjar has no 'api_key': it has token"):
        _ = voxjar.api_key


def test_an_account_is_read_changed_found_and_closed(mock: Mock, voxjar: Account) -> None:
    assert voxjar.credits == 10
    assert voxjar.change(credits=3).credits == 3
    assert mock.existing("voxjar", voxjar.name).token == voxjar.token
    voxjar.close()
    with pytest.raises(MockError, match="voxjar has no account") as caught:
        voxjar.read()
    assert caught.value.status == 404


def test_calls_are_seen(mock: Mock, voxjar: Account) -> None:
    with pytest.raises(LookupError, match="no such call"):
        voxjar.journal.last()
    assert upload(voxjar).status_code == 200
    assert upload(voxjar, direction="inbound").status_code == 400
    last = voxjar.journal.last()
    assert (last.refused_by, last.is_unmatched) == ("schema/direction-inbound-or-outbound", False)
    assert [entry.status for entry in voxjar.journal] == [400, 200]
    assert voxjar.journal.count(status=400) == 1
    voxjar.journal.wait(2, timeout=5)
    assert "set $.direction to" in voxjar.journal.explain(last.id)
    assert voxjar.journal.curl(last.id).startswith("curl -i -X POST ")
    assert len(voxjar.journal.har()["log"]["entries"]) == 2
    assert mock.journal.get(last.id).trail[-1]["step"] == "schema"
    with pytest.raises(MockError, match="no call 'nobody'"):
        mock.journal.curl("nobody")


def test_calls_are_narrowed_by_a_moment_of_the_clock(mock: Mock, voxjar: Account) -> None:
    upload(voxjar)
    mock.clock.advance(60)
    since = mock.clock.now()
    upload(voxjar, direction="inbound")
    assert [entry.status for entry in voxjar.journal.list(since=since)] == [400]
    assert (voxjar.journal.count(since=since), voxjar.journal.last(since=since).status) == (1, 400)
    voxjar.journal.wait(1, since=since)
    assert len(voxjar.journal.har(since=since)["log"]["entries"]) == 1


STRANGE = ["demo#x", "demo?x=1", "demo/../demo", "../demo", "..", ".", "../accounts/voxjar/demo", "%2E%2E", "a b", "é"]


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_leads_nowhere_else(mock: Mock, name: str) -> None:
    asking: list[Callable[[], Any]] = [
        lambda: mock.existing("voxjar", name),
        lambda: mock.existing(f"voxjar/{name}", "demo"),
        lambda: mock.claims(f"voxjar/{name}"),
        lambda: mock.document(f"{name}/../voxjar"),
        lambda: mock.journal.get(name),
        lambda: mock.journal.explain(name),
        lambda: mock.journal.curl(name),
        lambda: mock.records.get(name),
        lambda: mock.records.fail(name),
        lambda: mock.faults.lift(name),
        lambda: mock.scenarios.load(name),
        lambda: mock.webhooks.redeliver(name),
    ]
    for ask in asking:
        with pytest.raises(MockError, match=r"there is no|has no account|no call|no fault|no webhook") as caught:
            ask()
        assert caught.value.status == 404


@pytest.mark.parametrize("name", [".", "..", "..."])
def test_an_account_is_not_called_as_no_path_can_name_it(mock: Mock, name: str) -> None:
    with pytest.raises(MockError, match="name must match"):
        mock.account("voxjar", name=name)
    assert name not in [account.name for account in mock.accounts()]


@pytest.mark.parametrize("name", ["..a", "a..", ".a.", "a@b-c_"])
def test_a_name_may_hold_dots(mock: Mock, name: str) -> None:
    account = mock.account("voxjar", name=name)
    assert account.read().name == mock.existing("voxjar", name).name == name
    assert account.change(credits=3).credits == 3
    account.close()


def test_records_come_to_their_end_with_the_clock(mock: Mock, voxjar: Account) -> None:
    body: dict[str, Any] = {"transcript": {}, "downloadUrl": "https://a.example/a.mp3"}
    ident = upload(voxjar, **body).json()["interactionId"]
    (record,) = voxjar.records.list(kind="interaction")
    assert (record.id, record.stage) == (ident, 0)
    mock.clock.advance_until_idle()
    assert mock.records.get(ident).stage == len(record.timeline)


def test_a_record_can_be_pushed(mock: Mock, voxjar: Account) -> None:
    body: dict[str, Any] = {"transcript": {}, "downloadUrl": "https://a.example/a.mp3"}
    ident = upload(voxjar, **body).json()["interactionId"]
    assert mock.records.advance(ident).stage == 1
    assert mock.records.fail(ident).body["transcript"]["status"] == "FAILED"


def test_the_clock_is_stopped_set_and_paced(mock: Mock) -> None:
    frozen = mock.clock.freeze()
    assert (frozen.frozen, mock.clock.now()) == (True, frozen.now)
    assert (mock.clock.advance(90).now - frozen.now).total_seconds() == 90
    assert mock.clock.set(frozen.now).now == frozen.now
    assert mock.clock.pace(0.5).pace == "0.5"
    mock.clock.pace("1")
    assert mock.clock.unfreeze().frozen is False


def test_what_lies_behind_an_address_is_an_accounts_own(mock: Mock, voxjar: Account) -> None:
    voxjar.media.add(url="https://a.example/gone.mp3", failure="missing")
    assert [line["failure"] for line in voxjar.media.list()] == ["missing"]
    answer = upload(voxjar, transcript={}, downloadUrl="https://a.example/gone.mp3")
    assert answer.status_code == 400
    assert mock.account("voxjar").media.list() == []
    voxjar.media.clear()
    assert voxjar.media.list() == []


def test_a_fault_is_planted_counted_and_lifted(mock: Mock, voxjar: Account) -> None:
    name = voxjar.faults.plant("broken", times=1)
    other = voxjar.faults.plant(wire="reset", name="cut")
    assert [fault["name"] for fault in voxjar.faults.list()] == [name, "cut"]
    voxjar.faults.lift(other)
    assert [upload(voxjar).status_code for _ in range(2)] == [500, 200]
    voxjar.faults.plant("too-many")
    voxjar.faults.lift_all()
    assert upload(voxjar).status_code == 200
    with pytest.raises(MockError, match="problem"):
        mock.faults.plant("no-such-problem")


def test_a_call_that_was_cut_off_is_not_told_as_accepted(voxjar: Account) -> None:
    voxjar.faults.plant(wire="reset", name="unlucky")
    with pytest.raises(httpx.TransportError):
        upload(voxjar)
    assert voxjar.journal.last().lines() == [
        "POST /api/v1/upload  voxjar uploadInteraction: cut off, not processed, planted unlucky"
    ]


def test_a_scenario_is_put_on_an_account(mock: Mock, voxjar: Account) -> None:
    assert "flaky-then-fine" in {each["name"] for each in mock.scenarios.list()}
    voxjar.scenarios.load("flaky-then-fine")
    assert [upload(voxjar).status_code for _ in range(3)] == [500, 500, 200]


def test_webhooks_are_listed(voxjar: Account) -> None:
    assert voxjar.webhooks.list() == []


def test_what_is_served_is_told(mock: Mock) -> None:
    assert mock.health()["status"] == "ok"
    assert {vendor["name"] for vendor in mock.vendors()} >= {"voxjar", "siro"}
    assert any(claim["name"] == "credits-must-suffice" for claim in mock.claims("voxjar"))
    assert "/api/v1/upload" in mock.document("voxjar")["paths"]
    found = mock.explain("voxjar", "POST", "/api/v1/upload", body=GOOD)
    assert found["refused_by"] == "auth/bearer-token"


def test_state_is_kept_put_back_and_reset(mock: Mock, voxjar: Account) -> None:
    upload(voxjar)
    kept = mock.snapshot()
    voxjar.reset()
    assert voxjar.records.list() == []
    mock.restore(kept)
    assert len(voxjar.records.list(kind="interaction")) == 1


def ask_in_process(mock: mockserver.MockServer, account: Account, timeout: float = 5, **change: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {account.token}"}
    with httpx.Client(transport=mock.transport(), base_url=account.url, timeout=timeout) as client:
        return client.post("/api/v1/upload", headers=headers, json=GOOD | change)


def test_a_transport_reaches_the_same_world_without_a_socket(near: mockserver.MockServer) -> None:
    account = near.account("voxjar")
    assert ask_in_process(near, account).status_code == 200

    async def ask() -> int:
        headers = {"Authorization": f"Bearer {account.token}"}
        async with httpx.AsyncClient(transport=near.transport(), base_url=account.url) as client:
            return (await client.post("/api/v1/upload?a=b", headers=headers, json=GOOD)).status_code

    assert asyncio.run(ask()) == 200
    assert account.journal.count() == 2


@pytest.mark.parametrize(("wire", "error"), WIRE_ERRORS)
def test_a_broken_wire_is_the_clients_own_error(
    near: mockserver.MockServer, wire: str, error: type[httpx.RequestError]
) -> None:
    account = near.account("voxjar")
    account.faults.plant(wire=wire, times=1)
    with pytest.raises(error):
        ask_in_process(near, account, timeout=0.5 if wire == "hang" else 5)
    assert ask_in_process(near, account).status_code == 200


BREAKING = """
from mockserver.model import Operation, Vendor

def accept(facts):
    raise KeyError("whose")

vendor = Vendor("acme", operations={"addCall": Operation(accept=accept)})
"""


def test_what_nothing_has_refused_is_not_accepted_for_that(
    near: mockserver.MockServer, tmp_path: Path, verb: Run
) -> None:
    account = near.account("voxjar")
    account.faults.plant(wire="reset")
    with pytest.raises(httpx.ReadError):
        ask_in_process(near, account)
    call = "POST /api/v1/upload  voxjar uploadInteraction"
    assert account.journal.last().lines()[0].startswith(f"{call}: cut off, not processed, planted reset")
    acme(tmp_path, behaviour=BREAKING)
    with mockserver.MockServer(documents=str(tmp_path), vendors=["acme"]) as mock:
        assert verb("journal", "--url", mock.url)[1] == "no call yet\n"
        httpx.post(f"{mock.url}/acme{CALLS}", headers=HEADERS, content=WHO, trust_env=False)
        first, *trace = mock.journal.last().lines()
        shown = verb("journal", "show", mock.journal.last().id, "--url", mock.url)[1]
    assert first == f"POST {CALLS}  acme addCall: 500 broken, by a fault of the mock's own"
    assert "    KeyError: 'whose'" in trace
    assert "  trouble    KeyError: 'whose'" in shown.splitlines()


def test_settings_that_cannot_be_are_told(near: mockserver.MockServer) -> None:
    with pytest.raises(SettingsError, match="there is no setting 'prot'"):
        mockserver.MockServer(prot=1)
    with pytest.raises(SetupError, match="there is no vendor 'nobody'"):
        mockserver.MockServer(vendors=["nobody"])


def test_switches_are_given_by_vendor() -> None:
    with mockserver.MockServer(vendors=["voxjar"], options={"voxjar": {"success_status": 201}}) as mock:
        assert upload(mock.account("voxjar")).status_code == 201
    mock.close()


def test_a_server_that_is_not_there_is_httpxs_error() -> None:
    with mockserver.connect("http://127.0.0.1:9/") as mock, pytest.raises(httpx.ConnectError):
        mock.health()


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = mockserver.nothing
