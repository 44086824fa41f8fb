"""Alerts: which fire, and what they tell."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.creation import SetupError
from mockserver.fitting import check_book
from mockserver.model import Behind, Facts, Message
from mockserver.vendors.emberqa import vendor
from mockserver.vendors.emberqa.outcomes import accept_document, accept_recording
from mockserver.vendors.emberqa.workflows import accept_workflow
from tests.facts import ID, facts
from tests.worlds import document

URL = "http://127.0.0.1:9000/hook"
MEDIA, PDF = "https://media.example/audio.mp3", "https://media.example/document.pdf"
TEMPLATE = {"id": "00000000-0000-4000-8000-00000000e001", "name": "Invoices", "fields": ["total"]}
LAWYER = "Speaker 1: My lawyer will call you."


def alert(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "url": URL, **more}


def asked(operation: str, body: dict[str, Any], *alerts: dict[str, Any], **more: Any) -> Facts:
    book = {"alerts": list(alerts), "extraction_templates": [TEMPLATE]}
    return facts("emberqa", body, operation=operation, book=book, **more)


def of_call(*alerts: dict[str, Any], text: str = "", options: Any = None, **more: Any) -> Sequence[Message]:
    """Return what is told of a recording once it is scored."""
    body = {"media_url": MEDIA, "metadata": {"ticket": "T-1"}, **({"transcript_text": text} if text else {}), **more}
    record = accept_recording(asked("submitRecording", body, *alerts, options=options or {})).records[0]
    (moment,) = record.timeline
    return moment.send


def of_workflow(*alerts: dict[str, Any], behind: Any = None) -> Sequence[Message]:
    body = {"file_urls": [PDF], "extraction_template_id": TEMPLATE["id"], "run_id": "Invoice 1", "agent_name": "John"}
    record = accept_workflow(asked("submitWorkflow", body, *alerts, behind=behind or {})).records[0]
    begun, done = record.timeline
    assert begun.send == ()
    return done.send


def kinds(messages: Sequence[Message]) -> list[str]:
    return [message.event for message in messages]


EVERY = [alert("red_flag"), alert("low_score", threshold=101), alert("completion")]


def test_each_alert_fires_on_its_own_cause_in_the_order_of_the_book() -> None:
    assert kinds(of_call(*EVERY, text=LAWYER)) == ["red_flag", "low_score", "completion"]
    assert kinds(of_call(*EVERY)) == ["low_score", "completion"]
    assert kinds(of_call(*reversed(EVERY))) == ["completion", "low_score"]
    assert of_call() == ()


def test_documents_and_workflows_are_told_too() -> None:
    record = accept_document(asked("submitDocument", {"media_url": PDF}, *EVERY)).records[0]
    assert kinds(record.timeline[0].send) == ["low_score", "completion"]
    assert kinds(of_workflow(*EVERY)) == ["completion"]


@pytest.mark.parametrize(
    ("content_types", "calls", "workflows"),
    [(["Call"], 1, 0), (["Document"], 0, 0), (["Workflow"], 0, 1), (["Workflow", "Call"], 1, 1), ([], 0, 0)],
)
def test_an_alert_is_about_the_kinds_of_content_that_it_names(
    content_types: list[str], calls: int, workflows: int
) -> None:
    wanted = alert("completion", content_types=content_types)
    assert (len(of_call(wanted)), len(of_workflow(wanted))) == (calls, workflows)


def test_a_score_is_low_below_the_threshold_and_not_at_it() -> None:
    (message,) = of_call(alert("low_score", threshold=101))
    payload: Any = message.payload
    score = payload["total_score"]
    assert of_call(alert("low_score", threshold=score)) == ()
    assert len(of_call(alert("low_score", threshold=score + 0.1))) == 1


def test_seventy_is_the_threshold_where_an_alert_has_none() -> None:
    scores = [score_of(f"00000000-0000-4000-8000-{number:012}") for number in range(40)]
    assert {low for _, low in scores} == {True, False}
    assert all((score < 70) is low for score, low in scores)


def score_of(ident: str) -> tuple[float, bool]:
    """Return the score of a call by its id, and whether an alert without a threshold fires."""
    found = asked("submitRecording", {"media_url": MEDIA}, alert("low_score"), alert("completion"))
    named = replace(found, call=replace(found.call, id=ident))
    sent = accept_recording(named).records[0].timeline[0].send
    payload: Any = sent[-1].payload
    return payload["total_score"], sent[0].event == "low_score"


def test_a_red_flag_tells_its_reason() -> None:
    (message,) = of_call(alert("red_flag"), text=LAWYER)
    payload: Any = message.payload
    assert list(payload) == [
        *("webhook_id", "content_id", "alert_type", "content_type", "file_name"),
        *("red_flag_reason", "total_score", "score_details"),
    ]
    assert payload["webhook_id"] == message.id
    assert (payload["content_id"], payload["alert_type"], payload["content_type"]) == (ID, "red_flag", "Call")
    assert (payload["file_name"], payload["red_flag_reason"]) == ("audio.mp3", '"lawyer" is said in the call')
    assert payload["score_details"]["greeting_score"] >= 60
    assert message.dated == "timestamp"
    (named,) = of_call(alert("red_flag"), text=LAWYER, agent_name="John D")
    told: Any = named.payload
    assert told["agent_name"] == "John D"


def test_a_low_score_tells_score_and_threshold() -> None:
    (message,) = of_call(alert("low_score", threshold=100.5))
    payload: Any = message.payload
    assert list(payload) == [
        *("webhook_id", "content_id", "alert_type", "content_type", "total_score", "total_score_threshold"),
        *("file_name", "agent_name", "summary", "score_details"),
    ]
    assert (payload["total_score_threshold"], payload["agent_name"]) == (100.5, "")
    assert isinstance(payload["summary"], str)


def test_completion_is_a_low_score_without_its_threshold() -> None:
    low, completion = (message.payload for message in of_call(*EVERY[1:]))
    assert isinstance(low, dict)
    assert isinstance(completion, dict)
    same = low.keys() - {"total_score_threshold"}
    assert completion.keys() == same
    assert {name for name in same if low[name] != completion[name]} == {"webhook_id", "alert_type"}


def test_metadata_is_told_by_completion_alone_and_on_request() -> None:
    told = [message.payload for message in of_call(*EVERY, text=LAWYER, options={"completion_metadata": True})]
    carried = ["metadata" in payload for payload in told if isinstance(payload, dict)]
    assert carried == [False, False, True]
    payload: Any = told[-1]
    assert payload["metadata"] == {"ticket": "T-1"}


def test_a_workflow_is_told_by_its_name_and_what_was_read() -> None:
    (message,) = of_workflow(alert("completion"))
    payload: Any = message.payload
    assert (payload["content_type"], payload["content_id"], payload["file_name"]) == ("Workflow", ID, "Invoice 1")
    assert (payload["total_score"], payload["summary"], payload["score_details"]) == (None, None, None)
    assert payload["output_schema"].keys() == {"total"}
    assert payload["agent_name"] == "John"


def test_what_fails_is_told_to_nobody() -> None:
    behind = {MEDIA: Behind(failure="missing")}
    asking = asked("submitRecording", {"media_url": MEDIA, "transcript_text": LAWYER}, *EVERY, behind=behind)
    record = accept_recording(asking).records[0]
    assert record.timeline[0].send == ()
    assert of_workflow(*EVERY, behind={PDF: Behind(failure="missing")}) == ()


def test_ids_are_stable_and_unique() -> None:
    first, again = of_call(*EVERY, text=LAWYER), of_call(*EVERY, text=LAWYER)
    assert [message.id for message in first] == [message.id for message in again]
    assert len({message.id for message in first}) == 3


@pytest.mark.parametrize("kind", ["red_flag", "low_score"])
def test_only_completion_may_be_about_workflows(kind: str) -> None:
    with pytest.raises(SetupError, match=r"book\.alerts\[0\]\.content_types\[0\] must be one of Call, Document"):
        check_book(document("emberqa"), {"alerts": [alert(kind, content_types=["Workflow"])]})
    check_book(document("emberqa"), {"alerts": [alert("completion", content_types=["Workflow"]), alert(kind)]})


def test_it_is_tried_three_times_with_30_s_for_each() -> None:
    assert (vendor.retry.timeout, len(vendor.retry.pauses)) == (30, 2)
