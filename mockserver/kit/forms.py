"""A form as bytes, as browsers write it."""

import mimetypes
from collections.abc import Iterable

from msgspec import Struct

BOUNDARY = "mockserver-form"


class FormPart(Struct, frozen=True):
    """One part: a file where it has a filename."""

    name: str
    content: bytes
    filename: str | None = None


def encode_form(parts: Iterable[FormPart], boundary: str = BOUNDARY) -> bytes:
    return b"".join(encode_part(part, boundary) for part in parts) + f"--{boundary}--\r\n".encode()


def encode_part(part: FormPart, boundary: str) -> bytes:
    disposition, kind = f'form-data; name="{escape(part.name)}"', ""
    if part.filename is not None:
        disposition += f'; filename="{escape(part.filename)}"'
        kind = f"\r\nContent-Type: {mimetypes.guess_type(part.filename)[0] or 'application/octet-stream'}"
    head = f"--{boundary}\r\nContent-Disposition: {disposition}{kind}\r\n\r\n"
    return head.encode() + part.content + b"\r\n"


def escape(name: str) -> str:
    """Return a name as browsers write it into a form, where it cannot end its quotes or its line."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
