"""Tell the kind, format and playing length of a file: by its bytes as they go by, or by its name alone."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockserver.kit.landmarks import Landmarks, Places, Tail, walk_boxes, walk_tag
from mockserver.kit.recognition import judge
from mockserver.model import Media

__all__ = ["FORMATS", "HEAD", "Listener", "Media", "extension", "kind_of_name", "name_extension"]

HEAD: Final = 65_536
# As much as it takes to see which landmarks a file has beyond its head.
_ENOUGH = 8

_EXTENSIONS: Mapping[tuple[str, str], str] = {
    ("audio", "mp3"): "mp3 mpga",
    ("audio", "wav"): "wav wave",
    ("audio", "m4a"): "m4a m4b",
    ("audio", "ogg"): "ogg oga spx",
    ("audio", "opus"): "opus",
    ("audio", "aac"): "aac",
    ("audio", "flac"): "flac",
    ("audio", "amr"): "amr",
    ("audio", "aiff"): "aiff aif",
    ("audio", "wma"): "wma",
    ("audio", "midi"): "midi mid",
    ("audio", "webm"): "weba",
    ("audio", "mkv"): "mka",
    ("video", "mp4"): "mp4",
    ("video", "webm"): "webm",
    ("video", "mov"): "mov qt",
    ("video", "avi"): "avi",
    ("video", "mkv"): "mkv",
    ("video", "m4v"): "m4v",
    ("video", "mpg"): "mpg mpeg",
    ("video", "wmv"): "wmv",
    ("video", "flv"): "flv",
    ("video", "3gp"): "3gp 3g2",
    ("video", "ogg"): "ogv",
    ("archive", "tar"): "tar",
    ("archive", "zip"): "zip",
    ("other", "html"): "html htm",
    ("other", "jpg"): "jpg jpeg",
    ("other", "tif"): "tif tiff",
}
_OTHERS = (
    *("7z", "bz2", "csv", "doc", "docx", "eml", "exe", "gif", "gz", "heic", "ico", "json", "md", "odt"),
    *("pdf", "png", "ppt", "pptx", "rar", "rtf", "srt", "svg", "tgz", "txt", "vtt", "webp", "xls", "xlsx", "xml"),
)
FORMATS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {name: known for known, names in _EXTENSIONS.items() for name in names.split()}
    | {name: ("other", name) for name in _OTHERS}
)

_SCHEME_AND_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_EXTENSION = re.compile(r"(?<=[^/\\])\.[A-Za-z0-9_]{1,16}\Z")


class Listener:
    """Hears a file go by, in chunks that are the caller's to reuse, and keeps what is needed to judge it.

    That is the head, and either the last 64 KiB (Ogg) or up to 256 KiB of pieces from elsewhere (MP4, ID3 tags).
    """

    def __init__(self) -> None:
        self.size = 0
        self._head = bytearray()
        self._beyond: Places | Tail | None = None

    @property
    def head(self) -> bytes:
        return bytes(self._head)

    def feed(self, data: bytes | memoryview) -> None:
        if self.size < HEAD:
            self._begin(data)
        elif self._beyond is not None:
            self._beyond.feed(data)
        self.size += len(data)

    def _begin(self, data: bytes | memoryview) -> None:
        before = len(self._head)
        self._head += data[: HEAD - before]
        if before < _ENOUGH <= len(self._head):
            self._beyond = follow(self.head)
            if self._beyond is not None:
                self._beyond.feed(self.head[:before])
        if self._beyond is not None:
            self._beyond.feed(data)

    def media(self) -> Media:
        """Judge the whole file, once all of it went by; whatever it was, this never raises."""
        pieces = self._beyond.pieces() if isinstance(self._beyond, Places) else ()
        tail = self._beyond.joined() if isinstance(self._beyond, Tail) else b""
        return judge(Landmarks(self.size, self.head, pieces, tail))


def follow(head: bytes) -> Places | Tail | None:
    """Choose what else to keep of a file that begins like this."""
    if head.startswith(b"ftyp", 4):
        return Places(walk_boxes())
    if head.startswith(b"ID3"):
        return Places(walk_tag())
    return Tail() if head.startswith(b"OggS") else None


def kind_of_name(url: str) -> str | None:
    """Return "audio", "video" or "other" by the extension of a URL's path; None where that tells nothing.

    WebM and MP4 count as video, Ogg as audio, though each may be the other.
    """
    known = FORMATS.get(extension(url)[1:])
    if known is None:
        return None
    return known[0] if known[0] in {"audio", "video"} else "other"


def extension(url: str) -> str:
    """Return the extension of a URL's path in lower case and with its dot, "" when there is none."""
    local = _SCHEME_AND_HOST.sub("", url, count=1)
    return name_extension(re.split("[?#]", local, maxsplit=1)[0])


def name_extension(name: str) -> str:
    """Return the extension of a file's name, which may hold the marks of a query or a fragment: `call #3.mp3`."""
    found = _EXTENSION.search(name)
    return found[0].lower() if found else ""
