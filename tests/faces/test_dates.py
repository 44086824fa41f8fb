"""Every answer is dated by the mock's clock, and no other source of time is let in."""

import subprocess
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.faces.application import Application
from mockserver.faces.dates import date_header
from mockserver.faces.python.server import MockServer
from mockserver.state.clock import FIRST, LAST
from tests.applications import UPLOAD, VOXJAR, ask, new_application, new_world
from tests.processes import ROOT

SAID = "Fri, 09 Jan 2009 04:05:06 GMT"
MOMENT = "2009-01-09T04:05:06.789Z"
ASKED: list[tuple[str, str, dict[str, str], int]] = [
    ("POST", "/voxjar/api/v1/upload", VOXJAR, 200),
    ("POST", "/voxjar/api/v1/upload", {}, 401),
    ("DELETE", "/voxjar/api/v1/upload", VOXJAR, 405),
    ("GET", "/nowhere", {}, 404),
    ("POST", "/voxjar/api/v1/upload", {**VOXJAR, "Origin": "http://evil.example"}, 403),
    ("POST", "/voxjar/api/v1/upload", {**VOXJAR, "Host": "a b"}, 400),
    ("GET", "/_mock/clock", {}, 200),
    ("GET", "/_mock/records/nobody", {}, 404),
    ("GET", "/_mock/clock", {"Host": "evil.example"}, 403),
]


@pytest.fixture(scope="module")
def application() -> Application:
    application = new_application(new_world("voxjar"))
    assert ask(application, "PUT", "/_mock/clock", json_body={"now": MOMENT, "frozen": True}).status == 200
    return application


@pytest.mark.parametrize(("method", "path", "headers", "status"), ASKED)
def test_an_answer_is_dated_by_the_mocks_clock(
    application: Application, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    body = UPLOAD if method == "POST" else None
    answer = ask(application, method, path, headers, json_body=body)
    assert (answer.status, answer.headers["date"]) == (status, SAID)


def test_what_moves_the_clock_is_dated_by_where_it_stands_then(application: Application) -> None:
    world = new_application(new_world("voxjar"))
    answer = ask(world, "PUT", "/_mock/clock", json_body={"now": MOMENT, "frozen": True})
    assert answer.headers["date"] == SAID


@pytest.mark.parametrize(
    "at", [datetime(1066, 10, 14, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC), LAST]
)
def test_a_date_is_read_back_to_the_second(at: datetime) -> None:
    name, text = date_header(at)
    assert name == b"date"
    assert parsedate_to_datetime(text.decode()) == at.replace(microsecond=0)
    assert len(text) == len(SAID) == len(date_header(FIRST)[1])


def test_one_date_goes_over_the_wire() -> None:
    with MockServer(vendors=["voxjar"]) as mock:
        mock.clock.set(datetime(2009, 1, 9, 4, 5, 6, tzinfo=UTC))
        mock.clock.freeze()
        for path in ("/_mock/health", "/voxjar/nowhere"):
            answer = httpx.get(mock.url + path, trust_env=False)
            assert answer.headers.get_list("date") == [SAID]


SOURCES = (
    "import time\ntime.monotonic()\n",
    "from time import perf_counter\n\nperf_counter()\n",
    "import time\n\ntime.localtime()\n",
    "from datetime import datetime\n\ndatetime.today()\n",
    "from datetime import date\n\ndate.today()\n",
    "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n",
    "from email.utils import formatdate\n\nformatdate()\n",
    "import secrets\n",
)


@pytest.mark.parametrize("source", SOURCES)
def test_no_other_source_of_time_or_chance_is_let_in(source: str) -> None:
    assert "TID251" in lint(source, "mockserver/engine/made_up.py")
    assert "TID251" not in lint(source, "mockserver/state/clock.py")


def lint(source: str, name: str) -> str:
    command: list[Any] = [Path(sys.executable).parent / "ruff", "check", "--output-format=concise"]
    command += ["--select", "TID251", "--stdin-filename", ROOT / name, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False, cwd=ROOT, timeout=30)
    return done.stdout
