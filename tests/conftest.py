"""What holds for every test: none leaves loopback, and none is skipped where everything is required."""

import os
import sys
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

import pytest

from tests.egress import Watch

pytest_plugins = ["pytester"]
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session", autouse=True)
def watch() -> Iterator[None]:
    """Refuse whatever leaves loopback, and fail the session for it even where the refusal was caught."""
    hook = Watch()
    sys.addaudithook(hook)
    yield
    assert hook.seen == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; and of neighbours at the beginning, one worker makes the environment for all."""
    items.sort(key=lambda item: item.path.name not in ("test_package.py", "test_fuzz.py"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return required((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: Any) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return required((yield))


def required(report: Report) -> Report:
    """Make a skip a failure where `MOCKSERVER_TEST_REQUIRE` is `all`; an expected failure is no skip."""
    if os.environ.get("MOCKSERVER_TEST_REQUIRE") == "all" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"required, and skipped: {report.longrepr}"
    return report
