"""What becomes of an interaction: its timeline, its failure, the results that are made up for it."""

from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.model import Facts, Record, Ref, Upload
from mockserver.vendors.voxjar.evaluation import answer_to, percentage_of, scored, verdict
from mockserver.vendors.voxjar.interactions import interaction_at_hand, interaction_must_be_known, read_interaction
from mockserver.vendors.voxjar.outcomes import accept_upload
from tests.facts import ID, as_kept, facts, upload

REQUIRED = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}
TEXT = {"text": "Hello"}
EVALUATION = {"scorecardId": "sc_abc123"}
OTHERS = [f"00000000-0000-4000-8000-{number:012}" for number in range(200)]


def asked(file: Upload | None = None, **fields: Any) -> Facts:
    return facts("voxjar", REQUIRED | fields, files={"file": file} if file else {})


def kept(known: Facts) -> Record:
    return accept_upload(known).records[0]


def story(record: Record) -> list[tuple[float, str | None, str | None, dict[str, bool] | None]]:
    """Return of each moment when it is, and what it changes: transcript, evaluation, what is still to be done."""
    status = [(each.after, each.state, each.state.get("processing")) for each in record.timeline]
    return [
        (after, status_in(state, "transcript"), status_in(state, "evaluation"), left) for after, state, left in status
    ]


def status_in(state: Mapping[str, Any], name: str) -> str | None:
    return state[name]["status"] if name in state else None


def left(*, transcription: bool = False, evaluation: bool = False) -> dict[str, bool]:
    return {"transcription": transcription, "evaluation": evaluation}


def test_media_is_transcribed_then_evaluated() -> None:
    assert story(kept(asked(upload(), evaluation=EVALUATION))) == [
        (2, "PROCESSING", None, None),
        (10, "COMPLETED", None, left(evaluation=True)),
        (15, None, "COMPLETED", left()),
    ]


def test_media_alone_is_transcribed() -> None:
    assert story(kept(asked(upload()))) == [(2, "PROCESSING", None, None), (10, "COMPLETED", None, left())]


def test_a_transcript_that_was_sent_is_only_evaluated() -> None:
    record = kept(asked(upload(), transcript=TEXT, evaluation=EVALUATION))
    assert story(record) == [(5, None, "COMPLETED", left())]
    assert status_in(record.failure, "evaluation") == "FAILED"
    assert "transcript" not in record.failure


def test_where_no_work_runs_nothing_happens_and_nothing_can_fail() -> None:
    record = kept(asked(transcript=TEXT))
    assert (record.timeline, record.failure) == ((), {})


def test_what_fails_takes_the_evaluation_with_it() -> None:
    record = kept(asked(upload(), evaluation=EVALUATION))
    statuses = status_in(record.failure, "transcript"), status_in(record.failure, "evaluation")
    assert statuses == ("FAILED", "FAILED")
    assert record.failure["processing"] == left()
    assert kept(asked(upload())).failure.keys() == {"processing", "transcript"}


@pytest.mark.parametrize("kind", [None, "archive"])
def test_a_file_in_which_nothing_can_be_heard_fails_by_itself(kind: str | None) -> None:
    record = kept(asked(upload(kind=kind), interactionType="AUDIO", evaluation=EVALUATION))
    assert story(record) == [(2, "PROCESSING", None, None), (10, "FAILED", "FAILED", left())]


def transcribed(record: Record) -> dict[str, Any]:
    made: dict[str, Any] = record.timeline[1].state["transcript"]
    return made


def test_a_transcript_is_made_up_within_the_length_of_the_media() -> None:
    made = transcribed(kept(asked(upload(seconds=12.0))))
    assert made["segments"][-1]["end"] <= 12
    assert (made["language"], made["agentChannel"]) == ("en", 0)
    first, second = made["segments"][:2]
    assert (first["speaker"], first["channel"], second["speaker"], second["channel"]) == ("agent", 0, "customer", 1)
    assert made["text"].splitlines()[0] == f"Agent: {first['text']}"
    assert len(transcribed(kept(asked(upload(seconds=None))))["segments"]) == 7


def test_hints_are_heeded() -> None:
    made = transcribed(kept(asked(upload(), transcript={"language": "es", "agentChannel": 1})))
    assert (made["language"], made["agentChannel"], made["segments"][0]["channel"]) == ("es", 1, 1)
    long = transcribed(kept(asked(upload(seconds=60.0), transcript={"agentChannel": 1})))
    assert long["segments"][1]["channel"] == 0


def question(ident: str, **answers: int) -> dict[str, Any]:
    listed = [{"text": text, "points": points} for text, points in answers.items()]
    return {"id": ident, "text": f"{ident}?", "kind": "slider", "answers": listed}


CARD: dict[str, Any] = {
    "id": "card",
    "name": "Card",
    "passing_percentage": 50,
    "questions": [
        {
            "id": "q1",
            "text": "One?",
            "kind": "slider",
            "answers": [{"text": "a", "points": 1}, {"text": "b", "points": 3}],
        },
        {"id": "q2", "text": "q2?", "kind": "slider", "answers": [{"text": "c", "points": 1}]},
    ],
}


def test_a_result_sums_up_its_answers() -> None:
    result = scored({"scorecardId": "card"}, CARD, ID)
    assert result["status"] == "COMPLETED"
    assert result["points"] == sum(answer["points"] for answer in result["answers"])
    assert result["maxPoints"] == 4
    assert result["percentage"] == 100 * result["points"] / 4
    assert [answer["questionId"] for answer in result["answers"]] == ["q1", "q2"]
    assert result["answers"][1] == {
        "questionId": "q2",
        "question": "q2?",
        "kind": "slider",
        "answer": "c",
        "points": 1,
        "maxPoints": 1,
    }


def test_the_same_id_tells_the_same_and_others_tell_all_answers_mostly_the_best() -> None:
    asked_first = CARD["questions"][0]
    assert answer_to(asked_first, ID) == answer_to(asked_first, ID)
    given = [answer_to(asked_first, other)["answer"] for other in OTHERS]
    assert set(given) == {"a", "b"}
    assert given.count("b") > 150


def test_a_question_without_answers_has_none() -> None:
    found = answer_to(question("q"), ID)
    assert (found["answer"], found["points"], found["maxPoints"]) == (None, 0, 0)


def test_a_scorecard_without_questions_is_scored_as_a_whole() -> None:
    results = [scored({}, {"id": "card", "name": "Card"}, other) for other in OTHERS]
    assert {result["maxPoints"] for result in results} == {100}
    assert all(60 <= result["points"] < 100 and result["percentage"] == result["points"] for result in results)
    assert {result["result"] for result in results} == {None}


@pytest.mark.parametrize(
    ("points", "most", "expected"),
    [(1, 3, 33.33), (3, 3, 100.0), (0, 3, 0.0), (-5, 3, 0.0), (0, 0, 100.0), (-1, 0, 0.0), (-1, -1, 100.0)],
)
def test_the_percentage_is_that_of_the_best(points: float, most: float, expected: float) -> None:
    assert percentage_of(points, most) == expected


@pytest.mark.parametrize(
    ("percentage", "passing", "expected"), [(80, 80, "pass"), (79.99, 80, "fail"), (0, 0, "pass"), (100, None, None)]
)
def test_reaching_the_passing_percentage_passes(percentage: float, passing: float | None, expected: str | None) -> None:
    assert verdict(percentage, passing) == expected


def read(record: Record, **state: Any) -> Facts:
    known = facts("voxjar", params={"id": record.id}, known=[record])
    standing = as_kept(record, **state)
    return Facts(known.call, known.account, known=dict.fromkeys(known.known, standing))


def test_an_interaction_is_read_back_as_it_stands() -> None:
    record = kept(asked(upload(), agent={"name": "Jane"}, customMetadata={"a": 1}))
    body: Any = read_interaction(read(record)).reply.body
    assert body["id"] == ID
    assert body["createdAt"] == "2026-06-23T14:30:00.000Z"
    assert (body["agent"], body["customer"], body["duration"]) == ({"name": "Jane"}, None, 3000)
    assert body["file"] == {"name": "call.mp3", "size": 20_000, "sha256": "0" * 64}
    assert body["transcript"] == {
        "status": "PENDING",
        "language": None,
        "agentChannel": None,
        "text": None,
        "segments": [],
    }
    assert body["evaluation"] is None
    assert "price" not in body


def test_a_failed_interaction_says_so() -> None:
    record = kept(asked(transcript=TEXT, evaluation=EVALUATION))
    body: Any = read_interaction(read(record, **record.failure)).reply.body
    assert (body["transcript"]["status"], body["evaluation"]["status"]) == ("COMPLETED", "FAILED")
    assert body["processing"] == left()
    assert body["file"] is None


def test_an_interaction_that_the_account_does_not_have_is_not_found() -> None:
    record = kept(asked(transcript=TEXT))
    assert interaction_at_hand(read(record).call) == [Ref("interaction", ID)]
    assert interaction_must_be_known.check(read(record)) is None
    problem = interaction_must_be_known.check(facts("voxjar", params={"id": "x" * 100}))
    assert problem
    assert problem.says == "there is no interaction " + "x" * 80
