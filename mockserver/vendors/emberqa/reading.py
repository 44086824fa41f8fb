"""How EmberQA reads what is sent: what a recording or document is called, what goes without saying."""

from mockserver.kit.media import name_extension
from mockserver.model import Call, Upload, keeps
from mockserver.vendors.emberqa.sources import AUDIO, last_segment

ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka "
    "kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng "
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su "
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = {*ISO_639_1.split(), "cmn"}


def file(call: Call) -> Upload | None:
    """Return the audio where it came itself, None where a URL stands for it."""
    return call.files.get("file")


@keeps("format-by-name-or-type")
def is_mp3_or_wav(upload: Upload) -> bool:
    declared = upload.content_type.partition(";")[0].strip().lower()
    return name_extension(upload.filename) in AUDIO.extensions or declared in AUDIO.types


@keeps("file-name-correlates", "one-item-per-submission")
def file_name(call: Call) -> str:
    upload, url = file(call), call.fields.get("media_url")
    if upload:
        return upload.filename
    return last_segment(url[0] if isinstance(url, list) else str(url))


@keeps("language-defaults-to-english")
def language(call: Call) -> str:
    return str(call.fields.get("language", "en"))


@keeps("language-iso-639-1", "unknown-language-accepted")
def is_known_language(code: str) -> bool:
    return code.casefold() in LANGUAGES


@keeps("is-inbound-defaults-to-true", "null-stays-null")
def is_inbound(call: Call) -> bool | None:
    inbound: bool | None = call.fields.get("is_inbound", True)
    return inbound


@keeps("inline-transcript-wins")
def transcript_source(call: Call) -> str | None:
    """Return the field whose transcript counts, None where there is none."""
    return next((name for name in ("transcript_text", "transcript_url") if name in call.fields), None)


def inline_transcript(call: Call) -> str:
    return str(call.fields.get("transcript_text", ""))
