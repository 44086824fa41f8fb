"""Access tokens for clients that show their secret, and what such tokens open."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec

from mockserver.model import Facts, Grant, Issue, Kind, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.authenticx.search import invalid

OPERATION = "createToken"
SCOPE = "acxapi"
LIFETIME = 3600
NO_CACHE = {"Cache-Control": "no-store, no-cache, max-age=0", "Pragma": "no-cache"}
# A client's id is shown in the form or by HTTP Basic; a token, whatever it was asked for by, as a bearer's.
CLIENT = Grant(("body", "basic"))
ACCESS = Grant("oauth2", (SCOPE,))
UNSCOPED = Grant("oauth2")


@rule("scope-acxapi")
def token_has_the_scope(facts: Facts) -> Problem | None:
    # A grant without scheme is one that nobody has issued: whoever made it open to all means all.
    if facts.call.operation == OPERATION or facts.grant == Grant() or SCOPE in facts.grant.scopes:
        return None
    return Problem(Kind.FORBIDDEN, "the token is not for the scope acxapi")


@rule("client-must-be-known")
def secret_is_the_clients(facts: Facts) -> Problem | None:
    # An account that was made for a client nobody has issued has no secret to compare with: any will do.
    shown = secret(facts)
    own = facts.account.credentials.get("client_secret", shown)
    if facts.call.operation != OPERATION or (shown and shown == own):
        return None
    return Problem(Kind.UNAUTHENTICATED, "this is not the client's secret", ("client_secret",))


@keeps("client-by-basic", "client-in-the-form")
def secret(facts: Facts) -> str:
    shown = facts.call.credential
    if shown and shown.secret is not None:
        return shown.secret
    given = facts.call.fields.get("client_secret")
    return given if isinstance(given, str) else ""


@rule("token-scope-acxapi")
def scope_is_known(facts: Facts) -> Problem | None:
    asked = facts.call.fields.get("scope", "").split()
    return invalid("the client has the scope acxapi and no other", "scope") if {*asked} - {SCOPE} else None


@keeps("token-lives-one-hour", "no-refresh-token", "omitted-scope-yields-all", "token-not-cached")
def create_token(facts: Facts) -> Outcome:
    value = access_token(facts)
    expires = facts.call.at + timedelta(seconds=LIFETIME)
    body = {"access_token": value, "token_type": "Bearer", "expires_in": LIFETIME, "scope": SCOPE}
    issue = Issue(value, ACCESS, expires, client_id(facts))
    return Outcome(Reply(200, body, headers=NO_CACHE), issued=(issue,))


def client_id(facts: Facts) -> str | None:
    return facts.call.credential.value if facts.call.credential else None


@keeps("token-looks-like-a-jwt")
def access_token(facts: Facts) -> str:
    """Return what looks like the token of an identity server, with a signature that nobody can check."""
    call = facts.call
    issued = int(call.at.timestamp())
    ident = call.derive("token")
    head = {"alg": "RS256", "kid": ident[:8].upper(), "typ": "at+jwt"}
    times = {"nbf": issued, "iat": issued, "exp": issued + LIFETIME}
    claims = {"iss": call.origin, **times, "scope": [SCOPE], "client_id": client_id(facts), "jti": ident}
    signature = sha256(ident.encode()).digest()
    return ".".join((part(head), part(claims), encoded(signature)))


def part(value: dict[str, Any]) -> str:
    return encoded(msgspec.json.encode(value))


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
