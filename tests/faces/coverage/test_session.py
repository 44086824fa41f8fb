"""Rule coverage in runs of pytest, as their users meet it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Started

HEAD = """
import httpx
import pytest

GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}

def upload(account, **change):
    headers = {"Authorization": f"Bearer {account.token}"}
    return httpx.post(f"{account.url}/api/v1/upload", headers=headers, json={**GOOD, **change}, trust_env=False)
"""
SUITE = """
def test_accepted(mockserver):
    assert upload(mockserver.account("voxjar")).status_code == 200

def test_refused(mockserver):
    voxjar = mockserver.account("voxjar")
    assert upload(voxjar, direction="inbound").status_code == 400
    assert len(voxjar.coverage().items) == len(mockserver.coverage("voxjar").items)
    assert voxjar.coverage().totals.broken.seen == 1

def test_planted(mockserver):
    headers = {"Prefer": "code=402", "Authorization": f"Bearer {mockserver.account('voxjar').token}"}
    url = f"{mockserver.url}/voxjar/api/v1/upload"
    assert httpx.post(url, headers=headers, json=GOOD, trust_env=False).status_code == 402
"""
SECTION = "*mockserver: rule coverage*"
SEEN = "voxjar: * % (* of 35 seen kept, 1 of 34 seen broken)"
Ran = Callable[..., pytest.RunResult]


@pytest.fixture
def ran(pytester: pytest.Pytester) -> Ran:
    def run(*flags: str, tests: str = SUITE) -> pytest.RunResult:
        pytester.makepyfile(HEAD + tests)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)

    return run


def written(pytester: pytest.Pytester) -> list[str]:
    return [path.name for path in Path(pytester.path).glob("*.html")]


def test_it_is_told_at_the_end_of_the_session(ran: Ran, pytester: pytest.Pytester) -> None:
    result = ran("--mockserver-coverage")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            SECTION,
            SEEN,
            "  uploadInteraction            31 * 1/30",
            "voxjar, uploadInteraction",
            "  never broken             direction-required",
            "                           direction is required for every type",
        ]
    )
    result.stdout.no_fnmatch_line("*direction-inbound-or-outbound*")
    result.stdout.no_fnmatch_line("siro*")
    assert (result.ret, written(pytester)) == (0, [])


def test_it_is_written_as_a_page(ran: Ran, pytester: pytest.Pytester) -> None:
    result = ran("--mockserver-coverage=html")
    result.stdout.fnmatch_lines([SECTION, SEEN, "written to mockserver-coverage.html"])
    result.stdout.no_fnmatch_line("*never broken*")
    assert "direction-required" in (Path(pytester.path) / "mockserver-coverage.html").read_text("utf-8")


def test_without_the_option_nothing_is_told(ran: Ran) -> None:
    ran().stdout.no_fnmatch_line(SECTION)


def test_too_little_fails_the_session(ran: Ran) -> None:
    result = ran("--mockserver-coverage-fail-under", "90")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines([SECTION, SEEN, "FAILED: * % is seen, and at least 90 % is asked for"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert ran("--mockserver-coverage-fail-under", "10").ret == pytest.ExitCode.OK


def test_that_no_vendor_was_called_is_too_little(ran: Ran) -> None:
    result = ran("--mockserver-coverage-fail-under=1", tests="def test_nothing(): ...")
    result.stdout.fnmatch_lines(["no call has shown anything of a vendor yet", "FAILED: 0 % is seen, *"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_what_else_went_wrong_keeps_its_status(ran: Ran) -> None:
    none = ran("--mockserver-coverage-fail-under=1", "-k", "nowhere")
    assert none.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert ran("--mockserver-coverage-fail-under=90", "--collect-only").ret == pytest.ExitCode.OK


def test_workers_with_a_server_each_are_merged(ran: Ran) -> None:
    result = ran("--mockserver-coverage", "--numprocesses", "3", "--dist", "each")
    result.stdout.fnmatch_lines([SECTION, SEEN])
    split = ran("--mockserver-coverage=html", "--numprocesses", "3")
    split.assert_outcomes(passed=3)
    split.stdout.fnmatch_lines([SECTION, SEEN, "written to mockserver-coverage.html"])
    few = ran("--mockserver-coverage-fail-under=90", "--numprocesses", "2")
    few.stdout.fnmatch_lines(["FAILED: * % is seen, and at least 90 % is asked for"])
    assert few.ret == pytest.ExitCode.TESTS_FAILED


def test_a_worker_that_breaks_off_is_told(ran: Ran) -> None:
    crash = "import os\n\ndef test_crash(mockserver):\n    os._exit(1)\n"
    result = ran("--mockserver-coverage", "--numprocesses", "1", "--max-worker-restart", "0", tests=crash)
    result.stdout.fnmatch_lines(["the worker gw0 broke off: what it had seen is not counted"])


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "pytest.exit('enough')"])
def test_what_was_seen_before_an_interruption_is_told(end: str, ran: Ran) -> None:
    result = ran("--mockserver-coverage", tests=SUITE + f"\ndef test_end(): {end}\n\ndef test_after(): ...\n")
    result.stdout.fnmatch_lines([SECTION, SEEN])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_workers_that_are_not_waited_for_are_told(ran: Ran, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("""
def pytest_runtest_logreport(report):
    if hasattr(report, "node"):
        raise KeyboardInterrupt
""")
    result = ran("--mockserver-coverage", "--numprocesses", "2")
    told = "the worker gw{} broke off: what it had seen is not counted"
    result.stdout.fnmatch_lines([SECTION, told.format(0), told.format(1)])
    assert result.ret == pytest.ExitCode.INTERRUPTED


def test_a_page_that_cannot_be_written_is_told(ran: Ran, pytester: pytest.Pytester) -> None:
    pytester.mkdir("mockserver-coverage.html")
    result = ran("--mockserver-coverage=html")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines([SECTION, SEEN, "mockserver-coverage.html cannot be written: Is a directory"])


def test_an_older_pytest_has_no_name_for_its_reporter(ran: Ran, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import pytest\n\ndel pytest.TerminalReporter")
    ran("--mockserver-coverage").stdout.fnmatch_lines([SECTION, SEEN])


def test_one_server_is_asked_once_for_all_workers(ran: Ran, start: Callable[..., Started]) -> None:
    server = start("--vendors", "voxjar")
    result = ran("--mockserver-coverage", "--numprocesses", "2", "--mockserver-url", server.url)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines([SECTION, SEEN])


def test_a_server_that_has_gone_is_told(ran: Ran) -> None:
    result = ran(
        *("--mockserver-coverage-fail-under", "0", "--mockserver-url", "http://127.0.0.1:9"),
        tests="def test_nothing(): ...",
    )
    result.stdout.fnmatch_lines(["http://127.0.0.1:9 does not tell its coverage: *"])
    result.assert_outcomes(passed=1)


MADE = """
def test_made(make_mockserver):
    assert upload(make_mockserver().account("voxjar")).status_code == 200
    assert upload(make_mockserver(vendors=["voxjar"]).account("voxjar"), direction="inbound").status_code == 400

def test_closed(make_mockserver):
    with make_mockserver(vendors=["voxjar"]) as mock:
        assert upload(mock.account("voxjar")).status_code == 200
"""


def test_mocks_of_a_tests_own_count_unless_it_has_closed_them(ran: Ran) -> None:
    result = ran("--mockserver-coverage", tests=MADE)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([SECTION, SEEN, "the mock at http://127.0.0.1:* was closed by a test: *not counted"])


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--mockserver-coverage", "test_x.py"), "*it is followed by =html or by nothing, not by 'test_x.py'*"),
        (("--mockserver-coverage=xml",), "*not by 'xml'*"),
        (("--mockserver-coverage-fail-under=101",), "*a number from 0 to 100, not '101'*"),
        (("--mockserver-coverage-fail-under=many",), "*a number from 0 to 100, not 'many'*"),
        (("--mockserver-coverage-fail-under=nan",), "*a number from 0 to 100, not 'nan'*"),
    ],
)
def test_wrong_usage_is_told(flags: Any, says: str, ran: Ran) -> None:
    result = ran(*flags)
    result.stderr.fnmatch_lines([says])
    assert result.ret == pytest.ExitCode.USAGE_ERROR
