"""JSON that no server should take, made from the fields of an honest body."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

Fields: TypeAlias = Mapping[str, Any]


class Hostile(Struct, frozen=True):
    """A body, and what its headers say of it; so many blanks are added to it as it is sent."""

    body: bytes
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = {}
    chunk: int = 65_536
    blanks: int = 0


def plain(fields: Fields) -> str:
    return json.dumps(fields)


def beside(value: str) -> Callable[[Fields], bytes]:
    """Return an honest object that holds one more member, its value as it stands here."""
    return lambda fields: (plain(fields)[:-1] + f', "x": {value}}}').encode("utf-8", "surrogatepass")


def around(before: str, after: str = "") -> Callable[[Fields], bytes]:
    return lambda fields: (before + plain(fields) + after).encode()


def encoded(codec: str) -> Callable[[Fields], bytes]:
    return lambda fields: plain(fields).encode(codec)


BODIES: Mapping[str, Callable[[Fields], bytes]] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \r\n\t",
    "cut in half": lambda fields: plain(fields)[: len(plain(fields)) // 2].encode(),
    "cut before its end": lambda fields: plain(fields)[:-1].encode(),
    "twice": lambda fields: plain(fields).encode() * 2,
    "text after it": around("", " x"),
    "NUL after it": around("", "\x00"),
    "text before it": around(")]}',\n"),
    "in brackets": around("(", ")"),
    "with a comment": around("/* */ "),
    "in single quotes": lambda fields: plain(fields).replace('"', "'").encode(),
    "a comma too many": lambda fields: (plain(fields)[:-1] + ",}").encode(),
    "a list": around("[", "]"),
    "a text": lambda fields: json.dumps(plain(fields)).encode(),
    "a number": lambda _: b"7",
    "null": lambda _: b"null",
    "an empty object": lambda _: b"{}",
    "an empty list": lambda _: b"[]",
    "65 levels": beside("[" * 64 + "]" * 64),
    "65 levels of objects": beside('{"a":' * 64 + "1" + "}" * 64),
    "100,000 levels": beside("[" * 100_000 + "]" * 100_000),
    "100,000 levels left open": beside("[" * 100_000),
    "1,000,000 levels": lambda _: b"[" * 1_000_000,
    "an integer of 4301 digits": beside("9" * 4301),
    "a negative integer of 4301 digits": beside("-" + "9" * 4301),
    "an integer of a million digits": beside("9" * 1_000_000),
    "1e999": beside("1e999"),
    "-1E400": beside("-1E400"),
    "NaN": beside("NaN"),
    "Infinity": beside("Infinity"),
    "-Infinity": beside("-Infinity"),
    "a hexadecimal number": beside("0x10"),
    "a number with a zero before it": beside("007"),
    "half a surrogate pair": beside('"\\ud800"'),
    "the other half": beside('"a\\udfffb"'),
    "a pair the wrong way round": beside('"\\udc00\\ud800"'),
    "half a pair as a key": beside('{"\\ud800": 1}'),
    "a raw surrogate": beside('"\ud800"'),
    "a raw control character": beside('"\x1b[2J"'),
    "a raw line break": beside('"a\nb"'),
    "an unknown escape": beside('"\\x41"'),
    "100,001 items": beside("[" + "0," * 100_000 + "0]"),
    "bytes that are not UTF-8": lambda fields: plain(fields).encode().replace(b'": ', b'\xff": ', 1),
    "an overlong encoding": lambda fields: plain(fields).encode().replace(b'": "', b'": "\xc0\xaf', 1),
    "a byte order mark": encoded("utf-8-sig"),
    "UTF-16": encoded("utf-16"),
    "UTF-16 without a mark": encoded("utf-16-be"),
    "UTF-32": encoded("utf-32"),
    "UTF-7": lambda fields: plain(fields).encode().replace(b'"', b"+ACI-"),
    "a form": lambda _: b"--cut-here--\r\n",
}
TYPES: tuple[str | None, ...] = (
    None,
    "",
    ";",
    "text/plain",
    "text/json",
    "text/html",
    "application/xml",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "application/problem+json",
    "application/json, application/json",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    "application/json; charset=punycode",
    "application/json; charset=utf-8; charset=idna",
    'application/json; charset="utf-8',
    "multipart/form-data",
    "multipart/form-data; boundary=cut-here",
    "multipart/mixed; boundary=cut-here",
)
LARGER = 34_000_000
BOMB = gzip.compress(bytes(20_000_000))


def hostile_json(fields: Fields) -> Iterator[tuple[str, Hostile]]:
    honest = plain(fields).encode()
    for name, make in BODIES.items():
        yield name, Hostile(make(fields))
    for content_type in TYPES:
        yield f"as {content_type}", Hostile(honest, content_type)
    for encoding in ("gzip", "br", "zstd", "deflate", "compress"):
        yield f"{encoding}", Hostile(gzip.compress(honest), headers={"content-encoding": encoding})
    yield "a bomb", Hostile(BOMB, headers={"content-encoding": "gzip"})
    yield "a bomb that does not say so", Hostile(BOMB)
    yield "larger than any limit", Hostile(honest, blanks=LARGER)
    yield "larger than any limit, its length untold", Hostile(honest, headers={"content-length": ""}, blanks=LARGER)
    yield "larger than any limit, its length a lie", Hostile(honest, headers={"content-length": "10"}, blanks=LARGER)
    yield "a length beyond any", Hostile(honest[:-1], headers={"content-length": "9" * 5000})
