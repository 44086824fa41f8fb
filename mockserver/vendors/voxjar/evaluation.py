"""What an evaluation comes to: an answer to each question of the scorecard, points, percentage, pass or fail."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.kit.invention import draw, pick, score
from mockserver.model import keeps

# A scorecard without questions is scored as a whole.
WHOLE = 100
UNSCORED: Mapping[str, Any] = {"points": None, "maxPoints": None, "percentage": None, "result": None, "answers": []}


def pending(scorecard: Mapping[str, Any], submission: str) -> dict[str, Any]:
    """Return an evaluation that is queued."""
    named = {"scorecardId": scorecard["id"], "scorecardName": scorecard["name"]}
    return {"scoreSubmissionId": submission, **named, "status": "PENDING", **UNSCORED}


@keeps("evaluation-result", "evaluation-without-questions")
def scored(queued: Mapping[str, Any], scorecard: Mapping[str, Any], ident: str) -> dict[str, Any]:
    """Return the evaluation of the interaction with this id, completed."""
    answers = [answer_to(question, ident) for question in scorecard.get("questions", ())]
    points = sum(answer["points"] for answer in answers) if answers else score(ident, "evaluation")
    most = sum(answer["maxPoints"] for answer in answers) if answers else WHOLE
    percentage = percentage_of(points, most)
    result = verdict(percentage, scorecard.get("passing_percentage"))
    told = {"points": points, "maxPoints": most, "percentage": percentage, "result": result, "answers": answers}
    return {**queued, "status": "COMPLETED", **told}


@keeps("answers-are-made-up")
def answer_to(question: Mapping[str, Any], ident: str) -> dict[str, Any]:
    """Return what was answered: the best of the answers three times of four, else any."""
    answers: Sequence[Mapping[str, Any]] = question["answers"] or ({"text": None, "points": 0},)
    best = max(answers, key=lambda answer: answer["points"])
    given = best if draw(ident, f"care/{question['id']}", 4) else pick(ident, f"answer/{question['id']}", answers)
    asked = {"questionId": question["id"], "question": question["text"], "kind": question["kind"]}
    return {**asked, "answer": given["text"], "points": given["points"], "maxPoints": best["points"]}


@keeps("percentage-of-the-best")
def percentage_of(points: float, most: float) -> float:
    if most <= 0:
        return 100.0 if points >= most else 0.0
    return max(0.0, round(100 * points / most, 2))


@keeps("passing-is-optional")
def verdict(percentage: float, passing: float | None) -> str | None:
    if passing is None:
        return None
    return "pass" if percentage >= passing else "fail"
