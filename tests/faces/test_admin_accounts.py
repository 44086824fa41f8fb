"""The life of an account: opened, used at its vendor, changed, closed with all it left behind."""

from typing import Any

import pytest

from mockserver.faces.application import Application
from tests.applications import UPLOAD, Answered, ask, keep, new_application, new_world, problem

VENDORS = ("emberqa", "voxjar")
ACCOUNTS = "/_mock/accounts"


@pytest.fixture
def application() -> Application:
    return new_application(new_world(*VENDORS))


def open_account(application: Application, **wish: Any) -> dict[str, Any]:
    answer = keep(application, "POST", ACCOUNTS, json_body={"vendor": "voxjar", **wish})
    assert answer.status == 201
    account: dict[str, Any] = answer.json
    return account


def upload(application: Application, token: str, **fields: Any) -> Answered:
    headers = {"Authorization": f"Bearer {token}"}
    return ask(application, "POST", "/voxjar/api/v1/upload", headers, json_body={**UPLOAD, **fields})


def test_an_account_is_opened_used_changed_and_closed(application: Application) -> None:
    account = open_account(application, credits=0)
    path, token = f"{ACCOUNTS}/voxjar/{account['name']}", account["credentials"]["token"]
    assert upload(application, token).status == 402
    changed = keep(application, "PATCH", path, json_body={"credits": 10}).json
    assert (changed["credits"], changed["credentials"]) == (10, account["credentials"])
    assert upload(application, token).status == 200
    assert keep(application, "GET", path).json["credits"] < 10
    records = f"account={account['name']}"
    assert keep(application, "GET", "/_mock/records", query=records).json["total"] >= 1
    assert keep(application, "DELETE", path).status == 204
    assert upload(application, token).status == 401
    assert keep(application, "GET", path).status == 404
    assert keep(application, "DELETE", path).status == 404
    assert keep(application, "GET", "/_mock/records", query=records).json["total"] == 0


def test_closing_one_account_leaves_the_others_alone(application: Application) -> None:
    one, other = open_account(application), open_account(application)
    for account in (one, other):
        assert upload(application, account["credentials"]["token"]).status == 200
    keep(application, "DELETE", f"{ACCOUNTS}/voxjar/{one['name']}")
    left = keep(application, "GET", "/_mock/records").json["items"]
    assert {record["account"] for record in left} == {other["name"]}
    assert upload(application, other["credentials"]["token"]).status == 200


def test_what_is_left_out_is_made_up_or_as_demos(application: Application) -> None:
    demo = keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json
    one, other = open_account(application), open_account(application)
    assert one["name"] != other["name"]
    assert one["credentials"].keys() == demo["credentials"].keys()
    assert len({account["credentials"]["token"] for account in (one, other, demo)}) == 3
    assert [one[name] for name in ("credits", "book", "options")] == [
        demo[name] for name in ("credits", "book", "options")
    ]


def test_what_is_wished_for_is_kept(application: Application) -> None:
    wish: dict[str, Any] = {
        "name": "mine",
        "credits": 2.5,
        "credentials": {"token": "my-token"},
        "book": {"tags": [{"id": "tag_new", "name": "New"}]},
        "options": {"success_status": 201},
    }
    account = open_account(application, **wish)
    assert account["book"] == {**keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json["book"], **wish["book"]}
    assert {name: account[name] for name in ("name", "credits", "credentials")} == {
        name: wish[name] for name in ("name", "credits", "credentials")
    }
    assert account["options"]["success_status"] == 201
    assert upload(application, "my-token", tags=["New"]).status == 201


def test_an_account_without_credits_shows_none(application: Application) -> None:
    answer = keep(application, "POST", ACCOUNTS, json_body={"vendor": "emberqa"})
    assert "credits" not in answer.json
    assert answer.json["credentials"].keys() == {"api_key"}


@pytest.mark.parametrize(
    "wish",
    [
        {"vendor": "voxjar", "name": "demo"},
        {"vendor": "voxjar", "name": "new", "credentials": {"token": "voxjar-demo-token"}},
    ],
)
def test_a_name_or_credential_that_is_taken_is_a_conflict(wish: dict[str, Any], application: Application) -> None:
    status, _, detail = problem(keep(application, "POST", ACCOUNTS, json_body=wish))
    assert status == 409
    assert "already" in detail
    assert keep(application, "GET", f"{ACCOUNTS}/voxjar/new").status == 404


def test_one_account_too_many_is_a_conflict(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("world", "creation"):
        monkeypatch.setattr(f"mockserver.{module}.MOST_ACCOUNTS", 12)
    status, _, detail = problem(keep(application, "POST", ACCOUNTS, json_body={"vendor": "voxjar"}))
    assert (status, detail) == (409, "there are 12 accounts, and no more can be opened: close some first")
    assert keep(application, "DELETE", f"{ACCOUNTS}/emberqa/broke").status == 204
    assert keep(application, "POST", ACCOUNTS, json_body={"vendor": "voxjar"}).status == 201


def test_the_same_name_at_another_vendor_is_another_account(application: Application) -> None:
    for vendor in VENDORS:
        assert keep(application, "POST", ACCOUNTS, json_body={"vendor": vendor, "name": "same"}).status == 201


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"vendor": "acme"}, "there is no vendor 'acme': known are emberqa, voxjar"),
        ({"vendor": "voxjar", "options": {"speed": 1}}, "voxjar has no option 'speed': known are"),
        (
            {"vendor": "voxjar", "options": {"success_status": 299}},
            "voxjar's option 'success_status' is one of 200, 201",
        ),
        ({"vendor": "voxjar", "book": {"tags": [{"id": "tag_new"}]}}, "book.tags[0].name is required"),
        ({"vendor": "voxjar", "book": {"scorecard": []}}, "book has no field scorecard"),
    ],
)
def test_a_wish_that_no_vendor_can_grant_is_told(wish: dict[str, Any], says: str, application: Application) -> None:
    status, _, detail = problem(keep(application, "POST", ACCOUNTS, json_body=wish))
    assert status == 422
    assert detail.startswith(says)


@pytest.mark.parametrize(
    ("patch", "status", "says"),
    [
        ({"options": {"speed": 1}}, 422, "voxjar has no option 'speed'"),
        ({"options": {"success_status": "200"}}, 422, "voxjar's option 'success_status' is one of"),
        (
            {"book": {"prices": {"evaluation_per_minute": -1}}},
            422,
            "book.prices.evaluation_per_minute must be at least 0",
        ),
        ({"credentials": {"token": "voxjar-broke-token"}}, 409, "another account has that credential"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    patch: dict[str, Any], status: int, says: str, application: Application
) -> None:
    before = keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json
    answer = problem(keep(application, "PATCH", f"{ACCOUNTS}/voxjar/demo", json_body={"credits": 1, **patch}))
    assert answer[0] == status
    assert answer[2].startswith(says)
    assert keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json == before


def test_a_credential_that_would_open_nothing_is_refused_by_its_name() -> None:
    application = new_application(new_world("siro", "voxjar"))
    says = "siro has no credential 'tokn': known are token, read_token, org_token, client_id, client_secret"
    wish = {"vendor": "siro", "name": "mine", "credentials": {"tokn": "a"}}
    assert problem(keep(application, "POST", ACCOUNTS, json_body=wish))[::2] == (422, says)
    patch = {"credentials": {"tokn": "a"}}
    assert problem(keep(application, "PATCH", f"{ACCOUNTS}/siro/demo", json_body=patch))[::2] == (422, says)
    fine = {"credentials": {"client_secret": None, "read_token": "b", "any": "c"}}
    assert keep(application, "PATCH", f"{ACCOUNTS}/siro/demo", json_body=fine).status == 200
    # Where a vendor tells none apart, an account may have several.
    another = {"credentials": {"second": "d"}}
    assert keep(application, "PATCH", f"{ACCOUNTS}/voxjar/demo", json_body=another).status == 200


@pytest.mark.parametrize("media_type", ["application/json", "application/merge-patch+json"])
def test_a_change_is_merged_into_what_is_there(media_type: str, application: Application) -> None:
    patch = {
        "credits": 5,
        "credentials": {"token": "moved"},
        "book": {"prices": {"evaluation_per_minute": 2}},
        "options": {"success_status": 201},
    }
    before = keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json
    path = f"{ACCOUNTS}/voxjar/demo"
    after = keep(application, "PATCH", path, json_body=patch, headers={"Content-Type": media_type}).json
    prices = {**before["book"]["prices"], "evaluation_per_minute": 2}
    assert after["book"] == {**before["book"], "prices": prices}
    assert after["options"] == {**before["options"], "success_status": 201}
    assert keep(application, "GET", path).json == after
    assert upload(application, "voxjar-demo-token").status == 401
    assert upload(application, "moved").status == 201


def test_an_empty_change_changes_nothing(application: Application) -> None:
    before = keep(application, "GET", f"{ACCOUNTS}/voxjar/demo").json
    assert keep(application, "PATCH", f"{ACCOUNTS}/voxjar/demo", json_body={}).json == before


@pytest.mark.parametrize("path", ["acme/demo", "voxjar/nobody"])
def test_only_an_account_that_exists_can_be_changed(path: str, application: Application) -> None:
    assert problem(keep(application, "PATCH", f"{ACCOUNTS}/{path}", json_body={"credits": 1}))[0] == 404


def test_asking_us_does_not_move_what_a_seed_gives_the_vendors() -> None:
    def first_call(*before: tuple[str, str]) -> str:
        application = new_application(new_world("voxjar"))
        for method, path in before:
            ask(application, method, path)
        return upload(application, "voxjar-demo-token").headers["x-mock-call"]

    looked = [("GET", "/_mock/health"), ("GET", "/_mock/journal"), ("DELETE", "/_mock/journal"), ("GET", "/nowhere")]
    assert first_call() == first_call(*looked)
