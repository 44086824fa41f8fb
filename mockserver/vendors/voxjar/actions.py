"""Scorecard actions: webhooks that go out right after an evaluation, each on its own condition."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from mockserver.model import Facts, Message, Retry, keeps
from mockserver.vendors.voxjar.payloads import Shown, context, default_payload, filled

COMPLETED, ANSWERED = "evaluation.completed", "question.answered"
ALWAYS = "always"
RETRY = Retry(timeout=15.0)
Action: TypeAlias = Mapping[str, Any]


@keeps(
    "webhook-on-the-scorecard",
    "webhook-when-scored",
    "webhook-for-every-upload",
    "webhook-sent-once-and-unsigned",
    "actions-in-order",
)
def actions(facts: Facts, card: Mapping[str, Any], shown: Shown) -> tuple[Message, ...]:
    """Return what is posted once an interaction is scored; `shown` is the interaction as it can be read then."""
    met = [(place, action) for place, action in enumerate(card.get("actions", ())) if runs(action, shown)]
    # Those of the whole scorecard come first.
    ordered = sorted(met, key=lambda each: question_of(each[1]) is not None)
    return tuple(message(facts, place, action, shown) for place, action in ordered)


def question_of(action: Action) -> str | None:
    """Return the question that an action is about, None where it is about the whole scorecard."""
    when = action.get("when", ALWAYS)
    return when.get("question") if isinstance(when, dict) else None


@keeps("webhook-triggers", "below-is-less-than")
def runs(action: Action, shown: Shown) -> bool:
    """Say whether an evaluation meets the condition of an action."""
    when, evaluation = action.get("when", ALWAYS), shown["evaluation"]
    if when == ALWAYS:
        return True
    if "question" in when:
        answer = answer_to(when["question"], shown)
        return answer is not None and bool(answer["answer"] == when["answer"])
    if "result" in when:
        return bool(evaluation["result"] == when["result"])
    return any(name in when and evaluation[name] < when[name]["below"] for name in ("points", "percentage"))


def answer_to(question: str | None, shown: Shown) -> Mapping[str, Any] | None:
    """Return what was answered to a question, None where the scorecard does not ask it."""
    answers = shown["evaluation"]["answers"]
    return next((answer for answer in answers if answer["questionId"] == question), None)


@keeps("webhook-payload")
def message(facts: Facts, place: int, action: Action, shown: Shown) -> Message:
    question = question_of(action)
    names, event = context(shown, answer_to(question, shown)), COMPLETED if question is None else ANSWERED
    payload = filled(action["payload"], names) if "payload" in action else default_payload(names, event)
    return Message(facts.call.derive(f"action/{place}"), action["url"], event, payload)
