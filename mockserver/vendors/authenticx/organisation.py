"""What the organisation has: its hierarchies and agents, and whom of them an upload concerns."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from mockserver.model import Account, Facts, keeps
from mockserver.vendors.authenticx.reading import text


def hierarchies(nodes: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the nodes of a tree, parents first."""
    for node in nodes:
        yield node
        yield from hierarchies(node.get("children") or ())


def by_id(items: Iterable[Mapping[str, Any]], ident: str | None) -> Mapping[str, Any] | None:
    """Return the item of an id; GUIDs are the same in any casing."""
    wanted = (ident or "").casefold()
    return next((item for item in items if wanted and item["id"].casefold() == wanted), None)


def hierarchy_by_id(facts: Facts) -> Mapping[str, Any] | None:
    return by_id(hierarchies(facts.account.book["hierarchies"]), text(facts.call, "HierarchyId"))


@keeps("hierarchy-has-several-codes")
def hierarchy_by_code(facts: Facts) -> Mapping[str, Any] | None:
    wanted = text(facts.call, "HierarchyCode")
    return next(iter(of_codes(facts.account, [wanted] if wanted else [])), None)


def of_codes(account: Account, wanted: Iterable[str]) -> list[Mapping[str, Any]]:
    """Return the hierarchies that have any of the codes."""
    asked = {*wanted}
    return [node for node in hierarchies(account.book["hierarchies"]) if asked & {*codes(node)}]


def codes(node: Mapping[str, Any]) -> list[str | None]:
    return [node.get("code"), *(node.get("hierarchyCodes") or ())]


@keeps("hierarchy-id-wins")
def hierarchy(facts: Facts) -> Mapping[str, Any] | None:
    return hierarchy_by_id(facts) or hierarchy_by_code(facts)


@keeps("agent-code-finds-agent", "unknown-agent-accepted")
def agent(facts: Facts) -> Mapping[str, Any] | None:
    wanted = text(facts.call, "AgentCode")
    agents: Iterable[Mapping[str, Any]] = facts.account.book["agents"]
    return next((each for each in agents if wanted and each.get("agentCode") == wanted), None)


@keeps("hierarchy-applied-to-agent", "apply-hierarchy-needs-one")
def apply_hierarchy(facts: Facts) -> Account | None:
    """Return the account with the hierarchy added to the agent's own, None where that is not asked for."""
    node, found = hierarchy(facts), agent(facts)
    if not facts.call.fields.get("ApplyHierarchyToAgent") or node is None or found is None:
        return None
    changed = {**found, "osms": [*dict.fromkeys([*(found.get("osms") or ()), node["id"]])]}
    return with_book(facts.account, agents=exchanged(facts.account.book["agents"], found, changed))


def exchanged(items: Iterable[Any], old: Any, new: Any) -> list[Any]:
    return [new if each is old else each for each in items]


def with_book(account: Account, **changes: Any) -> Account:
    return replace(account, book={**account.book, **changes})


@keeps("user-must-be-active")
def users(account: Account) -> dict[str, Mapping[str, Any]]:
    """Return the users who may log in, by id."""
    known: Iterable[Mapping[str, Any]] = account.book.get("users", ())
    return {user["id"]: user for user in known if not user.get("disabled")}


@keeps("what-is-made-up")
def organisation_id(account: Account) -> str:
    return str(uuid5(NAMESPACE_URL, f"authenticx:{account.name}"))
