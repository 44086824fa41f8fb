"""What every test is held to is held indeed: sessions of their own that skip, or that try to leave loopback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.egress import EgressError, Watch

ROOT = Path(__file__).resolve().parent.parent
SKIPS = """
import pytest

@pytest.mark.skip
def test_marked(): ...

def test_missing():
    pytest.importorskip("surely_missing")

@pytest.mark.xfail(strict=True)
def test_expected():
    assert False
"""
SKIPPED_MODULE = "import pytest\npytest.skip('all of it', allow_module_level=True)"
ESCAPE = """
import socket, contextlib

def test_escape():
    with contextlib.suppress(OSError), socket.socket() as outward:
        outward.connect(("192.0.2.1", 9))
"""


def session(folder: Path, text: str, **settings: str) -> tuple[int, str]:
    """Run a test file as the suite would; return the exit status and the line that sums up."""
    (folder / "test_it.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MOCKSERVER_TEST_REQUIRE": "", **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()[-1].rpartition(" in ")[0]


@pytest.mark.parametrize(
    ("text", "required", "status", "outcome"),
    [
        (SKIPS, "", 0, "2 skipped, 1 xfailed"),
        (SKIPS, "all", 1, "1 failed, 1 xfailed, 1 error"),
        (SKIPPED_MODULE, "", 5, "1 skipped"),
        (SKIPPED_MODULE, "all", 2, "1 error"),
    ],
    ids=["skips", "required skips", "a skipped module", "a required module"],
)
def test_a_skip_is_a_failure_where_all_is_required(
    tmp_path: Path, text: str, required: str, status: int, outcome: str
) -> None:
    assert session(tmp_path, text, MOCKSERVER_TEST_REQUIRE=required) == (status, outcome)


def test_leaving_loopback_fails_the_session_even_where_the_error_is_caught(tmp_path: Path) -> None:
    assert session(tmp_path, ESCAPE) == (1, "1 passed, 1 error")


ANY = "a socket"
CLOSE = [
    ("socket.connect", (ANY, ("127.9.9.9", 80))),
    ("socket.connect", (ANY, ("::1", 80, 0, 0))),
    ("socket.connect", (ANY, "/run/some.socket")),
    ("socket.sendmsg", (ANY, None)),
    ("socket.getaddrinfo", (None, 0, 0, 0, 0)),
    ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
    ("socket.getaddrinfo", (b"voxjar.localhost", 80, 0, 0, 0)),
    ("socket.getaddrinfo", ("0.0.0.0", 0, 0, 0, 0)),  # noqa: S104  # it is not bound
    ("socket.getaddrinfo", ("192.0.2.1", 80, 0, 0, 0)),
    ("socket.bind", (ANY, ("192.0.2.1", 80))),
    ("open", ("/etc/hosts", "r", 0)),
]
FAR = [
    ("socket.connect", (ANY, ("192.0.2.1", 80)), "socket.connect 192.0.2.1"),
    ("socket.connect", (ANY, ("fe80::1%lo", 80, 0, 0)), "socket.connect fe80::1%lo"),
    ("socket.sendto", (ANY, ("10.0.0.1", 53)), "socket.sendto 10.0.0.1"),
    ("socket.getaddrinfo", ("example.com", 443, 0, 0, 0), "socket.getaddrinfo example.com"),
    ("socket.gethostbyname", ("localhost.example.com",), "socket.gethostbyname localhost.example.com"),
]


@pytest.mark.parametrize(("event", "arguments"), CLOSE, ids=str)
def test_what_stays_here_is_let_through(event: str, arguments: tuple[Any, ...]) -> None:
    watch = Watch()
    watch(event, arguments)
    assert watch.seen == []


@pytest.mark.parametrize(("event", "arguments", "told"), FAR, ids=[told for _, _, told in FAR])
def test_what_leaves_is_refused_and_noted(event: str, arguments: tuple[Any, ...], told: str) -> None:
    watch = Watch()
    with pytest.raises(EgressError, match=told):
        watch(event, arguments)
    assert watch.seen == [told]
