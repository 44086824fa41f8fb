"""Why a call of the journal was refused, and which accounts there are: over HTTP, from Python, from the terminal."""

import json
from collections.abc import Iterator

import httpx
import pytest

from mockserver.faces.python.hand import MockError
from mockserver.faces.python.mock import Account
from mockserver.faces.python.server import MockServer
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem
from tests.processes import Run

WRONG = {**UPLOAD, "direction": "sideways"}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(vendors=["voxjar"]) as mock:
        yield mock


@pytest.fixture
def account(mock: MockServer) -> Iterator[Account]:
    account = mock.account("voxjar")
    headers = {"Authorization": f"Bearer {account.token}"}
    assert httpx.post(f"{account.url}/api/v1/upload", json=WRONG, headers=headers, trust_env=False).status_code == 400
    yield account
    account.close()


def test_a_call_is_explained_over_http() -> None:
    application = new_application(new_world("voxjar"))
    call = ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=WRONG).headers["x-mock-call"]
    told = keep(application, "GET", f"/_mock/journal/{call}/explain")
    assert (told.status, told.json["refused_by"]) == (200, "schema/direction-inbound-or-outbound")
    assert [edit["at"] for edit in told.json["edits"]] == ["$.direction"]
    assert "acceptable with" in told.json["text"]
    assert problem(keep(application, "GET", "/_mock/journal/nobody/explain"))[0] == 404


def test_a_call_is_explained_from_python(account: Account) -> None:
    entry = account.journal.last()
    assert f"refused with 400 by {entry.refused_by}" in account.journal.explain(entry.id)
    with pytest.raises(MockError, match="there is no call"):
        account.journal.explain("nobody")


def test_a_call_is_explained_from_the_terminal(mock: MockServer, account: Account, verb: Run) -> None:
    call = account.journal.last().id
    status, out, _ = verb("journal", "explain", call, "--url", mock.url)
    assert (status, "set $.direction to" in out) == (0, True)
    assert json.loads(verb("journal", "explain", call, "--json", "--url", mock.url)[1])["text"] == out.rstrip("\n")


@pytest.mark.parametrize("verb_of", [("journal",), ("journal", "show"), ("journal", "explain")], ids="-".join)
def test_what_a_client_sent_neither_splits_a_line_nor_steers_a_terminal(verb_of: tuple[str, ...], verb: Run) -> None:
    with MockServer(vendors=["voxjar"]) as mock:
        account = mock.account("voxjar")
        headers = {"Authorization": f"Bearer {account.token}"}
        httpx.get(f"{account.url}/a%1B%5B31m%0D%0Aforged%C2%9Bb%E2%80%AE", headers=headers, trust_env=False)
        call = [account.journal.last().id] if len(verb_of) > 1 else []
        status, out, _ = verb(*verb_of, *call, "--url", mock.url)
    assert status == 0
    assert all(line.isprintable() and not line.startswith("forged") for line in out.split("\n"))
    assert "/a\\x1b[31m\\r\\nforged\\x9bb\\u202e" in out


def test_accounts_are_listed_newest_first_and_by_vendor() -> None:
    application = new_application(new_world("voxjar", "emberqa"))
    made = keep(application, "POST", "/_mock/accounts", json_body={"vendor": "voxjar", "name": "mine"}).json
    page = keep(application, "GET", "/_mock/accounts", query="limit=1").json
    assert page["items"] == [made]
    rest = keep(application, "GET", "/_mock/accounts", query=f"vendor=voxjar&cursor={page['cursor']}").json
    assert [each["name"] for each in rest["items"]][-2:] == ["broke", "demo"]
    assert keep(application, "GET", "/_mock/accounts", query="vendor=nobody").json["total"] == 0


def test_accounts_are_listed_from_python_and_from_the_terminal(mock: MockServer, account: Account, verb: Run) -> None:
    found = mock.accounts("voxjar")
    assert (found[0].id, found[0].token) == (account.id, account.token)
    assert verb("accounts", "--url", mock.url, "--limit", "1")[1] == f"{account.id}  {account.url}\n"
    told = json.loads(verb("accounts", "--json", "--url", mock.url)[1])
    assert len(told["items"]) == len(mock.accounts())
    assert verb("accounts", "--vendor", "nobody", "--url", mock.url)[1] == "there are none\n"
