"""How a body is read by its media type, and what is refused before or while it is read."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from mockserver.engine.endpoint import Endpoint
from mockserver.engine.read_body import MOST_FIELDS
from mockserver.model import Kind
from tests.engine.sending import (
    FORM,
    FORM_ENDPOINT,
    FORM_MEDIA,
    JSON,
    JSON_ENDPOINT,
    JSON_MEDIA,
    PAIRS,
    Sending,
    endpoint,
    form,
    only_problem,
    part,
    send,
    take,
)

ANY: Mapping[str, Any] = {"schema": {"type": "object"}}
BOTH_ENDPOINT = endpoint({JSON: JSON_MEDIA, "multipart/form-data": FORM_MEDIA})
PAIRS_ENDPOINT = endpoint({PAIRS: {"schema": JSON_MEDIA["schema"]}})
RAW_ENDPOINT = endpoint({"audio/mpeg": {"schema": {}}})
CLAIMS = {name: f"{name}-claim" for name in ("media-type", "malformed", "too-large", "encoding")}
TITLED = form(part("title", "t"))

CONTENT_TYPES: Mapping[str, tuple[Kind | None, Kind | None]] = {
    # what was sent: why JSON is refused that says so, and why a form is
    "application/json": (None, Kind.MEDIA_TYPE),
    "APPLICATION/JSON; Charset=UTF-8": (None, Kind.MEDIA_TYPE),
    "application/json; charset=utf-16": (Kind.MALFORMED, Kind.MEDIA_TYPE),
    "application/json; charset=latin-1": (Kind.MALFORMED, Kind.MEDIA_TYPE),
    "text/json": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "text/plain": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "application/problem+json": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "application/json, application/json": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "application/octet-stream": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "application/x-www-form-urlencoded": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "multipart/form-data": (Kind.MEDIA_TYPE, Kind.MALFORMED),
    "multipart/form-data; boundary=cut-here": (Kind.MEDIA_TYPE, None),
    "Multipart/Form-Data; charset=us-ascii; boundary=cut-here": (Kind.MEDIA_TYPE, None),
    "multipart/form-data; charset=utf-7; boundary=cut-here": (Kind.MEDIA_TYPE, Kind.MALFORMED),
    "multipart/mixed; boundary=cut-here": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "*/*": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    ";": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
    "": (Kind.MEDIA_TYPE, Kind.MEDIA_TYPE),
}


@pytest.mark.parametrize(("content_type", "verdicts"), CONTENT_TYPES.items())
@pytest.mark.parametrize(
    ("at", "body", "which"), [(JSON_ENDPOINT, b'{"title": "t"}', 0), (FORM_ENDPOINT, TITLED, 1)], ids=["json", "form"]
)
def test_a_body_is_read_only_as_what_it_says_it_is(
    at: Endpoint, body: bytes, which: int, content_type: str, verdicts: tuple[Kind | None, Kind | None]
) -> None:
    call = send(at, body, content_type)
    assert [problem.kind for problem in call.unreadable] == [kind for kind in verdicts[which : which + 1] if kind]
    assert call.instance == (None if verdicts[which] else {"title": "t"})


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_required_body_must_say_what_it_is(body: bytes) -> None:
    problem = only_problem(send(BOTH_ENDPOINT, body))
    assert problem.kind is Kind.MEDIA_TYPE
    assert problem.says == "say in Content-Type that the body is application/json or multipart/form-data"
    assert (problem.wants, problem.got) == ([JSON, "multipart/form-data"], None)


def test_a_foreign_type_is_told_which_would_do() -> None:
    problem = only_problem(send(BOTH_ENDPOINT, b"{}", "text/" + "x" * 500))
    assert problem.says == f"send application/json or multipart/form-data, not text/{'x' * 75}"


def test_an_optional_body_may_be_left_out_but_not_be_of_another_type() -> None:
    at = endpoint({JSON: JSON_MEDIA}, requestBody={"required": False})
    assert not send(at).unreadable
    assert not send(at, headers={"content-length": ""}).unreadable
    assert only_problem(send(at, b"{}")).kind is Kind.MEDIA_TYPE
    assert only_problem(send(at, b"", "text/plain")).kind is Kind.MEDIA_TYPE


def test_where_the_document_knows_no_body_none_is_read() -> None:
    sending = Sending([b"{"], {"content-type": JSON, "content-encoding": "gzip", "content-length": "1"})
    call = take(sending, endpoint({}))
    assert (call.unreadable, call.instance, sending.taken) == ((), None, 0)


@pytest.mark.parametrize(
    "encoding", ["gzip", "GZIP", "br", "zstd", "deflate", "gzip, identity", "x" * 500, "identity,"]
)
@pytest.mark.parametrize(
    ("at", "content_type"),
    [(JSON_ENDPOINT, JSON), (FORM_ENDPOINT, FORM), (PAIRS_ENDPOINT, PAIRS), (RAW_ENDPOINT, "audio/mpeg")],
    ids=["json", "form", "pairs", "raw"],
)
def test_a_compressed_body_is_refused_unread(at: Endpoint, content_type: str, encoding: str) -> None:
    sending = Sending([b"\x1f\x8b"], {"content-type": content_type, "content-encoding": encoding})
    problem = only_problem(take(sending, at))
    assert sending.taken == 0
    assert problem.kind is Kind.MEDIA_TYPE
    assert problem.says == f"a body encoded as {encoding.lower()[:40]} is not read"


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_an_encoding_that_changes_nothing_is_fine(encoding: str) -> None:
    assert send(JSON_ENDPOINT, b"{}", JSON, headers={"content-encoding": encoding}).instance == {}


@pytest.mark.parametrize(
    ("content_type", "headers", "body", "claim"),
    [
        ("text/plain", {}, b"{}", "media-type-claim"),
        (JSON, {"content-encoding": "gzip"}, b"{}", "encoding-claim"),
        (JSON, {}, b"{", "malformed-claim"),
        (JSON, {}, b'"%s"' % bytes(100), "too-large-claim"),
    ],
)
def test_a_refusal_names_the_claim_it_keeps(
    content_type: str, headers: Mapping[str, str], body: bytes, claim: str
) -> None:
    at = endpoint({JSON: {**ANY, "x-max-bytes": 100}}, **{"x-claim": CLAIMS})
    assert only_problem(send(at, body, content_type, headers=headers)).claim == claim
    bare = endpoint({JSON: {**ANY, "x-max-bytes": 100}})
    assert only_problem(send(bare, body, content_type, headers=headers)).claim is None


def test_without_a_claim_for_encodings_that_for_media_types_is_kept() -> None:
    at = endpoint({JSON: ANY}, **{"x-claim": {"media-type": "json-only"}})
    assert only_problem(send(at, b"{}", JSON, headers={"content-encoding": "br"})).claim == "json-only"


def test_a_part_that_is_too_large_keeps_its_own_claim() -> None:
    at = endpoint({"multipart/form-data": FORM_MEDIA}, **{"x-claim": CLAIMS})
    assert only_problem(send(at, form(part("recording", bytes(100_001))), FORM)).claim == "recording-100-kb"
    assert only_problem(send(at, form(part("title", bytes(1_048_577))), FORM)).claim == "too-large-claim"


@pytest.mark.parametrize(
    "raw", [b"", b" ", b"{", b"{}{}", b"\xff", b"NaN", b"[" * 100_000, b'"\\ud800"', b"\xef\xbb\xbf{}"]
)
def test_json_that_cannot_be_read_is_malformed(raw: bytes) -> None:
    call = send(JSON_ENDPOINT, raw, JSON)
    assert only_problem(call).kind is Kind.MALFORMED
    assert call.size == len(raw)


@pytest.mark.parametrize("chunk", [1, 7, 65_536])
def test_json_is_read_from_chunks_of_any_size(chunk: int) -> None:
    body = '{"title": "Ünï", "title": "last", "count": 3}'.encode()
    call = send(JSON_ENDPOINT, body, JSON, chunk=chunk)
    assert call.instance == {"title": "last", "count": 3}
    assert [each.says for each in call.advice] == ["the key title is there more than once: the last one counts"]
    assert call.size == len(body)


def test_pairs_are_read_as_what_the_document_says_they_stand_for() -> None:
    call = send(PAIRS_ENDPOINT, b"title=a+b%21&count=7&public=TRUE&labels=x&labels=y&blank=&flag", PAIRS)
    wanted = {"title": "a b!", "count": 7, "public": True, "labels": ["x", "y"], "blank": "", "flag": ""}
    assert call.instance == wanted


@pytest.mark.parametrize(
    "raw",
    [
        b"title=%ff",
        b"title=\xff",
        b"title=%ed%a0%80",
        b"title=a&title=b",
        b"&" * MOST_FIELDS,
        b"a=1&" * (MOST_FIELDS + 1),
    ],
    ids=["escaped byte", "byte", "surrogate", "twice", "separators", "fields"],
)
def test_pairs_that_cannot_be_read_are_malformed(raw: bytes) -> None:
    assert only_problem(send(PAIRS_ENDPOINT, raw, PAIRS)).kind is Kind.MALFORMED


def test_the_most_pairs_are_read() -> None:
    raw = "&".join(f"field{number}=x" for number in range(MOST_FIELDS)).encode()
    assert len(send(PAIRS_ENDPOINT, raw, PAIRS).fields) == MOST_FIELDS


@pytest.mark.parametrize("chunk", [1, 7, 65_536])
def test_a_raw_body_is_a_file_that_is_counted_and_hashed(chunk: int) -> None:
    body = b"ID3" + bytes(5000)
    call = send(RAW_ENDPOINT, body, "audio/mpeg", chunk=chunk)
    upload = call.files["body"]
    assert (upload.filename, upload.content_type, upload.size) == ("", "audio/mpeg", len(body))
    assert upload.sha256 == sha256(body).hexdigest()
    assert (call.instance, call.size) == (None, len(body))
