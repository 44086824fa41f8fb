"""TLS from the client's side of a real socket: who is trusted, what faults look like, what cannot be used."""

import asyncio
import json
import shlex
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
import trustme
from msgspec.structs import replace

from mockserver.faces import posting
from mockserver.faces.asking import own_address
from mockserver.faces.certificates import PAIRS
from mockserver.faces.protocol import Guarded
from mockserver.faces.python.mock import connect
from mockserver.faces.python.server import MockServer
from mockserver.faces.trusting import trust
from mockserver.settings import SettingsError
from tests.processes import PATIENCE, Run, Started, needs
from tests.wires import WIRE_ERRORS

UPLOAD = "/emberqa/api/scoring/submitRecording"
BODY = {"media_url": "https://example.com/call-audio.mp3"}
KEY = {"Authorization": "Bearer emberqa-demo-key"}
TEXT = '{"message":"File Accepted"}'
# So that a hang hangs, and the test does not.
IMPATIENT = 0.5


class Secured:
    """A server with a certificate of its own, and the file that its banner says is to be trusted."""

    def __init__(self, started: Started) -> None:
        self.started, self.url = started, started.url
        self.greeting = started.err.wait_for("curl ")
        self.ca = started.err.wait_for("Whom clients must trust").split()[-1]

    def client(self, timeout: float = PATIENCE) -> httpx.Client:
        return httpx.Client(verify=trust(self.ca), trust_env=False, base_url=self.url, timeout=timeout)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    started = Started("--vendors", "emberqa,siro", "--tls", cwd=tmp_path_factory.mktemp("tls"))
    secured = Secured(started)
    yield secured
    assert started.stop() == 0
    assert not Path(secured.ca).exists()
    told = "".join(started.err.rest())
    for word in ("Traceback", "ASGI", "error:", "Exception"):
        assert word not in told


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOCKSERVER_CA", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a certificate and its key under every name that a folder may have them, and one key that fits nothing."""
    folder = tmp_path_factory.mktemp("files")
    issued = trustme.CA().issue_cert("mock.test")
    for certificate, key in PAIRS:
        (folder / certificate).mkdir()
        issued.private_key_pem.write_to_path(folder / certificate / key)
        for number, pem in enumerate(issued.cert_chain_pems):
            pem.write_to_path(folder / certificate / certificate, append=bool(number))
    trustme.CA().issue_cert("mock.test").private_key_pem.write_to_path(folder / "other.pem")
    return folder


def test_the_ready_line_and_whatever_is_linked_to_say_https(secured: Secured) -> None:
    assert secured.url.startswith("https://127.0.0.1:")
    with secured.client() as client:
        assert client.post(UPLOAD, json=BODY, headers=KEY).json() == json.loads(TEXT)
        made = client.post("/_mock/accounts", json={"vendor": "siro"}).json()
        assert made["url"] == f"{secured.url}/siro"
        signed = {"fileType": "mp3", "fileSize": 10}
        headers = {"x-siro-auth-token": made["credentials"]["token"]}
        answer = client.post("/siro/v1/core/recordings/signed-urls", json=signed, headers=headers)
        assert f'"{secured.url}/siro/' in answer.text


@pytest.mark.parametrize("host", ["localhost", "emberqa.localhost", "siro.localhost", "api.siro.ai"])
def test_the_certificate_has_the_names_that_lead_here(host: str, secured: Secured) -> None:
    with secured.client() as client:
        answer = client.get("/_mock/health", extensions={"sni_hostname": host})
    assert answer.json()["status"] == "ok"


def test_who_does_not_trust_it_is_not_served(secured: Secured) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{secured.url}/_mock/health", trust_env=False)
    with secured.client() as client, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        client.get("/_mock/health", extensions={"sni_hostname": "elsewhere.test"})


def test_httpx_is_told_by_the_environment(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", secured.ca)
    assert httpx.get(f"{secured.url}/_mock/health").json()["status"] == "ok"


def test_who_speaks_without_tls_is_let_go(secured: Secured) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(secured.url.replace("https", "http"), trust_env=False)


@needs("curl")
def test_the_first_command_of_the_banner_is_accepted(secured: Secured) -> None:
    done = subprocess.run(shlex.split(secured.greeting), capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.startswith("HTTP/1.1 200 OK")


# Python's own TLS takes a reset for an end, until 3.12.3: what really came is looked at below.
@pytest.mark.parametrize(("wire", "error"), [each for each in WIRE_ERRORS if each[0] != "reset"])
def test_a_fault_of_the_wire_is_to_a_client_what_it_is_without_tls(
    wire: str, error: type[Exception], secured: Secured
) -> None:
    with secured.client(IMPATIENT if wire == "hang" else PATIENCE) as client, pytest.raises(error) as caught:
        client.post(UPLOAD, json=BODY, headers={**KEY, "X-Mock-Fault": wire})
    assert type(caught.value) is error


def ended(secured: ssl.SSLSocket) -> str:
    """Read what comes below TLS until its end, and say which end it was; nothing is answered."""
    with socket.socket(fileno=secured.detach()) as bare:
        bare.settimeout(PATIENCE)
        try:
            while bare.recv(65_536):
                pass
        except ConnectionResetError:
            return "reset"
    return "closed"


@pytest.mark.parametrize(("wire", "end"), [("reset", "reset"), ("empty", "closed"), ("truncate", "closed")])
def test_a_reset_is_one_below_tls_too(wire: str, end: str, secured: Secured) -> None:
    content = json.dumps(BODY)
    lines = [f"POST {UPLOAD} HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"X-Mock-Fault: {wire}"]
    lines += [f"Authorization: {KEY['Authorization']}", f"Content-Length: {len(content)}", "", content]
    port = int(secured.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
        line = trust(secured.ca).wrap_socket(plain, server_hostname="localhost")
        line.sendall("\r\n".join(lines).encode())
        assert ended(line) == end


def test_a_drip_drips(secured: Secured) -> None:
    with (
        secured.client() as client,
        client.stream("POST", UPLOAD, json=BODY, headers={**KEY, "X-Mock-Fault": "drip"}) as answer,
    ):
        assert [*answer.iter_raw()][:1] == [TEXT[:4].encode()]


@needs("curl")
@pytest.mark.parametrize(("wire", "says"), [("reset", "Connection reset by peer"), ("truncate", "14 bytes remaining")])
def test_curl_sees_it(wire: str, says: str, secured: Secured) -> None:
    fault = ["-H", f"X-Mock-Fault: {wire}", "-H", f"Authorization: {KEY['Authorization']}", "--json", json.dumps(BODY)]
    command = ["curl", "-sS", "--cacert", secured.ca, *fault, f"{secured.url}{UPLOAD}"]
    assert says in subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False).stderr


def test_a_head_that_is_too_large_is_told_so(secured: Secured) -> None:
    with secured.client() as client:
        assert client.get("/_mock/health", headers={"X-Long": "x" * 20_000}).status_code == 431


def test_verbs_are_told_whom_to_trust(secured: Secured, verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = verb("health", "--url", secured.url)
    assert (status, "CERTIFICATE_VERIFY_FAILED" in err) == (1, True)
    assert verb("health", "--url", secured.url, "--ca", secured.ca)[0] == 0
    assert verb("accounts", "--url", secured.url, "--ca", secured.ca)[0] == 0
    assert "there is no call 'nobody'" in verb("journal", "--ca", secured.ca, "--url", secured.url, "show", "nobody")[2]
    for name in ("MOCKSERVER_CA", "SSL_CERT_FILE"):
        with monkeypatch.context() as context:
            context.setenv(name, secured.ca)
            assert verb("clock", "--url", secured.url)[0] == 0
    (Path("empty.pem")).write_text("")
    for file in ("missing.pem", "empty.pem"):
        status, _, err = verb("health", "--url", secured.url, "--ca", file)
        assert (status, err.startswith(f"mockserver: {file}: holds no certificates")) == (2, True)
        assert verb("wait", "--url", secured.url, "--ca", file)[:2] == (2, "")
    assert verb("wait", "--url", secured.url, "--ca", secured.ca)[0] == 0


def test_cases_are_sent_over_tls(secured: Secured, verb: Run) -> None:
    words = ("verify", "emberqa", "-k", "other-scheme", "--against", secured.url)
    assert verb(*words, "--ca", secured.ca)[0] == 0
    status, out, err = verb(*words)
    assert (status, "CERTIFICATE_VERIFY_FAILED" in out + err) != (0, False)


def test_the_settings_of_a_server_lead_to_it(secured: Secured, verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_TLS", "self-signed")
    monkeypatch.setenv("MOCKSERVER_PORT", secured.url.rpartition(":")[2])
    assert own_address() == secured.url
    assert verb("health")[0] == 0
    assert f"EMBERQA_URL={secured.url}/emberqa\n" in verb("env", "emberqa")[1]


def test_a_hand_on_a_server_elsewhere_is_told_whom_to_trust(secured: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    with connect(secured.url, ca=secured.ca) as mock:
        assert mock.health()["status"] == "ok"
    with connect(secured.url) as mock, pytest.raises(httpx.ConnectError):
        mock.health()
    monkeypatch.setenv("MOCKSERVER_CA", secured.ca)
    with connect(secured.url) as mock:
        assert mock.account("emberqa").url == f"{secured.url}/emberqa"


def test_a_mock_of_ones_own_speaks_tls() -> None:
    with MockServer(vendors=["emberqa"], tls=True) as mock:
        assert mock.ca
        emberqa = mock.account("emberqa")
        assert emberqa.url == f"{mock.url}/emberqa"
        client = httpx.Client(verify=trust(mock.ca), trust_env=False)
        answer = client.post(f"{emberqa.url}/api/scoring/submitRecording", json=BODY, headers=KEY)
        assert answer.text == TEXT
        began = monotonic()
    # A client that keeps its connection does not keep the mock.
    assert monotonic() - began < 0.9
    client.close()
    assert not Path(mock.ca).exists()


def test_a_mock_without_tls_has_nobody_to_trust() -> None:
    with MockServer(vendors=["emberqa"]) as mock:
        assert mock.ca is None


@pytest.mark.parametrize("pair", PAIRS)
def test_a_certificate_may_lie_in_files(pair: tuple[str, str], files: Path, verb: Run) -> None:
    folder = files / pair[0]
    certificate, key = (folder / name for name in pair)
    for asked in (str(folder), f"{certificate}, {key}"):
        with MockServer(vendors=["emberqa"], tls=asked) as mock:
            assert mock.ca is None
            with httpx.Client(verify=trust(str(certificate)), trust_env=False) as client:
                named = {"sni_hostname": "mock.test"}
                assert client.get(f"{mock.url}/_mock/health", extensions=named).status_code == 200


def test_a_health_check_trusts_the_certificate_that_its_settings_name(
    files: Path, verb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = files / "cert.pem"
    with MockServer(vendors=["emberqa"], tls=str(folder)) as mock:
        monkeypatch.setenv("MOCKSERVER_PORT", mock.url.rpartition(":")[2])
        monkeypatch.setenv("MOCKSERVER_TLS", str(folder))
        assert verb("health")[0] == 0
        other = trustme.CA().issue_cert("mock.test")
        other.private_key_pem.write_to_path("key.pem")
        other.cert_chain_pems[0].write_to_path("cert.pem")
        monkeypatch.setenv("MOCKSERVER_TLS", "cert.pem,key.pem")
        status, _, err = verb("health")
        assert (status, "CERTIFICATE_VERIFY_FAILED" in err) == (1, True)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("nowhere", "--tls names CERT.pem,KEY.pem, a folder that holds both, or self-signed, not 'nowhere'"),
        (
            ".",
            "--tls: . holds neither cert.pem and key.pem, nor tls.crt and tls.key, nor fullchain.pem and privkey.pem",
        ),
        ("missing.pem,{key}", "--tls: missing.pem: no such file or directory"),
        ("{cert},missing.pem", "--tls: missing.pem: no such file or directory"),
        ("{key},{key}", "--tls: {key} holds no certificate in PEM"),
        ("{cert},{cert}", "--tls: {cert} holds no private key in PEM"),
        ("{cert},{other}", "--tls: {other} is not the key of {cert}"),
        ("{cert},garbled.pem", "--tls: {cert} and garbled.pem: OpenSSL can make nothing of them"),
        ("{cert},.", "--tls: .: is a directory"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(asked: str, says: str, files: Path, verb: Run) -> None:
    Path("garbled.pem").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    names = {"cert": files / "cert.pem" / "cert.pem", "key": files / "cert.pem" / "key.pem"}
    names["other"] = files / "other.pem"
    words = ("serve", "--port", "0", "--vendors", "emberqa", "--tls", asked.format_map(names))
    assert verb(*words) == (2, "", f"mockserver: {says.format_map(names)}\n")


def test_a_key_that_is_locked_is_told_so(files: Path, verb: Run) -> None:
    from cryptography.hazmat.primitives import serialization as forms

    folder = files / "cert.pem"
    key = forms.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    locked = forms.BestAvailableEncryption(b"secret")
    Path("locked.pem").write_bytes(key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, locked))
    status, _, err = verb("serve", "--port", "0", "--vendors", "emberqa", "--tls", f"{folder}/cert.pem,locked.pem")
    assert (status, err) == (2, "mockserver: --tls: locked.pem is locked by a passphrase: give a key without one\n")


def test_without_the_library_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(SettingsError, match="pip install trustme"):
        MockServer(vendors=["emberqa"], tls=True)


def test_a_certificate_of_our_own_has_the_hosts_that_were_named() -> None:
    named: Any = {"allow_host": ["mock.test", "[::2]"], "public_url": "https://public.test:1/x", "host": "127.0.0.2"}
    with MockServer(vendors=["emberqa"], tls="self-signed", admin_token="t", **named) as mock:
        assert mock.ca
        with httpx.Client(verify=trust(mock.ca), trust_env=False) as client:
            for host in ("mock.test", "public.test", "127.0.0.2", "::2"):
                found = client.get(f"{mock.url}/_mock/health", extensions={"sni_hostname": host})
                assert found.status_code == 200
    with pytest.raises(SettingsError, match="cannot make a certificate for these names"):
        MockServer(vendors=["emberqa"], tls=True, allow_host=["a_b"])


async def silence(mock: MockServer, context: ssl.SSLContext | None) -> float:
    """Connect, say nothing, and return how long that was borne."""
    port, began = int(mock.url.rpartition(":")[2]), monotonic()
    name = "localhost" if context else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
    with suppress(OSError):
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()
    return monotonic() - began


def test_who_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "GREETING", 0.3)
    monkeypatch.setattr(Guarded, "limits", replace(Guarded.limits, head=0.4))
    with MockServer(vendors=["emberqa"], tls=True) as mock:
        assert 0.2 < asyncio.run(silence(mock, None)) < 3
        assert 0.3 < asyncio.run(silence(mock, trust(mock.ca))) < 3


def test_who_does_not_answer_the_goodbye_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guarded, "limits", replace(Guarded.limits, head=0.3))
    with MockServer(vendors=["emberqa"], tls=True) as mock:
        context, port = trust(mock.ca), int(mock.url.rpartition(":")[2])
        began = monotonic()
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
            assert ended(context.wrap_socket(plain, server_hostname="localhost")) in {"closed", "reset"}
        assert monotonic() - began < 3


@pytest.mark.parametrize(("asked", "wrong"), [("cert.pem", None), ("nowhere", "--tls names CERT.pem,KEY.pem")])
def test_the_doctor_looks_at_the_certificate(
    verb: Run, files: Path, asked: str, wrong: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCKSERVER_PORT", "0")
    monkeypatch.setenv("MOCKSERVER_TLS", str(files / asked))
    status, out, _ = verb("doctor", "--json")
    found = {each["what"]: each["wrong"] for each in json.loads(out)}["the certificate can be shown"]
    assert (status, found is None) == (int(bool(wrong)), wrong is None)
    assert (wrong or "") in (found or "")
