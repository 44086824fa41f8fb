"""Where a credential may travel, and what counts as one."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.engine.credentials import bearer, find_credential
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Credential
from tests.engine.sending import FORM, JSON, PAIRS, endpoint, form, part, send

BEARER = {"token": {"type": "http", "scheme": "bearer"}}
KEY = {"key": {"type": "apiKey", "in": "header", "name": "X-Made-Up-Key"}}
OAUTH = {"oauth": {"type": "oauth2", "flows": {}}}
KEYED = {"schema": {"type": "object", "properties": {"api_key": {"type": "string", "x-credential": True}}}}
EVERYWHERE = endpoint({JSON: KEYED, "multipart/form-data": KEYED, PAIRS: KEYED}, schemes=KEY)


BASIC = {"pair": {"type": "http", "scheme": "basic"}}
SIGNED = {"signature": {"type": "apiKey", "in": "query", "name": "Sig"}}


def found(at: Endpoint, headers: Mapping[str, str]) -> Credential | None:
    return find_credential(headers, {}, at, None, None)


def pair(text: str | bytes) -> str:
    return "Basic " + b64encode(text if isinstance(text, bytes) else text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER   abc  ", "abc"),
        ("  Bearer abc def", "abc def"),
        ("Bearer a, Bearer b", "a, Bearer b"),
        ("Bearer", ""),
        ("Bearer ", ""),
        ("Bearerabc", None),
        ("Bearer\tabc", None),
        ("Basic abc", None),
        ("abc", None),
        ("", None),
    ],
)
def test_a_bearer_header_holds_a_token(header: str, token: str | None) -> None:
    assert bearer(header) == token


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "abc", ""])
def test_a_header_without_a_token_shows_no_credential(header: str) -> None:
    assert found(endpoint({}, schemes=BEARER), {"authorization": header}) is None


@pytest.mark.parametrize(("schemes", "name"), [(BEARER, "token"), (OAUTH, "oauth")])
def test_a_token_comes_with_the_scheme_it_was_shown_under(schemes: Mapping[str, Any], name: str) -> None:
    assert found(endpoint({}, schemes=schemes), {"authorization": "Bearer abc"}) == Credential(name, "abc")


def test_a_key_is_the_whole_of_its_header() -> None:
    at = endpoint({}, schemes=KEY)
    assert found(at, {"x-made-up-key": " Bearer abc "}) == Credential("key", "Bearer abc")
    assert found(at, {"x-made-up-key": "  "}) is None
    assert found(at, {"authorization": "Bearer abc"}) is None


@pytest.mark.parametrize(
    ("header", "user", "password"),
    [
        (pair("ada:secret"), "ada", "secret"),
        (pair("ada:"), "ada", ""),
        (pair("ada:a:b"), "ada", "a:b"),
        (pair("ädä:gehéim"), "ädä", "gehéim"),
        (pair("ada:secret").replace("Basic", "bASIC"), "ada", "secret"),
        (f"  {pair('ada:secret')}  ", "ada", "secret"),
        (pair("ada:secret").replace("Basic", "Basic  "), "ada", "secret"),
    ],
)
def test_a_pair_is_a_user_and_a_password(header: str, user: str, password: str) -> None:
    at = endpoint({}, schemes=BASIC)
    assert found(at, {"authorization": header}) == Credential("pair", user, password)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic abc",
        "Basic a*b=",
        "Basic YWRhOnNlY3JldA",
        "Basic \u00fc\u00df\u00e9",
        pair("ada"),
        pair(":secret"),
        pair(b"\xff\xfe:x"),
        pair("ada:secret").replace("Basic ", "Basic"),
        pair("ada:secret").replace("Basic", "Bearer"),
        "Bearer abc",
    ],
)
def test_what_is_no_pair_shows_no_credential(header: str) -> None:
    assert found(endpoint({}, schemes=BASIC), {"authorization": header}) is None


def test_a_header_may_hold_a_token_or_a_pair() -> None:
    at = endpoint({}, schemes={**BEARER, **BASIC})
    assert found(at, {"authorization": "Bearer abc"}) == Credential("token", "abc")
    assert found(at, {"authorization": pair("ada:b")}) == Credential("pair", "ada", "b")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("Sig=abc", "abc"),
        ("a=b&Sig=a%2Bb&c", "a+b"),
        ("Sig=1&Sig=2", "2"),
        ("Sig=%20abc%20", "abc"),
        ("Sig=", None),
        ("Sig=%20", None),
        ("Sig", None),
        ("sig=abc", None),
        ("", None),
    ],
)
def test_a_key_in_the_query_goes_by_its_name(query: str, shown: str | None) -> None:
    at = endpoint({}, schemes=SIGNED)
    assert send(at, query=query).credential == (Credential("signature", shown) if shown else None)
    assert send(at, query="x=y", headers={"sig": "abc"}).credential is None


def test_a_key_that_the_document_reads_as_a_list_is_none() -> None:
    listed = [{"name": "Sig", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}]
    assert send(endpoint({}, schemes=SIGNED, parameters=listed), query="Sig=abc").credential is None


def test_the_first_scheme_that_was_shown_counts() -> None:
    at = endpoint({}, schemes={**BEARER, **KEY})
    both = {"authorization": "Bearer abc", "x-made-up-key": "def"}
    assert found(at, both) == Credential("token", "abc")
    assert found(at, {**both, "authorization": "Basic abc"}) == Credential("key", "def")
    assert found(at, {}) is None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b'{"api_key": "abc"}'),
        (PAIRS, b"api_key=abc"),
        (FORM, form(part("api_key", "abc"))),
        (FORM, form(part("api_key", "abc", filename="key.txt"))),
    ],
    ids=["json", "pairs", "form", "form-with-filename"],
)
def test_a_credential_in_the_body_is_found_in_every_media_type(content_type: str, body: bytes) -> None:
    assert send(EVERYWHERE, body, content_type).credential == Credential("body", "abc")


def test_a_header_counts_before_the_body() -> None:
    call = send(EVERYWHERE, b'{"api_key": "abc"}', JSON, headers={"x-made-up-key": "def"})
    assert call.credential == Credential("key", "def")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'"abc"',
        b'{"api_key": ""}',
        b'{"api_key": 7}',
        b'{"api_key": ["abc"]}',
        b'{"API_KEY": "abc"}',
        b"{",
    ],
)
def test_what_is_no_text_in_its_place_is_no_credential(body: bytes) -> None:
    assert send(EVERYWHERE, body, JSON).credential is None


def test_a_body_that_is_not_read_shows_no_credential() -> None:
    assert send(EVERYWHERE, b"api_key=abc", "text/plain").credential is None
    assert send(EVERYWHERE, form(part("api_key", "abc"))[:-4], FORM).credential is None


def test_a_body_without_a_place_for_it_shows_no_credential() -> None:
    assert send(endpoint({JSON: {"schema": {}}}), b'{"api_key": "abc"}', JSON).credential is None
