"""The plugin as its users meet it: in runs of pytest of their own."""

import json
from collections.abc import Callable

import pytest

from tests.processes import Started

HEAD = """
import httpx
import pytest

GOOD = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}

def upload(account, path="/api/v1/upload", **change):
    headers = {"Authorization": f"Bearer {account.token}"}
    return httpx.post(account.url + path, headers=headers, json={**GOOD, **change}, trust_env=False)
"""
Ran = Callable[..., pytest.RunResult]


@pytest.fixture
def ran(pytester: pytest.Pytester) -> Ran:
    """Run a file of tests as a user would: in a process of its own, with the plugin found by its entry point."""

    def run(tests: str, *flags: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + tests)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)

    return run


def test_an_account_is_a_tests_own(ran: Ran) -> None:
    result = ran("""
@pytest.mark.parametrize("number", range(3))
def test_upload(mockserver, number):
    voxjar = mockserver.account("voxjar", credits=5)
    assert upload(voxjar).status_code == 200
    assert len(voxjar.journal.list()) == 1
    assert [record.kind for record in voxjar.records.list(kind="interaction")] == ["interaction"]

def test_refused(mockserver, mockserver_url):
    voxjar = mockserver.account("voxjar")
    assert voxjar.url.startswith(mockserver_url)
    assert upload(voxjar, direction="inbound").status_code == 400
    assert voxjar.journal.last().refused_by == "schema/direction-inbound-or-outbound"
""")
    result.assert_outcomes(passed=4)


def test_a_fixture_may_outlive_a_test(ran: Ran) -> None:
    result = ran("""
@pytest.fixture(scope="session")
def client(mockserver_url):
    with httpx.Client(base_url=mockserver_url, trust_env=False) as client:
        yield client

@pytest.fixture(scope="class")
def shared(mockserver_session):
    account = mockserver_session.account("voxjar")
    yield account
    account.close()

class TestShared:
    def test_upload(self, shared):
        assert upload(shared).status_code == 200

    def test_it_is_the_same_server(self, shared, client, mockserver):
        assert shared.url == mockserver.account("voxjar").url
        assert str(client.base_url) == mockserver.url
        assert shared.journal.count() == 1
""")
    result.assert_outcomes(passed=2)


def test_a_failing_test_tells_what_was_called(ran: Ran) -> None:
    result = ran("""
def test_upload(mockserver):
    assert upload(mockserver.account("voxjar"), direction="inbound").status_code == 200
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*mockserver: what was called*",
            "voxjar/*: 1 calls",
            "*POST /api/v1/upload  voxjar uploadInteraction: 400 refused by schema/direction-inbound-or-outbound",
            "*schema: $.direction: *",
            "  acceptable with",
            '             set $.direction to "OUTBOUND"',
        ]
    )


def test_a_failing_test_tells_what_its_calls_have_caused(ran: Ran) -> None:
    result = ran("""
def test_upload(mockserver):
    hook = {"type": "webhook", "url": "http://127.0.0.1:9/hook?key=secret"}
    card = {"id": "sc", "name": "Card", "status": "ACTIVE", "actions": [hook]}
    voxjar = mockserver.account("voxjar", book={"scorecards": [card]})
    assert upload(voxjar, evaluation={"scorecardId": "sc"}).status_code == 200
    mockserver.clock.advance_until_idle()
    assert voxjar.webhooks.last().state == "delivered"
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*POST /api/v1/upload  voxjar uploadInteraction: 200 accepted",
            "      webhook *: * given-up http://127.0.0.1:9/hook?…: attempt 1, connect error*",
        ]
    )


def test_a_call_that_met_no_operation_fails_the_test(ran: Ran) -> None:
    result = ran("""
def test_upload(mockserver):
    assert upload(mockserver.account("voxjar"), "/api/v1/uplaod").status_code == 404

def test_on_purpose(mockserver):
    assert upload(mockserver.account("voxjar", allow_unmatched=True), "/api/v1/uplaod").status_code == 404
""")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*voxjar/*: POST /api/v1/uplaod met no operation of voxjar (404)*"])


ALONE = pytest.mark.parametrize("flags", [(), ("--numprocesses", "1")], ids=["alone", "worker"])


@ALONE
def test_a_last_test_that_fails_in_its_teardown_is_told(flags: tuple[str, ...], ran: Ran) -> None:
    result = ran(
        """
def test_upload(mockserver):
    assert upload(mockserver.account("voxjar"), "/api/v1/uplaod").status_code == 404
""",
        *flags,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "voxjar/*: POST /api/v1/uplaod met no operation of voxjar (404)",
            "*mockserver: what was called*",
            "voxjar/*: 1 calls",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@ALONE
def test_a_fixture_on_ours_may_fail_in_the_last_teardown(flags: tuple[str, ...], ran: Ran) -> None:
    result = ran(
        """
@pytest.fixture
def voxjar(mockserver):
    account = mockserver.account("voxjar")
    yield account
    assert account.journal.last().status == 400

def test_upload(voxjar):
    assert upload(voxjar).status_code == 200
""",
        *flags,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["E*assert 200 == 400*", "*what was called*", "*POST /api/v1/upload *: 200 accepted"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@ALONE
def test_a_server_that_goes_away_ends_no_session(
    flags: tuple[str, ...], ran: Ran, start: Callable[..., Started]
) -> None:
    server = start("--vendors", "voxjar")
    result = ran(
        """
import os
import signal

def test_upload(mockserver):
    voxjar = mockserver.account("voxjar")
    os.kill(PROCESS, signal.SIGTERM)
    while True:
        upload(voxjar)

def test_nothing():
    pass
""".replace("PROCESS", str(server.process.pid)),
        *("--mockserver-url", server.url, *flags),
    )
    result.assert_outcomes(passed=1, failed=1, errors=1)
    gone = "voxjar/*: what was called cannot be told: ConnectError(*)"
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_upload*", gone, "*FAILURES*", "*what was called*", gone])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_what_the_mock_cannot_explain_is_a_line_of_the_report(ran: Ran) -> None:
    result = ran("""
def test_upload(mockserver, monkeypatch):
    from mockserver.faces.python.hand import MockError
    from mockserver.faces.python.lists import JournalOf

    def explain(*_):
        raise MockError(500, {"detail": "no words"})

    monkeypatch.setattr(JournalOf, "explain", explain)
    assert upload(mockserver.account("voxjar"), direction="inbound").status_code == 200

def test_nothing():
    pass
""")
    result.assert_outcomes(passed=1, failed=1)
    cannot = "voxjar/*: what was called cannot be told: MockError('no words')"
    result.stdout.fnmatch_lines(["voxjar/*: 1 calls", "*POST /api/v1/upload *: 400 refused by *", cannot])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_server_of_ones_own_has_settings(ran: Ran) -> None:
    result = ran("""
def test_pace(make_mockserver):
    mock = make_mockserver(vendors=["voxjar"], pace="immediate")
    assert mock.clock.read().pace == "immediate"
    assert [vendor["name"] for vendor in mock.vendors()] == ["voxjar"]
""")
    result.assert_outcomes(passed=1)


def test_what_calls_a_server_of_ones_own_is_watched(ran: Ran) -> None:
    result = ran("""
def test_stray(make_mockserver):
    assert upload(make_mockserver().account("voxjar"), "/api/v1/uplaod").status_code == 404

def test_on_purpose(make_mockserver):
    assert upload(make_mockserver().account("voxjar", allow_unmatched=True), "/api/v1/uplaod").status_code == 404

def test_ended_by_the_test(make_mockserver):
    with make_mockserver() as mock:
        assert upload(mock.account("voxjar"), "/api/v1/uplaod").status_code == 404

@pytest.mark.mockserver(scenario="flaky-then-fine")
def test_marked(make_mockserver):
    assert upload(make_mockserver().account("voxjar")).status_code == 500
    other = make_mockserver().account("voxjar", scenario="vendor-down")
    assert upload(other).status_code == 500
    assert other.journal.last().fault == "vendor-down"

def test_both(mockserver, make_mockserver):
    for mock in (mockserver, make_mockserver()):
        assert upload(mock.account("voxjar"), "/api/v1/uplaod").status_code == 404
""")
    result.assert_outcomes(passed=5, errors=3)
    stray = "voxjar/*: POST /api/v1/uplaod met no operation of voxjar (404)"
    lines = [stray, "*mockserver: what was called*", "voxjar/*: 1 calls"]
    result.stdout.fnmatch_lines(
        [
            *("*ERROR at teardown of test_stray*", *lines),
            *("*ERROR at teardown of test_ended_by_the_test*", *lines),
            *("*ERROR at teardown of test_both*", stray, *lines),
        ]
    )


def test_a_failing_test_tells_what_called_each_of_its_servers(ran: Ran) -> None:
    result = ran("""
def test_upload(mockserver, make_mockserver):
    assert upload(mockserver.account("voxjar")).status_code == 200
    with make_mockserver() as ended:
        assert upload(ended.account("voxjar"), direction="outbound").status_code == 400
    assert upload(make_mockserver().account("voxjar"), direction="inbound").status_code == 200
""")
    result.assert_outcomes(failed=1)
    refused = ["voxjar/*: 1 calls", "*: 400 refused by schema/direction-*", "  acceptable with"]
    result.stdout.fnmatch_lines(["*what was called*", "voxjar/*: 1 calls", "*: 200 accepted", *refused, *refused])


def test_of_many_calls_the_last_are_told(ran: Ran) -> None:
    result = ran("""
def test_uploads(mockserver):
    voxjar = mockserver.account("voxjar")
    for number in range(21):
        upload(voxjar, f"/api/v1/uploads/{number}")
    assert voxjar.name not in [each.name for each in mockserver.accounts("voxjar")]
""")
    result.assert_outcomes(failed=1, errors=1)
    lines = [
        "*FAILURES*",
        "E*AssertionError*",
        "voxjar/*: 21 calls, the last 20:",
        "  POST /api/v1/uploads/1 *",
        "  POST /api/v1/uploads/2 *",
    ]
    result.stdout.fnmatch_lines(lines)


def test_workers_share_one_server_and_meet_nobody_else(ran: Ran, server: Started) -> None:
    result = ran(
        """
@pytest.mark.parametrize("number", range(32))
def test_upload(mockserver, mockserver_url, number):
    assert mockserver_url == ADDRESS
    voxjar = mockserver.account("voxjar")
    for each in range(number % 4 + 1):
        assert upload(voxjar, sourceIdentifier=f"{number}-{each}").status_code == 200
    sent = {record.body["sourceIdentifier"] for record in voxjar.records.list(kind="interaction")}
    assert sent == {f"{number}-{each}" for each in range(number % 4 + 1)}
    assert len(voxjar.journal.list()) == number % 4 + 1
    voxjar.faults.plant("broken", times=1)
    assert [upload(voxjar, sourceIdentifier=f"{number}-x").status_code for _ in range(2)] == [500, 200]
    hook = {"type": "webhook", "url": "http://127.0.0.1:9/hook"}
    voxjar.change(book={"scorecards": [{"id": "sc", "name": "Card", "status": "ACTIVE", "actions": [hook]}]})
    assert upload(voxjar, evaluation={"scorecardId": "sc"}).status_code == 200
    assert [each.account for each in voxjar.webhooks.list()] == [voxjar.name]
    assert "direction-inbound-or-outbound" not in {item.claim for item in voxjar.coverage().items if item.broken}
    if number % 2:
        assert upload(voxjar, direction="inbound").status_code == 400
        assert "direction-inbound-or-outbound" in {item.claim for item in voxjar.coverage().items if item.broken}
""".replace("ADDRESS", json.dumps(server.url)),
        *("--numprocesses", "4", "--mockserver-url", server.url),
    )
    result.assert_outcomes(passed=32)


def test_a_marker_puts_a_scenario_on_the_accounts_of_a_test(ran: Ran) -> None:
    result = ran("""
@pytest.mark.mockserver(scenario="flaky-then-fine")
def test_retries(mockserver):
    voxjar = mockserver.account("voxjar")
    assert [upload(voxjar).status_code for _ in range(3)] == [500, 500, 200]
    assert upload(mockserver.account("voxjar", scenario=None)).status_code == 200
""")
    result.assert_outcomes(passed=1)


def test_a_mark_that_says_anything_else_fails_its_test(ran: Ran) -> None:
    result = ran("""
@pytest.mark.mockserver("flaky-then-fine")
def test_placed(mockserver):
    pass

@pytest.mark.mockserver(scenaro="flaky-then-fine")
def test_mistyped(make_mockserver):
    pass

@pytest.mark.mockserver(scenario="")
def test_empty(mockserver):
    mockserver.account("voxjar")

@pytest.mark.mockserver
def test_bare(mockserver):
    assert upload(mockserver.account("voxjar")).status_code == 200
""")
    result.assert_outcomes(passed=1, failed=1, errors=2)
    result.stdout.fnmatch_lines(
        [
            "mark mockserver('flaky-then-fine'): it takes scenario=NAME and nothing else",
            "mark mockserver(scenaro='flaky-then-fine'): it takes scenario=NAME and nothing else",
            "*MockError: scenario must not be empty",
        ]
    )


def test_a_run_without_the_fixture_imports_nothing_of_ours(ran: Ran) -> None:
    result = ran("""
import sys

def test_nothing():
    assert "mockserver.faces.python.server" not in sys.modules
    assert "uvicorn" not in sys.modules
""")
    result.assert_outcomes(passed=1)
