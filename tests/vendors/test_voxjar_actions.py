"""Scorecard actions: which run, in which order, and what they post."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.creation import SetupError
from mockserver.fitting import check_book
from mockserver.model import Facts, Message, Standing
from mockserver.vendors.voxjar.interactions import read_interaction, ref_of
from mockserver.vendors.voxjar.outcomes import accept_upload
from tests.facts import ID, as_kept, facts, upload
from tests.worlds import document

REQUIRED = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}
AGENT = {"name": "Jane", "sourceIdentifier": "agent-7"}
URL = "http://127.0.0.1:9000/hook"
# Whatever is drawn, the only answer is the best.
QUESTIONS = [
    {"id": "q1", "text": "Greeted?", "kind": "single selection", "answers": [{"text": "Yes", "points": 30}]},
    {"id": "q2", "text": "Solved?", "kind": "slider", "answers": [{"text": "No", "points": 20}]},
]
CARD = {"id": "sc", "name": "Mine", "status": "ACTIVE", "passing_percentage": 100, "questions": QUESTIONS}


def action(when: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "webhook", "url": URL, **({} if when is None else {"when": when}), **more}


def posted(*actions: dict[str, Any], card: dict[str, Any] = CARD, **fields: Any) -> Sequence[Message]:
    """Return what the actions of a scorecard post for an upload that it evaluates."""
    body = {**REQUIRED, "transcript": {"text": "Hello"}, "agent": AGENT, "evaluation": {"scorecardId": "sc"}, **fields}
    asked = facts("voxjar", body, book={"scorecards": [{**card, "actions": list(actions)}]})
    timeline = accept_upload(asked).records[0].timeline
    assert [moment.send for moment in timeline[:-1]] == [()] * (len(timeline) - 1)
    return timeline[-1].send


def payload(template: Any, **fields: Any) -> Any:
    (message,) = posted(action(payload=template), **fields)
    return message.payload


@pytest.mark.parametrize(
    ("when", "runs"),
    [
        (None, True),
        ("always", True),
        ({"points": {"below": 50}}, False),
        ({"points": {"below": 50.5}}, True),
        ({"percentage": {"below": 100}}, False),
        ({"result": "pass"}, True),
        ({"result": "fail"}, False),
        ({"question": "q1", "answer": "Yes"}, True),
        ({"question": "q1", "answer": "No"}, False),
        ({"question": "q2", "answer": "No"}, True),
        ({"question": "q3", "answer": "No"}, False),
    ],
)
def test_an_action_runs_when_its_condition_is_met(when: Any, *, runs: bool) -> None:
    assert len(posted(action(when))) == runs


def test_a_failed_evaluation_runs_what_waits_for_it() -> None:
    # Without questions the whole is scored at 60 to 100, and nobody reaches more.
    whole = {"id": "sc", "name": "Whole", "status": "ACTIVE", "passing_percentage": 100}
    sent = posted(action({"result": "fail"}), action({"percentage": {"below": 100}}), card=whole)
    assert [message.event for message in sent] == ["evaluation.completed"] * 2


def test_without_a_passing_percentage_nothing_passes_and_nothing_fails() -> None:
    card = {name: value for name, value in CARD.items() if name != "passing_percentage"}
    assert posted(action({"result": "pass"}), action({"result": "fail"}), card=card) == ()


def test_the_whole_scorecard_comes_before_its_questions_and_each_once() -> None:
    sent = posted(
        action({"question": "q2", "answer": "No"}, url=f"{URL}/1"),
        action(url=f"{URL}/2"),
        action({"question": "q1", "answer": "Yes"}, url=f"{URL}/3"),
        action({"result": "pass"}, url=f"{URL}/4"),
        action(url=f"{URL}/2"),
    )
    assert [message.url.rpartition("/")[2] for message in sent] == ["2", "4", "2", "1", "3"]
    assert len({message.id for message in sent}) == 5
    assert [message.event for message in sent] == ["evaluation.completed"] * 3 + ["question.answered"] * 2
    assert all(message.secret is None for message in sent)


def test_the_evaluation_is_posted_as_it_is_read_back() -> None:
    (message,) = posted(action())
    book = {"scorecards": [{**CARD, "actions": [action()]}]}
    body = {**REQUIRED, "transcript": {"text": "Hello"}, "agent": AGENT, "evaluation": {"scorecardId": "sc"}}
    record = accept_upload(facts("voxjar", body, book=book)).records[0]
    done = as_kept(record, **record.timeline[-1].state)
    asked = facts("voxjar", params={"id": ID}, known=[record])
    read: Any = read_interaction(replaced(asked, done)).reply.body
    told: Any = message.payload
    assert list(told) == ["event", "interaction", "scorecard", "evaluation"]
    assert told["evaluation"] == read["evaluation"]
    assert told["interaction"] == {name: read[name] for name in told["interaction"]}
    assert {"id", "sourceIdentifier", "agent", "customMetadata", "tags"} <= told["interaction"].keys()
    assert told["scorecard"] == {"id": "sc", "name": "Mine"}


def replaced(asked: Facts, standing: Standing) -> Facts:
    """Return facts in which the interaction stands so."""
    return replace(asked, known={ref_of(asked.call): standing})


def test_what_a_question_was_answered_is_posted_with_it() -> None:
    (message,) = posted(action({"question": "q2", "answer": "No"}))
    told: Any = message.payload
    answered = {"id": "q2", "text": "Solved?", "kind": "slider", "answer": "No", "points": 20}
    assert (told["event"], told["question"]) == ("question.answered", answered)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{interaction.id}}", ID),
        ("{{ interaction.id }}", ID),
        ("{{evaluation.points}}", 50),
        ("{{evaluation.percentage}}", 100.0),
        ("{{evaluation.result}}", "pass"),
        ("{{interaction.customer}}", None),
        ("{{interaction.customer.name}}", None),
        ("{{interaction.agent}}", AGENT),
        ("{{interaction.agent.name}}", "Jane"),
        ("{{interaction.agent.email}}", None),
        ("{{transcript.text}}", "Hello"),
        ("{{scorecard}}", {"id": "sc", "name": "Mine"}),
        ("{{question.answer}}", None),
        ("{{interaction.sourceIdentifier}}: {{evaluation.points}} of {{evaluation.maxPoints}}", "call-1: 50 of 50"),
        ("agent {{interaction.agent}}", 'agent {"name":"Jane","sourceIdentifier":"agent-7"}'),
        ("nobody {{interaction.customer}}", "nobody null"),
        ("{{interaction.id}} ", f"{ID} "),
        ("a { b } {c} }} {", "a { b } {c} }} {"),
        ({"a": ["{{evaluation.points}}", 1, True, None, {"{{x}}": "y"}]}, {"a": [50, 1, True, None, {"{{x}}": "y"}]}),
        ([], []),
        (7, 7),
        (None, None),
    ],
)
def test_names_in_a_payload_are_replaced(template: Any, value: Any) -> None:
    assert payload(template) == value
    check_book(document("voxjar"), {"scorecards": [{**CARD, "actions": [action(payload=template)]}]})


def test_what_a_client_has_sent_is_never_a_template() -> None:
    told = payload({"text": "{{transcript.text}}"}, transcript={"text": "{{interaction.id}}"})
    assert told == {"text": "{{interaction.id}}"}


@pytest.mark.parametrize(
    "template",
    ["{{interaction.Id}}", "{{}}", "{{ interaction.id", "{{evaluation.score}}", "{{{interaction.id}}}", "{{a}} b"],
)
def test_a_name_that_stands_for_nothing_is_refused_by_its_place(template: str) -> None:
    book = {"scorecards": [{**CARD, "actions": [action(payload={"deep": [template]})]}]}
    with pytest.raises(SetupError, match=r"book\.scorecards\[0\]\.actions\[0\]\.payload\.deep\[0\] must match"):
        check_book(document("voxjar"), book)


def names() -> list[str]:
    """Return every name that the schema of the book lists."""
    content = document("voxjar").book
    assert content
    (listed,) = re.findall(r"\{ \?\((.*)\) \?\\}", content.schema["$defs"]["template"]["pattern"])
    return [name.replace("\\.", ".") for name in listed.split("|")]


def test_every_name_that_the_book_lists_stands_for_something() -> None:
    listed = names()
    assert len(listed) > 30
    sent = posted(*(action({"question": "q1", "answer": "Yes"}, payload=f"{{{{{name}}}}}") for name in listed))
    email = {"interaction.email", "interaction.file", "interaction.downloadUrl", "interaction.duration"}
    empty = {name for name, message in zip(listed, sent, strict=True) if message.payload is None}
    nobody = {name for name in listed if "customer" in name or name.endswith((".phone", "agent.email"))}
    assert empty == email | nobody | {"transcript.language"}


def test_work_that_fails_posts_nothing() -> None:
    # What cannot be heard is not transcribed, and without a transcript there is nothing to evaluate.
    body = {**REQUIRED, "interactionType": "AUDIO", "evaluation": {"scorecardId": "sc"}}
    book = {"scorecards": [{**CARD, "actions": [action()]}]}
    asked = facts("voxjar", body, book=book, files={"file": upload(kind=None)})
    record = accept_upload(asked).records[0]
    assert [moment.send for moment in record.timeline] == [(), ()]


def test_without_an_evaluation_no_action_runs() -> None:
    asked = facts("voxjar", {**REQUIRED, "transcript": {"text": "Hello"}}, book={"scorecards": [CARD]})
    assert accept_upload(asked).records[0].timeline == ()
