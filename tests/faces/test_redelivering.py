"""`mockserver webhooks` on a started server: what was sent, once more, and now."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockserver.faces import asking
from tests.processes import Run, Started
from tests.receivers import Receiver, fall_short, late, receiving, status


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(status(500)) as found:
        yield found


@pytest.fixture
def account(server: Started, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, verb: Run) -> dict[str, Any]:
    """Return an account that tells of completion."""
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    alerts = [{"type": "completion", "url": f"{receiver.url}/done"}]
    wish = {"vendor": "emberqa", "book": {"alerts": alerts}}
    found: dict[str, Any] = httpx.post(f"{server.url}/_mock/accounts", json=wish, trust_env=False).json()
    return found


def submit(account: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {account['credentials']['api_key']}"}
    body = {"media_url": "https://example.com/a.mp3"}
    path = f"{account['url']}/api/scoring/submitRecording"
    assert httpx.post(path, json=body, headers=headers, trust_env=False).status_code == 200


def test_webhooks_are_listed_sent_and_sent_again(account: dict[str, Any], receiver: Receiver, verb: Run) -> None:
    mine = ("--vendor", "emberqa", "--account", account["name"])
    assert verb("webhooks", *mine) == (0, "nothing was to be sent\n", "")
    submit(account)
    (item,) = json.loads(verb("webhooks", *mine, "--json")[1])["items"]
    line = f"{item['id']}  emberqa/{account['name']}  completion"
    assert verb("webhooks", *mine)[1] == f"{line}  pending  {receiver.url}/done\n"
    assert verb("webhooks", "flush", *mine)[1] == "nothing is due\n"
    assert verb("clock", "freeze")[0] == verb("clock", "advance", "20")[0] == 0
    verb("webhooks", "flush", *mine)
    told = verb("webhooks", *mine)[1].splitlines()
    assert told[0] == f"{line}  pending  {receiver.url}/done"
    assert "  500  " in told[1]
    assert told[2].startswith("  next ")
    shown = verb("journal", "show", item["call"])[1].splitlines()
    assert f"  webhook    {item['id']}  completion pending {receiver.url}/done: attempt 1, 500" in shown
    receiver.behave = status(204)
    told = verb("webhooks", "redeliver", item["id"])[1].splitlines()
    assert told[0] == f"{line}  delivered  {receiver.url}/done"
    assert "  204  " in told[-1]
    assert verb("webhooks", *mine, "--state", "given-up")[1] == "nothing was to be sent\n"
    assert json.loads(verb("webhooks", "redeliver", item["id"], "--json")[1])["attempted"] == 3
    receiver.behave = fall_short
    told = verb("webhooks", "redeliver", item["id"])[1].splitlines()
    assert told[0] == f"{line}  delivered  {receiver.url}/done"
    assert "  200, remote protocol error: peer closed connection" in told[-1]
    assert verb("clock", "unfreeze")[0] == 0


def test_an_unknown_one_is_told_in_a_sentence(account: dict[str, Any], verb: Run) -> None:
    assert verb("webhooks", "redeliver", "nothing") == (2, "", "mockserver: there is no webhook 'nothing'\n")


def test_receivers_are_waited_for_longer_than_a_server(
    account: dict[str, Any], receiver: Receiver, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = asking.ask.__kwdefaults__
    assert defaults
    monkeypatch.setitem(defaults, "patience", 0.3)
    receiver.behave = late(204, 0.6)
    submit(account)
    assert verb("clock", "advance", "idle")[::2] == (0, "")
    mine = ("--vendor", "emberqa", "--account", account["name"])
    assert "  delivered  " in verb("webhooks", *mine)[1]
