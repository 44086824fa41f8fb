"""What tests of the faces share: a started server, a way to start more, and verbs run in this process."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.faces.cli import main
from mockserver.faces.logs import Lines
from mockserver.settings import SETTINGS
from tests.processes import Run, Started


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    started = Started("--check-replies", cwd=tmp_path_factory.mktemp("server"))
    yield started
    assert started.stop() == 0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start servers of a test's own; those it leaves running are ended after it."""
    running: list[Started] = []

    def begin(*flags: str, **settings: str) -> Started:
        running.append(Started(*flags, cwd=tmp_path, **settings))
        return running[-1]

    yield begin
    for started in running:
        started.stop()


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Let a test set up logging without a trace of it remaining."""
    loggers = [logging.getLogger(name) for name in (None, "mockserver", "python_multipart")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    for handler in [each for each in logging.root.handlers if isinstance(each.formatter, Lines)]:
        logging.root.removeHandler(handler)


@pytest.fixture
def verb(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored_logging: None
) -> Run:
    """Run a verb in this process, in an empty folder; return status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    for name in ("MOCKSERVER_URL", *(setting.variable for setting in SETTINGS)):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        status: Any = 0
        try:
            main([*words])
        except SystemExit as ended:
            status = ended.code
        captured = capsys.readouterr()
        return status or 0, captured.out, captured.err

    return call
