"""`mockserver tour`: every tour that is shipped goes as it says, and one that does not is told where it went wrong."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mockserver.creation import Plan, create_world
from mockserver.faces.telling import brief
from mockserver.faces.touring import body_in, place_of
from mockserver.faces.tours import Sent, Step, body_of, every_tour, pointed_at, read_tour, shown_body
from mockserver.model import Decision, Mark, Outcome, Reply
from mockserver.shipped import shipped
from mockserver.world import Served
from tests.facts import facts
from tests.processes import Run

Write: TypeAlias = Callable[..., None]
TOKEN = {"Authorization": "Bearer voxjar-demo-token"}
SMS = {
    "sourceIdentifier": "sms-1",
    "direction": "INBOUND",
    "timestamp": "2026-06-23",
    "transcript": {"text": "On my way"},
}
SEND: dict[str, Any] = {
    "says": "Send it.",
    "method": "POST",
    "path": "/api/v1/upload",
    "headers": TOKEN,
    "json": SMS,
    "status": 200,
}
READ: dict[str, Any] = {"says": "Read it.", "method": "GET", "path": "{{url}}", "headers": TOKEN, "status": 200}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return what puts a tour of Voxjar into the place of those that are shipped."""
    monkeypatch.setattr("mockserver.faces.tours.shipped", lambda _: tmp_path)

    def put(*steps: dict[str, Any]) -> None:
        (tmp_path / "voxjar.json").write_text(json.dumps({"says": "a tour.", "steps": steps}))

    return put


@pytest.mark.parametrize("vendor", every_tour())
def test_every_tour_goes_as_it_says(vendor: str, verb: Run) -> None:
    assert (shipped("schemas") / vendor).is_dir()
    steps = read_tour(vendor).steps
    assert 5 <= len(steps) <= 12
    assert any(step.status >= 400 for step in steps)
    status, out, err = verb("tour", vendor)
    assert (status, err) == (0, ""), out
    told = out.splitlines()
    assert told[0] == f"{vendor}: {read_tour(vendor).says}"
    assert [line for line in told if line.startswith(tuple("123456789"))] == [
        *(f"{number}. {step.says}" for number, step in enumerate(steps, 1)),
        f"{len(steps)} steps, each answered as foretold. To take them yourself: mockserver serve",
    ]
    assert "{{" not in out


def test_requests_answers_waits_and_refusals_are_told(write: Write, verb: Run) -> None:
    poor = {**SEND, "says": "Again, wrongly.", "json": {**SMS, "direction": "UP", "tag": 1}, "status": 400}
    write({**SEND, "json": {**SMS, "tag": 1}, "keep": {"url": "/statusUrl"}}, {**READ, "wait": 1.5}, poor)
    status, out, _ = verb("tour", "voxjar")
    lines = [line.strip() for line in out.splitlines()]
    assert status == 0
    assert "POST /api/v1/upload" in lines
    assert "Authorization: Bearer voxjar-demo-token" in lines
    assert '"transcript": {"text": "On my way"},' in lines
    assert "advice     $.tag tag is no field of an upload and has no effect: did you mean tags?" in lines
    assert "… 1.5 s later" in lines
    assert next(line for line in lines if line.startswith("GET ")).startswith("GET /api/v1/interactions/")
    refused = lines.index("X-Mock-Refused-By: schema/direction-inbound-or-outbound")
    assert lines[refused - 1] == "400  application/json  (documented)"
    assert lines[refused + 1].startswith("direction-inbound-or-outbound (documented, “Required fields”): direction is")


def test_steps_can_be_had_as_json(write: Write, verb: Run) -> None:
    write({**SEND, "keep": {"url": "/statusUrl"}}, {**READ, "wait": 10}, {**READ, "headers": {}, "status": 401})
    status, out, err = verb("tour", "voxjar", "--json")
    sent, read, refused = json.loads(out)
    assert (status, err) == (0, "")
    assert sent["request"] == {"method": "POST", "path": "/api/v1/upload", "headers": TOKEN, "body": SMS}
    assert sent["answer"]["body"]["interactionType"] == "SMS"
    assert (read["says"], read["waited"], read["request"]["body"]) == ("Read it.", 10, None)
    assert read["request"]["path"] == sent["answer"]["body"]["statusUrl"]
    assert (
        refused["answer"] | {"status": 401, "basis": "documented", "refused_by": "auth/bearer-token"}
        == refused["answer"]
    )


@pytest.mark.parametrize("flags", [[], ["--json"]], ids=["told", "json"])
@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([{**SEND, "status": 201}], "step 1 was answered 200, not 201: Send it."),
        ([SEND, READ], "step 2 was answered 404, not 200: Read it."),
        ([{**SEND, "keep": {"url": "/status"}}], "step 1 was answered without /status: Send it."),
        ([{**SEND, "keep": {"url": "/scoreSubmissionId"}}], "step 1 was answered without /scoreSubmissionId: Send it."),
    ],
)
def test_a_tour_that_goes_wrong_ends_there(
    flags: list[str], steps: list[dict[str, Any]], says: str, write: Write, verb: Run
) -> None:
    write(*steps, {**SEND, "says": "Never sent."})
    status, out, err = verb("tour", "voxjar", *flags)
    assert (status, err) == (1, f"mockserver: {says}\n")
    assert "Never sent." not in out


def test_a_tour_of_no_steps_is_soon_over(write: Write, verb: Run) -> None:
    write()
    assert verb("tour", "voxjar", "--json")[:2] == (0, "[]\n")
    assert verb("tour", "voxjar")[0] == 0


def test_an_answer_in_words_is_told(write: Write, verb: Run) -> None:
    write({**SEND, "headers": {**TOKEN, "Prefer": "code=413"}, "status": 413})
    assert "   Request Entity Too Large" in verb("tour", "voxjar")[1].splitlines()


def test_an_answer_without_a_body_has_none() -> None:
    decision = Decision(Outcome(Reply(204, media_type=None)), (Mark("accept"),))
    assert body_in(Served(facts("voxjar").call, decision, b"")) is None


@pytest.mark.parametrize("vendor", ["acme", "../accounts/voxjar", ""])
def test_a_vendor_without_a_tour_is_wrong_usage(vendor: str, verb: Run) -> None:
    status, out, err = verb("tour", vendor)
    assert (status, out) == (2, "")
    assert err.startswith(f"mockserver: there is no tour of {vendor!r}: known are ")
    assert err.count("\n") == 1


def test_a_broken_tour_is_named(write: Write, tmp_path: Path, verb: Run) -> None:
    write({**SEND, "wishes": 1})
    status, _, err = verb("tour", "voxjar")
    assert status == 2
    assert err.startswith(f"mockserver: {tmp_path}/voxjar.json: ")


FORM = [
    Sent("file", size=3, filename="call.mp3"),
    Sent("image", size=1, filename="a.bin", type="image/png"),
    Sent("payload", json={"a": 1}),
    Sent("note", text="hello"),
    Sent("hole", size=2),
]


@pytest.mark.parametrize(
    ("step", "media_type", "body", "told"),
    [
        (Step("", "POST", "/", 200, json={"a": 1}), "application/json", b'{"a": 1}', {"a": 1}),
        (
            Step("", "POST", "/", 200, urlencoded={"a": "1 2"}),
            "application/x-www-form-urlencoded",
            b"a=1+2",
            {"a": "1 2"},
        ),
        (Step("", "PUT", "/", 200, size=4), None, bytes(4), "4 bytes"),
        (Step("", "GET", "/", 200), None, b"", None),
    ],
    ids=["json", "urlencoded", "bytes", "nothing"],
)
def test_a_step_has_a_body_of_one_kind(step: Step, media_type: str | None, body: bytes, told: Any) -> None:
    headers, content = body_of(step)
    assert (headers.get("Content-Type"), content, shown_body(step)) == (media_type, body, told)


def test_a_form_has_texts_json_and_files_of_zero_bytes() -> None:
    step = Step("", "POST", "/", 200, form=FORM)
    headers, content = body_of(step)
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    parts = [part.strip(b"\r\n") for part in content.split(b"--" + boundary)[1:-1]]
    heads = [part.partition(b"\r\n\r\n")[0].decode().splitlines() for part in parts]
    assert heads[0] == ['Content-Disposition: form-data; name="file"; filename="call.mp3"', "Content-Type: audio/mpeg"]
    assert heads[1][1] == "Content-Type: image/png"
    assert heads[2] == ['Content-Disposition: form-data; name="payload"']
    assert [part.partition(b"\r\n\r\n")[2] for part in parts] == [bytes(3), bytes(1), b'{"a": 1}', b"hello", bytes(2)]
    assert shown_body(step) == {
        "file": "3 bytes of call.mp3",
        "image": "1 bytes of a.bin",
        "payload": {"a": 1},
        "note": "hello",
        "hole": "2 bytes of hole",
    }


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/api/v1/upload?a=1", ("voxjar", "/api/v1/upload?a=1", "/voxjar")),
        ("http://127.0.0.1:4747/voxjar/api/v1/upload?a=1&b=2", ("voxjar", "/api/v1/upload?a=1&b=2", "/voxjar")),
        ("https://app.voxjar.com/api/v1/upload", ("voxjar", "/api/v1/upload", "")),
        ("https://elsewhere.example/a", ("voxjar", "https://elsewhere.example/a", "/voxjar")),
    ],
)
def test_an_address_leads_where_it_would_over_the_wire(path: str, found: tuple[str, str, str]) -> None:
    place = place_of(asyncio.run(create_world(Plan(vendors=("voxjar",)))), "voxjar", path)
    assert (place.vendor, place.path, place.prefix) == found


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/id", "1"),
        ("/list/1/name", "b"),
        ("/a~1b/c~0d", "x"),
        ("/list/7", None),
        ("/list/name", None),
        ("/id/more", None),
        ("/none", None),
        ("/null", None),
    ],
)
def test_a_pointer_tells_a_text_or_nothing(pointer: str, text: str | None) -> None:
    body = {"id": 1, "list": [{"name": "a"}, {"name": "b"}], "a/b": {"c~d": "x"}, "null": None}
    assert pointed_at(body, pointer) == text


def test_a_body_is_told_briefly() -> None:
    assert brief(None) == []
    assert brief("two\nlines") == ["two", "lines"]
    assert brief("x" * 300) == ["x" * 200 + "…"]
    assert brief({"a": [1, 2, 3, 4, 5], "b": {}}) == ['{"a": [1, 2, 3, "… 2 more"], "b": {}}']
    long = "y" * 60
    assert brief([{"a": long, "b": {"c": long}}, 5]) == [
        "[",
        "  {",
        f'    "a": "{long}",',
        f'    "b": {{"c": "{long}"}}',
        "  },",
        "  5",
        "]",
    ]
