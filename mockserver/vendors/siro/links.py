"""Which objects of the CRM a recording is linked to: named at its upload or found by it, replaced and removed later."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from mockserver.model import Facts, Kind, Problem, keeps, rule
from mockserver.vendors.siro.directory import user_of
from mockserver.vendors.siro.keys import named

Link: TypeAlias = Mapping[str, Any]
# What the link's body calls each kind of object that an upload may name.
DATA_TYPES: Mapping[str, str] = {
    "Opportunity": "OPPORTUNITY",
    "Account": "ACCOUNT",
    "Contact": "CONTACT",
    "Lead": "LEAD",
    "Engagement": "ENGAGEMENT",
    "Event": "ENGAGEMENT",
    "ServiceAppointment": "ENGAGEMENT",
}

# The member of `crm` that each kind of object stands in; of contacts there may be many.
PLACES: Mapping[str, str] = {
    "OPPORTUNITY": "opportunity",
    "ACCOUNT": "account",
    "LEAD": "lead",
    "ENGAGEMENT": "engagement",
}


def connected(entry: Link, connection: str | None) -> dict[str, Any]:
    """Return a book's entry with the connection that it is linked through: one that names none belongs to all."""
    return {"integrationConnectionId": connection, **entry}


def ident_of(link: Link) -> str:
    """Return Siro's own id of an object."""
    return named(str(link["integrationConnectionId"]), link["objectType"], link["objectId"])


def data_type(link: Link) -> str:
    return DATA_TYPES[link["objectType"]]


def synced(facts: Facts) -> Iterator[dict[str, Any]]:
    """Yield every object of the book, once for each connection through which it may be linked."""
    book = facts.account.book
    for entry in book["crm_objects"]:
        own = entry.get("integrationConnectionId")
        for connection in [own] if own else [each["id"] for each in book["connections"]]:
            yield connected(entry, connection)


@keeps("customer-is-found-by-phone-then-name")
def find_customer(facts: Facts, phone: str | None, name: str | None) -> dict[str, Any] | None:
    """Return the first object with the phone number, whatever its punctuation, else with the name in any casing."""
    entries = list(synced(facts))
    by_phone = [
        each for each in entries if phone and digits(phone) and digits(phone) == digits(each.get("phoneNumber"))
    ]
    by_name = [each for each in entries if name and name.casefold() == str(each.get("name", "")).casefold()]
    return next(iter(by_phone + by_name), None)


def digits(text: str | None) -> str:
    return "".join(each for each in text or "" if each.isdecimal())


def targets(facts: Facts) -> list[dict[str, Any]]:
    """Return the objects that a link's body means."""
    fields = facts.call.fields
    typed = (each for each in synced(facts) if data_type(each) == fields["dataType"])
    return [each for each in typed if is_meant(each, fields)]


def is_meant(link: Link, fields: Mapping[str, Any]) -> bool:
    if "id" in fields:
        return bool(ident_of(link) == fields["id"])
    return (link["objectId"], link["integrationConnectionId"]) == (
        fields["externalId"],
        fields["integrationConnectionId"],
    )


@rule("unknown-link-target-is-404")
def target_is_synced(facts: Facts) -> Problem | None:
    if targets(facts):
        return None
    ident = facts.call.fields.get("id")
    is_external = any(each["objectId"] == ident for each in synced(facts))
    hint = ": it is an externalId, which comes with integrationConnectionId" if is_external else ""
    return Problem(Kind.NOT_FOUND, f"no {facts.call.fields['dataType']} is known by this{hint}")


@keeps("organization-crm-is-null-until-linked")
def crm(facts: Facts, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the ids of what a recording is linked to, as webhooks have them, too; None where it is not."""
    links: list[Link] = body["crmLinks"]
    if not links:
        return None
    user = user_of(facts, body["userId"])
    users = [{"id": user["id"], "externalId": user["externalId"]}] if user.get("externalId") else []
    contacts = [pair(link) for link in links if data_type(link) == "CONTACT"]
    others = {PLACES[data_type(link)]: pair(link) for link in links if data_type(link) != "CONTACT"}
    through = links[0]["integrationConnectionId"]
    return {"integrationConnectionId": through, "users": users, "contacts": contacts, **others}


def pair(link: Link) -> dict[str, str]:
    return {"id": ident_of(link), "externalId": link["objectId"]}
