"""A request as bytes, before anybody has looked at it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

MOST_DIGITS = 18


class Gone(Exception):  # noqa: N818  # it names what happened, and is nobody's error
    """The client went away before it had sent its whole body."""


def nothing_yet() -> None:
    return None


class Arrival:
    """What came over the wire.

    `path` is decoded, `origin` is where the vendor answers, `stream` gives the body once; `whole` does so at once where
    all of it has come already, and is None where it may not have.
    """

    def __init__(
        self,
        *,
        method: str,
        path: str,
        query: bytes,
        headers: list[tuple[bytes, bytes]],
        stream: Callable[[], AsyncIterator[bytes]],
        origin: str = "",
        whole: Callable[[], bytes | None] = nothing_yet,
    ) -> None:
        self.method, self.path, self.query, self.origin = method, path, query, origin
        self.raw_headers, self.stream, self.whole = headers, stream, whole
        self.headers = read_headers(headers)

    @property
    def length(self) -> int | None:
        """The declared length of the body in bytes, if one was declared that a body can have."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def read_headers(pairs: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Names in lower case, values as Latin-1; a name that came twice has its values joined, as HTTP reads them."""
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}
    return found if len(found) == len(pairs) else join(pairs)


def join(pairs: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
