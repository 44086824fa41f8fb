"""The one streaming form reader: file bytes are counted, hashed and dropped; limits hold while reading."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState, parse_options_header

from mockserver.engine.endpoint import Body, Part
from mockserver.kit.media import Listener
from mockserver.model import Kind, Path, Problem, Upload

MOST_PARTS = 64
MOST_HEADERS = 8
LONGEST_HEADER = 4_096
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
PLAIN_ENCODINGS = {"", "7bit", "8bit", "binary"}
PLAIN_CHARSETS = {"", "utf-8", "us-ascii"}


class Refused(Exception):  # noqa: N818  # carries the problem out of the parser's callbacks
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def malformed(says: str, path: Path = ()) -> Refused:
    return Refused(Problem(Kind.MALFORMED, says, path))


class Section:
    """One part while it streams by: text is kept up to its limit, a file only as digest, size and landmarks."""

    def __init__(self, part: Part, headers: Mapping[str, str], options: Mapping[str, str]) -> None:
        self.part = part
        self.filename = options.get("filename", "")
        self.content_type = headers.get("content-type", "")
        self.is_file = part.is_file
        self.size = 0
        self.text = bytearray()
        self.digest = sha256() if part.is_file else None
        self.listener = Listener() if part.is_file else None

    def write(self, data: memoryview) -> None:
        self.size += len(data)
        if self.size > self.part.most_bytes:
            says = f"{self.part.name} is larger than {self.part.most_bytes} bytes"
            raise Refused(Problem(Kind.TOO_LARGE, says, (self.part.name,), claim=self.part.too_large))
        if self.digest is not None and self.listener is not None:
            self.digest.update(data)
            self.listener.feed(data)
        else:
            self.text += data

    def upload(self) -> Upload:
        assert self.digest is not None  # noqa: S101  # only files become uploads
        assert self.listener is not None  # noqa: S101
        return Upload(self.filename, self.content_type, self.size, self.digest.hexdigest(), self.listener.media())

    def decoded(self) -> str:
        try:
            return self.text.decode("utf-8")
        except UnicodeDecodeError:
            raise malformed(f"{self.part.name} is not UTF-8", (self.part.name,)) from None


class FormReader:
    """Reads multipart/form-data as a media type of the document describes it.

    Parts the document does not know are read and judged like any other; an unknown one with a filename is counted
    and dropped. `write` and `close` raise Refused.
    """

    def __init__(self, body: Body, content_type: str, cap: int | None) -> None:
        self.body, self.cap = body, cap
        self.sections: list[Section] = []
        self._field = self._value = b""
        self._headers: dict[str, str] = {}
        self._parser = self._begin(boundary_of(content_type))

    def _begin(self, boundary: bytes) -> MultipartParser:
        callbacks: Any = {
            "on_part_begin": self._headers.clear,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_part,
            "on_part_data": self._on_data,
        }
        return MultipartParser(boundary, callbacks, max_header_count=MOST_HEADERS, max_header_size=LONGEST_HEADER)

    def write(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise malformed(f"the form is malformed: {error}") from None

    def close(self) -> list[Section]:
        # The parser does not say so itself when the closing boundary never came.
        if self._parser.state != MultipartState.END:
            raise malformed("the form ends before its closing boundary")
        return self.sections

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        name = self._field.decode("latin-1").lower()
        if name in self._headers:
            raise malformed(f"a part has two {name[:60]} headers")
        self._headers[name] = self._value.decode("latin-1")
        self._field = self._value = b""

    def _on_part(self) -> None:
        options = disposition(self._headers.get("content-disposition", ""))
        check_part(self._headers)
        if len(self.sections) == MOST_PARTS:
            raise malformed(f"the form has more than {MOST_PARTS} parts")
        part = self.body.parts.get(options["name"]) or Part(options["name"], is_file="filename" in options)
        if self.cap is not None and part.is_file:
            part = Part(part.name, is_file=True, most_bytes=min(part.most_bytes, self.cap), too_large=part.too_large)
        self.sections.append(Section(part, self._headers, options))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self.sections[-1].write(memoryview(data)[start:end])


def boundary_of(content_type: str) -> bytes:
    """Return the boundary between parts; RFC 2046 allows it 1 to 70 characters and no blank at its end."""
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 0 < len(boundary) <= 70 or boundary.endswith(b" "):
        raise malformed("a form needs a boundary of 1 to 70 characters in its Content-Type")
    return boundary


def disposition(header: str) -> dict[str, str]:
    """Return the name and, where given, the filename of a part; RFC 7578 knows no filename* here."""
    kind, options = parse_options_header(header)
    keys = [piece.partition("=")[0].strip().lower() for piece in QUOTED.sub('""', header).split(";")[1:]]
    if len(set(keys)) < len(keys):
        raise malformed("a part names itself or its file twice")
    if kind != b"form-data" or not options.get(b"name"):
        raise malformed("every part of a form needs a name")
    try:
        # Browsers and libraries send names as UTF-8 bytes.
        return {key.decode("latin-1"): value.decode("utf-8") for key, value in options.items()}
    except UnicodeDecodeError:
        raise malformed("the name of a part is not UTF-8") from None


def check_part(headers: Mapping[str, str]) -> None:
    """Refuse what would change the meaning of a part's bytes: RFC 7578 deprecates transfer encodings."""
    if headers.get("content-transfer-encoding", "").strip().lower() not in PLAIN_ENCODINGS:
        raise malformed("a part must not be encoded for transfer")
    check_charset(headers.get("content-type", ""))


def check_charset(content_type: str) -> None:
    """Refuse every charset but UTF-8: one named by a client is never used, some of them stop a server."""
    charset = parse_options_header(content_type)[1].get(b"charset", b"").decode("latin-1").lower()
    if charset not in PLAIN_CHARSETS:
        raise malformed(f"the charset must be UTF-8, not {charset[:40]}")
