"""How Authenticx reads an upload: where the media is, what it is called, and what goes without saying."""

from collections.abc import Mapping
from typing import Any

from mockserver.kit.media import extension, name_extension
from mockserver.kit.times import parse_iso8601, to_iso
from mockserver.model import Behind, Call, Facts, Ref, Upload, keeps
from mockserver.vendors.authenticx.intakes import MEDIA, TEXT, intake

CONVERSATION, FILE_NAME = "conversation", "file-name"
LOCALES = (1033, 2058)
NOTHING_KNOWN = Behind()


def form(call: Call) -> Mapping[str, Any]:
    """Return the parts around the metadata, which is what `call.fields` holds."""
    return call.instance if isinstance(call.instance, dict) else {}


def text(call: Call, name: str) -> str | None:
    """Return a field of the metadata, None where it is absent or no text."""
    value = call.fields.get(name)
    return value if isinstance(value, str) else None


@keeps("empty-means-absent", "signed-url-of-any-storage", "text-has-no-signed-url")
def signed_url(call: Call) -> str | None:
    return form(call).get("signedUrl") or None if intake(call) is MEDIA else None


def signed_urls(call: Call) -> list[str]:
    url = signed_url(call)
    return [url] if url else []


def behind(facts: Facts) -> Behind:
    """Return what lies behind the signed URL, as far as anybody has said."""
    return facts.behind.get(signed_url(facts.call) or "", NOTHING_KNOWN)


@keeps("empty-means-absent")
def uploaded(call: Call) -> Upload | None:
    upload = call.files.get("file")
    return upload if upload and upload.size else None


@keeps("signed-url-instead-of-file", "signed-url-wins")
def file(call: Call) -> Upload | None:
    """Return the media where it came itself, None where a signed URL stands for it."""
    return None if signed_url(call) else uploaded(call)


@keeps("id-is-the-conversation", "text-id-optional")
def ident(call: Call) -> str:
    """Return the conversation's id: the client's own, in lower case as GUIDs are compared, else the call's."""
    own = text(call, "Id") if intake(call) is TEXT else None
    return own.lower() if own else call.id


@keeps("subdirectories-allowed", "text-path-derived", "text-path-form")
def file_name(call: Call) -> str:
    given = text(call, intake(call).name)
    if given is not None or intake(call) is MEDIA:
        return given or ""
    return ident(call) + sent_extension(call)


@keeps("names-may-differ")
def names_agree(call: Call) -> bool:
    """Return whether the uploaded file is called as its metadata say, folders and casing aside.

    A URL always agrees, and so does a file whose metadata do not name it.
    """
    upload, given = file(call), text(call, intake(call).name)
    return upload is None or given is None or last_segment(upload.filename) == last_segment(given)


def last_segment(path: str) -> str:
    return path.rpartition("/")[2].casefold()


@keeps("one-name-per-organisation", "name-shared-with-text-media")
def namesakes(call: Call) -> list[Ref]:
    """Return where an earlier upload of the same name, or of the same id, would be remembered."""
    name = file_name(call)
    return [*([Ref(FILE_NAME, name)] if name else []), Ref(CONVERSATION, ident(call))]


@keeps("url-extension-compared")
def sent_extension(call: Call) -> str:
    """Return the extension of the uploaded file's name or of the URL's path, "" where there is none."""
    upload = file(call)
    return name_extension(upload.filename) if upload else extension(signed_url(call) or "")


def media_extension(call: Call) -> str:
    """Return the extension that the media came with; where its URL has none, the one that its name gives it."""
    return sent_extension(call) or name_extension(file_name(call))


@keeps("signed-url-is-downloaded")
def size(facts: Facts) -> int:
    """Return the media's size in bytes: a file's own, what the media table says, else between 100 kB and 10 MB."""
    upload, told = file(facts.call), behind(facts).size
    if upload:
        return upload.size
    return 100_000 + facts.call.draw(9_900_000) if told is None else told


@keeps("interaction-date-utc-by-default")
def interaction_date(call: Call) -> str | None:
    """Return the moment in UTC, `2022-03-18T21:56:09.868Z`."""
    at = parse_iso8601(text(call, intake(call).date) or "")
    return to_iso(at) if at else None


@keeps("locale-defaults-to-english", "locale-in-digits")
def locale(call: Call) -> int | None:
    """Return the supported locale that is meant, None where it is another."""
    value = call.fields.get("LocaleId", LOCALES[0])
    return next((each for each in LOCALES if value in (each, str(each))), None)


@keeps("keys-in-any-casing", "metadata-part-as-sent")
def documented(call: Call) -> dict[str, Any]:
    """Return the metadata under its documented names."""
    return {name: call.fields[name] for name in intake(call).fields if name in call.fields}
