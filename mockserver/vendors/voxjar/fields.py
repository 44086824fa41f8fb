"""The fields of an upload and what each may hold; what does not fit is left aside, not refused."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from mockserver.model import Call, Json, keeps

Test: TypeAlias = Callable[[Json], bool]


def is_text(value: Json) -> bool:
    return isinstance(value, str)


def is_truth_value(value: Json) -> bool:
    return isinstance(value, bool)


def is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_positive_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def is_whole_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1


def is_list(value: Json) -> bool:
    return isinstance(value, list)


def is_list_of_texts(value: Json) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_object(value: Json) -> bool:
    return isinstance(value, dict)


NOUNS: Mapping[Test, str] = {
    is_text: "a text",
    is_truth_value: "true or false",
    is_number: "a number",
    is_positive_number: "a number above zero",
    is_whole_number: "a whole number",
    is_list: "a list",
    is_list_of_texts: "a list of texts",
    is_object: "an object",
}
UPLOAD = ""
PARTICIPANT: Mapping[str, Test] = dict.fromkeys(("name", "email", "phone", "sourceIdentifier"), is_text)
FIELDS: Mapping[str, Mapping[str, Test]] = {
    UPLOAD: {
        **dict.fromkeys(("sourceIdentifier", "direction", "timestamp", "interactionType", "downloadUrl"), is_text),
        "duration": is_positive_number,
        "tags": is_list,
        **dict.fromkeys(("customMetadata", "agent", "customer", "transcript", "email", "evaluation"), is_object),
    },
    "agent": PARTICIPANT,
    "customer": PARTICIPANT,
    "transcript": {"text": is_text, "language": is_text, "agentChannel": is_whole_number, "segments": is_list},
    "email": {
        **dict.fromkeys(("from", "subject", "body", "threadId", "sourceId"), is_text),
        **dict.fromkeys(("to", "cc", "bcc"), is_list_of_texts),
        "timeToReply": is_number,
        "isReply": is_truth_value,
    },
    "evaluation": {"scorecardId": is_text},
}


@keeps("participant-fields", "email-fields", "transcript-hints", "mistyped-optional-field-ignored")
def fields_of(call: Call, part: str = UPLOAD) -> dict[str, Any]:
    """Return what counts of the upload, or of one of its objects: the documented fields that hold what they may."""
    return {name: value for name, value in sent(call, part).items() if fits(part, name, value)}


def sent(call: Call, part: str) -> Mapping[str, Any]:
    own = call.fields.get(part) if part else call.fields
    return own if isinstance(own, dict) else {}


def fits(part: str, name: str, value: Json) -> bool:
    return name in FIELDS[part] and FIELDS[part][name](value)
