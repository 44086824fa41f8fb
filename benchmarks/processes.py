"""Servers as processes on loopback, and what the kernel says of them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 20
# As a user has it: what was compiled once is kept, whatever this shell says of it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Server:
    """A running server: its port, its process, and how long its first answer took."""

    def __init__(self, name: str, command: list[str], port: int, path: str) -> None:
        self.name, self.port, self.path = name, port, path
        began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            cwd=HERE,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        self.await_answer(began + PATIENCE)
        self.seconds_to_first_answer = time.perf_counter() - began

    def await_answer(self, deadline: float) -> None:
        while time.perf_counter() < deadline:
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", self.path)
                connection.getresponse().read()
                return
            time.sleep(0.002)
        raise TimeoutError(f"{self.name} did not answer")

    def status(self, key: str) -> float:
        """Return a figure of /proc/<pid>/status in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) / 1024
        raise KeyError(key)

    def cpu(self) -> float:
        """Return the seconds of processor time used so far."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = text[text.rindex(")") + 2 :].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def reset_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(8)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextmanager
def serving(name: str, port: int | None = None) -> Iterator[Server]:
    """Start `bare`, `mockserver`, or `without` some of its parts, stop it at the end."""
    port = port or free_port()
    bare = [
        sys.executable,
        "-m",
        "uvicorn",
        "bare:app",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    ours = [sys.executable, "-m", "mockserver", "serve", "--port", str(port)]
    less = [sys.executable, "without.py", name.removeprefix("without "), "serve", "--port", str(port)]
    commands = {"bare": (bare, "/"), "mockserver": (ours, "/_mock/health")}
    command, path = commands.get(name, (less, "/_mock/health"))
    server = Server(name, command, port, path)
    try:
        yield server
    finally:
        server.stop()
