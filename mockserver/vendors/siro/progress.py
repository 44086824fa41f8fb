"""What becomes of a recording after its upload, and when."""

from collections.abc import Mapping

from mockserver.model import Moment, Standing, keeps
from mockserver.vendors.siro.audio import Audio

STATUS, PROCESSING, STAGE = "transcriptionStatus", "processingStatus", "processingStage"
UPLOADED: Mapping[str, str] = {STATUS: "UPLOADED", PROCESSING: "in-progress", STAGE: "processing"}
FAILED: Mapping[str, str] = {STATUS: "ERROR", PROCESSING: "error"}
# What a slow source adds, in seconds.
SLOW = 60.0


def course(*, later: float = 0.0) -> tuple[Moment, ...]:
    return (
        Moment(later + 2.0, {STATUS: "TRANSCRIBING"}),
        Moment(later + 8.0, {STATUS: "REDACTING"}),
        Moment(later + 10.0, {STATUS: "COMPLETE", "transcriptionLanguage": "English"}),
        Moment(later + 15.0, {STAGE: "done", PROCESSING: "complete"}),
    )


USUAL, SLOWER, FAILING = course(), course(later=SLOW), (Moment(2.0, dict(FAILED)),)


@keeps("states-in-turn", "shown-within-30-minutes", "audio-fetched-later")
def course_of(audio: Audio) -> tuple[Moment, ...]:
    if audio.trouble:
        return FAILING
    return SLOWER if audio.is_slow else USUAL


def is_transcribed(recording: Standing) -> bool:
    return bool(recording.body[STATUS] == "COMPLETE")


def is_done(recording: Standing) -> bool:
    return bool(recording.body[STAGE] == "done")
