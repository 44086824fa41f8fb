"""Customers that are there already: found by an index, in the account's book, or among the rows before."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from mockserver.creation import Wish, furnish
from mockserver.vendors.resonaa import crm
from mockserver.world import World
from tests.stores import Hesitant
from tests.vendors.customers import ID, JANE, answer, counted, customer, kept, pointer, request, several
from tests.worlds import arrival, ask, new_world

BY_JANE = (pointer(crm.BY_EMAIL, "jane@example.com"), pointer(crm.BY_PHONE, "5550100"))
HEADERS = {"Content-Type": "application/json"}


class Client:
    """A company with a CRM of its own."""

    def __init__(self, *book: dict[str, Any]) -> None:
        self.world: World = new_world("resonaa")
        account = furnish(self.world, Wish("resonaa", book={"customers": list(book)}))
        assert asyncio.run(self.world.open(account))
        self.key = account.credentials["api_key"]

    def body(self, *customers: dict[str, Any]) -> bytes:
        return json.dumps({"api_key": self.key, "customers": customers}).encode()

    def add(self, *customers: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the customers of the answer."""
        served = ask(self.world, "resonaa", "POST", "/api/crm/customers", headers=HEADERS, body=self.body(*customers))
        reply = served.decision.outcome.reply
        assert reply.status == 201, served.decision.trouble
        assert isinstance(reply.body, dict)
        found: list[dict[str, Any]] = reply.body["customers"]
        return found

    def meant(self, **fields: Any) -> str:
        """Return the id of whom a customer with these fields turns out to be."""
        (found,) = self.add({"name": "J", **fields})
        return str(found["id"])


def test_what_a_further_row_says_is_added() -> None:
    before = customer(tags=["a"], stage="lead", custom_fields={"x": 1, "y": 1})
    sent = {"name": "Jane Doe", "email": "Jane@example.com", "tags": ["b", "a"], "custom_fields": {"y": 2}}
    outcome = crm.accept_customers(several(sent, known=(before, *BY_JANE)))
    assert counted(outcome) == (0, 1, 1)
    assert answer(outcome)["customers"] == [
        {
            "id": ID,
            "name": "Jane Doe",
            "email": "Jane@example.com",
            "phone": "555-0100",
            "stage": "lead",
            "tags": ["a", "b"],
            "custom_fields": {"x": 1, "y": 2},
        }
    ]
    assert outcome.records[0].created == before.created


def test_an_index_whose_customer_is_gone_says_nothing() -> None:
    outcome = crm.accept_customers(request(JANE, BY_JANE))
    assert counted(outcome) == (1, 0, 0)
    assert {record.body["customer_id"] for record in outcome.records[1:]} == {outcome.records[0].id}


def test_an_address_in_any_casing_or_else_the_digits_of_a_number_tell_a_customer() -> None:
    client = Client()
    jane = client.meant(email="jane@example.com", phone="555-0100")
    assert client.meant(email="JANE@EXAMPLE.COM") == jane
    assert client.meant(phone="(555) 0100") == jane
    assert client.meant(email="j@example.com", phone="5550100") == jane
    assert client.meant(email="j@example.com") == jane
    assert client.meant() != client.meant()


def test_an_address_that_a_customer_has_no_longer_is_free() -> None:
    client = Client()
    jane = client.meant(email="old@example.com", phone="555-0100")
    assert client.meant(email="new@example.com", phone="555-0100") == jane
    other = client.meant(email="old@example.com")
    assert other != jane
    assert client.meant(email="old@example.com") == other
    assert client.meant(email="new@example.com") == jane


def test_it_is_free_for_the_rows_that_follow_too() -> None:
    client = Client()
    client.add({"name": "Jane", "email": "old@example.com", "phone": "555-0100"})
    found = client.add(
        {"name": "Jane", "email": "new@example.com", "phone": "555-0100"},
        {"name": "Ann", "email": "old@example.com"},
        {"name": "Ann Lee", "email": "old@example.com"},
    )
    assert [(each["name"], each["email"]) for each in found] == [
        ("Jane", "new@example.com"),
        ("Ann Lee", "old@example.com"),
    ]
    assert client.meant(email="old@example.com") == found[1]["id"]


def test_an_address_given_and_taken_in_one_request_leaves_no_index() -> None:
    sent = [JANE, {"name": "Jane", "email": "new@example.com", "phone": "555-0100"}]
    outcome = crm.accept_customers(several(*sent))
    assert counted(outcome) == (1, 1, 1)
    assert kept(outcome)[1:] == [(crm.BY_PHONE, "5550100"), (crm.BY_EMAIL, "new@example.com")]


def test_a_number_that_two_share_stays_whose_it_was() -> None:
    client = Client()
    first = client.meant(email="a@example.com", phone="555-0100")
    second = client.meant(email="b@example.com")
    assert client.meant(email="b@example.com", phone="555-0100") == second
    assert client.meant(phone="555-0100") == first
    assert client.meant(email="b@example.com", phone="555-0199") == second
    assert client.meant(phone="555-0100") == first
    assert client.meant(email="c@example.com", phone="555-0100") == first


def test_it_stays_so_when_the_other_gives_it_up_again() -> None:
    found = Client().add(
        {"name": "Ann", "email": "a@example.com", "phone": "555-0100"},
        {"name": "Bob", "email": "b@example.com"},
        {"name": "Bob", "email": "b@example.com", "phone": "555-0100"},
        {"name": "Bob", "email": "b@example.com", "phone": "555-0199"},
        {"name": "Ann Lee", "phone": "555-0100"},
    )
    assert [(each["name"], each["phone"]) for each in found] == [("Ann Lee", "555-0100"), ("Bob", "555-0199")]


def test_a_customer_of_the_book_is_found_and_from_then_on_remembered() -> None:
    client = Client({"id": "c-7", "name": "Jane", "email": "JANE@example.com", "phone": None}, {"name": "Nobody"})
    (found,) = client.add({"name": "Jane Doe", "email": "jane@example.com", "phone": "555-0100"})
    assert (found["id"], found["name"], found["email"]) == ("c-7", "Jane Doe", "jane@example.com")
    assert client.meant(phone="555-0100") == "c-7"
    (found,) = client.add({"name": "Jane", "email": "jane@example.com", "stage": "won"})
    assert (found["id"], found["phone"], found["stage"]) == ("c-7", "555-0100", "won")


def test_a_customer_of_the_book_leaves_its_old_address_too() -> None:
    client = Client({"id": "c-7", "name": "Jane", "email": "old@example.com", "phone": "555-0100"})
    assert client.meant(email="new@example.com", phone="555-0100") == "c-7"
    assert client.meant(email="old@example.com") != "c-7"
    assert client.meant(email="new@example.com") == "c-7"


def test_a_customer_of_the_book_without_an_id_has_one_by_its_place() -> None:
    client = Client({"name": "Ann", "phone": "555-0199"}, {"name": "Jane", "phone": "555-0100"})
    jane = client.meant(phone="5550100")
    assert client.meant(phone="5550100") == jane
    assert client.meant(phone="5550199") != jane


def test_of_those_who_add_one_customer_at_once_one_creates_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.creation.MemoryStore", Hesitant)
    client = Client()

    async def together() -> list[dict[str, int]]:
        calls = [
            client.world.serve(
                "resonaa",
                arrival(
                    "POST", "/api/crm/customers", headers=HEADERS, body=client.body({**JANE, "phone": f"555-01{n:02}"})
                ),
            )
            for n in range(8)
        ]
        served = await asyncio.gather(*calls)
        bodies = [each.decision.outcome.reply.body for each in served]
        return [body for body in bodies if isinstance(body, dict)]

    found = asyncio.run(together())
    assert Counter((each["created"], each["updated"]) for each in found) == {(1, 0): 1, (0, 1): 7}
    rows = asyncio.run(client.world.store.scan(("record", "resonaa")))
    assert Counter(key[3] for key, _ in rows)["customer"] == 1
