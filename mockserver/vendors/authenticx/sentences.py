"""The ten sentences that Authenticx has for uploads, one of ours for URLs, and which of them a broken claim means."""

from collections.abc import Mapping, Sequence

from mockserver.model import Problem, keeps

WRONG_EXTENSION = "You must upload a file with one of the specified allowed extensions."
UNPARSABLE = "Unable to properly parse metadata to chat or audio."
WRONG_FORM_OBJECT = "Invalid metadata form object. Please upload metadata in the expected form."
WRONG_FILE_NAME = "You must upload a valid file name with a valid file extension."
NO_MATCH = "File extension in metadata file name and upload file must match!"
NAME_TAKEN = "An interaction with this file name already exists."
NOT_DOWNLOADED = "The file could not be downloaded from the signed URL."
ANY_OTHER = "valid-metadata"
# From the claim that is broken to the sentence, in the order in which the vendor looks.
SENTENCES: Mapping[str, str] = {
    "malformed-form-object": WRONG_FORM_OBJECT,
    "allowed-extensions": WRONG_EXTENSION,
    "file-or-signed-url": WRONG_EXTENSION,
    "text-file-required": WRONG_EXTENSION,
    "metadata-required": "You must upload metadata in the request form.",
    "metadata-is-json": UNPARSABLE,
    "metadata-is-a-dictionary": WRONG_FORM_OBJECT,
    ANY_OTHER: "You must upload valid data in your metadata request form payload.",
    "upload-type-audio-or-chat": UNPARSABLE,
    "upload-type-required": UNPARSABLE,
    "extensions-by-upload-type": WRONG_EXTENSION,
    "file-name-required": WRONG_FILE_NAME,
    "file-name-with-extension": WRONG_FILE_NAME,
    "signed-url-can-be-fetched": NOT_DOWNLOADED,
    "extensions-must-match": NO_MATCH,
    "names-may-differ": NO_MATCH,
    "text-id-is-new": NAME_TAKEN,
    "file-name-is-new": NAME_TAKEN,
    "supported-locales": "Unsupported locale id provided. Supported locale ids include: 1033, 2058.",
    "hierarchy-must-exist": (
        "Invalid Hierarchy Id/Code! You must either specify a valid hierarchy id/code from your organization"
        " or omit a hierarchy id/code entirely."
    ),
    "signed-url-fetch-fails": NOT_DOWNLOADED,
}
ORDER = tuple(SENTENCES)


@keeps("valid-metadata", "order-of-checks", "sentence-for-no-media", "sentences-for-metadata", "text-same-causes")
def sentence(problems: Sequence[Problem]) -> str:
    return SENTENCES[min(map(broken_claim, problems), key=ORDER.index)]


def broken_claim(problem: Problem) -> str:
    claim = problem.claim or ANY_OTHER
    return claim if claim in SENTENCES else ANY_OTHER
