"""Schemathesis on every served document: no unplanned error, and what fits is refused only by a named rule."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Started

FUZZ = Path(__file__).resolve().parent.parent / "fuzz"
EXAMPLES = os.environ.get("MOCKSERVER_TEST_EXAMPLES", "60")
CREDENTIALS: dict[str, tuple[str, ...]] = {
    "emberqa": ("-H", "Authorization: Bearer emberqa-demo-key"),
    "resonaa": (),
    "authenticx": ("-H", "Authorization: Bearer authenticx-demo-token"),
    "voxjar": ("-H", "Authorization: Bearer voxjar-demo-token"),
    "siro": ("-H", "x-siro-auth-token: siro-demo-token"),
    "siro@2026-08": ("-H", "x-siro-auth-token: siro-demo-token"),
}
# What a vendor wants to know of who asks, in bodies.
CLIENT = {"client_id": "authenticx-demo-client", "client_secret": "authenticx-demo-secret"}
FIELDS: dict[str, dict[str, str]] = {
    "resonaa": {"FUZZ_FIELD": "api_key", "FUZZ_CREDENTIAL": "resonaa-demo-key"},
    "authenticx": {"FUZZ_CLIENTS": json.dumps({"/connect/token": CLIENT})},
}
# Ours asks instead that a refusal of fitting data comes from a rule.
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start a server of the fuzzer's own: what it leaves behind is in nobody's way."""
    started = Started("--check-replies", cwd=tmp_path_factory.mktemp("fuzzed"))
    yield started
    assert started.stop() == 0


def fuzz(document: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(FUZZ / "schemathesis.toml")),
        *("run", document, "--phases", "examples,coverage,fuzzing", "-n", EXAMPLES, "-c", "all"),
        *("--exclude-checks", LEFT_OUT, "--request-timeout", "10", "--continue-on-failure", "--no-color"),
        *("--generation-deterministic", "--seed", "4747"),
        *arguments,
    ]
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {**known, "SCHEMATHESIS_HOOKS": str(FUZZ / "hooks.py"), **environment}
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=300, check=False, cwd=FUZZ)


@pytest.mark.parametrize("vendor", CREDENTIALS)
def test_a_vendors_document_holds(vendor: str, fuzzed: Started) -> None:
    done = fuzz(f"{fuzzed.url}/_mock/openapi/{vendor}.json", *CREDENTIALS[vendor], **FIELDS.get(vendor, {}))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_admin_document_holds(fuzzed: Started) -> None:
    done = fuzz(f"{fuzzed.url}/_mock/openapi.json", FUZZ_ADMIN="1")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
