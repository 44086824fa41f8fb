"""What a server listens on and what that asks for: an address, a token, a gate."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.faces.server import OFF, Listening, announce, build, keep_buffers, listen
from mockserver.settings import SETTINGS, Settings, SettingsError
from tests.applications import ask, new_world

EVERYWHERE = "0.0.0.0"  # noqa: S104  # what it means to listen there is what is tested


def settings(**values: Any) -> Settings:
    own = {"port": 0, **values}
    return Settings({setting.name: own.get(setting.name, setting.default) for setting in SETTINGS}, {})


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = [("::1", "http://[::1]:", "::1"), ("::", "http://[::]:", "::1")]


@pytest.mark.parametrize(
    ("host", "address", "reached_at"),
    [
        ("127.0.0.1", "http://127.0.0.1:", "127.0.0.1"),
        ("127.1.2.3", "http://127.1.2.3:", "127.1.2.3"),
        ("localhost", "http://localhost:", "localhost"),
        (EVERYWHERE, f"http://{EVERYWHERE}:", "127.0.0.1"),
        *(IPV6 if has_ipv6() else ()),  # a kernel without it is no service that somebody forgot to install
    ],
)
def test_only_beyond_loopback_a_token_is_made_up(host: str, address: str, reached_at: str) -> None:
    listening = listen(settings(host=host))
    with listening.socket as bound:
        port = bound.getsockname()[1]
        socket.create_connection((reached_at, port)).close()
    assert listening.address == f"{address}{port}"
    assert (listening.token is not None) is (host in {EVERYWHERE, "::"})


def test_a_token_is_made_up_anew_each_time() -> None:
    found = [listen(settings(host=EVERYWHERE)) for _ in range(2)]
    for listening in found:
        listening.socket.close()
    assert len({listening.token for listening in found}) == 2
    assert all(len(listening.token or "") >= 24 for listening in found)


@pytest.mark.parametrize("host", ["127.0.0.1", EVERYWHERE])
@pytest.mark.parametrize("token", ["mine", OFF])
def test_a_token_that_is_given_is_the_one(host: str, token: str) -> None:
    listening = listen(settings(host=host, admin_token=token))
    listening.socket.close()
    assert listening.token == token


def test_two_servers_never_share_a_port() -> None:
    with listen(settings()).socket as first:
        port = first.getsockname()[1]
        with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{port}: address already in use: choose"):
            listen(settings(port=port))
    listen(settings(port=port)).socket.close()


@pytest.fixture
def bound() -> Any:
    with listen(settings()).socket as found:
        yield found


@pytest.mark.parametrize(
    ("values", "token", "statuses"),
    [
        ({}, None, (200, 403, 403)),
        ({"allow_host": ("Mock.Test",)}, None, (200, 200, 403)),
        ({"allow_origin": ("https://App.Example",)}, None, (200, 403, 200)),
        ({}, "secret", (401, 401, 403)),
        ({}, OFF, (403, 403, 403)),
    ],
)
def test_the_gate_is_as_the_settings_say(
    values: dict[str, Any], token: str | None, statuses: tuple[int, ...], bound: socket.socket
) -> None:
    application = build(new_world("voxjar"), settings(**values), Listening(bound, "http://127.0.0.1:1", token))
    asked: list[dict[str, str]] = [{}, {"Host": "mock.test"}, {"Origin": "https://app.example"}]
    assert tuple(ask(application, "GET", "/_mock/vendors", headers).status for headers in asked) == statuses
    assert ask(application, "GET", "/_mock/vendors", {"Host": "app.voxjar.com"}).status == statuses[0]


def test_addresses_and_marks_are_as_the_settings_say(bound: socket.socket) -> None:
    listening = Listening(bound, "http://127.0.0.1:1", None)
    plain = build(new_world("voxjar"), settings(), listening)
    assert "x-mock-call" in ask(plain, "GET", "/voxjar/").headers
    other = build(new_world("voxjar"), settings(public_url="https://mock.example/", no_marks=True), listening)
    assert "x-mock-call" not in ask(other, "GET", "/voxjar/").headers
    (vendor,) = ask(other, "GET", "/_mock/vendors").json["items"]
    assert vendor["url"] == "https://mock.example/voxjar"


def test_the_ready_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    announce("http://127.0.0.1:1")
    assert capsys.readouterr().out == "mockserver ready at http://127.0.0.1:1\n"


def test_without_a_standard_output_nobody_waits_for_the_ready_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    announce("http://127.0.0.1:1")


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_a_system_without_glibc_keeps_its_buffers_as_they_are(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(_: None) -> None:
        raise error

    monkeypatch.setattr("ctypes.CDLL", find)
    keep_buffers()
    monkeypatch.setattr("ctypes.CDLL", lambda _: SimpleNamespace())
    keep_buffers()


def test_glibc_is_told_to_keep_its_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    libc = SimpleNamespace(mallopt=lambda name, value: told.append((name, value)))
    monkeypatch.setattr("ctypes.CDLL", lambda _: libc)
    keep_buffers()
    assert told == [(-3, 64 << 20), (-1, 64 << 20)]
