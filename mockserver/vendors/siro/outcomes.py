"""What an accepted upload leaves behind, and what Siro answers."""

from typing import Any

from mockserver.model import Facts, Outcome, Reply, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.advice import advise
from mockserver.vendors.siro.audio import Audio, find_audio
from mockserver.vendors.siro.contracts import contract
from mockserver.vendors.siro.events import telling
from mockserver.vendors.siro.links import connected, find_customer
from mockserver.vendors.siro.progress import FAILED, UPLOADED, course_of


@keeps("create-recording", "recording-id-is-uuid", "every-upload-is-new", "file-type-not-compared")
def accept_upload(facts: Facts) -> Outcome:
    ident, found, audio = facts.call.id, reading.resolve(facts), find_audio(facts)
    reply = Reply(201, {"data": {contract(facts.call.vendor).recording_id: ident}})
    record = facts.record("recording", ident, remember(facts, found, audio), course_of(audio), FAILED)
    return Outcome(reply, (telling(facts, record, is_newly_linked=True),), advice=advise(facts, found, audio))


def remember(facts: Facts, found: reading.Resolved, audio: Audio) -> dict[str, Any]:
    """Return the fields as sent, and over them what they lead to; CRM objects that are not synced are left out."""
    links = links_of(facts, found)
    return {
        **reading.documented(facts.call),
        "userId": found.user,
        "organizationId": reading.organization(facts),
        "conversationType": found.conversation_type,
        "crmLinks": links,
        "isMatched": bool(links) and not found.links,
        "dateCreated": reading.date_created(facts.call),
        "durationInMilliseconds": audio.milliseconds,
        **UPLOADED,
    }


@keeps("phone-finds-crm-objects", "name-finds-crm-objects")
def links_of(facts: Facts, found: reading.Resolved) -> list[dict[str, Any]]:
    """Return what the recording is linked to: what was named, else whom phone number or name lead to."""
    form, fields = contract(facts.call.vendor), facts.call.fields
    if "crmObjects" in fields:
        return [connected(link, fields["integrationConnectionId"]) for link in found.links if link]
    if form.phone not in fields and form.contact not in fields:
        return []
    met = find_customer(facts, fields.get(form.phone), fields.get(form.contact))
    return [met] if met else []
