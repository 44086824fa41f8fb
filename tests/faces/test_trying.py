"""`mockserver try`: one request as a vendor would get it, its trail, its answer, and a status that says which."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.applications import UPLOAD, made_up, operation
from tests.processes import Run

AUDIO = Path(__file__).resolve().parent.parent.parent / "fixtures" / "media" / "call.mp3"
OPERATIONS = {
    "authenticx": "uploadMedia",
    "emberqa": "submitRecording",
    "resonaa": "addCall",
    "siro": "uploadRecording",
    "siro@2026-08": "uploadRecording",
    "voxjar": "uploadInteraction",
}


def answer_of(out: str) -> Any:
    """Return the JSON body of a report; what would mend a refusal may stand behind it."""
    return json.JSONDecoder().raw_decode(out[out.index("\n{") + 1 :])[0]


@pytest.mark.parametrize(("vendor", "name"), OPERATIONS.items())
def test_the_documented_request_is_accepted(vendor: str, name: str, verb: Run) -> None:
    status, out, err = verb("try", vendor, name)
    assert (status, err) == (0, ""), out
    head, *lines = out.splitlines()
    assert head.endswith(f"  {vendor} {name}")
    steps = [line.split()[0] for line in lines if line.endswith("passed")]
    assert sorted(steps) == ["accept", "auth", "route", "rules", "schema", "transport"]
    assert "refused" not in out


def test_a_refusal_is_told_with_its_claim_and_is_status_1(verb: Run) -> None:
    body = json.dumps({**UPLOAD, "timestamp": "soon"})
    status, out, err = verb("try", "voxjar", "uploadInteraction", "--json", body)
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "POST /api/v1/upload  voxjar uploadInteraction"
    assert lines[1:4] == ["  route      passed", "  auth       passed", "  transport  passed"]
    assert lines[4].startswith("  schema     refused  $.timestamp: ")
    assert lines[5].startswith("             timestamp-")
    assert "(documented, “" in lines[5] or "(inferred, why: " in lines[5] or "(assumed, why: " in lines[5]
    assert lines[6].startswith("400  application/json  (")
    assert answer_of(out)["success"] is False


TOKEN = ("grant_type=password", "client_id=authenticx-demo-client", "client_secret=authenticx-demo-secret")
APP = '{"clientSecret": "siro-demo-secret", "userId": "user_demo", "scope": "nope"}'
EXAMPLE = 'set body to {"sourceIdentifier": "call-67890", '


@pytest.mark.parametrize(
    ("words", "edits"),
    [
        (["authenticx", "createToken", *(f"--field={each}" for each in TOKEN)], ["set $.grant_type to "]),
        (["siro", "createAccessToken", "--path", "clientId=siro-demo-client", "--json", APP], ["set $.scope to "]),
        (["voxjar", "uploadInteraction", "--json", "null"], [EXAMPLE]),
        (["voxjar", "uploadInteraction", "--json", '"x"'], [EXAMPLE]),
        (["voxjar", "uploadInteraction", "--json", "[]"], [EXAMPLE]),
        (["voxjar", "uploadInteraction", "--json", "{bad"], [f"set $.{name} to " for name in UPLOAD]),
        (["emberqa", "submitRecording", "--header", "Content-Type: text/plain"], ["set header Content-Type to "]),
    ],
)
def test_a_request_is_mended_as_it_was_sent(words: list[str], edits: list[str], verb: Run) -> None:
    status, out, _ = verb("try", *words)
    told = [line.strip() for line in out.partition("  acceptable with\n")[2].splitlines()]
    assert (status, len(told)) == (1, len(edits)), out
    assert all(line.startswith(edit) for line, edit in zip(told, edits, strict=True)), out


@pytest.mark.parametrize("long", ['{"direction": "%s"}', '"%s"'])
def test_what_is_too_long_to_be_tried_out_is_not_mended(long: str, verb: Run, tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text(long % ("x" * 70_000))
    status, out, _ = verb("try", "voxjar", "uploadInteraction", "--json", "@body.json")
    assert (status, out.splitlines()[-1]) == (1, "  no small edit was found that makes it acceptable")


def test_advice_is_told(verb: Run) -> None:
    status, out, _ = verb(
        "try", "emberqa", "submitRecording", "--json", '{"media_url": "https://a.example/b.mp3", "x": 1}'
    )
    assert status == 0
    assert "  advice     $.x x is no field of this call and is ignored" in out.splitlines()


def test_what_is_advised_is_refused_strictly(verb: Run) -> None:
    body = '{"media_url": "https://a.example/b.mp3", "x": 1}'
    status, out, _ = verb("try", "emberqa", "submitRecording", "--strict", "--json", body)
    assert status == 1
    assert "  schema     refused  $.x: x is no field of this call and is ignored" in out.splitlines()


def test_what_no_claim_covers_is_assumed(verb: Run, tmp_path: Path) -> None:
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["name"]}}}}
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": {**operation("addCall"), "requestBody": body}}})
    status, out, _ = verb("try", "acme", "addCall", "--documents", "documents", "--json", "{}")
    assert status == 1
    assert "             no claim covers this: it is assumed" in out.splitlines()


def test_a_claim_that_was_seen_needs_no_reason(verb: Run, tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["name"], "x-claim": "name-required"}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": {**operation("addCall"), "requestBody": body}}})
    claims = '[claims.name-required]\nsays = "A name is required."\nbasis = "observed"\n'
    (tmp_path / "documents" / "acme" / "claims.toml").write_text(claims)
    out = verb("try", "acme", "addCall", "--documents", "documents", "--json", "{}")[1]
    assert "name-required (observed, why: it was seen): A name is required." in out


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_operation_without_a_body_is_sent_none(method: str, verb: Run, tmp_path: Path) -> None:
    headers = {"X-Acme": {"description": "A header.", "schema": {"type": "string"}}}
    answers = {"204": {"description": "Nothing.", "headers": headers}}
    made_up(tmp_path / "documents", "acme", {"/calls": {method: {"operationId": "call", "responses": answers}}})
    status, out, _ = verb("try", "acme", "call", "--documents", "documents")
    assert (status, out.splitlines()[-1]) == (0, "204  no body  (assumed)")


def test_headers_and_text_of_an_answer_are_told(verb: Run, tmp_path: Path) -> None:
    answers = {"200": {"description": "A word.", "content": {"text/plain": {"example": "fine\n"}}}}
    made_up(tmp_path / "documents", "acme", {"/calls": {"get": {"operationId": "call", "responses": answers}}})
    behaviour = (
        "from mockserver.model import *\n"
        'REPLY = Reply(200, "fine", "text/plain", {"X-Acme": "1"})\n'
        'vendor = Vendor("acme", operations={"call": Operation(accept=lambda facts: Outcome(REPLY))})\n'
    )
    (tmp_path / "documents" / "acme" / "behaviour.py").write_text(behaviour)
    status, out, _ = verb("try", "acme", "call", "--documents", "documents")
    assert status == 0
    assert out.splitlines()[-3:] == ["200  text/plain  (assumed)", "X-Acme: 1", "fine"]


def test_a_fault_of_ours_is_told_with_its_reason_and_is_no_success(verb: Run, tmp_path: Path) -> None:
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": operation("addCall")}})
    behaviour = (
        "from mockserver.model import Operation, Vendor\n"
        'vendor = Vendor("acme", operations={"addCall": Operation(accept=lambda facts: {}["nobody"])})\n'
    )
    (tmp_path / "documents" / "acme" / "behaviour.py").write_text(behaviour)
    status, out, _ = verb("try", "acme", "addCall", "--documents", "documents")
    assert status == 1
    assert "  broken     failed  $: the server could not answer" in out
    assert "KeyError: 'nobody'" in out
    assert "refused" not in out


def test_a_body_may_lie_in_a_file(verb: Run, tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text(json.dumps(UPLOAD))
    assert verb("try", "voxjar", "uploadInteraction", "--json", "@body.json")[0] == 0


@pytest.mark.parametrize("file", [str(AUDIO), f"file={AUDIO}"])
def test_a_file_travels_in_a_form_beside_the_json_part(file: str, verb: Run) -> None:
    payload = json.dumps({name: value for name, value in UPLOAD.items() if name != "downloadUrl"})
    status, out, _ = verb("try", "voxjar", "uploadInteraction", "--file", file, "--json", payload)
    assert status == 0, out
    assert answer_of(out)["interactionType"] == "AUDIO"


def test_the_json_part_is_the_one_the_document_encodes_so(verb: Run) -> None:
    status, out, _ = verb("try", "emberqa", "submitRecording", "--file", str(AUDIO), "--json", '{"ticket": "T"}')
    assert status == 0, out


def test_fields_make_a_form_too_and_the_credential_joins_it(verb: Run) -> None:
    status, out, _ = verb("try", "resonaa", "addCall", "--file", str(AUDIO), "--field", "customer_name=Acme = Corp")
    assert status == 0, out


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["emberqa", "submitRecording", "--header", "authorization: Bearer wrong"], "auth"),
        (["resonaa", "addCall", "--field", "api_key=wrong", "--field", "audio_url=https://a.example/b.mp3"], "auth"),
        (["emberqa", "submitRecording", "--header", "Content-Type: text/plain"], "transport"),
    ],
)
def test_what_is_given_replaces_what_would_be_sent(words: list[str], refused: str, verb: Run) -> None:
    status, out, _ = verb("try", *words)
    assert status == 1
    assert [line.split()[0] for line in out.splitlines() if "refused" in line] == [refused]


def test_the_name_of_a_file_cannot_break_the_form(verb: Run, tmp_path: Path) -> None:
    hostile = tmp_path / 'a"; name="other\r\nX: y.mp3'
    hostile.write_bytes(AUDIO.read_bytes())
    for given in (str(hostile), f"file={hostile}"):
        assert verb("try", "emberqa", "submitRecording", "--file", given)[0] == 0


KEY = {"type": "string", "x-credential": True}


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ([], 0, '"by": "addCall"'),
        (["--json", '{"name": "x"}'], 0, '"by": "addCall"'),
        (["--json", '{"name": "x", "key": "wrong"}'], 1, "this credential is not known"),
        (["--json", "[]"], 1, "refused"),
        (["--json", "{"], 1, "refused"),
        (["--json", "[" * 60_000], 1, "nested deeper than 64 levels"),
    ],
)
def test_a_credential_in_json_joins_an_object(
    words: list[str], status: int, says: str, verb: Run, tmp_path: Path
) -> None:
    schema = {"type": "object", "required": ["key"], "properties": {"key": KEY, "name": {"type": "string"}}}
    body = {"required": True, "content": {"application/json": {"schema": schema, "example": {"name": "Acme"}}}}
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": {**operation("addCall"), "requestBody": body}}})
    found, out, _ = verb("try", "acme", "addCall", "--documents", "documents", *words)
    assert found == status, out
    assert says in out


def test_a_form_without_an_example_is_sent_with_its_credential_only(verb: Run, tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["key", "name"], "properties": {"key": KEY, "name": {"type": "string"}}}
    body = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": {**operation("addCall"), "requestBody": body}}})
    status, out, _ = verb("try", "acme", "addCall", "--documents", "documents")
    assert status == 1
    assert "name is required" in out
    status, out, _ = verb("try", "acme", "addCall", "--documents", "documents", "--field", "name=x")
    assert status == 0, out


def test_an_account_without_a_demo_is_sent_without_a_credential(verb: Run, tmp_path: Path) -> None:
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": operation("addCall")}})
    (tmp_path / "documents" / "_accounts").mkdir()
    (tmp_path / "documents" / "_accounts" / "acme.json").write_text('{"credentials": {}}')
    assert verb("try", "acme", "addCall", "--documents", "documents")[0] == 0
