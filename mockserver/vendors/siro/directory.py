"""What the organization's dashboard holds, as both hosts show it: users, connections, the organization itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.model import Facts, Kind, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.siro import pages
from mockserver.vendors.siro.keys import named

# Since when there is what the book does not date.
BEGINNING = "2026-01-01T00:00:00.000Z"
PAGE = 25
STAFF = "@siro.ai"
NOBODY: Mapping[str, Any] = {}


def user_of(facts: Facts, ident: str | None) -> Mapping[str, Any]:
    """Return a user of the book, nothing where there is no such user any more."""
    return next((each for each in facts.account.book["users"] if each["id"] == ident), NOBODY)


def connection_of(facts: Facts, ident: str) -> Mapping[str, Any]:
    """Return a connection of the book, nothing where there is no such connection any more."""
    return next((each for each in facts.account.book["connections"] if each["id"] == ident), NOBODY)


def organization_id(facts: Facts) -> str:
    return str(facts.account.book["organization"]["id"])


def page_of(facts: Facts, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what follows the item that the cursor names, at most a page of it."""
    start = pages.place_of(facts.call.query.get("cursor"), items, "id")
    page = items[start : start + PAGE]
    return {"data": page, "cursor": page[-1]["id"] if len(items) > start + PAGE else None}


# Users


def users(facts: Facts) -> list[dict[str, Any]]:
    """Return the users that the call asks for."""
    query = facts.call.query
    wanted = [view_user(facts, each) for each in facts.account.book["users"]]
    if query.get("disabled") is not None:
        wanted = [each for each in wanted if each["disabled"] is query["disabled"]]
    if query.get("excludeSiroUsers"):
        wanted = [each for each in wanted if not str(each["email"] or "").endswith(STAFF)]
    if "externalId" in query:
        wanted = [each for each in wanted if each["externalId"] == query["externalId"]]
    return wanted


def view_user(facts: Facts, user: Mapping[str, Any]) -> dict[str, Any]:
    least = dict.fromkeys(("id", "email", "phoneNumber", "firstName", "lastName", "memberTeamId", "externalId"))
    own = {"organizationId": user.get("organizationId") or organization_id(facts)}
    plain = {"coachTeamIds": [], "createdAt": BEGINNING, "disabled": False, "billable": True}
    return {**least, **plain, **user, **own}


@rule("unknown-cursor-is-400")
def user_cursor_is_known(facts: Facts) -> Problem | None:
    return pages.is_lost(facts, users(facts), "id")


@keeps("organization-paths", "book-pages-of-25")
def list_users(facts: Facts) -> Outcome:
    return Outcome(Reply(200, page_of(facts, users(facts))))


@rule("unknown-user-by-id-is-404")
def user_is_there(facts: Facts) -> Problem | None:
    return None if user_of(facts, facts.call.params["id"]) else Problem(Kind.NOT_FOUND, "no user has this id")


def get_user(facts: Facts) -> Outcome:
    return Outcome(Reply(200, view_user(facts, user_of(facts, facts.call.params["id"]))))


# The organization


def view_organization(facts: Facts) -> dict[str, Any]:
    return {
        "id": None,
        "name": None,
        "industries": [],
        "integrations": [],
        "teams": [],
        **facts.account.book["organization"],
    }


def list_organizations(facts: Facts) -> Outcome:
    return Outcome(Reply(200, {"data": [view_organization(facts)], "cursor": None}))


@rule("unknown-organization-is-404")
def organization_is_there(facts: Facts) -> Problem | None:
    is_own = facts.call.params["id"] == organization_id(facts)
    return None if is_own else Problem(Kind.NOT_FOUND, "no organization has this id")


def get_organization(facts: Facts) -> Outcome:
    return Outcome(Reply(200, view_organization(facts)))


@keeps("caller-created-at-the-beginning")
def get_caller_identity(facts: Facts) -> Outcome:
    organization, users = facts.account.book["organization"], facts.account.book["users"]
    body = {
        "tokenId": named("token", facts.account.name),
        "tokenName": organization.get("name") or organization["id"],
        "organizationId": organization["id"],
        "authorizedOrgGroupId": None,
        "parentOrgGroupTokenId": None,
        "createdAt": BEGINNING,
        "createdBy": users[0]["id"] if users else None,
    }
    return Outcome(Reply(200, body))


# Connections


def connections(facts: Facts) -> list[dict[str, Any]]:
    """Return the connections that the call asks for."""
    wanted = facts.call.query.get("integrationPlatform")
    found = [view_connection(facts, each) for each in facts.account.book["connections"]]
    return [each for each in found if wanted in (None, each["integrationPlatform"])]


def view_connection(facts: Facts, connection: Mapping[str, Any]) -> dict[str, Any]:
    own = {"organizationId": connection.get("organizationId") or organization_id(facts)}
    least = {
        "id": None,
        "name": None,
        "externalAccountId": None,
        "integrationPlatform": "SIRO_CUSTOM_INPUT",
        "isActive": True,
    }
    dates = {"createdAt": BEGINNING, "updatedAt": BEGINNING}
    return {**least, **dates, "syncStatus": [], **connection, **own}


@rule("unknown-cursor-is-400")
def connection_cursor_is_known(facts: Facts) -> Problem | None:
    return pages.is_lost(facts, connections(facts), "id")


def list_connections(facts: Facts) -> Outcome:
    return Outcome(Reply(200, page_of(facts, connections(facts))))


@rule("unknown-connection-by-id-is-404")
def connection_is_there(facts: Facts) -> Problem | None:
    found = connection_of(facts, facts.call.params["id"])
    return None if found else Problem(Kind.NOT_FOUND, "no connection has this id")


def get_connection(facts: Facts) -> Outcome:
    return Outcome(Reply(200, view_connection(facts, connection_of(facts, facts.call.params["id"]))))


# Conversation configurations, on the gateway


@rule("foreign-organization-is-403")
def organization_asked_for_is_own(facts: Facts) -> Problem | None:
    """Judge the organization that the query names."""
    own = organization_id(facts)
    if facts.call.query.get("organizationId", own) == own:
        return None
    return Problem(Kind.FORBIDDEN, "organizationId is not the organization of this token", ("organizationId",))


def list_configurations(facts: Facts) -> Outcome:
    found = facts.account.book["conversation_types"]
    return Outcome(Reply(200, {"data": [view_configuration(facts, each) for each in found]}))


def view_configuration(facts: Facts, configuration: Mapping[str, Any]) -> dict[str, Any]:
    ident = named("configuration", configuration["conversationType"])
    return {"id": ident, "displayName": None, "orgId": organization_id(facts), **configuration}
