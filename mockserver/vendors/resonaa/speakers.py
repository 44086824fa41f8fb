"""Who speaks in a conversation, by the labels before what is said, and which of them is the customer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mockserver.model import keeps

AGENT, CUSTOMER, OTHER = "agent", "customer", "other"
AGENTS = (
    *("agent", "rep", "representative", "support", "advisor", "adviser", "operator", "assistant"),
    *("consultant", "bot", "system", "csr"),
)
CUSTOMERS = ("customer", "client", "caller", "user", "buyer", "guest", "visitor", "contact")
ROLES: Mapping[str, str] = {**dict.fromkeys(AGENTS, AGENT), **dict.fromkeys(CUSTOMERS, CUSTOMER)}
# What stands before a colon at the head of letters and notes, and is nobody.
NOBODY = (
    *("subject", "date", "time", "from", "to", "cc", "re", "fw", "note", "ps", "order", "ticket", "id"),
    *("ref", "reference", "phone", "email"),
)
# "Jane Doe: ...", after a time where there is one: at most 60 characters, so no sentence with a colon in it.
TIME = r"(?:[\[(][\d:.,TZ \t+-]{1,40}[\])]|\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)"
LABEL = re.compile(rf"[ \t]*(?:{TIME}[ \t-]*)?([^\W\d_][^:\n]{{0,59}}):(?!//|\d)")
# "Customer (Jane Doe)", "Jane Doe (Customer)", "Customer - Jane Doe", "Customer Jane Doe", "Support Agent".
PIECES = re.compile(r"[()\[\]/|,]|\s[-\u2013\u2014]\s")
# A name and its role have no more words; longer ones are the beginnings of sentences.
MOST_WORDS = 5


class Label(Struct, frozen=True):
    """What a label says of a speaker: a role, and a name where it holds one."""

    role: str
    name: str | None


def labels_in(conversation: str | Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the label of every turn that has one; a text has them at the beginnings of its lines."""
    if isinstance(conversation, str):
        for line in conversation.splitlines():
            if found := LABEL.match(line):
                yield found[1].strip()
    else:
        yield from (turn["speaker"].strip() for turn in conversation)


def read_label(label: str) -> Label | None:
    """Return whom a label means, None where it is none of a speaker."""
    words = [word for piece in PIECES.split(label) for word in piece.split()]
    roles = [ROLES[word.casefold()] for word in words if word.casefold() in ROLES]
    named = [word for word in words if word.casefold() not in ROLES and any(map(str.isalpha, word))]
    if len(words) > MOST_WORDS or not (roles or named) or not may_be_name(named):
        return None
    return Label(roles[0] if roles else OTHER, " ".join(named) or None)


def may_be_name(words: Sequence[str]) -> bool:
    """Say whether these words may be a name: long ones begin and end in capitals, where the script has any."""
    if len(words) > 2 and (words[0][0].islower() or words[-1][0].islower()):
        return False
    return not words or not all(word.casefold() in NOBODY for word in words)


@keeps("customer-name-detected")
def detect_customer(conversation: str | Sequence[Mapping[str, Any]], agents: Iterable[str]) -> str | None:
    """Return the customer's name; None where the labels tell none, or more than one."""
    known = {name.casefold() for name in agents}
    read = [label for each in dict.fromkeys(labels_in(conversation)) if (label := read_label(each))]
    called = distinct(label.name for label in read if label.role == CUSTOMER)
    if called:
        return called[0] if len(called) == 1 else None
    others = distinct(label.name for label in read if label.role == OTHER)
    customers = [name for name in others if name.casefold() not in known]
    has_other_side = any(label.role == AGENT for label in read) or len(customers) < len(others)
    return customers[0] if has_other_side and len(customers) == 1 else None


def distinct(names: Iterable[str | None]) -> list[str]:
    """Return names in the order of their first appearance; casing does not tell two apart."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())
