"""The table of what lies behind addresses, over HTTP."""

from typing import Any

import pytest

from mockserver.faces.application import Application
from tests.applications import keep, new_application, new_world, problem

MEDIA = "/_mock/media"
WHOLE = {"url": "https://a.example/1", "type": "audio/mpeg", "size": 960_000, "duration": 60.5, "failure": "too-large"}
MANY = {"prefix": "https://a.example/", "failure": "missing"}
MINE, THEIRS = "account=voxjar/mine", "account=voxjar/theirs"


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


def items(application: Application, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = keep(application, "GET", MEDIA, query=query).json["items"]
    return found


def put(application: Application, *lines: Any, query: str = "") -> None:
    answer = keep(application, "PUT", MEDIA, json_body={"items": lines}, query=query)
    assert answer.status == 200, answer.content
    assert answer.json["items"] == items(application, query)


def test_a_table_is_put_read_and_forgotten(application: Application) -> None:
    assert items(application) == []
    put(application, WHOLE, MANY)
    assert items(application) == [WHOLE, MANY]
    assert keep(application, "DELETE", MEDIA).status == 204
    assert items(application) == []


def test_accounts_side_by_side_have_lines_of_their_own(application: Application) -> None:
    put(application, WHOLE, query=MINE)
    put(application, MANY, query=THEIRS)
    assert items(application) == [{**WHOLE, "account": "voxjar/mine"}, {**MANY, "account": "voxjar/theirs"}]
    assert keep(application, "DELETE", MEDIA, query=MINE).status == 204
    assert items(application) == items(application, THEIRS) == [{**MANY, "account": "voxjar/theirs"}]


def test_an_account_takes_its_lines_along(application: Application) -> None:
    assert keep(application, "POST", "/_mock/accounts", json_body={"vendor": "voxjar", "name": "mine"}).status == 201
    put(application, WHOLE, query=MINE)
    assert keep(application, "DELETE", "/_mock/accounts/voxjar/mine").status == 204
    assert items(application) == []


@pytest.mark.parametrize(("written", "kept"), [(b"5.0", 5), (b"1e3", 1000), (b"1e15", 10**15), (b"0", 0)])
def test_a_whole_number_may_be_written_with_a_point(written: bytes, kept: int, application: Application) -> None:
    body = b'{"items": [{"url": "https://a.example/1", "size": ' + written + b', "duration": ' + written[:1] + b"}]}"
    answer = keep(application, "PUT", MEDIA, headers={"Content-Type": "application/json"}, body=body)
    assert answer.status == 200
    assert items(application)[0]["size"] == kept


@pytest.mark.parametrize(
    ("line", "query", "status"),
    [
        ({}, "", 422),
        ({**WHOLE, **MANY}, "", 422),
        ({**WHOLE, "account": "voxjar/theirs"}, MINE, 422),
        ({**WHOLE, "account": "demo"}, "", 422),
        ({**WHOLE, "account": "voxjar/"}, "", 422),
        ({**WHOLE, "account": "voxjar/a b"}, "", 422),
        ({**WHOLE, "url": ""}, "", 422),
        ({**WHOLE, "url": None}, "", 422),
        ({**WHOLE, "type": "audio"}, "", 422),
        ({**WHOLE, "type": "audio/mpeg\n"}, "", 422),
        ({**WHOLE, "size": -1}, "", 422),
        ({**WHOLE, "size": 1.5}, "", 422),
        ({**WHOLE, "size": "1"}, "", 422),
        ({**WHOLE, "duration": -1}, "", 422),
        ({**WHOLE, "failure": "gone"}, "", 422),
        ({**WHOLE, "speed": 1}, "", 422),
        ("https://a.example/1", "", 422),
        (WHOLE, "account=demo", 422),
        ({**WHOLE, "account": "nobody/x"}, "", 404),
        (WHOLE, "account=nobody/x", 404),
    ],
)
def test_a_line_that_cannot_be_is_told_and_changes_nothing(
    line: Any, query: str, status: int, application: Application
) -> None:
    put(application, MANY)
    answer = keep(application, "PUT", MEDIA, json_body={"items": [WHOLE, line]}, query=query)
    assert problem(answer)[0] == status
    assert items(application) == [MANY]


@pytest.mark.parametrize("body", [[], {}, {"items": {}}, {"items": [], "more": 1}, "items"])
def test_a_table_is_a_list_of_items(body: Any, application: Application) -> None:
    put(application, MANY)
    assert problem(keep(application, "PUT", MEDIA, json_body=body))[0] == 422
    assert items(application) == [MANY]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_account_is_written_with_its_vendor(method: str, application: Application) -> None:
    put(application, MANY)
    assert problem(keep(application, method, MEDIA, query="account=demo"))[0] == 422
    assert items(application) == [MANY]
