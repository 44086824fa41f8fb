from typing import Any

import pytest

from mockserver.model import Facts, Kind, Outcome
from mockserver.vendors.authenticx import hierarchies
from tests.authenticx import GONE, NOBODY, USER, body_of
from tests.facts import ID, facts

TREE: list[dict[str, Any]] = [
    {"id": "A", "name": "Care", "children": [{"id": "b", "name": "Day", "children": [{"id": "c", "name": "Early"}]}]},
    {"id": "d", "name": "Sales", "children": None},
]


def chain(length: int, name: str = "x") -> dict[str, Any]:
    node: dict[str, Any] = {"id": f"{name}{length}"}
    for number in range(length - 1, 0, -1):
        node = {"id": f"{name}{number}", "children": [node]}
    return node


def adding(trees: list[dict[str, Any]] = TREE, /, **fields: Any) -> Facts:
    body = {"name": "New", **fields}
    return facts("authenticx", body, operation="createHierarchy", book={"hierarchies": trees})


def changing(ident: str, trees: list[dict[str, Any]] = TREE, /, **fields: Any) -> Facts:
    params, book = {"HierarchyId": ident}, {"hierarchies": trees}
    return facts("authenticx", fields, operation="updateHierarchy", method="PUT", params=params, book=book)


def listing(trees: list[dict[str, Any]], /, **query: Any) -> Facts:
    book = {"hierarchies": trees}
    return facts("authenticx", None, operation="listHierarchies", method="GET", query=query, book=book)


def drawn(nodes: Any) -> str:
    """Return trees in short: `A(b(c)) d`."""
    return " ".join(
        node["id"] + (f"({drawn(node['children'])})" if node.get("children") else "") for node in nodes
    ).replace(str(new_id()), "new")


def new_id() -> str:
    return str(body_of(hierarchies.create_hierarchy(adding()))["id"])


def trees_of(outcome: Outcome) -> str:
    assert outcome.account
    return drawn(outcome.account.book["hierarchies"])


@pytest.mark.parametrize(
    ("parent", "drawing", "level"),
    [
        (None, "A(b(c)) d new", "LVL1"),
        ("a", "A(b(c) new) d", "LVL2"),
        ("C", "A(b(c(new))) d", "LVL4"),
        ("d", "A(b(c)) d(new)", "LVL2"),
    ],
)
def test_a_hierarchy_is_added_at_the_top_or_under_another(parent: str | None, drawing: str, level: str) -> None:
    outcome = hierarchies.create_hierarchy(adding(parentId=parent))
    assert (trees_of(outcome), body_of(outcome)["structureLevelName"]) == (drawing, level)
    assert body_of(outcome)["modifiedOn"] == "2026-06-23T14:30:00.000Z"
    assert drawn(TREE) == "A(b(c)) d"


def test_a_hierarchy_has_its_contacts_by_name() -> None:
    told = body_of(hierarchies.create_hierarchy(adding(managerContactsUserIds=[USER], code="N", category=None)))
    assert told["managerContacts"] == [{"userName": "m@example.com", "userId": USER}]
    assert (told["administrativeContacts"], told["code"], told["category"]) == ([], "N", None)
    assert (told["hierarchyCodes"], told["isActive"]) == ([], True)


@pytest.mark.parametrize("value", [False, "false", [1]])
def test_a_new_hierarchy_is_active_whatever_else_it_was_sent_with(value: Any) -> None:
    outcome = hierarchies.create_hierarchy(adding(isActive=value))
    assert outcome.account
    assert (body_of(outcome)["isActive"], outcome.account.book["hierarchies"][-1]["isActive"]) == (True, True)


@pytest.mark.parametrize(
    ("fields", "fine"),
    [
        ({}, True),
        ({"escalationContactsUserIds": [USER], "managerContactsUserIds": None}, True),
        ({"escalationContactsUserIds": [USER, GONE]}, False),
        ({"administrativeContactsUserIds": ["x" * 200]}, False),
    ],
)
def test_contacts_are_active_users(fields: dict[str, Any], *, fine: bool) -> None:
    problem = hierarchies.contacts_are_users.check(adding(**fields))
    assert (problem is None) is fine
    assert problem is None or len(problem.says) < 150


@pytest.mark.parametrize(
    ("asked", "fine"),
    [
        (adding(), True),
        (adding(parentId="B"), True),
        (adding(parentId=NOBODY), False),
        (changing("b"), True),
        (changing("b", newParentId="remove"), True),
        (changing("b", newParentId="d"), True),
        (changing("b", newParentId="x"), False),
        (changing("b", parentId="x"), True),
    ],
)
def test_a_parent_must_exist(asked: Facts, *, fine: bool) -> None:
    assert (hierarchies.parent_exists.check(asked) is None) is fine


@pytest.mark.parametrize(
    ("ident", "parent", "fine"),
    [("b", "d", True), ("b", "a", True), ("b", "B", False), ("A", "c", False), ("A", "remove", True), ("x", "b", True)],
)
def test_a_hierarchy_does_not_go_under_itself(ident: str, parent: str, *, fine: bool) -> None:
    assert (hierarchies.parent_is_not_below.check(changing(ident, newParentId=parent)) is None) is fine


@pytest.mark.parametrize(
    ("asked", "fine"),
    [
        (adding([chain(10)], parentId="x9"), True),
        (adding([chain(10)], parentId="x10"), False),
        (adding([chain(10)]), True),
        (changing("y1", [chain(8), chain(2, "y")], newParentId="x8"), True),
        (changing("y1", [chain(9), chain(2, "y")], newParentId="x9"), False),
        (changing("y2", [chain(9), chain(2, "y")], newParentId="x9"), True),
        (changing("nobody", [chain(9)], newParentId="x9"), True),
    ],
)
def test_there_are_ten_levels(asked: Facts, *, fine: bool) -> None:
    assert (hierarchies.levels_suffice.check(asked) is None) is fine


@pytest.mark.parametrize(
    ("ident", "parent", "drawing", "level"),
    [
        ("b", "remove", "A d b(c)", "LVL1"),
        ("B", "D", "A d(b(c))", "LVL2"),
        ("c", "A", "A(b c) d", "LVL2"),
        ("d", "c", "A(b(c(d)))", "LVL4"),
    ],
)
def test_a_hierarchy_is_moved_with_all_below_it(ident: str, parent: str, drawing: str, level: str) -> None:
    outcome = hierarchies.update_hierarchy(changing(ident, newParentId=parent))
    assert (trees_of(outcome), body_of(outcome)["structureLevelName"]) == (drawing, level)


def test_a_change_touches_what_it_names() -> None:
    known = [{"id": "a", "name": "Care", "code": "C", "hierarchyCodes": ["1"], "managerContacts": [{"userId": "u"}]}]
    outcome = hierarchies.update_hierarchy(
        changing("a", known, name="Help", code=None, hierarchyCodes=["2"], managerContactsUserIds=[], newParentId=None)
    )
    told = body_of(outcome)
    assert (told["name"], told["code"], told["hierarchyCodes"], told["managerContacts"]) == ("Help", "C", ["2"], [])
    assert trees_of(outcome) == "a"


def test_an_unknown_hierarchy_is_not_found() -> None:
    assert hierarchies.hierarchy_is_known.check(changing("C")) is None
    problem = hierarchies.hierarchy_is_known.check(changing(NOBODY))
    assert problem
    assert problem.kind is Kind.NOT_FOUND


RESTING: list[dict[str, Any]] = [
    {
        "id": "a",
        "children": [{"id": "b", "isActive": False, "children": [{"id": "c"}, {"id": "e", "isActive": False}]}],
    },
    {"id": "d", "isActive": False},
]


@pytest.mark.parametrize(
    ("query", "drawing"),
    [({}, "a(b(c e)) d"), ({"IsActive": True}, "a(c)"), ({"IsActive": False}, "b(e) d")],
)
def test_what_lies_below_one_that_is_left_out_takes_its_place(query: dict[str, Any], drawing: str) -> None:
    asked = listing(RESTING, **query)
    assert hierarchies.some_hierarchies_fit.check(asked) is None
    assert drawn(body_of(hierarchies.list_hierarchies(asked))) == drawing


@pytest.mark.parametrize(("trees", "query"), [([], {}), (TREE, {"IsActive": False})])
def test_no_hierarchies_are_not_found(trees: list[dict[str, Any]], query: dict[str, Any]) -> None:
    problem = hierarchies.some_hierarchies_fit.check(listing(trees, **query))
    assert problem
    assert problem.kind is Kind.NOT_FOUND


def test_a_level_is_called_as_the_book_calls_it() -> None:
    told = hierarchies.show({"id": ID, "structureLevelName": "LVL4_VP", "children": [{"id": "b"}]}, 4)
    assert told["structureLevelName"] == "LVL4_VP"
    assert told["children"][0]["structureLevelName"] == "LVL5"
