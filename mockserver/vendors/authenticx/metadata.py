"""What is known of conversations: lists of it, and changes to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from mockserver.kit.invention import conversation as invent
from mockserver.kit.times import parse_iso8601, to_iso
from mockserver.model import Account, Facts, Listing, Outcome, Problem, Reply, Standing, keeps, rule
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.conversations import in_path
from mockserver.vendors.authenticx.intakes import AUDIO
from mockserver.vendors.authenticx.names import FREE
from mockserver.vendors.authenticx.organisation import organisation_id

# What a patch may change, and where it lies in the record.
CHANGEABLE: Mapping[str, str] = {
    "phone": "phone",
    "callDirection": "call_direction",
    "clientCallId": "client_call_id",
    "localeId": "locale_id",
}
WITHOUT_HIERARCHY = ("Chat", "Metadata", "MetadataExtended")


@keeps("client-call-id-finds-later")
def listing(facts: Facts) -> Listing:
    call, wanted = facts.call, search.criteria(facts.call)
    window, hierarchies = search.window(call), search.hierarchies(facts.account, call)
    kind, calls = wanted.get("mediatype"), {*search.many(call, "clientcallid", "clientcallids")}

    def fits(conversation: Standing) -> bool:
        body = conversation.body
        return (
            window.holds(conversation.created)
            and kind in (None, body["media_type"])
            and (not calls or body["client_call_id"] in calls)
            and search.is_in(conversation, hierarchies)
        )

    return search.page(call, fits)


@rule("client-call-ids-at-most-100")
def client_call_ids_are_few(facts: Facts) -> Problem | None:
    return search.at_most(search.many(facts.call, "clientcallid"), "ClientCallId")


@rule("hierarchy-ids-not-with-chat")
def media_have_hierarchies(facts: Facts) -> Problem | None:
    kind = search.criteria(facts.call).get("mediatype")
    if kind not in WITHOUT_HIERARCHY or not search.many(facts.call, "hierarchyids"):
        return None
    return search.invalid(f"HierarchyIds cannot be used with {kind}", "HierarchyIds")


@keeps("metadata-past-the-end-is-empty")
def list_metadata(facts: Facts) -> Outcome:
    return Outcome(Reply(200, [show(each, facts.account) for each in facts.found.items]))


@keeps("metadata-object", "metadata-file-names")
def show(conversation: Standing, account: Account) -> dict[str, Any]:
    body = conversation.body
    names = {"fileName": f"{body['name']}.acxMedia", "origFileName": body["name"], "uploadedFileName": None}
    return {
        "id": conversation.id,
        "acxIdentifier": own_id(conversation, "acx"),
        "organizationId": organisation_id(account),
        "organizationStructureMemberId": body["hierarchy_id"],
        **names,
        "fileSizeKiloBytes": body["file_size_kb"],
        "mediaType": body["media_type"],
        "status": body["status"],
        "timestamp": body["interaction_date"],
        "arrivedOn": to_iso(conversation.created),
        "agentId": body["agent_id"],
        "agentName": body["agent_name"],
        "phone": body["phone"],
        "clientCallId": body["client_call_id"],
        "callDirection": body["call_direction"],
        "callDurationMillis": round(1000 * (body["seconds"] or 0)),
        "chatMessageCount": messages(conversation),
        "localeId": body["locale_id"],
        **further(body),
        **{name: body.get(name) for name in FREE},
        "processFailures": failures(conversation),
    }


def own_id(conversation: Standing, purpose: str) -> str:
    """Return an id of something that belongs to a conversation, the same whenever it is asked for."""
    return str(uuid5(UUID(conversation.id), purpose))


@keeps("what-is-made-up")
def messages(conversation: Standing) -> int:
    return 0 if conversation.body["media_type"] == AUDIO else len(invent(conversation.id))


@keeps("extended-metadata-both-ways")
def further(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the further keys and values in both forms: all in one, and as they came."""
    sent = [*body["metadata"].get("ExtendedMetadata", ()), body["metadata"].get("ExtendedMetadataValues", {})]
    came = [{key: written(value) for key, value in each.items()} for each in (*sent, body.get("patched", {})) if each]
    whole: dict[str, str | None] = {}
    for each in came:
        whole |= each
    return {"extendedMetadataValues": whole or None, "extendedMetadata": came or None}


def written(value: Any) -> str | None:
    """Return a value as text, for the vendor's keys have no other."""
    return value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()


def failures(conversation: Standing) -> list[dict[str, Any]]:
    message = conversation.body.get("failure")
    if message is None:
        return []
    return [
        {"id": own_id(conversation, "failure"), "message": message, "createdOn": to_iso(conversation.since)},
    ]


@rule("patch-unknown-is-404")
def metadata_exist(facts: Facts) -> Problem | None:
    return search.unknown("conversation") if in_path(facts) is None else None


def patch_metadata(facts: Facts) -> Outcome:
    conversation = in_path(facts)
    assert conversation is not None  # noqa: S101  # metadata_exist has seen to it
    changed = changes(facts, conversation.record.body)
    record = replace(conversation.record, body=conversation.record.body | changed)
    after = replace(conversation, record=record, body=conversation.body | changed)
    return Outcome(Reply(200, show(after, facts.account)), (record,))


@keeps("patch-null-is-absent", "patch-extended-metadata-merges")
def changes(facts: Facts, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a patch makes of a record's body: null leaves a value as it is, further keys are added."""
    given = {name: value for name, value in facts.call.fields.items() if value is not None}
    changed = {own: given[name] for name, own in CHANGEABLE.items() if name in given}
    changed |= {name: written(given[name]) for name in FREE if name in given}
    at = parse_iso8601(given.get("timestamp", ""))
    if at:
        changed["interaction_date"] = to_iso(at)
    if "extendedMetadata" in given:
        changed["patched"] = {**before.get("patched", {}), **given["extendedMetadata"]}
    return changed
