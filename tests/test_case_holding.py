"""What answers are held to."""

import json
from typing import Any

import pytest

from mockserver.cases import Expected
from mockserver.cases.holding import (
    LONGEST,
    Answer,
    Difference,
    compare_content,
    compare_shape,
    compare_status,
    endpoint_of,
    includes,
    told,
)
from tests.worlds import document

JSON = {"content-type": "application/json"}


def answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {**JSON, **named}, json.dumps(body).encode())


def differing(found: Any) -> list[tuple[str, str, str]]:
    return [(each.at, each.expected, each.got) for each in found]


def test_a_status_is_told_with_what_a_refusal_says_and_with_nothing_that_was_accepted() -> None:
    refused = answer(400, {"error": "no", "token": "secret-of-mine"})
    assert differing(compare_status(refused, Expected(200))) == [
        ("status", "200", '400: {"error": "no", "token": "…mine"}')
    ]
    assert differing(compare_status(answer(200, {"name": "Jane"}), Expected(400))) == [("status", "400", "200")]
    assert differing(compare_status(Answer(502, {}, b""), Expected(200))) == [("status", "200", "502")]
    assert differing(compare_status(answer(200), Expected(200))) == []


def test_only_a_mock_is_held_to_what_it_refused_by() -> None:
    wanted = Expected(400, refused_by="schema/a")
    assert differing(compare_status(answer(400), wanted)) == []
    marked = answer(400, x_mock_call="1", x_mock_refused_by="schema/b")
    assert differing(compare_status(marked, wanted)) == [("refused by", "schema/a", "schema/b")]
    assert differing(compare_status(answer(400, x_mock_call="1"), wanted)) == [("refused by", "schema/a", "nothing")]
    assert differing(compare_status(marked, Expected(400))) == [("refused by", "nothing", "schema/b")]


@pytest.mark.parametrize(
    ("content", "media_type", "body"),
    [
        (b'{"a": 1}', "Application/JSON ; charset=utf-8", {"a": 1}),
        (b"{", "application/json", "{"),
        (b"[" * 100_000, "application/json", "[" * 100_000),
        (b"\xff", "text/plain", "\ufffd"),
        (b"", "", ""),
    ],
)
def test_a_body_is_what_it_says_that_it_is_or_a_text(content: bytes, media_type: str, body: Any) -> None:
    assert Answer(200, {"content-type": media_type}, content).body == body


UPLOAD = endpoint_of(document("voxjar"), "POST", "/api/v1/upload?x=1")
READ = endpoint_of(document("siro"), "DELETE", "/v1/core/recordings/1")


def test_a_body_is_held_to_its_documented_shape() -> None:
    wanted = Expected(400)
    assert differing(compare_shape(answer(400, {"success": False, "error": "no"}), wanted, UPLOAD)) == []
    (found,) = compare_shape(answer(400, {"message": "no"}), wanted, UPLOAD)
    assert (found.at, found.expected) == ("body", "as the document has it")
    assert found.got.startswith("the answer breaks its document: ")
    (found,) = compare_shape(Answer(400, {}, b""), wanted, UPLOAD)
    assert found.got.endswith("documents application/json for 400, not an empty body")


def test_null_is_a_body() -> None:
    assert differing(compare_shape(answer(200, None), Expected(200), READ)) == []


@pytest.mark.parametrize(("status", "wanted", "endpoint"), [(400, 401, UPLOAD), (418, 418, UPLOAD), (404, 404, None)])
def test_what_no_document_tells_has_no_shape(status: int, wanted: int, endpoint: Any) -> None:
    assert differing(compare_shape(answer(status, "x"), Expected(wanted), endpoint)) == []


def test_where_nothing_is_documented_there_is_no_operation() -> None:
    assert endpoint_of(document("voxjar"), "POST", "/api/v1/nowhere") is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Expected(200, body={"a": 1, "b": [1, {"c": None}]}), []),
        (Expected(200, body={"a": 1}), [("body", '{"a": 1}', '{"a": 1, "b": [1, {"c": null}]}')]),
        (Expected(200, text="a"), [("body", '"a"', '{"a": 1, "b": [1, {"c": null}]}')]),
        (Expected(200, includes={"a": 1, "b": [1, {}]}), []),
        (Expected(200, includes={"a": 2, "z": 0}), [("body.a", "2", "1"), ("body.z", "0", "nothing")]),
        (Expected(200, includes={"b": [1]}), [("body.b", "[1]", '[1, {"c": null}]')]),
        (Expected(200, includes={"b": [2, {"c": 1}]}), [("body.b[0]", "2", "1"), ("body.b[1].c", "1", "null")]),
        (Expected(200, headers={"Content-Type": "application/json"}), []),
        (Expected(200, headers={"Location": "/"}), [("Location", "/", "nothing")]),
    ],
)
def test_what_a_case_says_is_compared_place_by_place(wanted: Expected, found: list[tuple[str, str, str]]) -> None:
    assert differing(compare_content(answer(200, {"a": 1, "b": [1, {"c": None}]}), wanted)) == found


def test_what_includes_may_hold_more() -> None:
    assert includes({"a": 1, "b": 2}, {"a": 1})
    assert not includes({"b": 2}, {"a": 1})


def test_long_values_are_cut_short() -> None:
    assert told("x" * LONGEST) == '"' + "x" * (LONGEST - 1) + "…"
    assert Difference("a", told("x"), told(1)) == Difference("a", '"x"', "1")
