"""The README is true: its commands are run and answer as shown, its tables are those of the code."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import needs

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()
SHOWN = "http://127.0.0.1:4747"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def shown(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block and what it is shown to answer."""
    for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, answer = piece.partition("\n")
        yield command, answer.strip()


def matches(shown: str, real: str) -> bool:
    """Compare line ends aside; an ellipsis stands for anything."""
    pattern = ".*?".join(re.escape(piece) for piece in shown.split("…"))
    return re.fullmatch(pattern, real.replace("\r", "").strip(), re.DOTALL) is not None


def run(command: str, url: str) -> str:
    here = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "MOCKSERVER_URL": url}
    done = subprocess.run(
        ["sh", "-c", command.replace(SHOWN, url)],
        cwd=ROOT,
        env=here,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.replace(url, SHOWN)


def test_there_is_something_to_run() -> None:
    assert sum(len(list(shown(block))) for block in BLOCK.findall(README)) >= 6


@needs("curl")
def test_commands_answer_as_shown(server: Any) -> None:
    """From the first to the last at one server, as they are read: some go on from what others have opened."""
    for block in BLOCK.findall(README):
        for command, answer in shown(block):
            real = run(command, server.url)
            assert matches(answer, real), f"{command}\n{real}"


PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("number", range(len(PYTHON.findall(README))))
def test_python_does_what_it_says(number: int, tmp_path: Path) -> None:
    """Run a block as a user would: as a file of tests where it holds tests, else as a program."""
    block = PYTHON.findall(README)[number]
    path = tmp_path / "test_shown.py"
    path.write_text(block)
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if "def test_" in block else []
    done = subprocess.run(
        [sys.executable, *words, str(path)], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_other_command_has_its_own_test() -> None:
    commands = [line for block in SHELL.findall(README) for line in block.strip().splitlines()]
    assert commands == [
        "scripts/serve",  # below
        "mockserver serve --allow-origin http://localhost:5173",  # test_origins.py
        "mockserver serve --store redis://localhost:6379/0 --workers 4",  # test_sharing.py, test_workers.py
        "docker build -t mockserver .",  # its steps: tests/test_package.py
        "docker run --rm -p 127.0.0.1:4747:4747 mockserver",
    ]


def test_the_serve_script_serves() -> None:
    process = subprocess.Popen(
        [ROOT / "scripts" / "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    try:
        assert process.stdout.readline().startswith("mockserver ready at http://127.0.0.1:")
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()


def test_the_tables_are_those_of_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/tables.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_path_of_the_admin_api_is_in_its_tables() -> None:
    paths = json.loads((ROOT / "schemas" / "_admin" / "openapi.json").read_bytes())["paths"]
    named = {path.replace("openapi/{file}", "openapi/{vendor}.json") for path in paths} - {"/console/{file}"}
    assert [path for path in named if not re.search(f"/_mock{re.escape(path)}[`?]", README)] == []


def test_every_verb_and_mark_is_explained() -> None:
    from mockserver.faces.cli import VERBS

    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert [
        verb for verb in VERBS if f"`{verb}`" not in changelog and f"mockserver {verb}" not in README + changelog
    ] == []
