"""Names are text and nothing else: they pass through unchanged, and nothing is ever opened by them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.hostile_names import NAMES
from tests.engine.sending import FORM, FORM_ENDPOINT, form, part, send

ROOT = Path(__file__).resolve().parents[2]


def quote(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


@pytest.mark.parametrize("name", NAMES)
def test_a_name_passes_through_as_it_came(name: str) -> None:
    body = form(part("recording", b"12345", filename=quote(name)), part("title", name), part(quote(name), "x"))
    for chunk in (1, 65_536):
        call = send(FORM_ENDPOINT, body, FORM, chunk=chunk)
        assert call.files["recording"].filename == name
        assert call.instance == {"recording": "5 bytes", "title": name, name: "x"}


@pytest.mark.parametrize("name", ["call\n.mp3", "call\r\n.mp3", "call\r\nX-Injected: yes", "call\r\n\r\ninjected"])
def test_a_name_that_breaks_its_line_is_refused(name: str) -> None:
    call = send(FORM_ENDPOINT, form(part("recording", b"12345", filename=quote(name))), FORM)
    assert call.unreadable
    assert (call.instance, call.files) == (None, {})


def test_nothing_is_opened_by_a_name() -> None:
    command = [sys.executable, "-m", "tests.engine.watched_decoding"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120)
    told = json.loads(run.stdout)
    assert told["calls"] == 4 * len(NAMES)
    assert told["seen"] == []
    assert len(told["of_our_own"]) == 1  # the watch is awake
