"""Every operation of every document can be tried: its path filled, its query, its body of whatever kind."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from mockserver.creation import Plan
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.composing import Asked, address_of, request_of
from mockserver.faces.trying import send
from mockserver.settings import SettingsError
from tests.processes import Run
from tests.worlds import document

AUDIO = Path(__file__).resolve().parent.parent.parent / "fixtures" / "media" / "call.mp3"
VENDORS = ("authenticx", "emberqa", "resonaa", "siro", "siro@2026-08", "voxjar")
# What an operation wants beyond its path and the documented body.
MORE = {
    "listInsights": Asked(query=("StartDate=2024-11-15", "EndDate=2024-11-16")),
    "listReceipts": Asked(query=("StartDate=2024-11-15", "EndDate=2024-11-16", "Status=Processing")),
    "storeAudio": Asked(files=(str(AUDIO),), headers=("x-goog-content-length-range: 0,99999",)),
}
TOKEN = ("grant_type=client_credentials", "scope=acxapi", "client_secret=authenticx-demo-secret")
# Whom nothing but an earlier answer lets in: a URL of the storage that was signed.
REFUSED = {"storeAudio": "auth", "downloadAudio": "auth"}


class Operation(Struct, frozen=True):
    vendor: str
    endpoint: Endpoint

    @property
    def asked(self) -> Asked:
        steps = tuple(f"{item['name']}=a-b" for item in self.endpoint.parameters if item["in"] == "path")
        more = MORE.get(self.endpoint.id, Asked())
        return Asked(more.body, more.files, more.fields, more.headers, steps, more.query)


def every_operation() -> Iterator[Operation]:
    for vendor in VENDORS:
        for endpoint in document(vendor).endpoints:
            yield Operation(vendor, endpoint)


@pytest.mark.parametrize("tried", [*every_operation()], ids=lambda each: f"{each.vendor}-{each.endpoint.id}")
def test_every_operation_can_be_tried(tried: Operation) -> None:
    found = asyncio.run(send(Plan(vendors=(tried.vendor,)), tried.vendor, tried.endpoint.id, tried.asked))
    call, decision = found.served.call, found.served.decision
    assert (call.operation, call.method, decision.trouble) == (tried.endpoint.id, tried.endpoint.method, None)
    assert decision.trail[0].step == "route"
    assert decision.trail[0].problems == ()
    assert call.unreadable == ()
    step = (decision.refused_by or "accepted").partition("/")[0]
    expected = {REFUSED[tried.endpoint.id]} if tried.endpoint.id in REFUSED else {"accepted", "schema", "rules"}
    assert step in expected, decision.refused_by


@pytest.mark.parametrize("words", [[], [word for field in TOKEN for word in ("--field", field)]])
def test_an_operation_that_takes_pairs_is_sent_pairs(words: list[str], verb: Run) -> None:
    status, out, _ = verb("try", "authenticx", "createToken", *words)
    assert (status, '"token_type": "Bearer"' in out) == (0, True)


def test_fields_replace_the_documented_ones(verb: Run) -> None:
    status, out, _ = verb("try", "authenticx", "createToken", "--field", "client_id=nobody")
    assert (status, "client-must-be-known" in out) == (1, True)


def test_a_value_of_the_path_and_the_query_arrive(verb: Run) -> None:
    status, out, _ = verb("try", "siro", "getUser", "--path", "id=user_demo")
    assert (status, '"id": "user_demo"' in out) == (0, True)
    dates = ("--query", "StartDate=2024-11-15", "--query", "EndDate=2024-11-14")
    status, out, _ = verb("try", "authenticx", "listReceipts", *dates)
    assert status == 1
    assert "$.Status: Status is required" in out
    assert "StartDate is required" not in out


def test_what_is_written_into_a_path_stays_one_step_of_it(verb: Run) -> None:
    status, out, _ = verb("try", "siro", "getUser", "--path", "id=a?b#c %2F")
    assert (status, "unknown-user-by-id-is-404" in out) == (1, True)


def test_a_file_may_be_the_body(verb: Run) -> None:
    range_ = ("--header", "x-goog-content-length-range: 0,99999")
    for file in (str(AUDIO), f"file={AUDIO}"):
        status, out, _ = verb("try", "siro", "storeAudio", "--path", "id=a", *range_, "--file", file)
        assert (status, "storage-signature-required" in out) == (1, True)
    (store,) = [each for each in document("siro").endpoints if each.id == "storeAudio"]
    assert request_of(Asked(files=(str(AUDIO),)), store, None) == ({"Content-Type": "audio/mpeg"}, AUDIO.read_bytes())
    wav = str(AUDIO.with_suffix(".wav"))
    assert request_of(Asked(files=(wav,)), store, None)[0] == {"Content-Type": "audio/mpeg"}
    assert request_of(Asked(), store, None) == ({"Content-Type": "audio/mpeg"}, b"")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["siro", "getUser"],
            "getUser is at /api-externalApi/v1/core/users/{id}: give --path id=user_demo",
        ),
        (
            ["authenticx", "getAgent"],
            "getAgent is at /Agent/{AgentId}: give --path AgentId=VALUE",
        ),
        (["siro", "getUser", "--path", "user=a"], "the path of getUser has no 'user': it has id"),
        (["siro", "listUsers", "--path", "id=a"], "the path of listUsers has no 'id': it has no values"),
        (
            ["siro", "getUser", "--path", "id=a/b"],
            "--path id is one step of the path, neither empty nor with a slash: 'a/b'",
        ),
        (["siro", "getUser", "--path", "id="], "--path id is one step of the path, neither empty nor with a slash: ''"),
        (["siro", "getUser", "--path", "user_demo"], "--path is NAME=VALUE, not 'user_demo'"),
        (["siro", "listUsers", "--query", "disabled"], "--query is NAME=VALUE, not 'disabled'"),
        (
            ["authenticx", "createToken", "--json", "{}"],
            "createToken takes a form of texts alone: use --field NAME=TEXT",
        ),
        (
            ["siro", "storeAudio", "--path", "id=a", "--field", "a=b"],
            "storeAudio takes one file as its body: use --file PATH",
        ),
        (["siro", "getUser", "--path", "id=a", "--field", "a=b"], "getUser takes no form: use --json"),
    ],
)
def test_what_cannot_be_sent_is_told_in_one_sentence(words: list[str], says: str, verb: Run) -> None:
    assert verb("try", *words) == (2, "", f"mockserver: {says}\n")


def test_the_address_is_encoded() -> None:
    (user,) = [each for each in document("siro").endpoints if each.id == "getUser"]
    asked = Asked(steps=("id=é 1",), query=("a=1", "a=&2"))
    assert address_of(asked, user) == "/api-externalApi/v1/core/users/%C3%A9%201?a=1&a=%262"
    with pytest.raises(SettingsError, match="NAME:VALUE"):
        request_of(Asked(headers=("X",)), user, None)


def test_another_kind_of_json_is_sent_as_what_it_is(verb: Run, tmp_path: Path) -> None:
    merge = {"application/merge-patch+json": {"schema": {"type": "object"}}}
    own = {"operationId": "change", "responses": {"204": {"description": "Fine."}}, "requestBody": {"content": merge}}
    content = {"openapi": "3.1.0", "info": {"title": "acme", "version": "1"}, "paths": {"/calls": {"patch": own}}}
    (tmp_path / "documents" / "acme").mkdir(parents=True)
    (tmp_path / "documents" / "acme" / "openapi.json").write_text(json.dumps(content))
    assert verb("try", "acme", "change", "--documents", "documents", "--json", '{"a": 1}')[0] == 0
