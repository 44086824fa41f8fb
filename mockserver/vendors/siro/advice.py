"""What Siro would take in silence, and a client should know."""

from collections.abc import Iterator
from itertools import islice

from mockserver.model import Advice, Facts, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.contracts import CONTRACTS, CRM_OBJECT, contract

MOST_OF_A_KIND = 20
# The contract that each media field belongs to.
OTHERS = {each.media_url: each.name for each in CONTRACTS}


def advise(facts: Facts, found: reading.Resolved) -> tuple[Advice, ...]:
    """Return what is told beside an accepted upload's answer, at most 20 pieces of a kind."""
    return (
        *on_media_url(facts),
        *on_user(found),
        *on_conversation_type(facts, found),
        *on_crm_objects(facts, found)[:MOST_OF_A_KIND],
        *on_customer(facts),
    )


@keeps("unissued-media-url-is-taken")
def on_media_url(facts: Facts) -> list[Advice]:
    if reading.is_issued(facts):
        return []
    name = contract(facts.call).media_url
    says = f"{name} was not issued by signed-urls, so there may be no audio to process"
    return [Advice(says, f"$.{name}", "unissued-media-url-is-taken")]


@keeps("user-by-id-then-email-then-phone")
def on_user(found: reading.Resolved) -> list[Advice]:
    claim = "user-by-id-then-email-then-phone"
    return [
        Advice(f"{field} leads to {'another user' if each else 'nobody'} and is left aside", f"$.{field}", claim)
        for field, each in found.given
        if each != found.user
    ]


@keeps("conversation-type-falls-back")
def on_conversation_type(facts: Facts, found: reading.Resolved) -> list[Advice]:
    if facts.call.fields.get("conversationType") in (None, found.conversation_type):
        return []
    says = "conversationType is unknown: the default is used"
    return [Advice(says, "$.conversationType", "conversation-type-falls-back")]


@keeps("unknown-crm-objects-stay-unlinked", "crm-object-extras-ignored")
def on_crm_objects(facts: Facts, found: reading.Resolved) -> list[Advice]:
    advice: list[Advice] = []
    for index, (named, link) in enumerate(zip(reading.crm_objects(facts.call), found.links, strict=True)):
        at = f"$.crmObjects[{index}]"
        if link is None:
            says = "the connection has no such object: the recording is not linked to it"
            advice.append(Advice(says, at, "unknown-crm-objects-stay-unlinked"))
        if len(named) > len(CRM_OBJECT):
            says = f"only {' and '.join(CRM_OBJECT)} of a CRM object are read"
            advice.append(Advice(says, at, "crm-object-extras-ignored"))
    return advice


@keeps("phone-ignored-beside-crm-objects", "name-ignored-beside-crm-objects", "empty-crm-objects-count-as-given")
def on_customer(facts: Facts) -> list[Advice]:
    form, fields = contract(facts.call), facts.call.fields
    if "crmObjects" not in fields:
        return []
    claims = {form.phone: "phone-ignored-beside-crm-objects", form.contact: "name-ignored-beside-crm-objects"}
    given = [(name, claim) for name, claim in claims.items() if name in fields]
    return [Advice(f"{name} is ignored beside crmObjects", f"$.{name}", claim) for name, claim in given]


@keeps("unknown-properties", "other-contract-is-told")
def on_properties(facts: Facts) -> Iterator[Advice]:
    """Yield what is told of a body of any shape, refused or not; at most 20 properties that have no effect."""
    form, fields = contract(facts.call), facts.call.fields
    for name in OTHERS.keys() & fields.keys() - {form.media_url}:
        says = f"{name} belongs to the contract {OTHERS[name]}: here it is {form.media_url}"
        yield Advice(says, f"$.{name}", "other-contract-is-told")
    if form.is_open:
        unknown = (name for name in fields if name not in {*form.fields, *OTHERS})
        for name in islice(unknown, MOST_OF_A_KIND):
            yield Advice(f"{name[:80]} is no property of an upload and is ignored", claim="unknown-properties")
