"""A browser without a window, driven over a pipe in its own protocol: pages as people see them, keys as pressed."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD_CLOEXEC, fcntl
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic
from typing import IO, Any, Self

PATIENCE = 20.0
# Nothing that it would like to fetch for itself is fetched.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)


class Browser:
    """One page of Chromium; `wrong` holds what it complained of: exceptions, broken policies, failed loads."""

    def __init__(self, folder: Path) -> None:
        coming, self._write = map(moved, os.pipe())
        reading, going = map(moved, os.pipe())
        words = ["chromium", *FLAGS, f"--user-data-dir={folder}", "--remote-debugging-pipe"]
        command = f'exec "$@" 3<&{coming} 4>&{going}'
        self._process = subprocess.Popen(
            ["bash", "-c", command, "bash", *words],
            pass_fds=(coming, going),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(coming)
        os.close(going)
        self._answers: IO[bytes] = os.fdopen(reading, "rb")
        self._numbers, self._session = count(1), ""
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._answers.close()
        os.close(self._write)

    def send_headers(self, **headers: str) -> None:
        """Send these with every request from now on, as a proxy in front of a server would."""
        self._ask("Network.setExtraHTTPHeaders", headers=headers)

    def open(self, url: str) -> None:
        self._ask("Page.navigate", url="about:blank")
        self._ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """Return what a script in the page comes to, as JSON."""
        found = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Wait until a script in the page comes to something true."""
        until = monotonic() + PATIENCE
        while not self.run(f"!!({script})"):
            assert monotonic() < until, f"never: {script}\n{self.text()[:2000]}\n{self.wrong}"
            Event().wait(0.02)

    def text(self) -> str:
        """Return what can be read on the page."""
        return str(self.run("document.body.innerText"))

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if kind == "keyDown" and len(key) == 1 else {}
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, **text)

    def _ask(self, method: str, **asked: Any) -> Any:
        number = next(self._numbers)
        session = {"sessionId": self._session} if self._session else {}
        os.write(self._write, json.dumps({"id": number, "method": method, "params": asked, **session}).encode() + b"\0")
        for message in self._messages():
            if message.get("id") == number:
                return message["result"]
            self._note(message)
        raise AssertionError("the browser has gone")

    def _messages(self) -> Iterator[dict[str, Any]]:
        while text := read_to(self._answers, b"\0"):
            yield json.loads(text)

    def _note(self, message: dict[str, Any]) -> None:
        if message["method"] == "Runtime.exceptionThrown":
            self.wrong.append(json.dumps(message["params"]["exceptionDetails"])[:500])
        if message["method"] == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            self.wrong.append(message["params"]["entry"]["text"])


def moved(end: int) -> int:
    """Return the end of a pipe under a number that the browser does not want for its own."""
    high = fcntl(end, F_DUPFD_CLOEXEC, 10)
    os.close(end)
    return high


def read_to(stream: IO[bytes], end: bytes) -> bytes:
    found = bytearray()
    while (byte := stream.read(1)) not in (b"", end):
        found += byte
    return bytes(found)


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Give a browser, and fail where the page did anything wrong."""
    with Browser(folder) as browser:
        yield browser
        assert browser.wrong == []
