"""The CRM: whom a customer as sent means, and what becomes of both. Nobody reads all customers for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from mockserver.kit.names import hint
from mockserver.model import Account, Advice, Call, Facts, Kind, Outcome, Problem, Record, Ref, Reply, keeps, rule
from mockserver.vendors.resonaa.customers import FIELDS, Row, csv_of, rows_of
from mockserver.vendors.resonaa.table import COLUMNS, LONGEST_NAME, read_table

BY_EMAIL, BY_PHONE = "customer-email", "customer-phone"
# In the place of a schema's keyword: the problem has one error for each row.
EACH = "each"
NOWHERE = UUID(int=0)


def refs(call: Call) -> Sequence[Ref]:
    """Name the index records of every address and number in the call: they say whose it is."""
    return list(dict.fromkeys(ref for row in rows_of(call) for ref in index_of(row)))


def index_of(row: Row) -> Iterator[Ref]:
    if row.email:
        yield Ref(BY_EMAIL, row.email)
    if row.phone:
        yield Ref(BY_PHONE, row.phone)


def further(facts: Facts) -> Sequence[Ref]:
    """Name the customers that the index leads to, and those of the account's book that the call may mean."""
    indexed = [standing.body["customer_id"] for standing in facts.known.values()]
    return [Ref("customer", ident) for ident in dict.fromkeys([*indexed, *booked(facts)])]


def booked(facts: Facts) -> dict[str, dict[str, Any]]:
    """Return the customers of the book that share an address or a number with the call's, by their ids."""
    asked = {ref for row in rows_of(facts.call) for ref in index_of(row)}
    found = enumerate(facts.account.book.get("customers", ()))
    return {
        ident_of(facts.account, place, each): whole(each)
        for place, each in found
        if not asked.isdisjoint(keys_of(each))
    }


def keys_of(customer: Mapping[str, Any]) -> Iterator[Ref]:
    return index_of(Row(0, customer))


def ident_of(account: Account, place: int, customer: Mapping[str, Any]) -> str:
    """Return the id of a customer of the book: its own, else one that its place gives."""
    return customer.get("id") or str(uuid5(NOWHERE, f"{account.name}/customers/{place}"))


def whole(customer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a customer with every field: null, no tags and no custom fields where nothing is known."""
    empty: dict[str, Any] = {**dict.fromkeys(FIELDS), "tags": [], "custom_fields": {}}
    return {name: customer.get(name) or empty[name] for name in FIELDS}


def owners_of(facts: Facts, customers: Mapping[str, Mapping[str, Any]]) -> dict[Ref, str]:
    """Return whose each address and number is: whose the index says, where that customer still has it, else anyone's.

    An entry of the index is never taken away: it says nothing once its customer has another address.
    """
    keys = {ident: set(keys_of(customer)) for ident, customer in customers.items()}
    index = {ref: standing.body["customer_id"] for ref, standing in facts.known.items() if ref.kind != "customer"}
    owners = {ref: ident for ref, ident in index.items() if ref in keys.get(ident, ())}
    for ident, own in keys.items():
        for ref in own:
            owners.setdefault(ref, ident)
    return owners


class Crm:
    """The customers that one call is about, as they change from row to row."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.kept = {ref.id: standing.record for ref, standing in facts.known.items() if ref.kind == "customer"}
        self.customers = booked(facts) | {ident: record.body for ident, record in self.kept.items()}
        self.owners = owners_of(facts, self.customers)
        self.indexed: dict[Ref, str] = {}
        self.touched: dict[str, None] = {}
        self.created = self.updated = 0

    def add(self, row: Row) -> None:
        ident = next((self.owners[ref] for ref in index_of(row) if ref in self.owners), None)
        if ident is None:
            self.created += 1
            ident = self.facts.call.derive(f"customer-{row.number}")
            self.customers[ident] = whole(row.fields)
        else:
            self.updated += 1
            self.update(ident, row)
        self.touched[ident] = None
        for ref in index_of(row):
            if self.owners.setdefault(ref, ident) == ident:
                self.indexed[ref] = ident

    def update(self, ident: str, row: Row) -> None:
        """Change a customer; what it is no longer reached by is nobody's."""
        before = set(keys_of(self.customers[ident]))
        self.customers[ident] = merged(self.customers[ident], row.fields)
        for ref in before.difference(keys_of(self.customers[ident])):
            if self.owners.get(ref) == ident:
                del self.owners[ref]
                self.indexed.pop(ref, None)

    def records(self) -> Iterator[Record]:
        for ident in self.touched:
            yield self.record(ident)
        for ref, ident in self.indexed.items():
            yield self.facts.record(ref.kind, ref.id, {"customer_id": ident})

    def record(self, ident: str) -> Record:
        body, kept = self.customers[ident], self.kept.get(ident)
        return replace(kept, body=body) if kept else self.facts.record("customer", ident, body)


@keeps("duplicate-is-updated")
def merged(customer: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a customer with what a further row says: texts replace, tags and custom fields are added."""
    tags = [*customer["tags"], *(tag for tag in fields.get("tags", ()) if tag not in customer["tags"])]
    own = {**customer["custom_fields"], **fields.get("custom_fields", {})}
    return {**customer, **fields, "tags": tags, "custom_fields": own}


@rule("csv-must-be-readable")
def csv_is_readable(facts: Facts) -> Problem | None:
    text = csv_of(facts.call)
    trouble = read_table(text).trouble if text is not None else None
    return Problem(Kind.INVALID, trouble) if trouble else None


@rule("all-refused-is-400")
def some_customer_is_fine(facts: Facts) -> Problem | None:
    rows = rows_of(facts.call)
    if any(row.error is None for row in rows):
        return None
    return Problem(Kind.INVALID, f"no customer can be taken: {rows[0].error}", keyword=EACH, got=errors_in(rows))


def errors_in(rows: Sequence[Row]) -> list[Any]:
    return [{"row": row.number, "error": row.error} for row in rows if row.error]


RULES = (csv_is_readable, some_customer_is_fine)


@keeps("crm-customers-api", "crm-assumed", "some-refused-is-201")
def accept_customers(facts: Facts) -> Outcome:
    rows, crm = rows_of(facts.call), Crm(facts)
    for row in rows:
        if row.error is None:
            crm.add(row)
    answer = {
        "success": True,
        "created": crm.created,
        "updated": crm.updated,
        "duplicates": crm.updated,
        "errors": errors_in(rows),
        "customers": [{"id": ident, **crm.customers[ident]} for ident in crm.touched],
    }
    return Outcome(Reply(201, answer), tuple(crm.records()), advice=tuple(advise_columns(facts.call)))


def advise_columns(call: Call) -> Iterator[Advice]:
    """Yield the columns of the caller's own that look like slips of documented ones."""
    text = csv_of(call)
    for column in read_table(text).columns if text is not None else ():
        meant = "" if column in COLUMNS else hint(column, COLUMNS)
        if meant:
            yield Advice(f"the column {column[:LONGEST_NAME]} is kept as a custom field{meant}", claim="csv-columns")
