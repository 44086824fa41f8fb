"""OAuth apps: the account's own, and those that were made since."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mockserver.kit.times import to_iso
from mockserver.model import Call, Facts, Kind, Listing, Outcome, Problem, Record, Ref, Reply, Standing, keeps, rule
from mockserver.vendors.siro import pages
from mockserver.vendors.siro.directory import BEGINNING, organization_id
from mockserver.vendors.siro.keys import made_by

APP, TOKEN = "oauth-app", "access-token"
# What became of the app that came with the account, of which there is no record until then.
OWN = Ref("oauth-app-of-the-account", "own")
# As many as there can be.
ALL = 100_000


class App(Struct, frozen=True):
    """An app; `record` is None for the account's own."""

    client_id: str
    secret: str
    name: str
    owner: str
    created: str
    deleted: str | None = None
    record: Record | None = None

    def view(self, organization: str) -> dict[str, Any]:
        return {
            "appName": self.name,
            "clientId": self.client_id,
            "organizationId": organization,
            "owner": self.owner,
            "deleted": self.deleted is not None,
            "createdAt": self.created,
            "updatedAt": self.deleted or self.created,
            "deletedAt": self.deleted,
        }


def of_path(call: Call) -> Sequence[Ref]:
    return [OWN, Ref(APP, call.params["clientId"])]


def of_account(_call: Call) -> Sequence[Ref]:
    return [OWN]


def own_app(facts: Facts) -> App | None:
    """Return the app that came with the account, None where none did."""
    credentials, users = facts.account.credentials, facts.account.book["users"]
    if "client_id" not in credentials:
        return None
    end = facts.known.get(OWN)
    owner = users[0]["id"] if users else ""
    names = (credentials["client_id"], credentials.get("client_secret", ""), facts.account.name, owner, BEGINNING)
    return App(*names, deleted=end.body["deletedAt"] if end else None)


def made_app(kept: Standing) -> App:
    body, secret = kept.body, made_by(kept.record.call, "client-secret")
    created = to_iso(kept.created)
    return App(kept.id, secret, body["appName"], body["owner"], created, body.get("deletedAt"), kept.record)


def find_app(facts: Facts) -> App | None:
    """Return the app of the path."""
    wanted, own = facts.call.params["clientId"], own_app(facts)
    if own and own.client_id == wanted:
        return own
    kept = facts.at_hand(APP, wanted)
    return made_app(kept) if kept else None


# Rules


@rule("unknown-app-is-404")
def app_exists(facts: Facts) -> Problem | None:
    return None if find_app(facts) else Problem(Kind.NOT_FOUND, "no OAuth app has this clientId")


@rule("deleted-app-is-gone")
def app_is_kept(facts: Facts) -> Problem | None:
    app = find_app(facts)
    return None if app and not app.deleted else Problem(Kind.NOT_FOUND, "this OAuth app has been deleted")


@rule("foreign-organization-is-403")
def app_is_for_own_organization(facts: Facts) -> Problem | None:
    """Judge the organization that the body names."""
    if facts.call.fields["organizationId"] == organization_id(facts):
        return None
    return Problem(Kind.FORBIDDEN, "organizationId is not the organization of this token", ("organizationId",))


@rule("unknown-owner-is-404")
def owner_exists(facts: Facts) -> Problem | None:
    owner = facts.call.fields["owner"]
    if any(each["id"] == owner for each in facts.account.book["users"]):
        return None
    return Problem(Kind.NOT_FOUND, "no user has the id that is given as owner", ("owner",))


@rule("unknown-cursor-is-400")
def app_cursor_is_known(facts: Facts) -> Problem | None:
    return pages.is_lost(facts, listed(facts), "clientId")


# Outcomes


@keeps("oauth-apps-make-tokens")
def create_app(facts: Facts) -> Outcome:
    call, fields = facts.call, facts.call.fields
    ident = made_by(call.id, "client-id")[:32]
    kept = {"appName": fields["appName"], "owner": fields["owner"]}
    shown = {"appName": fields["appName"], "clientID": ident, "clientSecret": made_by(call.id, "client-secret")}
    return Outcome(Reply(201, shown), (facts.record(APP, ident, kept),))


def wanted(_facts: Facts) -> Listing:
    return Listing(APP, ALL, is_oldest_first=True)


def listed(facts: Facts) -> list[dict[str, Any]]:
    """Return the apps that the call asks for, oldest first."""
    own = own_app(facts)
    apps = [*([own] if own else []), *map(made_app, facts.found.items)]
    views = [app.view(organization_id(facts)) for app in apps if app.owner == facts.call.query["owner"]]
    return pages.within_dates(facts, views)


def list_apps(facts: Facts) -> Outcome:
    return Outcome(Reply(200, pages.page_of(facts, listed(facts), "clientId")))


def get_app(facts: Facts) -> Outcome:
    app = find_app(facts)
    return Outcome(Reply(200, {"data": app.view(organization_id(facts)) if app else None}))


def tokens_of_app(facts: Facts) -> Listing:
    client = facts.call.params["clientId"]
    return Listing(TOKEN, ALL, lambda token: bool(token.body["oAuthAppId"] == client))


def delete_app(facts: Facts) -> Outcome:
    client, now = facts.call.params["clientId"], to_iso(facts.call.at)
    app = find_app(facts)
    kept = app.record if app else None
    end = (
        replace(kept, body={**kept.body, "deletedAt": now})
        if kept
        else facts.record(OWN.kind, OWN.id, {"deletedAt": now})
    )
    live = [each.record for each in facts.found.items if "revokedAt" not in each.body]
    ended = [replace(each, body={**each.body, "revokedAt": now}) for each in live]
    revoked = tuple(made_by(each.call, TOKEN) for each in live)
    return Outcome(Reply(200, {"clientId": client}), (end, *ended), revoked=revoked)
