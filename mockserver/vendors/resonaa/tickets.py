"""Tickets: a conversation as text, queued for analysis under its agent and its customer."""

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver.model import Advice, Call, Facts, Kind, Outcome, Problem, Ref, Reply, keeps, rule
from mockserver.vendors.resonaa.outcomes import advise_agent, remember_people
from mockserver.vendors.resonaa.reading import text
from mockserver.vendors.resonaa.results import failure, ticket_timeline
from mockserver.vendors.resonaa.speakers import detect_customer


def refs(call: Call) -> Sequence[Ref]:
    own = text(call, "ticket_id")
    return (Ref("ticket", own),) if own else ()


def said(call: Call) -> list[str]:
    """Return what is said, turn by turn: the lines of a text that are not blank, the texts of a list."""
    conversation = call.fields["conversation"]
    if isinstance(conversation, str):
        conversation = [{"text": line} for line in conversation.splitlines()]
    return [turn["text"] for turn in conversation if turn["text"].strip()]


@rule("conversation-has-words")
def conversation_has_words(facts: Facts) -> Problem | None:
    if said(facts.call):
        return None
    return Problem(Kind.INVALID, "conversation must hold more than blanks", ("conversation",))


@rule("ticket-id-is-new")
def ticket_id_is_new(facts: Facts) -> Problem | None:
    if not facts.known:
        return None
    own = facts.call.fields["ticket_id"]
    return Problem(Kind.CONFLICT, f"there is a ticket {own[:80]} already", ("ticket_id",))


RULES = (conversation_has_words, ticket_id_is_new)


@keeps("ticket-upload-api", "tickets-assumed", "ticket-is-queued", "ticket-id-is-the-callers")
def accept_ticket(facts: Facts) -> Outcome:
    call = facts.call
    ident = text(call, "ticket_id") or call.id
    answer = {"success": True, "ticket_id": ident, "message": "Ticket uploaded successfully and queued for analysis"}
    timeline = ticket_timeline(ident, said(call))
    record = facts.record("ticket", ident, remember(facts), timeline, failure("ticket"))
    return Outcome(Reply(201, answer), (record,), advice=tuple(advise_ticket(facts)))


def remember(facts: Facts) -> dict[str, Any]:
    """Return the ticket as the vendor keeps it: the conversation as it was sent."""
    people = remember_people(facts)
    found = None if people["customer_name"] else detected(facts)
    return {
        "status": "queued",
        **people,
        "customer_name": people["customer_name"] or found,
        "customer_name_detected": found is not None,
        "conversation": facts.call.fields["conversation"],
    }


def detected(facts: Facts) -> str | None:
    agents = [user["name"] for user in facts.account.book["users"] if user.get("name")]
    return detect_customer(facts.call.fields["conversation"], agents)


@keeps("customer-name-undetected")
def advise_ticket(facts: Facts) -> Iterator[Advice]:
    yield from advise_agent(facts, "ticket")
    if text(facts.call, "customer_name") is None and detected(facts) is None:
        says = "no customer_name is given, and the speakers' labels tell none: the ticket has no customer"
        yield Advice(says, "$.conversation", "customer-name-undetected")
