"""The two uploads: what each calls its fields, and which extensions it takes."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mockserver.model import Call, keeps

AUDIO, CHAT, TEXT_CHAT = "Audio", "Chat", "ProcessedChat"
TEXT_OPERATION = "uploadTextMedia"


class Intake(Struct, frozen=True):
    """How an upload names things; `extensions` by what the UploadType, where there is one, says.

    `meant` tells, by names in lower case, what is meant by a field of the other upload.
    """

    name: str
    date: str
    extensions: Mapping[str, Sequence[str]]
    parts: Sequence[str]
    fields: Sequence[str]
    meant: Mapping[str, str]


_SHARED = (
    *("CallDirection", "Name", "Phone", "AgentFirstName", "AgentLastName", "AgentCode"),
    *("ExtendedMetadata", "HierarchyId", "HierarchyCode", "ApplyHierarchyToAgent", "LocaleId"),
)
MEDIA = Intake(
    name="FileName",
    date="InteractionDate",
    extensions={
        AUDIO: (".wav", ".mp3", ".mp4", ".ogg", ".opus", ".m4a"),
        CHAT: (".tar", ".zip"),
    },
    parts=("file", "signedUrl", "metadata"),
    fields=(
        *("FileName", "UploadType", "InteractionDate", "Email", "ExtendedMetadataValues", "ClientCallId"),
        *_SHARED,
    ),
    meant={"filepath": "FileName", "timestamp": "InteractionDate"},
)
TEXT = Intake(
    name="FilePath",
    date="TimeStamp",
    extensions={TEXT_CHAT: (".json", ".json_chat")},
    parts=("file", "metadata"),
    fields=("Id", "FilePath", "TimeStamp", *_SHARED),
    meant={
        "filename": "FilePath",
        "interactiondate": "TimeStamp",
        "extendedmetadatavalues": "ExtendedMetadata",
    },
)


def intake(call: Call) -> Intake:
    return TEXT if call.operation == TEXT_OPERATION else MEDIA


@keeps("audio-extensions", "chat-extensions", "text-extensions", "extensions-in-any-casing")
def is_allowed(call: Call, ending: str) -> bool:
    """Return whether an extension, in lower case, is in any of the upload's lists."""
    return any(ending in endings for endings in intake(call).extensions.values())
