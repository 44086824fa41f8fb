"""What is said in a recording, what it comes to and how well it went: made up, always the same for the same id."""

from typing import Any

from mockserver.kit.invention import AGENT, Turn, conversation, draw, score, topic
from mockserver.model import Facts, Outcome, Reply, Standing, keeps
from mockserver.vendors.siro.directory import user_of
from mockserver.vendors.siro.keys import named
from mockserver.vendors.siro.presence import recording_of
from mockserver.vendors.siro.progress import is_done, is_transcribed

REP, CUSTOMER = 1, 2
PAGE = 100_000


def summary(recording: Standing) -> list[tuple[str, str, str]]:
    """Return the sections as id, heading and text; none until the recording is processed."""
    if not is_done(recording):
        return []
    about = topic(recording.id)
    sections = (("Overview", about.summary), ("What the customer wanted", about.lines[0][1]))
    return [(named(recording.id, heading), heading, text) for heading, text in sections]


def evaluation(recording: Standing) -> int | None:
    return score(recording.id) if is_done(recording) else None


@keeps("results-are-made-up")
def said(recording: Standing) -> tuple[Turn, ...]:
    """Return what is said, as much as fits into the recording; nothing until it is transcribed."""
    if not is_transcribed(recording):
        return ()
    milliseconds = recording.body.get("durationInMilliseconds")
    return conversation(recording.id, milliseconds / 1000 if milliseconds else None)


def utterance(turn: Turn, ident: str) -> dict[str, Any]:
    return {
        "utterance": turn.text,
        "startTimeInMillis": round(turn.start * 1000),
        "endTimeInMillis": round(turn.end * 1000),
        "speakerTag": REP if turn.speaker == AGENT else CUSTOMER,
        "redacted": False,
        "confidence": round(0.9 + draw(ident, turn.text, 10) / 100, 2),
    }


def speakers(facts: Facts, recording: Standing) -> dict[str, str]:
    user = user_of(facts, recording.body["userId"])
    rep = " ".join(name for name in (user.get("firstName"), user.get("lastName")) if name)
    body = recording.body
    return {str(REP): rep or "Rep", str(CUSTOMER): body.get("customerName") or body.get("contactName") or "Customer"}


@keeps("utterances-are-read")
def list_utterances(facts: Facts) -> Outcome:
    recording, query = recording_of(facts), facts.call.query
    page, size = int(str(query.get("cursor", 1))), int(str(query.get("pageSize", PAGE)))
    turns = said(recording)
    data = {
        "utterances": [utterance(turn, recording.id) for turn in turns[(page - 1) * size : page * size]],
        "isLowDataMode": False,
        "speakerMap": speakers(facts, recording),
    }
    return Outcome(
        Reply(200, {"data": data, "pageSize": size, "cursor": page + 1 if page * size < len(turns) else None})
    )


def get_summary(facts: Facts) -> Outcome:
    members = ("id", "promptHeader", "promptResponse", "summaryResultIndex")
    sections = enumerate(summary(recording_of(facts)))
    return Outcome(
        Reply(200, {"data": [dict(zip(members, (*section, index), strict=True)) for index, section in sections]})
    )
