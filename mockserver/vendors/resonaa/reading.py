"""How Resonaa reads a call: its recording, its agent, its length."""

from mockserver.kit.media import extension, name_extension
from mockserver.model import Behind, Call, Facts, Upload, keeps

BY_URL = "addCallByUrl"
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
# What a store says of a file that nobody has told it the type of.
UNTOLD = ("", "application/octet-stream", "binary/octet-stream")
NOTHING = Behind()


@keeps("empty-means-absent")
def text(call: Call, name: str) -> str | None:
    """Return a field, None where it is absent or empty."""
    return call.fields.get(name) or None


@keeps("file-wins-over-url")
def recording(call: Call) -> Upload | None:
    """Return the recording where it came itself, None where its URL stands for it."""
    upload = call.files.get("call")
    return upload if upload and upload.size else None


def url_field(call: Call) -> str:
    """Return the name of the field that holds a recording's URL: the vendor's two APIs differ in it."""
    return "call_url" if call.operation == BY_URL else "audio_url"


def source_url(call: Call) -> str | None:
    """Return the caller's URL where it is the recording's source."""
    return None if recording(call) else text(call, url_field(call))


def urls(call: Call) -> list[str]:
    url = source_url(call)
    return [url] if url else []


def behind(facts: Facts) -> Behind:
    """Return what lies behind the caller's URL; a file has nothing behind it."""
    return facts.behind.get(source_url(facts.call) or "", NOTHING)


@keeps("format-by-name-or-type")
def ending_of(upload: Upload) -> str:
    """Return the extension of the supported format that a file's name or declared type tells, else ""."""
    ending = name_extension(upload.filename)
    return ending if ending in EXTENSIONS else TYPES.get(plain(upload.content_type), "")


def ending_at(url: str, found: Behind) -> str:
    """Return the extension of the supported format that a URL's path or what lies behind it tells, else ""."""
    ending = extension(url)
    return ending if ending in EXTENSIONS else TYPES.get(plain(found.type), "")


def plain(content_type: str | None) -> str:
    """Return a media type in lower case and without its parameters."""
    return (content_type or "").partition(";")[0].strip().lower()


def ending(facts: Facts) -> str:
    upload = recording(facts.call)
    return ending_of(upload) if upload else ending_at(source_url(facts.call) or "", behind(facts))


@keeps("url-judged-by-what-is-told")
def is_no_recording(found: Behind) -> bool:
    """Say whether what lies behind a URL is told to be neither audio nor video."""
    kind = plain(found.type)
    return found.failure == "not-media" or not (kind in UNTOLD or kind.startswith(("audio/", "video/")))


@keeps("duration-detected", "duration-in-whole-seconds")
def duration(facts: Facts) -> int:
    """Return the recording's length in seconds: what its bytes or its URL's tell, else between half a minute and ten.

    It is 0 where there are bytes and they do not tell.
    """
    upload = recording(facts.call)
    seconds = upload.media.seconds or 0 if upload else behind(facts).duration
    return 30 + facts.call.draw(570) if seconds is None else int(seconds + 0.5)


@keeps("processing-time-made-up")
def processing_time(call: Call) -> int:
    """Return between 0.2 and 1.2 s, in milliseconds."""
    return 200 + call.draw(1_000)


@keeps("user-id-wins", "unknown-agent-unassigned")
def agent(facts: Facts) -> str | None:
    """Return the user whose call or ticket this is, None where its fields lead to nobody."""
    named = text(facts.call, "user_id")
    if named is None:
        return user_at(facts)
    book = facts.account.book
    known = {user.get("id") for user in book["users"]} | {each.get("user_id") for each in book["extensions"]}
    return named if named in known else None


@keeps("extension-finds-user")
def user_at(facts: Facts) -> str | None:
    """Return the user that the extension belongs to."""
    wanted = text(facts.call, "extension_id")
    extensions = facts.account.book["extensions"]
    return next((each["user_id"] for each in extensions if each.get("extension_id") == wanted), None)
