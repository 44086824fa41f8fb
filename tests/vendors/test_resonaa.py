from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Kind, Media, Outcome, Problem, Reply, Upload
from mockserver.vendors.resonaa import reading, rules
from mockserver.vendors.resonaa.crm import EACH
from mockserver.vendors.resonaa.outcomes import accept_call, storage_url
from mockserver.vendors.resonaa.refusals import refuse
from tests.engine.sending import FORM, part
from tests.engine.sending import form as form_of
from tests.facts import ID, facts, upload
from tests.worlds import ORIGIN, ask, new_world

URL = "https://example.com/recording.mp3"
USER = "7b0f5f0e-0000-4000-8000-000000000456"
STORAGE = f"http://127.0.0.1:4747/resonaa/storage/{ID}"


def by_file(file: Upload, /, **fields: Any) -> Facts:
    return form({"call": f"{file.size} bytes" if file.size else "", **fields}, {"call": file})


def by_url(url: str = URL, **fields: Any) -> Facts:
    return form({"audio_url": url, **fields}, {})


def form(fields: dict[str, Any], files: dict[str, Upload], **rest: Any) -> Facts:
    body = {"api_key": "resonaa-demo-key", **fields}
    path, kind = "/api/add-calls", "multipart/form-data"
    return facts("resonaa", body, files=files, media_type=kind, path=path, operation="addCall", **rest)


def body_of(outcome: Outcome) -> dict[str, Any]:
    (record,) = outcome.records
    return record.body


def answer_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome.reply.body, dict)
    return outcome.reply.body


def advice_of(outcome: Outcome) -> list[str | None]:
    return [advice.claim for advice in outcome.advice]


@pytest.mark.parametrize(
    ("filename", "content_type", "ending"),
    [
        ("call.mp3", "audio/mpeg", "mp3"),
        ("CALL.M4A", "application/octet-stream", "m4a"),
        ("call", "audio/webm;codecs=opus", "webm"),
        ("call.bin", "Video/MP4", "mp4"),
        ("call.wav", "audio/mpeg", "wav"),
    ],
)
def test_a_file_is_stored_under_the_format_that_its_name_or_else_its_type_tells(
    filename: str, content_type: str, ending: str
) -> None:
    told = by_file(upload(filename, content_type))
    assert rules.call_has_a_supported_format.check(told) is None
    assert storage_url(told) == f"{STORAGE}.{ending}"


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [("call.ogg", "audio/ogg"), ("", ""), ("mp3", "application/octet-stream"), ("call.mp3?x", "text/plain")],
)
def test_a_file_of_no_supported_format_is_refused(filename: str, content_type: str) -> None:
    problem = rules.call_has_a_supported_format.check(by_file(upload(filename, content_type)))
    assert problem == Problem(Kind.INVALID, "call must be MP3, WAV, M4A, WebM or MP4", ("call",))


@pytest.mark.parametrize(
    ("url", "ending"),
    [
        (URL, ".mp3"),
        ("https://example.com/a.MP4?b=c.wav#d.wav", ".mp4"),
        ("https://example.com/recording.ogg", ""),
        ("https://example.com/recording", ""),
    ],
)
def test_the_format_of_a_url_is_not_judged(url: str, ending: str) -> None:
    assert rules.call_has_a_supported_format.check(by_url(url)) is None
    assert storage_url(by_url(url)) == STORAGE + ending


@pytest.mark.parametrize(
    ("limit", "size", "refused"),
    [
        ("documented", 400_000_000, False),
        ("platform", 4_718_592, False),
        ("platform", 4_718_593, True),
    ],
)
def test_the_platform_s_limit_holds_only_where_it_is_asked_for(limit: str, size: int, *, refused: bool) -> None:
    asked = form({"audio_url": URL}, {}, options={"body_limit": limit})
    problem = rules.body_passes_the_platform.check(replace(asked, call=replace(asked.call, size=size)))
    assert (problem is not None and problem.kind is Kind.TOO_LARGE) is refused


@pytest.mark.parametrize(("seconds", "whole"), [(None, 0), (0.4, 0), (0.5, 1), (2.5, 3), (3.0, 3), (61.49, 61)])
def test_a_file_s_duration_is_its_own_to_the_nearest_second(seconds: float | None, whole: int) -> None:
    file = replace(upload(), media=Media("audio", "mp3", seconds))
    assert answer_of(accept_call(by_file(file)))["duration_seconds"] == whole


def test_by_url_the_duration_is_plausible_and_always_the_same() -> None:
    first, second = (answer_of(accept_call(by_url())) for _ in range(2))
    assert first == second
    assert 30 <= first["duration_seconds"] < 600
    assert 200 <= first["processing_time_ms"] < 1_200


@pytest.mark.parametrize(
    ("fields", "user", "claims"),
    [
        ({}, None, []),
        ({"user_id": "", "extension_id": ""}, None, []),
        ({"user_id": USER}, USER, []),
        ({"user_id": "user-uuid"}, None, ["unknown-agent-unassigned"]),
        ({"extension_id": "EXT-456"}, USER, []),
        ({"extension_id": "EXT-456", "user_id": ""}, USER, []),
        ({"extension_id": "EXT-999"}, None, ["unknown-agent-unassigned"]),
        ({"extension_id": "EXT-456", "user_id": "user-uuid"}, None, ["unknown-agent-unassigned"]),
    ],
)
def test_the_agent_is_the_user_named_or_else_the_extension_s(
    fields: dict[str, str], user: str | None, claims: list[str]
) -> None:
    outcome = accept_call(by_url(**fields))
    assert (body_of(outcome)["user_id"], advice_of(outcome)) == (user, claims)


def test_a_user_known_by_an_extension_alone_is_known() -> None:
    book: dict[str, Any] = {"users": [], "extensions": [{"extension_id": "1", "user_id": "u1"}]}
    assert reading.agent(form({"audio_url": URL, "user_id": "u1"}, {}, book=book)) == "u1"


def test_the_answer_names_the_new_call_and_the_vendor_s_own_url() -> None:
    outcome = accept_call(by_url())
    assert outcome.reply.status == 201
    assert answer_of(outcome) == {
        "success": True,
        "call_id": str(ID),
        "message": "Call uploaded successfully and queued for processing",
        "audio_url": f"{STORAGE}.mp3",
        "duration_seconds": reading.duration(by_url()),
        "processing_time_ms": reading.processing_time(by_url().call),
    }


def test_a_call_is_remembered_without_the_key() -> None:
    outcome = accept_call(by_url(customer_name="Acme Corp", order_id="ORD-789"))
    assert [(record.kind, record.id) for record in outcome.records] == [("call", str(ID))]
    assert body_of(outcome) == {
        "status": "queued",
        "customer_name": "Acme Corp",
        "user_id": None,
        "extension_id": None,
        "worker_id": "ORD-789",
        "recording": None,
        "source_url": URL,
        "audio_url": f"{STORAGE}.mp3",
        "duration_seconds": reading.duration(by_url()),
    }


def test_where_both_are_given_the_file_is_used() -> None:
    outcome = accept_call(by_file(upload("call.wav", size=512), audio_url=URL))
    kept = body_of(outcome)
    assert (kept["source_url"], kept["recording"]["filename"], kept["recording"]["size"]) == (None, "call.wav", 512)
    assert advice_of(outcome) == ["file-wins-over-url"]


def test_an_empty_file_is_none() -> None:
    outcome = accept_call(by_file(upload("", size=0), audio_url=URL))
    assert (body_of(outcome)["source_url"], body_of(outcome)["recording"], advice_of(outcome)) == (URL, None, [])


def test_empty_texts_are_none() -> None:
    kept = body_of(accept_call(by_url(customer_name="", order_id="")))
    assert (kept["customer_name"], kept["worker_id"]) == (None, None)


@pytest.mark.parametrize(
    ("problem", "status", "error"),
    [
        (Problem(Kind.NO_PATH, "there is no /x here"), 404, "Not found"),
        (Problem(Kind.METHOD, "GET is not allowed here"), 405, "Method not allowed"),
        (Problem(Kind.UNAUTHENTICATED, "this credential is not known"), 401, "Invalid API key"),
        (Problem(Kind.MEDIA_TYPE, "send multipart/form-data"), 400, "send multipart/form-data"),
        (Problem(Kind.MALFORMED, "the form is malformed"), 400, "the form is malformed"),
        (Problem(Kind.INVALID, "api_key is required"), 400, "api_key is required"),
        (Problem(Kind.TOO_LARGE, "call is larger than 5 bytes"), 413, "call is larger than 5 bytes"),
        (Problem(Kind.BROKEN, "the server could not answer"), 500, "Internal server error"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Problem) else "",
)
def test_a_refusal_is_success_false_and_one_error(problem: Problem, status: int, error: str) -> None:
    reply = refuse((problem, Problem(Kind.INVALID, "and another")), by_url().call)
    assert (reply.status, reply.body) == (status, {"success": False, "error": error})


@pytest.mark.parametrize(
    ("problem", "more"),
    [
        (Problem(Kind.INVALID, "rows must be a list", ("rows",)), {}),
        (Problem(Kind.INVALID, "wrong", ("rows", 3, "stars")), {"row": 3}),
        (Problem(Kind.INVALID, "wrong", ("customers", 3)), {}),
        (
            Problem(Kind.INVALID, "wrong", keyword=EACH, got=[{"row": 0, "error": "no"}]),
            {"errors": [{"row": 0, "error": "no"}]},
        ),
    ],
)
def test_a_refused_row_is_named(problem: Problem, more: dict[str, Any]) -> None:
    reply = refuse((problem,), by_url().call)
    assert (reply.status, reply.body) == (400, {"success": False, "error": problem.says, **more})


@pytest.mark.parametrize(
    "audio",
    [part("call", b"x", filename="a.MP3"), part("call", b"x", filename="a", kind="audio/mp4"), part("audio_url", URL)],
    ids=["file", "file known by its type", "url"],
)
def test_what_the_answer_leads_to_is_gone(audio: bytes) -> None:
    world, headers = new_world("resonaa"), {"Content-Type": FORM}
    body = form_of(part("api_key", "resonaa-demo-key"), audio)
    reply = ask(world, "resonaa", "POST", "/api/add-calls", headers=headers, body=body).decision.outcome.reply
    assert isinstance(reply.body, dict)
    stored = str(reply.body["audio_url"]).removeprefix(f"{ORIGIN}/resonaa")
    says = "the recording is gone: its bytes were hashed and dropped while they arrived"
    gone = ask(world, "resonaa", "GET", stored).decision.outcome.reply
    assert gone == Reply(410, {"success": False, "error": says})
