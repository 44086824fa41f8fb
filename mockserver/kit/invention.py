"""Made-up results: plausible, short, and derived from a record's id, so that the same id always tells the same."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, TypeVar

from msgspec import Struct

Item = TypeVar("Item")

AGENT, CUSTOMER = "agent", "customer"
# How fast people speak, in characters a second.
SPEECH = 15.0


class Topic(Struct, frozen=True):
    """What a conversation is about: a name, a sentence that sums it up, and what is said in turn."""

    name: str
    summary: str
    lines: tuple[tuple[str, str], ...]


class Turn(Struct, frozen=True):
    """What one side says; `start` and `end` in seconds from the beginning."""

    speaker: str
    text: str
    start: float
    end: float


_OPENINGS: Final = (
    "Thank you for calling, how can I help you today?",
    "Good morning, you have reached customer care. What can I do for you?",
    "Hello, thanks for getting in touch. How may I help?",
)
_CLOSINGS: Final = (
    ("Is there anything else I can do for you?", "No, that is all. Thank you very much."),
    ("Does that answer your question?", "Yes, it does. Have a good day."),
    ("I have noted that on your account.", "Great, thanks for your help."),
)
TOPICS: Final = (
    Topic(
        "billing",
        "The customer asked about a charge that was booked twice; the agent refunded one of them.",
        (
            (CUSTOMER, "I was charged twice for the same order this month."),
            (AGENT, "I am sorry about that. Let me look at your last invoice."),
            (CUSTOMER, "It is the one from the fourteenth."),
            (AGENT, "I see both bookings. I will refund one of them right away."),
        ),
    ),
    Topic(
        "delivery",
        "The customer's parcel was late; the agent found it and gave a new date of delivery.",
        (
            (CUSTOMER, "My parcel should have been here on Tuesday."),
            (AGENT, "May I have the number of your order, please?"),
            (CUSTOMER, "It ends in four seven one."),
            (AGENT, "It was held back at the depot. It will be with you tomorrow before noon."),
        ),
    ),
    Topic(
        "appointment",
        "The customer moved an appointment to another day, and the agent confirmed it.",
        (
            (CUSTOMER, "I have to move my appointment to another day."),
            (AGENT, "Of course. Would Thursday at ten suit you?"),
            (CUSTOMER, "Thursday at ten is fine."),
            (AGENT, "Then it is booked, and you will get a message that confirms it."),
        ),
    ),
    Topic(
        "upgrade",
        "The customer asked for a larger plan; the agent explained the price and sent an offer.",
        (
            (CUSTOMER, "We are growing, and I would like to hear about the larger plan."),
            (AGENT, "Gladly. How many people will be using it?"),
            (CUSTOMER, "Around forty by the end of the year."),
            (AGENT, "Then the business plan fits best. I will send you an offer today."),
        ),
    ),
)


def draw(ident: str, purpose: str, below: int) -> int:
    """Return a whole number from 0 that an id and a purpose alone decide."""
    return int.from_bytes(sha256(f"{ident}/{purpose}".encode()).digest()[:8]) % below


def pick(ident: str, purpose: str, choices: Sequence[Item]) -> Item:
    return choices[draw(ident, purpose, len(choices))]


def score(ident: str, purpose: str = "score") -> int:
    """Return a grade as most calls get one: 60 to 99 of 100."""
    return 60 + draw(ident, purpose, 40)


def topic(ident: str) -> Topic:
    return pick(ident, "topic", TOPICS)


def conversation(ident: str, seconds: float | None = None) -> tuple[Turn, ...]:
    """Return what was said: ten turns or fewer, those that end within the playing length where it is known.

    The first is there however short that is, and cut to it.
    """
    closing = pick(ident, "closing", _CLOSINGS)
    said = (
        (AGENT, pick(ident, "opening", _OPENINGS)),
        *topic(ident).lines,
        (AGENT, closing[0]),
        (CUSTOMER, closing[1]),
    )
    turns: list[Turn] = []
    start = 0.0
    for speaker, text in said:
        end = round(start + len(text) / SPEECH, 2)
        if seconds is not None and end > seconds:
            break
        turns.append(Turn(speaker, text, start, end))
        start = round(end + 0.5, 2)
    return tuple(turns) or (Turn(*said[0], 0.0, seconds or 0.0),)
