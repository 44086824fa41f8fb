"""Whom an upload concerns within the organisation: its hierarchy and its agent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from mockserver.model import Account, Facts, keeps
from mockserver.vendors.authenticx.reading import text


def hierarchies(nodes: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the nodes of a tree, parents first."""
    for node in nodes:
        yield node
        yield from hierarchies(node.get("children") or ())


def hierarchy_by_id(facts: Facts) -> Mapping[str, Any] | None:
    wanted = (text(facts.call, "HierarchyId") or "").casefold()  # GUIDs are the same in any casing
    tree = hierarchies(facts.account.book["hierarchies"])
    return next((node for node in tree if wanted and node["id"].casefold() == wanted), None)


@keeps("hierarchy-has-several-codes")
def hierarchy_by_code(facts: Facts) -> Mapping[str, Any] | None:
    wanted = text(facts.call, "HierarchyCode")
    tree = hierarchies(facts.account.book["hierarchies"])
    return next((node for node in tree if wanted and wanted in codes(node)), None)


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
    agents = [changed if each is found else each for each in facts.account.book["agents"]]
    return replace(facts.account, book={**facts.account.book, "agents": agents})
