from uuid import UUID

import pytest

from mockserver.vendors.emberqa.alerts import CALL, DOCUMENT
from mockserver.vendors.emberqa.scores import (
    CRITERIA,
    GOOD,
    scored,
    summary_of_call,
    summary_of_documents,
)
from tests.facts import ID

IDS = [str(UUID(int=number)) for number in range(40)]


@pytest.mark.parametrize("content_type", [CALL, DOCUMENT])
def test_every_criterion_has_a_score_and_a_justification(content_type: str) -> None:
    details = scored(ID, content_type, "")["score_details"]
    criteria = CRITERIA[content_type]
    assert details.keys() == {f"{name}_{part}" for name in criteria for part in ("score", "justification")}
    assert all(isinstance(details[f"{name}_score"], int) for name in criteria)


@pytest.mark.parametrize("ident", IDS)
def test_the_justification_goes_with_the_score(ident: str) -> None:
    result = scored(ident, CALL, "")
    details, marks = result["score_details"], []
    for name, (good, other) in CRITERIA[CALL].items():
        marks.append(details[f"{name}_score"])
        assert details[f"{name}_justification"] == (good if marks[-1] >= GOOD else other)
    assert result["total_score"] == pytest.approx(sum(marks) / len(marks), abs=0.05)


def test_the_same_item_always_scores_the_same() -> None:
    assert scored(ID, CALL, "") == scored(ID, CALL, "")
    assert len({scored(ident, CALL, "")["total_score"] for ident in IDS}) > 10


@pytest.mark.parametrize(
    ("transcript", "reason"),
    [
        ("", None),
        ("Speaker 1: My LAWYER will call you.", '"lawyer" is said in the call'),
        ("Speaker 1: a lawsuit, then.", '"lawsuit" is said in the call'),
        ("Speaker 1: That is lawyerly.", None),
    ],
)
def test_a_red_flag_is_a_word_of_the_inline_transcript(transcript: str, reason: str | None) -> None:
    assert scored(ID, CALL, "", transcript)["red_flag_reason"] == reason


def test_a_summary_is_about_what_was_sent_where_something_was() -> None:
    assert summary_of_call(ID, "\n  Speaker 0: Hello. \nSpeaker 1: Hi.") == 'The call begins: "Speaker 0: Hello."'
    assert len(summary_of_call(ID, "x" * 10_000)) < 200
    assert summary_of_call(ID, " \n ") == summary_of_call(ID, "")
    assert summary_of_call(ID, "").endswith(".")


def test_a_summary_of_documents_names_the_first() -> None:
    assert summary_of_documents(["a.pdf"]) == "a.pdf: read from beginning to end."
    assert summary_of_documents(["a.pdf", "b.pdf", "c.pdf"]) == "a.pdf and 2 more: read from beginning to end."
