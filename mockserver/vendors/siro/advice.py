"""What Siro would take in silence, and a client should know."""

from collections.abc import Iterator
from itertools import islice

from mockserver.model import Advice, Facts, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.contracts import CONTRACTS, CRM_OBJECT, contract

MOST_OF_A_KIND = 20
# The contract that each media field belongs to.
OTHERS = {each.media_url: each.name for each in CONTRACTS}


def advise(facts: Facts) -> Iterator[Advice]:
    kinds = (on_media_url, on_user, on_conversation_type, on_crm_objects, on_customer, on_properties, on_extras)
    for kind in kinds:
        yield from islice(kind(facts), MOST_OF_A_KIND)


@keeps("unissued-media-url-is-taken")
def on_media_url(facts: Facts) -> Iterator[Advice]:
    if not reading.is_issued(facts):
        name = contract(facts.call).media_url
        says = f"{name} was not issued by signed-urls, so there may be no audio to process"
        yield Advice(says, f"$.{name}", "unissued-media-url-is-taken")


@keeps("user-by-id-then-email-then-phone")
def on_user(facts: Facts) -> Iterator[Advice]:
    chosen = reading.user(facts)
    for field, found in reading.identified(facts):
        if found != chosen:
            says = f"{field} leads to {'another user' if found else 'nobody'} and is left aside"
            yield Advice(says, f"$.{field}", "user-by-id-then-email-then-phone")


@keeps("conversation-type-falls-back")
def on_conversation_type(facts: Facts) -> Iterator[Advice]:
    if facts.call.fields.get("conversationType") not in (None, reading.conversation_type(facts)):
        says = "conversationType is unknown: the default is used"
        yield Advice(says, "$.conversationType", "conversation-type-falls-back")


@keeps("unknown-crm-objects-stay-unlinked")
def on_crm_objects(facts: Facts) -> Iterator[Advice]:
    synced = reading.synced(facts)
    for index, each in enumerate(reading.crm_objects(facts.call)):
        if reading.key_of(each) not in synced:
            says = "the connection has no such object: the recording is not linked to it"
            yield Advice(says, f"$.crmObjects[{index}]", "unknown-crm-objects-stay-unlinked")


@keeps("phone-ignored-beside-crm-objects", "name-ignored-beside-crm-objects", "empty-crm-objects-count-as-given")
def on_customer(facts: Facts) -> Iterator[Advice]:
    form, fields = contract(facts.call), facts.call.fields
    claims = {form.phone: "phone-ignored-beside-crm-objects", form.contact: "name-ignored-beside-crm-objects"}
    for name, claim in claims.items():
        if name in fields and "crmObjects" in fields:
            yield Advice(f"{name} is ignored beside crmObjects", f"$.{name}", claim)


@keeps("unknown-properties", "other-contract-is-told")
def on_properties(facts: Facts) -> Iterator[Advice]:
    form = contract(facts.call)
    for name in facts.call.fields.keys() - set(form.fields):
        if name in OTHERS:
            says = f"{name} belongs to the contract {OTHERS[name]}: here it is {form.media_url}"
            yield Advice(says, f"$.{name}", "other-contract-is-told")
        else:
            yield Advice(f"{name[:80]} is no property of an upload and is ignored", claim="unknown-properties")


@keeps("crm-object-extras-ignored")
def on_extras(facts: Facts) -> Iterator[Advice]:
    for index, each in enumerate(reading.crm_objects(facts.call)):
        if each.keys() - set(CRM_OBJECT):
            says = f"only {' and '.join(CRM_OBJECT)} of a CRM object are read"
            yield Advice(says, f"$.crmObjects[{index}]", "crm-object-extras-ignored")
