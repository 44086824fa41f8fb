"""A Redis of the tests' own: on a socket in a temporary folder, without persistence, one for a session."""

import atexit
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree

import pytest
import redis

from mockserver.state.shared import RedisStore
from mockserver.state.store import QUOTAS, Quota
from tests.processes import PATIENCE, needs

needs_redis = needs("redis-server")
DATABASES = 1000
turns = count()


class RedisServer:
    """A process that can be ended and started again, empty then."""

    def __init__(self, *flags: str, keeps: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self.path = self.folder / "s"
        own = ["--save", "", "--appendonly", "yes" if keeps else "no", "--databases", str(DATABASES)]
        self._command = ["redis-server", "--port", "0", "--unixsocket", str(self.path), "--dir", str(self.folder)]
        self._command += [*own, *flags]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        with self.process.stdout as lines:
            assert any("accept connections" in line for line in lines), "it did not start"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    def end(self) -> None:
        self.stop()
        rmtree(self.folder)

    def address(self, number: int = 0) -> str:
        return f"unix://{self.path}?db={number}"

    def client(self, number: int = 0) -> "redis.Redis":
        return redis.Redis(unix_socket_path=str(self.path), db=number)


@cache
def running() -> RedisServer:
    server = RedisServer()
    atexit.register(server.end)
    return server


def fresh_address() -> str:
    """Return where a store lies that nobody uses, and nothing is in."""
    server, number = running(), next(turns) % DATABASES
    with server.client(number) as client:
        client.flushdb()
    return server.address(number)


def redis_store(quotas: Mapping[str, Quota] = QUOTAS) -> RedisStore:
    return RedisStore(fresh_address(), quotas)


REDIS = pytest.param(redis_store, marks=needs_redis)
