"""The gateway's list of recordings: which of them, in which order, from where on."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from mockserver.kit.names import hint
from mockserver.kit.times import parse_rfc3339
from mockserver.model import Advice, Facts, Found, Listing, Outcome, Reply, Standing, keeps
from mockserver.vendors.siro.presence import RECORDING, is_deleted
from mockserver.vendors.siro.recordings import item

Test: TypeAlias = Callable[[Standing], bool]
PAGE = 100
# As many as there can be: an order of its own needs them all.
ALL = 100_000
ORDERS = ("dateCreated", "durationInMilliseconds", "title", "result")


def wanted(facts: Facts) -> Listing:
    """Return what to look for: one page in the order of arrival is cheap, an order of its own needs every recording."""
    query, tests = facts.call.query, list(tests_of(facts))

    def fits(recording: Standing) -> bool:
        return all(test(recording) for test in tests)

    if order_of(facts):
        return Listing(RECORDING, ALL, fits)
    cursor = str(query["cursor"]) if query.get("cursor") else None
    return Listing(RECORDING, limit_of(facts), fits, after=cursor, is_oldest_first=not is_descending(facts))


def limit_of(facts: Facts) -> int:
    return int(str(facts.call.query.get("limit", PAGE)))


def is_descending(facts: Facts) -> bool:
    return facts.call.query.get("orderDirection") != "asc"


def order_of(facts: Facts) -> str | None:
    order = facts.call.query.get("orderBy")
    return str(order) if order in ORDERS else None


def tests_of(facts: Facts) -> Iterator[Test]:
    """Yield what every recording must pass."""
    query = facts.call.query
    yield lambda recording: not is_deleted(recording)
    if "conversationType" in query:
        types = types_named(facts, str(query["conversationType"]))
        yield lambda recording: recording.body["conversationType"] in types
    if "result" in query:
        yield lambda recording: recording.body.get("result") == query["result"]
    if "teamId" in query:
        team = {each["id"] for each in facts.account.book["users"] if each.get("memberTeamId") == query["teamId"]}
        yield lambda recording: recording.body["userId"] in team
    if "crmLinkStatus" in query:
        yield lambda recording: not recording.body["crmLinks"]
    yield from date_tests(facts)


@keeps("list-types-by-name")
def types_named(facts: Facts, names: str) -> set[str]:
    """Return the conversation types of the names, which may also be the types themselves."""
    asked = {name.strip() for name in names.split(",")}
    known = facts.account.book["conversation_types"]
    return {each["conversationType"] for each in known if asked & {each["conversationType"], each.get("displayName")}}


def date_tests(facts: Facts) -> Iterator[Test]:
    after, before = (parse_rfc3339(str(facts.call.query.get(f"dateCreated:{than}", ""))) for than in ("gt", "lt"))
    if after:
        yield lambda recording: date_of(recording) > after
    if before:
        yield lambda recording: date_of(recording) < before


def date_of(recording: Standing) -> Any:
    return parse_rfc3339(recording.body["dateCreated"])


@keeps("recordings-are-listed", "list-order-is-arrival")
def list_recordings(facts: Facts) -> Outcome:
    found = in_order(facts) if order_of(facts) else facts.found
    data = [item(facts, recording) for recording in found.items]
    return Outcome(Reply(200, {"data": data, "cursor": data[-1]["id"] if found.more else None}))


@keeps("list-order-by-members")
def in_order(facts: Facts) -> Found:
    """Return the page of what was found that follows the cursor in the order asked for."""
    limit, down = limit_of(facts), is_descending(facts)
    ordered = sorted(facts.found.items, key=lambda recording: place(recording, facts), reverse=down)
    cursor = facts.at_hand(RECORDING, str(facts.call.query.get("cursor")))
    if cursor:
        at = place(cursor, facts)
        ordered = [each for each in ordered if (place(each, facts) < at if down else place(each, facts) > at)]
    return Found(ordered[:limit], len(ordered) > limit)


def place(recording: Standing, facts: Facts) -> tuple[Any, ...]:
    """Return where a recording stands: those without a value first, equals by their ids."""
    order = order_of(facts)
    value = date_of(recording) if order == "dateCreated" else recording.body.get(str(order))
    return ((False,) if value is None else (True, value)), recording.id


def on_order(facts: Facts) -> Iterator[Advice]:
    order = facts.call.query.get("orderBy")
    if order and order not in ORDERS:
        says = f"the order is that of arrival, for nothing is sorted by {str(order)[:80]}{hint(str(order), ORDERS)}"
        yield Advice(says, "$.orderBy", "list-order-by-members")
