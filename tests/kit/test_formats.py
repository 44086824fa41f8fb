import re
from time import process_time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.kit.formats import FORMATS

ACCEPTED: Final = {
    "date-time": ["2023-11-07T05:31:56Z", "2023-11-07t05:31:56.25+02:00"],
    "iso-8601": [
        "2022-03-18T21:52:26",
        "2022-03-18T21:52:26.8816090Z",
        "2022-03-19",
        "2022-03-18T17:56:09.8683110-04:00",
    ],
    "uri": [
        "https://storage.example.com/a.mp3?X-Amz-Signature=ab%2Fcd&X-Amz-Expires=900#t=10",
        "HTTPS://EXAMPLE.COM",
        "http://user:pass@example.com:8080/",
        "http://[2606:4700::1111]/a",
        "http://example.com/a[1].mp3?b[]=2",
        "ftp://files.example.com/a",
        "s3://bucket/key",
        "urn:isbn:0451450523",
        "mailto:ada@example.com",
        "data:,x",
        "a:",
    ],
    "web-url": ["https://example.com/a.mp3", "http://127.0.0.1:9000/a"],
    "uuid": [
        "00000000-0000-0000-0000-000000000002",
        "F47AC10B-58CC-4372-A567-0E02B2C3D479",
        "f47ac10b-58cc-4372-A567-0e02b2c3d479",
    ],
    "email": [
        "ada@example.com",
        "ada.lovelace+calls@mail.example.co.uk",
        "!#$%&'*+/=?^_`{|}~-@example.com",
        "ada@localhost",
        "ada@1.example",
        "ada@xn--mnchen-3ya.de",
        f"{'a' * 64}@example.com",
        f"ada@{'a' * 63}.example",
        f"aa@{'.'.join(['a' * 62] * 4)}",
    ],
    "webhook-secret": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_YQ=="],
}

REFUSED: Final = {
    "webhook-secret": [
        "",
        "whsec_",
        "whsec_secret",
        "whsec_YQ",
        "whsec_a b=",
        "whsec_whsec_YQ==",
        "whsec_YQ--",
        "geheimnü",
    ],
    "date-time": ["2022-03-19", "2022-03-18T21:52:26", "2023-02-29T00:00:00Z"],
    "iso-8601": ["18.03.2022", "2022-03-18 21:52:26", "2022-02-30"],
    "uri": [
        "example.com/a.mp3",
        "/a.mp3",
        "//example.com/a.mp3",
        "http:",
        "http://",
        "http://:80/",
        "1http://example.com/",
        "http://example.com/a b.mp3",
        "http://example.com/a\tb",
        "http://example.com/%zz",
        "http://example.com/%2",
        "http://example.com/<a>",
        'http://example.com/"a"',
        "http://example.com/{id}",
        "http://example.com/a|b",
        "http://example.com/a\\b",
        "http://example.com/^`",
        "http://example.com/#a#b",
        "http://müller.example/",
        "http://256.1.1.1/",
        "http://example.com:65536/",
        "http://[::1/",
        "http://[v1.a]/",
    ],
    "web-url": ["ftp://example.com/a", "mailto:ada@example.com", "https://", "example.com"],
    "uuid": [
        "00000000000000000000000000000002",
        "{00000000-0000-0000-0000-000000000002}",
        "urn:uuid:00000000-0000-0000-0000-000000000002",
        "0000000-0000-0000-0000-0000000000002",
        "00000000-0000-0000-0000-00000000000",
        "00000000-0000-0000-0000-0000000000022",
        "00000000-0000-0000-0000-00000000000g",
        "\N{ARABIC-INDIC DIGIT ZERO}0000000-0000-0000-0000-000000000002",
        "user-uuid",
    ],
    "email": [
        "ada",
        "@example.com",
        "ada@",
        "ada@@example.com",
        "ada@b@example.com",
        "a da@example.com",
        "ada@exa mple.com",
        "ada@example.com.",
        "ada@.example.com",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "ada..b@example.com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exa_mple.com",
        "ada@[127.0.0.1]",
        '"ada b"@example.com',
        "Ada <ada@example.com>",
        "adä@example.com",
        "ada@müller.example",
        "ada\0@example.com",
        f"{'a' * 65}@example.com",
        f"ada@{'a' * 64}.example",
        f"aaa@{'.'.join(['a' * 62] * 4)}",
    ],
}

SPOILT: Final = {
    "trailing newline": "{}\n",
    "trailing NUL": "{}\0",
    "trailing blank": "{} ",
    "leading blank": " {}",
    "leading newline": "\n{}",
    "byte order mark": "\ufeff{}",
    "zero-width space": "{}\u200b",
    "line separator": "{}\u2028",
    "lone surrogate": "{}\ud800",
}

# Texts of 100 KB that make a careless pattern go back and try again.
HOSTILE: Final = {
    "letters": "a" * 100_000,
    "letters, then a wrong end": "a" * 100_000 + "\n",
    "at signs": "@" * 100_000,
    "one address, many at signs": "a@" * 50_000,
    "dots": "a." * 50_000 + "!",
    "dots after an at sign": "a@" + "a." * 50_000 + "!",
    "hyphens after an at sign": "a@" + "a-" * 50_000 + "!",
    "percent signs": "a:" + "%" * 100_000,
    "percent escapes": "a:" + "%41" * 33_333 + "%",
    "colons": "http:" + ":" * 100_000,
    "slashes": "http:" + "/" * 100_000,
    "fragments": "http://a/" + "#" * 100_000,
    "user names": "http://" + "@" * 100_000,
    "path climbing": "http://a/" + "../" * 33_333 + " ",
    "labels": "http://" + "a." * 50_000,
    "punycode": "http://xn--" + "a" * 100_000,
    "open brackets": "http://[" + ":" * 100_000,
    "hexadecimal digits": "0123abcd" * 12_500,
    "hyphens": "-" * 100_000,
    "a fraction": "2023-11-07T05:31:56." + "1" * 100_000 + "!",
    "a whole fraction": "2023-11-07T05:31:56." + "1" * 100_000 + "Z",
    "digits of a year": "2" * 100_000,
}


def table(texts: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, group in texts.items() for text in group]


def test_the_table_is_what_the_documents_may_use() -> None:
    assert set(FORMATS) == {"date-time", "iso-8601", "uri", "web-url", "uuid", "email", "webhook-secret"}


@pytest.mark.parametrize(("name", "text"), table(ACCEPTED))
def test_what_the_format_means_is_accepted(name: str, text: str) -> None:
    assert FORMATS[name](text) is True


@pytest.mark.parametrize(("name", "text"), table(REFUSED))
def test_what_it_does_not_mean_is_refused(name: str, text: str) -> None:
    assert FORMATS[name](text) is False


@pytest.mark.parametrize("name", FORMATS)
def test_the_empty_text_has_no_format(name: str) -> None:
    assert FORMATS[name]("") is False


@pytest.mark.parametrize("frame", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_may_stand_before_or_after(name: str, frame: str) -> None:
    assert FORMATS[name](frame.format(ACCEPTED[name][0])) is False


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", FORMATS)
def test_a_long_hostile_text_is_answered_at_once(name: str, text: str) -> None:
    seconds = []
    for _ in range(3):  # the quickest of three, so that a busy machine does not fail the test
        start = process_time()
        FORMATS[name](text)
        seconds.append(process_time() - start)
    assert min(seconds) < 0.05


@given(st.text(st.characters(exclude_categories=[])))
@settings(max_examples=300, derandomize=True, database=None, deadline=None)
def test_no_text_makes_a_format_fail(text: str) -> None:
    for holds in FORMATS.values():
        assert holds(text) in (True, False)


@given(st.uuids())
@settings(max_examples=50, derandomize=True, database=None, deadline=None)
def test_every_uuid_is_a_uuid(value: object) -> None:
    assert FORMATS["uuid"](str(value))


@given(st.emails())
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_a_generated_address_is_an_email_unless_its_dots_are_misplaced(address: str) -> None:
    misplaced = re.search(r"^\.|\.\.|\.@", address) is not None
    assert FORMATS["email"](address) is not misplaced
