"""How a metadata filter compares: numbers as numbers, everything else as text."""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mockserver.model import Json, keeps

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


@keeps("missing-metadata-fits-nothing")
def fits(metadata: Mapping[str, Any], comparison: Mapping[str, Any]) -> bool:
    kept = metadata.get(comparison["metadata_name"])
    if not isinstance(kept, str | int | float):
        return False
    return compare(kept, comparison["operator"], comparison["value"])


@keeps("numbers-compare-as-numbers")
def compare(kept: Json, sign: str, wanted: Json) -> bool:
    one, other = number(kept), number(wanted)
    if one is not None and other is not None:
        return OPERATORS[sign](one, other)
    return OPERATORS[sign](text(kept), text(wanted))


def number(value: Json) -> Decimal | None:
    """Return what a number, or a text that is written like one, stands for; a boolean is none."""
    if isinstance(value, str):
        return Decimal(value) if NUMBER.fullmatch(value) else None
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
