"""What Resonaa refuses beyond the shape of a call."""

from mockserver.model import Facts, Kind, Problem, rule
from mockserver.vendors.resonaa import reading

# 4.5 MB, in the larger of the two readings.
PLATFORM_LIMIT = 4_718_592


@rule("platform-limit")
def body_passes_the_platform(facts: Facts) -> Problem | None:
    if facts.option("body_limit") != "platform" or facts.call.size <= PLATFORM_LIMIT:
        return None
    return Problem(Kind.TOO_LARGE, f"FUNCTION_PAYLOAD_TOO_LARGE: the body is larger than {PLATFORM_LIMIT} bytes")


@rule("audio-formats")
def call_has_a_supported_format(facts: Facts) -> Problem | None:
    recording = reading.recording(facts.call)
    if recording is None or reading.ending_of(recording):
        return None
    return Problem(Kind.INVALID, "call must be MP3, WAV, M4A, WebM or MP4", ("call",))


@rule("stored-audio-is-gone")
def stored_audio_is_gone(_facts: Facts) -> Problem:
    return Problem(Kind.GONE, "the recording is gone: its bytes were hashed and dropped while they arrived")
