"""The house holds: floors import downwards only, files and functions stay small, time comes from the clock."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from mockserver import __version__

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "mockserver").rglob("*.py"))
TESTS = sorted({*(ROOT / "tests").rglob("*.py")} - {Path(__file__)})  # this file spells out what it forbids
NOW = r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\("
SLEEP = r"\btime\.sleep\(|from time import .*\bsleep\b|asyncio\.sleep\((?!0\))"
LEFT_OVER = r"\b(TODO|FIXME|XXX)\b"
CLOCK = ROOT / "mockserver/state/clock.py"
LONGEST_FILE = 250


def placed(path: Path) -> str:
    return str(path.relative_to(ROOT))


def found(pattern: str, paths: list[Path]) -> list[str]:
    return [placed(path) for path in paths if re.search(pattern, path.read_text())]


def function_lengths() -> Iterator[int]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_import_goes_where_its_floor_allows() -> None:
    # A process of its own: in ours it would switch off every logger there is.
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_source_file_is_long() -> None:
    lengths = {placed(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = list(function_lengths())
    assert len(lengths) > len(SOURCES)
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 25


def test_nothing_sleeps() -> None:
    assert found(SLEEP, [*SOURCES, *TESTS]) == []


def test_only_the_clock_asks_for_the_time() -> None:
    assert found(NOW, SOURCES) == [placed(CLOCK)]


def test_nothing_is_left_for_later() -> None:
    assert found(LEFT_OVER, [*SOURCES, *TESTS]) == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_the_package_tells_the_version_that_it_is_published_as() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == __version__
