import codecs
import json
from typing import Final

import pytest

from mockserver.engine.read_json import Reading, Unreadable, read_json
from mockserver.model import Json


def nested(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * levels + b"1" + closing * levels


REFUSED: Final[dict[str, list[bytes]]] = {
    "empty": [b"", b" ", b"\r\n\t \n"],
    "byte-order-mark": [codecs.BOM_UTF8 + b"{}", codecs.BOM_UTF8],
    "not-utf-8": [
        *('{"a": 1}'.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be")),
        *('{"a": 1}'.encode(name) for name in ("utf-32", "utf-32-le", "utf-32-be")),
        '"é"'.encode("latin-1"),
        b'"\xff"',
        b'"\x80"',
        b'"\xc3',
        b'"\xe2\x82"',
        b'"\xc0\xaf"',  # overlong slash
        b'"\xe0\x80\xaf"',
        b'"\xed\xa0\x80"',  # a surrogate, encoded
        b'"\xf4\x90\x80\x80"',  # beyond the last character
        b'{"\xff": 1}',
    ],
    "too-deep": [
        nested(65),
        nested(65, b'{"a":', b"}"),
        nested(33, b'[{"a":', b"}]"),
        b"[" * 65,
        b"[" * 1_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'["\\"",' * 65 + b"1" + b"]" * 65,
        b'["\\\\",' * 65 + b"1" + b"]" * 65,
        b'{"a": 1, "a": ' + nested(64) + b"}",
        b'"' + b"[" * 40 + b'" ' + b"[" * 65,
    ],
    "not-finite": [
        *(b"NaN", b"Infinity", b"-Infinity", b'{"a": NaN}', b"[Infinity]"),
        *(b"1e999", b"1E400", b"-1e999", b"[1.5e309]", b"1e99999999999999999999", b"1" * 400 + b".0"),
        b'{"a": 1, "a": 1e999}',
        b'{"a": 1, "a": 2, "b": NaN}',
    ],
    "too-many-digits": [b"9" * 4301, b"-" + b"9" * 4301, b'{"a": ' + b"1" * 5000 + b"}", b"7" * 1_000_000],
    "lone-surrogate": [
        *(rb'"\ud800"', rb'"\udc00"', rb'"\uDFFF"', rb'"\uDbFf"', rb'{"\ud83d": 1}', rb'["a\ud83d!"]'),
        rb'"\ud83d\ud83d\ude00"',
        rb'"\ud83d\ude00\ude00"',
        rb'"\ude00\ud83d"',
        rb'"\ud83d\\ude00"',
        rb'"\ud83d\\\ude00"',
        rb'"\ud83d\u0041"',
        rb'"\\\ud83d"',
        rb'{"a": "\ud800", "a": 1}',
        rb'{"a": {"\ud800": 1, "\ud800": 2}, "a": 1}',
    ],
    "array-too-long": [
        b"[" + b"1," * 100_000 + b"1]",
        b'{"a": [[], {"b": [' + b'"",' * 100_000 + b'""]}]}',
    ],
    "malformed": [
        *(b"{", b"[", b"]", b"}", b'"', b'"abc', b"[1", b"[1,", b'{"a"', b'{"a":', b'{"a": 1', b'{"a": 1,', b"tru"),
        *(b"[1,]", b"[,1]", b"[1 2]", b'{"a": 1,}', b'{"a" 1}', b'{"a": 1 "b": 2}', b"{1: 2}", b"{a: 1}", b"[}", b"{]"),
        *(b"{} {}", b"1 2", b"nullnull", b'{"a": 1}x', b"{}\0", b"\0", b"{\0}", b"[]]", b"\x0c{}", b"\xc2\xa0{}"),
        *(b"'a'", b"{'a': 1}", b"\"'", b"// a\n1", b"/* a */ 1", b"1 # a", b"{} // a", b"True", b"None", b"undefined"),
        *(b"01", b"-01", b"+1", b".5", b"1.", b"-", b"1e", b"1e+", b"0x10", b"1_000", b"--1", b"- 1", b"nan", b"inf"),
        *(b'"\n"', b'"\t"', b'"\0"', b'"\x1b[31m"', b'"\x1f"', b'{"a\n": 1}'),
        *(rb'"\x41"', rb'"\a"', rb'"\u12"', rb'"\u12g4"', rb'"\u+123"', rb'"\u 123"', b'"\\', b'"\\"', rb"\u0041"),
        *("\u0661".encode(), "\uff11".encode(), b"\xe2\x80\x9ca\xe2\x80\x9d"),
        b'{"a": 1, "a": 2} x',
        b"]" * 100 + b"[" * 100,
        b"[}" * 100,
        b'"' + b"[" * 100,
    ],
}

ACCEPTED: Final[dict[bytes, Json]] = {
    b"null": None,
    b" \r\n\t{} ": {},
    b"-0": 0,
    b"9007199254740993": 2**53 + 1,
    b"-9007199254740993": -(2**53) - 1,
    b"9" * 4300: 10**4300 - 1,
    b"-" + b"9" * 4300: 1 - 10**4300,
    b"1e308": 1e308,
    b"1e-999": 0.0,
    b"5e4": 50000.0,
    b"50000.0": 50000.0,
    rb'"\u0000"': "\0",
    rb'"\u001b[31m\r\n"': "\x1b[31m\r\n",
    b'"\x7f"': "\x7f",
    '"\u2028\u202e\ufeff\uffff"'.encode(): "\u2028\u202e\ufeff\uffff",
    rb'"\ud83d\ude00"': "😀",
    rb'"\uD83D\uDE00\ud83d\ude00"': "😀😀",
    rb'"\ud7ff\ue000"': "\ud7ff\ue000",
    rb'"\\ud83d"': r"\ud83d",
    rb'"\\\\ud83d"': r"\\ud83d",
    rb'"\/"': "/",
    b'"NaN 1e999 // {{{"': "NaN 1e999 // {{{",
    b'"' + b"[" * 1000 + b'"': "[" * 1000,
    b'["' + b'\\"[' * 1000 + b'"]': ['"[' * 1000],
    b'["' + b'\\\\", "' * 100 + b'[{"]': [*["\\"] * 100, "[{"],
    b"[" + b"[]," * 99 + b"{}]": [*[[]] * 99, {}],
    b"[" + b"1," * 99_999 + b"1]": [1] * 100_000,
    b'"' + b"," * 200_000 + b'"': "," * 200_000,
    b'{"__proto__": {"": 1}}': {"__proto__": {"": 1}},
}


def brief(argument: object) -> str:
    return repr(argument[:24]) if isinstance(argument, bytes) else str(argument)[:24]


@pytest.mark.parametrize(
    ("raw", "reason"), [(raw, reason) for reason, group in REFUSED.items() for raw in group], ids=brief
)
def test_a_body_that_breaks_a_rule_is_refused_for_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_json(raw)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(("raw", "value"), ACCEPTED.items(), ids=[brief(raw) for raw in ACCEPTED])
def test_json_is_read_as_it_is_meant(raw: bytes, value: Json) -> None:
    assert read_json(raw) == Reading(value)
    assert read_json(bytearray(raw)) == Reading(value)
    assert type(read_json(raw).value) is type(value)


@pytest.mark.parametrize("levels", [1, 63, 64])
def test_depth_is_fine_up_to_the_limit(levels: int) -> None:
    value: Json = 1
    for _ in range(levels - 1):
        value = [value]
    twice = b"[" + nested(levels - 1) + b"," + nested(levels - 1) + b"]"
    assert read_json(twice).value == [value, value]


def test_several_arrays_may_be_as_long_as_the_limit() -> None:
    longest = [0] * 100_000
    assert read_json(json.dumps([longest, longest]).encode()).value == [longest, longest]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (nested(65), "the JSON is nested deeper than 64 levels"),
        (b'{\n  "a": 1,\n}', "this is not well-formed JSON: line 3, column 1"),
    ],
    ids=["a limit", "a place"],
)
def test_the_message_is_a_sentence_of_ours(raw: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_json(raw)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("raw", "value", "duplicates"),
    [
        (b'{"a": 1, "a": 2}', {"a": 2}, ("a",)),
        (b'{"a": 1, "b": 0, "a": 2, "a": 3}', {"a": 3, "b": 0}, ("a",)),
        (rb'{"a": 1, "\u0061": 2}', {"a": 2}, ("a",)),
        (b'{"a": 1, "A": 2}', {"a": 1, "A": 2}, ()),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}], ()),
        (b'{"a": {"a": 1}}', {"a": {"a": 1}}, ()),
        (b'{"x": {"b": 1, "b": 2}, "x": 3, "c": [{"d": 1, "d": 2}]}', {"x": 3, "c": [{"d": 2}]}, ("b", "d", "x")),
        (b'[{"a": 1, "a": 2}, {"a": 3, "a": 4}]', [{"a": 2}, {"a": 4}], ("a",)),
    ],
    ids=["twice", "thrice", "escaped", "case", "siblings", "parent and child", "inner first", "told once"],
)
def test_the_last_of_equal_names_wins_and_is_told(raw: bytes, value: Json, duplicates: tuple[str, ...]) -> None:
    assert read_json(raw) == Reading(value, duplicates)


def test_no_more_than_twenty_duplicates_are_told() -> None:
    members = ",".join(f'"k{number}": 1' for number in range(30))
    assert read_json(f"{{{members},{members}}}".encode()).duplicates == tuple(f"k{number}" for number in range(20))


def test_one_reading_does_not_remember_the_one_before() -> None:
    read_json(b'{"a": 1, "a": 2}')
    assert read_json(b'{"b": 1, "b": 2}').duplicates == ("b",)
    assert read_json(b'{"a": 1}').duplicates == ()
