"""What came of the exports of conversations to another system."""

from datetime import datetime
from typing import Any

from mockserver.kit.invention import draw
from mockserver.kit.times import to_iso
from mockserver.model import Account, Facts, Kind, Listing, Outcome, Problem, Reply, Standing, keeps, rule
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.conversations import is_processed, status
from mockserver.vendors.authenticx.metadata import own_id
from mockserver.vendors.authenticx.outcomes import cased

FEATURE = "Receipts"
PAGE = 10


@keeps("receipts-of-a-feature")
def exports(account: Account) -> bool:
    return FEATURE in account.book.get("features", ())


@keeps("receipts-only-processed")
def listing(facts: Facts) -> Listing | None:
    call = facts.call
    window, hierarchies, wanted = search.window(call), search.hierarchies(facts.account, call), search.criteria(call)
    if not exports(facts.account):
        return None

    def fits(conversation: Standing) -> bool:
        return (
            is_processed(conversation)
            and status(conversation) == wanted["status"]
            and window.holds(counted(conversation, wanted.get("datereference")))
            and search.is_in(conversation, hierarchies)
        )

    return search.page(call, fits, default=PAGE)


@keeps("evaluation-complete-is-processed")
def counted(conversation: Standing, reference: str | None) -> datetime:
    return conversation.since if reference == "EvaluationCompleteDate" else conversation.created


@rule("receipts-404-when-empty")
def some_receipts_fit(facts: Facts) -> Problem | None:
    return None if facts.found.items else Problem(Kind.NOT_FOUND, "no receipt fits")


def list_receipts(facts: Facts) -> Outcome:
    # The page writes uid in small letters even where it writes the others in capitals.
    shown = [{**cased(facts, show(each)), "uid": own_id(each, "uid")} for each in facts.found.items]
    return Outcome(Reply(200, shown))


@keeps("receipt-fields", "results-are-made-up")
def show(conversation: Standing) -> dict[str, Any]:
    events = ("safetyEvent", "adverseEvent", "productQualityComplaint")
    return {
        "conversationId": conversation.id,
        "dateTimeReceived": to_iso(conversation.created),
        "clientCallId": conversation.body["client_call_id"],
        "dateTimeTransmitted": to_iso(conversation.since),
        "receiptId": receipt_id(conversation),
        **{event: draw(conversation.id, event, 2) == 1 for event in events},
    }


def receipt_id(conversation: Standing) -> str:
    """Return what the other system calls the receipt."""
    return f"RECEIPT-{draw(conversation.id, 'receipt', 10**8):08}"
