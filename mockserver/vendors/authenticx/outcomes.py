"""What an accepted upload leaves behind, and what Authenticx answers."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockserver.model import Advice, Facts, Outcome, Reply, keeps
from mockserver.vendors.authenticx import organisation, reading

MOST_ADVICE = 20
PASCAL = {"id": "Id", "fileName": "FileName", "fileSizeKb": "FileSizeKb"}


@keeps("upload-media", "id-is-the-conversation")
def accept_upload(facts: Facts) -> Outcome:
    ident = facts.call.id
    return Outcome(
        Reply(200, answer(facts)),
        (
            facts.record("conversation", ident, remember(facts)),
            facts.record("file-name", reading.file_name(facts.call), {"conversation_id": ident}),
        ),
        account=organisation.apply_hierarchy(facts),
        advice=tuple(advise(facts)),
    )


@keeps("response-casing")
def answer(facts: Facts) -> dict[str, Any]:
    camel = {"id": facts.call.id, "fileName": stored_path(facts), "fileSizeKb": size_in_kb(facts)}
    if facts.option("response_casing") == "camel":
        return camel
    return {PASCAL[name]: value for name, value in camel.items()}


@keeps("acxmedia-appended", "stored-under-extmedia")
def stored_path(facts: Facts) -> str:
    return f"/extmedia/{reading.file_name(facts.call)}.acxMedia"


@keeps("size-rounded-down")
def size_in_kb(facts: Facts) -> int:
    return reading.size(facts.call) // 1024


def remember(facts: Facts) -> dict[str, Any]:
    """Return the metadata as sent, what it comes to, and what is known of the media."""
    call = facts.call
    hierarchy, agent = organisation.hierarchy(facts), organisation.agent(facts)
    return {
        "status": "Processing",
        "metadata": reading.documented(call),
        "file_name": stored_path(facts),
        "file_size_kb": size_in_kb(facts),
        "interaction_date": reading.interaction_date(call),
        "locale_id": reading.locale(call),
        "hierarchy_id": hierarchy["id"] if hierarchy else None,
        "agent_id": agent["id"] if agent else None,
        "file": msgspec.to_builtins(reading.file(call)),
        "signed_url": reading.signed_url(call),
    }


@keeps("extended-metadata-deprecated")
def advise(facts: Facts) -> Iterator[Advice]:
    call, fields = facts.call, facts.call.fields
    for name in reading.ignored(call)[:MOST_ADVICE]:
        yield Advice(f"{name[:80]} is no field of this call and is ignored", claim="unknown-fields-ignored")
    if reading.signed_url(call) and reading.uploaded(call):
        yield Advice("the signed URL is used, the file is not", "$.file", "signed-url-wins")
    if not reading.names_agree(call):
        yield Advice("the vendor's guides want FileName and the file's name to agree", "$.file", "names-may-differ")
    if "ExtendedMetadata" in fields:
        yield Advice("use ExtendedMetadataValues", "$.metadata.ExtendedMetadata", "extended-metadata-deprecated")
    if "AgentCode" in fields and organisation.agent(facts) is None:
        yield Advice("no agent has this code", "$.metadata.AgentCode", "unknown-agent-accepted")
    if fields.get("ApplyHierarchyToAgent") and organisation.hierarchy(facts) is None:
        says = "there is no hierarchy to apply to the agent"
        yield Advice(says, "$.metadata.ApplyHierarchyToAgent", "apply-hierarchy-needs-one")
