"""Rule coverage of a run of pytest: gathered from its mocks, over all workers, told at its end."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from mockserver.faces.coverage.page import page
from mockserver.faces.coverage.text import NOTHING, summary, tell
from mockserver.faces.python.hand import MockError
from mockserver.faces.python.mock import Mock, connect
from mockserver.kit.coverage import Report, merged, totals_of

if TYPE_CHECKING:
    from pytest import TerminalReporter  # noqa: PT013  # older than 8.4 does not have it

FILE = "mockserver-coverage.html"
OUTPUT = "mockserver_coverage"


class SessionCoverage:
    """A plugin for one session; in a worker it hands what was seen there to the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._look: str | None = config.getoption("mockserver_coverage")
        self._least: float | None = config.getoption("mockserver_coverage_fail_under")
        self._url: str | None = config.getoption("mockserver_url")
        self._unheard: set[str] = set()
        self._reports: list[Report] = []
        self._troubles: list[str] = []
        self._whole = merged(())

    def take(self, mock: Mock) -> None:
        """Take what a mock has seen that is about to end."""
        if mock.is_closed:
            self._troubles.append(f"the mock at {mock.url} was closed by a test: what it had seen is not counted")
        else:
            self._reports.append(mock.coverage())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        self._unheard.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {}).get(OUTPUT)
        if output is None:
            return
        reports, troubles = msgspec.json.decode(output, type=tuple[list[Report], list[str]])
        self._reports += reports
        self._troubles += troubles
        self._unheard.discard(node.gateway.id)

    # Where a session is interrupted, pytest's own end of it is what ends the session's fixtures.
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[OUTPUT] = msgspec.json.encode((self._reports, self._troubles)).decode()
            return
        if self._url:
            self._ask(self._url)
        for worker in sorted(self._unheard):
            self._troubles.append(f"the worker {worker} broke off: what it had seen is not counted")
        self._whole = merged(self._reports).called()
        if self._is_under and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _ask(self, url: str) -> None:
        """Ask the one server that all workers have used."""
        try:
            with connect(url, admin_token=self._config.getoption("mockserver_admin_token")) as mock:
                self.take(mock)
        except (httpx.HTTPError, MockError, msgspec.ValidationError) as error:
            self._troubles.append(f"{url} does not tell its coverage: {error}")

    @property
    def _is_under(self) -> bool:
        return self._least is not None and self._whole.totals.percent < self._least

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        terminalreporter.section("mockserver: rule coverage")
        for line in (*self._lines(), *self._troubles):
            terminalreporter.write_line(line)
        if self._is_under:
            says = f"FAILED: {self._whole.totals.percent:g} % is seen, and at least {self._least:g} % is asked for"
            terminalreporter.write_line(says, red=True)

    def _lines(self) -> Iterator[str]:
        if self._look == "terminal":
            yield from tell(self._whole)
            return
        for vendor, items in self._whole.vendors.items():
            yield f"{vendor}: {summary(totals_of(items))}"
        if not self._whole.items:
            yield NOTHING
        if self._look == "html":
            yield self._write()

    def _write(self) -> str:
        try:
            Path(FILE).write_text(page(self._whole), "utf-8")
        except OSError as error:
            return f"{FILE} cannot be written: {error.strerror}"
        return f"written to {FILE}"
