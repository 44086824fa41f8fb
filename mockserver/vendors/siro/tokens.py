"""Access tokens: made by an app for a user, good for 16 hours, read back without their values."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from mockserver.kit.times import to_iso
from mockserver.model import (
    Call,
    Facts,
    Grant,
    Issue,
    Kind,
    Listing,
    Outcome,
    Problem,
    Ref,
    Reply,
    Standing,
    keeps,
    rule,
)
from mockserver.vendors.siro import apps, pages
from mockserver.vendors.siro.apps import TOKEN
from mockserver.vendors.siro.keys import made_by

LIFETIME = timedelta(hours=16)
SCOPES = {"read": ("read",), "write": ("read", "write")}
AUDIENCE = "https://api.siro.ai"


def of_path(call: Call) -> Sequence[Ref]:
    return [*apps.of_path(call), Ref(TOKEN, call.params["tokenId"])]


def token_of(facts: Facts) -> Standing:
    """Return the token of the path, which the rules have found to be there."""
    return facts.known[Ref(TOKEN, facts.call.params["tokenId"])]


@rule("wrong-client-secret-is-401")
def secret_is_the_apps(facts: Facts) -> Problem | None:
    app = apps.find_app(facts)
    if app and app.secret and app.secret == facts.call.fields["clientSecret"]:
        return None
    return Problem(Kind.UNAUTHENTICATED, "clientSecret is not that of this OAuth app")


@rule("unknown-token-user-is-404")
def token_user_exists(facts: Facts) -> Problem | None:
    user = facts.call.fields["userId"]
    if any(each["id"] == user for each in facts.account.book["users"]):
        return None
    return Problem(Kind.NOT_FOUND, "no user has this userId", ("userId",))


@rule("unknown-token-is-404")
def token_exists(facts: Facts) -> Problem | None:
    """Judge whether the app of the path has made the token, and for the user of the body where there is one."""
    call = facts.call
    token = facts.at_hand(TOKEN, call.params["tokenId"])
    is_the_apps = token is not None and token.body["oAuthAppId"] == call.params["clientId"]
    if token and is_the_apps and call.fields.get("userId", token.body["userId"]) == token.body["userId"]:
        return None
    return Problem(Kind.NOT_FOUND, "this OAuth app has made no such access token for this user")


@rule("unknown-cursor-is-400")
def token_cursor_is_known(facts: Facts) -> Problem | None:
    return pages.is_lost(facts, listed(facts), "accessTokenId")


@keeps("tokens-open-the-gateway")
def create_token(facts: Facts) -> Outcome:
    call, fields = facts.call, facts.call.fields
    ident, value, expires = call.derive(TOKEN), made_by(call.id, TOKEN), call.at + LIFETIME
    kept = {"oAuthAppId": call.params["clientId"], "userId": fields["userId"], "scope": fields["scope"]}
    record = facts.record(TOKEN, ident, {**kept, "expiresAt": to_iso(expires)})
    issue = Issue(value, Grant("siroToken", SCOPES[fields["scope"]]), expires, fields["userId"])
    return Outcome(Reply(201, {"accessTokenId": ident, "accessToken": value}), (record,), issued=(issue,))


def wanted(facts: Facts) -> Listing:
    client, owner = facts.call.params["clientId"], facts.call.query["owner"]

    def fits(token: Standing) -> bool:
        return bool(token.body["oAuthAppId"] == client and token.body["userId"] == owner)

    return Listing(TOKEN, apps.ALL, fits, is_oldest_first=True)


def listed(facts: Facts) -> list[dict[str, Any]]:
    return pages.within_dates(facts, [view(token) for token in facts.found.items])


def view(token: Standing) -> dict[str, Any]:
    body, created = token.body, to_iso(token.created)
    revoked = body.get("revokedAt")
    return {
        "accessTokenId": token.id,
        "oAuthAppId": body["oAuthAppId"],
        "userId": body["userId"],
        "audience": AUDIENCE,
        "subject": body["userId"],
        "scope": body["scope"],
        "expiresAt": body["expiresAt"],
        "createdAt": created,
        "updatedAt": revoked or created,
        "revokedAt": revoked,
    }


def list_tokens(facts: Facts) -> Outcome:
    return Outcome(Reply(200, pages.page_of(facts, listed(facts), "accessTokenId")))


def get_token(facts: Facts) -> Outcome:
    return Outcome(Reply(200, {"data": view(token_of(facts))}))


def revoke_token(facts: Facts) -> Outcome:
    """Revoke a token; one that was revoked before stays as it is."""
    record = token_of(facts).record
    ended = replace(record, body={"revokedAt": to_iso(facts.call.at), **record.body})
    return Outcome(Reply(200, {"tokenId": record.id}), (ended,), revoked=(made_by(record.call, TOKEN),))
