"""What Siro refuses beyond the shape of an upload."""

from mockserver.model import Facts, Kind, Problem, rule
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.contracts import contract


@rule("read-scope-only-reads")
def read_scope_only_reads(facts: Facts) -> Problem | None:
    method, scopes = facts.call.method, facts.grant.scopes
    # Scopes may be unknown: a credential that nobody issued and --any-token lets in has none.
    if method == "GET" or scopes != ("read",) or facts.option("read_scope_on_post") == "accept":
        return None
    return Problem(Kind.FORBIDDEN, f"a token of scope read may not {method}")


@rule("foreign-organization-is-403")
def organization_is_the_tokens_own(facts: Facts) -> Problem | None:
    own = reading.organization(facts)
    if facts.call.fields.get("organizationId", own) == own:
        return None
    return Problem(Kind.FORBIDDEN, "organizationId is not the organization of this token", ("organizationId",))


@rule("unknown-user-is-404")
def user_exists(facts: Facts) -> Problem | None:
    if reading.user(facts):
        return None
    given = ", ".join(name for name, _ in reading.identified(facts))
    return Problem(Kind.NOT_FOUND, f"no user has what is given as {given}")


@rule("unknown-connection-is-404")
def connection_exists(facts: Facts) -> Problem | None:
    wanted = facts.call.fields.get("integrationConnectionId")
    if wanted is None or wanted in [each["id"] for each in facts.account.book["connections"]]:
        return None
    return Problem(Kind.NOT_FOUND, "no connection has this integrationConnectionId", ("integrationConnectionId",))


@rule("unissued-media-url-is-taken")
def media_url_was_issued_where_asked(facts: Facts) -> Problem | None:
    if not facts.option("strict_media_url"):
        return None
    name, issued = contract(facts.call.vendor).media_url, reading.issued(facts)
    if issued is None:
        return Problem(Kind.INVALID, f"{name} was not issued by signed-urls", (name,))
    if not issued.body.get("stored"):
        return Problem(Kind.INVALID, f"nothing was PUT to the uploadUrl that came with this {name}", (name,))
    return None
