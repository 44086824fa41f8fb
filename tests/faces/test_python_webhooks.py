"""Webhooks from Python: on a mock of one's own, and on one elsewhere."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockserver import MockServer, connect
from mockserver.faces.python.hand import Hand, MockError
from mockserver.faces.python.mock import Account, Mock
from tests.receivers import Receiver, late, receiving, status


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(vendors=["emberqa"]) as found:
        found.clock.freeze()
        yield found


def open_account(mock: Any, receiver: Receiver) -> Account:
    alerts = [{"type": "completion", "url": f"{receiver.url}/done"}]
    account: Account = mock.account("emberqa", book={"alerts": alerts})
    return account


def submit(account: Account) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}"}
    path = f"{account.url}/api/scoring/submitRecording"
    body = {"media_url": "https://example.com/a.mp3"}
    assert httpx.post(path, json=body, headers=headers, trust_env=False).status_code == 200


@pytest.fixture(params=["near", "far"])
def hand(mock: MockServer, request: pytest.FixtureRequest) -> Iterator[Mock]:
    """Return a hand on the mock: its own, and one of somebody elsewhere."""
    if request.param == "near":
        yield mock
    else:
        with connect(mock.url) as far:
            yield far


def test_the_clock_is_moved_and_what_is_due_is_sent(hand: Mock, receiver: Receiver) -> None:
    account = open_account(hand, receiver)
    submit(account)
    assert (account.webhooks.last().state, account.webhooks.flush()) == ("pending", [])
    hand.clock.advance(20)
    account.webhooks.flush()
    (shown,) = account.webhooks.list(state="delivered")
    assert (shown.event, shown.attempts[0].status, shown.next) == ("completion", 200, None)
    assert shown.payload == receiver.received[0].json
    assert shown in hand.webhooks.list()
    again = hand.webhooks.redeliver(shown.id)
    assert (again.attempted, len(receiver.received)) == (2, 2)
    with pytest.raises(MockError, match="there is no webhook"):
        hand.webhooks.redeliver("nothing")


def test_a_call_leads_to_its_webhooks(hand: Mock, receiver: Receiver) -> None:
    account = open_account(hand, receiver)
    submit(account)
    (waiting,) = account.journal.last().webhooks or []
    assert (waiting.event, waiting.state, waiting.attempted, waiting.status) == ("completion", "pending", 0, None)
    assert waiting.line() == f"completion pending {receiver.url}/done"
    receiver.behave = status(503)
    hand.clock.advance(20)
    account.webhooks.flush()
    entry = hand.journal.get(account.webhooks.last().call)
    (tried,) = entry.webhooks or []
    assert (tried.id, tried.attempted, tried.status, tried.error) == (waiting.id, 1, 503, None)
    assert entry.lines()[-1] == f"    webhook {tried.id}: completion pending {receiver.url}/done: attempt 1, 503"
    # A list does not tell.
    assert [each.webhooks for each in account.journal] == [None]


def test_what_falls_due_goes_out_by_itself(mock: MockServer, receiver: Receiver) -> None:
    account = open_account(mock, receiver)
    receiver.behave = status(503)
    submit(account)
    mock.clock.advance_until_idle()
    shown = account.webhooks.last()
    assert (shown.state, shown.attempted, len(receiver.received)) == ("given-up", 3, 3)


def test_where_there_is_none_the_last_is_missing(mock: MockServer, receiver: Receiver) -> None:
    with pytest.raises(LookupError, match="there is no such webhook"):
        open_account(mock, receiver).webhooks.last()


def test_receivers_are_waited_for_longer_than_a_server(mock: MockServer, receiver: Receiver) -> None:
    receiver.behave = late(204, 0.6)
    account = open_account(mock, receiver)
    with connect(mock.url, timeout=0.3) as far:
        submit(account)
        far.clock.advance_until_idle()
        submit(account)
        far.clock.advance(20)
        far.webhooks.flush()
        assert far.webhooks.redeliver(account.webhooks.last().id).attempted == 2
        with pytest.raises(httpx.ReadTimeout):
            far.journal.wait(count=1_000, timeout=1)


@pytest.mark.parametrize("timeout", [700.0, None])
def test_who_is_more_patient_stays_so(mock: MockServer, timeout: float | None) -> None:
    with httpx.Client(base_url=mock.url, timeout=timeout, trust_env=False) as http:
        assert Hand(http).patient.timeout == httpx.Timeout(timeout)
