"""The same explanation at the admin API and in the terminal."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import Run, Started

ASKED: dict[str, Any] = {
    "vendor": "voxjar",
    "method": "POST",
    "path": "/api/v1/upload",
    "headers": {"Authorization": "Bearer voxjar-demo-token"},
    "body": {
        "sourceIdentifier": "call-1",
        "direction": "inbound",
        "timestamp": "2026-06-23",
        "downloadUrl": "https://example.com/call.mp3",
    },
}
WORDS = ("explain", "voxjar", "post", "/api/v1/upload", "--header", "Authorization: Bearer voxjar-demo-token")


def ask(server: Started, asked: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{server.url}/_mock/explain", json=asked, trust_env=False)


def test_a_request_is_explained_and_not_kept(server: Started) -> None:
    before = httpx.get(f"{server.url}/_mock/journal?limit=1", trust_env=False).json()["total"]
    answer = ask(server, ASKED)
    assert answer.status_code == 200
    found = answer.json()
    assert found["refused_by"] == "schema/direction-inbound-or-outbound"
    assert found["edits"] == [{"op": "set", "at": "$.direction", "value": "OUTBOUND"}]
    assert found["request"]["body"]["direction"] == "OUTBOUND"
    assert 'set $.direction to "OUTBOUND"' in found["text"]
    assert httpx.get(f"{server.url}/_mock/journal?limit=1", trust_env=False).json()["total"] == before


@pytest.mark.parametrize(
    ("change", "status"), [({"vendor": "nobody"}, 404), ({"path": "no-slash"}, 422), ({"method": "post"}, 422)]
)
def test_what_cannot_be_asked_is_refused(server: Started, change: dict[str, Any], status: int) -> None:
    assert ask(server, {**ASKED, **change}).status_code == status


def test_the_terminal_tells_the_same(verb: Run) -> None:
    status, out, _ = verb(*WORDS, "--body", json.dumps(ASKED["body"]))
    assert status == 1
    assert "refused with 400 by schema/direction-inbound-or-outbound" in out
    assert 'set $.direction to "OUTBOUND"' in out


def test_a_body_may_come_from_a_file_and_the_answer_as_json(verb: Run, tmp_path: Path) -> None:
    tmp_path.joinpath("body.json").write_text(json.dumps({**ASKED["body"], "direction": "INBOUND"}))
    status, out, _ = verb(*WORDS, "--body", "@body.json", "--json")
    assert (status, json.loads(out)["status"]) == (0, 200)


def test_a_body_that_is_no_json_is_sent_as_text(verb: Run) -> None:
    status, out, _ = verb(*WORDS, "--body", "{")
    assert status == 1
    assert "by transport/" in out


@pytest.mark.parametrize("depth", [*range(800, 1000, 3), 60_000])
def test_a_body_of_any_depth_is_the_vendors_to_refuse(depth: int, verb: Run) -> None:
    status, out, _ = verb(*WORDS, "--body", "[" * depth + "]" * depth)
    assert (status, "$: the JSON is nested deeper than 64 levels" in out) == (1, True)


def test_a_request_may_have_no_body(verb: Run) -> None:
    assert verb(*WORDS)[0] == 1


def test_a_path_without_a_slash_is_said_so(verb: Run) -> None:
    status, _, err = verb("explain", "voxjar", "POST", "api/v1/upload")
    assert (status, err) == (2, "mockserver: PATH begins with a slash, not 'api/v1/upload'\n")
