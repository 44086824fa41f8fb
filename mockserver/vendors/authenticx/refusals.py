"""How Authenticx says no: one of its ten sentences where the upload is at fault, else a status alone."""

from collections.abc import Mapping, Sequence

from mockserver.model import STATUSES, Call, Problem, Reply, keeps

TEXT, JSON = "text/plain; charset=utf-8", "application/json"
TEXT_RANGES, JSON_RANGES = ("text/plain", "text/*"), ("application/json", "text/json", "application/*")

WRONG_EXTENSION = "You must upload a file with one of the specified allowed extensions."
UNPARSABLE = "Unable to properly parse metadata to chat or audio."
WRONG_FORM_OBJECT = "Invalid metadata form object. Please upload metadata in the expected form."
WRONG_FILE_NAME = "You must upload a valid file name with a valid file extension."
NO_MATCH = "File extension in metadata file name and upload file must match!"
ANY_OTHER = "valid-metadata"
# From the claim that is broken to the sentence, in the order in which the vendor looks.
SENTENCES: Mapping[str, str] = {
    "malformed-form-object": WRONG_FORM_OBJECT,
    "allowed-extensions": WRONG_EXTENSION,
    "file-or-signed-url": WRONG_EXTENSION,
    "metadata-required": "You must upload metadata in the request form.",
    "metadata-is-json": UNPARSABLE,
    "metadata-is-a-dictionary": WRONG_FORM_OBJECT,
    ANY_OTHER: "You must upload valid data in your metadata request form payload.",
    "upload-type-audio-or-chat": UNPARSABLE,
    "upload-type-required": UNPARSABLE,
    "extensions-by-upload-type": WRONG_EXTENSION,
    "file-name-required": WRONG_FILE_NAME,
    "file-name-with-extension": WRONG_FILE_NAME,
    "signed-url-can-be-fetched": "The file could not be downloaded from the signed URL.",
    "extensions-must-match": NO_MATCH,
    "names-may-differ": NO_MATCH,
    "file-name-is-new": "An interaction with this file name already exists.",
    "supported-locales": "Unsupported locale id provided. Supported locale ids include: 1033, 2058.",
    "hierarchy-must-exist": (
        "Invalid Hierarchy Id/Code! You must either specify a valid hierarchy id/code from your organization"
        " or omit a hierarchy id/code entirely."
    ),
}
ORDER = tuple(SENTENCES)


@keeps("other-refusals-are-empty", "too-large-is-413", "unauthorized-is-401")
def refuse(problems: Sequence[Problem], call: Call) -> Reply:
    status = STATUSES[problems[0].kind]
    if status == 401:
        return Reply(status, media_type=None, headers={"WWW-Authenticate": challenge(call)})
    if status != 400:
        return Reply(status, media_type=None)
    media_type = JSON if asks_for_json(call.headers.get("accept", "")) else TEXT
    return Reply(status, sentence(problems), media_type)


def challenge(call: Call) -> str:
    return 'Bearer error="invalid_token"' if call.credential else "Bearer"


@keeps("valid-metadata", "order-of-checks", "sentence-for-no-media", "sentences-for-metadata")
def sentence(problems: Sequence[Problem]) -> str:
    return SENTENCES[min(map(broken_claim, problems), key=ORDER.index)]


def broken_claim(problem: Problem) -> str:
    claim = problem.claim or ANY_OTHER
    return claim if claim in SENTENCES else ANY_OTHER


@keeps("sentences-as-text-or-json")
def asks_for_json(accept: str) -> bool:
    """Return whether JSON is asked for before text; where anything goes, the vendor's framework writes text."""
    ranges = [each.partition(";")[0].strip() for each in accept.lower().split(",")]
    asked = [each in JSON_RANGES for each in ranges if each in (*JSON_RANGES, *TEXT_RANGES)]
    return "*/*" not in ranges and asked[:1] == [True]
