"""What models say of conversations."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from mockserver.kit.times import to_iso
from mockserver.model import (
    Account,
    Advice,
    Call,
    Facts,
    Kind,
    Listing,
    Outcome,
    Problem,
    Ref,
    Reply,
    Standing,
    keeps,
    rule,
)
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.advice import on_names
from mockserver.vendors.authenticx.classifiers import Classifier, classifiers, verdict, words
from mockserver.vendors.authenticx.conversations import FAILED, is_processed, status
from mockserver.vendors.authenticx.metadata import own_id
from mockserver.vendors.authenticx.organisation import of_codes
from mockserver.vendors.authenticx.reading import CONVERSATION
from mockserver.vendors.authenticx.receipts import exports, receipt_id

FEATURE = "ModelResults"
EARLIEST = datetime(2025, 10, 1, tzinfo=UTC)
NOT_YET = "This conversation has not finished processing."
NEVER = "This conversation could not be processed due to an internal processing error."
MOST_TOLD = 100
MOST_FOUND = 1_000


@rule("organisation-lacks-feature-is-501")
def organisation_has_the_feature(facts: Facts) -> Problem | None:
    if FEATURE in facts.account.book.get("features", ()):
        return None
    return Problem(Kind.NOT_IMPLEMENTED, "the organisation does not have model results")


@keeps("model-ids-from-classifiers")
def models(account: Account) -> dict[str, Classifier]:
    """Return the active models by id, in lower case; what else is known of one stands among the classifiers."""
    known = classifiers(account)
    return {entry["id"].lower(): known[entry["id"].lower()] for entry in account.book.get("models", ())}


@rule("model-ids-are-known")
def model_ids_are_known(facts: Facts) -> Problem | None:
    asked, known = search.many(facts.call, "modelids"), models(facts.account)
    if asked and all(ident.lower() in known for ident in asked):
        return None
    active = ", ".join([*known][:MOST_TOLD]) or "none"
    return search.invalid(f"modelIds must name active models of your organization, which are: {active}", "modelIds")


@rule("hierarchy-codes-are-known")
def hierarchy_codes_are_known(facts: Facts) -> Problem | None:
    for code in search.many(facts.call, "hierarchycodes"):
        if not of_codes(facts.account, [code]):
            return search.invalid(f"hierarchyCodes holds {code[:60]}, which no hierarchy has", "hierarchyCodes")
    return None


@keeps("model-results-clamped")
def listing(facts: Facts) -> Listing:
    call = facts.call
    window, hierarchies = search.window(call), search.hierarchies(facts.account, call)
    clamped = search.Window(max(window.start or EARLIEST, EARLIEST), window.end)
    is_open = includes_unprocessed(call, default=False)

    def fits(conversation: Standing) -> bool:
        return (
            (is_open or is_processed(conversation))
            and clamped.holds(conversation.created)
            and search.is_in(conversation, hierarchies)
        )

    return search.page(call, fits)


def includes_unprocessed(call: Call, *, default: bool) -> bool:
    return bool(search.criteria(call).get("includeunprocessedmedia", default))


def on_listing(facts: Facts) -> Iterable[Advice]:
    yield from on_names(facts)
    start = search.window(facts.call).start
    if start is not None and start < EARLIEST:
        yield Advice("what is before 2025-10-01 is left out", "$.startDate", "model-results-clamped")


def list_model_results(facts: Facts) -> Outcome:
    return answer(facts, facts.found.items, is_open=includes_unprocessed(facts.call, default=False))


def answer(facts: Facts, conversations: Iterable[Standing], *, is_open: bool) -> Outcome:
    """Tell the results of what is processed; where it is asked for, that there are none of the rest."""
    known = models(facts.account)
    asked = {ident: known[ident] for ident in map(str.lower, search.many(facts.call, "modelids"))}
    told = [each for each in conversations if is_open or is_processed(each)]
    has_receipts = exports(facts.account)
    body = [show(each, asked.values(), is_open=is_open, has_receipts=has_receipts) for each in told]
    return Outcome(Reply(200, body))


def named_conversations(call: Call) -> list[Ref]:
    return [Ref(CONVERSATION, ident.lower()) for ident in search.many(call, "conversationids")]


def by_client_call_ids(facts: Facts) -> Listing | None:
    calls = {*search.many(facts.call, "clientcallids")}
    if not calls:
        return None
    return Listing(CONVERSATION, MOST_FOUND, lambda each: each.body["client_call_id"] in calls, is_oldest_first=True)


@rule("conversations-must-be-named")
def conversations_are_named(facts: Facts) -> Problem | None:
    if search.many(facts.call, "conversationids") or search.many(facts.call, "clientcallids"):
        return None
    return search.invalid("conversationIds or clientCallIds must be given", "conversationIds")


@rule("named-conversations-are-uuids")
def conversation_ids_are_uuids(facts: Facts) -> Problem | None:
    return search.only_uuids(search.many(facts.call, "conversationids"), "conversationIds")


@rule("named-conversations-at-most-100")
def conversations_are_few(facts: Facts) -> Problem | None:
    for name in ("conversationIds", "clientCallIds"):
        if problem := search.at_most(search.many(facts.call, name.lower()), name):
            return problem
    return None


@keeps("either-id-finds-conversations")
def get_model_results(facts: Facts) -> Outcome:
    is_open = includes_unprocessed(facts.call, default=True)
    named = [facts.known[ref] for ref in named_conversations(facts.call) if ref in facts.known]
    found = {each.id: each for each in (*named, *facts.found.items)}
    return answer(facts, found.values(), is_open=is_open)


@keeps("media-status-where-asked-for", "unprocessed-has-no-results")
def show(conversation: Standing, asked: Iterable[Classifier], *, is_open: bool, has_receipts: bool) -> dict[str, Any]:
    is_done = is_processed(conversation)
    return {
        "conversationId": conversation.id,
        "clientCallId": conversation.body["client_call_id"],
        "eventType": "ModelResults",
        "eventTime": to_iso(conversation.since),
        "mediaStatus": media_status(conversation) if is_open else None,
        "modelResults": [result(conversation.id, each) for each in asked] if is_done else None,
        "emissionReceipt": receipt(conversation) if is_done and has_receipts else None,
        "priorResults": [],
    }


def media_status(conversation: Standing) -> dict[str, str | None]:
    if is_processed(conversation):
        return {"status": "Processed", "reason": None}
    if status(conversation) == FAILED:
        return {"status": "FailedToProcess", "reason": NEVER}
    return {"status": "NotProcessed", "reason": NOT_YET}


@keeps("result-or-text-result")
def result(ident: str, each: Classifier) -> dict[str, Any]:
    return {
        "modelId": each.id,
        "modelName": each.name,
        "result": None if each.is_in_words else verdict(ident, each),
        "textResult": words(ident) if each.is_in_words else None,
    }


@keeps("emission-receipt")
def receipt(conversation: Standing) -> dict[str, str]:
    return {
        "eventTime": to_iso(conversation.since),
        "authenticxReceiptId": own_id(conversation, "receipt"),
        "customerReceiptId": receipt_id(conversation),
    }
