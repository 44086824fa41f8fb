from typing import Any

import pytest

from mockserver.model import Facts, Kind, Outcome, Problem, Ref
from mockserver.vendors.resonaa import tickets
from mockserver.vendors.resonaa.speakers import detect_customer
from tests.facts import ID, facts

USER = "7b0f5f0e-0000-4000-8000-000000000456"
TURNS = [{"speaker": "Agent", "text": "Hello"}, {"speaker": "Jane Doe", "text": "Hi"}]


def ticket(conversation: Any = TURNS, **fields: Any) -> Facts:
    return facts("resonaa", {"api_key": "k", "conversation": conversation, **fields}, operation="uploadTicket")


def refusals(told: Facts) -> list[Problem]:
    return [problem for rule in tickets.RULES if (problem := rule.check(told))]


def body_of(outcome: Outcome) -> dict[str, Any]:
    (record,) = outcome.records
    return record.body


@pytest.mark.parametrize(
    ("conversation", "name"),
    [
        ("Agent: Hi.\nJane Doe: Hello.", "Jane Doe"),
        ("JANE DOE: Hello.\nJane Doe: again.\nsupport: Yes?", "JANE DOE"),
        ("Customer (Jane Doe): Hello.", "Jane Doe"),
        ("Jane Doe [Customer]: Hello.\nBob Ray: Hi.", "Jane Doe"),
        ("Jane Doe (Caller): Hello.\nBob Ray: Hi.", "Jane Doe"),
        ("Customer \u2014 Jane Doe: Hello.", "Jane Doe"),
        ("Customer Jane Doe: Hello.", "Jane Doe"),
        ("Client/Jane: Hello.", "Jane"),
        ("Agent 2: Hi.\nCustomer 1: Hello.", None),
        ("Agent Bob: Hi.\nClient: Hello.\nJane: It is me.", "Jane"),
        ("Customer (Jane): Hello.\nCustomer (Ann): Me too.", None),
        ("dana reyes: Hi.\nJane: Hello.", "Jane"),
        ("Dana Reyes: Hi.\nBob: Hello.\nJane: Hello.", None),
        ("Dana Reyes: Nobody there?", None),
        ("Jane: Hello.\nBob: Hi.", None),
        ("Agent: Hi.\nSubject: Refund", None),
        ("Agent: see\nhttps://example.com/a", None),
        ("Agent: Hi.\nAt 10:30 nothing happened.", None),
        ("Agent: Hi.\nplease do note the following: nothing.", None),
        ("Agent: Hi.\nMaria del Carmen Ruiz: Hello.", "Maria del Carmen Ruiz"),
        ("Agent: Hi.\nOne Two Three Four Five Six: Hello.", None),
        ("[14:30:00] Agent: Hi.\n(2026-06-23 14:30:20) Jane: Hello.", "Jane"),
        ("14:30 Agent: Hi.\n2:30 PM - Jane: Hello.", "Jane"),
        ("Agent:Hi.\nZo\u00eb:Hello.", "Zo\u00eb"),
        ("\u5ba2\u670d: \u4f60\u597d\nAgent: Hi.", "\u5ba2\u670d"),
        ("no labels at all", None),
        (TURNS, "Jane Doe"),
        ([{"speaker": " Jane ", "text": "Hello"}, {"speaker": "Bot", "text": "Hi"}], "Jane"),
        ([{"speaker": "customer", "text": "Hello"}], None),
        ([{"speaker": "  ", "text": "Hello"}], None),
    ],
)
def test_the_customer_is_who_the_labels_say(conversation: Any, name: str | None) -> None:
    assert detect_customer(conversation, ["Dana Reyes"]) == name


def test_a_label_is_looked_for_in_the_beginning_of_a_line_only() -> None:
    assert detect_customer(f"Agent: Hi.\n{'x' * 1_000_000}: no label", []) is None


@pytest.mark.parametrize("conversation", [" \n\t ", [{"speaker": "Agent", "text": " "}]], ids=["text", "turns"])
def test_blanks_are_no_conversation(conversation: Any) -> None:
    (problem,) = refusals(ticket(conversation))
    assert (problem.kind, problem.path) == (Kind.INVALID, ("conversation",))


def test_a_ticket_under_an_id_that_is_taken_is_a_conflict() -> None:
    told = ticket(ticket_id="T-1")
    assert refusals(told) == []
    taken = facts("resonaa", told.call.body, known=[told.record("ticket", "T-1", {})])
    (problem,) = refusals(taken)
    assert (problem.kind, problem.says) == (Kind.CONFLICT, "there is a ticket T-1 already")


def test_only_an_id_of_the_callers_own_is_asked_for() -> None:
    assert tickets.refs(ticket(ticket_id="T-1").call) == (Ref("ticket", "T-1"),)
    assert tickets.refs(ticket(ticket_id="").call) == tickets.refs(ticket().call) == ()


@pytest.mark.parametrize(("fields", "ident"), [({}, ID), ({"ticket_id": ""}, ID), ({"ticket_id": "T-1"}, "T-1")])
def test_a_ticket_goes_by_the_callers_id_or_a_new_one(fields: dict[str, str], ident: str) -> None:
    outcome = tickets.accept_ticket(ticket(**fields))
    assert outcome.reply.status == 201
    assert outcome.reply.body == {
        "success": True,
        "ticket_id": ident,
        "message": "Ticket uploaded successfully and queued for analysis",
    }
    assert [(record.kind, record.id) for record in outcome.records] == [("ticket", ident)]


def test_a_ticket_is_remembered_as_it_was_sent_and_goes_on_by_itself() -> None:
    outcome = tickets.accept_ticket(ticket(customer_name="Acme Corp", extension_id="EXT-456", order_id="ORD-789"))
    assert body_of(outcome) == {
        "status": "queued",
        "customer_name": "Acme Corp",
        "user_id": USER,
        "extension_id": "EXT-456",
        "worker_id": "ORD-789",
        "customer_name_detected": False,
        "conversation": TURNS,
    }
    (record,) = outcome.records
    assert [(moment.after, moment.state["status"]) for moment in record.timeline] == [
        (10, "processing"),
        (20, "analysed"),
    ]
    assert record.failure == {"status": "failed", "error": "the ticket could not be analysed"}
    assert outcome.advice == ()


def test_a_users_own_name_is_no_customers() -> None:
    book: dict[str, Any] = {"users": [{"id": "u1"}, {"id": "u2", "name": "Bob Ray"}]}
    body = {"conversation": "Bob Ray: Hi.\nJane Doe: Hello."}
    kept = body_of(tickets.accept_ticket(facts("resonaa", body, book=book)))
    assert (kept["customer_name"], kept["customer_name_detected"]) == ("Jane Doe", True)


@pytest.mark.parametrize(
    ("conversation", "fields", "claims"),
    [
        ("Hello?", {}, ["customer-name-undetected"]),
        ("Hello?", {"customer_name": "Jane"}, []),
        (TURNS, {"user_id": "nobody"}, ["unknown-agent-unassigned"]),
    ],
)
def test_a_ticket_that_is_nobodys_is_advised_on(conversation: Any, fields: dict[str, str], claims: list[str]) -> None:
    outcome = tickets.accept_ticket(ticket(conversation, **fields))
    assert [advice.claim for advice in outcome.advice] == claims
