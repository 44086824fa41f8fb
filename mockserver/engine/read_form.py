"""The one streaming form reader: file bytes are counted, hashed and dropped; limits hold while reading."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, MultipartState

from mockserver.engine.endpoint import Body, Part
from mockserver.kit.media import Listener
from mockserver.model import Kind, Path, Problem, Upload

MOST_PARTS = 64
MOST_HEADERS = 8
LONGEST_HEADER = 4_096
MOST_AROUND = 65_536
BOUNDARY = re.compile(r"[ -~]{0,69}[!-~]")
# One parameter of a header; anchored where the last one ended, so a header is read in one pass.
PARAMETER = re.compile(r';[ \t]*([^\s=;"]*)[ \t]*(?:=[ \t]*(?:"((?:\\.|[^"\\])*)"|([^";]*)))?[ \t]*', re.DOTALL)
ESCAPED = re.compile(r'\\(["\\])')
# What .NET sends of a name that is not ASCII: an encoded word that no reader of forms reads, and the name beside it.
ENCODED_WORD = re.compile(r"=\?utf-8\?B\?[A-Za-z0-9+/]*={0,2}\?=", re.IGNORECASE)
EXTENDED = re.compile(r"utf-8'[A-Za-z0-9-]*'(.*)", re.IGNORECASE | re.DOTALL)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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
            says = f"{self.part.name[:80]} is larger than {self.part.most_bytes} bytes"
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
            raise malformed(f"{self.part.name[:80]} is not UTF-8", (self.part.name,)) from None


class FormReader:
    """Reads multipart/form-data as a media type of the document describes it.

    Parts the document does not know are read and judged like any other; an unknown one with a filename is counted
    and dropped. `write` and `close` raise Refused, the same however the form is cut into chunks.
    """

    def __init__(self, body: Body, content_type: str, cap: int | None) -> None:
        self.body, self.cap = body, cap
        self.sections: list[Section] = []
        self._field = self._value = b""
        self._headers: dict[str, str] = {}
        self._around = 0
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
            self._parser.write(self._strip(data))
        except FormParserError:
            # The library's own words count bytes within a chunk, so they differ from one sending to the next.
            says = (
                "the form is malformed: see its boundary, the heads of its parts, and the CR LF after each line of them"
            )
            raise malformed(says) from None

    def _strip(self, data: bytes) -> bytes:
        """Return a chunk without what lies around the parts: line breaks before them, anything after them."""
        state = self._parser.state
        if state not in (MultipartState.START, MultipartState.END):
            return data
        # From a leading line break the library would skip to the next hyphen, if its chunk holds one.
        rest = data.lstrip(b"\r\n") if state == MultipartState.START else b""
        self._around += len(data) - len(rest)
        if self._around > MOST_AROUND:
            raise malformed("too much lies before or after the parts of the form")
        return rest

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
        if b"\n" in self._value:
            raise malformed(f"the {name[:60]} header of a part holds a bare line feed")
        self._headers[name] = self._value.decode("latin-1")
        self._field = self._value = b""

    def _on_part(self) -> None:
        options = disposition(self._headers.get("content-disposition", ""))
        check_part(self._headers)
        if len(self.sections) == MOST_PARTS:
            raise malformed(f"the form has more than {MOST_PARTS} parts")
        part = find_part(self.body, options["name"]) or Part(options["name"], is_file="filename" in options)
        if self.cap is not None and part.is_file:
            part = Part(part.name, is_file=True, most_bytes=min(part.most_bytes, self.cap), too_large=part.too_large)
        self.sections.append(Section(part, self._headers, options))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self.sections[-1].write(memoryview(data)[start:end])


def find_part(body: Body, name: str) -> Part | None:
    """Return how the document describes a part, whose name counts in any casing where the document says so."""
    loose = dict(body.loose).get((), {})
    return body.parts.get(loose.get(name.casefold(), name))


def parameters(header: str) -> dict[str, str]:
    """Return a header's parameters by name in lower case; one there twice, or one with broken quotes, is refused."""
    found: dict[str, str] = {}
    at = len(header.partition(";")[0])
    while at < len(header):
        match = PARAMETER.match(header, at)
        name = match[1].lower() if match else ""
        if match is None or name in found:
            raise malformed("a parameter of a header is there twice, or is not quoted as it should be")
        if name:
            found[name] = ESCAPED.sub(r"\1", match[2]) if match[2] is not None else (match[3] or "").strip(" \t")
        at = match.end()
    return found


def boundary_of(content_type: str) -> bytes:
    """Return the boundary between parts; RFC 2046 allows it 1 to 70 characters and no blank at its end."""
    boundary = parameters(content_type).get("boundary", "")
    if not BOUNDARY.fullmatch(boundary):
        raise malformed("a form needs a boundary of 1 to 70 characters in its Content-Type")
    return boundary.encode()


def disposition(header: str) -> dict[str, str]:
    """Return the name and, where given, the filename of a part.

    RFC 7578 knows no filename* here: it counts only beside a filename that says nothing, as .NET has it.
    """
    options = parameters(header)
    if header.partition(";")[0].strip().lower() != "form-data" or not options.get("name"):
        raise malformed("every part of a form needs a name")
    try:
        # Browsers and libraries send names as UTF-8 bytes.
        named = {key: value.encode("latin-1").decode("utf-8") for key, value in options.items()}
        return named | name_beside(named)
    except UnicodeDecodeError:
        raise malformed("the name of a part is not UTF-8") from None


def name_beside(named: Mapping[str, str]) -> dict[str, str]:
    """Return the filename that stands beside one which says nothing; a header's value has no control characters."""
    found = EXTENDED.fullmatch(named.get("filename*", ""))
    if not found or not ENCODED_WORD.fullmatch(named.get("filename", "")):
        return {}
    name = unquote(found[1], errors="strict")
    return {} if CONTROL.search(name) else {"filename": name}


def check_part(headers: Mapping[str, str]) -> None:
    """Refuse what would change the meaning of a part's bytes: RFC 7578 deprecates both."""
    if headers.get("content-transfer-encoding", "").strip().lower() not in PLAIN_ENCODINGS:
        raise malformed("a part must not be encoded for transfer")
    content_type = headers.get("content-type", "")
    if content_type.strip().lower().startswith("multipart/"):
        raise malformed("a part must not have parts of its own")
    check_charset(content_type)


def check_charset(content_type: str) -> None:
    """Refuse every charset but UTF-8: one named by a client is never used, some of them stop a server."""
    if ";" not in content_type:
        return
    charset = parameters(content_type).get("charset", "").lower()
    if charset not in PLAIN_CHARSETS:
        raise malformed(f"the charset must be UTF-8, not {charset[:40]}")
