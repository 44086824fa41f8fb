"""Several processes at one port: who serves, who replaces whom, and how all of them end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias

import httpx
import pytest

from mockserver.faces import workers
from mockserver.faces.trusting import trust
from mockserver.faces.workers import MOST_DEATHS
from tests.applications import UPLOAD
from tests.processes import PATIENCE, ROOT, Started, environment
from tests.redis_server import fresh_address, needs_redis

Start: TypeAlias = Callable[..., Started]
Alone: TypeAlias = Callable[[str], subprocess.CompletedProcess[str]]
IN_TIME = 5
CLIENTS = 32


@pytest.fixture
def crew(start: Start) -> Started:
    return start("--vendors", "voxjar", "--store", fresh_address(), "--workers", "2")


def children(started: Started) -> set[int]:
    pid = started.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def is_there(pid: int) -> bool:
    """Say whether a process runs; one that has ended and whose parent has not looked yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(come: Callable[[], Any]) -> None:
    end = monotonic() + PATIENCE
    while not come():
        assert monotonic() < end, "it never came"
        os.sched_yield()


@needs_redis
def test_32_clients_at_once_each_see_their_own(crew: Started) -> None:
    def travel(number: int) -> tuple[list[int], int, int]:
        with httpx.Client(base_url=crew.url, trust_env=False, timeout=PATIENCE) as client:
            account = client.post("/_mock/accounts", json={"vendor": "voxjar", "credits": 3}).json()
            headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
            body = {**UPLOAD, "sourceIdentifier": f"call-{number}"}
            found = [client.post("/voxjar/api/v1/upload", json=body, headers=headers).status_code for _ in range(4)]
            asked = {"vendor": "voxjar", "account": account["name"]}
            records = client.get("/_mock/records", params={**asked, "kind": "interaction"}).json()["total"]
            return found, records, client.get("/_mock/journal/count", params=asked).json()["count"]

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert list(pool.map(travel, range(CLIENTS))) == [([200, 200, 200, 402], 3, 4)] * CLIENTS
    with httpx.Client(base_url=crew.url, trust_env=False) as client:
        items = client.get("/_mock/journal", params={"limit": 1000}).json()["items"]
    assert len({each["id"] for each in items}) == 4 * CLIENTS


@needs_redis
def test_all_workers_speak_tls_and_the_certificate_outlives_each_of_them(start: Start) -> None:
    crew = start("--vendors", "voxjar", "--store", fresh_address(), "--workers", "2", "--tls")
    ca = crew.err.wait_for("Whom clients must trust").split()[-1]
    before = children(crew)
    os.kill(min(before), signal.SIGTERM)
    until(lambda: len(children(crew) - before) == 1)
    with httpx.Client(verify=trust(ca), trust_env=False, timeout=PATIENCE) as client:
        assert client.get(f"{crew.url}/_mock/live").json() == {"status": "ok"}
    assert crew.stop() == 0
    assert not Path(ca).exists()


@needs_redis
def test_a_worker_that_dies_is_replaced(crew: Started) -> None:
    before = children(crew)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    crew.err.wait_for(f"worker {killed} was ended by signal 9: another takes its place")
    until(lambda: len(children(crew)) == 2 and killed not in children(crew))
    assert httpx.get(f"{crew.url}/_mock/ready", trust_env=False).status_code == 200
    assert crew.stop() == 0
    assert crew.out.rest() == [f"mockserver ready at {crew.url}\n"]


@needs_redis
def test_workers_that_go_on_dying_end_the_server(crew: Started) -> None:
    for _ in range(MOST_DEATHS + 1):
        victim = min(children(crew))
        os.kill(victim, signal.SIGKILL)
        crew.err.wait_for(f"worker {victim} was ended by signal 9")
    assert crew.process.wait(PATIENCE) == 1
    assert "and too many have died: the server ends" in "".join(crew.err.rest())


@needs_redis
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them_well_and_in_time(crew: Started, by: signal.Signals) -> None:
    workers, began = children(crew), monotonic()
    assert crew.stop(by) == 0
    assert monotonic() - began < IN_TIME
    assert not any(map(is_there, workers))
    assert "Traceback" not in "".join(crew.err.rest())


@needs_redis
def test_workers_do_not_outlive_a_parent_that_is_killed(crew: Started) -> None:
    workers = children(crew)
    assert crew.stop(signal.SIGKILL) == -9
    until(lambda: not any(map(is_there, workers)))


@pytest.fixture
def alone() -> Alone:
    """Run workers of a test's own making: what each does is a line of Python."""

    def begin(work: str) -> subprocess.CompletedProcess[str]:
        code = (
            "import asyncio, os, signal\n"
            "from mockserver.faces import workers\n"
            "workers.LONGEST_END = 1\n"
            "tell = workers.in_workers(2, lambda: print('ready', flush=True) or os.kill(os.getpid(), signal.SIGTERM))\n"
            f"{work}\n"
        )
        return subprocess.run(
            [sys.executable, "-c", code],
            env=environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return begin


def test_deaths_are_forgotten_after_a_quiet_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "QUIET", 0)
    crew = workers.Crew(1, lambda: None)
    crew._deaths = MOST_DEATHS
    crew.hear()
    assert crew._deaths == 0
    for end in (*crew._noise, *crew._serves, *crew._life):
        os.close(end)


def test_a_worker_that_cannot_begin_ends_the_server(alone: Alone) -> None:
    done = alone("raise SystemExit(7)")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ended with status 7, and it never served: the server ends" in done.stderr


def test_workers_that_do_not_end_are_killed_in_time(alone: Alone) -> None:
    stuck = """
async def serve():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell()
    signal.sigwait({signal.SIGUSR1})
asyncio.run(serve())
"""
    began = monotonic()
    done = alone(stuck)
    assert (done.returncode, done.stdout) == (0, "ready\n")
    assert monotonic() - began < IN_TIME
