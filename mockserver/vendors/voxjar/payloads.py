"""What a webhook posts: a payload of ours, or the tester's own with the names in it replaced."""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from mockserver.model import Json, keeps

Shown: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[str, Any]
# A name of what an interaction holds; the schema of the book lists them all and lets no other in.
NAME = re.compile(r"\{\{ ?([A-Za-z.]+) ?\}\}", re.ASCII)
TOLD = ("interaction", "scorecard", "evaluation", "question")
WORK = ("processing", "transcript", "evaluation")
QUESTION = {"id": "questionId", "text": "question", "kind": "kind", "answer": "answer", "points": "points"}


def context(shown: Shown, answer: Mapping[str, Any] | None) -> Names:
    """Return all that a payload may name; a question is only there where the action is about one."""
    evaluation = shown["evaluation"]
    return {
        "interaction": {name: value for name, value in shown.items() if name not in WORK},
        "transcript": shown["transcript"],
        "scorecard": {"id": evaluation["scorecardId"], "name": evaluation["scorecardName"]},
        "evaluation": evaluation,
        "question": {name: answer[field] for name, field in QUESTION.items()} if answer else None,
    }


@keeps("webhook-default-payload")
def default_payload(names: Names, event: str) -> dict[str, Any]:
    return {"event": event, **{name: names[name] for name in TOLD if names[name] is not None}}


@keeps("webhook-payload-names")
def filled(template: Json, names: Names) -> Json:
    """Return a payload with its names replaced; a text that is only a name becomes the value, of whatever type."""
    if isinstance(template, dict):
        return {key: filled(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, names) for value in template]
    if not isinstance(template, str):
        return template
    whole = NAME.fullmatch(template)
    return find(whole[1], names) if whole else NAME.sub(lambda match: text_of(find(match[1], names)), template)


def find(name: str, names: Names) -> Json:
    """Return what a name stands for, null where there is nothing of it."""
    found: Any = names
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    value: Json = found
    return value


def text_of(value: Json) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
