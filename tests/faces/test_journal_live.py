"""The journal over a real socket: waited for, followed live, exported, and the verbs on it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from mockserver.faces.admin.live import Live
from tests.processes import Run, Started, needs

GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}
MEDIA = Path(__file__).resolve().parent.parent.parent / "fixtures" / "media"


@pytest.fixture
def account(server: Started) -> Iterator[Any]:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        opened = http.post("/_mock/accounts", json={"vendor": "voxjar"}).json()
        opened["http"] = http
        yield opened


def upload(account: Any, **change: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    found: httpx.Response = account["http"].post("/voxjar/api/v1/upload", json=GOOD | change, headers=headers)
    return found


def test_a_wait_answers_with_the_call(account: Any, server: Started) -> None:
    answers: list[httpx.Response] = []
    query = {"account": account["name"], "count": 2, "timeout": 20}
    waiting = Thread(
        target=lambda: answers.append(
            httpx.get(f"{server.url}/_mock/journal/wait", params=query, trust_env=False, timeout=30)
        )
    )
    waiting.start()
    upload(account)
    upload(account)
    waiting.join(20)
    assert [(answer.status_code, answer.json()["count"]) for answer in answers] == [(200, 2)]


def test_a_wait_in_vain_is_408(account: Any) -> None:
    answer = account["http"].get("/_mock/journal/wait", params={"account": account["name"], "timeout": 0})
    assert answer.status_code == 408
    assert answer.json()["detail"].startswith("0 of 1 calls came within 0 s")


def test_calls_are_followed_live(account: Any, server: Started) -> None:
    query, headers = {"account": account["name"]}, {"Accept": "text/event-stream"}
    with httpx.stream(
        "GET", f"{server.url}/_mock/journal", params=query, headers=headers, trust_env=False, timeout=20
    ) as live:
        assert live.headers["content-type"] == "text/event-stream"
        lines = live.iter_lines()
        assert next(lines) == ": still here"
        sent = upload(account).headers["x-mock-call"]
        place, event = [line for line in (next(lines) for _ in range(3)) if line]
        assert json.loads(event.removeprefix("data: "))["id"] == sent
    again = {**headers, "Last-Event-ID": str(int(place.removeprefix("id: ")) - 1)}
    with httpx.stream(
        "GET", f"{server.url}/_mock/journal", params=query, headers=again, trust_env=False, timeout=20
    ) as live:
        events = [line for line in (next(iter_) for iter_ in [live.iter_lines()] * 4) if line.startswith("data: ")]
        assert [json.loads(each.removeprefix("data: "))["id"] for each in events] == [sent]


def test_the_lost_are_told_before_what_comes() -> None:
    import asyncio

    from mockserver.faces.admin.live import send_live

    async def one() -> Any:
        yield 7, b"{}"
        await asyncio.Event().wait()

    async def listen() -> bytes:
        sent, gone = bytearray(), asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.extend(message.get("body", b""))
            if b"data: {}" in sent:
                gone.set()

        await asyncio.wait_for(send_live(Live(one(), 3), receive, send, {}), 10)
        return bytes(sent)

    assert asyncio.run(listen()) == b': still here\n\nevent: evicted\ndata: {"evicted":3}\n\nid: 7\ndata: {}\n\n'


def test_calls_that_were_cut_off_are_counted_and_waited_for(account: Any) -> None:
    with pytest.raises(httpx.HTTPError):
        account["http"].post(
            "/voxjar/api/v1/upload",
            json=GOOD,
            headers={"Authorization": f"Bearer {account['credentials']['token']}", "X-Mock-Fault": "reset"},
        )
    asked = {"account": account["name"], "status": 0}
    assert account["http"].get("/_mock/journal/count", params=asked).json()["count"] == 1
    assert account["http"].get("/_mock/journal/wait", params=asked).json()["count"] == 1
    assert len(account["http"].get("/_mock/journal/har", params=asked).json()["log"]["entries"]) == 1


def test_silence_is_told_not_to_be_the_end() -> None:
    import asyncio

    from mockserver.faces.admin.live import send_live

    async def nothing() -> Any:
        await asyncio.Event().wait()
        yield 0, b""

    async def listen() -> list[bytes]:
        sent: list[bytes] = []
        gone = asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))
            if len(sent) == 4:
                gone.set()

        await send_live(Live(nothing(), pause=0.001), receive, send, {})
        return sent

    assert asyncio.run(listen())[:4] == [b"", *[b": still here\n\n"] * 3]


def test_the_journal_is_exported_as_har(account: Any) -> None:
    upload(account)
    upload(account, direction="inbound")
    found = account["http"].get("/_mock/journal/har", params={"account": account["name"]}).json()["log"]
    assert (found["version"], [entry["response"]["status"] for entry in found["entries"]]) == ("1.2", [200, 400])
    request = found["entries"][0]["request"]
    assert json.loads(request["postData"]["text"]) == GOOD
    assert request["url"].endswith("/voxjar/api/v1/upload")
    assert account["credentials"]["token"] not in json.dumps(found)


@needs("curl")
def test_a_call_is_exported_as_a_command_that_makes_it_again(account: Any) -> None:
    ident = upload(account).headers["x-mock-call"]
    assert again(account, ident)["success"] is True
    query = {"vendor": "voxjar", "account": account["name"]}
    assert account["http"].get("/_mock/journal/count", params=query).json()["count"] == 2


@needs("curl")
def test_a_form_is_exported_with_its_files_by_name(account: Any) -> None:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    payload = {name: value for name, value in GOOD.items() if name != "transcript"}
    files = {"file": ("call.mp3", MEDIA.joinpath("call.mp3").read_bytes(), "audio/mpeg")}
    sent = account["http"].post(
        "/voxjar/api/v1/upload", data={"payload": json.dumps(payload)}, files=files, headers=headers
    )
    assert again(account, sent.headers["x-mock-call"])["interactionType"] == "AUDIO"
    found = account["http"].get("/_mock/journal/har", params={"account": account["name"]}).json()["log"]["entries"]
    params = {part["name"]: part for part in found[0]["request"]["postData"]["params"]}
    assert (params["file"]["fileName"], params["file"]["contentType"]) == ("call.mp3", "audio/mpeg")


@needs("curl")
def test_a_key_in_the_body_is_put_back(server: Started) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        account = http.post("/_mock/accounts", json={"vendor": "resonaa"}).json() | {"http": http}
        form = {"api_key": (None, account["credentials"]["api_key"]), "audio_url": (None, "https://a.example/a.mp3")}
        sent = http.post("/resonaa/api/add-calls", files=form)
        assert sent.status_code == 201
        assert again(account, sent.headers["x-mock-call"])["success"] is True


def test_a_refused_call_is_explained_and_mended(account: Any) -> None:
    ident = upload(account, direction="inbound").headers["x-mock-call"]
    found = account["http"].get(f"/_mock/journal/{ident}/explain").json()
    assert found["refused_by"] == "schema/direction-inbound-or-outbound"
    assert found["edits"] == [{"op": "set", "at": "$.direction", "value": "OUTBOUND"}]
    assert account["http"].get("/_mock/journal/nobody/explain").status_code == 404


def test_a_form_that_was_refused_is_explained_by_its_parts(account: Any) -> None:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    payload = {"sourceIdentifier": "a", "direction": "inbound", "timestamp": "2026-06-23"}
    files = {"file": ("call.mp3", MEDIA.joinpath("call.mp3").read_bytes(), "audio/mpeg")}
    sent = account["http"].post(
        "/voxjar/api/v1/upload?a=b", data={"payload": json.dumps(payload)}, files=files, headers=headers
    )
    found = account["http"].get(f"/_mock/journal/{sent.headers['x-mock-call']}/explain").json()
    assert [edit["at"] for edit in found["edits"]] == ["$.payload.direction"]


def test_a_call_of_nobody_is_exported_without_a_credential(account: Any) -> None:
    sent = account["http"].get("/voxjar/nowhere", params={"a": "b c"})
    command = account["http"].get(f"/_mock/journal/{sent.headers['x-mock-call']}/curl").text
    assert command.startswith("curl -i -X GET ")
    assert "uthorization" not in command


def again(account: Any, ident: str) -> Any:
    command = account["http"].get(f"/_mock/journal/{ident}/curl").text.strip().replace("curl -i ", "curl -s ", 1)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30, check=True, cwd=MEDIA)
    return json.loads(done.stdout)


@pytest.fixture
def listed(account: Any, server: Started, verb: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make two calls, and name the server in the environment; return the account's name."""
    upload(account)
    upload(account, transcript={}, interactionType="CHAT")
    monkeypatch.setenv("MOCKSERVER_URL", server.url)
    return str(account["name"])


def test_the_terminal_lists_and_shows_calls(listed: str, verb: Run) -> None:
    status, out, _ = verb("journal", "--account", listed)
    assert status == 0
    refused, accepted = out.splitlines()
    assert refused.endswith("POST /api/v1/upload  rules/text-types-need-text")
    assert " 200 " in accepted
    shown = verb("journal", "show", refused.split()[0])[1]
    assert "failed      chat_and_sms_need_text" in shown
    assert "not reached credits_must_suffice" in shown
    assert json.loads(verb("journal", "show", "--json", refused.split()[0])[1])["status"] == 400
    assert verb("journal", "--account", "nobody")[1] == "no such call\n"
    assert json.loads(verb("journal", "--json", "--account", listed)[1])["total"] == 2


def test_the_terminal_tells_what_was_planted(account: Any, server: Started, verb: Run) -> None:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}", "X-Mock-Fault": "broken"}
    ident = account["http"].post("/voxjar/api/v1/upload", json=GOOD, headers=headers).headers["x-mock-call"]
    for words in (["journal", "--account", account["name"]], ["journal", "show", ident]):
        assert verb(*words, "--url", server.url)[1].splitlines()[0].endswith("  planted broken")
    told = verb("journal", "explain", ident, "--url", server.url)[1].splitlines()[0]
    assert told == "voxjar uploadInteraction: answered 500 by the planted broken; without it accepted with 200"


def test_the_terminal_counts_waits_and_exports(listed: str, verb: Run) -> None:
    assert verb("journal", "count", "--account", listed)[1] == "2\n"
    assert json.loads(verb("journal", "count", "--json", "--account", listed)[1])["count"] == 2
    assert verb("journal", "wait", "--count", "2", "--account", listed)[1] == "2 came\n"
    assert json.loads(verb("journal", "wait", "--json", "--account", listed)[1])["count"] == 1
    status, _, err = verb("journal", "wait", "--count", "3", "--timeout", "0", "--account", listed)
    assert (status, err.startswith("mockserver: 2 of 3 calls came within 0 s")) == (1, True)
    assert len(json.loads(verb("journal", "har", "--account", listed)[1])["log"]["entries"]) == 2
    ident = verb("journal", "--account", listed)[1].split()[0]
    assert verb("journal", "curl", ident)[1].startswith("curl -i -X POST ")
    assert verb("journal", "curl", "nobody")[0] == 2


def test_the_terminal_forgets_calls(start: Any, verb: Run) -> None:
    server = start()
    httpx.get(f"{server.url}/voxjar/nowhere", trust_env=False)
    assert verb("journal", "count", "--url", server.url)[1] == "1\n"
    assert verb("journal", "clear", "--url", server.url)[1] == "forgotten\n"
    assert verb("journal", "clear", "--json", "--url", server.url)[1] == "{}\n"
    assert verb("journal", "count", "--url", server.url)[1] == "0\n"


def test_the_terminal_lists_and_shows_records(listed: str, verb: Run) -> None:
    status, out, _ = verb("records", "--account", listed, "--kind", "interaction")
    assert (status, len(out.splitlines())) == (0, 1)
    shown = json.loads(verb("records", "show", out.split()[0])[1])
    assert shown["body"]["sourceIdentifier"] == "a"
    assert verb("records", "--account", "nobody")[1] == "nothing is remembered\n"
    assert json.loads(verb("records", "--json", "--account", listed)[1])["total"] >= 1


def test_the_terminal_opens_changes_and_closes_accounts(listed: str, verb: Run) -> None:
    status, out, _ = verb("accounts", "open", "voxjar", "--credits", "3")
    name = out.split()[0]
    assert (status, out.splitlines()[-1]) == (0, "  credits  3")
    assert "credits  5" in verb("accounts", "change", name, '{"credits": 5}')[1]
    assert json.loads(verb("accounts", "show", "--json", name)[1])["credits"] == 5
    assert verb("accounts", "close", name)[1] == f"{name} is closed\n"
    assert verb("accounts", "close", "--json", verb("accounts", "open", "emberqa")[1].split()[0])[1] == "{}\n"
    assert verb("accounts", "show", name)[0] == 2
    assert verb("accounts", "show", "nobody")[2] == "mockserver: an account is written VENDOR/NAME, not 'nobody'\n"
    assert verb("accounts", "change", name, "{")[2].startswith("mockserver: the patch is no JSON")


def test_a_server_is_waited_for(listed: str, server: Started, verb: Run) -> None:
    assert verb("wait")[1] == f"ok: {server.url} is ready\n"
    assert json.loads(verb("wait", "--json")[1]) == {"status": "ok"}
    status, _, err = verb("wait", "--url", "http://127.0.0.1:9", "--timeout", "0.1")
    assert (status, err) == (1, "mockserver: http://127.0.0.1:9 was not ready within 0.1 s\n")
