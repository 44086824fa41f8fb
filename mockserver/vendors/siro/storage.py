"""Google's storage in front of Siro: signed URLs, and what is put behind them. Bytes are counted, never kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from mockserver.kit.times import to_iso
from mockserver.model import (
    Call,
    Facts,
    Grant,
    Issue,
    Kind,
    Outcome,
    Problem,
    Ref,
    Reply,
    Standing,
    Upload,
    keeps,
    rule,
)
from mockserver.vendors.siro.keys import made_by

BUCKET = "/siro-recordings"
SIGNED_URL = "signed-url"
SCHEME, SIGNATURE = "storageSignature", "X-Goog-Signature"
RANGE = "x-goog-content-length-range"
TYPES: Mapping[str, str] = {"mp3": "audio/mpeg", "wav": "audio/wav", "aac": "audio/aac"}


class Signed(Struct, frozen=True):
    """An address under the bucket, without its query and with it, and what opens it."""

    plain: str
    url: str
    query: dict[str, str]
    issue: Issue
    expires: datetime


@keeps("signed-url-expires")
def sign(facts: Facts, path: str, subject: str, headers: str) -> Signed:
    """Sign an address for as long as the account's switch says; `subject` is what its signature will stand for."""
    call, minutes = facts.call, facts.option("signed_url_minutes")
    signature, expires = made_by(call.id, "signature"), call.at + timedelta(minutes=minutes)
    plain, query = f"{call.origin}{BUCKET}/{path}", signing(call.at, minutes * 60, headers)
    url = f"{plain}?{urlencode({**query, SIGNATURE: signature})}"
    return Signed(plain, url, query, Issue(signature, Grant(SCHEME), expires, subject), expires)


def signing(at: datetime, seconds: int, headers: str) -> dict[str, str]:
    """Return the query of a URL signed in Google's fourth version, apart from the signature itself."""
    return {
        "X-Goog-Algorithm": "GOOG4-HMAC-SHA256",
        "X-Goog-Credential": f"siro-recordings/{at:%Y%m%d}/auto/storage/goog4_request",
        "X-Goog-Date": f"{at:%Y%m%dT%H%M%SZ}",
        "X-Goog-Expires": str(seconds),
        "X-Goog-SignedHeaders": headers,
    }


@keeps("signed-url-first", "upload-headers-by-type")
def issue_signed_url(facts: Facts) -> Outcome:
    call = facts.call
    signed = sign(facts, f"uploads/{call.id}", call.id, f"content-type;host;{RANGE}")
    headers = {"Content-Type": TYPES[call.fields["fileType"]], RANGE: f"0,{int(call.fields['fileSize'])}"}
    data = {
        "uploadUrl": signed.url,
        "uploadHeaders": headers,
        "downloadUrl": signed.plain,
        "expiresAt": to_iso(signed.expires),
    }
    kept = {**call.fields, **data, "uploadUrl": signed.plain, "signing": signed.query}
    record = facts.record(SIGNED_URL, call.id, kept)
    return Outcome(Reply(200, {"data": data}), (record,), issued=(signed.issue,))


def signed_url(call: Call) -> Sequence[Ref]:
    return [Ref(SIGNED_URL, call.params["id"])]


@rule("storage-signature-required")
def signature_is_this_urls(facts: Facts) -> Problem | None:
    found, query = facts.at_hand(SIGNED_URL, facts.call.params["id"]), dict(facts.call.query)
    query.pop(SIGNATURE, None)
    if found and facts.subject == found.id and query == found.body["signing"]:
        return None
    return Problem(Kind.FORBIDDEN, "the signature is not that of this URL")


def announced(facts: Facts) -> Standing:
    """Return the signed URL of this call, which the rules have found to be there."""
    return facts.known[Ref(SIGNED_URL, facts.call.params["id"])]


@rule("storage-headers-are-signed")
def headers_are_as_signed(facts: Facts) -> Problem | None:
    for name, signed in announced(facts).body["uploadHeaders"].items():
        if facts.call.headers.get(name.lower()) != signed:
            return Problem(Kind.FORBIDDEN, f"{name} is not as it was signed: {signed}")
    return None


@rule("storage-size-in-range")
def size_is_in_range(facts: Facts) -> Problem | None:
    """Judge what came once it is known to be signed: the range says how many bytes it may have."""
    came, signed = uploaded(facts.call).size, facts.call.headers[RANGE]
    if came <= int(signed.partition(",")[2]):
        return None
    return Problem(Kind.TOO_LARGE, f"{came} bytes came, and the signed range is {signed}")


def uploaded(call: Call) -> Upload:
    return next(iter(call.files.values()))


@keeps("stored-files-are-remembered")
def store(facts: Facts) -> Outcome:
    """Remember what was PUT by its size, digest and length; what was PUT before is overwritten."""
    upload, record = uploaded(facts.call), announced(facts).record
    headers = {"ETag": f'"{upload.sha256[:32]}"', "x-goog-stored-content-length": str(upload.size)}
    kept = replace(record, body={**record.body, "stored": seen(upload)})
    return Outcome(Reply(200, None, None, headers), (kept,))


def seen(upload: Upload) -> dict[str, Any]:
    media = upload.media
    return {"size": upload.size, "sha256": upload.sha256, "format": media.format, "seconds": media.seconds}
