"""What becomes of an interaction after the answer: its transcription, then its evaluation."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from mockserver.kit.invention import AGENT, Turn, conversation
from mockserver.model import Facts, Moment, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.book import active_scorecard
from mockserver.vendors.voxjar.evaluation import pending, scored
from mockserver.vendors.voxjar.fields import fields_of
from mockserver.vendors.voxjar.media import can_be_heard, length_of

Card: TypeAlias = Mapping[str, Any]
SUBMISSION = "score-submission"
# Seconds after the upload, and for an evaluation after the transcription.
BEGUN, TRANSCRIBED, EVALUATED = 2.0, 10.0, 5.0
PENDING, PROCESSING, COMPLETED, FAILED = "PENDING", "PROCESSING", "COMPLETED", "FAILED"


@keeps("processing-until-done")
def processing(*, transcription: bool, evaluation: bool) -> dict[str, Any]:
    """Return the field that tells what is still to be done."""
    return {"processing": {"transcription": transcription, "evaluation": evaluation}}


def at_first(facts: Facts) -> dict[str, Any]:
    return processing(transcription=reading.needs_transcription(facts), evaluation=reading.wants_evaluation(facts.call))


def beginning(facts: Facts) -> dict[str, Any]:
    """Return the fields that time changes, as they are at first."""
    card, begun = active_scorecard(facts), {**at_first(facts), "transcript": transcript(facts)}
    return {**begun, "evaluation": queued(facts, card)} if card else begun


@keeps("transcript-completed", "email-needs-no-transcription")
def transcript(facts: Facts) -> dict[str, Any]:
    """Return the transcript that was sent, else what there is to say before one is made."""
    sent = fields_of(facts.call, "transcript")
    if reading.has_transcript(facts.call):
        read = {"text": reading.text_of(facts.call), "segments": reading.segments_of(facts.call)}
        return {**sent, **read, "status": COMPLETED}
    status = PENDING if reading.needs_transcription(facts) else COMPLETED
    return {**sent, "text": None, "segments": [], "status": status}


def queued(facts: Facts, card: Card) -> dict[str, Any]:
    return pending(card, facts.call.derive(SUBMISSION))


@keeps("work-finishes-later", "evaluation-after-transcription", "work-timeline", "interaction-statuses")
def timeline(facts: Facts) -> tuple[Moment, ...]:
    """Return what happens when; nothing where no work runs."""
    card = active_scorecard(facts)
    if not reading.needs_transcription(facts):
        return (evaluated(facts, card, EVALUATED),) if card else ()
    begun = Moment(BEGUN, {"transcript": {**transcript(facts), "status": PROCESSING}})
    if not can_be_heard(facts):
        return begun, Moment(TRANSCRIBED, failure(facts))
    state = {**processing(transcription=False, evaluation=card is not None), "transcript": transcribed(facts)}
    done = (begun, Moment(TRANSCRIBED, state))
    return (*done, evaluated(facts, card, TRANSCRIBED + EVALUATED)) if card else done


def evaluated(facts: Facts, card: Card, after: float) -> Moment:
    result = scored(queued(facts, card), card, facts.call.id)
    return Moment(after, {**processing(transcription=False, evaluation=False), "evaluation": result})


@keeps("failure-ends-all-work")
def failure(facts: Facts) -> dict[str, Any]:
    """Return what the fields become when work fails: a transcript that was sent stays what it is."""
    failed, card = processing(transcription=False, evaluation=False), active_scorecard(facts)
    if reading.needs_transcription(facts):
        failed["transcript"] = {**transcript(facts), "status": FAILED}
    if card:
        failed["evaluation"] = {**queued(facts, card), "status": FAILED}
    return failed


@keeps("transcript-is-made-up")
def transcribed(facts: Facts) -> dict[str, Any]:
    """Return a transcript as speech-to-text would make it, of what is heard within the media's length."""
    length = length_of(facts)
    turns = conversation(facts.call.id, length / 1000 if length else None)
    made = {"language": "en", "agentChannel": 0, **fields_of(facts.call, "transcript"), "status": COMPLETED}
    segments = [segment(turn, made["agentChannel"]) for turn in turns]
    text = "\n".join(f"{turn.speaker.title()}: {turn.text}" for turn in turns)
    return {**made, "text": text, "segments": segments}


def segment(turn: Turn, agent: int) -> dict[str, Any]:
    other = 0 if agent else 1
    channel = agent if turn.speaker == AGENT else other
    return {"start": turn.start, "end": turn.end, "text": turn.text, "channel": channel, "speaker": turn.speaker}
