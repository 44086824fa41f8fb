"""The mock in pytest: a server for the session, an account for each test, and the trail of its calls when it fails.

What it needs is imported when a test asks for it: this module is loaded by every run of pytest.
"""

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockserver.faces.python.mock import Account, Mock
    from mockserver.faces.python.server import MockServer

MARK = "mockserver(scenario=None): begin every account of the test under a scenario"
COVERAGE = "mockserver-coverage"
LONGEST = 20
EXPLAINED = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mockserver", "a mock of call-recording vendors")
    group.addoption("--mockserver-url", default=None, metavar="URL", help="Use a mock that is already running.")
    group.addoption("--mockserver-admin-token", default=None, metavar="TOKEN", help="What its admin API asks for.")
    says = "Tell at the end which of the vendors' rules were seen kept and broken: in the terminal, or as a page."
    group.addoption("--mockserver-coverage", nargs="?", const="terminal", type=look, metavar="html", help=says)
    says = "Fail the session where less percent of them is seen."
    group.addoption("--mockserver-coverage-fail-under", default=None, type=percent, metavar="N", help=says)


def look(text: str) -> str:
    if text not in ("terminal", "html"):
        raise ArgumentTypeError(f"it is followed by =html or by nothing, not by {text!r}: name files before it")
    return text


def percent(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise ArgumentTypeError(f"a number from 0 to 100, not {text!r}")
    return number


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)
    least = config.getoption("mockserver_coverage_fail_under")
    if (config.getoption("mockserver_coverage") or least is not None) and not config.option.collectonly:
        from mockserver.faces.coverage.session import SessionCoverage

        config.pluginmanager.register(SessionCoverage(config), COVERAGE)


def take_coverage(config: pytest.Config, mock: "Mock") -> None:
    """Keep what a mock has seen that is about to end."""
    if (kept := config.pluginmanager.get_plugin(COVERAGE)) is not None:
        kept.take(mock)


class TestMock:
    """The session's mock as one test sees it: all its methods, and an eye on the accounts that the test opens."""

    __test__ = False

    def __init__(self, mock: "Mock", scenario: str | None) -> None:
        self._mock, self._scenario = mock, scenario
        self.accounts: list[Account] = []
        self._watched: list[Account] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mock, name)

    def account(self, vendor: str, *, allow_unmatched: bool = False, **wish: Any) -> "Account":
        """Open an account of the test's own. It is gone with the test.

        A call of it that meets no operation of the vendor fails the test, unless `allow_unmatched`.
        """
        planned = {"scenario": self._scenario} if self._scenario else {}
        account = self._mock.account(vendor, **planned | wish)
        self.accounts.append(account)
        if not allow_unmatched:
            self._watched.append(account)
        return account

    def unmatched(self) -> list[str]:
        """Return a line for each call of a watched account that met no operation, and where that cannot be told."""
        return [line for account in self._watched for line in told(account, strays)]

    def close(self) -> None:
        """Close the accounts that the test has left open; their calls stay in the journal."""
        for account in self.accounts:
            with suppress(Exception):  # the test has closed it, or it is gone with its server
                account.close()

    def report(self) -> list[str]:
        """Return what the mock received from the accounts of the test, oldest first, and what would mend it."""
        return [line for account in self.accounts for line in told(account, trail)]


def told(account: "Account", tell: Callable[["Account"], Iterator[str]]) -> Iterator[str]:
    """Yield what is told of an account, as far as its mock answers: it may be gone, and the session goes on."""
    try:
        yield from tell(account)
    except Exception as error:  # noqa: BLE001  # pytest ends all at once where the hook that asks raises
        yield f"{account.id}: what was called cannot be told: {error!r}"


def strays(account: "Account") -> Iterator[str]:
    for entry in account.journal:
        if entry.is_unmatched:
            yield f"{account.id}: {entry.method} {entry.path} met no operation of {account.vendor} ({entry.status})"


def trail(account: "Account") -> Iterator[str]:
    calls = account.journal.list()[:LONGEST]
    if account.webhooks.list(limit=1):
        calls = [account.journal.get(each.id) for each in calls]
    yield f"{account.id}: {len(calls)} calls"
    for each in reversed(calls):
        yield from (f"  {line}" for line in each.lines())
    refused = [each for each in calls if each.refused_by][:EXPLAINED]
    for each in reversed(refused):
        yield from account.journal.explain(each.id).splitlines()


KEPT = pytest.StashKey[TestMock]()


@pytest.fixture(scope="session")
def mockserver_session(pytestconfig: pytest.Config) -> Iterator["Mock"]:
    """Give the session's mock: the one that is named by --mockserver-url, else one of this process's own."""
    mock = begun(pytestconfig)
    # Not with the session: its last test is reported when its fixtures are gone.
    pytestconfig.add_cleanup(mock.close)
    yield mock
    if not pytestconfig.getoption("mockserver_url"):
        take_coverage(pytestconfig, mock)


def begun(config: pytest.Config) -> "Mock":
    url = config.getoption("mockserver_url")
    if url:
        from mockserver.faces.python.mock import connect

        return connect(url, admin_token=config.getoption("mockserver_admin_token"))
    from mockserver.faces.python.server import MockServer

    return MockServer()


@pytest.fixture
def mockserver(mockserver_session: "Mock", request: pytest.FixtureRequest) -> Generator[TestMock, None, None]:
    """Give a mock whose accounts are this test's own."""
    marker = request.node.get_closest_marker("mockserver")
    test_mock = TestMock(mockserver_session, marker.kwargs.get("scenario") if marker else None)
    request.node.stash[KEPT] = test_mock
    yield test_mock
    unmatched = test_mock.unmatched()
    test_mock.close()
    if unmatched:
        pytest.fail("\n".join(unmatched), pytrace=False)


@pytest.fixture
def mockserver_url(mockserver_session: "Mock") -> str:
    """Give the address of the session's mock."""
    return mockserver_session.url


@pytest.fixture
def make_mockserver(pytestconfig: pytest.Config) -> Iterator[Callable[..., "MockServer"]]:
    """Give what starts mocks of the test's own, with settings as for MockServer; they end with the test."""
    from mockserver.faces.python.server import MockServer

    started: list[MockServer] = []

    def make(**settings: Any) -> MockServer:
        started.append(MockServer(**settings))
        return started[-1]

    yield make
    for each in started:
        take_coverage(pytestconfig, each)
        each.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    test_mock = item.stash.get(KEPT, None)
    if test_mock is not None and report.failed and (lines := test_mock.report()):
        report.sections.append(("mockserver: what was called", "\n".join(lines)))
    return report
