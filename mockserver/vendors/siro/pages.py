"""Lists of what OAuth made: few enough to be sorted and counted whole."""

from collections.abc import Sequence
from typing import Any

from mockserver.kit.times import parse_rfc3339
from mockserver.model import Facts, Kind, Problem, keeps

PAGE = 100
FIELDS = {"dateCreated": "createdAt", "dateUpdated": "updatedAt"}


def within_dates(facts: Facts, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items that were made after fromDate and before toDate."""
    query = facts.call.query
    after, before = (parse_rfc3339(str(query.get(name, ""))) for name in ("fromDate", "toDate"))
    return [each for each in items if is_within(parse_rfc3339(each["createdAt"]), after, before)]


def is_within(moment: Any, after: Any, before: Any) -> bool:
    return (after is None or moment > after) and (before is None or moment < before)


@keeps("oauth-list-order", "oauth-list-cursor", "oauth-list-page")
def page_of(facts: Facts, items: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
    """Return a page of items that come oldest first and go by `key`; a cursor wins over a page's number."""
    query = facts.call.query
    limit = int(str(query.get("limit", PAGE)))
    ordered = in_order(
        items, str(query.get("sortField", "dateCreated")), is_ascending=query.get("sortDirection") == "asc"
    )
    start = limit * (int(str(query.get("page", 1))) - 1)
    if "cursor" in query:
        start = place_of(query["cursor"], ordered, key)
    page, more = ordered[start : start + limit], len(ordered) > start + limit
    return {
        "data": page,
        "cursor": page[-1][key] if more else None,
        "pageSize": limit,
        "limit": limit,
        "total": len(ordered),
        "hasNextPage": more,
    }


def in_order(items: Sequence[dict[str, Any]], field: str, *, is_ascending: bool) -> list[dict[str, Any]]:
    ordered = sorted(items, key=lambda each: str(each[FIELDS[field]]))
    return ordered if is_ascending else ordered[::-1]


def place_of(cursor: Any, items: Sequence[dict[str, Any]], key: str) -> int:
    """Return where the list goes on behind the item that the cursor names, 0 where there is none."""
    return next((index for index, each in enumerate(items, 1) if each[key] == cursor), 0)


def is_lost(facts: Facts, items: Sequence[dict[str, Any]], key: str) -> Problem | None:
    """Return the problem of a cursor that none of the items goes by."""
    cursor = facts.call.query.get("cursor")
    if not cursor or place_of(cursor, items, key):
        return None
    return Problem(Kind.INVALID, "cursor is not one that was given out", ("cursor",))
