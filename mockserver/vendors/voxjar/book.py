"""What an upload is filed under and judged by: tags and scorecards of the account's book, metadata by kind."""

from typing import Any

from mockserver.model import Call, Facts, Json, keeps
from mockserver.vendors.voxjar.fields import fields_of, is_number, is_text, is_truth_value, is_whole_number


@keeps("tags-by-id-or-name", "unknown-tag-skipped")
def known_tags(facts: Facts) -> list[dict[str, Any]]:
    """Return the account's tags that the upload names, each once."""
    asked = fields_of(facts.call).get("tags", ())
    return [tag for tag in tags_of(facts) if tag["id"] in asked or tag["name"] in asked]


@keeps("tags-must-exist")
def unknown_tags(facts: Facts) -> list[Json]:
    names = {name for tag in tags_of(facts) for name in (tag["id"], tag["name"])}
    return [tag for tag in fields_of(facts.call).get("tags", ()) if not is_text(tag) or tag not in names]


def tags_of(facts: Facts) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = facts.account.book.get("tags", [])
    return tags


def active_scorecard(facts: Facts) -> dict[str, Any] | None:
    """Return the scorecard that the upload asks to be evaluated by, None where there is no ACTIVE one of its id."""
    ident = fields_of(facts.call, "evaluation").get("scorecardId")
    scorecards: list[dict[str, Any]] = facts.account.book.get("scorecards", [])
    return next((card for card in scorecards if card["id"] == ident and card["status"] == "ACTIVE"), None)


def metadata_of(call: Call) -> dict[str, dict[str, Any]]:
    """Return the custom metadata as `{"kind", "value"}` by name, less what is of no kind."""
    sent = fields_of(call).get("customMetadata", {})
    kinds = ((name, value, kind_of(value)) for name, value in sent.items())
    return {
        name: {"kind": kind, "value": int(value) if kind == "INT" else value} for name, value, kind in kinds if kind
    }


@keeps("metadata-kinds", "metadata-of-no-kind-dropped")
def kind_of(value: Json) -> str | None:
    if is_text(value):
        return "STRING"
    if is_truth_value(value):
        return "BOOLEAN"
    if is_whole_number(value):
        return "INT"
    return "FLOAT" if is_number(value) else None
