"""What EmberQA refuses of recordings and documents beyond their shape."""

from mockserver.model import Facts, Kind, Problem, rule
from mockserver.vendors.emberqa import reading
from mockserver.vendors.emberqa.sources import AUDIO, PDF, misnamed


@rule("audio-mp3-or-wav")
def file_is_mp3_or_wav(facts: Facts) -> Problem | None:
    file = reading.file(facts.call)
    if file is None or reading.is_mp3_or_wav(file):
        return None
    return Problem(Kind.INVALID, "file must be MP3 or WAV", ("file",))


@rule("url-format-by-extension")
def media_url_leads_to_mp3_or_wav(facts: Facts) -> Problem | None:
    return misnamed(facts, AUDIO, "media_url")


@rule("document-url-by-extension")
def media_url_leads_to_pdf(facts: Facts) -> Problem | None:
    return misnamed(facts, PDF, "media_url")
