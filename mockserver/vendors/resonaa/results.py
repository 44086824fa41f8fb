"""What becomes of calls, tickets and sheets: made up, since nothing here listens or reads."""

from collections.abc import Sequence
from typing import Any

from mockserver.kit.invention import conversation, pick, score, topic
from mockserver.model import Moment, keeps

HALFWAY, DONE = 10.0, 20.0
MOODS = ("positive", "neutral", "negative")
LONGEST_BEGINNING = 80


def failure(what: str) -> dict[str, Any]:
    """Return how a record looks once a tester has made it fail."""
    return {"status": "failed", "error": f"the {what} could not be analysed"}


@keeps("call-timeline", "worker-streams-results", "results-made-up")
def call_timeline(ident: str, seconds: int) -> tuple[Moment, ...]:
    """Return what is known of a call when: first what was said, then what to make of it."""
    spoken = conversation(ident, seconds or None)
    turns = [
        {"speaker": turn.speaker, "text": turn.text, "start_seconds": turn.start, "end_seconds": turn.end}
        for turn in spoken
    ]
    about = topic(ident)
    return (
        Moment(HALFWAY, {"status": "transcribed", "transcript": turns}),
        Moment(DONE, {"status": "analysed", "analysis": analysis(ident, about.summary, about.name)}),
    )


@keeps("ticket-timeline", "results-made-up")
def ticket_timeline(ident: str, said: Sequence[str]) -> tuple[Moment, ...]:
    """Return what is known of a ticket when; its summary quotes what was really said."""
    count = len(said)
    turns = "1 message" if count == 1 else f"{count} messages"
    summary = f"A conversation of {turns}, which begins: {said[0].strip()[:LONGEST_BEGINNING]}"
    return (
        Moment(HALFWAY, {"status": "processing"}),
        Moment(DONE, {"status": "analysed", "analysis": analysis(ident, summary)}),
    )


@keeps("sheet-timeline", "worker-streams-results", "results-made-up")
def sheet_timeline(ident: str, total: int) -> tuple[Moment, ...]:
    """Return how far the rows of a sheet are read when."""
    summary = f"A sheet of {total} rows" if total != 1 else "A sheet of 1 row"
    return (
        Moment(HALFWAY, {"status": "processing", "processed_rows": total // 2}),
        Moment(DONE, {"status": "analysed", "processed_rows": total, "analysis": analysis(ident, summary)}),
    )


def analysis(ident: str, summary: str, about: str | None = None) -> dict[str, Any]:
    named = {"topic": about} if about else {}
    return {"summary": summary, **named, "sentiment": pick(ident, "sentiment", MOODS), "score": score(ident)}
