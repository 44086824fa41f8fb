"""How Resonaa reads a call: its recording, its agent, its length."""

from mockserver.kit.media import extension
from mockserver.model import Call, Facts, Upload, keeps

EXTENSIONS = (".mp3", ".wav", ".m4a", ".webm", ".mp4")
TYPES = {
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "audio/wav": ".wav",
    "audio/wave": ".wav",
    "audio/x-wav": ".wav",
    "audio/vnd.wave": ".wav",
    "audio/mp4": ".m4a",
    "audio/m4a": ".m4a",
    "audio/x-m4a": ".m4a",
    "audio/webm": ".webm",
    "video/webm": ".webm",
    "video/mp4": ".mp4",
}
FIELDS = ("api_key", "call", "audio_url", "customer_name", "user_id", "extension_id", "order_id")


@keeps("empty-means-absent")
def text(call: Call, name: str) -> str | None:
    """Return a field, None where it is absent or empty."""
    return call.fields.get(name) or None


@keeps("file-wins-over-url")
def recording(call: Call) -> Upload | None:
    """Return the recording where it came itself, None where audio_url stands for it."""
    upload = call.files.get("call")
    return upload if upload and upload.size else None


def source_url(call: Call) -> str | None:
    """Return the caller's URL where it is the recording's source."""
    return None if recording(call) else text(call, "audio_url")


@keeps("format-by-name-or-type")
def ending_of(upload: Upload) -> str:
    """Return the extension of the supported format that a file's name or declared type tells, else ""."""
    ending = extension(upload.filename)
    declared = upload.content_type.partition(";")[0].strip().lower()
    return ending if ending in EXTENSIONS else TYPES.get(declared, "")


def ending_at(url: str) -> str:
    """Return the extension of the supported format that a URL's path tells, else ""."""
    ending = extension(url)
    return ending if ending in EXTENSIONS else ""


@keeps("duration-detected", "duration-in-whole-seconds")
def duration(call: Call) -> int:
    """Return the recording's length in seconds: a file's own, else one between half a minute and ten."""
    upload = recording(call)
    if upload is None:
        return 30 + call.draw(570)
    return int((upload.media.seconds or 0) + 0.5)


@keeps("processing-time-made-up")
def processing_time(call: Call) -> int:
    """Return between 0.2 and 1.2 s, in milliseconds."""
    return 200 + call.draw(1_000)


@keeps("user-id-wins", "unknown-agent-unassigned")
def agent(facts: Facts) -> str | None:
    """Return the user whose call this is, None where the form leads to nobody."""
    named = text(facts.call, "user_id")
    if named is None:
        return user_at(facts)
    book = facts.account.book
    known = {user.get("id") for user in book["users"]} | {each.get("user_id") for each in book["extensions"]}
    return named if named in known else None


@keeps("extension-finds-user")
def user_at(facts: Facts) -> str | None:
    """Return the user that the form's extension belongs to."""
    wanted = text(facts.call, "extension_id")
    extensions = facts.account.book["extensions"]
    return next((each["user_id"] for each in extensions if each.get("extension_id") == wanted), None)


@keeps("unknown-fields-ignored")
def ignored(call: Call) -> list[str]:
    """Return the names of fields that the page does not know."""
    return [name for name in call.fields if name not in FIELDS]
