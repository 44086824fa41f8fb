"""What the texts of a form stand for, and what a form has in common with JSON."""

from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.engine.form_values import coerce, fold_keys
from mockserver.model import Json, Kind
from tests.engine.sending import FORM, FORM_ENDPOINT, FORM_MEDIA, JSON, PAIRS, endpoint, form, only_problem, part, send

LOOSE: Mapping[str, Any] = {
    "type": "object",
    "x-loose-case": True,
    "properties": {
        "Title": {"type": "string"},
        "Count": {"type": "integer"},
        "Details": {"type": "object", "x-loose-case": True, "properties": {"Name": {}, "Inner": {"type": "object"}}},
        "Recording": {"contentMediaType": "audio/mpeg"},
    },
}
LOOSE_ENDPOINT = endpoint(
    {
        JSON: {"schema": LOOSE},
        PAIRS: {"schema": LOOSE},
        "multipart/form-data": {"schema": LOOSE, "encoding": {"Details": {"contentType": JSON}}},
    }
)


@pytest.mark.parametrize(
    ("text", "types", "value"),
    [
        ("true", ("boolean",), True),
        ("FALSE", ("boolean",), False),
        ("yes", ("boolean",), "yes"),
        ("1", ("boolean",), "1"),
        ("fal\u017fe", ("boolean",), "fal\u017fe"),
        ("42", ("integer",), 42),
        ("-007", ("integer",), -7),
        ("42", ("number",), 42),
        ("4.50", ("number",), 4.5),
        ("4.5", ("integer",), "4.5"),
        ("42\n", ("integer",), "42\n"),
        (" 42", ("integer",), " 42"),
        ("+42", ("integer",), "+42"),
        ("4_2", ("integer",), "4_2"),
        ("٤٢", ("integer",), "٤٢"),
        ("9" * 300, ("integer",), 10**300 - 1),
        ("-" + "9" * 300 + ".5", ("number",), -1e300),
        ("9" * 301, ("integer", "number"), "9" * 301),
        ("9" * 10_000, ("integer", "number"), "9" * 10_000),
        (".5", ("number",), ".5"),
        ("5.", ("number",), "5."),
        ("1e400", ("number",), "1e400"),
        ("NaN", ("number",), "NaN"),
        ("Infinity", ("number",), "Infinity"),
        ("0x10", ("integer",), "0x10"),
        ("", ("integer", "number", "boolean"), ""),
        ("null", ("null", "integer"), None),
        ("null", ("string", "null"), None),
        ("null", ("string",), "null"),
        ("NULL", ("null", "string"), "NULL"),
        ("7", ("integer", "null"), 7),
        ("true", ("integer", "boolean"), True),
        ("true", ("string",), "true"),
        ("42", ("string",), "42"),
        ("[]", ("array",), "[]"),
    ],
)
def test_a_text_becomes_what_it_stands_for_or_stays_text(text: str, types: tuple[str, ...], value: Json) -> None:
    found = coerce(text, types)
    assert (found, type(found)) == (value, type(value))


def test_a_form_is_one_object() -> None:
    body = form(
        part("title", "t"),
        part("count", "3"),
        part("share", "0.5"),
        part("public", "true"),
        part("labels", "a"),
        part("details", '{"a": {"b": [1]}}'),
        part("recording", b"12345", filename="a.mp3"),
        part("labels", "b"),
        part("unknown", "7"),
    )
    call = send(FORM_ENDPOINT, body, FORM)
    assert call.instance == {
        "title": "t",
        "count": 3,
        "share": 0.5,
        "public": True,
        "labels": ["a", "b"],
        "details": {"a": {"b": [1]}},
        "recording": "5 bytes",
        "unknown": "7",
    }
    assert call.files.keys() == {"recording"}


def test_an_empty_file_stands_as_an_empty_text() -> None:
    call = send(FORM_ENDPOINT, form(part("recording", b"", filename="a.mp3")), FORM)
    assert call.instance == {"recording": ""}
    assert call.files["recording"].size == 0


def test_an_unknown_file_is_among_the_files() -> None:
    call = send(FORM_ENDPOINT, form(part("extra", b"1234", filename="x.bin")), FORM)
    assert call.instance == {"extra": "4 bytes"}
    assert call.files["extra"].filename == "x.bin"


@pytest.mark.parametrize("name", ["title", "count", "details", "recording", "unknown"])
def test_a_part_that_is_there_twice_is_refused(name: str) -> None:
    problem = only_problem(send(FORM_ENDPOINT, form(part(name, "1"), part(name, "1")), FORM))
    assert (problem.kind, problem.path) == (Kind.MALFORMED, (name,))
    assert problem.says == f"the part {name} is there more than once"


def test_a_file_and_a_text_of_one_name_are_one_too_many() -> None:
    body = form(part("unknown", "1"), part("unknown", b"1", filename="a"))
    assert only_problem(send(FORM_ENDPOINT, body, FORM)).says == "the part unknown is there more than once"


def test_text_that_is_not_utf_8_makes_the_form_malformed() -> None:
    assert only_problem(send(FORM_ENDPOINT, form(part("title", b"\xff")), FORM)).says == "title is not UTF-8"


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"NaN", b"[" * 1000, b'"\\udfff"', b"\xef\xbb\xbf{}"])
def test_a_json_part_that_cannot_be_read_is_for_the_schema_to_tell(text: bytes) -> None:
    call = send(FORM_ENDPOINT, form(part("title", "t"), part("details", text)), FORM)
    (problem,) = call.misread
    assert (call.unreadable, problem.path, problem.keyword) == ((), ("details",), "readable")
    assert problem.claim == "details-are-json"
    assert problem.says.startswith("details is not readable JSON: ")
    assert call.instance == {"title": "t", "details": text.decode("utf-8", "replace")}


def test_a_key_twice_in_a_json_part_is_told() -> None:
    call = send(FORM_ENDPOINT, form(part("details", '{"a": 1, "a": 2}')), FORM)
    assert call.fields["details"] == {"a": 2}
    (advice,) = call.advice
    assert (advice.says, advice.at) == ("the key a is there more than once: the last one counts", "$.details")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b'{"tItLe": "t", "COUNT": 3, "details": {"nAmE": 1, "other": 2}, "More": 4}'),
        (
            FORM,
            form(part("tItLe", "t"), part("COUNT", "3"), part("details", '{"nAmE": 1, "other": 2}'), part("More", "4")),
        ),
    ],
    ids=["json", "form"],
)
def test_keys_come_to_their_documented_casing_where_the_document_says_so(content_type: str, body: bytes) -> None:
    call = send(LOOSE_ENDPOINT, body, content_type)
    more = 4 if content_type == JSON else "4"
    assert call.instance == {"Title": "t", "Count": 3, "Details": {"Name": 1, "other": 2}, "More": more}
    assert not call.advice


def test_a_file_is_known_by_its_documented_name_in_any_casing() -> None:
    call = send(LOOSE_ENDPOINT, form(part("rECORDING", b"12345")), FORM)
    assert call.instance == {"Recording": "5 bytes"}
    assert call.files.keys() == {"Recording"}


def test_pairs_are_known_in_any_casing() -> None:
    assert send(LOOSE_ENDPOINT, b"TITLE=t&count=3", PAIRS).instance == {"Title": "t", "Count": 3}


def test_of_two_casings_in_json_the_last_counts_and_it_is_told() -> None:
    call = send(LOOSE_ENDPOINT, b'{"title": "a", "TITLE": "b"}', JSON)
    assert call.instance == {"Title": "b"}
    assert [each.says for each in call.advice] == ["Title is there in two casings: the last one counts"]


@pytest.mark.parametrize(
    ("content_type", "body"), [(FORM, form(part("title", "a"), part("TITLE", "b"))), (PAIRS, b"title=a&TITLE=b")]
)
def test_of_two_casings_in_a_form_one_is_too_many(content_type: str, body: bytes) -> None:
    assert only_problem(send(LOOSE_ENDPOINT, body, content_type)).says == "the part Title is there more than once"


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, {"details": 7}, {"details": [{"NAME": 1}]}, {"other": {}}])
def test_what_is_no_object_has_no_keys_to_fold(value: Json) -> None:
    places = LOOSE_ENDPOINT.bodies[JSON].loose
    wanted = {"Details": value["details"]} if isinstance(value, dict) and "details" in value else value
    assert fold_keys(value, places) == (wanted, ())


def test_casing_counts_where_the_document_says_nothing() -> None:
    body = form(part("title", "a"), part("Title", "b"))
    assert send(FORM_ENDPOINT, body, FORM).instance == {"title": "a", "Title": "b"}
    assert FORM_MEDIA["schema"].get("x-loose-case") is None
