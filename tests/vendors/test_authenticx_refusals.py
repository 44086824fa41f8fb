import json

import pytest
from msgspec.structs import replace

from mockserver.model import Credential, Grant, Kind, Problem, Reply
from mockserver.shipped import shipped
from mockserver.vendors.authenticx import tokens, vendor
from mockserver.vendors.authenticx.refusals import refuse
from mockserver.vendors.authenticx.sentences import ANY_OTHER, SENTENCES
from tests.facts import facts

CALL = facts("authenticx", {}, operation="uploadMedia").call


def invalid(claim: str | None) -> Problem:
    return Problem(Kind.INVALID, "something is wrong", claim=claim)


def refused(*claims: str | None, accept: str | None = None) -> Reply:
    headers = {} if accept is None else {"accept": accept}
    return refuse([invalid(claim) for claim in claims], replace(CALL, headers=headers))


def test_the_document_lists_every_sentence_and_no_other() -> None:
    schema = json.loads((shipped("schemas") / "authenticx/refusal.json").read_bytes())
    assert set(schema["enum"]) == set(SENTENCES.values())


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("allowed-extensions", "You must upload a file with one of the specified allowed extensions."),
        ("metadata-required", "You must upload metadata in the request form."),
        ("metadata-is-json", "Unable to properly parse metadata to chat or audio."),
        ("name-is-text", "You must upload valid data in your metadata request form payload."),
        (None, "You must upload valid data in your metadata request form payload."),
        ("file-name-required", "You must upload a valid file name with a valid file extension."),
        ("extensions-must-match", "File extension in metadata file name and upload file must match!"),
        ("file-name-is-new", "An interaction with this file name already exists."),
        ("supported-locales", "Unsupported locale id provided. Supported locale ids include: 1033, 2058."),
        ("metadata-is-a-dictionary", "Invalid metadata form object. Please upload metadata in the expected form."),
    ],
)
def test_a_broken_claim_has_its_sentence(claim: str | None, sentence: str) -> None:
    assert refused(claim) == Reply(400, sentence, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        (("metadata-is-json", "file-or-signed-url"), "file-or-signed-url"),
        (("signed-url-can-be-fetched", "metadata-required"), "metadata-required"),
        (("upload-type-required", "phone-is-text"), ANY_OTHER),
        (("file-name-required", "upload-type-audio-or-chat"), "upload-type-audio-or-chat"),
        (("signed-url-can-be-fetched", "file-name-required"), "file-name-required"),
    ],
)
def test_of_several_problems_the_one_that_is_looked_for_first_is_told(claims: tuple[str, ...], told: str) -> None:
    assert refused(*claims).body == SENTENCES[told]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/plain; charset=utf-8"),
        ("", "text/plain; charset=utf-8"),
        ("*/*", "text/plain; charset=utf-8"),
        ("text/html", "text/plain; charset=utf-8"),
        ("text/plain, application/json", "text/plain; charset=utf-8"),
        ("application/json, text/plain, */*", "text/plain; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/html, Application/JSON; charset=utf-8, text/plain;q=0.5", "application/json"),
        ("application/*", "application/json"),
    ],
)
def test_a_sentence_is_bare_text_unless_json_is_asked_for(accept: str | None, media_type: str) -> None:
    reply = refused("metadata-required", accept=accept)
    assert (reply.body, reply.media_type) == ("You must upload metadata in the request form.", media_type)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.NO_PATH, 404),
        (Kind.METHOD, 405),
        (Kind.MEDIA_TYPE, 415),
        (Kind.TOO_LARGE, 413),
        (Kind.FORBIDDEN, 403),
        (Kind.BROKEN, 500),
    ],
)
def test_any_other_refusal_is_a_status_alone(kind: Kind, status: int) -> None:
    assert refuse([Problem(kind, "no")], CALL) == Reply(status, None, None)


@pytest.mark.parametrize(
    ("credential", "challenge"),
    [(None, "Bearer"), (Credential("oauth2", "nobody-has-this"), 'Bearer error="invalid_token"')],
)
def test_no_valid_token_is_a_challenge(credential: Credential | None, challenge: str) -> None:
    reply = refuse([Problem(Kind.UNAUTHENTICATED, "no")], replace(CALL, credential=credential))
    assert reply == Reply(401, None, None, {"WWW-Authenticate": challenge})


@pytest.mark.parametrize(
    ("grant", "opens"),
    [
        (Grant("oauth2", ("acxapi",)), True),
        (Grant("oauth2", ("openid", "acxapi")), True),
        (Grant("oauth2", ("openid",)), False),
        (Grant("oauth2"), False),
        (Grant(), True),
    ],
)
def test_a_token_needs_the_scope(grant: Grant, *, opens: bool) -> None:
    problem = tokens.token_has_the_scope.check(facts("authenticx", {}, grant=grant))
    assert (problem is None or problem.kind) == (opens or Kind.FORBIDDEN)


def test_of_the_kinds_of_token_only_one_has_the_scope_and_a_client_opens_nothing_but_the_token() -> None:
    assert vendor.grants == {
        "access_token": Grant("oauth2", ("acxapi",)),
        "unscoped_token": Grant("oauth2"),
        "client_id": Grant(("body", "basic")),
    }


@pytest.mark.parametrize(("wants", "told"), [(None, "30"), (0, "0"), (60, "60")])
def test_too_many_uploads_are_told_when_to_come_again(wants: int | None, told: str) -> None:
    problem = Problem(Kind.TOO_MANY, "no", wants=wants)
    assert refuse([problem], CALL) == Reply(429, None, None, {"Retry-After": told})


def test_what_an_organisation_lacks_is_a_json_string_whoever_asks() -> None:
    reply = refuse([Problem(Kind.NOT_IMPLEMENTED, "no")], CALL)
    assert (reply.status, reply.media_type) == (501, "application/json")
    assert str(reply.body).startswith("This endpoint is not available for your organization.")


def test_all_other_calls_are_refused_in_a_sentence_of_our_own() -> None:
    call = facts("authenticx", None, operation="listMetadata").call
    reply = refuse([Problem(Kind.INVALID, "PageSize must be at most 1000", claim="metadata-page-size")], call)
    assert reply == Reply(400, "PageSize must be at most 1000", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("kind", "claim", "code"),
    [
        (Kind.UNAUTHENTICATED, "client-must-be-known", "invalid_client"),
        (Kind.UNAUTHENTICATED, None, "invalid_client"),
        (Kind.INVALID, "grant-type-client-credentials", "unsupported_grant_type"),
        (Kind.INVALID, "token-scope-acxapi", "invalid_scope"),
        (Kind.MEDIA_TYPE, "token-wants-a-form", "invalid_request"),
        (Kind.MALFORMED, "token-wants-a-form", "invalid_request"),
        (Kind.INVALID, None, "invalid_request"),
    ],
)
def test_a_token_is_refused_by_a_code(kind: Kind, claim: str | None, code: str) -> None:
    call = facts("authenticx", {}, operation="createToken").call
    assert refuse([Problem(kind, "no", claim=claim)], call) == Reply(400, {"error": code})


def test_a_token_endpoint_that_fails_has_no_code() -> None:
    call = facts("authenticx", {}, operation="createToken").call
    assert refuse([Problem(Kind.BROKEN, "no")], call) == Reply(500, None, None)
