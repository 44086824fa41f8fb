"""Schemathesis on every served document: no unplanned error, and what fits is refused only by a named rule."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from mockserver.engine.links import every_link
from mockserver.model import Grant
from tests.closure import FOLDERS, behaviour_of
from tests.facts import account
from tests.processes import Started
from tests.worlds import document

FUZZ = Path(__file__).resolve().parent.parent / "fuzz"
EXAMPLES = os.environ.get("MOCKSERVER_TEST_EXAMPLES", "60")
# What a vendor wants to know of a client beside its name, in bodies.
CLIENT = {"client_id": "authenticx-demo-client", "client_secret": "authenticx-demo-secret"}
CLIENTS: dict[str, dict[str, str]] = {"authenticx": {"FUZZ_CLIENTS": json.dumps({"/connect/token": CLIENT})}}
# Ours asks instead that a refusal of fitting data comes from a rule.
LEFT_OUT = "positive_data_acceptance"
# How an operation answers that knows the record it is asked about.
FOUND = (200, 201, 202, 204, 409, 410)
# These read back what was sent, at addresses that only their answers tell.
READ_BACK = ("authenticx", "emberqa", "siro", "siro@2026-08", "voxjar")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start a server of the fuzzer's own: what it leaves behind is in nobody's way."""
    started = Started("--check-replies", cwd=tmp_path_factory.mktemp("fuzzed"))
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start a server on which everything is done at once, so that whoever follows a link finds it done."""
    started = Started("--check-replies", "--pace", "immediate", cwd=tmp_path_factory.mktemp("finished"))
    yield started
    assert started.stop() == 0


def demo_auth(name: str) -> dict[str, dict[str, str]]:
    """Return the demo account's credential for each security scheme of a document, in the fuzzer's own words."""
    own, grants = account(name).credentials, behaviour_of(name).grants
    grants = {key: grant for key, grant in grants.items() if key in own} or dict.fromkeys(own, Grant())
    found: dict[str, dict[str, str]] = {}
    for scheme in {
        scheme.name: scheme for endpoint in document(name).endpoints for scheme in endpoint.schemes
    }.values():
        value = next((own[key] for key, grant in grants.items() if grant.fits(scheme.name)), "")
        words = {"bearer": {"bearer": value}, "header": {"api_key": value}, "query": {"api_key": value}}
        pair = {"username": value, "password": own.get("client_secret", "")}
        found[scheme.name] = words.get(scheme.way, pair)
    return {scheme: words for scheme, words in found.items() if all(words.values())}


def configured(folder: Path, name: str) -> Path:
    """Write the fuzzer's settings with a vendor's demo credentials."""
    tables = [
        f"[auth.openapi.{json.dumps(scheme)}]\n"
        + "".join(f"{word} = {json.dumps(text)}\n" for word, text in own.items())
        for scheme, own in demo_auth(name).items()
    ]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join([(FUZZ / "schemathesis.toml").read_text(), *tables]))
    return path


def in_body(name: str) -> dict[str, str]:
    """Return the field that a vendor's credential travels in where it is one of the body."""
    bodies = (body for endpoint in document(name).endpoints for body in endpoint.bodies.values())
    field = next((body.credential for body in bodies if body.credential), None)
    return {"FUZZ_FIELD": field, "FUZZ_CREDENTIAL": next(iter(account(name).credentials.values()))} if field else {}


def fuzz(
    address: str, *arguments: str, config: Path = FUZZ / "schemathesis.toml", **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
        *("run", address, "-n", EXAMPLES, "-c", "all"),
        *("--exclude-checks", LEFT_OUT, "--request-timeout", "10", "--continue-on-failure", "--no-color"),
        *("--generation-deterministic", "--seed", "4747"),
        *arguments,
    ]
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {**known, "SCHEMATHESIS_HOOKS": str(FUZZ / "hooks.py"), **environment}
    return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=300, check=False, cwd=FUZZ)


ALONE = ("--phases", "examples,coverage,fuzzing")


@pytest.mark.parametrize("vendor", FOLDERS)
def test_a_vendors_document_holds(vendor: str, fuzzed: Started, tmp_path: Path) -> None:
    address = f"{fuzzed.url}/_mock/openapi/{vendor}.json"
    done = fuzz(address, *ALONE, config=configured(tmp_path, vendor), **in_body(vendor), **CLIENTS.get(vendor, {}))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_admin_document_holds(fuzzed: Started) -> None:
    done = fuzz(f"{fuzzed.url}/_mock/openapi.json", *ALONE, FUZZ_ADMIN="1")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def targets(name: str) -> set[str]:
    """Return the operations that a document's links lead to."""
    whole = document(name)
    shared = whole.content.get("components", {}).get("responses", {})
    return {link["operationId"] for _, link in every_link(whole.endpoints, shared)}


LINKED = [name for name in FOLDERS if targets(name)]


@pytest.mark.parametrize("vendor", READ_BACK)
def test_what_reads_back_is_linked_to_what_was_sent(vendor: str) -> None:
    reading = [endpoint for endpoint in document(vendor).endpoints if endpoint.method == "GET"]
    assert not reading or vendor in LINKED


def was_reached(server: Started, vendor: str, operation: str) -> bool:
    """Ask the journal for a call of an operation that found what it was about."""
    for status in FOUND:
        query = urlencode({"vendor": vendor, "operation": operation, "status": status, "limit": 1})
        with urlopen(f"{server.url}/_mock/journal?{query}") as answer:
            if json.load(answer)["total"]:
                return True
    return False


@pytest.mark.parametrize("vendor", LINKED)
def test_links_lead_where_they_say(vendor: str, finished: Started, tmp_path: Path) -> None:
    address = f"{finished.url}/_mock/openapi/{vendor}.json"
    settings = {"FUZZ_EXAMPLES": "1", **in_body(vendor)}
    done = fuzz(address, "--phases", "stateful", config=configured(tmp_path, vendor), **settings)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    # The server makes up the ids, so nobody finds anything who has not followed a link. Not every target need be
    # found: the fuzzer begins only where it expects to succeed.
    assert any(was_reached(finished, vendor, target) for target in targets(vendor))
