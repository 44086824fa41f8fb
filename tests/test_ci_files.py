"""The files for docker compose and GitHub Actions are what those programs read."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE, ACTIONS = ROOT / "compose.yaml", ROOT / "fixtures" / "ci" / "github-actions.yml"


def check(schema: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("schema", "path"), [("vendor.compose-spec", COMPOSE), ("vendor.github-workflows", ACTIONS)], ids=["compose", "ci"]
)
def test_a_file_fits_its_published_schema(schema: str, path: Path) -> None:
    done = check(schema, path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_that_does_not_fit_would_be_found(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text().replace("ports:", "prots:"))
    assert check("vendor.compose-spec", wrong).returncode == 1


def test_both_ask_for_health_as_the_image_does() -> None:
    service = yaml.safe_load(COMPOSE.read_text())["services"]["mockserver"]
    assert service["healthcheck"]["test"] == ["CMD", "mockserver", "health"]
    assert 'CMD ["mockserver", "health"]' in (ROOT / "Dockerfile").read_text()
    assert '--health-cmd "mockserver health"' in ACTIONS.read_text()
