"""The marks on a vendor's answer: they lead to the journal, and leave the answer itself alone."""

from typing import Any

import pytest
from msgspec import Struct

from mockserver.engine.claims import read_ledger
from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, Answered, ask, new_application, new_world
from tests.worlds import document

UPLOADS = "/voxjar/api/v1/upload"
ANONYMOUS = {"Content-Type": "application/json"}


class Said(Struct, frozen=True):
    """A request to Voxjar, the status of its answer, and the step that refuses it."""

    status: int
    step: str = ""
    method: str = "POST"
    path: str = UPLOADS
    headers: dict[str, str] = {}
    body: dict[str, Any] = {}

    def to(self, application: Application) -> Answered:
        headers = self.headers or VOXJAR
        return ask(application, self.method, self.path, headers, json_body=self.body or UPLOAD)


CALLS = {
    "accepted": Said(200),
    "anonymous": Said(401, "auth/", headers=ANONYMOUS),
    "wrong shape": Said(400, "schema/", body={**UPLOAD, "timestamp": "soon"}),
    "against a rule": Said(404, "rules/", body={**UPLOAD, "evaluation": {"scorecardId": "sc_draft"}}),
    "unread": Said(400, "transport/", headers=VOXJAR | {"Content-Encoding": "gzip"}),
    "wrong method": Said(405, "route/", method="DELETE"),
    "no such path": Said(404, "route/", path="/voxjar/api/v9"),
}


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


def marks_of(answer: Answered) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("x-mock-")}


@pytest.mark.parametrize("said", CALLS.values(), ids=CALLS)
def test_the_call_leads_to_its_entry_and_the_entry_says_what_the_marks_say(
    said: Said, application: Application
) -> None:
    answer = said.to(application)
    assert answer.status == said.status
    entry = ask(application, "GET", f"/_mock/journal/{answer.headers['x-mock-call']}").json
    assert (entry["status"], entry["method"], entry["answer"]["body"]) == (said.status, said.method, answer.json)
    assert answer.headers["x-mock-basis"] == entry["basis"]
    assert answer.headers.get("x-mock-refused-by") == entry["refused_by"]
    assert (entry["refused_by"] or "").startswith(said.step)
    assert int(answer.headers.get("x-mock-advice", 0)) == len(entry["advice"])


def test_every_call_has_an_id_of_its_own(application: Application) -> None:
    answers = [ask(application, "POST", UPLOADS, VOXJAR, json_body=UPLOAD) for _ in range(3)]
    assert len({answer.headers["x-mock-call"] for answer in answers}) == 3


def test_the_rule_that_refused_is_a_claim_and_its_basis_is_the_claims(application: Application) -> None:
    body = {**UPLOAD, "evaluation": {"scorecardId": "sc_draft"}}
    answer = ask(application, "POST", UPLOADS, VOXJAR, json_body=body)
    step, _, claim = answer.headers["x-mock-refused-by"].partition("/")
    assert step == "rules"
    assert answer.headers["x-mock-basis"] == read_ledger(document("voxjar").folder).claims[claim].basis.value


def test_advice_is_counted_wherever_it_comes_from(application: Application) -> None:
    text = b'{"sourceIdentifier": "a", "sourceIdentifier": "b", "direction": "OUTBOUND", "unknown": 1,'
    text += b'"timestamp": "2026-06-23T14:30:00Z", "downloadUrl": "https://storage.example.com/calls/67890.mp4"}'
    answer = ask(application, "POST", UPLOADS, VOXJAR, body=text)
    assert answer.status == 200
    assert int(answer.headers["x-mock-advice"]) >= 2


def test_a_refusal_may_come_with_advice() -> None:
    application = new_application(new_world("siro@2026-08"))
    headers = {"x-siro-auth-token": "siro-demo-token", "Content-Type": "application/json"}
    body = {"downloadUrl": "https://storage.example.com/call.mp3", "fileType": "mp3", "userId": "user_demo"}
    answer = ask(application, "POST", "/siro@2026-08/v1/core/recordings/upload", headers, json_body=body)
    assert (answer.status, answer.headers["x-mock-advice"]) == (422, "1")
    entry = ask(application, "GET", f"/_mock/journal/{answer.headers['x-mock-call']}").json
    assert [each["claim"] for each in entry["advice"]] == ["other-contract-is-told"]


def test_without_advice_or_refusal_there_is_no_mark_of_them(application: Application) -> None:
    answer = ask(application, "POST", UPLOADS, VOXJAR, json_body=UPLOAD)
    assert marks_of(answer).keys() == {"x-mock-call", "x-mock-basis"}


def still(application: Application) -> Application:
    """Let the time stand, so that two answers have the same date."""
    ask(application, "PUT", "/_mock/clock", json_body={"now": "2036-06-23", "frozen": True})
    return application


@pytest.mark.parametrize("said", CALLS.values(), ids=CALLS)
def test_an_answer_is_the_same_with_and_without_its_marks(said: Said) -> None:
    one = said.to(still(new_application(new_world("voxjar"))))
    other = said.to(still(new_application(new_world("voxjar"), has_marks=False)))
    assert (one.status, one.content) == (other.status, other.content)
    assert marks_of(other) == {}
    assert {name: value for name, value in one.headers.items() if name not in marks_of(one)} == other.headers


def test_our_own_answers_bear_no_marks(application: Application) -> None:
    for path in ("/_mock/health", "/_mock/journal", "/_mock/nothing", "/nowhere"):
        assert marks_of(ask(application, "GET", path)) == {}
