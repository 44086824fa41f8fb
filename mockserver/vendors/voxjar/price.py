"""What an upload costs: only work that runs, by started minutes or started hundreds of words."""

from collections.abc import Mapping
from math import ceil

from mockserver.model import Call, Facts, keeps
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.fields import fields_of
from mockserver.vendors.voxjar.media import length_of

PRICES: Mapping[str, float] = {
    "transcription_per_minute": 1,
    "evaluation_per_minute": 1,
    "evaluation_per_100_words": 1,
}
MINUTE = 60_000


@keeps("prices", "credits-only-for-work", "text-types-free-without-evaluation")
def price_of(facts: Facts) -> float:
    prices = {**PRICES, **facts.account.book.get("prices", {})}
    price = 0.0
    if reading.needs_transcription(facts):
        price += minutes_of(facts) * prices["transcription_per_minute"]
    if reading.wants_evaluation(facts.call):
        price += evaluation_price(facts, prices)
    return price


@keeps("evaluation-by-minutes-or-words", "media-billed-by-minute", "text-billed-by-words")
def evaluation_price(facts: Facts, prices: Mapping[str, float]) -> float:
    if reading.plays_media(facts):
        return minutes_of(facts) * prices["evaluation_per_minute"]
    return ceil(words_of(facts.call) / 100) * prices["evaluation_per_100_words"]


def minutes_of(facts: Facts) -> int:
    """Return the started minutes of the media; one where nothing tells how long it is."""
    return max(1, ceil((length_of(facts) or MINUTE) / MINUTE))


def words_of(call: Call) -> int:
    text = reading.text_of(call) or fields_of(call, "email").get("body", "")
    return len(text.split())
