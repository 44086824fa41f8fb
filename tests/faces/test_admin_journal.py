"""The journal and the records over HTTP: filters, pages, and what is told when there is nothing."""

from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem

JOURNAL, RECORDS = "/_mock/journal", "/_mock/records"


@pytest.fixture(scope="module")
def application() -> Application:
    """Return one that was called: thrice well, then without credits, credential, operation; once EmberQA."""
    application = new_application(new_world("emberqa", "voxjar"))
    for number in range(3):
        body = {**UPLOAD, "sourceIdentifier": f"call-{number}"}
        assert ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=body).status == 200
    poor = VOXJAR | {"Authorization": "Bearer voxjar-broke-token"}
    assert ask(application, "POST", "/voxjar/api/v1/upload", poor, json_body=UPLOAD).status == 402
    assert ask(application, "POST", "/voxjar/api/v1/upload", json_body=UPLOAD).status == 401
    assert ask(application, "GET", "/voxjar/nothing").status == 404
    ember = {"Authorization": "Bearer emberqa-demo-key"}
    recording = {"media_url": "https://example.com/call.mp3"}
    assert ask(application, "POST", "/emberqa/api/scoring/submitRecording", ember, json_body=recording).status == 200
    return application


def listed(application: Application, path: str, **query: Any) -> dict[str, Any]:
    answer = keep(application, "GET", path, query=urlencode(query))
    assert answer.status == 200, answer.content
    page: dict[str, Any] = answer.json
    return page


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ({}, [200, 404, 401, 402, 200, 200, 200]),
        ({"vendor": "voxjar"}, [404, 401, 402, 200, 200, 200]),
        ({"vendor": "emberqa"}, [200]),
        ({"vendor": "acme"}, []),
        ({"account": "demo"}, [200, 200, 200, 200]),
        ({"account": "broke"}, [402]),
        ({"operation": "uploadInteraction"}, [401, 402, 200, 200, 200]),
        ({"operation": "submitRecording", "account": "broke"}, []),
        ({"status": "200"}, [200, 200, 200, 200]),
        ({"status": 402}, [402]),
        ({"status": 599}, []),
        ({"vendor": "voxjar", "account": "demo", "status": 200}, [200, 200, 200]),
        ({"refused_by": "auth/bearer-token"}, [401]),
        ({"refused_by": "bearer-token"}, []),
        ({"since": "2000-01-01"}, [200, 404, 401, 402, 200, 200, 200]),
        ({"since": "2999-12-31T23:59:59.5+02:00"}, []),
    ],
    ids=str,
)
def test_calls_are_found_by_what_is_asked_newest_first(
    query: dict[str, Any], statuses: list[int], application: Application
) -> None:
    page = listed(application, JOURNAL, **query)
    assert [entry["status"] for entry in page["items"]] == statuses
    assert (page["total"], page["evicted"], page["cursor"]) == (len(statuses), 0, None)


def test_the_moment_of_a_call_is_the_first_that_counts(application: Application) -> None:
    newest, *_ = listed(application, JOURNAL)["items"]
    assert listed(application, JOURNAL, since=newest["at"])["items"][0] == newest
    later = newest["at"].replace("Z", "").split(".")[0][:-2] + "59.999999Z"
    assert newest not in listed(application, JOURNAL, since=later)["items"]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 1000])
@pytest.mark.parametrize("path", [JOURNAL, RECORDS])
def test_pages_together_are_the_whole_list_in_its_order(path: str, limit: int, application: Application) -> None:
    whole = listed(application, path)
    collected: list[Any] = []
    query: dict[str, Any] = {"limit": limit}
    for number in count(1):
        page = listed(application, path, **query)
        collected += page["items"]
        assert page["total"] == whole["total"]
        if page["cursor"] is None:
            break
        assert len(page["items"]) == limit
        assert number < len(whole["items"])
        query["cursor"] = page["cursor"]
    assert collected == whole["items"]
    assert number == -(-whole["total"] // limit)


def test_a_filter_holds_on_every_page(application: Application) -> None:
    first = listed(application, JOURNAL, account="demo", limit=3)
    second = listed(application, JOURNAL, account="demo", limit=3, cursor=first["cursor"])
    assert [len(page["items"]) for page in (first, second)] == [3, 1]
    assert {entry["account"] for entry in (*first["items"], *second["items"])} == {"demo"}


@pytest.mark.parametrize("path", [JOURNAL, RECORDS])
@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": -1},
        {"limit": 1001},
        {"limit": "many"},
        {"limit": ""},
        {"limit": "1.0"},
        {"cursor": ""},
        {"cursor": "next"},
        {"cursor": "-1"},
        {"cursor": "1" * 19},
        {"cursor": "\u0661"},
        {"vendor": ""},
        {"vendor": "a/b"},
        {"account": "a b"},
    ],
    ids=str,
)
def test_a_question_that_makes_no_sense_is_refused(path: str, query: dict[str, Any], application: Application) -> None:
    assert problem(keep(application, "GET", path, query=urlencode(query)))[0] == 422


@pytest.mark.parametrize(
    "query",
    [
        {"status": 99},
        {"status": 600},
        {"status": "ok"},
        {"since": "yesterday"},
        {"since": ""},
        {"since": "2026-13-01"},
        {"operation": ""},
        {"refused_by": "a" * 201},
    ],
    ids=str,
)
def test_a_question_to_the_journal_that_makes_no_sense_is_refused(
    query: dict[str, Any], application: Application
) -> None:
    assert problem(keep(application, "GET", JOURNAL, query=urlencode(query)))[0] == 422


def test_a_plus_that_was_not_encoded_is_no_moment(application: Application) -> None:
    assert problem(keep(application, "GET", JOURNAL, query="since=2026-01-01T00:00:00+02:00"))[0] == 422


def test_one_entry_is_the_one_of_the_list(application: Application) -> None:
    for entry in listed(application, JOURNAL)["items"]:
        found = keep(application, "GET", f"{JOURNAL}/{entry['id']}").json
        for step in found["trail"]:
            step.pop("rules", None)
        assert found == {**entry, "webhooks": []}


def test_an_entry_tells_all_and_no_secret(application: Application) -> None:
    (entry,) = listed(application, JOURNAL, account="broke")["items"]
    assert (entry["vendor"], entry["operation"]) == ("voxjar", "uploadInteraction")
    assert [step["step"] for step in entry["trail"]] == ["route", "auth", "transport", "schema", "rules"]
    assert [step["passed"] for step in entry["trail"]] == [True, True, True, True, False]
    assert entry["refused_by"].startswith("rules/")
    assert entry["request"]["body"]["sourceIdentifier"] == UPLOAD["sourceIdentifier"]
    assert "voxjar-broke-token" not in keep(application, "GET", JOURNAL).content.decode()


@pytest.mark.parametrize(
    ("query", "vendors"),
    [
        ({}, ["emberqa", "voxjar"]),
        ({"vendor": "emberqa"}, ["emberqa"]),
        ({"vendor": "voxjar", "account": "demo"}, ["voxjar"]),
        ({"account": "demo"}, ["emberqa", "voxjar"]),
        ({"kind": "recording"}, ["emberqa"]),
        ({"account": "demo", "kind": "recording"}, ["emberqa"]),
        ({"vendor": "voxjar", "kind": "recording"}, []),
        ({"account": "broke"}, []),
    ],
    ids=str,
)
def test_records_are_found_by_what_is_asked(
    query: dict[str, Any], vendors: list[str], application: Application
) -> None:
    page = listed(application, RECORDS, **query)
    assert sorted({record["vendor"] for record in page["items"]}) == vendors
    assert page["total"] == len(page["items"])
    for record in page["items"]:
        assert keep(application, "GET", f"{RECORDS}/{record['id']}").json == record
        assert keep(application, "GET", f"{JOURNAL}/{record['call']}").json["account"] == record["account"]


def test_the_journal_can_be_cleared_and_records_stay() -> None:
    application = new_application(new_world("voxjar"))
    ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    before = listed(application, RECORDS)
    answer = keep(application, "DELETE", JOURNAL)
    assert (answer.status, answer.content) == (204, b"")
    assert listed(application, JOURNAL) == {"items": [], "total": 0, "evicted": 0, "cursor": None}
    assert listed(application, RECORDS) == before
    assert keep(application, "DELETE", JOURNAL).status == 204
