"""Requests as no library writes them, over a real socket: the Host decides, and only the path is routed by."""

import socket

import pytest

from tests.processes import PATIENCE, Started


def status_of(server: Started, request: str) -> int:
    text = request.replace("PORT", str(server.port)).replace("\n", "\r\n") + "\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as found:
        found.sendall(text.encode("latin-1"))
        found.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: found.recv(65_536), b""))
    return int(answer.split(b" ", 2)[1])


CLOSE = "Connection: close"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /_mock/journal HTTP/1.1\nHost: 127.0.0.1:PORT", 200),
        ("GET /_mock/journal HTTP/1.1\nhOsT: LOCALHOST", 200),
        ("GET /%5Fmock/journal HTTP/1.1\nHost: localhost", 200),
        ("GET /_mock/journal HTTP/1.1\nHost: evil.example", 403),
        ("GET /%5Fmock/journal HTTP/1.1\nHost: evil.example", 403),
        ("GET http://evil.example/_mock/journal HTTP/1.1\nHost: evil.example", 403),
        ("GET http://localhost/_mock/journal HTTP/1.1\nHost: evil.example", 403),
        ("GET /_mock/journal HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost", 403),
        ("GET /_mock/journal HTTP/1.1\nHost: localhost\nX-Forwarded-For: 8.8.8.8", 200),
        ("GET /_mock/journal HTTP/1.1", 400),
        ("GET /_mock/journal HTTP/1.0", 400),
        ("GET /_mock/journal HTTP/1.1\nHost:", 400),
        ("GET /_mock/journal HTTP/1.1\nHost: localhost\nHost: localhost", 400),
        ("GET /_mock/journal HTTP/1.1\nHost: localhost\nHost: evil.example", 400),
        ("GET /_mock/journal HTTP/1.1\nHost: user@localhost", 400),
        ("GET /_mock/journal HTTP/1.1\nHost: localhost/_mock", 400),
        ("GET /_mock/journal HTTP/1.1\nHost: localhost:4747:80", 400),
        ("POST /voxjar/api/v1/upload HTTP/1.1\nContent-Length: 0", 400),
        ("POST /voxjar/api/v1/upload HTTP/1.1\nHost: a\nHost: b\nContent-Length: 0", 400),
        ("GET /_mock/health HTTP/1.1", 200),
        ("GET @evil.example/_mock/journal HTTP/1.1\nHost: localhost", 400),
        ("GET //evil.example/_mock/journal HTTP/1.1\nHost: localhost", 404),
        ("GET /../_mock/journal HTTP/1.1\nHost: localhost", 404),
        ("GET /_mock/../_mock/journal HTTP/1.1\nHost: localhost", 404),
        ("GET /_mock/journal%0A HTTP/1.1\nHost: localhost", 404),
        ("GET /_mock/journal%00 HTTP/1.1\nHost: localhost", 404),
        ("GET /voxjar/%0d%0aX-Evil:%201 HTTP/1.1\nHost: localhost", 404),
        ("GET /voxjar/%ff%fe HTTP/1.1\nHost: localhost", 404),
        ("GET /voxjar/%F0%9F%98%80 HTTP/1.1\nHost: localhost", 404),
        ("GET /%0Aerror:%20forged HTTP/1.1\nHost: localhost", 404),
        ("OPTIONS * HTTP/1.1\nHost: localhost", 404),
    ],
)
def test_a_request_is_answered_by_its_host_and_its_path(request_: str, status: int, server: Started) -> None:
    assert status_of(server, f"{request_}\n{CLOSE}") == status
