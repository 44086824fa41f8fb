import json
from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.model import Facts, Grant, Kind, Problem, Record, Ref
from mockserver.shipped import shipped
from mockserver.vendors.siro import reading, rules, vendor
from mockserver.vendors.siro.contracts import AUGUST_2026, CRM_OBJECT, FIRST, contract
from tests.facts import ID, NOW, facts

NOTHING: Mapping[str, Any] = {}
EDITION = "siro@2026-08"
UPLOAD = {"fileType": "mp3", "userId": "user_demo"}
ISSUED = "5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10"
SIGNED = f"https://storage.example.com/uploads/{ISSUED}"
STORED = {"size": 20_000, "sha256": "0" * 64, "format": "mp3", "seconds": 3.0}
READ, WRITE = Grant("siroToken", ("read",)), Grant("siroToken", ("read", "write"))
TWO_USERS = [
    {"id": "first", "email": "first@example.com", "phoneNumber": "+15550101"},
    {"id": "second", "email": "second@example.com", "phoneNumber": "+15550102"},
]


def sent(fields: Mapping[str, Any] = NOTHING, name: str = "siro", **rest: Any) -> Facts:
    media = "fileUrl" if name == EDITION else "downloadUrl"
    return facts(name, {media: SIGNED, **UPLOAD, **fields}, known=[signed_url()], **rest)


def signed_url() -> Record:
    return Record("siro", "demo", "signed-url", ISSUED, NOW, str(ID), {"downloadUrl": SIGNED, "stored": STORED})


# Contracts


@pytest.mark.parametrize("form", [FIRST, AUGUST_2026], ids=lambda form: form.name)
def test_a_contract_has_the_fields_of_its_document_in_their_order(form: Any) -> None:
    schema = json.loads((shipped("schemas") / form.name / "upload-request.json").read_text("utf-8"))
    assert form.fields == tuple(schema["properties"])
    assert {form.media_url, form.phone, form.contact} <= set(form.fields)
    assert tuple(schema["$defs"]["crmObject"]["properties"]) == CRM_OBJECT


@pytest.mark.parametrize(("name", "form"), [("siro", FIRST), (EDITION, AUGUST_2026)], ids=["siro", "edition"])
def test_the_name_that_was_called_tells_the_contract(name: str, form: object) -> None:
    assert contract(sent(name=name).call.vendor) is form


# What credentials open


def test_only_access_tokens_open_the_upload() -> None:
    schemes = {name: grant.scheme for name, grant in vendor.grants.items()}
    assert schemes == {"token": "siroToken", "read_token": "siroToken", "org_token": "orgToken"}


@pytest.mark.parametrize("grant", [WRITE, Grant()], ids=["write", "unknown"])
def test_a_token_that_may_write_may_post(grant: Grant) -> None:
    assert rules.read_scope_only_reads.check(sent(grant=grant)) is None


def test_a_read_token_may_not_post() -> None:
    problem = rules.read_scope_only_reads.check(sent(grant=READ))
    assert problem == Problem(Kind.FORBIDDEN, "a token of scope read may not POST")


@pytest.mark.parametrize(
    "rest", [{"method": "GET"}, {"options": {"read_scope_on_post": "accept"}}], ids=["get", "option"]
)
def test_a_read_token_may_get_and_what_the_option_lets_it(rest: dict[str, Any]) -> None:
    assert rules.read_scope_only_reads.check(sent(grant=READ, **rest)) is None


# Organization, user, connection


@pytest.mark.parametrize("fields", [{}, {"organizationId": "org_demo"}], ids=["none", "own"])
def test_a_recording_belongs_to_the_tokens_organization(fields: dict[str, str]) -> None:
    found = sent(fields)
    assert rules.organization_is_the_tokens_own.check(found) is None
    assert reading.organization(found) == "org_demo"


@pytest.mark.parametrize("foreign", ["org_other", ""])
def test_another_organization_is_foreign(foreign: str) -> None:
    problem = rules.organization_is_the_tokens_own.check(sent({"organizationId": foreign}))
    assert problem
    assert (problem.kind, problem.path) == (Kind.FORBIDDEN, ("organizationId",))


@pytest.mark.parametrize(
    ("fields", "user"),
    [
        ({"userId": "second", "userEmail": "first@example.com"}, "second"),
        ({"userId": "", "userEmail": "first@example.com", "userPhone": "+15550102"}, "first"),
        ({"userId": "nobody", "userEmail": "nobody@example.com", "userPhone": "+15550102"}, "second"),
        ({"userId": "nobody", "userEmail": "", "userPhone": "+15550199"}, None),
        ({"userId": "", "userEmail": "First@example.com"}, None),
    ],
    ids=["id-wins", "then-email", "then-phone", "nobody", "as-written"],
)
def test_the_user_is_found_by_id_then_email_then_phone(fields: dict[str, str], user: str | None) -> None:
    found = sent(fields, book={"users": TWO_USERS})
    assert reading.user(found) == user
    assert (rules.user_exists.check(found) is None) is (user is not None)


def test_a_user_whom_nothing_leads_to_is_not_found() -> None:
    problem = rules.user_exists.check(sent({"userId": "nobody", "userPhone": "+1"}))
    assert problem == Problem(Kind.NOT_FOUND, "no user has what is given as userId, userPhone")


@pytest.mark.parametrize("fields", [{}, {"integrationConnectionId": "conn_demo"}], ids=["none", "known"])
def test_a_connection_of_the_account_will_do(fields: dict[str, str]) -> None:
    assert rules.connection_exists.check(sent(fields)) is None


def test_an_unknown_connection_is_not_found() -> None:
    problem = rules.connection_exists.check(sent({"integrationConnectionId": "conn_other"}))
    assert problem
    assert (problem.kind, problem.path) == (Kind.NOT_FOUND, ("integrationConnectionId",))


# The media URL


@pytest.mark.parametrize(
    ("url", "refs"),
    [
        (SIGNED, [Ref("signed-url", ISSUED)]),
        (f"{SIGNED}?sig=a/b#c/d", [Ref("signed-url", ISSUED)]),
        ("https://storage.example.com/call.mp3", []),
        ("<string>", []),
        (7, []),
    ],
    ids=["signed", "with-query", "no-id", "no-url", "no-text"],
)
def test_a_media_url_names_the_signed_url_it_may_stem_from(url: Any, refs: list[Ref]) -> None:
    assert reading.signed_urls(sent({"downloadUrl": url}).call) == refs


def test_a_body_that_is_no_object_names_no_signed_url() -> None:
    assert reading.signed_urls(facts("siro", []).call) == []


@pytest.mark.parametrize(("name", "field"), [("siro", "downloadUrl"), (EDITION, "fileUrl")])
def test_only_the_issued_url_passes_where_the_account_asks_for_it(name: str, field: str) -> None:
    strict = {"strict_media_url": True}
    check = rules.media_url_was_issued_where_asked.check
    assert check(sent(name=name, options=strict)) is None
    problem = check(sent({field: f"{SIGNED}?sig=1"}, name, options=strict))
    assert problem == Problem(Kind.INVALID, f"{field} was not issued by signed-urls", (field,))


def test_an_issued_url_that_nothing_was_put_behind_does_not_pass_either() -> None:
    empty = Record("siro", "demo", "signed-url", ISSUED, NOW, str(ID), {"downloadUrl": SIGNED})
    fields = {"downloadUrl": SIGNED, **UPLOAD}
    problem = rules.media_url_was_issued_where_asked.check(
        facts("siro", fields, known=[empty], options={"strict_media_url": True})
    )
    assert problem
    assert problem.says == "nothing was PUT to the uploadUrl that came with this downloadUrl"


def test_any_media_url_passes_by_default() -> None:
    assert rules.media_url_was_issued_where_asked.check(sent({"downloadUrl": "call.mp3"})) is None
