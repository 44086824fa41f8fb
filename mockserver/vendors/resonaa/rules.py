"""What Resonaa refuses beyond the shape of a call."""

from mockserver.model import Facts, Kind, Problem, rule
from mockserver.vendors.resonaa import reading

# 4.5 MB, in the larger of the two readings.
PLATFORM_LIMIT = 4_718_592
# As much as the form's own file may have.
RECORDING_LIMIT = 524_288_000
UNFETCHED = {
    "missing": "there is nothing",
    "forbidden": "reading is forbidden there",
    "expired": "the address has expired",
    "slow": "the other side took too long",
}


@rule("platform-limit")
def body_passes_the_platform(facts: Facts) -> Problem | None:
    if facts.option("body_limit") != "platform" or facts.call.size <= PLATFORM_LIMIT:
        return None
    return Problem(Kind.TOO_LARGE, f"FUNCTION_PAYLOAD_TOO_LARGE: the body is larger than {PLATFORM_LIMIT} bytes")


@rule("audio-url-is-fetched")
def recording_can_be_fetched(facts: Facts) -> Problem | None:
    field, found = reading.url_field(facts.call), reading.behind(facts)
    if found.failure in UNFETCHED:
        return Problem(Kind.INVALID, f"{field} cannot be fetched: {UNFETCHED[found.failure]}", (field,))
    if reading.is_no_recording(found):
        return Problem(Kind.INVALID, f"{field} leads to no recording", (field,))
    return None


@rule("fetched-recording-500-mb")
def fetched_recording_is_not_too_large(facts: Facts) -> Problem | None:
    field, found = reading.url_field(facts.call), reading.behind(facts)
    if found.failure != "too-large" and (found.size or 0) <= RECORDING_LIMIT:
        return None
    says = f"{field} leads to a recording of more than {RECORDING_LIMIT} bytes"
    return Problem(Kind.TOO_LARGE, says, (field,))


@rule("audio-formats")
def call_has_a_supported_format(facts: Facts) -> Problem | None:
    call = facts.call
    is_told = reading.recording(call) or reading.plain(reading.behind(facts).type) not in reading.UNTOLD
    if not is_told or reading.ending(facts):
        return None
    field = "call" if reading.recording(call) else reading.url_field(call)
    return Problem(Kind.INVALID, f"{field} must be MP3, WAV, M4A, WebM or MP4", (field,))


@rule("stored-audio-is-gone")
def stored_audio_is_gone(_facts: Facts) -> Problem:
    return Problem(Kind.GONE, "the recording is gone: its bytes were hashed and dropped while they arrived")


CALL_RULES = (recording_can_be_fetched, fetched_recording_is_not_too_large, call_has_a_supported_format)
