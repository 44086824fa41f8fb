"""How Authenticx reads an upload: where the media is, what it is called, and what goes without saying."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.kit.media import extension
from mockserver.kit.times import parse_iso8601, to_iso
from mockserver.model import Call, Ref, Upload, keeps

EXTENSIONS: Mapping[str, Sequence[str]] = {
    "Audio": (".wav", ".mp3", ".mp4", ".ogg", ".opus", ".m4a"),
    "Chat": (".tar", ".zip"),
}
LOCALES = (1033, 2058)
PARTS = ("file", "signedUrl", "metadata")
FIELDS = (
    "FileName",
    "UploadType",
    "CallDirection",
    "Name",
    "Phone",
    "Email",
    "AgentFirstName",
    "AgentLastName",
    "AgentCode",
    "InteractionDate",
    "ExtendedMetadata",
    "ExtendedMetadataValues",
    "HierarchyId",
    "HierarchyCode",
    "ApplyHierarchyToAgent",
    "LocaleId",
    "ClientCallId",
)


def form(call: Call) -> Mapping[str, Any]:
    """Return the parts around the metadata, which is what `call.fields` holds."""
    return call.instance if isinstance(call.instance, dict) else {}


def text(call: Call, name: str) -> str | None:
    """Return a field of the metadata, None where it is absent or no text."""
    value = call.fields.get(name)
    return value if isinstance(value, str) else None


@keeps("empty-means-absent", "signed-url-of-any-storage")
def signed_url(call: Call) -> str | None:
    return form(call).get("signedUrl") or None


@keeps("empty-means-absent")
def uploaded(call: Call) -> Upload | None:
    upload = call.files.get("file")
    return upload if upload and upload.size else None


@keeps("signed-url-instead-of-file", "signed-url-wins")
def file(call: Call) -> Upload | None:
    """Return the media where it came itself, None where a signed URL stands for it."""
    return None if signed_url(call) else uploaded(call)


@keeps("subdirectories-allowed")
def file_name(call: Call) -> str:
    return text(call, "FileName") or ""


@keeps("names-may-differ")
def names_agree(call: Call) -> bool:
    """Return whether the uploaded file is called as FileName says, folders and casing aside; a URL always agrees."""
    upload = file(call)
    return upload is None or last_segment(upload.filename) == last_segment(file_name(call))


def last_segment(path: str) -> str:
    return path.rpartition("/")[2].casefold()


@keeps("one-name-per-organisation")
def namesakes(call: Call) -> list[Ref]:
    """Return where an earlier upload of the same name would be remembered."""
    name = file_name(call)
    return [Ref("file-name", name)] if name else []


@keeps("audio-extensions", "chat-extensions", "extensions-in-any-casing")
def is_allowed(ending: str) -> bool:
    return any(ending in endings for endings in EXTENSIONS.values())


@keeps("url-extension-compared")
def sent_extension(call: Call) -> str:
    """Return the extension of the uploaded file's name or of the URL's path, "" where there is none."""
    upload = file(call)
    return extension(upload.filename if upload else signed_url(call) or "")


def media_extension(call: Call) -> str:
    """Return the extension that the media came with; where its URL has none, the one that its name gives it."""
    return sent_extension(call) or extension(file_name(call))


@keeps("signed-url-is-downloaded")
def size(call: Call) -> int:
    """Return the media's size in bytes: a file's own, else one between 100 kB and 10 MB as if it had been fetched."""
    upload = file(call)
    return upload.size if upload else 100_000 + call.draw(9_900_000)


@keeps("interaction-date-utc-by-default")
def interaction_date(call: Call) -> str | None:
    """Return the moment in UTC, `2022-03-18T21:56:09.868Z`."""
    at = parse_iso8601(text(call, "InteractionDate") or "")
    return to_iso(at) if at else None


@keeps("locale-defaults-to-english", "locale-in-digits")
def locale(call: Call) -> int | None:
    """Return the supported locale that is meant, None where it is another."""
    value = call.fields.get("LocaleId", LOCALES[0])
    return next((each for each in LOCALES if value in (each, str(each))), None)


@keeps("keys-in-any-casing", "metadata-part-as-sent")
def documented(call: Call) -> dict[str, Any]:
    """Return the metadata under its documented names."""
    return {name: call.fields[name] for name in FIELDS if name in call.fields}


@keeps("unknown-fields-ignored")
def ignored(call: Call) -> list[str]:
    """Return the names of parts and of fields that the page does not know."""
    return [name for name in form(call) if name not in PARTS] + [name for name in call.fields if name not in FIELDS]
