"""The real command as a process of its own: started, waited for by its ready line, ended by a signal."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from shutil import which
from threading import Thread
from typing import IO, TypeAlias

import pytest

ROOT = Path(__file__).resolve().parent.parent
READY = "mockserver ready at "
PATIENCE = 30
# A verb run in this process: its words in, its status, standard output and standard error out.
Run: TypeAlias = Callable[..., tuple[int, str, str]]


def environment(**settings: str) -> dict[str, str]:
    """Return this environment without settings of ours; what coverage put there makes it measure the child too."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("MOCKSERVER_")}
    return {**inherited, "PYTHONPATH": str(ROOT), **settings}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "mockserver", *words]


def needs(program: str) -> pytest.MarkDecorator:
    """Skip a test where a program is missing; where everything is required, tests/conftest.py fails it instead."""
    return pytest.mark.skipif(which(program) is None, reason=f"needs {program}")


def run(*words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    return subprocess.run(
        command(*words),
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Lines:
    """A stream read as it comes, so that its writer never waits; `wait_for` waits for a line that holds a text."""

    def __init__(self, stream: IO[str]) -> None:
        self.seen: list[str] = []
        self._coming: Queue[str | None] = Queue()
        self._thread = Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._coming.put(line)
        self._coming.put(None)

    def wait_for(self, text: str) -> str:
        while True:
            line = self._next()
            if text in line:
                return line

    def rest(self) -> list[str]:
        """Return all lines, once the stream has ended."""
        self._thread.join(PATIENCE)
        while not self._coming.empty():
            if (line := self._coming.get()) is not None:
                self.seen.append(line)
        return self.seen

    def _next(self) -> str:
        try:
            line = self._coming.get(timeout=PATIENCE)
        except Empty:
            line = None
        if line is None:
            raise AssertionError("it never came: " + "".join(self.seen))
        self.seen.append(line)
        return line


class Started:
    """`mockserver serve` on a free port; `url` and `port` are those of its ready line."""

    def __init__(self, *flags: str, cwd: Path, **settings: str) -> None:
        self.process = subprocess.Popen(
            command("serve", "--port", "0", *flags),
            cwd=cwd,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self.process.stdout
        assert self.process.stderr
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)
        try:
            self.url = self.out.wait_for(READY).removeprefix(READY).strip()
        except AssertionError:
            self.process.kill()
            raise AssertionError("".join(self.err.rest())) from None
        self.port = int(self.url.rpartition(":")[2])

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
