"""What a client asks to see: moments, lists and pages, named by a query or by a body."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from mockserver.kit.formats import is_uuid
from mockserver.kit.times import parse_iso8601
from mockserver.model import Account, Call, Facts, Kind, Listing, Problem, Ref, Standing, everything, keeps, rule
from mockserver.vendors.authenticx import organisation
from mockserver.vendors.authenticx.names import KNOWN
from mockserver.vendors.authenticx.reading import CONVERSATION

MOST_IDS = 100
PAGE = 100


def criteria(call: Call) -> Mapping[str, Any]:
    """Return what a call names, by the operation's names in lower case; what is null or empty counts as absent."""
    given = call.fields if call.method == "POST" else call.query
    asked = {name.lower(): given.get(name) for name in KNOWN[call.operation]}
    return {name: value for name, value in asked.items() if value is not None and value != ""}


@keeps("lists-have-commas")
def many(call: Call, *names: str) -> list[str]:
    """Return a list: in a query commas stand between its items, and so they do in a text of a body."""
    wanted = criteria(call)
    value = next((wanted[name] for name in names if name in wanted), ())
    if isinstance(value, str):
        return split(value)
    return [text for item in value for text in (split(item) if call.method == "GET" else [item])]


def split(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


class Window(Struct, frozen=True):
    """From when to when, both included; None leaves a side open."""

    start: datetime | None
    end: datetime | None

    def holds(self, at: datetime | None) -> bool:
        after = self.start is None or (at is not None and at >= self.start)
        return after and (self.end is None or (at is not None and at <= self.end))


@keeps("metadata-by-arrival")
def window(call: Call) -> Window:
    wanted = criteria(call)
    return Window(*(parse_iso8601(wanted.get(name, "")) for name in ("startdate", "enddate")))


@rule("end-not-before-start")
def dates_are_in_order(facts: Facts) -> Problem | None:
    asked = window(facts.call)
    if asked.start is None or asked.end is None or asked.start <= asked.end:
        return None
    return invalid("EndDate must be equal to or later than StartDate", "EndDate")


def last_id(call: Call) -> str | None:
    value = criteria(call).get("lastid")
    return str(value).lower() if value is not None else None


def page_before(call: Call) -> list[Ref]:
    last = last_id(call)
    return [Ref(CONVERSATION, last)] if last else []


@rule("last-id-is-known")
def page_before_is_known(facts: Facts) -> Problem | None:
    if all(ref in facts.known for ref in page_before(facts.call)):
        return None
    return invalid("LastId is not the id of a result", "LastId")


@keeps("last-id-goes-on", "oldest-first")
def page(
    call: Call, fits: Callable[[Standing], bool] = everything, *, default: int = PAGE, counts: bool = False
) -> Listing:
    """Return the page of conversations that a call asks for, in the order of their arrival."""
    return Listing(CONVERSATION, page_size(call, default), fits, last_id(call), counts=counts, is_oldest_first=True)


def page_size(call: Call, default: int = PAGE) -> int:
    # JSON has one kind of number: 1.0 is whole too.
    return int(criteria(call).get("pagesize", default))


@keeps("hierarchy-ids-filter", "hierarchy-codes-resolved", "hierarchy-filter-is-exact")
def hierarchies(account: Account, call: Call) -> set[str] | None:
    """Return the ids, in lower case, of the hierarchies that are asked for; None where none is named."""
    ids, codes = many(call, "hierarchyids"), many(call, "hierarchycodes")
    if not ids and not codes:
        return None
    return {each.lower() for each in (*ids, *(node["id"] for node in organisation.of_codes(account, codes)))}


def is_in(conversation: Standing, wanted: set[str] | None) -> bool:
    return wanted is None or (conversation.body["hierarchy_id"] or "").lower() in wanted


@rule("hierarchy-ids-are-uuids")
def hierarchy_ids_are_uuids(facts: Facts) -> Problem | None:
    return only_uuids(many(facts.call, "hierarchyids"), "HierarchyIds")


def only_uuids(idents: Iterable[str], name: str) -> Problem | None:
    wrong = next((ident for ident in idents if not is_uuid(ident)), None)
    return None if wrong is None else invalid(f"{name} must hold UUIDs, not {wrong[:60]}", name)


def only(values: Iterable[str], allowed: Iterable[str], name: str) -> Problem | None:
    """Return a problem for a value that is none of the allowed ones, whatever its casing."""
    known = list(allowed)
    folded = {value.casefold() for value in known}
    wrong = next((value for value in values if value.casefold() not in folded), None)
    return None if wrong is None else invalid(f"{name} may hold {', '.join(known)}, not {wrong[:60]}", name)


def at_most(values: list[str], name: str) -> Problem | None:
    says = f"{name} may hold {MOST_IDS} values at most, not {len(values)}"
    return invalid(says, name) if len(values) > MOST_IDS else None


def invalid(says: str, name: str) -> Problem:
    return Problem(Kind.INVALID, says, (name,))


def unknown(what: str) -> Problem:
    return Problem(Kind.NOT_FOUND, f"the organisation has no such {what}")
