"""What an accepted upload leaves behind, and what Siro answers."""

from typing import Any

from mockserver.model import Facts, Outcome, Reply, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.advice import advise
from mockserver.vendors.siro.contracts import contract


@keeps("create-recording", "recording-id-is-uuid", "every-upload-is-new", "file-type-not-compared")
def accept_upload(facts: Facts) -> Outcome:
    ident = str(facts.call.id)
    reply = Reply(201, {"data": {contract(facts.call).recording_id: ident}})
    return Outcome(reply, (facts.record("recording", ident, remember(facts)),), advice=tuple(advise(facts)))


def remember(facts: Facts) -> dict[str, Any]:
    """Return the fields as sent, and over them what they lead to."""
    return {
        **reading.documented(facts.call),
        "userId": reading.user(facts),
        "organizationId": reading.organization(facts),
        "conversationType": reading.conversation_type(facts),
        "crmLinks": reading.crm_links(facts),
        "dateCreated": reading.date_created(facts.call),
    }
