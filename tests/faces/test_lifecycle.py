"""The process from its ready line to its end: what it prints, whom it answers, and that it ends well and in time."""

import json
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.applications import UPLOAD
from tests.banners import SHOWN
from tests.processes import PATIENCE, Started, needs, run

Start = Callable[..., Started]
BODY = json.dumps(UPLOAD).encode()
UPLOADING = (
    "POST /voxjar/api/v1/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer voxjar-demo-token\r\n"
    f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n"
).encode()
IN_TIME = 5
EVERYWHERE = "0.0.0.0"  # noqa: S104  # what it means to listen there is what is tested


def connect(started: Started) -> socket.socket:
    return socket.create_connection(("127.0.0.1", started.port), timeout=PATIENCE)


def idle(started: Started) -> socket.socket:
    """Return a connection that has been answered once and is kept alive."""
    found = connect(started)
    found.sendall(b"GET /_mock/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = b""
    while not answer.endswith(b'{"status":"ok"}'):
        answer += found.recv(65_536)
    return found


def uploading(started: Started) -> socket.socket:
    """Return a connection with half an upload, of which the vendor has begun to read the body."""
    found = connect(started)
    found.sendall(UPLOADING)
    assert found.recv(65_536).startswith(b"HTTP/1.1 100 ")
    found.sendall(BODY[:50])
    return found


def rest_of(found: socket.socket) -> bytes:
    with found:
        return b"".join(iter(lambda: found.recv(65_536), b""))


def test_signals_end_it_well_and_in_time_whatever_is_open(start: Start) -> None:
    servers = {by: start("--vendors", "voxjar") for by in (signal.SIGTERM, signal.SIGINT)}
    idlers = [idle(started) for started in servers.values() for _ in range(50)]
    uploads = [uploading(started) for started in servers.values()]
    began = monotonic()
    for by, started in servers.items():
        started.process.send_signal(by)
    assert [started.process.wait(PATIENCE) for started in servers.values()] == [0, 0]
    assert monotonic() - began < IN_TIME
    assert [rest_of(found) for found in idlers] == [b""] * len(idlers)
    for found in uploads:
        assert rest_of(found).startswith(b"HTTP/1.1 503 ")
    for started in servers.values():
        told = "".join(started.err.rest())
        assert "info: /voxjar/api/v1/upload: not finished when the server stopped; nothing was kept\n" in told
        assert "Traceback" not in told


def test_who_follows_the_journal_sees_its_end(start: Start) -> None:
    started, beat = start("--vendors", "voxjar"), b": still here\n\n\r\n"
    found = connect(started)
    found.sendall(b"GET /_mock/journal HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
    answer = b""
    while not answer.endswith(beat):
        answer += found.recv(65_536)
    assert started.stop() == 0
    assert rest_of(found) == b"0\r\n\r\n"
    assert "Traceback" not in "".join(started.err.rest())


def test_an_upload_may_finish_while_the_server_stops(start: Start) -> None:
    started = start("--vendors", "voxjar")
    waiting, found = idle(started), uploading(started)
    started.process.send_signal(signal.SIGTERM)
    assert rest_of(waiting) == b""  # the signal has arrived
    found.sendall(BODY[50:])
    assert rest_of(found).startswith(b"HTTP/1.1 200 ")
    assert started.process.wait(PATIENCE) == 0


def test_a_client_that_goes_away_leaves_no_record_and_one_line(start: Start) -> None:
    started = start("--vendors", "voxjar")
    uploading(started).close()
    started.err.wait_for("went away")
    with httpx.Client(base_url=started.url, trust_env=False) as client:
        assert client.get("/_mock/records").json()["total"] == 0
        assert client.get("/_mock/journal").json()["total"] == 0
    assert started.stop() == 0
    (line,) = [line for line in started.err.rest() if "upload:" in line]
    assert line == (
        "info: POST /voxjar/api/v1/upload: the client went away before its body was whole; nothing was kept\n"
    )
    assert "Traceback" not in "".join(started.err.seen)


def test_the_ready_line_is_all_there_is_on_standard_output(start: Start) -> None:
    started = start("--check-replies")
    assert started.url == f"http://127.0.0.1:{started.port}"
    started.err.wait_for("Ctrl-C stops.")
    assert started.stop() == 0
    assert started.out.rest() == [f"mockserver ready at {started.url}\n"]


@needs("curl")
def test_the_banner_tells_all_that_a_newcomer_needs(start: Start) -> None:
    started = start()
    started.err.wait_for("Ctrl-C stops.")
    told = [" ".join(line.split()) for line in started.err.seen]
    for vendor, shown in SHOWN.items():
        assert f"{vendor} {started.url}/{vendor} {shown}" in told
    (command,) = [line for line in told if line.startswith("curl ")]
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert re.match(r"HTTP/1\.1 20[01] ", done.stdout)


def statuses(started: Started, **headers: str) -> dict[str, int]:
    """Return what the journal, health and a vendor answer to whoever comes through loopback."""
    given = {"Authorization": "Bearer voxjar-demo-token"}
    with httpx.Client(base_url=f"http://127.0.0.1:{started.port}", trust_env=False) as client:
        return {
            "journal": client.get("/_mock/journal", headers=headers).status_code,
            "health": client.get("/_mock/health").status_code,
            "vendor": client.post("/voxjar/api/v1/upload", json=UPLOAD, headers=given).status_code,
        }


def test_beyond_loopback_a_token_is_made_up_printed_and_asked_for(start: Start) -> None:
    started = start("--host", EVERYWHERE, "--vendors", "voxjar")
    token = started.err.wait_for("The admin API wants").partition("Authorization: ")[2].strip()
    assert re.fullmatch(r"Bearer [\w-]{24,}", token)
    assert statuses(started) == {"journal": 401, "health": 200, "vendor": 200}
    assert statuses(started, Authorization=f"{token}x")["journal"] == 401
    assert statuses(started, Authorization=token)["journal"] == 200


def test_a_given_token_is_asked_for_on_loopback_too(start: Start) -> None:
    started = start("--vendors", "voxjar", MOCKSERVER_ADMIN_TOKEN="mine")
    assert statuses(started) == {"journal": 401, "health": 200, "vendor": 200}
    assert statuses(started, Authorization="Bearer mine")["journal"] == 200


@pytest.mark.parametrize("host", ["127.0.0.1", EVERYWHERE])
def test_the_admin_api_can_be_closed(host: str, start: Start) -> None:
    started = start("--host", host, "--vendors", "voxjar", "--admin-token", "off")
    assert started.err.wait_for("The admin API is closed.")
    assert statuses(started, Authorization="Bearer off") == {"journal": 403, "health": 200, "vendor": 200}


def test_settings_of_the_folder_are_in_force(start: Start, tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text(
        'vendors = ["voxjar"]\naccounts = "accounts.json"\nno-marks = true\n[voxjar]\nsuccess_status = 201\n'
    )
    (tmp_path / "accounts.json").write_text('[{"vendor": "voxjar", "credentials": {"token": "mine"}}]')
    started = start(MOCKSERVER_PUBLIC_URL="https://mock.example", MOCKSERVER_LOG_FORMAT="json")
    with httpx.Client(base_url=started.url, trust_env=False) as client:
        answer = client.post("/api/v1/upload", json=UPLOAD, headers={"Authorization": "Bearer mine"})
        assert answer.status_code == 201
        assert not [name for name in answer.headers if name.startswith("x-mock")]
        found: Any = client.get("/_mock/vendors").json()["items"]
    assert [vendor["url"] for vendor in found] == ["https://mock.example/voxjar"]
    uploading(started).close()
    line = json.loads(started.err.wait_for("went away"))
    assert (line["level"], line["logger"]) == ("info", "mockserver")


def test_a_port_that_is_served_is_not_served_twice(server: Started, tmp_path: Path) -> None:
    done = run("serve", "--port", str(server.port), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    sentence = f"mockserver: cannot listen on 127.0.0.1:{server.port}: address already in use: choose another --port"
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
