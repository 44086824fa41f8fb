"""What is read out of a run's files: made up from the run's id and the names of the template's fields."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver.kit.invention import draw, pick
from mockserver.model import keeps

# One value in so many is not found.
LOST = 8
WORDS = re.compile(r"[a-z0-9]+")
PEOPLE = ("Dana Whitfield", "Omar Castellan", "Priya Raman", "Lena Brandt")
FIRMS = ("Northgate Supplies", "Harbour & Vale", "Tessel Works", "Quill Logistics")
OTHERS = ("yes", "standard", "net 30", "as agreed")


def date(ident: str, field: str) -> str:
    return f"2026-{1 + draw(ident, field, 12):02}-{1 + draw(ident, f'{field}/day', 28):02}"


def amount(ident: str, field: str) -> str:
    return f"{20 + draw(ident, field, 4_980)}.{draw(ident, f'{field}/cents', 100):02}"


def number(ident: str, field: str) -> str:
    return f"{pick(ident, f'{field}/letters', ('A', 'INV', 'R'))}-{10_000 + draw(ident, field, 90_000)}"


def person(ident: str, field: str) -> str:
    return pick(ident, field, PEOPLE)


def firm(ident: str, field: str) -> str:
    return pick(ident, field, FIRMS)


def other(ident: str, field: str) -> str:
    return pick(ident, field, OTHERS)


MAKERS: Mapping[str, Callable[[str, str], str]] = {
    **dict.fromkeys(("date", "day", "due", "time", "deadline"), date),
    **dict.fromkeys(("total", "amount", "sum", "price", "tax", "cost", "balance", "fee"), amount),
    **dict.fromkeys(("number", "no", "id", "code", "reference"), number),
    **dict.fromkeys(("company", "vendor", "supplier", "firm", "seller"), firm),
    **dict.fromkeys(("name", "customer", "agent", "person", "buyer"), person),
}


@keeps("extracted-values-are-made-up")
def extracted(ident: str, fields: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return a value and the reasoning for each field; `names` are those of the files."""
    return {field: finding(ident, field, pick(ident, f"{field}/file", names)) for field in fields}


def finding(ident: str, field: str, name: str) -> dict[str, Any]:
    words = WORDS.findall(field.casefold())
    label = " ".join(words) or field
    if draw(ident, f"{field}/lost", LOST) == 0:
        return {"value": None, "reasoning": f"Nothing in the files is labelled as {label}."}
    make = next((MAKERS[word] for word in reversed(words) if word in MAKERS), other)
    return {"value": make(ident, field), "reasoning": f"It stands beside the words {label} in {name}."}
