"""The redacted audio of a recording: where it is read, and what is read there."""

from mockserver.kit.times import to_iso
from mockserver.model import Facts, Kind, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.siro.presence import recording_of
from mockserver.vendors.siro.progress import is_transcribed
from mockserver.vendors.siro.storage import sign

RATE = 8_000
# A second of silence, eight bits and one channel: every byte is below 128, so that it is a text as well.
SAMPLES = "\x7f" * RATE


def create_audio_url(facts: Facts) -> Outcome:
    recording = recording_of(facts)
    if not is_transcribed(recording):
        return Outcome(Reply(200, {"data": {"error": True, "errorMessage": "the recording has no redacted audio yet"}}))
    signed = sign(facts, f"redacted/{recording.id}", recording.id, "host")
    data = {"error": False, "url": signed.url, "expiration": to_iso(signed.expires)}
    return Outcome(Reply(200, {"data": data}), issued=(signed.issue,))


@rule("storage-signature-required")
def signature_is_this_recordings(facts: Facts) -> Problem | None:
    if facts.subject == facts.call.params["id"]:
        return None
    return Problem(Kind.FORBIDDEN, "the signature is not that of this URL")


@keeps("audio-is-a-moment-of-silence")
def download_audio(_facts: Facts) -> Outcome:
    return Outcome(Reply(200, wave(SAMPLES), "audio/wav"))


def wave(samples: str) -> str:
    """Return a WAV file around the samples."""
    form = f"fmt {word(16)}{half(1)}{half(1)}{word(RATE)}{word(RATE)}{half(1)}{half(8)}"
    content = f"WAVE{form}data{word(len(samples))}{samples}"
    return f"RIFF{word(len(content))}{content}"


def word(number: int) -> str:
    return number.to_bytes(4, "little").decode("latin-1")


def half(number: int) -> str:
    return number.to_bytes(2, "little").decode("latin-1")
