"""What an accepted upload leaves behind, and what Siro answers."""

from typing import Any

from mockserver.model import Facts, Outcome, Reply, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.advice import advise
from mockserver.vendors.siro.contracts import contract


@keeps("create-recording", "recording-id-is-uuid", "every-upload-is-new", "file-type-not-compared")
def accept_upload(facts: Facts) -> Outcome:
    ident, found = facts.call.id, reading.resolve(facts)
    reply = Reply(201, {"data": {contract(facts.call).recording_id: ident}})
    return Outcome(reply, (facts.record("recording", ident, remember(facts, found)),), advice=advise(facts, found))


def remember(facts: Facts, found: reading.Resolved) -> dict[str, Any]:
    """Return the fields as sent, and over them what they lead to; CRM objects that are not synced are left out."""
    return {
        **reading.documented(facts.call),
        "userId": found.user,
        "organizationId": reading.organization(facts),
        "conversationType": found.conversation_type,
        "crmLinks": [link for link in found.links if link],
        "dateCreated": reading.date_created(facts.call),
    }
