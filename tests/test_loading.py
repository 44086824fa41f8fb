"""What an operation asks for beyond who calls: records at hand, what lies behind addresses, a list."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from mockserver.callers import Caller
from mockserver.engine.document import Document, Route
from mockserver.loading import Loaded, load
from mockserver.model import (
    AGES,
    Account,
    Behind,
    Call,
    Facts,
    Grant,
    Instant,
    Listing,
    Moment,
    Operation,
    Pace,
    Record,
    Ref,
)
from mockserver.state.media import MEDIA, Lying, Table, write_table
from mockserver.state.memory import MemoryStore
from mockserver.state.records import write_record
from mockserver.state.store import Store
from tests.acme import acme_document, acme_facts, changed
from tests.facts import ID, NOW

Value = TypeVar("Value")
ACCOUNT = Account("acme", "demo")
INSTANT = Instant(NOW, 0.0, Pace("1"))
WHO = {"who": "Ada"}


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


@pytest.fixture
def store() -> Store:
    return MemoryStore()


def keep(store: Store, *idents: str, **more: Any) -> None:
    records = [Record("acme", "demo", "call", ident, NOW, ID, {"number": ident}, **more) for ident in idents]
    run(store.commit([write_record(record) for record in records], {}))


@pytest.fixture
def document(tmp_path: Path) -> Document:
    listed = [
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        {"name": "X-Org", "in": "header", "schema": {"enum": ["acme"]}},
    ]
    return acme_document(tmp_path, changed("/paths/~1v1~1calls/post/parameters", listed))


def loaded(
    store: Store,
    document: Document,
    operation: Operation,
    body: Any = WHO,
    account: Account | None = ACCOUNT,
    **call: Any,
) -> Loaded:
    shown = acme_facts(body, **call).call
    (media,) = run(store.read([MEDIA]))
    caller = Caller(account, Grant(), 1, "user-1", media=media) if account else Caller(lapsed=True)
    route, table = Route(document.endpoints[0]), Table([Lying(prefix="https://a.example/", size=7)])
    return run(load(store, operation, route, shown, caller=caller, now=INSTANT, table=table))


def never(*_: Any) -> Any:
    raise AssertionError("it is not for this call to ask")


NEVER = Operation(refs=never, urls=never, listing=never)


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ({}, {}),
        (WHO, {"unreadable": (1,)}),
        (WHO, {"misread": (1,)}),
        (WHO, {"query": {"limit": "x"}}),
        (WHO, {"headers": {"x-org": "other"}}),
    ],
    ids=["body", "unreadable", "misread", "query", "header"],
)
def test_a_call_that_does_not_fit_asks_for_nothing(store: Store, document: Document, body: Any, call: Any) -> None:
    facts = loaded(store, document, NEVER, body, **call).facts
    assert (facts.fits, facts.account, facts.subject) == (False, ACCOUNT, "user-1")


def test_nobody_asks_for_anything(store: Store, document: Document) -> None:
    found = loaded(store, document, NEVER, account=None)
    assert (found.facts.account.name, found.facts.lapsed, found.versions) == ("", True, {})


def test_an_operation_that_asks_for_nothing_has_its_shape_judged_later(store: Store, document: Document) -> None:
    found = loaded(store, document, Operation())
    assert (found.facts.fits, list(found.versions)) == (False, [("account", "acme", "demo")])


def who(call: Call) -> list[Ref]:
    return [Ref("call", call.fields["who"]), Ref("call", "nobody")]


def two(_call: Call) -> list[str]:
    return ["https://a.example/1", "https://b.example/1"]


def test_records_are_at_hand_as_they_stand_and_their_absence_counts_too(store: Store, document: Document) -> None:
    keep(store, "Ada", timeline=(Moment(5, {"state": "done"}),), began=-AGES)
    found = loaded(store, document, Operation(refs=who))
    standing = found.facts.at_hand("call", "Ada")
    assert standing
    assert (standing.body, found.facts.fits) == ({"number": "Ada", "state": "done"}, True)
    assert found.facts.at_hand("call", "nobody") is None
    assert [version > 0 for version in found.versions.values()] == [True, True, False]
    assert [record.id for record in found.asked] == ["Ada"]


def test_what_lies_behind_addresses_is_looked_up_by_account(store: Store, document: Document) -> None:
    operation = Operation(urls=two)
    unknown = {"https://b.example/1": Behind()}
    assert loaded(store, document, operation).facts.behind == {"https://a.example/1": Behind(size=7), **unknown}
    lines = [Lying("https://a.example/1", account="acme/demo", size=8), Lying("https://b.example/1", account="acme/x")]
    run(store.commit([write_table(lines)], {}))
    assert loaded(store, document, operation).facts.behind == {"https://a.example/1": Behind(size=8), **unknown}
    assert loaded(store, document, Operation(urls=lambda _: ())).facts.behind == {}


def test_a_list_is_asked_for_when_all_else_is_known(store: Store, document: Document) -> None:
    keep(store, "Ada", "Bob")

    def listing(facts: Facts) -> Listing | None:
        return Listing("call", most=1) if facts.at_hand("call", "Ada") and facts.behind else None

    found = loaded(store, document, Operation(refs=who, urls=two, listing=listing))
    assert [each.id for each in found.facts.found.items] == ["Bob"]
    assert (found.facts.found.more, [record.id for record in found.asked]) == (True, ["Ada", "Bob"])
    assert len(found.versions) == 4
    without = loaded(store, document, Operation(listing=listing))
    assert without.facts == replace(without.facts, found=Facts(without.facts.call).found)
