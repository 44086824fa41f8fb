"""What classifiers say of conversations whose processing is done."""

from datetime import timedelta
from typing import Any

from mockserver.kit.times import parse_iso8601, to_iso
from mockserver.model import Facts, Kind, Listing, Outcome, Problem, Reply, Standing, keeps, rule
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.classifiers import (
    CATEGORIES,
    Classifier,
    classifiers,
    is_asked,
    reasoning,
    verdict,
    words,
)
from mockserver.vendors.authenticx.conversations import is_processed, status

CLASSIFIER_FILTERS = ("classifierids", "classifiercategorynames", "classifiertypes")
FILTERS = (*CLASSIFIER_FILTERS, "hierarchyids", "hierarchycodes")
DAYS, DAYS_WITH_FILTER = 7, 31


@rule("insights-window")
def window_is_short(facts: Facts) -> Problem | None:
    asked = search.window(facts.call)
    most = DAYS_WITH_FILTER if is_filtered(facts, FILTERS) else DAYS
    if asked.start is None or asked.end is None or asked.end - asked.start <= timedelta(days=most):
        return None
    return search.invalid(f"StartDate and EndDate may span {most} days at most", "EndDate")


def is_filtered(facts: Facts, names: tuple[str, ...]) -> bool:
    return any(search.many(facts.call, name) for name in names)


@rule("classifier-categories")
def categories_are_known(facts: Facts) -> Problem | None:
    return search.only(search.many(facts.call, "classifiercategorynames"), CATEGORIES, "ClassifierCategoryNames")


@rule("classifier-ids-are-uuids")
def classifier_ids_are_uuids(facts: Facts) -> Problem | None:
    return search.only_uuids(search.many(facts.call, "classifierids"), "ClassifierIds")


@keeps("insights-only-processed", "insights-total-on-first-page")
def listing(facts: Facts) -> Listing:
    call = facts.call
    window, hierarchies = search.window(call), search.hierarchies(facts.account, call)
    by_interaction = search.criteria(call).get("datereference") == "InteractionDate"
    is_empty = is_filtered(facts, CLASSIFIER_FILTERS) and not asked_for(facts)

    def fits(conversation: Standing) -> bool:
        happened = parse_iso8601(conversation.body["interaction_date"] or "")
        at = happened if by_interaction else conversation.created
        return (
            not is_empty and is_processed(conversation) and window.holds(at) and search.is_in(conversation, hierarchies)
        )

    return search.page(call, fits, counts=search.last_id(call) is None)


@keeps("unknown-filters-find-nothing")
def asked_for(facts: Facts) -> list[Classifier]:
    known = classifiers(facts.account).values()
    return [each for each in known if is_asked(each, facts.call)]


@rule("insights-404-when-empty")
def some_conversations_fit(facts: Facts) -> Problem | None:
    return None if facts.found.items else Problem(Kind.NOT_FOUND, "no conversation fits")


def list_insights(facts: Facts) -> Outcome:
    found, asked = facts.found, asked_for(facts)
    return Outcome(Reply(200, [show(each, asked) for each in found.items], headers=paging(facts)))


@keeps("insights-headers", "insights-headers-by-post")
def paging(facts: Facts) -> dict[str, str]:
    found = facts.found
    total = {} if found.total is None else {"X-Total-Records": str(found.total)}
    further = {"X-Next-LastId": found.items[-1].id} if found.more else {}
    return {"X-Has-More": str(found.more).lower(), **further, **total}


def show(conversation: Standing, asked: list[Classifier]) -> dict[str, Any]:
    return {
        "conversationId": conversation.id,
        "clientCallId": conversation.body["client_call_id"],
        "arrivedOn": to_iso(conversation.created),
        "interactionDate": conversation.body["interaction_date"],
        "status": status(conversation),
        "classifierResults": [result(conversation.id, each) for each in asked],
    }


@keeps("reasoning-of-llm-models")
def result(ident: str, each: Classifier) -> dict[str, Any]:
    return {
        "classifierId": each.id,
        "classifierName": each.name,
        "classifierType": each.type,
        "classifierCategoryName": each.category,
        "result": words(ident) if each.is_in_words else str(verdict(ident, each)),
        "reasoning": reasoning(ident) if each.is_in_words else None,
    }
