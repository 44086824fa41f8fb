"""A call's trail with all the rules of its operation: the journal keeps what failed, the rest follows from it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from mockserver.model import Operation, Rule, Vendor

PASSED, FAILED, UNREACHED = "passed", "failed", "not reached"


def with_rules(text: bytes, vendors: Mapping[str, Vendor]) -> dict[str, Any]:
    """Return an entry of the journal, each step of its trail with the rules that belong to it."""
    entry: dict[str, Any] = msgspec.json.decode(text)
    vendor = vendors.get(entry["vendor"])
    operation = vendor.operations.get(entry["operation"] or "") if vendor else None
    for step in entry["trail"] if vendor else ():
        rules = rules_of(step["step"], vendor, operation) if vendor else ()
        if rules:
            step["rules"] = list(told(rules, step))
    return entry


def rules_of(step: str, vendor: Vendor, operation: Operation | None) -> Sequence[Rule]:
    if step == "auth":
        return vendor.guards
    return (*operation.early, *operation.rules) if operation and step == "rules" else ()


def told(rules: Sequence[Rule], step: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield each rule's verdict: those before the one that refused have passed, those behind it were not reached.

    Where the step failed for another reason than a rule, none was reached.
    """
    refused = step.get("rule")
    is_open = step["passed"] or refused is not None
    for rule in rules:
        failed = rule.name == refused
        verdict = FAILED if failed else PASSED if is_open else UNREACHED
        yield {"name": rule.name, "claim": rule.claim, "verdict": verdict}
        is_open = is_open and not failed
