"""Calls by their URLs: what is told to lie behind them, what becomes of a call, and which fields are ignored."""

import json
from typing import Any

import pytest

from mockserver.model import Behind, Facts, Kind
from mockserver.vendors.resonaa import reading, rules
from mockserver.vendors.resonaa.advice import advise_fields
from mockserver.vendors.resonaa.outcomes import accept_call
from mockserver.vendors.resonaa.results import sheet_timeline, ticket_timeline
from tests.facts import ID, facts, upload
from tests.worlds import ask, new_world

URL = "https://example.com/recording"
STORAGE = f"http://127.0.0.1:4747/resonaa/storage/{ID}"


def by_json(found: Behind | None = None, url: str = URL, **fields: Any) -> Facts:
    behind = {url: found} if found else {}
    return facts("resonaa", {"api_key": "k", "call_url": url, **fields}, operation="addCallByUrl", behind=behind)


def by_form(found: Behind, **rest: Any) -> Facts:
    body = {"api_key": "k", "audio_url": URL}
    return facts("resonaa", body, operation="addCall", behind={URL: found}, media_type="multipart/form-data", **rest)


def refusal(told: Facts) -> tuple[Kind, str] | None:
    found = (each.check(told) for each in rules.CALL_RULES)
    return next(((problem.kind, problem.says) for problem in found if problem), None)


@pytest.mark.parametrize(
    ("found", "kind", "says"),
    [
        (Behind(failure="missing"), Kind.INVALID, "cannot be fetched: there is nothing"),
        (Behind(failure="slow", type="audio/mpeg"), Kind.INVALID, "cannot be fetched: the other side took too long"),
        (Behind(failure="not-media"), Kind.INVALID, "leads to no recording"),
        (Behind(type="text/html; charset=utf-8"), Kind.INVALID, "leads to no recording"),
        (Behind(failure="too-large"), Kind.TOO_LARGE, "leads to a recording of more than 524288000 bytes"),
        (Behind(size=524_288_001), Kind.TOO_LARGE, "leads to a recording of more than 524288000 bytes"),
        (Behind(type="audio/ogg"), Kind.INVALID, "must be MP3, WAV, M4A, WebM or MP4"),
    ],
    ids=str,
)
def test_what_lies_behind_a_url_may_refuse_the_call(found: Behind, kind: Kind, says: str) -> None:
    assert refusal(by_json(found)) == (kind, f"call_url {says}")
    assert refusal(by_form(found)) == (kind, f"audio_url {says}")


@pytest.mark.parametrize(
    ("found", "url", "ending"),
    [
        (None, URL, ""),
        (Behind(), URL, ""),
        (Behind(type="Audio/WAV; rate=8000", size=524_288_000), URL, ".wav"),
        (Behind(type="application/octet-stream"), URL, ""),
        (Behind(type="audio/x-custom"), f"{URL}.m4a?a=b", ".m4a"),
    ],
)
def test_a_recording_is_stored_under_the_format_that_is_told(found: Behind | None, url: str, ending: str) -> None:
    told = by_json(found, url)
    assert refusal(told) is None
    assert accept_call(told).records[0].body["audio_url"] == STORAGE + ending


def test_nothing_lies_behind_a_file() -> None:
    file = upload()
    told = by_form(Behind(failure="missing"), files={"call": file})
    assert refusal(told) is None
    assert reading.urls(told.call) == []
    assert reading.duration(told) == 3


@pytest.mark.parametrize(("seconds", "whole"), [(0.4, 0), (59.5, 60), (3600.0, 3600)])
def test_the_duration_is_what_the_table_tells(seconds: float, whole: int) -> None:
    assert reading.duration(by_json(Behind(duration=seconds))) == whole


def test_the_urls_asked_for_are_those_of_the_call() -> None:
    assert reading.urls(by_json().call) == [URL]
    assert reading.urls(by_form(Behind()).call) == [URL]


def test_a_call_is_transcribed_and_then_analysed() -> None:
    (record,) = accept_call(by_json(Behind(duration=60.0))).records
    assert [moment.after for moment in record.timeline] == [10, 20]
    heard, known = (moment.state for moment in record.timeline)
    assert (heard["status"], known["status"]) == ("transcribed", "analysed")
    assert heard["transcript"][0]["speaker"] == "agent"
    assert all(turn["start_seconds"] < turn["end_seconds"] <= 60 for turn in heard["transcript"])
    assert set(known["analysis"]) == {"summary", "topic", "sentiment", "score"}
    assert record.failure == {"status": "failed", "error": "the call could not be analysed"}


def test_a_short_call_has_a_short_transcript() -> None:
    short, long = (accept_call(by_json(Behind(duration=each))).records[0] for each in (4.0, 600.0))
    assert len(short.timeline[0].state["transcript"]) < len(long.timeline[0].state["transcript"])


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        (["Hello"], "A conversation of 1 message, which begins: Hello"),
        (["  Hello" + "o" * 100, "Bye"], f"A conversation of 2 messages, which begins: Hello{'o' * 75}"),
    ],
)
def test_the_summary_of_a_ticket_quotes_it(said: list[str], summary: str) -> None:
    assert ticket_timeline(ID, said)[-1].state["analysis"]["summary"] == summary


@pytest.mark.parametrize(("total", "half", "summary"), [(1, 0, "A sheet of 1 row"), (5, 2, "A sheet of 5 rows")])
def test_a_sheet_is_processed_bit_by_bit(total: int, half: int, summary: str) -> None:
    first, last = (moment.state for moment in sheet_timeline(ID, total))
    assert (first["processed_rows"], last["processed_rows"]) == (half, total)
    assert last["analysis"]["summary"] == summary


def advice(operation: str, body: Any) -> list[tuple[str, str]]:
    return [(each.at, each.says) for each in advise_fields(facts("resonaa", body, operation=operation))]


def ignored(name: str, meant: str = "") -> str:
    return f"{name} is no field here and is ignored{meant}"


@pytest.mark.parametrize(
    ("operation", "body", "told"),
    [
        ("addCall", {"call": "", "audio_url": URL}, []),
        ("addCall", {"call_url": URL}, [("$.call_url", ignored("call_url", ": here it is called audio_url"))]),
        ("addCallByUrl", {"audio_url": URL}, [("$.audio_url", ignored("audio_url", ": here it is called call_url"))]),
        ("addCallByUrl", {"agent": "x"}, [("$.agent", ignored("agent"))]),
        ("addCallByUrl", {"userId": "x"}, [("$.userId", ignored("userId", ": did you mean user_id?"))]),
        ("addCallByUrl", [URL], []),
        ("uploadTicket", {"conversation": "text"}, []),
        (
            "uploadTicket",
            {"conversation": ["text", {"txet": ""}]},
            [("$.conversation[1].txet", ignored("txet", ": did you mean text?"))],
        ),
        ("uploadSheet", {"rows": []}, []),
        ("uploadSheet", {"action": ["create"], "rows": []}, []),
        ("uploadSheet", {"action": "create", "schema": 5, "rows": []}, [("$.rows", ignored("rows"))]),
        ("uploadSheet", {"action": "rows", "schema": {"columns": [5]}}, [("$.schema", ignored("schema"))]),
        (
            "uploadSheet",
            {"action": "create", "schema": {"columns": [{"type": "", "nane": ""}], "x": 1}},
            [
                ("$.schema.x", ignored("x")),
                ("$.schema.columns[0].nane", ignored("nane", ": did you mean name?")),
            ],
        ),
        ("addCustomers", {"emial": ""}, [("$.emial", ignored("emial", ": did you mean email?"))]),
        ("addCustomers", {"csv": "", "name": ""}, [("$.name", ignored("name"))]),
        ("addCustomers", {"customers": [{"fax": ""}]}, [("$.customers[0].fax", ignored("fax"))]),
        ("addCustomers", {"file": "", "stage": ""}, [("$.stage", ignored("stage"))]),
    ],
)
def test_fields_that_nothing_reads_are_told(operation: str, body: Any, told: list[tuple[str, str]]) -> None:
    assert advice(operation, body) == told


def test_advice_on_ignored_fields_is_bounded() -> None:
    told = advice("addCall", {f"{'x' * 200}{number}": "1" for number in range(60)})
    assert len(told) == 20
    assert all(len(says) < 150 for _, says in told)


ASSUMED = {
    "/api/addcallurl": "add-call-url-assumed",
    "/api/resona/upload": "sheets-assumed",
    "/api/tickets/upload": "tickets-assumed",
    "/api/crm/customers": "crm-assumed",
}


@pytest.mark.parametrize("path", ASSUMED)
def test_a_strict_server_does_not_have_what_nobody_has_described(path: str) -> None:
    world, headers = new_world("resonaa", is_strict=True), {"Content-Type": "application/json"}
    decision = ask(world, "resonaa", "POST", path, headers=headers, body=b"{}").decision
    assert (decision.outcome.reply.status, decision.refused_by) == (501, f"route/{ASSUMED[path]}")
    says = "nothing public says what this operation takes or answers, and the server is strict"
    assert decision.outcome.reply.body == {"success": False, "error": says}


@pytest.mark.parametrize("path", ASSUMED)
def test_the_platforms_limit_holds_everywhere(path: str) -> None:
    world = new_world("resonaa", options={"resonaa": {"body_limit": "platform"}})
    body = json.dumps({"api_key": "resonaa-demo-key", "note": "x" * rules.PLATFORM_LIMIT}).encode()
    decision = ask(world, "resonaa", "POST", path, headers={"Content-Type": "application/json"}, body=body).decision
    assert (decision.outcome.reply.status, decision.refused_by) == (413, "rules/platform-limit")
