"""How a person calls a vendor: which credential goes where, and a first command that a shell can run."""

import asyncio
import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from mockserver.control.keys import Shown, credentials
from mockserver.engine.document import Document
from mockserver.faces.banner import banner
from mockserver.faces.demo import curl, first_endpoint
from mockserver.model import Account, Grant, Vendor
from tests.applications import made_up, new_application, new_world, operation
from tests.banners import SHOWN
from tests.processes import Run, Started, needs
from tests.worlds import document

VENDORS = ("authenticx", "emberqa", "resonaa", "siro", "siro@2026-08", "voxjar")
URL = "http://127.0.0.1:4747"


def acme(tmp_path: Path, paths: dict[str, Any], **words: Any) -> Document:
    return Document(made_up(tmp_path, "acme", paths, **words) / "acme")


def greeting(*vendors: str, token: str | None = None, **settings: Any) -> list[str]:
    application = new_application(new_world(*vendors, **settings))
    return click.unstyle(asyncio.run(banner(application, URL, token))).splitlines()


@needs("curl")
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_first_command_of_each_vendor_is_accepted(vendor: str, server: Started) -> None:
    (line,) = [line for line in greeting(vendor) if line.startswith("  curl ")]
    quiet = line.replace(URL, server.url).replace(
        "curl -i", "curl --silent --output /dev/null --write-out '%{http_code}'"
    )
    done = subprocess.run(["sh", "-c", quiet], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout in {"200", "201"}


@pytest.mark.parametrize(("vendor", "shown"), SHOWN.items())
def test_the_banner_says_where_a_vendor_answers_and_with_which_credential(vendor: str, shown: str) -> None:
    assert f"{vendor} {URL}/{vendor} {shown}" in [" ".join(line.split()) for line in greeting(vendor)]


@pytest.mark.parametrize(
    ("vendors", "counted"),
    [
        (("voxjar",), "1 vendor, offline"),
        (("voxjar", "emberqa"), "2 vendors, offline"),
        (("siro",), "1 vendor and 1 edition, offline"),
        (("siro@2026-08",), "0 vendors and 1 edition, offline"),
    ],
)
def test_the_banner_counts(vendors: tuple[str, ...], counted: str) -> None:
    assert counted in greeting(*vendors)[1]


def test_the_banner_tells_what_the_admin_api_wants() -> None:
    console = f"  Why was a call refused?          {URL}/_mock/ in a browser, or mockserver journal"
    assert console in greeting("voxjar")
    assert console in greeting("voxjar", token="secret")
    assert "  The admin API wants              Authorization: Bearer secret" in greeting("voxjar", token="secret")
    closed = greeting("voxjar", token="off")
    assert "  The admin API is closed." in closed
    assert not [line for line in closed if "/_mock/" in line or "Authorization: Bearer off" in line]


def test_the_banner_tells_which_paths_are_shared(tmp_path: Path) -> None:
    for vendor in ("acme", "beta"):
        made_up(tmp_path, vendor, {"/calls": {"post": operation("addCall")}})
    lines = greeting("acme", "beta", documents=tmp_path)
    assert "  /calls is shared by acme and beta: it answers under their names only" in lines


def test_a_vendor_without_operations_or_credentials_is_greeted_too(tmp_path: Path) -> None:
    made_up(tmp_path, "acme", {})
    (tmp_path / "_accounts").mkdir()
    (tmp_path / "_accounts" / "acme.json").write_text('{"credentials": {}}')
    lines = greeting("acme", documents=tmp_path)
    assert f"  acme  {URL}/acme  no credential" in lines
    assert not [line for line in lines if "curl" in line]


def test_a_world_without_vendors_is_greeted_too(tmp_path: Path) -> None:
    world = new_world("voxjar")
    asyncio.run(world.store.clear(("account",)))
    lines = asyncio.run(banner(new_application(world), URL, None)).splitlines()
    assert not [line for line in lines if "curl" in line]


SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Acme-Key"},
    "plain": {"type": "apiKey", "in": "header", "name": "api-key"},
}


def test_each_credential_goes_where_its_grant_says(tmp_path: Path) -> None:
    security: list[Any] = [{"bearer": []}, {"key": []}, {"plain": []}]
    found = acme(
        tmp_path, {"/calls": {"get": operation("list")}}, security=security, components={"securitySchemes": SCHEMES}
    )
    grants = {"one": Grant("bearer"), "two": Grant("plain"), "absent": Grant("key")}
    account = Account("acme", "demo", {"two": "2", "one": "1", "client_secret": "3"})
    (endpoint,) = found.endpoints
    assert list(credentials(endpoint, Vendor("acme", grants=grants), account)) == [
        Shown("header", "Authorization", "Bearer 1"),
        Shown("header", "Api-Key", "2"),
    ]
    bare = credentials(endpoint, Vendor("acme"), Account("acme", "demo", {"token": "t"}))
    assert [shown.text for shown in bare] == ["Authorization: Bearer t", "x-acme-key: t", "Api-Key: t"]


def body_of(media_type: str, **media: Any) -> dict[str, Any]:
    return {**operation("addCall"), "requestBody": {"content": {media_type: media}}}


def words_of(tmp_path: Path, method: str, body: dict[str, Any], shown: Shown | None = None) -> list[str]:
    (endpoint,) = acme(tmp_path, {"/calls": {method: body}}).endpoints
    command, include, url, *words = shlex.split(curl(URL, endpoint, shown))
    assert (command, include, url) == ("curl", "-i", f"{URL}/calls")
    return words


def test_a_command_names_its_method_where_curl_would_choose_another(tmp_path: Path) -> None:
    assert words_of(tmp_path / "1", "get", operation("a")) == []
    assert words_of(tmp_path / "2", "post", operation("a")) == ["-X", "POST"]
    assert words_of(tmp_path / "3", "delete", operation("a")) == ["-X", "DELETE"]
    put = body_of("application/json", schema=True, example={"a": "it's"})
    assert words_of(tmp_path / "4", "put", put) == [
        "-X",
        "PUT",
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"a": "it\'s"}',
    ]


def test_a_form_prefers_the_example_that_needs_no_file_and_takes_texts_as_they_are(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"file": {"contentMediaType": "*/*"}, "key": {"type": "string"}}}
    by_file = {"value": {"file": "the bytes of call.mp3", "key": "old"}}
    by_url = {"value": {"url": "@/etc/passwd;type=x", "meta": {"a": 1}, "key": "old"}}
    body = body_of("multipart/form-data", schema=schema, examples={"file": by_file, "url": by_url})
    shown = Shown("body", "key", "demo-key")
    texts = ["key=demo-key", "url=@/etc/passwd;type=x", 'meta={"a": 1}']
    assert words_of(tmp_path / "1", "post", body, shown) == [word for text in texts for word in ("--form-string", text)]
    body = body_of("multipart/form-data", schema=schema, example=by_file["value"])
    assert words_of(tmp_path / "2", "post", body, shown) == ["--form-string", "key=demo-key", "-F", "file=@call.mp3"]


def test_a_credential_in_json_joins_the_example(tmp_path: Path) -> None:
    body = body_of("application/json", schema=True, example={"a": 1})
    *_, text = words_of(tmp_path, "post", body, Shown("body", "key", "demo-key"))
    assert json.loads(text) == {"key": "demo-key", "a": 1}


@pytest.mark.parametrize("content", [{"text/plain": {}}, {"multipart/form-data": {"schema": {"type": "object"}}}])
def test_a_body_that_no_example_shows_is_left_out(content: dict[str, Any], tmp_path: Path) -> None:
    assert words_of(tmp_path, "post", {**operation("a"), "requestBody": {"content": content}}) == ["-X", "POST"]


def test_the_first_operation_is_one_that_shows_an_example(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": operation("a")},
        "/b": {"post": {**body_of("application/json", schema=True, example={}), "operationId": "b"}},
    }
    first = first_endpoint(acme(tmp_path, paths))
    assert first is not None
    assert first.id == "b"
    voxjar = first_endpoint(document("voxjar"))
    assert voxjar is not None
    assert voxjar.id == "uploadInteraction"


def test_the_banner_of_a_terminal_is_styled_and_of_a_file_is_not(verb: Run, start: Any) -> None:
    assert "\x1b[1m" in asyncio.run(banner(new_application(new_world("voxjar")), URL, None))
    started = start("--vendors", "voxjar")
    started.err.wait_for("Ctrl-C stops.")
    started.stop()
    assert "\x1b" not in "".join(started.err.rest())


@needs("curl")
def test_a_form_of_pairs_is_pasted_as_pairs(server: Started) -> None:
    (token,) = [each for each in document("authenticx").endpoints if each.id == "createToken"]
    command = curl(f"{server.url}/authenticx", token, None)
    assert "--data-urlencode grant_type=client_credentials" in command
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.startswith("HTTP/1.1 200 OK")
