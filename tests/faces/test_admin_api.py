"""The admin API keeps its own document: every operation, every answer, and every way to ask wrongly."""

from http import HTTPStatus

import pytest
from openapi_spec_validator import validate

from mockserver import __version__
from mockserver.faces.application import Application
from tests.applications import HOST, ORIGIN, UPLOAD, VOXJAR, ask, keep, new_application, new_world, problem

VENDORS = ("emberqa", "voxjar")


@pytest.fixture
def application() -> Application:
    return new_application(new_world(*VENDORS))


def test_the_document_is_sound_and_says_where_it_is(application: Application) -> None:
    found = keep(application, "GET", "/_mock/openapi.json").json
    validate(found)
    assert found["servers"] == [{"url": ORIGIN}]
    assert all(path.startswith("/_mock/") for path in found["paths"])


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/live", "/_mock/ready"])
def test_health(path: str, application: Application) -> None:
    assert keep(application, "GET", path).json["status"] == "ok"


def test_health_tells_what_is_served_and_its_limits(application: Application) -> None:
    found = keep(application, "GET", "/_mock/health").json
    assert (found["version"], found["vendors"], found["store"]) == (__version__, list(VENDORS), "memory")
    assert found["limits"]["journal"] == {"count": 10_000, "bytes": 64 * 1024 * 1024}
    assert found["limits"]["upload"] is None


def test_vendors_are_listed_with_operations_claims_and_options(application: Application) -> None:
    emberqa, voxjar = keep(application, "GET", "/_mock/vendors").json["items"]
    assert (emberqa["name"], voxjar["name"]) == VENDORS
    assert voxjar["url"] == f"{ORIGIN}/voxjar"
    assert voxjar["hosts"] == ["app.voxjar.com"]
    (operation,) = [each for each in voxjar["operations"] if each["id"] == "uploadInteraction"]
    assert (operation["method"], operation["path"]) == ("POST", "/api/v1/upload")
    assert operation["claims"]["documented"] > 10
    assert voxjar["claims"]["documented"] >= operation["claims"]["documented"]
    assert voxjar["options"]["success_status"]["choices"] == [200, 201]


def test_claims_of_a_vendor_are_listed_in_the_order_of_its_page(application: Application) -> None:
    found = keep(application, "GET", "/_mock/vendors/voxjar/claims").json
    assert found["vendor"] == "voxjar"
    assert all(claim["page"] in {*found["pages"], None} for claim in found["items"])
    names = [claim["name"] for claim in found["items"]]
    assert "bearer-token" in names
    assert len(names) == len(set(names))


def test_a_vendors_document_answers_at_our_address(application: Application) -> None:
    found = keep(application, "GET", "/_mock/openapi/voxjar.json").json
    validate(found)
    assert found["servers"] == [{"url": f"{ORIGIN}/voxjar"}]
    assert "/api/v1/upload" in found["paths"]
    assert "upload-request" in found["components"]["schemas"]


@pytest.mark.parametrize(
    ("public_url", "host", "address"),
    [
        (None, "localhost:4747", "http://localhost:4747"),
        (None, "[::1]:4747", "http://[::1]:4747"),
        ("https://mock.example", HOST, "https://mock.example"),
    ],
)
def test_addresses_are_those_of_the_request_unless_one_is_set(public_url: str | None, host: str, address: str) -> None:
    application = new_application(new_world("voxjar"), public_url=public_url)
    headers = {"Host": host}
    assert ask(application, "GET", "/_mock/openapi.json", headers).json["servers"] == [{"url": address}]
    assert ask(application, "GET", "/_mock/openapi/voxjar.json", headers).json["servers"] == [
        {"url": f"{address}/voxjar"}
    ]
    assert ask(application, "GET", "/_mock/vendors", headers).json["items"][0]["url"] == f"{address}/voxjar"
    opened = ask(application, "POST", "/_mock/accounts", headers, json_body={"vendor": "voxjar"})
    assert opened.json["url"] == f"{address}/voxjar"


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/_mock/vendors/acme/claims", "there is no vendor 'acme': known are emberqa, voxjar"),
        ("/_mock/openapi/acme.json", "there is no vendor 'acme': known are emberqa, voxjar"),
        ("/_mock/openapi/voxjar", "a document is asked for by its vendor's name and .json"),
        ("/_mock/openapi/voxjar.yaml", "a document is asked for by its vendor's name and .json"),
        ("/_mock/accounts/voxjar/nobody", "voxjar has no account 'nobody'"),
        ("/_mock/accounts/acme/demo", "acme has no account 'demo'"),
        ("/_mock/records/none", "there is no record 'none'"),
        ("/_mock/journal/none", "there is no call 'none'; 0 have been pushed out by newer ones"),
    ],
)
def test_what_is_unknown_is_a_404_that_names_it(path: str, detail: str, application: Application) -> None:
    assert problem(keep(application, "GET", path)) == (404, "Not Found", detail)


@pytest.mark.parametrize(
    "path",
    [
        "/_mock/nothing",
        "/_mock//",
        "/_mock/health/",
        "/_mock/journal/",
        "/_mock/journal\n",
        "/_mock/accounts/voxjar",
        "/_mock//health",
        "/_mock/Vendors",
    ],
)
def test_a_path_that_the_document_has_not_is_a_404(path: str, application: Application) -> None:
    status, title, detail = problem(ask(application, "GET", path))
    assert (status, title) == (404, "Not Found")
    assert detail.endswith("see /_mock/openapi.json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/_mock/health", "GET"),
        ("PUT", "/_mock/accounts", "GET, POST"),
        ("PUT", "/_mock/accounts/voxjar/demo", "DELETE, GET, PATCH"),
        ("POST", "/_mock/journal", "DELETE, GET"),
        ("OPTIONS", "/_mock/records", "GET"),
        ("BREW", "/_mock/vendors", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(method: str, path: str, allowed: str, application: Application) -> None:
    answer = ask(application, method, path)
    assert problem(answer)[:2] == (405, "Method Not Allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/vendors", "/_mock/journal"])
def test_head_is_answered_as_get(path: str, application: Application) -> None:
    ask(application, "PUT", "/_mock/clock", json_body={"frozen": True})
    assert ask(application, "HEAD", path).headers == ask(application, "GET", path).headers


POST = "POST", "/_mock/accounts"
PATCH = "PATCH", "/_mock/accounts/voxjar/demo"


@pytest.mark.parametrize("target", [POST, PATCH], ids=["post", "patch"])
@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("text/plain", b"{}", 415),
        ("application/x-www-form-urlencoded", b"vendor=voxjar", 415),
        ("multipart/form-data; boundary=x", b"--x--\r\n", 415),
        ("", b"{}", 415),
        (None, b"", 415),
        ("application/json; charset=utf-7", b"{}", 400),
        ("application/json", b"", 400),
        ("application/json", b"{", 400),
        ("application/json", b"\xff", 400),
        ("application/json", b"NaN", 400),
        ("application/json", b"[" * 100_000, 400),
        ("application/json", b'"' + b"a" * (5 * 1024 * 1024), 413),
        ("application/json", b"[]", 422),
        ("application/json", b"null", 422),
        ("application/json", b'{"unknown": 1}', 422),
        ("application/json", b'{"credits": -1, "vendor": "voxjar"}', 422),
        ("application/json", b'{"credits": "5", "vendor": "voxjar"}', 422),
        ("application/json", b'{"credits": 1e400, "vendor": "voxjar"}', 400),
        ("application/json", b'{"credentials": {"token": ""}, "vendor": "voxjar"}', 422),
        ("application/json", b'{"credentials": {"token": 1}, "vendor": "voxjar"}', 422),
        ("application/json", b'{"book": [], "vendor": "voxjar"}', 422),
        ("application/json", b'{"options": [], "vendor": "voxjar"}', 422),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_problem_and_changes_nothing(
    target: tuple[str, str], media_type: str | None, body: bytes, status: int, application: Application
) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    before = ask(application, "GET", "/_mock/accounts/voxjar/demo").json
    answer = keep(application, *target, headers=headers, body=body)
    assert problem(answer)[:2] == (status, HTTPStatus(status).phrase)
    assert ask(application, "GET", "/_mock/accounts/voxjar/demo").json == before


@pytest.mark.parametrize(
    ("method", "path", "query", "says"),
    [
        ("GET", "/_mock/journal/count", "refusedby=a", "since: did you mean refused_by?"),
        ("GET", "/_mock/records", "vendor=voxjar&knd=a", "known are vendor, account, kind, limit, cursor"),
        ("DELETE", "/_mock/journal", "account=broke", "known are none"),
        ("DELETE", "/_mock/faults", "acount=voxjar/broke", "known are account: did you mean account?"),
        ("POST", "/_mock/faults", "account=voxjar/broke", "known are none"),
        ("POST", "/_mock/reset", "account=voxjar/broke", "known are none"),
        ("PUT", "/_mock/snapshot", "account=voxjar/broke", "known are none"),
        ("GET", "/_mock/webhooks", "acount=demo", "did you mean account?"),
        ("POST", "/_mock/webhooks/flush", "state=pending", "the query has no 'state': known are"),
    ],
)
def test_a_query_that_would_narrow_nothing_is_refused(
    method: str, path: str, query: str, says: str, application: Application
) -> None:
    ask(application, "POST", "/voxjar/api/v1/upload", VOXJAR, json_body=UPLOAD)
    ask(application, "POST", "/_mock/faults", json_body={"name": "mine", "problem": "broken"})
    answer = keep(application, method, path, query=query, headers={"Content-Type": "application/json"}, body=b"{}")
    status, _, detail = problem(answer)
    assert status == 422
    assert says in detail
    assert answer.json["problems"] == [{"at": "$", "says": detail}]
    assert ask(application, "GET", "/_mock/journal").json["total"] == 1
    assert ask(application, "GET", "/_mock/faults").json["total"] == 1


def test_a_query_does_no_harm_where_there_is_nothing_to_narrow(application: Application) -> None:
    assert ask(application, "GET", "/_mock/health", query="t=1").status == 200
    assert ask(application, "HEAD", "/_mock/ready", query="t=1").status == 200


def test_a_path_may_hold_anything_and_is_never_taken_for_more(application: Application) -> None:
    for odd in ("a\nb", "..", "\x1b[2J", "ü", "'; drop", "%2F"):
        status, _, detail = problem(ask(application, "GET", f"/_mock/accounts/voxjar/{odd}"))
        assert status == 404
        assert detail == f"voxjar has no account {odd!r}"
