from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from mockserver.model import Call, Credential, Facts, Grant, Kind, Problem, Ref
from mockserver.vendors.siro import storage
from mockserver.vendors.siro.google import refuse
from tests.facts import ID, NOW, facts, upload

PATH = f"/siro-recordings/uploads/{ID}"
HEADERS = {"content-type": "audio/mpeg", "x-goog-content-length-range": "0,20000"}


def sign(**rest: Any) -> Any:
    return storage.issue_signed_url(facts("siro", {"fileType": "mp3", "fileSize": 20_000}, **rest))


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def put(headers: Mapping[str, str] = HEADERS, size: int = 20_000, **rest: Any) -> Facts:
    """Return a PUT as the signed URL wants it; `query` and `subject` may be others."""
    signed = sign()
    own = {"query": query_of(signed.reply.body["data"]["uploadUrl"]), "subject": str(ID), **rest}
    return facts(
        "siro",
        files={"body": upload(size=size)},
        headers=headers,
        method="PUT",
        path=PATH,
        params={"id": str(ID)},
        known=signed.records,
        **own,
    )


# Signing


@pytest.mark.parametrize(("kind", "media_type"), [("mp3", "audio/mpeg"), ("wav", "audio/wav"), ("aac", "audio/aac")])
def test_a_signed_url_comes_with_the_headers_of_its_type(kind: str, media_type: str) -> None:
    outcome = storage.issue_signed_url(facts("siro", {"fileType": kind, "fileSize": 7}))
    body: Any = outcome.reply.body
    assert body["data"]["uploadHeaders"] == {"Content-Type": media_type, "x-goog-content-length-range": "0,7"}


@pytest.mark.parametrize(("options", "minutes"), [({}, 15), ({"signed_url_minutes": 60}, 60)])
def test_a_signed_url_ends_when_the_account_says(options: dict[str, Any], minutes: int) -> None:
    outcome = sign(options=options)
    (issue,) = outcome.issued
    assert (issue.expires, issue.grant) == (NOW + timedelta(minutes=minutes), Grant("storageSignature"))
    assert query_of(outcome.reply.body["data"]["uploadUrl"])["X-Goog-Expires"] == str(minutes * 60)


def test_both_addresses_are_the_servers_own_and_one_is_signed() -> None:
    outcome = sign()
    data, (issue,) = outcome.reply.body["data"], outcome.issued
    assert data["downloadUrl"] == f"http://127.0.0.1:4747/siro{PATH}"
    assert data["uploadUrl"].startswith(f"{data['downloadUrl']}?X-Goog-Algorithm=")
    assert data["uploadUrl"].endswith(f"X-Goog-Signature={issue.value}")


def test_no_record_holds_the_signature() -> None:
    outcome = sign()
    (record,), (issue,) = outcome.records, outcome.issued
    assert issue.value not in msgspec.json.encode(record).decode()


def test_two_calls_sign_differently() -> None:
    other = facts("siro", {"fileType": "mp3", "fileSize": 7})
    other = msgspec.structs.replace(other, call=msgspec.structs.replace(other.call, id=str(ID).replace("1", "2")))
    assert storage.issue_signed_url(other).issued[0].value != sign().issued[0].value


# Storing


def test_a_put_as_it_was_signed_is_stored() -> None:
    found = put()
    for each in (storage.signature_is_this_urls, storage.headers_are_as_signed, storage.size_is_in_range):
        assert each.check(found) is None
    outcome = storage.store(found)
    (record,) = outcome.records
    assert record.body["stored"] == {"size": 20_000, "sha256": "0" * 64, "format": "mp3", "seconds": 3.0}
    assert outcome.reply.headers["x-goog-stored-content-length"] == "20000"


@pytest.mark.parametrize(
    "rest",
    [{"subject": "another"}, {"subject": None}, {"query": {}}, {"query": {"X-Goog-Expires": "9000"}}],
    ids=["another", "nobody", "bare", "longer"],
)
def test_a_signature_opens_its_own_url_alone(rest: dict[str, Any]) -> None:
    problem = storage.signature_is_this_urls.check(put(**rest))
    assert problem == Problem(Kind.FORBIDDEN, "the signature is not that of this URL")


def test_a_signature_opens_no_url_that_was_never_issued() -> None:
    found = msgspec.structs.replace(put(), known={})
    assert storage.signature_is_this_urls.check(found)


@pytest.mark.parametrize(
    "changed",
    [{"content-type": "audio/wav"}, {"content-type": "audio/mpeg; q=1"}, {"x-goog-content-length-range": "0,99999"}],
    ids=["type", "parameter", "range"],
)
def test_headers_are_sent_letter_by_letter(changed: dict[str, str]) -> None:
    problem = storage.headers_are_as_signed.check(put({**HEADERS, **changed}))
    assert problem
    assert (problem.kind, "is not as it was signed" in problem.says) == (Kind.FORBIDDEN, True)


def test_no_more_bytes_than_announced() -> None:
    assert storage.size_is_in_range.check(put(size=0)) is None
    problem = storage.size_is_in_range.check(put(size=20_001))
    assert problem == Problem(Kind.TOO_LARGE, "20001 bytes came, and the signed range is 0,20000")


def test_a_put_asks_for_its_signed_url() -> None:
    assert storage.signed_url(put().call) == [Ref("signed-url", str(ID))]


# Google's voice

SHOWN = Credential("storageSignature", "x")


def call(credential: Credential | None = SHOWN) -> Call:
    return msgspec.structs.replace(put().call, credential=credential)


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (Problem(Kind.UNAUTHENTICATED, "why"), 403, "SignatureDoesNotMatch"),
        (Problem(Kind.FORBIDDEN, "why"), 403, "SignatureDoesNotMatch"),
        (Problem(Kind.MEDIA_TYPE, "why"), 403, "SignatureDoesNotMatch"),
        (Problem(Kind.MEDIA_TYPE, "why", claim="compressed-body-is-400"), 400, "InvalidArgument"),
        (Problem(Kind.INVALID, "why", keyword="required"), 403, "SignatureDoesNotMatch"),
        (Problem(Kind.EXPIRED, "why"), 400, "ExpiredToken"),
        (Problem(Kind.TOO_LARGE, "why"), 400, "EntityTooLarge"),
        (Problem(Kind.NO_PATH, "why"), 404, "NoSuchKey"),
        (Problem(Kind.METHOD, "why"), 405, "MethodNotAllowed"),
        (Problem(Kind.BROKEN, "why"), 500, "InternalError"),
        (Problem(Kind.CONFLICT, "why"), 400, "InvalidArgument"),
    ],
    ids=lambda value: f"{value.kind.name}-{value.keyword or value.claim}" if isinstance(value, Problem) else None,
)
def test_every_refusal_has_googles_code(problem: Problem, status: int, code: str) -> None:
    reply = refuse(problem, call())
    assert (reply.status, reply.media_type) == (status, "application/xml; charset=UTF-8")
    assert f"<Code>{code}</Code>" in str(reply.body)
    assert ("<StringToSign>PUT\n" in str(reply.body)) is (code == "SignatureDoesNotMatch")


def test_no_signature_at_all_is_no_access() -> None:
    assert "<Code>AccessDenied</Code>" in str(refuse(Problem(Kind.UNAUTHENTICATED, "why"), call(None)).body)


def test_what_a_client_sent_is_no_markup() -> None:
    reply = refuse(Problem(Kind.FORBIDDEN, "<b>"), msgspec.structs.replace(call(), path="/siro-recordings/<a>&"))
    assert "&lt;b&gt;" in str(reply.body)
    assert "/siro-recordings/&lt;a&gt;&amp;" in str(reply.body)
