"""Rule coverage over HTTP."""

from typing import Any

import pytest

from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem

COVERAGE = "/_mock/coverage"


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar", "emberqa"))


def upload(application: Application, headers: dict[str, str] = VOXJAR, **change: Any) -> int:
    return ask(application, "POST", "/voxjar/api/v1/upload", headers, json_body=UPLOAD | change).status


def read(application: Application, query: str = "") -> Any:
    answer = keep(application, "GET", COVERAGE, query=query)
    assert answer.status == 200
    return answer.json


def sides(application: Application, claim: str, query: str = "") -> tuple[Any, Any]:
    (item,) = (each for each in read(application, query)["items"] if each["claim"] == claim)
    return item["kept"], item["broken"]


def test_it_begins_with_nothing_seen(application: Application) -> None:
    found = read(application, "vendor=voxjar")
    assert {item["vendor"] for item in found["items"]} == {"voxjar"}
    assert found["totals"]["claims"] == len(found["items"])
    assert (found["totals"]["kept"]["seen"], found["totals"]["broken"]["seen"], found["evicted"]) == (0, 0, 0)
    assert found["totals"]["percent"] == 0


def test_calls_fill_it(application: Application) -> None:
    assert upload(application) == 200
    assert upload(application, direction="inbound") == 400
    assert sides(application, "direction-inbound-or-outbound") == (True, True)
    assert sides(application, "timestamp-iso-8601") == (True, False)
    found = read(application)
    assert {item["vendor"] for item in found["items"]} == {"voxjar", "emberqa"}
    assert found["totals"]["broken"]["seen"] == 1
    assert 0 < found["totals"]["percent"] < 100


def test_an_account_has_its_own(application: Application) -> None:
    wish = {"vendor": "voxjar", "name": "mine", "credentials": {"token": "my-token"}}
    assert keep(application, "POST", "/_mock/accounts", json_body=wish).status == 201
    assert upload(application, {**VOXJAR, "Authorization": "Bearer my-token"}) == 200
    assert sides(application, "direction-required", "vendor=voxjar&account=mine") == (True, False)
    assert sides(application, "direction-required", "vendor=voxjar&account=demo") == (False, False)
    assert keep(application, "DELETE", "/_mock/accounts/voxjar/mine").status == 204
    assert sides(application, "direction-required", "vendor=voxjar") == (True, False)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("vendor=nobody", 404),
        ("account=nobody", 404),
        ("vendor=voxjar&account=nobody", 404),
        ("vendor=", 422),
        ("account=a%20b", 422),
        ("account=" + 101 * "a", 422),
    ],
)
def test_what_there_is_not_is_told(query: str, status: int, application: Application) -> None:
    assert problem(keep(application, "GET", COVERAGE, query=query))[0] == status


def test_it_is_only_read(application: Application) -> None:
    answer = ask(application, "DELETE", COVERAGE)
    assert (problem(answer)[0], answer.headers["allow"]) == (405, "GET")
