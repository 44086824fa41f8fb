"""Calls as other tools read them: what an HTTP Archive tells of a body, and that it never tells a secret."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from mockserver.control import Control
from mockserver.control.exports import curl_of, har_of
from mockserver.world import World
from tests.holding import run
from tests.worlds import ask, new_world

JSON, PAIRS = "application/json", "application/x-www-form-urlencoded"
TOKEN = "grant_type=client_credentials&client_id=authenticx-demo-client&client_secret=authenticx-demo-secret"


@pytest.fixture
def world() -> World:
    return new_world("authenticx", "voxjar")


def called(world: World, vendor: str, path: str, kind: str, body: bytes) -> str:
    headers = {"Authorization": "Bearer voxjar-demo-token", "Content-Type": kind}
    return ask(world, vendor, "POST", path, headers=headers, body=body).call.id


def archived(world: World, call: str) -> dict[str, Any]:
    (entry,) = har_of(iter([run(world.journal.read(call)) or b""]), "http://mock")["log"]["entries"]
    request: dict[str, Any] = entry["request"]
    return request


def test_pairs_are_told_as_they_travel_and_without_their_secret(world: World) -> None:
    request = archived(world, called(world, "authenticx", "/connect/token", PAIRS, TOKEN.encode()))
    fields = dict(parse_qsl(TOKEN)) | {"client_id": "…ient", "client_secret": "…cret"}
    assert dict(parse_qsl(request["postData"]["text"])) == fields
    assert {param["name"]: param["value"] for param in request["postData"]["params"]} == fields
    assert not [secret for secret in ("demo-client", "demo-secret", "demo-token") if secret in json.dumps(request)]


@pytest.mark.parametrize("body", ['"hello"', '""', "null", "[]"])
def test_json_is_told_as_it_travels(world: World, body: str) -> None:
    request = archived(world, called(world, "voxjar", "/api/v1/upload", JSON, body.encode()))
    assert request["postData"] == {"mimeType": JSON, "text": body}


@pytest.mark.parametrize(("kind", "body"), [(JSON, "{bad"), (PAIRS, "%FF"), ("text/plain", "hello")])
def test_of_a_body_that_was_not_kept_nothing_is_told(world: World, kind: str, body: str) -> None:
    call = called(world, "authenticx", "/connect/token", kind, body.encode())
    assert archived(world, call)["postData"]["text"] == ""
    entry = run(Control(world).journal.entry(call))
    assert "--data-raw" not in curl_of(run(Control(world).as_made(entry)), "http://mock")


def test_an_address_is_written_as_addresses_are(world: World) -> None:
    call = ask(world, "voxjar", "GET", "/api/v1/interactions/a b?#[1-3]").call.id
    assert archived(world, call)["url"].startswith("http://mock/voxjar/api/v1/interactions/a%20b?%23%5B1-3%5D=")
    entry = run(Control(world).journal.entry(call))
    assert curl_of(entry, "http://[::1]:4747").startswith(
        "curl -i -X GET --globoff --path-as-is 'http://[::1]:4747/voxjar/api/v1/interactions/a%20b?"
    )
