from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from mockserver.model import Facts, Found, Grant, Kind, Record, Ref
from mockserver.vendors.siro import apps, tokens
from mockserver.vendors.siro.apps import OWN
from mockserver.vendors.siro.keys import made_by, named
from tests.facts import ID, NOW, as_kept, facts

NOTHING: Mapping[str, Any] = {}
CALL = "33333333-3333-4333-8333-333333333333"
SECRET = made_by(CALL, "client-secret")
OWNED = {"clientId": "siro-demo-client"}


def app(ident: str = "client", **fields: Any) -> Record:
    return Record("siro", "demo", "oauth-app", ident, NOW, CALL, {"appName": "A", "owner": "user_demo", **fields})


def token(ident: str = ID, **fields: Any) -> Record:
    least = {"oAuthAppId": "client", "userId": "user_demo", "scope": "write", "expiresAt": "2026-06-24T06:30:00.000Z"}
    return Record("siro", "demo", "access-token", ident, NOW, CALL, {**least, **fields})


END = Record("siro", "demo", OWN.kind, OWN.id, NOW, CALL, {"deletedAt": "2026-06-23T14:30:00.000Z"})


def asked(
    body: Mapping[str, Any] = NOTHING, *known: Record, client: str = "client", ident: str = ID, **rest: Any
) -> Facts:
    return facts("siro", dict(body), params={"clientId": client, "tokenId": ident}, known=known, **rest)


# Keys


def test_what_a_call_hands_out_can_be_told_again() -> None:
    assert made_by(CALL, "client-secret") == SECRET
    assert len({made_by(CALL, "a"), made_by(CALL, "b"), made_by(ID, "a")}) == 3
    assert named("a", "b") != named("a")


# Apps


def test_an_app_shows_its_secret_once_and_keeps_none() -> None:
    outcome = apps.create_app(facts("siro", {"appName": "A", "owner": "user_demo", "organizationId": "org_demo"}))
    (record,), shown = outcome.records, outcome.reply.body
    assert isinstance(shown, dict)
    assert (outcome.reply.status, list(shown)) == (201, ["appName", "clientID", "clientSecret"])
    assert record.body == {"appName": "A", "owner": "user_demo"}
    assert shown["clientSecret"] == made_by(record.call, "client-secret")


@pytest.mark.parametrize(
    ("found", "secret", "deleted"),
    [
        (asked({}, app()), SECRET, None),
        (asked({}, app(deletedAt="x")), SECRET, "x"),
        (asked(client="siro-demo-client"), "siro-demo-secret", None),
        (asked({}, END, client="siro-demo-client"), "siro-demo-secret", "2026-06-23T14:30:00.000Z"),
    ],
    ids=["made", "deleted", "own", "own-deleted"],
)
def test_an_app_is_the_accounts_own_or_was_made(found: Facts, secret: str, deleted: str | None) -> None:
    known = apps.find_app(found)
    assert known
    assert (known.secret, known.deleted) == (secret, deleted)
    assert apps.app_exists.check(found) is None
    assert (apps.app_is_kept.check(found) is None) is (deleted is None)


def test_an_unknown_app_is_not_found() -> None:
    for each in (apps.app_exists, apps.app_is_kept):
        problem = each.check(asked())
        assert problem
        assert problem.kind is Kind.NOT_FOUND


def test_an_account_may_have_no_app_and_nobody_in_it() -> None:
    found = asked(book={"users": []})
    own = apps.own_app(found)
    assert own
    assert own.owner == ""
    found.account.credentials.pop("client_id")
    assert apps.own_app(found) is None
    assert apps.listed(asked(query={"owner": "nobody"})) == []


@pytest.mark.parametrize(("organization", "is_own"), [("org_demo", True), ("org_other", False)])
def test_an_app_is_for_the_tokens_organization(organization: str, *, is_own: bool) -> None:
    found = facts("siro", {"organizationId": organization})
    assert (apps.app_is_for_own_organization.check(found) is None) is is_own


@pytest.mark.parametrize(("owner", "is_user"), [("user_demo", True), ("nobody", False)])
def test_an_app_is_somebodys(owner: str, *, is_user: bool) -> None:
    assert (apps.owner_exists.check(facts("siro", {"owner": owner})) is None) is is_user


def test_apps_are_listed_with_the_accounts_own() -> None:
    query = {"owner": "user_demo", "organizationId": "org_demo"}
    found = asked(query=query, found=Found([as_kept(app()), as_kept(app("other", owner="second"))]))
    body: Any = apps.list_apps(found).reply.body
    assert [each["clientId"] for each in body["data"]] == ["client", "siro-demo-client"]
    assert apps.of_account(found.call) == [OWN]
    assert apps.wanted(found).is_oldest_first


def test_an_app_is_read_without_its_secret() -> None:
    body: Any = apps.get_app(asked({}, app())).reply.body
    assert body["data"]["clientId"] == "client"
    assert SECRET not in str(body)


def test_an_app_ends_with_its_tokens() -> None:
    found = [as_kept(token()), as_kept(token("old", revokedAt="2026-06-01T00:00:00.000Z"))]
    outcome = apps.delete_app(asked({}, app(), found=Found(found)))
    ended, revoked = outcome.records
    assert (ended.body["deletedAt"], revoked.body["revokedAt"]) == ("2026-06-23T14:30:00.000Z",) * 2
    assert outcome.revoked == (made_by(CALL, "access-token"),)


def test_the_accounts_own_app_ends_as_a_record_of_its_own() -> None:
    outcome = apps.delete_app(asked(client="siro-demo-client"))
    (ended,) = outcome.records
    assert ended.ref == OWN


def test_only_an_apps_own_tokens_end_with_it() -> None:
    fits = apps.tokens_of_app(asked()).fits
    assert (fits(as_kept(token())), fits(as_kept(token(oAuthAppId="other")))) == (True, False)


# Tokens


@pytest.mark.parametrize(("scope", "scopes"), [("read", ("read",)), ("write", ("read", "write"))])
def test_a_token_is_good_for_its_scope_and_16_hours(scope: str, scopes: tuple[str, ...]) -> None:
    outcome = tokens.create_token(asked({"clientSecret": SECRET, "userId": "user_demo", "scope": scope}))
    (issue,), (record,), shown = outcome.issued, outcome.records, outcome.reply.body
    assert (issue.grant, issue.expires) == (Grant("siroToken", scopes), NOW + timedelta(hours=16))
    assert (issue.subject, record.body["userId"]) == ("user_demo", "user_demo")
    assert shown == {"accessTokenId": record.id, "accessToken": issue.value}
    assert issue.value not in str(record.body)


@pytest.mark.parametrize(("secret", "is_right"), [(SECRET, True), ("siro-demo-secret", False), ("", False)])
def test_a_token_needs_the_secret_of_its_app(secret: str, *, is_right: bool) -> None:
    assert (tokens.secret_is_the_apps.check(asked({"clientSecret": secret}, app())) is None) is is_right


@pytest.mark.parametrize(("user", "is_known"), [("user_demo", True), ("nobody", False)])
def test_a_token_is_for_a_user(user: str, *, is_known: bool) -> None:
    assert (tokens.token_user_exists.check(asked({"userId": user})) is None) is is_known


@pytest.mark.parametrize(
    ("found", "is_there"),
    [
        (asked({}, token()), True),
        (asked({"userId": "user_demo"}, token()), True),
        (asked({"userId": "second"}, token()), False),
        (asked({}, token(), client="other"), False),
        (asked(), False),
    ],
    ids=["read", "its-user", "another-user", "another-app", "none"],
)
def test_a_token_is_its_apps_and_its_users(found: Facts, *, is_there: bool) -> None:
    assert (tokens.token_exists.check(found) is None) is is_there


def test_a_token_is_read_without_its_value() -> None:
    found = asked({}, token())
    body: Any = tokens.get_token(found).reply.body
    assert (body["data"]["accessTokenId"], body["data"]["revokedAt"]) == (ID, None)
    assert made_by(CALL, "access-token") not in str(body)
    assert tokens.of_path(found.call) == [OWN, Ref("oauth-app", "client"), Ref("access-token", ID)]


def test_tokens_are_listed_by_app_and_user() -> None:
    found = asked(query={"owner": "user_demo"}, found=Found([as_kept(token())]))
    fits = tokens.wanted(found).fits
    others = [token(), token(userId="second"), token(oAuthAppId="other")]
    assert [fits(as_kept(each)) for each in others] == [True, False, False]
    body: Any = tokens.list_tokens(found).reply.body
    assert (body["total"], body["data"][0]["subject"]) == (1, "user_demo")
    assert tokens.token_cursor_is_known.check(found) is None


def test_a_token_is_revoked_once() -> None:
    outcome = tokens.revoke_token(asked({}, token()))
    assert outcome.records[0].body["revokedAt"] == "2026-06-23T14:30:00.000Z"
    assert outcome.revoked == (made_by(CALL, "access-token"),)
    again = tokens.revoke_token(asked({}, token(revokedAt="2026-06-01T00:00:00.000Z")))
    assert again.records[0].body["revokedAt"] == "2026-06-01T00:00:00.000Z"


def test_an_unknown_cursor_of_apps_is_told() -> None:
    query = {"owner": "user_demo", "organizationId": "org_demo", "cursor": "nowhere"}
    assert apps.app_cursor_is_known.check(asked(query=query))
