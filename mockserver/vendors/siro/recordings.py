"""A recording as the gateway shows it to users."""

from collections.abc import Mapping
from typing import Any

from mockserver.kit.times import to_iso
from mockserver.model import Facts, Outcome, Reply, Standing, keeps
from mockserver.vendors.siro.directory import user_of
from mockserver.vendors.siro.links import Link, data_type, ident_of
from mockserver.vendors.siro.names import NAMES
from mockserver.vendors.siro.presence import is_deleted, recording_of
from mockserver.vendors.siro.progress import PROCESSING, STAGE, STATUS
from mockserver.vendors.siro.speech import evaluation, summary


def is_shown(facts: Facts, name: str) -> bool:
    """Return whether a block is asked for, by a flag that this operation knows; others have flags of their own."""
    call = facts.call
    return name in NAMES[call.operation] and call.query.get(name) == "true"


@keeps("deleted-recording-is-marked")
def get_recording(facts: Facts) -> Outcome:
    recording = recording_of(facts)
    return Outcome(Reply(200, {"data": {**view(facts, recording), **enriched(facts, recording)}}))


def view(facts: Facts, recording: Standing) -> dict[str, Any]:
    body = recording.body
    kept = ("dateCreated", STATUS, PROCESSING, STAGE, "organizationId")
    optional = ("userId", "title", "durationInMilliseconds", "conversationType", "transcriptionLanguage")
    return {
        "id": recording.id,
        **{name: body[name] for name in kept},
        "deleted": is_deleted(recording),
        "teamId": user_of(facts, body["userId"]).get("memberTeamId"),
        **{name: body.get(name) for name in optional},
        "universalOutcomeLabel": None,
    }


@keeps("results-are-made-up", "no-entities-no-followups")
def enriched(facts: Facts, recording: Standing) -> dict[str, Any]:
    """Return what the call asks for beside the recording itself."""
    texts = [text for _, _, text in summary(recording)]
    links = recording.body["crmLinks"]
    blocks: Mapping[str, tuple[str, Any]] = {
        "showCrmOpportunities": (
            "crmOpportunities",
            [opportunity(facts, link) for link in links if is_opportunity(link)],
        ),
        "showCrmCustomers": ("crmCustomer", customer(recording)),
        "showCrmCustomer": ("crmCustomer", customer(recording)),
        "showSummary": ("summary", "\n\n".join(texts) or None),
        "showEntityExtractions": ("entityExtractions", []),
        "showEvaluationScore": ("evaluationScore", evaluation(recording)),
        "showFollowups": ("followups", []),
    }
    return dict(block for flag, block in blocks.items() if is_shown(facts, flag))


def is_opportunity(link: Link) -> bool:
    return bool(link["objectType"] == "Opportunity")


def opportunity(facts: Facts, link: Link) -> dict[str, Any]:
    connections = facts.account.book["connections"]
    through: Mapping[str, Any] = next(
        (each for each in connections if each["id"] == link["integrationConnectionId"]), {}
    )
    return {
        "opportunityExternalId": link["objectId"],
        "name": link.get("name"),
        "integrationName": through.get("name"),
        "integrationPlatform": through.get("integrationPlatform"),
    }


def customer(recording: Standing) -> dict[str, Any] | None:
    """Return the first object that the recording is linked to, an account, contact or lead before any other."""
    links = sorted(recording.body["crmLinks"], key=lambda link: data_type(link) not in {"ACCOUNT", "CONTACT", "LEAD"})
    return view_customer(recording, links[0]) if links else None


def view_customer(recording: Standing, link: Link) -> dict[str, Any]:
    since = to_iso(recording.created)
    return {
        "id": ident_of(link),
        "name": link.get("name"),
        "customerType": data_type(link),
        "externalId": link["objectId"],
        "createdAt": since,
        "updatedAt": since,
        "lastActivityAt": None,
        "matchingSource": "FUZZY" if recording.body.get("isMatched") else "DIRECT",
        "organizationId": recording.body["organizationId"],
        "integrationConnectionId": link["integrationConnectionId"],
    }


def item(facts: Facts, recording: Standing) -> dict[str, Any]:
    """Return a recording as a list shows it."""
    body = recording.body
    rep = user_of(facts, body["userId"])
    return {
        "id": recording.id,
        "dateCreated": body["dateCreated"],
        "repFirstName": rep.get("firstName"),
        "repLastName": rep.get("lastName"),
        "durationInMilliseconds": body.get("durationInMilliseconds"),
        "result": body.get("result"),
        "title": body.get("title"),
        "isPrivate": False,
        "userId": body["userId"],
        "discoverable": body.get("discoverable", False),
        "isVideo": False,
        "processingErrors": [],
        **enriched(facts, recording),
    }
