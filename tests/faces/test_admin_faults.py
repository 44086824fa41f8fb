"""Faults and scenarios over the admin API: planted, listed, lifted, put on, and refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem

FAULTS, SCENARIOS, ACCOUNTS = "/_mock/faults", "/_mock/scenarios", "/_mock/accounts"
WHOLE = {
    "name": "mine",
    "match": {"vendor": "voxjar", "account": "demo", "operation": "uploadInteraction", "header": "X-Test: yes"},
    "problem": "too-many",
    "wire": "truncate",
    "delay": 0.5,
    "times": 3,
    "chance": 0.5,
    "step": "auth",
    "retry_after": 3,
    "rate": {"calls": 3, "seconds": 60},
}


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar", "emberqa"))


def plant(application: Application, **wish: Any) -> dict[str, Any]:
    answer = keep(application, "POST", FAULTS, json_body=wish)
    assert answer.status == 201
    found: dict[str, Any] = answer.json
    return found


def listed(application: Application, **query: str) -> list[str]:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return [item["name"] for item in keep(application, "GET", FAULTS, query=text).json["items"]]


def upload(application: Application, **headers: str) -> Any:
    return ask(application, "POST", "/voxjar/api/v1/upload", {**VOXJAR, **headers}, json_body=UPLOAD)


def test_a_fault_is_shown_as_it_was_asked_for(application: Application) -> None:
    assert plant(application, **WHOLE) == WHOLE
    assert keep(application, "GET", FAULTS).json == {"items": [WHOLE], "total": 1, "evicted": 0, "cursor": None}


def test_what_is_left_out_is_not_shown(application: Application) -> None:
    shown = plant(application, problem="broken")
    assert shown == {"name": shown["name"], "match": {}, "problem": "broken"}
    assert plant(application, name="later", pace="10", fail=True) == {
        "name": "later",
        "match": {},
        "pace": 10,
        "fail": True,
    }


def test_an_account_may_be_written_with_its_vendor(application: Application) -> None:
    assert plant(application, match={"account": "voxjar/demo"}, delay=1)["match"] == {
        "vendor": "voxjar",
        "account": "demo",
    }


def test_whole_numbers_may_be_written_with_a_point(application: Application) -> None:
    shown = plant(application, name="mine", times=2.0, retry_after=3.0, rate={"calls": 1.0, "seconds": 60.0})
    assert (shown["times"], shown["retry_after"], shown["rate"]["calls"]) == (2, 3, 1)


def test_it_speaks_and_is_counted(application: Application) -> None:
    plant(application, name="mine", match={"vendor": "voxjar"}, problem="broken", times=2)
    first = upload(application)
    assert (first.status, first.headers["x-mock-fault"]) == (500, "mine")
    assert first.json == {"success": False, "error": "the server could not answer"}
    (fault,) = keep(application, "GET", FAULTS).json["items"]
    assert fault["times"] == 1
    assert [upload(application).status for _ in range(2)] == [500, 200]
    assert listed(application) == []
    assert keep(application, "GET", "/_mock/health").json["faults"] == 0


def test_faults_are_lifted_by_name_and_all_at_once(application: Application) -> None:
    for name in ("a", "b", "c"):
        plant(application, name=name, problem="broken")
    assert keep(application, "GET", "/_mock/health").json["faults"] == 3
    assert keep(application, "DELETE", f"{FAULTS}/b").status == 204
    assert listed(application) == ["a", "c"]
    assert keep(application, "DELETE", FAULTS).status == 204
    assert listed(application) == []
    assert problem(keep(application, "DELETE", f"{FAULTS}/b"))[::2] == (
        404,
        "no fault 'b' is planted: it was lifted, or it is used up",
    )


def test_tests_side_by_side_see_and_lift_only_their_own(application: Application) -> None:
    for who in ("demo", "broke"):
        plant(application, name="same", match={"account": f"voxjar/{who}"}, problem="broken")
    assert listed(application, account="voxjar/demo") == ["same"]
    assert keep(application, "DELETE", f"{FAULTS}/same", query="account=voxjar/demo").status == 204
    assert keep(application, "DELETE", FAULTS, query="account=voxjar/demo").status == 204
    assert listed(application) == ["same"]
    assert upload(application).status == 200


def test_the_list_is_read_page_by_page(application: Application) -> None:
    names = [f"n-{number}" for number in range(5)]
    for name in names:
        plant(application, name=name, problem="broken")
    seen, cursor = [], ""
    for _ in range(3):
        page = keep(application, "GET", FAULTS, query=f"limit=2{cursor}").json
        assert page["total"] == 5
        seen += [item["name"] for item in page["items"]]
        cursor = f"&cursor={page['cursor']}"
    assert (seen, page["cursor"]) == (names, None)
    assert keep(application, "GET", FAULTS, query=f"cursor={'9' * 18}").json["items"] == []


def test_a_name_that_is_taken_is_a_conflict(application: Application) -> None:
    plant(application, name="mine", problem="broken")
    answer = keep(application, "POST", FAULTS, json_body={"name": "mine", "delay": 1})
    assert problem(answer)[::2] == (409, "a fault 'mine' is planted there already")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"problem": "tired"}, "problem must be one of unauthenticated, too-large, no-credits, not-found, too-many, "),
        ({"wire": "cut"}, "wire must be one of reset, empty, truncate, garbage, drip, hang, not cut"),
        ({"problem": "broken", "step": "route"}, "step must be one of auth, transport, schema, rules, accept, not"),
        ({}, "a fault has a problem, a wire, a delay, a rate, a pace or fail"),
        ({"delay": 61}, "delay must be at most 60, not 61"),
        ({"delay": 1e9}, "delay must be at most 60, not"),
        ({"delay": -1}, "delay must be at least 0, not -1"),
        ({"delay": 1, "times": 0}, "times must be at least 1, not 0"),
        ({"delay": 1, "chance": 2}, "chance must be at most 1, not 2"),
        ({"delay": 1, "name": "a/b"}, "name must match"),
        ({"delay": 1, "match": {"vendor": "nobody"}}, "there is no vendor 'nobody': known are emberqa, voxjar"),
        ({"delay": 1, "match": {"account": "voxjar/nobody"}}, "voxjar has no account 'nobody'"),
        ({"delay": 1, "match": {"operation": "none"}}, "there is no operation 'none': known are "),
        ({"delay": 1, "match": {"header": "a b"}}, "match.header must match"),
        ({"delay": 1, "match": {"header": "a: b\r\nc: d"}}, "match.header must match"),
        ({"delay": 1, "match": {"who": "me"}}, "match has no field who"),
        ({"delay": 1, "rate": {"calls": 1, "seconds": 0}}, "rate.seconds must be greater than 0, not 0"),
        ({"pace": "held"}, "pace fits none of the accepted forms"),
        ([], "the request must be an object, not a list"),
    ],
)
def test_what_cannot_be_planted_is_told_in_one_sentence(wish: Any, says: str, application: Application) -> None:
    answer = keep(application, "POST", FAULTS, json_body=wish)
    status, _, detail = problem(answer)
    assert status == 422
    assert detail.startswith(says)
    assert listed(application) == []


def test_scenarios_are_listed_with_what_they_do(application: Application) -> None:
    page = keep(application, "GET", SCENARIOS).json
    assert page["total"] == len(page["items"]) >= 12
    assert {"name": "unplugged", "says": "the connection is reset before anything is processed"} in page["items"]


def test_a_scenario_is_put_on_for_all_or_for_one(application: Application) -> None:
    loaded = keep(application, "POST", f"{SCENARIOS}/flaky-then-fine", json_body={"account": "voxjar/demo"})
    assert loaded.status == 200
    assert (loaded.json["account"], loaded.json["faults"]) == ("voxjar/demo", ["flaky-then-fine"])
    (fault,) = keep(application, "GET", FAULTS).json["items"]
    assert fault == {
        "name": "flaky-then-fine",
        "match": {"vendor": "voxjar", "account": "demo"},
        "problem": "broken",
        "step": "auth",
        "times": 2,
    }
    assert [upload(application).status for _ in range(3)] == [500, 500, 200]
    bodies: tuple[Any, ...] = (None, {})
    for body in bodies:
        loaded = keep(application, "POST", f"{SCENARIOS}/vendor-down", json_body=body)
        assert (loaded.status, loaded.json["account"]) == (200, None)
    assert upload(application).status == 500


@pytest.mark.parametrize(
    ("name", "body", "status", "says"),
    [
        ("nonsense", {}, 404, "there is no scenario 'nonsense': known are "),
        ("unplugged", {"account": "voxjar/nobody"}, 422, "there is no account 'voxjar/nobody'"),
        ("unplugged", {"account": "demo"}, 422, "account must match"),
        ("unplugged", {"who": "me"}, 422, "the request has no field who"),
        ("out-of-credits", {"account": "emberqa/demo"}, 422, "emberqa sells no credits"),
    ],
)
def test_what_cannot_be_put_on_is_told(name: str, body: Any, status: int, says: str, application: Application) -> None:
    found, _, detail = problem(keep(application, "POST", f"{SCENARIOS}/{name}", json_body=body))
    assert found == status
    assert detail.startswith(says)


def test_a_scenario_whose_file_cannot_be_used_is_listed_with_its_trouble(tmp_path: Path) -> None:
    (tmp_path / "_scenarios").mkdir()
    (tmp_path / "_scenarios" / "worse.toml").write_text("says = 1")
    application = new_application(new_world("voxjar", documents=tmp_path))
    trouble = f"{tmp_path}/_scenarios/worse.toml: Expected `str`, got `int` - at `$.says`"
    items = keep(application, "GET", SCENARIOS).json["items"]
    assert len(items) > 12
    assert items[-1] == {"name": "worse", "says": "its file cannot be used", "trouble": trouble}
    answer = keep(application, "POST", f"{SCENARIOS}/worse", json_body={})
    assert problem(answer)[::2] == (422, trouble)


def test_an_account_may_begin_with_a_scenario(application: Application) -> None:
    wish = {"vendor": "voxjar", "name": "mine", "credentials": {"token": "my-token"}, "scenario": "out-of-credits"}
    opened = keep(application, "POST", ACCOUNTS, json_body=wish)
    assert (opened.status, opened.json["credits"]) == (201, 0)
    assert upload(application, Authorization="Bearer my-token").status == 402
    answer = keep(application, "POST", ACCOUNTS, json_body={"vendor": "voxjar", "scenario": "nonsense"})
    assert problem(answer)[0] == 422
