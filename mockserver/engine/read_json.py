"""The one strict JSON reader: whatever it lets through can be validated, stored, listed and sent on."""

import json
import re
from collections.abc import Callable
from itertools import accumulate
from math import isfinite
from typing import Any, Final, Never

import msgspec
from msgspec import Struct

from mockserver.model import Json

MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 4300
MAX_ITEMS: Final = 100_000
MAX_DUPLICATES: Final = 20

SENTENCES: Final = {
    "empty": "the body is empty where JSON was expected",
    "byte-order-mark": "the JSON starts with a byte order mark",
    "not-utf-8": "the JSON is not encoded in UTF-8",
    "malformed": "this is not well-formed JSON",
    "too-deep": f"the JSON is nested deeper than {MAX_DEPTH} levels",
    "not-finite": "the JSON holds a number that is infinite or not a number",
    "too-many-digits": f"the JSON holds an integer of more than {MAX_DIGITS} digits",
    "lone-surrogate": "the JSON holds half of a surrogate pair, which is no character",
    "array-too-long": f"the JSON holds an array of more than {MAX_ITEMS} items",
}

Pairs = list[tuple[str, Any]]


class Unreadable(ValueError):  # noqa: N818 - reads as what it says: the body is unreadable
    """Why a body cannot be read: `reason` is a key of SENTENCES, the message its sentence."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(SENTENCES[reason] + where)
        self.reason = reason


class Reading(Struct, frozen=True):
    """A value, and the names that one of its objects held more than once; the last of each won."""

    value: Json
    duplicates: tuple[str, ...] = ()


def read_json(raw: bytes | bytearray) -> Reading:
    """Read one JSON text in UTF-8; raise Unreadable, and nothing else, when it breaks a rule."""
    if _may_be_deep(raw):
        _decode(raw)
        if _is_deep(raw):
            raise Unreadable("too-deep")
    reading = _read_plain(raw) or _read_any(raw)
    if len(raw) > MAX_ITEMS and _may_hold_long_array(raw) and _holds_long_array(reading.value):
        raise Unreadable("array-too-long")
    return reading


def _read_any(raw: bytes | bytearray) -> Reading:
    text = _decode(raw)
    try:
        reading = _parse(text)
    except json.JSONDecodeError as error:
        raise _diagnosis(raw, error) from None
    if _may_hold_surrogates(raw) and _holds_lone_surrogate(raw):
        raise Unreadable("lone-surrogate")
    return reading


def _decode(raw: bytes | bytearray) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unreadable("not-utf-8") from None


def _diagnosis(raw: bytes | bytearray, error: json.JSONDecodeError) -> Unreadable:
    if not raw.strip(b" \t\r\n"):
        return Unreadable("empty")
    if error.doc.startswith("\ufeff"):
        return Unreadable("byte-order-mark")
    if json.detect_encoding(raw) != "utf-8":
        return Unreadable("not-utf-8")
    return Unreadable("malformed", f": line {error.lineno}, column {error.colno}")


_PLAIN: Final = msgspec.json.Decoder()


def _read_plain(raw: bytes | bytearray) -> Reading | None:
    """Read JSON without escapes and duplicates, as nearly all is; None when it may not be so, or is no JSON.

    Without escapes every quote opens or closes a text, so a name that was dropped for a later one leaves fewer.
    """
    if b"\\" in raw:
        return None
    try:
        value = _PLAIN.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return Reading(value) if msgspec.json.encode(value).count(b'"') == raw.count(b'"') else None


# Objects and numbers, as the standard library's decoder hands them over


class _DuplicateName(Exception):  # noqa: N818 - no fault: it asks for the slower reading that takes notes
    pass


def _parse(text: str) -> Reading:
    try:
        return Reading(_UNIQUE.decode(text))
    except _DuplicateName:
        duplicates: dict[str, None] = {}
        value = _decoder(_noting(duplicates)).decode(text)
        return Reading(value, tuple(duplicates))


def _unique(pairs: Pairs) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateName
    return members


def _noting(duplicates: dict[str, None]) -> Callable[[Pairs], dict[str, Any]]:
    def last_wins(pairs: Pairs) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            if name in members and len(duplicates) < MAX_DUPLICATES:
                duplicates[name] = None
            members[name] = value
        return members

    return last_wins


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS and len(digits.lstrip("-")) > MAX_DIGITS:
        raise Unreadable("too-many-digits")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise Unreadable("not-finite")
    return number


def _constant(_: str) -> Never:
    raise Unreadable("not-finite")


def _decoder(objects: Callable[[Pairs], dict[str, Any]]) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=objects, parse_int=_integer, parse_float=_float, parse_constant=_constant)


_UNIQUE: Final = _decoder(_unique)


# Limits: a question that costs next to nothing first, the exact one only where it is needed

_BRACKETS_AND_QUOTES: Final = b'[]{}"'
_EVERYTHING_ELSE: Final = bytes(set(range(256)) - set(_BRACKETS_AND_QUOTES))
_STEPS: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


def _may_be_deep(raw: bytes | bytearray) -> bool:
    return raw.count(b"{") + raw.count(b"[") > MAX_DEPTH


def _is_deep(raw: bytes | bytearray) -> bool:
    """Walk the brackets outside strings, as signed bytes: +1 opens, -1 closes. Linear, and never recursive."""
    unescaped = raw.replace(rb"\\", b"").replace(rb"\"", b"")
    # Two quotes side by side open and close, or close and open: without them the rest is as it was.
    quoted = unescaped.translate(_STEPS, _EVERYTHING_ELSE).replace(b'""', b"").split(b'"')
    steps = memoryview(b"".join(quoted[::2])).cast("b")
    return any(depth > MAX_DEPTH for depth in accumulate(steps))


# A high half without a low one after it, or a low half without a high one before it.
_LONE_SURROGATE: Final = re.compile(
    rb"""\\u[dD](?:
            [89abAB]..  (?! \\u[dD][c-fC-F] )
          | [c-fC-F]..  (?<! \\u[dD][89abAB]..\\u.... )
        )""",
    re.VERBOSE,
)


def _may_hold_surrogates(raw: bytes | bytearray) -> bool:
    return rb"\ud" in raw or rb"\uD" in raw


def _holds_lone_surrogate(raw: bytes | bytearray) -> bool:
    """Look at text that is known to be JSON, where every escape is whole."""
    return _LONE_SURROGATE.search(raw.replace(rb"\\", b"--")) is not None


_CONTAINERS: Final = (list, dict)


def _may_hold_long_array(raw: bytes | bytearray) -> bool:
    return raw.count(b",") >= MAX_ITEMS


def _holds_long_array(value: Json) -> bool:
    level: list[Any] = [[value]]
    while level:
        inner: list[Any] = []
        for container in level:
            if isinstance(container, dict):
                inner.extend(container.values())
            elif len(container) > MAX_ITEMS:
                return True
            else:
                inner.extend(container)
        level = [item for item in inner if isinstance(item, _CONTAINERS)]
    return False
