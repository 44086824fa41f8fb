"""The mock in pytest: a server for the session, an account for each test, and the trail of its calls when it fails.

What it needs is imported when a test asks for it: this module is loaded by every run of pytest.
"""

from argparse import ArgumentTypeError
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.faces.witness import TestMock, Witness

if TYPE_CHECKING:
    from mockserver.faces.python.mock import Mock
    from mockserver.faces.python.server import MockServer

MARK = "mockserver(scenario=None): begin every account of the test under a scenario"
COVERAGE = "mockserver-coverage"


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


KEPT = pytest.StashKey[list[Witness]]()


def scenario_of(item: pytest.Item) -> str | None:
    """Return what a test is marked with. Fails the test for a mark that says anything else."""
    mark = item.get_closest_marker("mockserver")
    if mark is None:
        return None
    if mark.args or mark.kwargs.keys() - {"scenario"}:
        written = ", ".join([*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())])
        pytest.fail(f"mark mockserver({written}): it takes scenario=NAME and nothing else", pytrace=False)
    found: str | None = mark.kwargs.get("scenario")
    return found


@pytest.fixture
def mockserver_witnesses(request: pytest.FixtureRequest) -> Iterator[Callable[[], Witness]]:
    """Give what makes a witness for each mock that a test uses. Fails the test once for what they all have seen."""
    scenario = scenario_of(request.node)
    seen = request.node.stash[KEPT] = []

    def begin() -> Witness:
        seen.append(Witness(scenario))
        return seen[-1]

    yield begin
    if unmatched := [line for each in seen for line in each.unmatched()]:
        pytest.fail("\n".join(unmatched), pytrace=False)


@pytest.fixture(scope="session")
def mockserver_session(pytestconfig: pytest.Config) -> Iterator["Mock"]:
    """Give the session's mock: the one that is named by --mockserver-url, else one of this process's own.

    For fixtures that outlive a test: nobody watches or closes the accounts that it opens.
    """
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
def mockserver(
    mockserver_session: "Mock", mockserver_witnesses: Callable[[], Witness]
) -> Generator[TestMock, None, None]:
    """Give a mock whose accounts are this test's own."""
    test_mock = TestMock(mockserver_session, mockserver_witnesses())
    yield test_mock
    test_mock.close()


@pytest.fixture(scope="session")
def mockserver_url(mockserver_session: "Mock") -> str:
    """Give the address of the session's mock."""
    return mockserver_session.url


@pytest.fixture
def make_mockserver(
    pytestconfig: pytest.Config, mockserver_witnesses: Callable[[], Witness]
) -> Iterator[Callable[..., "MockServer"]]:
    """Give what starts mocks of the test's own, with settings as for MockServer; they end with the test."""
    from mockserver.faces.witnessed import WitnessedServer

    started: list[WitnessedServer] = []

    def make(**settings: Any) -> WitnessedServer:
        started.append(WitnessedServer(mockserver_witnesses(), **settings))
        return started[-1]

    yield make
    for each in started:
        take_coverage(pytestconfig, each)
        each.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and (lines := [line for each in item.stash.get(KEPT, ()) for line in each.report()]):
        report.sections.append(("mockserver: what was called", "\n".join(lines)))
    return report
