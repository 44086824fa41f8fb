"""How verdicts are told: a line a case, what differs below it, the counts; and none of the given credentials."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import click
from msgspec import to_builtins

from mockserver.faces.verifying.carrying import DIFFERS, NOT_SENT, OK, Verdict
from mockserver.faces.verifying.observing import Observed, listed
from mockserver.faces.verifying.targets import Target

COLOURS = {OK: "green", DIFFERS: "red", NOT_SENT: "yellow"}
MARGIN = " " * 10
Hide = Callable[[str], str]


def hiding(given: Mapping[str, str]) -> Hide:
    """Return what takes credentials out of a text, however it holds them."""
    spelt = {form: f"<{name}>" for name, value in given.items() for form in forms(value)}

    def hide(text: str) -> str:
        for form in sorted(spelt, key=len, reverse=True):
            text = text.replace(form, spelt[form])
        return text

    return hide


def forms(value: str) -> set[str]:
    quoted = json.dumps(value)[1:-1]
    return {value, quoted, json.dumps(quoted)[1:-1], quote(value, safe=""), quote(value), quote_plus(value)}


def lines_of(verdict: Verdict, hide: Hide) -> Iterator[str]:
    why = f": {hide(verdict.why)}" if verdict.why else ""
    yield f"{click.style(verdict.outcome.ljust(9), fg=COLOURS[verdict.outcome])} {verdict.place}{why}"
    for each in verdict.differences:
        yield f"{MARGIN}{each.at}: expected {hide(each.expected)}, got {hide(each.got)}"


def counts_of(verdicts: Sequence[Verdict]) -> dict[str, int]:
    counts = Counter(each.outcome for each in verdicts)
    return {"ok": counts[OK], "differs": counts[DIFFERS], "not_sent": counts[NOT_SENT]}


def summary(
    verdicts: Sequence[Verdict], vendor: str, target: Target, observed: Observed | None, file: Path | None
) -> Iterator[str]:
    counts = counts_of(verdicts)
    who = f"{vendor} at {target.address}{', a mock' if target.is_mock else ''}"
    yield f"{who}: {counts['ok']} ok, {counts['differs']} differ, {counts['not_sent']} not sent"
    if observed and file:
        yield f"{file}: {len(observed.claims)} claims observed on {observed.date}"
    elif observed:
        yield f"\n{listed(observed.claims, observed.date)}"


def whole(
    verdicts: Sequence[Verdict], vendor: str, target: Target, observed: Observed | None, hide: Hide
) -> dict[str, Any]:
    return {
        "vendor": vendor,
        "against": target.address,
        "is_mock": target.is_mock,
        "counts": counts_of(verdicts),
        "cases": [plain(each, hide) for each in verdicts],
        **({"observed": to_builtins(observed)} if observed else {}),
    }


def plain(verdict: Verdict, hide: Hide) -> dict[str, Any]:
    told: dict[str, Any] = {"case": verdict.place, "outcome": verdict.outcome}
    if verdict.why:
        told["why"] = hide(verdict.why)
    if verdict.differences:
        told["differences"] = [
            {"at": each.at, "expected": hide(each.expected), "got": hide(each.got)} for each in verdict.differences
        ]
    return told
