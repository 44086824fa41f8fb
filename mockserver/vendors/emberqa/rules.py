"""What EmberQA refuses beyond the shape of a recording."""

from mockserver.kit.media import extension
from mockserver.model import Facts, Kind, Problem, rule
from mockserver.vendors.emberqa import reading


@rule("audio-mp3-or-wav")
def file_is_mp3_or_wav(facts: Facts) -> Problem | None:
    file = reading.file(facts.call)
    if file is None or reading.is_mp3_or_wav(file):
        return None
    return Problem(Kind.INVALID, "file must be MP3 or WAV", ("file",))


@rule("url-format-by-extension")
def media_url_leads_to_mp3_or_wav(facts: Facts) -> Problem | None:
    if reading.file(facts.call) or extension(facts.call.fields["media_url"]) in ("", *reading.EXTENSIONS):
        return None
    return Problem(Kind.INVALID, "media_url must lead to an MP3 or WAV file", ("media_url",))
