"""What may lie behind the addresses that a client names, and what is wrong where something else does."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct

from mockserver.kit.hosts import is_private
from mockserver.kit.media import extension
from mockserver.model import Advice, Behind, Facts, Json, Kind, Path, Problem, keeps
from mockserver.vendors.emberqa.fields import details

MOST = 20
LONGEST_NAME = 80
FIFTY_MB = 50 * 1024 * 1024
UNKNOWN = Behind()
# Storage that was never told a type answers these: they say nothing.
UNTYPED = frozenset({"application/octet-stream", "binary/octet-stream"})
UNFETCHED: Mapping[str | None, str] = {
    "missing": "is not there",
    "forbidden": "may not be fetched",
    "expired": "is behind a URL that has expired",
    "slow": "takes too long to be fetched",
}


class Source(Struct, frozen=True):
    """What a field's addresses should lead to: of which kinds, how large, and the claims that say so.

    Without `types` anything will do. `most` is in bytes.
    """

    noun: str
    extensions: tuple[str, ...]
    types: frozenset[str]
    most: int | None
    public: str
    size: str
    kind: str


class Trouble(Struct, frozen=True):
    """Why the file at one address is of no use: `says` goes on from the file's name."""

    path: Path
    name: str
    says: str
    claim: str

    @property
    def reason(self) -> str:
        return f"{self.name} {self.says}"


AUDIO = Source(
    noun="an MP3 or WAV file",
    extensions=(".mp3", ".wav"),
    types=frozenset({"audio/mpeg", "audio/mp3", "audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave"}),
    most=FIFTY_MB,
    public="media-url-public",
    size="media-url-50-mb",
    kind="audio-mp3-or-wav",
)
PDF = Source(
    noun="a PDF file",
    extensions=(".pdf",),
    types=frozenset({"application/pdf"}),
    most=FIFTY_MB,
    public="unfetched-fails-later",
    size="document-50-mb-each",
    kind="document-pdf",
)
IMAGE_OR_PDF = Source(
    noun="a PNG, JPG, JPEG, GIF, WEBP or PDF file",
    extensions=(".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf"),
    types=frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "application/pdf"}),
    most=None,
    public="file-urls-public-or-presigned",
    size="unfetched-fails-later",
    kind="workflow-file-kinds",
)
TRANSCRIPT = Source(
    noun="plain text",
    extensions=(),
    types=frozenset({"text/plain"}),
    most=None,
    public="transcript-url-public-plain-text",
    size="transcript-url-public-plain-text",
    kind="transcript-url-public-plain-text",
)
ANYTHING = Source(
    noun="a document",
    extensions=(),
    types=frozenset(),
    most=None,
    public="supporting-docs-public",
    size="supporting-docs-public",
    kind="supporting-docs-public",
)


def essence(media_type: str | None) -> str | None:
    """Return a media type without its parameters; None where it tells nothing."""
    bare = (media_type or "").partition(";")[0].strip().lower()
    return None if not bare or bare in UNTYPED else bare


def places(field: str, value: Json) -> Iterator[tuple[Path, str]]:
    """Yield the addresses of a field that holds one or a list of them."""
    if isinstance(value, str):
        yield (field,), value
    elif isinstance(value, list):
        yield from (((field, index), url) for index, url in enumerate(value))


def last_segment(url: str) -> str:
    """Return what follows the last slash of a web URL's path, as it is written there; "" where nothing does."""
    address = url.partition("?")[0].partition("#")[0].partition("://")[2]
    return address.partition("/")[2].rpartition("/")[2]


def name_of(url: str) -> str:
    """Return a short name for a file that a sentence is about."""
    return (last_segment(url) or url)[:LONGEST_NAME]


@keeps("known-type-before-extension")
def misnamed(facts: Facts, source: Source, field: str) -> Problem | None:
    """Return the first address whose path says that something else is there, unless it is known to be the right."""
    for path, url in places(field, details(facts.call).get(field)):
        is_known = essence(facts.behind.get(url, UNKNOWN).type) in source.types
        if not is_known and extension(url) not in ("", *source.extensions):
            says = f"{'.'.join(map(str, path))} must lead to {source.noun}"
            return Problem(Kind.INVALID, says, path)
    return None


@keeps(
    "unfetched-fails-later",
    "media-url-public",
    "media-url-50-mb",
    "document-pdf",
    "document-50-mb-each",
    "workflow-file-kinds",
    "file-urls-public-or-presigned",
    "transcript-url-public-plain-text",
    "supporting-docs-public",
)
def troubles(facts: Facts, source: Source, field: str) -> list[Trouble]:
    """Return what is wrong with what lies behind a field's addresses, as far as anybody can say; the first 20."""
    named = places(field, details(facts.call).get(field))
    found = ((path, url, wrong_at(url, source, facts.behind.get(url, UNKNOWN))) for path, url in named)
    return list(islice((Trouble(path, name_of(url), *why) for path, url, why in found if why), MOST))


@keeps("private-host-is-not-reached")
def wrong_at(url: str, source: Source, behind: Behind) -> tuple[str, str] | None:
    """Return what is wrong at an address: what a tester has said of it, else what its host tells by itself."""
    if behind == UNKNOWN and is_private(url):
        return "is at a host that is not public", source.public
    return wrong(source, behind)


def wrong(source: Source, behind: Behind) -> tuple[str, str] | None:
    """Return what is wrong with a file, and the claim that says so."""
    kind = essence(behind.type)
    if behind.failure in UNFETCHED:
        return UNFETCHED[behind.failure], source.public
    if behind.failure == "too-large" or (source.most and (behind.size or 0) > source.most):
        return "is too large", source.size
    if behind.failure == "not-media" or (source.types and kind and kind not in source.types):
        return f"is not {source.noun}", source.kind
    return None


def told(found: list[Trouble], consequence: str) -> Iterator[Advice]:
    """Yield what the vendor will not say when it accepts."""
    for each in found:
        yield Advice(f"{each.reason}: {consequence}", Problem(Kind.INVALID, "", each.path).at, each.claim)


def failed(reason: str) -> dict[str, Any]:
    """Return the fields of a record whose processing has failed."""
    return {"status": "failed", "failure_reason": reason}
