"""What scoring comes to: made up from the item's id, in the fields that alerts carry."""

import re
from collections.abc import Mapping
from typing import Any

from mockserver.kit.invention import score, topic
from mockserver.model import Message, Moment, keeps
from mockserver.vendors.emberqa.alerts import CALL, DOCUMENT

GOOD = 80
LONGEST_QUOTE = 160

# By criterion: what is said of a good score, and of another.
CRITERIA: Mapping[str, Mapping[str, tuple[str, str]]] = {
    CALL: {
        "greeting": ("The agent greeted the customer by name.", "The greeting was hurried."),
        "empathy": (
            "The agent took the customer's worry seriously.",
            "The agent did not respond to the customer's worry.",
        ),
        "resolution": ("The matter was settled within the call.", "The matter was left open."),
        "closing": ("The agent summed up what was agreed.", "The call ended without a summary."),
    },
    DOCUMENT: {
        "completeness": ("All sections are filled in.", "Some sections are missing."),
        "clarity": ("The text is easy to follow.", "Several sentences are hard to follow."),
        "accuracy": ("The figures agree with each other.", "Two figures do not agree."),
    },
}
RED_FLAG = re.compile(r"\b(lawyer|attorney|lawsuit|ombudsman|chargeback)\b", re.ASCII | re.IGNORECASE)


@keeps("scored-after-the-answer", "scored-after-20-s")
def scoring(result: dict[str, Any], told: tuple[Message, ...] = ()) -> tuple[Moment, ...]:
    """Return the timeline of an item that has been received: 20 s later it is what scoring comes to, and is told."""
    return (Moment(20.0, result, told),)


@keeps("scores-are-made-up", "score-details-by-criterion")
def scored(ident: str, content_type: str, summary: str, transcript: str = "") -> dict[str, Any]:
    """Return the fields of a scored item; `transcript` is what was sent inline."""
    marks = {criterion: score(ident, criterion) for criterion in CRITERIA[content_type]}
    return {
        "status": "scored",
        "total_score": round(sum(marks.values()) / len(marks), 1),
        "score_details": details(CRITERIA[content_type], marks),
        "summary": summary,
        "red_flag_reason": red_flag(transcript),
    }


def details(criteria: Mapping[str, tuple[str, str]], marks: Mapping[str, int]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for criterion, (good, other) in criteria.items():
        flat[f"{criterion}_score"] = marks[criterion]
        flat[f"{criterion}_justification"] = good if marks[criterion] >= GOOD else other
    return flat


def red_flag(transcript: str) -> str | None:
    found = RED_FLAG.search(transcript)
    return f'"{found[0].lower()}" is said in the call' if found else None


def summary_of_call(ident: str, transcript: str) -> str:
    """Return a sentence on a call: on what was sent as its transcript, else on what it might have been about."""
    opening = next((line.strip() for line in transcript.splitlines() if line.strip()), "")
    return f'The call begins: "{opening[:LONGEST_QUOTE]}"' if opening else topic(ident).summary


def summary_of_documents(names: list[str]) -> str:
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{others}: read from beginning to end."
