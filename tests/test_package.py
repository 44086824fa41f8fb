"""The package as a stranger gets it: the image's steps in an empty environment outside the checkout, then asked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.redis_server import fresh_address, needs_redis

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def copied() -> Iterator[tuple[str, str]]:
    """Yield what the image copies from the checkout: from, to."""
    for line in DOCKERFILE.splitlines():
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--"):
            yield from ((source, f"{words[-1]}/{source}" if words[-1] == "./" else words[-1]) for source in words[1:-1])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of commands of an environment that holds only what the image installs."""
    folder = tmp_path_factory.mktemp("image")
    for source, target in copied():
        place = folder / "source" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    venv.create(folder / "environment", with_pip=True)
    commands = folder / "environment" / "bin"
    step = "RUN python -m venv /opt/mockserver && /opt/mockserver/bin/pip install --no-cache-dir '.[redis]'"
    assert step in DOCKERFILE
    install: list[str | Path] = [commands / "pip", "install", "--quiet", "--disable-pip-version-check", ".[redis]"]
    subprocess.run(install, cwd=folder / "source", check=True, timeout=300)
    return commands


@pytest.fixture(scope="module")
def started(installed: Path) -> Iterator[str]:
    """Start the installed command as the image does, on a free port."""
    settings = {"MOCKSERVER_HOST": "0.0.0.0", "MOCKSERVER_PORT": "0", "MOCKSERVER_ADMIN_TOKEN": "mine"}  # noqa: S104
    environment = {"PATH": f"{installed}:{os.environ['PATH']}", **settings}
    assert 'ENTRYPOINT ["mockserver"]\nCMD ["serve"]' in DOCKERFILE
    process = subprocess.Popen(
        [installed / "mockserver", "serve"],
        cwd=installed,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("mockserver ready at http://0.0.0.0:")
    yield "http://127.0.0.1:" + line.strip().rpartition(":")[2]
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    process.stdout.close()


def test_the_installed_package_serves_every_vendor(started: str) -> None:
    health = json.load(urlopen(f"{started}/_mock/health", timeout=5))
    assert health["vendors"] == sorted(path.name for path in (ROOT / "schemas").iterdir() if path.name[0] != "_")


@needs_redis
def test_the_installed_package_serves_from_a_shared_store(installed: Path) -> None:
    code = (
        "import asyncio, sys; from mockserver.state.shared import RedisStore as S; asyncio.run(S(sys.argv[1]).dump())"
    )
    subprocess.run([installed / "python", "-c", code, fresh_address()], cwd=installed, check=True, timeout=60)


def test_the_installed_package_answers_an_upload(started: str) -> None:
    body = json.dumps({"media_url": "https://example.com/call-audio.mp3"}).encode()
    headers = {"Authorization": "Bearer emberqa-demo-key", "Content-Type": "application/json"}
    with urlopen(Request(f"{started}/emberqa/api/scoring/submitRecording", body, headers), timeout=5) as answer:
        assert json.load(answer) == {"message": "File Accepted"}


def test_the_images_health_check_follows_the_port(installed: Path, started: str) -> None:
    assert 'CMD ["mockserver", "health"]' in DOCKERFILE
    environment = {"PATH": f"{installed}", "MOCKSERVER_HOST": "0.0.0.0", "MOCKSERVER_PORT": started.rpartition(":")[2]}  # noqa: S104
    done = subprocess.run(
        [installed / "mockserver", "health"], env=environment, capture_output=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout[:3]) == (0, b"ok:")


def test_the_installed_package_walks_a_tour(installed: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [installed / "mockserver", "tour", "voxjar"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_installed_package_verifies_a_server_with_the_cases_and_files_it_brings(
    installed: Path, started: str, tmp_path: Path
) -> None:
    words = ["verify", "voxjar", "-k", "accepted/by-form", "--against", started, "--admin-token", "mine"]
    command: list[str | Path] = [installed / "mockserver", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout.decode().endswith("a mock: 5 ok, 0 differ, 0 not sent\n")


def test_the_installed_package_has_its_console(installed: Path) -> None:
    (console,) = installed.parent.glob("lib/python*/site-packages/mockserver/faces/console")
    here = ROOT / "mockserver" / "faces" / "console"
    assert {path.name: path.read_bytes() for path in console.iterdir()} == {
        path.name: path.read_bytes() for path in here.iterdir()
    }


def test_the_installed_package_is_sound(installed: Path, tmp_path: Path) -> None:
    environment = {"PATH": f"{installed}", "MOCKSERVER_PORT": "0"}
    done = subprocess.run(
        [installed / "mockserver", "doctor"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()


def test_the_dockerfile_is_plain_and_linted() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "hadolint", ROOT / "Dockerfile"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    assert "USER 10001:10001" in DOCKERFILE
