"""Fields that Resonaa passes over in silence, told with the names that were likely meant."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from msgspec import Struct

from mockserver.kit.names import hint
from mockserver.model import Advice, Call, Facts, keeps

MOST_ADVICE = 20
LONGEST_NAME = 80
PEOPLE = ("customer_name", "user_id", "extension_id", "order_id")
CUSTOMER = ("name", "email", "phone", "stage", "tags", "custom_fields")
FIELDS = {
    "addCall": ("api_key", "call", "audio_url", *PEOPLE),
    "addCallByUrl": ("api_key", "call_url", *PEOPLE),
    "uploadTicket": ("api_key", "conversation", "ticket_id", *PEOPLE),
}
ACTIONS = {
    "create": ("api_key", "action", "name", "schema"),
    "rows": ("api_key", "action", "job_id", "rows"),
    "finalize": ("api_key", "action", "job_id"),
}
# The vendor's two APIs for calls name the same thing differently.
TWINS = {"audio_url": "call_url", "call_url": "audio_url"}


class Place(Struct, frozen=True):
    """A value of the request that may be an object, and the names it may have."""

    at: str
    value: Any
    known: tuple[str, ...]


@keeps("unknown-fields-ignored")
def advise_fields(facts: Facts) -> Iterator[Advice]:
    """Yield what is ignored, whatever shape the body has."""
    return islice((advice for place in places(facts.call) for advice in ignored(place)), MOST_ADVICE)


def places(call: Call) -> Iterator[Place]:
    body = call.fields
    yield Place("$", body, known_beside(call))
    if call.operation == "uploadTicket":
        yield from each("$.conversation", body.get("conversation"), ("speaker", "text", "timestamp"))
    if call.operation == "addCustomers":
        yield from each("$.customers", body.get("customers"), CUSTOMER)
    if call.operation == "uploadSheet":
        schema = body.get("schema")
        yield Place("$.schema", schema, ("columns",))
        columns = schema.get("columns") if isinstance(schema, dict) else None
        yield from each("$.schema.columns", columns, ("name", "type"))


def each(at: str, listed: Any, known: tuple[str, ...]) -> Iterator[Place]:
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        yield Place(f"{at}[{index}]", item, known)


def known_beside(call: Call) -> tuple[str, ...]:
    """Return the fields of the whole body: they depend on the sheet's phase, and on the form that customers come in."""
    body = call.fields
    if call.operation == "uploadSheet":
        action = body.get("action")
        return ACTIONS.get(action, ()) if isinstance(action, str) else ()
    if call.operation == "addCustomers":
        form = next((name for name in ("file", "customers", "csv") if name in body), None)
        return ("api_key", form) if form else ("api_key", *CUSTOMER, "customers", "csv")
    return FIELDS[call.operation]


def ignored(place: Place) -> Iterator[Advice]:
    if not isinstance(place.value, dict) or not place.known:
        return
    for name in place.value:
        if name not in place.known:
            meant = hint(name, place.known) or twin(name, place.known)
            says = f"{name[:LONGEST_NAME]} is no field here and is ignored{meant}"
            yield Advice(says, f"{place.at}.{name[:LONGEST_NAME]}", "unknown-fields-ignored")


def twin(name: str, known: tuple[str, ...]) -> str:
    other = TWINS.get(name)
    return f": here it is called {other}" if other in known else ""
