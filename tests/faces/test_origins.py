"""A page of an origin that was let in may call and read; browsers tell nobody else a word of what was answered."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.faces.application import Application
from mockserver.faces.gate import Gate
from mockserver.model import Reply
from mockserver.state.store import StoreError
from tests.applications import UPLOAD, VOXJAR, Answered, ask, new_application, new_world
from tests.browser import Browser
from tests.processes import Started, needs
from tests.receivers import Handler, Received, receiving

PAGE = "https://app.example"
VENDOR, ADMIN = "/voxjar/api/v1/upload", "/_mock/accounts"
ASKED = {"Origin": PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-a"}
GATE = Gate(origins=frozenset({PAGE, "null"}))
KEYED = VOXJAR | {"Origin": PAGE}
KEYLESS = {"Origin": PAGE, "Content-Type": "application/json"}
LIMITED = {"X-Mock-Fault": "too-many"}


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"), GATE)


def journal(application: Application) -> int:
    total: int = ask(application, "GET", "/_mock/journal").json["total"]
    return total


def told(answer: Answered) -> dict[str, str]:
    names = ("access-control-", "vary")
    return {name: value for name, value in answer.headers.items() if name.startswith(names)}


@pytest.mark.parametrize("path", [VENDOR, ADMIN, "/nowhere", "/voxjar/nowhere"])
@pytest.mark.parametrize("gate", [GATE, Gate(origins=GATE.origins, token="s3cret", is_exposed=True)])
def test_a_preflight_is_told_that_all_it_asks_for_is_allowed_and_is_no_call(path: str, gate: Gate) -> None:
    application = new_application(new_world("voxjar"), gate)
    answer = ask(application, "OPTIONS", path, ASKED)
    assert (answer.status, answer.content) == (204, b"")
    assert told(answer) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization,x-a",
        "access-control-max-age": "600",
        "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers,"
        " Access-Control-Request-Private-Network",
    }
    assert "date" in answer.headers
    application.gate = GATE
    assert journal(application) == 0


def test_a_preflight_is_told_of_headers_and_of_a_private_network_only_where_it_asks(application: Application) -> None:
    asked = {"Origin": "null", "Access-Control-Request-Method": "PATCH"}
    plain = told(ask(application, "OPTIONS", VENDOR, asked))
    assert (plain["access-control-allow-origin"], plain["access-control-allow-methods"]) == ("null", "PATCH")
    assert not {"access-control-allow-headers", "access-control-allow-private-network"} & plain.keys()
    private = told(ask(application, "OPTIONS", VENDOR, asked | {"Access-Control-Request-Private-Network": "true"}))
    assert private == plain | {"access-control-allow-private-network": "true"}


def test_what_asks_for_nothing_is_no_preflight(application: Application) -> None:
    answer = ask(application, "OPTIONS", VENDOR, {"Origin": PAGE})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (405, PAGE)
    assert journal(application) == 1


def test_no_planted_fault_is_spent_on_a_preflight(application: Application) -> None:
    fault = {"name": "once", "problem": "broken", "times": 1, "delay": 0.01}
    assert ask(application, "POST", "/_mock/faults", json_body=fault).status == 201
    assert ask(application, "OPTIONS", VENDOR, ASKED).status == 204
    answer = ask(application, "POST", VENDOR, KEYED, json_body=UPLOAD)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (500, PAGE)
    assert "x-mock-fault" in answer.headers["access-control-expose-headers"].split(", ")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "shown"),
    [
        ("POST", VENDOR, KEYED, 200, {"date", "x-mock-call", "x-mock-basis"}),
        ("POST", VENDOR, KEYLESS, 401, {"x-mock-call", "x-mock-refused-by"}),
        ("POST", VENDOR, KEYED | LIMITED, 429, {"x-mock-call", "x-mock-fault"}),
        ("POST", VENDOR, KEYLESS | {"X-Mock-Webhook": "1"}, 403, {"date"}),
        ("GET", VENDOR, {"Origin": PAGE, "Host": "a b"}, 400, {"date"}),
        ("GET", "/nowhere", {"Origin": PAGE}, 404, {"date"}),
        ("GET", "/_mock/clock", {"Origin": "HTTPS://App.Example"}, 200, {"date"}),
        ("PUT", "/_mock/journal", {"Origin": PAGE}, 405, {"allow"}),
        ("GET", "/_mock/clock", {"Origin": PAGE, "Host": "evil.example"}, 403, {"date"}),
    ],
)
def test_every_answer_may_be_read_with_the_headers_that_it_has(
    method: str, path: str, headers: Mapping[str, str], *, status: int, shown: set[str], application: Application
) -> None:
    answer = ask(application, method, path, headers, json_body=UPLOAD)
    assert answer.status == status
    found = told(answer)
    names = found.pop("access-control-expose-headers").split(", ")
    assert found == {"access-control-allow-origin": headers["Origin"], "vary": "Origin"}
    assert shown <= set(names) <= answer.headers.keys() - {"content-type", "content-length"}
    assert len(names) == len(set(names))


def test_a_vendors_own_headers_may_be_read_and_what_else_an_answer_varies_with_is_kept(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"Retry-After": "7", "Location": "/a", "X-Own": "1", "Vary": "Accept", "Cache-Control": "no-store"}
    monkeypatch.setattr(application, "lost", lambda _: Reply(503, None, None, own))
    answer = ask(application, "GET", "/nowhere", {"Origin": PAGE})
    assert answer.headers["access-control-expose-headers"] == "date, retry-after, location, x-own"
    assert answer.headers["vary"] == "Accept, Origin"


@pytest.mark.parametrize("error", [RuntimeError, StoreError])
def test_a_breakdown_of_ours_may_be_read_too(
    error: type[Exception], application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise error("gone")

    monkeypatch.setattr(application.world, "serve", fail)
    answer = ask(application, "POST", VENDOR, KEYED, json_body=UPLOAD)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (500, PAGE)


def test_a_token_is_asked_of_such_a_page_as_of_everybody() -> None:
    application = new_application(new_world("voxjar"), Gate(origins=GATE.origins, token="s3cret"))
    answer = ask(application, "GET", "/_mock/clock", {"Origin": PAGE})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, PAGE)
    assert "www-authenticate" in answer.headers["access-control-expose-headers"].split(", ")


@pytest.mark.parametrize("path", [VENDOR, ADMIN, "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Origin", "http://evil.example")],
        [("Origin", f"{PAGE}:8443")],
        [("Origin", f"{PAGE}.evil.example")],
        [("Origin", PAGE), ("Origin", PAGE)],
        [("Origin", PAGE), ("Origin", "http://evil.example")],
        [("Origin", "")],
        [("Referer", f"{PAGE}/")],
    ],
)
def test_nobody_else_is_told_anything(path: str, headers: list[tuple[str, str]], application: Application) -> None:
    for method, more in (("POST", []), ("OPTIONS", [("Access-Control-Request-Method", "POST")])):
        answer = ask(application, method, path, [*headers, *more], json_body=UPLOAD)
        assert answer.status != 204
        assert told(answer) == {}


def test_nobody_is_told_anything_where_no_origin_is_named() -> None:
    application = new_application(new_world("voxjar"))
    assert told(ask(application, "OPTIONS", VENDOR, ASKED)) == {}
    assert told(ask(application, "POST", VENDOR, KEYED, json_body=UPLOAD)) == {}


# What a page of somebody's own does: JSON with a key, a form, the admin API, and what it reads of each answer.
SCRIPT = """(async () => {
  const call = async (path, options) => {
    try {
      const answer = await fetch(%s + path, options);
      const mark = answer.headers.get("x-mock-call") || answer.headers.get("date");
      return [answer.status, Boolean(mark), (await answer.text()).length > 0];
    } catch (error) { return String(error); }
  };
  const json = {"Content-Type": "application/json"};
  const keyed = {...json, Authorization: "Bearer voxjar-demo-token"};
  return [
    await call("/voxjar/api/v1/upload", {method: "POST", headers: keyed, body: %s}),
    await call("/voxjar/api/v1/upload", {method: "POST", headers: json, body: "{}"}),
    await call("/resonaa/api/addcallurl", {method: "POST", body: new URLSearchParams({api_key: "no"})}),
    await call("/_mock/clock"),
    await call("/_mock/accounts", {method: "POST", headers: json, body: '{"vendor": "voxjar", "name": "paged"}'}),
    await call("/_mock/accounts/voxjar/paged", {method: "DELETE"}),
  ];
})()"""


def show_page(handler: Handler, _received: Received) -> None:
    handler.answer(200, b"<!doctype html><title>page</title>", Content_Type="text/html")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the origin of a server that shows a page of its own."""
    monkeypatch.setattr(Handler, "do_GET", Handler.do_POST, raising=False)
    with receiving(show_page) as shown:
        yield shown.url


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Give a browser that may complain: of refused answers it always does."""
    with Browser(tmp_path / "browser") as opened:
        yield opened


@needs("chromium")
@pytest.mark.parametrize("is_let_in", [True, False])
def test_a_browser_lets_a_page_call_and_read_where_its_origin_is_let_in(
    *, is_let_in: bool, page: str, browser: Browser, tmp_path: Path
) -> None:
    served = Started("--vendors", "voxjar,resonaa", "--allow-origin", page if is_let_in else PAGE, cwd=tmp_path)
    try:
        browser.open(f"{page}/")
        browser.wait_for("document.title === 'page'")
        found = browser.run(SCRIPT % (json.dumps(served.url), json.dumps(json.dumps(UPLOAD))))
        calls = httpx.get(f"{served.url}/_mock/journal", trust_env=False).json()["items"]
    finally:
        assert served.stop() == 0
    if is_let_in:
        assert [answer[0] for answer in found] == [200, 401, 400, 200, 201, 204]
        assert [answer[1:] for answer in found[:5]] == [[True, True]] * 5
        assert [call["method"] for call in calls] == ["POST"] * 3
    else:
        assert found == ["TypeError: Failed to fetch"] * 6
        assert calls == []
