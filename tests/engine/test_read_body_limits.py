"""Limits hold while a body is read, whatever its length is said to be, and nothing is read beyond them."""

from functools import partial

import pytest

from mockserver.engine.endpoint import JSON_BODY, Endpoint
from mockserver.model import Kind
from tests.engine.sending import FORM, FORM_MEDIA, JSON, JSON_MEDIA, PAIRS, Sending, endpoint, form, part, send, take

LIMIT = 10_000
CHUNK = 1_000
LIMITED = {
    "json": (endpoint({JSON: {**JSON_MEDIA, "x-max-bytes": LIMIT}}), JSON),
    "pairs": (endpoint({PAIRS: {**JSON_MEDIA, "x-max-bytes": LIMIT}}), PAIRS),
    "form": (endpoint({"multipart/form-data": {**FORM_MEDIA, "x-max-bytes": LIMIT}}), FORM),
    "raw": (endpoint({"audio/mpeg": {"schema": {}, "x-max-bytes": LIMIT}}), "audio/mpeg"),
}
UNLIMITED = {
    "form": (endpoint({"multipart/form-data": FORM_MEDIA}), FORM),
    "raw": (endpoint({"audio/mpeg": {"schema": {}}}), "audio/mpeg"),
}
FORM_START = b'--cut-here\r\nContent-Disposition: form-data; name="recording"\r\n\r\n'


def body_of(way: str, size: int) -> bytes:
    """Return a whole body of exactly so many bytes."""
    start, end = {
        "json": (b'{"title": "', b'"}'),
        "pairs": (b"title=", b""),
        "form": (FORM_START, b"\r\n--cut-here--"),
        "raw": (b"", b""),
    }[way]
    return start + b"x" * (size - len(start) - len(end)) + end


def sent(way: str, size: int, declared: str | None, chunk: int = CHUNK) -> Sending:
    body = body_of(way, size)
    headers = {"content-type": LIMITED[way][1], **({"content-length": declared} if declared is not None else {})}
    return Sending([body[start : start + chunk] for start in range(0, size, chunk)], headers)


@pytest.mark.parametrize("way", LIMITED)
@pytest.mark.parametrize("declared", [None, str(LIMIT), "0", "1", "many", "9" * 5000])
def test_a_body_as_large_as_the_limit_is_read(way: str, declared: str | None) -> None:
    call = take(sent(way, LIMIT, declared), LIMITED[way][0])
    assert (call.unreadable, call.size) == ((), LIMIT)


@pytest.mark.parametrize("way", LIMITED)
@pytest.mark.parametrize("size", [LIMIT + 1, 10 * LIMIT])
@pytest.mark.parametrize("declared", [None, "", "0", str(LIMIT), "-1", "many", "9" * 5000])
def test_without_an_honest_length_reading_stops_at_the_limit(way: str, size: int, declared: str | None) -> None:
    sending = sent(way, size, declared)
    call = take(sending, LIMITED[way][0])
    (problem,) = call.unreadable
    assert (problem.kind, problem.says) == (Kind.TOO_LARGE, f"the body is larger than {LIMIT} bytes")
    assert problem.wants == LIMIT
    assert sending.taken == LIMIT // CHUNK + 1
    assert (call.instance, call.files) == (None, {})


@pytest.mark.parametrize("way", LIMITED)
@pytest.mark.parametrize("declared", [LIMIT + 1, 10**17])
def test_a_declared_length_over_the_limit_is_refused_unread(way: str, declared: int) -> None:
    sending = sent(way, LIMIT, str(declared))
    call = take(sending, LIMITED[way][0])
    assert [problem.kind for problem in call.unreadable] == [Kind.TOO_LARGE]
    assert (sending.taken, call.size) == (0, declared)


@pytest.mark.parametrize("way", ["json", "pairs"])
def test_text_has_a_limit_where_the_document_sets_none(way: str) -> None:
    media = endpoint({LIMITED[way][1]: JSON_MEDIA})
    sending = sent(way, JSON_BODY + 1, None, chunk=65_536)
    (problem,) = take(sending, media).unreadable
    assert problem.says == "the body is larger than 5242880 bytes"


@pytest.mark.parametrize("chunk", [1, 999, 1_000_000])
@pytest.mark.parametrize(
    ("at", "limit"), [(UNLIMITED["form"][0], 100_000), (LIMITED["form"][0], LIMIT)], ids=["by its part", "by the body"]
)
def test_a_file_over_two_limits_breaks_the_same_one_however_it_is_cut(at: Endpoint, limit: int, chunk: int) -> None:
    sending = sent("form", 150_000, None, chunk)
    (problem,) = take(sending, at).unreadable
    name = "the body" if limit == LIMIT else "recording"
    assert problem.says == f"{name} is larger than {limit} bytes"
    assert sending.taken <= (limit + len(FORM_START)) // chunk + 1


def test_the_limit_of_a_part_stops_the_reading() -> None:
    sending = sent("form", 1_000_000, None)
    (problem,) = take(sending, UNLIMITED["form"][0]).unreadable
    assert (problem.says, problem.claim) == ("recording is larger than 100000 bytes", "recording-100-kb")
    assert sending.taken == 101


@pytest.mark.parametrize("way", LIMITED)
def test_a_cap_below_every_limit_counts(way: str) -> None:
    sending = sent(way, LIMIT, None)
    (problem,) = take(sending, LIMITED[way][0], cap=2_500).unreadable
    assert problem.kind is Kind.TOO_LARGE
    assert "2500 bytes" in problem.says
    assert sending.taken == 3


@pytest.mark.parametrize("way", UNLIMITED)
def test_a_cap_counts_where_there_is_no_limit(way: str) -> None:
    at, content_type = UNLIMITED[way]
    assert not send(at, body_of(way, 2_500), content_type, cap=2_500).unreadable
    (problem,) = send(at, body_of(way, 5_000), content_type, cap=2_500).unreadable
    assert "2500 bytes" in problem.says


def test_a_cap_above_every_limit_changes_nothing() -> None:
    at, content_type = LIMITED["json"]
    assert not send(at, body_of("json", LIMIT), content_type, cap=10**9).unreadable
    assert send(at, body_of("json", LIMIT + 1), content_type, cap=10**9).unreadable


def test_a_cap_is_for_uploads_and_leaves_the_texts_of_a_form_alone() -> None:
    body = form(part("title", "t" * 5_000), part("recording", b"x" * 2_500))
    assert not send(UNLIMITED["form"][0], body, FORM, cap=2_500).unreadable


@pytest.mark.parametrize("way", ["json", "pairs"])
@pytest.mark.parametrize("declared", [None, "1"])
def test_a_text_that_has_come_as_a_whole_is_held_to_the_same_limits(way: str, declared: str | None) -> None:
    at = LIMITED[way][0]
    for size, refused in ((LIMIT, []), (LIMIT + 1, [Kind.TOO_LARGE])):
        sending = sent(way, size, declared)
        sending.arrival.whole = partial(body_of, way, size)
        call = take(sending, at)
        assert [problem.kind for problem in call.unreadable] == refused
        assert (call.instance is None, sending.taken) == (bool(refused), 0)


@pytest.mark.parametrize("way", ["json", "pairs"])
def test_what_may_not_have_come_as_a_whole_is_waited_for(way: str) -> None:
    sending = sent(way, LIMIT, None)
    assert sending.arrival.whole() is None
    assert take(sending, LIMITED[way][0]).size == LIMIT
