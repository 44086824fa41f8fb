"""What Siro finds when it fetches a recording's audio: nothing is fetched here, what was stored or described counts."""

from collections.abc import Sequence

from msgspec import Struct

from mockserver.model import Behind, Call, Facts, Standing, keeps
from mockserver.vendors.siro import reading
from mockserver.vendors.siro.storage import BUCKET

NOT_ISSUED = "there is no audio behind it that Siro could fetch"
TROUBLES = {
    "missing": "there is nothing behind it",
    "forbidden": "what lies behind it may not be read",
    "expired": "it has expired",
    "too-large": "what lies behind it is too large",
    "not-media": "what lies behind it is no audio",
}
UNKNOWN = Behind()


class Audio(Struct, frozen=True):
    """`trouble` says why there is none; `seconds` is how long it plays, None where nobody knows.

    `format` is what the stored bytes look like, None where they were not stored here.
    """

    trouble: str | None = None
    seconds: float | None = None
    format: str | None = None
    is_issued: bool = False
    is_slow: bool = False

    @property
    def milliseconds(self) -> int | None:
        return None if self.seconds is None else round(self.seconds * 1000)


def addresses(call: Call) -> Sequence[str]:
    """Name the media URL where it leads to no storage of ours, so that a tester may have said what lies behind."""
    url = reading.media_url(call)
    return [] if BUCKET in url else [url]


def find_audio(facts: Facts) -> Audio:
    issued = reading.issued(facts)
    return stored(issued) if issued else described(facts)


@keeps("duration-is-what-the-audio-tells")
def stored(issued: Standing) -> Audio:
    found = issued.body.get("stored")
    if not found:
        return Audio("nothing was PUT to its uploadUrl", is_issued=True)
    if not found["size"]:
        return Audio("what was PUT to its uploadUrl is empty", is_issued=True)
    return Audio(None, found["seconds"], found["format"] or "no audio", is_issued=True)


@keeps("described-media-are-taken")
def described(facts: Facts) -> Audio:
    behind = facts.behind.get(reading.media_url(facts.call), UNKNOWN)
    if behind == UNKNOWN:
        return Audio(NOT_ISSUED)
    return Audio(TROUBLES.get(behind.failure or ""), behind.duration, is_slow=behind.failure == "slow")
