"""Whatever bytes come, as whatever they are said to be: a call comes of it, and the same one however they are cut."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.model import Call
from tests.engine.sending import (
    FORM,
    FORM_MEDIA,
    JSON,
    JSON_MEDIA,
    PAIRS,
    Sending,
    cut,
    endpoint,
    form,
    raw_part,
    take,
)

AUDIO = "audio/mpeg"
KEYED = {**JSON_MEDIA["schema"], "x-loose-case": True, "required": ["title"]}
EVERYTHING = endpoint(
    {
        JSON: {"schema": KEYED, "x-max-bytes": 2000},
        PAIRS: {"schema": KEYED, "x-max-bytes": 2000},
        "multipart/form-data": {**FORM_MEDIA, "x-body-part": "details", "x-max-bytes": 2000},
        AUDIO: {"schema": {}, "x-max-bytes": 2000},
    },
    schemes={"token": {"type": "http", "scheme": "bearer"}},
    parameters=[{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
)
WORDS = [
    *("title", "count", "details", "recording", "labels", "form-data", "name", "filename", "filename*", "charset"),
    *("utf-8", "punycode", "boundary", "multipart/mixed", "base64", "true", "null", "-1", "1e400", "NaN", "\\ud800"),
    *("Content-Disposition", "Content-Type", "Content-Transfer-Encoding", "--cut-here", "--cut-here--", "--"),
    *("{", "}", "[", "]", '"', "\\", ":", ";", "=", ",", "&", "%", "%00", "+", "\r\n", "\r", "\n", " ", "\t"),
]
SOUP = st.lists(st.one_of(st.sampled_from(WORDS).map(str.encode), st.binary(max_size=20)), max_size=40).map(b"".join)
HEADS = st.lists(st.sampled_from(WORDS), max_size=10).map("".join)
DISPOSED = HEADS.map(lambda rest: "Content-Disposition: form-data; name=title" + rest)
PARTS = st.builds(raw_part, st.one_of(HEADS, DISPOSED), st.one_of(SOUP, st.binary(max_size=300)))
FORMS = st.one_of(SOUP, st.lists(PARTS, max_size=4).map(lambda parts: form(*parts)))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=12,
)
JSONS = st.one_of(SOUP, st.binary(max_size=200), VALUES.map(lambda value: json.dumps(value).encode()))
TYPES = st.one_of(
    st.sampled_from([FORM, JSON, PAIRS, AUDIO, "", ";", "text/plain", f"{JSON};charset=utf-16"]),
    st.lists(st.sampled_from([JSON, "multipart/form-data", PAIRS, *WORDS]), max_size=8).map("".join),
    st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")),
)


def call_of(body: bytes, headers: dict[str, str], chunk: int) -> Call:
    call = take(Sending(cut(body, chunk), headers), EVERYTHING)
    assert isinstance(call, Call)
    if call.unreadable:
        assert (call.instance, call.body, call.files, call.credential) == (None, None, {}, None)
        assert all(len(problem.says) < 400 for problem in call.unreadable)
    return call


def check(body: bytes, content_type: str) -> None:
    for length in ({}, {"content-length": str(len(body))}):
        whole = call_of(body, {"content-type": content_type, **length}, 65_536)
        for chunk in (1, 7):
            assert call_of(body, {"content-type": content_type, **length}, chunk) == whole


@settings(derandomize=True, max_examples=500, deadline=None)
@given(FORMS)
def test_any_bytes_as_a_form_make_a_call(body: bytes) -> None:
    check(body, FORM)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(JSONS)
def test_any_bytes_as_json_make_a_call(body: bytes) -> None:
    check(body, JSON)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(SOUP)
def test_any_bytes_as_pairs_make_a_call(body: bytes) -> None:
    check(body, PAIRS)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.one_of(SOUP, st.binary(min_size=1900, max_size=2100)))
def test_any_bytes_as_a_file_make_a_call(body: bytes) -> None:
    check(body, AUDIO)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.one_of(FORMS, JSONS), TYPES, st.dictionaries(st.sampled_from(["content-encoding", "content-length"]), TYPES))
def test_any_headers_make_a_call(body: bytes, content_type: str, others: dict[str, str]) -> None:
    whole = call_of(body, {"content-type": content_type, **others}, 65_536)
    assert call_of(body, {"content-type": content_type, **others}, 1) == whole


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.one_of(SOUP, st.binary(max_size=100)), TYPES)
def test_any_query_and_any_credential_make_a_call(query: bytes, credential: str) -> None:
    sending = Sending([b"{}"], {"content-type": JSON, "authorization": credential})
    sending.arrival.query = query
    assert take(sending, EVERYTHING).instance == {}
