"""What an upload costs: only work that runs, by started minutes or started hundreds of words."""

from collections.abc import Mapping
from math import ceil

from mockserver.model import Call, Facts, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.fields import fields_of

PRICES: Mapping[str, float] = {
    "transcription_per_minute": 1,
    "evaluation_per_minute": 1,
    "evaluation_per_100_words": 1,
}
MINUTE = 60_000
# Beyond thirty years a length is nonsense, and must stay a number that prices can be multiplied with.
LONGEST = 10**12


@keeps("prices", "credits-only-for-work", "text-types-free-without-evaluation")
def price_of(facts: Facts) -> float:
    prices = {**PRICES, **facts.account.book.get("prices", {})}
    price = 0.0
    if reading.needs_transcription(facts.call):
        price += minutes_of(facts.call) * prices["transcription_per_minute"]
    if reading.wants_evaluation(facts.call):
        price += evaluation_price(facts.call, prices)
    return price


@keeps("evaluation-by-minutes-or-words", "media-billed-by-minute", "text-billed-by-words")
def evaluation_price(call: Call, prices: Mapping[str, float]) -> float:
    if reading.plays_media(call):
        return minutes_of(call) * prices["evaluation_per_minute"]
    return ceil(words_of(call) / 100) * prices["evaluation_per_100_words"]


@keeps("length-of-media", "duration-in-milliseconds")
def minutes_of(call: Call) -> int:
    """Return the started minutes: of the file's own length, else as `duration` says, else one."""
    file = reading.file_of(call)
    seconds = file.media.seconds if file else None
    length = seconds * 1000 if seconds else fields_of(call).get("duration", MINUTE)
    return max(1, ceil(min(length, LONGEST) / MINUTE))


def words_of(call: Call) -> int:
    text = reading.text_of(call) or fields_of(call, "email").get("body", "")
    return len(text.split())
