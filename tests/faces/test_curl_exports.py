"""A call that is exported as a command is made again by it, word for word, and answered as it was."""

import json
import subprocess
from base64 import b64encode
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from msgspec import Struct

from mockserver.control.asking import LEFT_OUT
from tests.processes import Started, needs

pytestmark = needs("curl")
MEDIA = Path(__file__).resolve().parent.parent.parent / "fixtures" / "media"
JSON, PAIRS = "application/json", "application/x-www-form-urlencoded"
VOXJAR = {"Authorization": "Bearer voxjar-demo-token"}
SIRO = {"Authorization": "Bearer siro-demo-org-token", "Content-Type": JSON}
APP = {"clientSecret": "siro-demo-secret", "userId": "user_demo", "scope": "write"}
OAUTH = "/siro/api-externalApi/v1/core/oauth/apps/siro-demo-client/access-token"
SIGNED = "/siro/v1/core/recordings/signed-urls"
CLIENT = "client_id=authenticx-demo-client&client_secret=authenticx-demo-secret"
TOKEN = "/authenticx/connect/token"
GRANT = "grant_type=client_credentials&scope=acxapi"
UPLOAD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23"}
Headers: TypeAlias = dict[str, str]


class Answered(Struct, frozen=True):
    status: int
    refused_by: str | None
    call: str


def basic(pair: str) -> Headers:
    return {"Authorization": "Basic " + b64encode(pair.encode()).decode(), "Content-Type": PAIRS}


def send(server: Started, method: str, path: str, headers: Headers, body: bytes | None = None) -> Answered:
    """Send a request whose path nobody brings into another form."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    connection.close()
    return Answered(answer.status, answer.headers["x-mock-refused-by"], answer.headers["x-mock-call"])


def again(server: Started, call: str, folder: Path = MEDIA) -> Answered:
    command = httpx.get(f"{server.url}/_mock/journal/{call}/curl", trust_env=False).text
    line = command.strip().replace("curl -i ", "curl -sS -i ", 1)
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=False, cwd=folder)
    assert (done.returncode, done.stderr, done.stdout.count("HTTP/1.1 ")) == (0, "", 1), line
    head = done.stdout.partition("\n\n")[0].splitlines()
    named = dict(row.partition(": ")[::2] for row in head[1:])
    return Answered(int(head[0].split()[1]), named.get("x-mock-refused-by"), named["x-mock-call"])


def kept(server: Started, call: str) -> dict[str, Any]:
    """Return what the journal has of a call, less what every client makes up anew."""
    entry = httpx.get(f"{server.url}/_mock/journal/{call}", trust_env=False).json()
    request = entry["request"]
    request.pop("size", None)
    is_form = request.get("media_type") == "multipart/form-data"
    dropped = (*LEFT_OUT, "user-agent", "accept", *(["content-type"] if is_form else []))
    request["headers"] = {name: value for name, value in request["headers"].items() if name not in dropped}
    for part in request.get("parts", ()):
        del part["filename"], part["type"]
    return {name: entry[name] for name in ("method", "path", "status", "refused_by", "account", "request")}


def assert_same(server: Started, sent: Answered, folder: Path = MEDIA) -> None:
    found = again(server, sent.call, folder)
    assert (found.status, found.refused_by) == (sent.status, sent.refused_by)
    assert kept(server, found.call) == kept(server, sent.call)


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        (OAUTH, SIRO, json.dumps(APP), 201),
        (SIGNED, {"X-Siro-Auth-Token": "siro-demo-read-token", "Content-Type": JSON}, "{}", 403),
        (SIGNED, {"X-Siro-Auth-Token": "siro-demo-token", "Content-Type": JSON}, "{}", 422),
        (TOKEN, {"Content-Type": PAIRS}, f"{CLIENT}&{GRANT}", 200),
        (TOKEN, {"Content-Type": PAIRS}, f"{CLIENT}&grant_type=a+%26b%3D", 400),
        (TOKEN, basic("authenticx-demo-client:authenticx-demo-secret"), GRANT, 200),
        ("/voxjar/nowhere", VOXJAR, "", 404),
    ],
)
def test_the_secrets_that_were_shown_are_shown_again(
    path: str, headers: Headers, body: str, status: int, server: Started
) -> None:
    sent = send(server, "POST", path, headers, body.encode())
    assert sent.status == status
    assert_same(server, sent)


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        (OAUTH, SIRO, json.dumps({**APP, "clientSecret": "another-wrong-secret"})),
        (SIGNED, {"X-Siro-Auth-Token": "nobody-has-this-one", "Content-Type": JSON}, "{}"),
        (TOKEN, basic("authenticx-demo-client:another-secret"), GRANT),
    ],
)
def test_a_wrong_secret_is_refused_again(path: str, headers: Headers, body: str, server: Started) -> None:
    sent = send(server, "POST", path, headers, body.encode())
    found = again(server, sent.call)
    assert sent.refused_by is not None
    assert (found.status, found.refused_by) == (sent.status, sent.refused_by)


@pytest.mark.parametrize(
    "step", ["a%20b", "a%3Fb", "a%23b", "a%2541", "%2e%2e", "%5B1-3%5D", "%7Ba,b%7D", "%C3%A9", "a'b", "a%22$b"]
)
def test_a_path_is_the_same_again(step: str, server: Started) -> None:
    sent = send(server, "GET", f"/voxjar/api/v1/interactions/{step}?a=%5B1-2%5D&b=%26", VOXJAR)
    assert sent.refused_by == "rules/unknown-interaction-is-404"
    assert_same(server, sent)


@pytest.mark.parametrize("body", ['"hello"', '""', "null", "5", "true", "[]", "{}", '{"a": "\\u0000é\'"}', "{bad", ""])
def test_a_body_of_json_is_the_same_again(body: str, server: Started) -> None:
    sent = send(server, "POST", "/voxjar/api/v1/upload", {**VOXJAR, "Content-Type": JSON}, body.encode())
    assert sent.status == 400
    assert_same(server, sent)


def test_a_type_has_its_parameters_and_a_header_may_be_empty(server: Started) -> None:
    headers = {**VOXJAR, "Content-Type": f"{JSON}; charset=latin-1", "X-Empty": ""}
    sent = send(server, "POST", "/voxjar/api/v1/upload", headers, b"{}")
    assert kept(server, sent.call)["request"]["headers"]["x-empty"] == ""
    assert_same(server, sent)


@pytest.mark.parametrize("name", ["a;b.mp3", "a,b.mp3", 'a"b.mp3', "a\\b.mp3", "a b'c.mp3", "a=b@c.mp3", "é.mp3"])
@pytest.mark.parametrize("kind", ["\r\nContent-Type: audio/mpeg", ""])
def test_a_file_of_whatever_name_is_sent_again(name: str, kind: str, server: Started, tmp_path: Path) -> None:
    audio = MEDIA.joinpath("call.mp3").read_bytes()
    tmp_path.joinpath(name).write_bytes(audio)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    payload = f'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{json.dumps(UPLOAD)}\r\n'
    file = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{escaped}"{kind}\r\n\r\n'
    body = payload.encode() + file.encode() + audio + b"\r\n--x--\r\n"
    headers = {**VOXJAR, "Content-Type": "multipart/form-data; boundary=x"}
    sent = send(server, "POST", "/voxjar/api/v1/upload", headers, body)
    assert sent.status == 200
    assert_same(server, sent, tmp_path)
