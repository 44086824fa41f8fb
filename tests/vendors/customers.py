"""Requests to Resonaa's CRM, and what it knows already."""

from typing import Any

from mockserver.model import Call, Facts, Outcome, Problem, Record
from mockserver.vendors.resonaa import crm
from tests.facts import facts

JANE = {"name": "Jane", "email": "jane@example.com", "phone": "555-0100"}
ID = "c-1"


def request(body: dict[str, Any], known: tuple[Record, ...] = (), **rest: Any) -> Facts:
    return facts("resonaa", {"api_key": "k", **body}, operation="addCustomers", known=known, **rest)


def several(*customers: Any, known: tuple[Record, ...] = (), **rest: Any) -> Facts:
    return request({"customers": list(customers)}, known, **rest)


def call_of(body: dict[str, Any], **rest: Any) -> Call:
    return request(body, **rest).call


def customer(ident: str = ID, **fields: Any) -> Record:
    return request({}).record("customer", ident, crm.whole(JANE | fields))


def pointer(kind: str, key: str, ident: str = ID) -> Record:
    return request({}).record(kind, key, {"customer_id": ident})


def answer(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome.reply.body, dict)
    return outcome.reply.body


def counted(outcome: Outcome) -> tuple[int, int, int]:
    told = answer(outcome)
    return told["created"], told["updated"], told["duplicates"]


def kept(outcome: Outcome) -> list[tuple[str, str]]:
    return [(record.kind, record.id) for record in outcome.records]


def refusal(told: Facts) -> Problem | None:
    return next(filter(None, (rule.check(told) for rule in crm.RULES)), None)
