"""Alerts: webhooks that tell of a red flag, of a low score, or that an item is done."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from mockserver.model import Facts, Message, Option, Retry, keeps

CALL, DOCUMENT, WORKFLOW = "Call", "Document", "Workflow"
RED_FLAG, LOW_SCORE, COMPLETION = "red_flag", "low_score", "completion"
# Below it a score is low where an alert does not say.
THRESHOLD = 70
SCORED = ("total_score", "score_details")
Alert: TypeAlias = Mapping[str, Any]
Item: TypeAlias = Mapping[str, Any]

METADATA = Option(default=False, choices=(False, True), claim="completion-metadata")
# Claims: webhook-per-alert, retries-after-5-s.
RETRY = Retry(timeout=30.0, pauses=(5.0, 5.0))


@keeps("alerts-in-the-dashboard", "scoring-ends-in-alerts", "webhook-per-alert", "retries-after-5-s")
def alerts(facts: Facts, item: Item) -> tuple[Message, ...]:
    """Return what is told of an item once it is done, in the order of the account's alerts."""
    listed = enumerate(facts.account.book.get("alerts", ()))
    return tuple(message(facts, alert, place, item) for place, alert in listed if concerns(alert, item))


@keeps("alert-content-types")
def concerns(alert: Alert, item: Item) -> bool:
    is_about = item["content_type"] in alert.get("content_types", (CALL, DOCUMENT, WORKFLOW))
    return is_about and CAUSES[alert["type"]](alert, item)


@keeps("low-score-is-below", "threshold-defaults-to-70")
def is_low(alert: Alert, item: Item) -> bool:
    return item.get("total_score") is not None and bool(item["total_score"] < threshold(alert))


def threshold(alert: Alert) -> float:
    limit: float = alert.get("threshold", THRESHOLD)
    return limit


def has_red_flag(_alert: Alert, item: Item) -> bool:
    return item.get("red_flag_reason") is not None


def is_done(_alert: Alert, _item: Item) -> bool:
    return True


@keeps("webhook-id-for-deduplication", "webhook-tells-when")
def message(facts: Facts, alert: Alert, place: int, item: Item) -> Message:
    ident, kind = facts.call.derive(f"alert/{place}"), alert["type"]
    told = {"webhook_id": ident, "content_id": item["content_id"], "alert_type": kind}
    payload = {**told, "content_type": item["content_type"], **DETAILS[kind](facts, alert, item)}
    return Message(ident, alert["url"], kind, payload, dated="timestamp")


@keeps("red-flag-payload")
def of_red_flag(_facts: Facts, _alert: Alert, item: Item) -> dict[str, Any]:
    agent = {} if item["agent_name"] is None else {"agent_name": item["agent_name"]}
    reason = {"file_name": item["file_name"], **agent, "red_flag_reason": item["red_flag_reason"]}
    return {**reason, **{name: item[name] for name in SCORED}}


@keeps("low-score-payload")
def of_low_score(_facts: Facts, alert: Alert, item: Item) -> dict[str, Any]:
    score = {"total_score": item["total_score"], "total_score_threshold": threshold(alert)}
    return {**score, **told_of(item)}


@keeps("completion-payload", "completion-of-a-workflow")
def of_completion(facts: Facts, _alert: Alert, item: Item) -> dict[str, Any]:
    read = {"output_schema": item["output_schema"]} if item["content_type"] == WORKFLOW else {}
    metadata = {"metadata": item.get("metadata", {})} if facts.option("completion_metadata") else {}
    return {"total_score": item.get("total_score"), **told_of(item), **read, **metadata}


@keeps("nameless-agent-is-empty")
def told_of(item: Item) -> dict[str, Any]:
    named = {"file_name": item["file_name"], "agent_name": item["agent_name"] or ""}
    return {**named, "summary": item.get("summary"), "score_details": item.get("score_details")}


CAUSES: Mapping[str, Callable[[Alert, Item], bool]] = {
    RED_FLAG: has_red_flag,
    LOW_SCORE: is_low,
    COMPLETION: is_done,
}
DETAILS: Mapping[str, Callable[[Facts, Alert, Item], dict[str, Any]]] = {
    RED_FLAG: of_red_flag,
    LOW_SCORE: of_low_score,
    COMPLETION: of_completion,
}
