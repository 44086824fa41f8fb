"""Who took part, and whose an e-mail address is."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from mockserver.model import Call, Facts, Ref, keeps
from mockserver.vendors.voxjar.fields import fields_of

ROLES = ("agent", "customer")


class Settlement(Struct, frozen=True):
    """Participants by role, less the addresses of others; which roles lost theirs; who owns an address from now on."""

    kept: Mapping[str, Mapping[str, Any]]
    dropped: tuple[str, ...]
    owners: Mapping[str, str | None]


def address_of(participant: Mapping[str, Any]) -> str:
    """Return an e-mail address as it is compared, empty where there is none."""
    return str(participant.get("email", "")).lower()


def participant_refs(call: Call) -> Iterator[Ref]:
    addresses = (address_of(fields_of(call, role)) for role in ROLES)
    return (Ref("participant", address) for address in dict.fromkeys(addresses) if address)


@keeps("participants-within-the-account")
def owners_of(facts: Facts) -> dict[str, str | None]:
    """Return the sourceIdentifier of an address's owner, by address: the account's book, then earlier uploads."""
    listed = facts.account.book.get("participants", ())
    earlier = (record.body for ref, record in facts.known.items() if ref.kind == "participant")
    return {address_of(owner): owner.get("sourceIdentifier") for owner in (*earlier, *listed)}


@keeps("participant-email-dropped", "participant-is-its-source-identifier")
def settle(facts: Facts) -> Settlement:
    before = owners_of(facts)
    owners, kept, dropped = dict(before), {}, []
    for role in (role for role in ROLES if role in facts.call.fields):
        person = fields_of(facts.call, role)
        address, ident = address_of(person), person.get("sourceIdentifier")
        if address and owners.setdefault(address, ident) != ident:
            dropped.append(role)
            del person["email"]
        kept[role] = person
    new = {address: owner for address, owner in owners.items() if address not in before}
    return Settlement(kept, tuple(dropped), new)
