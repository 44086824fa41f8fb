"""What Siro would take in silence, and a client should know."""

from collections.abc import Iterator
from itertools import islice

from mockserver.kit.names import hint
from mockserver.model import Advice, Facts, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.audio import NOT_ISSUED, Audio
from mockserver.vendors.siro.contracts import CONTRACTS, CRM_OBJECT, KNOWN, Contract, contract
from mockserver.vendors.siro.names import CLOSED, NAMES

MOST_OF_A_KIND = 20
# The contract that each media field belongs to.
OTHERS = {each.media_url: each.name for each in CONTRACTS}
FAILING = "and processing will end in an error"
UNISSUED = {
    each.name: Advice(
        f"{each.media_url} was not issued by signed-urls: {NOT_ISSUED}, {FAILING}",
        f"$.{each.media_url}",
        "unissued-media-url-is-taken",
    )
    for each in CONTRACTS
}
FALLEN_BACK = Advice(
    "conversationType is unknown: the default is used", "$.conversationType", "conversation-type-falls-back"
)
# What is said of the fields that name a customer, where CRM objects do so better.
IGNORED = {
    each.name: {
        name: Advice(f"{name} is ignored beside crmObjects", f"$.{name}", claim)
        for name, claim in (
            (each.phone, "phone-ignored-beside-crm-objects"),
            (each.contact, "name-ignored-beside-crm-objects"),
        )
    }
    for each in CONTRACTS
}


def advise(facts: Facts, found: reading.Resolved, audio: Audio) -> tuple[Advice, ...]:
    """Return what is told beside an accepted upload's answer, at most 20 pieces of a kind."""
    return (
        *on_audio(facts, audio),
        *on_user(found),
        *on_conversation_type(facts, found),
        *on_crm_objects(facts, found)[:MOST_OF_A_KIND],
        *on_customer(facts),
    )


@keeps("unissued-media-url-is-taken", "stored-audio-is-told")
def on_audio(facts: Facts, audio: Audio) -> list[Advice]:
    form, kind = contract(facts.call.vendor), facts.call.fields["fileType"]
    if audio.trouble == NOT_ISSUED and not facts.known:
        return [UNISSUED[form.name]]
    end = f": {audio.trouble}, {FAILING}" if audio.trouble else ""
    if not audio.is_issued:
        says = f"{form.media_url} was not issued by signed-urls{slip_of(facts)}{end}"
        return [Advice(says, f"$.{form.media_url}", "unissued-media-url-is-taken")]
    if audio.trouble:
        says = f"signed-urls has issued {form.media_url}{end}"
        return [Advice(says, f"$.{form.media_url}", "unissued-media-url-is-taken")]
    says = f"fileType is {kind}, and what was PUT looks like {audio.format}"
    return [] if audio.format == kind else [Advice(says, "$.fileType", "stored-audio-is-told")]


def slip_of(facts: Facts) -> str:
    """Return what a client may have meant whose media URL names a signed URL without being its downloadUrl."""
    return " as it is: the recording is created with the downloadUrl" if facts.known else ""


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
    is_taken = facts.call.fields.get("conversationType") in (None, found.conversation_type)
    return [] if is_taken else [FALLEN_BACK]


@keeps("unknown-crm-objects-stay-unlinked", "crm-object-extras-ignored")
def on_crm_objects(facts: Facts, found: reading.Resolved) -> list[Advice]:
    objects, advice = reading.crm_objects(facts.call), []
    if None not in found.links and max(map(len, objects), default=0) <= len(CRM_OBJECT):
        return []
    for index, (named, link) in enumerate(zip(objects, found.links, strict=True)):
        if link is None:
            says = "the connection has no such object: the recording is not linked to it"
            advice.append(Advice(says, f"$.crmObjects[{index}]", "unknown-crm-objects-stay-unlinked"))
        if len(named) > len(CRM_OBJECT):
            says = f"only {' and '.join(CRM_OBJECT)} of a CRM object are read"
            advice.append(Advice(says, f"$.crmObjects[{index}]", "crm-object-extras-ignored"))
    return advice


@keeps("phone-ignored-beside-crm-objects", "name-ignored-beside-crm-objects", "empty-crm-objects-count-as-given")
def on_customer(facts: Facts) -> list[Advice]:
    fields = facts.call.fields
    if "crmObjects" not in fields:
        return []
    return [advice for name, advice in IGNORED[contract(facts.call.vendor).name].items() if name in fields]


@keeps("unknown-properties", "other-contract-is-told")
def on_properties(facts: Facts) -> list[Advice]:
    """Return what is told of a body of any shape, refused or not; at most 20 properties that have no effect."""
    form, fields = contract(facts.call.vendor), facts.call.fields
    if fields.keys() <= KNOWN[form.name]:
        return []
    others = [name for name in OTHERS if name in fields and name != form.media_url]
    unknown = [name for name in fields if name not in OTHERS and name not in KNOWN[form.name]] if form.is_open else []
    return [*(on_other(name, form) for name in others), *(on_unknown(name, form) for name in unknown[:MOST_OF_A_KIND])]


def on_other(name: str, form: Contract) -> Advice:
    says = f"{name} belongs to the contract {OTHERS[name]}: here it is {form.media_url}"
    return Advice(says, f"$.{name}", "other-contract-is-told")


def on_unknown(name: str, form: Contract) -> Advice:
    says = f"{name[:80]} is no property of an upload and is ignored{hint(name, form.fields)}"
    return Advice(says, claim="unknown-properties")


@keeps("unknown-names-are-ignored")
def on_names(facts: Facts) -> Iterator[Advice]:
    """Yield what is told of fields and parameters that an operation beside the upload does not know; at most 20."""
    operation = facts.call.operation
    known, is_closed = NAMES[operation], operation in CLOSED
    for name in islice((name for name in facts.call.query if name not in known), MOST_OF_A_KIND):
        says = f"{name[:80]} is no parameter of this and is ignored{hint(name, known)}"
        yield Advice(says, f"$.{name[:80]}", "unknown-names-are-ignored")
    for name in islice((name for name in facts.call.fields if name not in known), MOST_OF_A_KIND):
        end = f", which has {' and '.join(known)}" if is_closed else f" and is ignored{hint(name, known)}"
        says = f"{name[:80]} is no field of this{end}"
        yield Advice(says, f"$.{name[:80]}", "signed-url-extras-refused" if is_closed else "unknown-names-are-ignored")
