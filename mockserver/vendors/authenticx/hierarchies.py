"""The organisation's hierarchies, trees that clients read, grow and rearrange."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from mockserver.kit.times import to_iso
from mockserver.model import Account, Facts, Kind, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.authenticx import organisation, search
from mockserver.vendors.authenticx.agents import REMOVE, fits, given, is_active

Node: TypeAlias = Mapping[str, Any]
# How deep a tree may grow.
LEVELS = 10
# What a body calls its contacts, and what they are called in a hierarchy.
CONTACTS: Mapping[str, str] = {
    "administrativeContactsUserIds": "administrativeContacts",
    "escalationContactsUserIds": "escalationContacts",
    "managerContactsUserIds": "managerContacts",
}
PLAIN = ("name", "category", "subCategory", "code", "hierarchyCodes", "isActive")


def trees(account: Account) -> list[Node]:
    found: list[Node] = account.book["hierarchies"]
    return found


def find(account: Account, ident: str | None) -> Node | None:
    return organisation.by_id(organisation.hierarchies(trees(account)), ident)


def in_path(facts: Facts) -> Node | None:
    return find(facts.account, facts.call.params["HierarchyId"])


def parent_id(facts: Facts) -> str | None:
    """Return the id of the hierarchy that one is to go under, None where it names none."""
    fields = given(facts)
    wanted = fields.get("newParentId" if facts.call.method == "PUT" else "parentId")
    return wanted if isinstance(wanted, str) and wanted != REMOVE else None


@rule("unknown-hierarchy-is-404")
def hierarchy_is_known(facts: Facts) -> Problem | None:
    return search.unknown("hierarchy") if in_path(facts) is None else None


@rule("parent-must-exist")
def parent_exists(facts: Facts) -> Problem | None:
    wanted = parent_id(facts)
    if wanted is None or find(facts.account, wanted):
        return None
    return search.invalid("the parent's id is that of no hierarchy of your organization", parent_field(facts))


@rule("no-parent-of-its-own")
def parent_is_not_below(facts: Facts) -> Problem | None:
    node = in_path(facts)
    if node is None or organisation.by_id(organisation.hierarchies([node]), parent_id(facts)) is None:
        return None
    return search.invalid("a hierarchy cannot go under itself", "newParentId")


@rule("structure-levels-must-suffice")
def levels_suffice(facts: Facts) -> Problem | None:
    wanted = parent_id(facts)
    if wanted is None:
        return None
    moved = in_path(facts) if facts.call.method == "PUT" else None
    if level(trees(facts.account), wanted) + (height(moved) if moved else 1) <= LEVELS:
        return None
    return search.invalid("your organization does not have enough structure levels", parent_field(facts))


def parent_field(facts: Facts) -> str:
    return "newParentId" if facts.call.method == "PUT" else "parentId"


def level(nodes: Iterable[Node], ident: str) -> int:
    """Return at which level a hierarchy stands, 1 at the top; 0 where it is not among these."""
    for node in nodes:
        if node["id"].lower() == ident.lower():
            return 1
        if below := level(children(node), ident):
            return 1 + below
    return 0


def height(node: Node) -> int:
    return 1 + max(map(height, children(node)), default=0)


def children(node: Node) -> Sequence[Node]:
    return node.get("children") or ()


@rule("contacts-must-be-users")
def contacts_are_users(facts: Facts) -> Problem | None:
    known = organisation.users(facts.account)
    for name in CONTACTS:
        if wrong := [ident for ident in given(facts).get(name, ()) if ident not in known]:
            return search.invalid(f"{name} holds {wrong[0][:60]}, which is no active user", name)
    return None


def create_hierarchy(facts: Facts) -> Outcome:
    node = {"id": facts.call.derive("hierarchy"), "children": [], **changes(facts), "isActive": True}
    return placed(facts, node, trees(facts.account), parent_id(facts))


@keeps("null-leaves-as-it-is", "remove-makes-top")
def update_hierarchy(facts: Facts) -> Outcome:
    node = in_path(facts)
    assert node is not None  # noqa: S101  # hierarchy_is_known has seen to it
    changed = {**node, **changes(facts)}
    if "newParentId" in given(facts):
        return placed(facts, changed, edited(trees(facts.account), node["id"], lambda _: []), parent_id(facts))
    return told(facts, changed, edited(trees(facts.account), node["id"], lambda _: [changed]))


def placed(facts: Facts, node: Node, others: Sequence[Node], parent: str | None) -> Outcome:
    """Put a hierarchy under another, or at the top."""
    if parent is None:
        return told(facts, node, [*others, node])
    return told(facts, node, edited(others, parent, lambda above: [{**above, "children": [*children(above), node]}]))


def told(facts: Facts, node: Node, whole: Sequence[Node]) -> Outcome:
    account = organisation.with_book(facts.account, hierarchies=list(whole))
    return Outcome(Reply(200, show(node, level(whole, node["id"]))), account=account)


def edited(nodes: Iterable[Node], ident: str, edit: Callable[[Node], list[Node]]) -> list[Node]:
    """Return trees in which one hierarchy is replaced by what `edit` makes of it."""
    found: list[Node] = []
    for node in nodes:
        if node["id"].lower() == ident.lower():
            found += edit(node)
        elif children(node):
            found.append({**node, "children": edited(children(node), ident, edit)})
        else:
            found.append(node)
    return found


@keeps("lists-replace-all")
def changes(facts: Facts) -> dict[str, Any]:
    """Return what a body makes of a hierarchy."""
    fields, known = given(facts), organisation.users(facts.account)
    found = {name: fields[name] for name in PLAIN if name in fields}
    for name, own in CONTACTS.items():
        if name in fields:
            found[own] = [{"userName": known[each].get("userName"), "userId": each} for each in fields[name]]
    return {**found, "modifiedOn": to_iso(facts.call.at)}


@keeps("level-names")
def show(node: Node, depth: int) -> dict[str, Any]:
    """Return a hierarchy with all below it; a level without a name is called by its number."""
    return {
        "id": node["id"],
        "isActive": is_active(node),
        "name": node.get("name"),
        "structureLevelName": node.get("structureLevelName") or f"LVL{depth}",
        **{name: node.get(name) for name in ("category", "subCategory", "code", "modifiedOn")},
        **{own: [contact(each) for each in node.get(own) or ()] for own in CONTACTS.values()},
        "hierarchyCodes": node.get("hierarchyCodes") or [],
        "children": [show(child, depth + 1) for child in children(node)],
    }


def contact(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"userName": each.get("userName"), "userId": each["userId"]}


@rule("hierarchies-404-when-empty")
def some_hierarchies_fit(facts: Facts) -> Problem | None:
    every = organisation.hierarchies(trees(facts.account))
    return None if any(map(fits(facts), every)) else Problem(Kind.NOT_FOUND, "no hierarchy fits")


def list_hierarchies(facts: Facts) -> Outcome:
    shown = [show(node, 1) for node in trees(facts.account)]
    return Outcome(Reply(200, sifted(shown, fits(facts))))


@keeps("filtered-tree-is-lifted")
def sifted(nodes: Iterable[Node], wanted: Callable[[Node], bool]) -> list[dict[str, Any]]:
    """Return trees of those that are wanted; what lies below another takes its place."""
    found: list[dict[str, Any]] = []
    for node in nodes:
        below = sifted(node["children"], wanted)
        found += [{**node, "children": below}] if wanted(node) else below
    return found
