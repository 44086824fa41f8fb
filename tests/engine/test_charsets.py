"""A charset that a client names is never used: all but UTF-8 are refused, before anything is decoded."""

from encodings.aliases import aliases

import pytest

from mockserver.engine.endpoint import Endpoint
from mockserver.engine.read_form import PLAIN_CHARSETS, Refused, check_charset
from mockserver.model import Kind
from tests.engine.sending import (
    FORM,
    FORM_ENDPOINT,
    JSON,
    JSON_ENDPOINT,
    PAIRS,
    Sending,
    endpoint,
    form,
    only_problem,
    part,
    send,
    take,
)

OTHERS = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "utf-32", "mbcs")
SPELLINGS = {name for codec in {*aliases, *aliases.values(), *OTHERS} for name in (codec, codec.replace("_", "-"))}
FOREIGN = sorted(SPELLINGS - PLAIN_CHARSETS)
ODD = ["utf8", "UTF_8", "utf-8x", "'utf-8'", "utf-8 utf-7", "\xff", "x" * 5000, "../../etc/passwd", "%s%n", "utf-8\x00"]
MEGABYTE = b"-" * 1_000_000
PAIRS_ENDPOINT = endpoint({PAIRS: {"schema": {"type": "object"}}})


@pytest.mark.parametrize(
    ("at", "content_type"),
    [(FORM_ENDPOINT, FORM), (JSON_ENDPOINT, JSON), (PAIRS_ENDPOINT, PAIRS)],
    ids=["form", "json", "pairs"],
)
def test_a_body_in_a_foreign_charset_is_refused_unread(at: Endpoint, content_type: str) -> None:
    for charset in (*FOREIGN, *ODD, *map(str.upper, FOREIGN)):
        headers = {"content-type": f'{content_type}; charset="{charset}"', "content-length": str(len(MEGABYTE))}
        sending = Sending([MEGABYTE], headers)
        problem = only_problem(take(sending, at))
        assert sending.taken == 0, charset
        assert problem.kind is Kind.MALFORMED
        assert problem.says == f"the charset must be UTF-8, not {charset.lower()[:40]}"


def test_a_part_in_a_foreign_charset_is_refused_before_its_text_is_read() -> None:
    for charset in (*FOREIGN, *ODD):
        head, _, _ = form(part("title", "", kind=f'text/plain; charset="{charset}"')).partition(b"\r\n\r\n")
        sending = Sending([head + b"\r\n\r\n", MEGABYTE, b"\r\n--cut-here--"], {"content-type": FORM})
        assert only_problem(take(sending, FORM_ENDPOINT)).kind is Kind.MALFORMED, charset
        assert sending.taken == 1


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"Utf-8"', "us-ascii", "US-ASCII", "", '""', " utf-8 ; x=y"])
def test_plain_charsets_are_taken(charset: str) -> None:
    assert send(JSON_ENDPOINT, b'{"title": "\xc3\xbc"}', f"{JSON}; charset={charset}").fields == {"title": "ü"}
    body = form(part("title", "ü", kind=f"text/plain;charset={charset}"))
    assert send(FORM_ENDPOINT, body, f"{FORM}; charset={charset}").fields == {"title": "ü"}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=utf-7; charset=utf-8",
        "text/plain; charset=utf-8; CHARSET=utf-7",
        'text/plain; charset="utf-8',
    ],
)
def test_a_charset_that_can_be_read_in_two_ways_is_refused(content_type: str) -> None:
    with pytest.raises(Refused):
        check_charset(content_type)


def test_a_word_without_a_value_is_no_charset() -> None:
    assert send(JSON_ENDPOINT, b"{}", f"{JSON}; utf-8").instance == {}
