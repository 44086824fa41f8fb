"""How Siro reads an upload: whose recording it is, what it is about, and where its audio lies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mockserver.kit.formats import is_uuid
from mockserver.kit.times import to_iso
from mockserver.model import Call, Facts, Ref, Standing, keeps
from mockserver.vendors.siro.contracts import KNOWN, contract
from mockserver.vendors.siro.storage import SIGNED_URL

# What the body calls each of a user's identifiers, and what the book does.
IDENTIFIERS: Mapping[str, str] = {"userId": "id", "userEmail": "email", "userPhone": "phoneNumber"}


def documented(call: Call) -> dict[str, Any]:
    """Return the fields that the contract knows, as they were sent."""
    known, fields = KNOWN[contract(call.vendor).name], call.fields
    if fields.keys() <= known:
        return dict(fields)
    return {name: value for name, value in fields.items() if name in known}


def media_url(call: Call) -> str:
    return str(call.fields.get(contract(call.vendor).media_url, ""))


def signed_urls(call: Call) -> Sequence[Ref]:
    """Name the signed URL that the media URL may stem from: its id is the last segment of the path."""
    segment = media_url(call).partition("?")[0].partition("#")[0].rpartition("/")[2]
    return [Ref(SIGNED_URL, segment)] if is_uuid(segment) else []


@keeps("media-url-from-signed-urls")
def issued(facts: Facts) -> Standing | None:
    """Return the signed URL whose downloadUrl this very URL is, None where signed-urls has given out no such."""
    for found in facts.known.values():
        if found.body.get("downloadUrl") == media_url(facts.call):
            return found
    return None


def identified(facts: Facts) -> list[tuple[str, str | None]]:
    """Return each identifier that was given, with the id of the user it leads to."""
    fields, users = facts.call.fields, facts.account.book["users"]
    return [(field, owner(users, key, fields[field])) for field, key in IDENTIFIERS.items() if fields.get(field)]


def owner(users: Iterable[Mapping[str, Any]], key: str, given: str) -> str | None:
    for each in users:
        if each.get(key) == given:
            return str(each["id"])
    return None


@keeps("user-by-id-then-email-then-phone")
def user(facts: Facts) -> str | None:
    """Return the id of the user whose recording it is, None where no identifier leads to one."""
    fields, users = facts.call.fields, facts.account.book["users"]
    for field, key in IDENTIFIERS.items():
        if (given := fields.get(field)) and (found := owner(users, key, given)):
            return found
    return None


@keeps("organization-defaults-to-the-tokens")
def organization(facts: Facts) -> str:
    return str(facts.account.book["organization"]["id"])


@keeps("conversation-type-falls-back", "first-conversation-type-is-default")
def conversation_type(facts: Facts) -> str | None:
    """Return the type asked for where the organization has it, else its first; None where it has none at all."""
    known = [each["conversationType"] for each in facts.account.book["conversation_types"]]
    asked = facts.call.fields.get("conversationType")
    return asked if asked in known else known[0] if known else None


@keeps("date-created-defaults-to-now")
def date_created(call: Call) -> str:
    return str(call.fields.get("dateCreated") or to_iso(call.at))


def crm_objects(call: Call) -> Sequence[dict[str, str]]:
    named: Sequence[dict[str, str]] = call.fields.get("crmObjects", ())
    return named


def synced(facts: Facts) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the objects that the upload's connection holds, by type and id; one that names none belongs to all."""
    wanted = facts.call.fields.get("integrationConnectionId")
    entries = facts.account.book["crm_objects"]
    return {
        (each["objectType"], each["objectId"]): each
        for each in entries
        if each.get("integrationConnectionId", wanted) == wanted
    }


class Resolved(Struct, frozen=True, gc=False):
    """What the references of an upload lead to: `links` holds a CRM object's entry, None where it is not synced."""

    given: Sequence[tuple[str, str | None]]
    user: str | None
    conversation_type: str | None
    links: Sequence[dict[str, Any] | None]


@keeps("crm-objects-are-linked")
def resolve(facts: Facts) -> Resolved:
    named = crm_objects(facts.call)
    known = synced(facts) if named else {}
    links = [known.get((each["objectType"], each["objectId"])) for each in named]
    return Resolved(identified(facts), user(facts), conversation_type(facts), links)
