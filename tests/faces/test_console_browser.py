"""The console in a real browser: calls are seen as they come, keys do what they say, and nothing shown is ever run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.applications import UPLOAD
from tests.browser import Browser, browsing
from tests.processes import Started, needs

pytestmark = needs("chromium")

RUN = "document.title='ran'"
CANARY = f'<script>{RUN}</script><img src=x onerror="{RUN}"><svg onload="{RUN}">'
SHOWN = "document.querySelectorAll('#list tbody tr').length"
# The list of what came before is asked for only once the page is told to.
LATE = """const ask = fetch; window.fetch = async (url, ...rest) => {
  if (String(url).includes("/journal?limit")) await new Promise((go) => { window.arrive = go; });
  return ask(url, ...rest);
}; 0"""
VIEWS = ("calls", "records", "accounts", "vendors", "faults", "webhooks", "state")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = Started("--vendors", "voxjar", cwd=tmp_path_factory.mktemp("console"))
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def client(served: Started) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def only_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(only_browser: Browser, client: httpx.Client, served: Started) -> Browser:
    """Give the browser with the console open, on a server as it began."""
    client.post("/_mock/reset").raise_for_status()
    only_browser.open(f"{served.url}/_mock/")
    only_browser.wait_for("document.querySelector('.live')?.dataset.state === 'live'")
    return only_browser


def upload(client: httpx.Client, token: str = "voxjar-demo-token", **fields: Any) -> str:  # noqa: S107
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/voxjar/api/v1/upload", json={**UPLOAD, **fields}, headers=headers).headers["x-mock-call"]


def go(browser: Browser, place: str, sign: str) -> None:
    browser.run(f"location.hash = {json.dumps(place)}")
    browser.wait_for(f"document.body.innerText.includes({json.dumps(sign)})")


def click(browser: Browser, text: str) -> None:
    """Click the button of the detail that says so."""
    found = f"[...document.querySelectorAll('#detail button')].find((each) => each.innerText === {text!r})"
    browser.wait_for(found)
    browser.run(f"{found}.click()")


def test_calls_are_seen_as_they_come(browser: Browser, client: httpx.Client) -> None:
    assert browser.run(SHOWN) == 0
    upload(client)
    browser.wait_for(f"{SHOWN} === 1")
    upload(client, direction="sideways")
    browser.wait_for(f"{SHOWN} === 2")
    assert "schema/direction-inbound-or-outbound" in browser.run("document.querySelector('#list tbody tr').innerText")


def test_a_call_is_read_and_explained_with_keys(browser: Browser, client: httpx.Client) -> None:
    call = upload(client, direction="sideways")
    browser.wait_for(f"{SHOWN} === 1")
    browser.press("j")
    browser.wait_for(f"location.hash === '#/calls/{call}' && document.querySelector('#detail .trail')")
    assert call in browser.text()
    browser.press("e")
    browser.wait_for("document.body.innerText.includes('Acceptable with')")
    assert "set $.direction" in browser.text()


def test_a_call_is_explained_however_soon_the_key_is_pressed(browser: Browser, client: httpx.Client) -> None:
    upload(client, direction="sideways")
    browser.wait_for(f"{SHOWN} === 1")
    browser.run(LATE.replace("/journal?limit", "/journal/"))
    browser.press("j")
    browser.wait_for("window.arrive")
    browser.run("window.first = window.arrive; window.arrive = null")
    browser.press("e")
    browser.wait_for("window.arrive")
    browser.run("window.arrive(); setTimeout(window.first, 200); 0")
    browser.wait_for("document.body.innerText.includes('Acceptable with')")
    assert browser.run("document.querySelector('#said').textContent") == ""


def test_a_call_that_was_cut_off_looks_like_no_success(browser: Browser, client: httpx.Client) -> None:
    headers = {"Authorization": "Bearer voxjar-demo-token", "X-Mock-Fault": "reset"}
    with pytest.raises(httpx.TransportError):
        client.post("/voxjar/api/v1/upload", json=UPLOAD, headers=headers)
    browser.wait_for(f"{SHOWN} === 1")
    assert browser.run("document.querySelector('#list .status.broken').innerText") == "cut"


def test_what_is_reset_stands_beside_its_box(browser: Browser) -> None:
    browser.press("7")
    browser.wait_for("document.querySelectorAll('.boxes label').length === 6")
    for wide in range(100, 400, 20):
        browser.run(f"document.querySelector('.boxes').style.width = '{wide}px'")
        rows = "[...document.querySelectorAll('.boxes label')].map((each) => each.getClientRects().length)"
        assert browser.run(rows) == [1] * 6


def test_a_call_leads_to_its_webhooks(browser: Browser, client: httpx.Client) -> None:
    card = {
        "id": "sc",
        "name": "Card",
        "status": "ACTIVE",
        "actions": [{"type": "webhook", "url": "http://127.0.0.1:9/"}],
    }
    wish = {"vendor": "voxjar", "name": "told", "credentials": {"token": "told-token"}, "book": {"scorecards": [card]}}
    client.post("/_mock/accounts", json=wish).raise_for_status()
    call = upload(client, "told-token", evaluation={"scorecardId": "sc"})
    (webhook,) = client.get("/_mock/webhooks", params={"call": call}).json()["items"]
    go(browser, f"#/calls/{call}", "evaluation.completed")
    browser.run("document.querySelector('#detail a[href^=\"#/webhooks/\"]').click()")
    browser.wait_for(f"location.hash === '#/webhooks/{webhook['id']}' && document.body.innerText.includes('PAYLOAD')")


def test_the_list_is_held_filtered_and_let_run(browser: Browser, client: httpx.Client) -> None:
    upload(client)
    browser.wait_for(f"{SHOWN} === 1")
    browser.press(".")
    upload(client, direction="sideways")
    browser.wait_for("document.querySelector('.live').innerText === 'held · 2'")
    assert browser.run(SHOWN) == 1
    browser.press(".")
    browser.wait_for(f"{SHOWN} === 2")
    browser.press("/")
    for key in "sideways":
        browser.press(key)
    browser.wait_for("document.querySelector('#list input').value === 'sideways'")
    browser.wait_for(f"{SHOWN} === 0")


def test_what_came_before_is_laid_under_what_comes_and_not_into_a_held_list(
    browser: Browser, client: httpx.Client
) -> None:
    go(browser, "#/records", "Nothing is remembered")
    browser.run(LATE)
    calls = [upload(client)]
    browser.run("location.hash = '#/calls'")
    browser.wait_for("window.arrive && document.querySelector('.live')?.dataset.state === 'live'")
    calls.append(upload(client))
    browser.wait_for(f"{SHOWN} === 1")
    browser.press(".")
    calls.append(upload(client))
    browser.wait_for("document.querySelector('.live').innerText === 'held · 2'")
    browser.run("window.arrive()")
    browser.wait_for("document.querySelector('.live').innerText === 'held · 3'")
    assert browser.run(SHOWN) == 1
    browser.press(".")
    browser.wait_for(f"{SHOWN} === 3")
    assert browser.run("[...document.querySelectorAll('#list tbody tr')].map((row) => row.dataset.id)") == calls[::-1]


def test_a_record_is_brought_on_and_failed_with_keys(browser: Browser, client: httpx.Client) -> None:
    client.put("/_mock/clock", json={"pace": "held"})
    upload(client)
    (record,) = client.get("/_mock/records", params={"kind": "interaction"}).json()["items"]
    go(browser, f"#/records/voxjar/demo/interaction/{record['id']}", "As it stands now".upper())
    browser.press("a")
    browser.wait_for("document.querySelectorAll('.timeline .past').length === 2")
    browser.press("x")
    browser.wait_for("document.querySelector('.timeline .failed')")
    assert client.get(f"/_mock/records/{record['id']}").json()["failed"] is True


def test_the_clock_is_stopped_and_moved_with_keys(browser: Browser, client: httpx.Client) -> None:
    browser.press("z")
    browser.wait_for("document.querySelector('#clock time.frozen')")
    before = client.get("/_mock/clock").json()["now"]
    browser.press("]")
    browser.wait_for(f"!document.querySelector('#clock time').title.startsWith({before!r})")
    assert client.get("/_mock/clock").json()["now"] > before


def test_an_account_is_opened_and_closed(browser: Browser, client: httpx.Client) -> None:
    go(browser, "#/accounts", "voxjar/demo")
    browser.press("n")
    browser.wait_for("document.querySelector('#detail input[type=text]')")
    browser.run("document.querySelector('#detail input[type=text]').value = 'mine'")
    click(browser, "Open")
    browser.wait_for("location.hash === '#/accounts/voxjar/mine' && document.body.innerText.includes('voxjar-token-')")
    click(browser, "Close")
    browser.run("document.querySelector('dialog button').click()")
    browser.wait_for("location.hash === '#/accounts' && !document.body.innerText.includes('voxjar/mine')")
    assert client.get("/_mock/accounts/voxjar/mine").status_code == 404


def test_a_fault_is_planted_and_lifted(browser: Browser, client: httpx.Client) -> None:
    go(browser, "#/faults", "Plant a fault")
    click(browser, "Plant")
    browser.wait_for("location.hash.startsWith('#/faults/') && document.body.innerText.includes('AS PLANTED')")
    assert [each["problem"] for each in client.get("/_mock/faults").json()["items"]] == ["unauthenticated"]
    browser.press("x")
    browser.wait_for(f"{SHOWN} === 0")
    assert client.get("/_mock/faults").json()["total"] == 0


def test_what_is_refused_is_said(browser: Browser) -> None:
    go(browser, "#/records/voxjar/demo/interaction/nobody", "there is no record 'nobody' of voxjar/demo")
    browser.wrong.clear()


def poisoned(client: httpx.Client) -> tuple[str, str]:
    """Put the canary wherever a client or a tester may write, and return a call and a record that hold it."""
    told = [{"type": "webhook", "url": "http://127.0.0.1:9/told"}]
    card = {"id": "sc_told", "name": CANARY, "status": "ACTIVE", "actions": told}
    wish = {"vendor": "voxjar", "name": "mine", "credentials": {"token": CANARY}, "book": {"scorecards": [card]}}
    client.post("/_mock/accounts", json=wish).raise_for_status()
    headers = {"Authorization": f"Bearer {CANARY}", "X-Odd": CANARY, "User-Agent": CANARY}
    fields: dict[str, Any] = {
        "sourceIdentifier": CANARY,
        "customMetadata": {CANARY: CANARY},
        "evaluation": {"scorecardId": "sc_told"},
    }
    body = {**UPLOAD, **fields}
    answer = client.post(f"/voxjar/api/v1/upload?{quote(CANARY)}={quote(CANARY)}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    client.post("/voxjar/api/v1/upload", json={**body, "direction": CANARY}, headers=headers)
    client.get(f"/voxjar/{quote(CANARY)}", headers=headers)
    wrong = client.post("/voxjar/api/v1/upload", json={**body, "direction": CANARY}, headers=headers)
    form = {"file": (f"{CANARY}.mp3", b"ID3", CANARY)}
    client.post("/voxjar/api/v1/upload", files=form, data={"payload": json.dumps(body)}, headers=headers)
    client.put("/_mock/media", json={"items": [{"url": f"https://a.example/{quote(CANARY)}"}]})
    fault = {"match": {"vendor": "voxjar", "account": "demo", "header": f"x-odd: {CANARY}"}, "problem": "broken"}
    client.post("/_mock/faults", json=fault).raise_for_status()
    return wrong.headers["x-mock-call"], answer.json()["interactionId"]


def test_nothing_that_is_shown_is_ever_run(browser: Browser, client: httpx.Client) -> None:
    call, record = poisoned(client)
    webhook = client.get("/_mock/webhooks").json()["items"][0]
    fault = client.get("/_mock/faults").json()["items"][0]["name"]
    signs = {
        "#/calls": "voxjar/mine",
        f"#/calls/{call}/explain": "Acceptable with",
        f"#/records/voxjar/mine/interaction/{record}": "AS IT STANDS NOW",
        "#/accounts/voxjar/mine": CANARY[:8],
        f"#/vendors/voxjar/{quote(CANARY, safe='')}": "OPERATIONS",
        f"#/faults/voxjar/demo/{fault}": "AS PLANTED",
        f"#/webhooks/{webhook['id']}": "PAYLOAD",
        "#/state": "pushed out",
        f"#/calls/{quote(CANARY, safe='')}": "there is no /_mock/journal/",
    }
    for place, sign in signs.items():
        go(browser, place, sign)
        assert browser.run("document.title") in {f"{view.title()} · mockserver" for view in VIEWS}, place
        assert browser.run("document.querySelectorAll('script').length") == 1, place
        assert browser.run("document.querySelectorAll('img, svg, iframe, object, base, style, [style]').length") == 0, (
            place
        )
    assert browser.run("document.body.innerText.includes('<script>')") is True
    # A call that is not there is answered 404, and browsers complain of that.
    browser.wrong.clear()


def test_a_script_that_is_put_into_the_page_does_not_run(browser: Browser) -> None:
    sink = "try { document.body.innerHTML = '<p>parsed</p>'; 'parsed' } catch (error) { error.name }"
    assert browser.run(sink) == "TypeError"
    inline = (
        "const made = document.createElement('script'); made.setAttribute('nonce', ''); document.head.append(made);"
    )
    browser.run(f"{inline} try {{ made.text = {json.dumps(RUN)} }} catch {{ }} 0")
    assert browser.run("document.title") == "Calls · mockserver"
    browser.wrong.clear()


def test_where_the_token_is_wanted_the_page_asks_for_it_and_sends_it(start: Any, tmp_path: Path) -> None:
    served = start("--vendors", "voxjar", "--admin-token", "s3cret")
    with browsing(tmp_path / "browser") as browser:
        browser.open(f"{served.url}/_mock/")
        browser.wait_for("document.body?.innerText.includes('the admin API needs')")
        # The page itself is behind the gate too: who lets it in need not go on vouching for what it asks.
        browser.send_headers(Authorization="Bearer s3cret")
        browser.open(f"{served.url}/_mock/#/vendors")
        browser.wait_for("document.body?.innerText.includes('How a claim is known')")
        browser.send_headers()
        browser.run("location.hash = '#/records'")
        for token, sign in (("wrong", "dialog#token[open]"), ("s3cret", "#list .empty:not([hidden])")):
            browser.wait_for("document.querySelector('dialog#token[open]')")
            browser.run("document.querySelector('#token').dataset.old = 1")
            browser.run(f"document.querySelector('#token input').value = {token!r}")
            browser.run("document.querySelector('#token button').click()")
            browser.wait_for(f"!document.querySelector('dialog[data-old]') && document.querySelector({sign!r})")
        assert browser.run("document.querySelector('dialog')") is None
        # Each request without the token was refused, and browsers complain of that.
        assert {each for each in browser.wrong if "401" not in each} == set()
        browser.wrong.clear()
