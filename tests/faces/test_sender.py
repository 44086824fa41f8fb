"""The only calls that leave the process: how they are made, what they bear, where they never go."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.delivery import Answer, Parcel
from mockserver.faces import sender
from mockserver.faces.sender import KEPT, Sender
from tests.receivers import (
    Behave,
    Handler,
    Received,
    Receiver,
    accept,
    babble,
    drip,
    fall_short,
    flood,
    hang,
    hang_up,
    mumble,
    receiving,
    reset,
    status,
)

PEM = Path(__file__).parent.parent / "certificates" / "hook.example.pem"
PUBLIC = "93.184.216.34"


def parcel(url: str, *, timeout: float = 5.0, **headers: str) -> Parcel:
    return Parcel("id-1", url, {"Content-Type": "application/json", **headers}, b'{"a":1}', timeout)


def post(url: str, by: Sender | None = None, **rest: Any) -> Answer:
    return asyncio.run((by or Sender())(parcel(url, **rest)))


def posted(behave: Behave, path: str = "/hook", **rest: Any) -> tuple[Answer, list[Received]]:
    with receiving(behave) as receiver:
        return post(receiver.url + path, **rest), receiver.received


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let names lead to addresses, in turn where they are asked for more than once; return what was asked."""

    def lead(**found: list[list[str]]) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            asked.append(host)
            turns = found.get(host.replace(".", "_"))
            if not turns:
                raise socket.gaierror(-2, "Name or service not known")
            addresses = turns.pop(0) if len(turns) > 1 else turns[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return lead


def test_a_webhook_is_a_plain_post() -> None:
    answer, (received,) = posted(status(201, b'{"ok":true}'), "/hook/a%20b?x=%2F&y", x_signature="v1")
    assert answer == Answer(201, None, '{"ok":true}', None)
    assert (received.method, received.path, received.body) == ("POST", "/hook/a%20b?x=%2F&y", b'{"a":1}')
    assert received.headers["host"].startswith("127.0.0.1:")
    assert received.headers.keys() == {
        *("accept", "accept-encoding", "connection", "content-length", "content-type", "host"),
        *("user-agent", "x-mock-webhook", "x_signature"),
    }
    assert (received.headers["accept-encoding"], received.headers["x-mock-webhook"]) == ("identity", "id-1")


def test_who_may_post_stands_in_the_address() -> None:
    with receiving() as receiver:
        post(receiver.url.replace("//", "//us%40er:p%3Aw@"))
    assert receiver.received[0].headers["authorization"] == "Basic dXNAZXI6cDp3"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(code: int) -> None:
    with receiving() as other:
        answer, received = posted(status(code, Location=f"{other.url}/elsewhere"))
    assert (answer.status, len(received), other.received) == (code, 1, [])


@pytest.mark.parametrize("code", [200, 204, 299, 400, 404, 410, 429, 500, 503])
def test_every_status_is_told(code: int) -> None:
    assert posted(status(code))[0].status == code


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (hang, "no answer within 0.3 s"),
        (hang_up, "remote protocol error: Server disconnected without sending a response."),
        (reset, "read error"),
        (babble, "remote protocol error: "),
    ],
)
def test_what_is_no_answer_is_told(behave: Behave, error: str) -> None:
    answer, received = posted(behave, timeout=0.3)
    assert answer.status is None
    assert answer.error is not None
    assert answer.error.startswith(error)
    assert len(received) == 1


@pytest.mark.parametrize("code", [200, 500])
@pytest.mark.parametrize(
    ("behave", "text", "error"),
    [
        (drip, "...", "no answer within 0.3 s"),
        (fall_short, "short", "remote protocol error: peer closed connection without sending complete message body"),
        (mumble, "", "remote protocol error: illegal chunk header"),
    ],
)
def test_of_an_answer_that_does_not_end_well_is_told_what_has_come(
    behave: Callable[..., None], text: str, error: str, code: int
) -> None:
    answer, _ = posted(lambda handler, received: behave(handler, received, code), timeout=0.3)
    assert answer.status == code
    assert (answer.error or "").startswith(error)
    assert answer.text.startswith(text)
    assert (answer.text == "") == (text == "")


def test_the_pause_is_told_though_the_answer_does_not_end_well() -> None:
    def answer(handler: Handler, _received: Received) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", "120")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.close_connection = True

    assert posted(answer)[0].retry_after == 120.0


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").error == "connect error: All connection attempts failed"


def test_only_the_beginning_of_an_answer_is_read() -> None:
    answer, _ = posted(flood)
    assert (answer.status, len(answer.text)) == (200, KEPT)


def test_nothing_is_unpacked() -> None:
    packed = gzip.compress(b"x" * 10_000_000)
    answer, _ = posted(status(200, packed, Content_Encoding="gzip"))
    assert answer.text == packed[:KEPT].decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry_After": "120"}, 120.0),
        ({"Retry_After": "0"}, 0.0),
        ({"Retry_After": "-1"}, None),
        ({"Retry_After": "9" * 400}, 999_999_999.0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT", "Date": "Wed, 21 Oct 2015 07:26:30 GMT"}, 90.0),
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT", "Date": "now"}, None),
        ({"Retry_After": f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", "Date": "Wed, 21 Oct 2015 07:26:30 GMT"}, None),
        ({"Retry_After": f"Mon, 01 Jan 2024 00:00:00 +{'9' * 20}", "Date": "Wed, 21 Oct 2015 07:26:30 GMT"}, None),
    ],
)
def test_a_pause_that_is_asked_for_is_told(headers: dict[str, str], seconds: float | None) -> None:
    assert posted(heading(429, headers))[0] == Answer(429, retry_after=seconds)


@pytest.mark.parametrize("wish", ["120", f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"])
def test_who_has_accepted_asks_for_no_pause(wish: str) -> None:
    assert posted(heading(200, {"Retry-After": wish}))[0] == Answer(200)


def heading(code: int, headers: dict[str, str]) -> Behave:
    """Answer with these headers and no others."""

    def answer(handler: Handler, _received: Received) -> None:
        handler.send_response_only(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_whatever_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr(sender, "post", fail)
    assert post("http://127.0.0.1:9/").error == "overflow error: too large"


def test_neither_a_proxy_nor_a_netrc_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    answer, (received,) = posted(accept)
    assert answer.status == 200
    assert "authorization" not in received.headers


def test_localhost_is_this_machine_and_nobody_is_asked(names: Callable[..., list[str]]) -> None:
    asked = names()
    with receiving() as receiver:
        for host in ("localhost", "LOCALHOST", "hooks.localhost", "localhost."):
            answer = post(f"http://{host}:{receiver.server_port}/")
            assert answer.status == 200, answer.error
    assert asked == []
    assert receiver.received[0].headers["host"] == f"localhost:{receiver.server_port}"


def test_a_name_is_looked_up_once_and_that_address_is_called(names: Callable[..., list[str]]) -> None:
    asked = names(hook_example=[["127.0.0.1"], [PUBLIC]])
    with receiving() as receiver:
        answer = post(f"http://hook.example:{receiver.server_port}/")
    assert (answer.status, asked) == (200, ["hook.example"])
    assert receiver.received[0].headers["host"] == f"hook.example:{receiver.server_port}"


def test_of_several_addresses_the_first_that_answers_is_taken(names: Callable[..., list[str]]) -> None:
    names(hook_example=[["127.0.0.2", "127.0.0.1"]])
    with receiving() as receiver:
        assert post(f"http://hook.example:{receiver.server_port}/").status == 200


def test_a_name_that_nobody_knows_is_told(names: Callable[..., list[str]]) -> None:
    names()
    error = post("http://nowhere.example/").error
    assert error == "not sent: nowhere.example cannot be looked up: Name or service not known"


EXPOSED = Sender(is_exposed=True)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "a.localhost", "[::1]", "0.0.0.0", "[::]", "2130706433", "0x7f.1"),  # noqa: S104
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fd00:ec2::254]", "[fe80::1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "168.63.129.16"),
        *("224.0.0.1", "255.255.255.255", "[ff02::1]", "[2001:db8::1]"),
    ],
)
def test_beyond_loopback_only_public_addresses_are_called(host: str) -> None:
    answer = post(f"http://{host}:9/", EXPOSED)
    assert answer.error is not None
    assert answer.error.startswith("not sent: ")
    assert answer.error.endswith("is not public: name the host with --allow-host")


@pytest.mark.parametrize("addresses", [["10.0.0.5"], [PUBLIC, "10.0.0.5"], ["127.0.0.1", PUBLIC], [PUBLIC, "::1"]])
def test_every_address_behind_a_name_must_be_public(names: Callable[..., list[str]], addresses: list[str]) -> None:
    names(hook_example=[addresses])
    assert "is not public" in (post("http://hook.example/", EXPOSED).error or "")


def test_a_name_that_is_rebound_is_called_where_it_was_looked_up(
    names: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, called = names(hook_example=[[PUBLIC], ["127.0.0.1"]]), []

    async def note(_parcel: Parcel, _url: Any, address: Any, port: int, heard: sender.Heard) -> None:
        called.append((str(address), port))
        heard.status = 200

    monkeypatch.setattr(sender, "post", note)
    assert post("https://hook.example/", EXPOSED).status == 200
    assert (asked, called) == (["hook.example"], [(PUBLIC, 443)])


def test_a_host_that_the_owner_has_named_may_be_private(names: Callable[..., list[str]]) -> None:
    names(receiver=[["127.0.0.1"]])
    with receiving() as receiver:
        named = Sender(is_exposed=True, hosts={"receiver"})
        assert post(f"http://receiver:{receiver.server_port}/", named).status == 200


@pytest.mark.parametrize(
    ("own", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}/voxjar/api/v1/upload"),
        ("127.0.0.1", "http://localhost:{}/_mock/reset"),
        ("127.0.0.1", "http://127.1:{}/"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]:{}/"),
        ("0.0.0.0", "http://127.0.0.1:{}/"),  # noqa: S104
        ("::", "http://[::1]:{}/"),
        ("10.1.2.3", "http://10.1.2.3:{}/"),
    ],
)
def test_never_to_where_the_mock_itself_listens(own: str, url: str) -> None:
    answer = post(url.format(4747), Sender((own, 4747), hosts={"127.0.0.1", "localhost"}))
    assert answer.error == "not sent: this is where the mock itself listens"


def test_another_port_of_the_same_machine_is_somebody_else() -> None:
    with receiving() as receiver:
        assert post(receiver.url, Sender(("127.0.0.1", receiver.server_port + 1))).status == 200


@pytest.mark.parametrize("url", ["http://127.0.0.1:0/", "http://[fe80::1%25eth0]/"])
def test_an_address_that_cannot_be_called_is_told(url: str) -> None:
    assert post(url).error


@pytest.fixture
def secure() -> Any:
    """Return a receiver that shows a certificate for hook.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with receiving() as receiver:
        receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
        yield receiver


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the receiver's certificate."""
    sender.certificates.cache_clear()
    context = ssl.create_default_context(cafile=PEM)
    monkeypatch.setattr("httpx.create_ssl_context", lambda **_: context)


@pytest.mark.usefixtures("trusting")
def test_the_certificate_must_be_for_the_name_though_an_address_is_called(
    secure: Receiver, names: Callable[..., list[str]]
) -> None:
    names(hook_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    try:
        assert post(f"https://hook.example:{secure.server_port}/").status == 200
        wrong = post(f"https://other.example:{secure.server_port}/").error or ""
        assert "certificate is not valid for 'other.example'" in wrong
        assert "certificate" in (post(f"https://127.0.0.1:{secure.server_port}/").error or "")
    finally:
        sender.certificates.cache_clear()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Receiver, names: Callable[..., list[str]]) -> None:
    names(hook_example=[["127.0.0.1"]])
    assert "self-signed certificate" in (post(f"https://hook.example:{secure.server_port}/").error or "")


FIRST = """
import asyncio, sys
from mockserver.delivery import Parcel
from mockserver.faces import sender

async def answer(reader, writer):
    await reader.readuntil(b"}")
    writer.write(b"HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n")
    writer.close()

async def main():
    await asyncio.to_thread(sender.prepare)
    before = {*sys.modules}
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as receiver:
        url = "http://127.0.0.1:%d/" % receiver.sockets[0].getsockname()[1]
        told = await sender.Sender()(Parcel("id-1", url, {}, b"{}", 5.0))
    print(told.status, {*sys.modules} - before)

asyncio.run(asyncio.wait_for(main(), 20))
"""


def test_the_first_webhook_imports_nothing_while_others_wait() -> None:
    ended = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "204 set()\n"


def test_who_speaks_no_tls_is_told() -> None:
    with receiving() as receiver:
        assert "connect error: " in (post(receiver.url.replace("http:", "https:")).error or "")
