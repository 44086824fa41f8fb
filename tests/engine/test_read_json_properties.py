"""What holds for every body, found by generating them, and what reading may cost."""

import json
from contextlib import suppress
from time import process_time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.engine.read_json import Reading, Unreadable, read_json
from mockserver.model import Json

GIVEN = settings(max_examples=150, derandomize=True, database=None, deadline=None)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
ESCAPES = [
    r"\\",
    r"\ud83d",
    r"\ude00",
    r"\uDBFF",
    r"\uDFFF",
    r"\uD7ff",
    r"\ue000",
    r"\n",
    r"\"",
    "ud83d",
    "u",
    "d",
    "8",
]
TOKENS = [*'{}[]",:\\ -+.eE019', "\ud800\udc00", "NaN", "true", '"a"', '"a":', "é", "\\u", "\\ud800", "\n", "\0"]


@given(VALUES, st.booleans())
@GIVEN
def test_every_value_written_as_json_is_read_back(value: Any, ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == Reading(value)


@given(st.binary() | st.lists(st.sampled_from(TOKENS)).map(lambda tokens: "".join(tokens).encode("utf-8", "ignore")))
@GIVEN
def test_any_bytes_are_unreadable_or_can_be_sent_on(raw: bytes) -> None:
    try:
        reading = read_json(raw)
    except Unreadable:
        return
    assert msgspec.json.decode(msgspec.json.encode(reading.value)) == reading.value


@given(st.lists(st.sampled_from(ESCAPES)).map("".join))
@GIVEN
def test_a_surrogate_is_alone_when_its_text_cannot_be_encoded(escapes: str) -> None:
    raw = f'["{escapes}"]'.encode()
    try:
        json.loads(raw)[0].encode()
    except UnicodeEncodeError:
        with pytest.raises(Unreadable, match="surrogate"):
            read_json(raw)
    else:
        assert read_json(raw).value == json.loads(raw)


@given(st.lists(st.text('[]{}"\\'), min_size=60, max_size=68))
@GIVEN
def test_brackets_inside_strings_never_count_as_depth(texts: list[str]) -> None:
    value: Json = None
    for text in texts:
        value = {text: [value]} if len(text) > 8 else [text, value]
    levels = sum(2 if len(text) > 8 else 1 for text in texts)
    if levels > 64:
        with pytest.raises(Unreadable, match="deeper"):
            read_json(json.dumps(value).encode())
    else:
        assert read_json(json.dumps(value).encode()).value == value


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.integers())))
@GIVEN
def test_duplicates_are_the_names_seen_again(pairs: list[tuple[str, int]]) -> None:
    names = [name for name, _ in pairs]
    again = dict.fromkeys(name for place, name in enumerate(names) if name in names[:place])
    raw = "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in pairs) + "}"
    assert read_json(raw.encode()) == Reading(dict(pairs), tuple(again))


def seconds(raw: bytes) -> float:
    """Time the quickest of five readings, so that a busy machine does not fail the test."""
    spent = []
    for _ in range(5):
        start = process_time()
        with suppress(Unreadable):
            read_json(raw)
        spent.append(process_time() - start)
    return min(spent)


@pytest.mark.parametrize(
    "raw",
    [b"[" * 1_000_000, b"[" * 1_000_000 + b"]" * 1_000_000, b'{"a":' * 200_000, b'["a[",' * 160_000],
    ids=["a million arrays", "closed again", "objects", "strings with brackets between"],
)
def test_a_body_that_is_all_nesting_is_refused_at_once(raw: bytes) -> None:
    assert seconds(raw) < 0.05


def transcript(words: int) -> bytes:
    spoken = [{"word": f"w{number}", "start": number / 4, "end": number / 4 + 0.2} for number in range(words)]
    return json.dumps({"transcript": {"segments": [{"words": spoken}]}}).encode()


def test_a_transcript_four_times_as_long_costs_about_four_times_as_much() -> None:
    assert seconds(transcript(20_000)) < 8 * seconds(transcript(5_000))
