"""A hand on records, over HTTP, from Python and from the terminal: the same moments, the same refusals."""

import json
from collections.abc import Iterator

import httpx
import pytest

from mockserver.faces.python.hand import MockError
from mockserver.faces.python.mock import Account
from mockserver.faces.python.server import MockServer
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem
from tests.processes import Run

RECORDS = "/_mock/records"


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(vendors=["voxjar"], pace="held") as mock:
        yield mock


@pytest.fixture
def account(mock: MockServer) -> Iterator[Account]:
    account = mock.account("voxjar")
    headers = {"Authorization": f"Bearer {account.token}"}
    sent = httpx.post(f"{account.url}/api/v1/upload", json=UPLOAD, headers=headers, trust_env=False)
    assert sent.status_code == 200
    yield account
    account.close()


def test_a_record_is_advanced_and_failed_over_http() -> None:
    application = new_application(new_world("voxjar", pace="held"))
    for _ in range(2):
        ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    newest, oldest = keep(application, "GET", RECORDS, query="kind=interaction").json["items"]
    told = keep(application, "POST", f"{RECORDS}/{newest['id']}/advance")
    assert (told.status, told.json["stage"], told.json["failed"]) == (200, 1, False)
    failed = keep(application, "POST", f"{RECORDS}/{oldest['id']}/fail", query="account=voxjar/demo&kind=interaction")
    assert (failed.status, failed.json["failed"]) == (200, True)
    assert failed.json["body"] == {**oldest["body"], **oldest["failure"]}
    assert keep(application, "GET", f"{RECORDS}/{oldest['id']}").json == failed.json
    refused = keep(application, "POST", f"{RECORDS}/{oldest['id']}/advance")
    assert problem(refused)[:2] == (409, "Conflict")
    assert problem(keep(application, "POST", f"{RECORDS}/nobody/fail")) == (
        404,
        "Not Found",
        "there is no record 'nobody'",
    )


@pytest.mark.parametrize("query", ["account=voxjar", "account=voxjar/", "account=/demo", "account=a/b/c", "kind="])
def test_a_record_is_not_named_by_half_an_account(query: str) -> None:
    application = new_application(new_world("voxjar"))
    for method, path in (("GET", RECORDS), ("POST", RECORDS)):
        verb = "" if method == "GET" else "/advance"
        assert keep(application, method, f"{path}/1{verb}", query=query).status == 422


def test_a_record_is_advanced_and_failed_from_python(mock: MockServer, account: Account) -> None:
    (kept,) = account.records.list(kind="interaction")
    assert (kept.stage, kept.failed) == (0, False)
    assert account.records.advance(kept.id).stage == 1
    told = mock.records.fail(kept.id, account=account.id, kind="interaction")
    assert (told.failed, told.stage, account.records.get(kept.id)) == (True, 1, told)
    for push in (account.records.advance, mock.records.fail):
        with pytest.raises(MockError, match="is done") as refused:
            push(kept.id)
        assert refused.value.status == 409


def test_a_record_is_advanced_and_failed_from_the_terminal(mock: MockServer, account: Account, verb: Run) -> None:
    (kept,) = account.records.list(kind="interaction")
    moments = len(kept.timeline)
    status, out, _ = verb("records", "advance", kept.id, "--url", mock.url)
    assert (status, out) == (0, f"{kept.id}  {account.id}  interaction  1 of {moments} moments past\n")
    named = ("--url", mock.url, "--account", account.id, "--kind", "interaction")
    told = json.loads(verb("records", "fail", kept.id, "--json", *named)[1])
    assert (told["stage"], told["failed"]) == (1, True)
    assert json.loads(verb("records", "show", kept.id, *named)[1]) == told
    assert verb("records", "--url", mock.url, "--account", account.name)[1].count("moments past, failed\n") == 1
    status, _, err = verb("records", "advance", kept.id, "--url", mock.url)
    assert (status, err) == (1, f"mockserver: the record '{kept.id}' is done: nothing further happens to it\n")
