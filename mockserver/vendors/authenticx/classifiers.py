"""What conversations are sorted and judged by, and what comes of it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from mockserver.kit.invention import draw, topic
from mockserver.model import Account, Call, Facts, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.authenticx import search

CORE, IN_WORDS = "Core AI Model", "LLM Model"
TYPES = ("Classifier", CORE, IN_WORDS, "Metadata")
CATEGORIES = ("Skills", "Topics", "Process", "SE Suite")


class Classifier(Struct, frozen=True):
    """A classifier or model of the organisation; an LLM Model says in words what others say by yes or no."""

    id: str
    name: str | None = None
    type: str | None = None
    description: str | None = None
    category: str | None = None
    reportable: bool | None = None
    groupable: bool | None = None

    @property
    def is_in_words(self) -> bool:
        return self.type == IN_WORDS


def classifier(entry: Mapping[str, Any]) -> Classifier:
    return Classifier(
        entry["id"],
        entry["name"],
        entry.get("classifierType", CORE),
        entry.get("description"),
        entry.get("categoryName"),
        entry.get("reportable", True),
        entry.get("groupable", True),
    )


@keeps("model-ids-from-classifiers")
def classifiers(account: Account) -> dict[str, Classifier]:
    """Return all classifiers by id, in the order of the book; models that are listed nowhere else behind them."""
    entries = [*account.book.get("classifiers", ()), *account.book.get("models", ())]
    found: dict[str, Classifier] = {}
    for entry in entries:
        found.setdefault(entry["id"].lower(), classifier(entry))
    return found


@rule("classifier-types")
def types_are_known(facts: Facts) -> Problem | None:
    return search.only(search.many(facts.call, "classifiertypes"), TYPES, "ClassifierTypes")


@rule("last-classifier-is-known")
def classifier_before_is_known(facts: Facts) -> Problem | None:
    last = search.last_id(facts.call)
    if last is None or last in classifiers(facts.account):
        return None
    return search.invalid("LastId is not the id of a classifier", "LastId")


@keeps("classifiers-empty-is-200", "classifier-category-names")
def list_classifiers(facts: Facts) -> Outcome:
    last = search.last_id(facts.call)
    known = list(classifiers(facts.account).items())
    behind = 1 + [ident for ident, _ in known].index(last) if last else 0
    fitting = [each for _, each in known[behind:] if is_asked(each, facts.call)]
    return Outcome(Reply(200, [show(each) for each in fitting[: search.page_size(facts.call)]]))


def is_asked(each: Classifier, call: Call) -> bool:
    """Return whether a classifier is among those that a call names by id, category or type."""
    asked = (
        (each.id, search.many(call, "classifierids")),
        (each.category, search.many(call, "classifiercategorynames", "categorynames")),
        (each.type, search.many(call, "classifiertypes")),
    )
    return all(not wanted or (own or "").casefold() in map(str.casefold, wanted) for own, wanted in asked)


def show(each: Classifier) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "classifierType": each.type,
        "description": each.description,
        "categoryName": each.category,
        "reportable": each.reportable,
        "groupable": each.groupable,
    }


@keeps("results-are-made-up")
def verdict(ident: str, each: Classifier) -> bool:
    """Return what a classifier says of a conversation, of either about as often."""
    return draw(ident, each.id, 2) == 1


def words(ident: str) -> str:
    """Return what a model that answers in words says of a conversation."""
    return topic(ident).summary


def reasoning(ident: str) -> str:
    return f"Most of what was said concerns {topic(ident).name}."
