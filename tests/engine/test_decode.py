"""A request becomes a call, whatever it holds."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from mockserver.engine.arrival import Arrival, Gone
from mockserver.engine.decode import decode, media_type_of, undecoded
from mockserver.engine.document import Route
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Advice, Json
from tests.engine.sending import (
    FORM,
    FORM_ENDPOINT,
    FORM_MEDIA,
    ID,
    JSON,
    JSON_ENDPOINT,
    JSON_MEDIA,
    NOW,
    Sending,
    endpoint,
    finish,
    form,
    part,
    send,
    take,
)

LIST = endpoint(
    {},
    parameters=[
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        {"name": "open", "in": "query", "schema": {"type": ["boolean", "null"]}},
        {"name": "text", "in": "query", "schema": {"type": "string"}},
    ],
)
WRAPPED = endpoint({"multipart/form-data": {**FORM_MEDIA, "x-body-part": "details"}, JSON: JSON_MEDIA})


def test_a_call_holds_what_the_request_held() -> None:
    body = b'{"count": 3}'
    headers = {"Content-Type": "Application/JSON; charset=utf-8", "X-A": "b", "Content-Length": str(len(body))}
    call = take(Sending([body], headers, "q=1"), JSON_ENDPOINT, params={"id": "7"})
    assert (call.id, call.at, call.vendor, call.operation) == (ID, NOW, "made-up", "send")
    assert (call.method, call.path, call.origin, call.params) == ("POST", "/things", "http://here", {"id": "7"})
    assert (call.media_type, call.headers["x-a"], call.query) == (JSON, "b", {"q": "1"})
    assert (call.instance, call.body, call.size) == ({"count": 3}, {"count": 3}, len(body))
    assert (call.unreadable, call.misread, call.advice, call.files, call.credential) == ((), (), (), {}, None)


def test_a_request_that_matched_nothing_is_a_call_too() -> None:
    call = undecoded(Sending([b"{"], {"A": "b"}).arrival, ident=ID, at=NOW, vendor="made-up")
    assert (call.id, call.operation, call.method, call.path) == (ID, "", "POST", "/things")
    assert (call.headers, call.origin, call.instance) == ({"a": "b"}, "http://here", None)


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        ("application/json", "application/json"),
        (" Application/JSON ;charset=x", "application/json"),
        ("multipart/form-data; boundary=a;b", "multipart/form-data"),
        (";", ""),
        ("", None),
    ],
)
def test_a_media_type_is_lower_case_and_without_parameters(header: str, media_type: str | None) -> None:
    assert media_type_of({"content-type": header}) == media_type


def test_without_its_header_there_is_no_media_type() -> None:
    assert media_type_of({}) is None


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("limit=10&open=TRUE&text=10", {"limit": 10, "open": True, "text": "10"}),
        ("limit=ten&open=maybe", {"limit": "ten", "open": "maybe"}),
        ("limit=1&limit=2", {"limit": 2}),
        ("other=1&flag&=x", {"other": "1", "flag": "", "": "x"}),
        ("text=a%20b+c%C3%BC", {"text": "a b cü"}),
        ("text=%ff%ed%a0%80", {"text": "\ufffd\ufffd\ufffd\ufffd"}),
        ("text=%00%0d%0a%zz%", {"text": "\x00\r\n%zz%"}),
        ("limit=" + "9" * 5000, {"limit": "9" * 5000}),
    ],
)
def test_a_query_is_read_as_what_the_document_says_it_stands_for(query: str, values: dict[str, Json]) -> None:
    assert send(LIST, query=query).query == values


LISTS = endpoint(
    {},
    parameters=[
        {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
        {"name": "any", "in": "query", "schema": {"type": "array"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
    ],
)
LOOSE = Endpoint({**LISTS.document, "x-loose-case": True}, LISTS.path, "get", LISTS.operation)


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("ids=1", {"ids": [1]}),
        ("ids=1&limit=5&ids=2", {"ids": [1, 2], "limit": 5}),
        ("ids=1,2&ids=x&ids=", {"ids": ["1,2", "x", ""]}),
        ("any=1&any=true", {"any": ["1", "true"]}),
        ("ids", {"ids": [""]}),
        ("ids[]=1&IDS=2", {"ids[]": "1", "IDS": "2"}),
        ("limit=5", {"limit": 5}),
    ],
)
def test_a_list_in_the_query_is_its_name_again_and_again(query: str, values: dict[str, Json]) -> None:
    assert send(LISTS, query=query).query == values


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("Limit=5", {"limit": 5}),
        ("LIMIT=5&limit=6", {"limit": 6}),
        ("Ids=1&iDS=2&ids=3", {"ids": [1, 2, 3]}),
        ("Other=1&OTHER=2", {"Other": "1", "OTHER": "2"}),
    ],
)
def test_names_in_the_query_are_loose_where_the_documents_paths_are(query: str, values: dict[str, Json]) -> None:
    assert send(LOOSE, query=query).query == values


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("limit=5&other=1", []),
        ("ids=1&ids=2&any=1&any=2", []),
        ("limit=x&limit=1&LIMIT=1&other=1&other=1", ["limit", "other"]),
        (f"{'x' * 100}&{'x' * 100}", ["x" * 80]),
    ],
)
def test_what_is_there_again_in_the_query_and_is_no_list_is_told(query: str, told: list[str]) -> None:
    says = "the parameter {} is there more than once: the last one counts"
    assert [*send(LOOSE, query=query).advice] == [Advice(says.format(name), f"$.{name}") for name in told]


def test_what_is_there_again_is_told_of_the_query_and_of_the_body() -> None:
    advice = send(JSON_ENDPOINT, b'{"a": 1, "a": 2}', JSON, query="limit=1&limit=2").advice
    assert [each.says for each in advice] == [
        "the parameter limit is there more than once: the last one counts",
        "the key a is there more than once: the last one counts",
    ]


def test_a_query_without_a_document_is_text() -> None:
    assert send(endpoint({}), query="limit=10").query == {"limit": "10"}


def test_a_query_has_no_more_than_so_many_values() -> None:
    query = "&".join(f"q{number}=x" for number in range(5000))
    assert len(send(LIST, query=query).query) == 200


def test_a_query_that_is_not_ascii_is_read() -> None:
    sending = Sending([], {})
    sending.arrival.query = b"text=\xff\xfe&\x00=\x80"
    assert take(sending, LIST).query == {"text": "\xff\xfe", "\x00": "\x80"}


@pytest.mark.parametrize(
    ("at", "body", "content_type", "seen"),
    [
        (WRAPPED, form(part("details", '{"a": 1}')), FORM, {"a": 1}),
        (WRAPPED, form(part("title", "t")), FORM, None),
        (WRAPPED, form(part("details", "{"))[:-5], FORM, None),
        (WRAPPED, b'{"details": {"a": 1}}', JSON, {"details": {"a": 1}}),
        (WRAPPED, b"", "text/plain", None),
        (FORM_ENDPOINT, form(part("details", '{"a": 1}')), FORM, {"details": {"a": 1}}),
    ],
    ids=["wrapped", "wrapped in nothing", "unreadable", "not wrapped", "unknown", "no wrapping"],
)
def test_rules_read_the_part_that_is_the_body(at: Endpoint, body: bytes, content_type: str, seen: Json) -> None:
    assert send(at, body, content_type).body == seen


def test_a_client_that_goes_away_is_the_only_thing_raised() -> None:
    async def stream() -> AsyncIterator[bytes]:
        yield b"--cut-here\r\n"
        raise Gone

    headers = [(b"content-type", FORM.encode())]
    arrival = Arrival(method="POST", path="/", query=b"", headers=headers, stream=stream)
    with pytest.raises(Gone):
        finish(decode(arrival, Route(FORM_ENDPOINT), ident=ID, at=NOW, vendor="made-up"))


def test_it_waits_for_a_body_that_is_slow() -> None:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in (b'{"count"', b": 3}"):
            await asyncio.sleep(0)
            yield chunk

    arrival = Arrival(method="POST", path="/", query=b"", headers=[(b"content-type", JSON.encode())], stream=stream)
    call = asyncio.run(decode(arrival, Route(JSON_ENDPOINT), ident=ID, at=NOW, vendor="made-up"))
    assert call.instance == {"count": 3}
