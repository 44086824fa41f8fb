"""A conversation: what an upload leaves behind, and what becomes of it."""

from typing import Any

import msgspec

from mockserver.kit.invention import conversation as invent
from mockserver.model import Call, Facts, Moment, Record, Ref, Standing, keeps
from mockserver.vendors.authenticx import organisation, reading
from mockserver.vendors.authenticx.intakes import AUDIO, CHAT, MEDIA, TEXT_CHAT, intake

PROCESSING, READY, SAMPLED, FAILED = "Processing", "ReadyToSample", "Sampled", "FailedToProcess"
PROCESSED = (SAMPLED, READY)
# Seconds, at pace 1.
READY_AFTER = 15.0
BY_A_TESTER = {"status": FAILED, "failure": "The conversation could not be processed."}
BY_ITS_MEDIA = {"status": FAILED, "failure": "The file could not be read as what its metadata say it is."}
ARCHIVES = ("application/zip", "application/x-tar", "application/x-zip-compressed")
# What media may not turn out to be.
WRONG = {AUDIO: ("archive", "other"), CHAT: ("audio", "video", "other")}


@keeps("status-after-upload", "processed-after-upload", "upload-media", "chat-texts-upload")
def conversation(facts: Facts, stored_path: str) -> Record:
    end = BY_ITS_MEDIA if is_wrong(facts) else {"status": READY}
    body = {"status": PROCESSING, "file_name": stored_path, **remember(facts)}
    return facts.record(
        reading.CONVERSATION, reading.ident(facts.call), body, (Moment(READY_AFTER, end),), dict(BY_A_TESTER)
    )


def remember(facts: Facts) -> dict[str, Any]:
    """Return the metadata as sent, what it comes to, and what is known of the media."""
    call = facts.call
    hierarchy, agent = organisation.hierarchy(facts), organisation.agent(facts)
    return {
        "media_type": media_type(call),
        "metadata": reading.documented(call),
        "name": reading.file_name(call),
        "file_size_kb": size_in_kb(facts),
        "interaction_date": reading.interaction_date(call),
        "locale_id": reading.locale(call),
        "hierarchy_id": hierarchy["id"] if hierarchy else None,
        "agent_id": agent["id"] if agent else None,
        "agent_name": agent_name(facts),
        "phone": reading.text(call, "Phone"),
        "call_direction": call.fields.get("CallDirection"),
        "client_call_id": client_call_id(call),
        "seconds": seconds(facts),
        "file": msgspec.to_builtins(reading.file(call)),
        "signed_url": reading.signed_url(call),
    }


@keeps("text-is-processed-chat")
def media_type(call: Call) -> str:
    return TEXT_CHAT if intake(call) is not MEDIA else reading.text(call, "UploadType") or AUDIO


def client_call_id(call: Call) -> str | None:
    return reading.text(call, "ClientCallId") if intake(call) is MEDIA else None


@keeps("size-rounded-down")
def size_in_kb(facts: Facts) -> int:
    return reading.size(facts) // 1024


def agent_name(facts: Facts) -> str | None:
    """Return the name of the agent who was found, else the one that was sent."""
    found = organisation.agent(facts)
    names = (
        (found.get("firstName"), found.get("lastName"))
        if found
        else (reading.text(facts.call, "AgentFirstName"), reading.text(facts.call, "AgentLastName"))
    )
    return " ".join(name for name in names if name) or None


@keeps("what-is-made-up")
def seconds(facts: Facts) -> float | None:
    """Return the length of a call: what the bytes or the media table tell, else that of what is said in it."""
    if media_type(facts.call) != AUDIO:
        return None
    file = reading.file(facts.call)
    told = file.media.seconds if file else reading.behind(facts).duration
    return told or invent(reading.ident(facts.call))[-1].end


@keeps("wrong-media-fails")
def is_wrong(facts: Facts) -> bool:
    """Return whether the media are known to be something else than the upload says."""
    lying, file = reading.behind(facts), reading.file(facts.call)
    kind = file.media.kind if file else kind_of(lying.type)
    return lying.failure == "not-media" or kind in WRONG.get(media_type(facts.call), ())


def kind_of(type_: str | None) -> str | None:
    """Return what a media type says of the media, None where it says nothing."""
    if type_ in ARCHIVES:
        return "archive"
    major = (type_ or "").partition("/")[0]
    return {"audio": "audio", "video": "video", "text": "other", "image": "other"}.get(major)


@keeps("conversation-can-be-read")
def named_in_path(call: Call) -> list[Ref]:
    return [Ref(reading.CONVERSATION, ident.lower()) for ident in call.params.values()]


def in_path(facts: Facts) -> Standing | None:
    """Return the conversation that the path names."""
    (ref,) = named_in_path(facts.call)
    return facts.known.get(ref)


def status(conversation: Standing) -> str:
    return str(conversation.body["status"])


def is_processed(conversation: Standing) -> bool:
    return status(conversation) in PROCESSED
