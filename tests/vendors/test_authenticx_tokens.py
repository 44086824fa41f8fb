import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Credential, Facts, Grant, Kind
from mockserver.vendors.authenticx import tokens
from tests.authenticx import body_of
from tests.facts import NOW, facts

CLIENT, SECRET = "authenticx-demo-client", "authenticx-demo-secret"


def asking(credential: Credential | None = None, /, **fields: str) -> Facts:
    asked = facts("authenticx", fields, operation="createToken", grant=tokens.CLIENT)
    return replace(asked, call=replace(asked.call, credential=credential or Credential("body", CLIENT)))


def without_credentials(asked: Facts) -> Facts:
    return replace(asked, account=replace(asked.account, credentials={"any": CLIENT}))


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (asking(client_secret=SECRET), True),
        (asking(client_secret="wrong"), False),
        (asking(client_secret=""), False),
        (asking(), False),
        (asking(Credential("basic", CLIENT, SECRET)), True),
        (asking(Credential("basic", CLIENT, "wrong"), client_secret=SECRET), False),
        (asking(Credential("basic", CLIENT, "")), False),
        (without_credentials(asking(client_secret="any")), True),
        (without_credentials(asking()), False),
    ],
)
def test_a_client_shows_its_secret(asked: Facts, *, known: bool) -> None:
    problem = tokens.secret_is_the_clients.check(asked)
    assert (problem is None or problem.kind) == (known or Kind.UNAUTHENTICATED)


def test_a_secret_that_is_no_text_is_none() -> None:
    asked = facts("authenticx", {"client_secret": 7}, operation="createToken")
    assert tokens.secret(asked) == ""


def test_a_secret_is_asked_for_at_the_token_endpoint_only() -> None:
    elsewhere = facts("authenticx", {}, operation="listAgents", grant=Grant("oauth2", ("acxapi",)))
    assert tokens.secret_is_the_clients.check(elsewhere) is None


def test_a_client_needs_no_scope_to_ask_for_one() -> None:
    assert tokens.token_has_the_scope.check(asking()) is None


@pytest.mark.parametrize(
    ("fields", "known"),
    [({}, True), ({"scope": ""}, True), ({"scope": " acxapi  acxapi "}, True), ({"scope": "acxapi openid"}, False)],
)
def test_there_is_one_scope(fields: dict[str, str], *, known: bool) -> None:
    assert (tokens.scope_is_known.check(asking(**fields)) is None) is known


def part(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def test_a_token_is_good_for_an_hour_and_says_so() -> None:
    outcome = tokens.create_token(asking())
    body = body_of(outcome)
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "acxapi")
    (issue,) = outcome.issued
    assert (issue.value, issue.grant, issue.subject) == (body["access_token"], Grant("oauth2", ("acxapi",)), CLIENT)
    assert issue.expires == NOW + timedelta(hours=1)


def test_a_token_looks_like_a_jwt() -> None:
    token = body_of(tokens.create_token(asking()))["access_token"]
    claims = part(token, 1)
    assert part(token, 0)["typ"] == "at+jwt"
    assert (claims["client_id"], claims["scope"], claims["exp"] - claims["iat"]) == (CLIENT, ["acxapi"], 3600)
    assert claims["iat"] == NOW.timestamp()


def test_another_call_gets_another_token() -> None:
    asked = asking()
    other = replace(asked, call=replace(asked.call, id="22222222-2222-4222-8222-222222222222", credential=None))
    tokens_of = {body_of(tokens.create_token(each))["access_token"] for each in (asked, asked, other)}
    assert len(tokens_of) == 2
