from typing import Any

import pytest

from mockserver.model import Facts, Kind
from mockserver.vendors.authenticx import agents
from tests.authenticx import ACCOUNTING, GONE, JAMES, NOBODY, USER, body_of
from tests.facts import facts

NEW = {"firstName": "Eve", "lastName": "M", "agentEmail": "eve@example.com"}
TREE = [{"id": "A", "children": [{"id": "b", "children": [{"id": "c"}]}, {"id": "d", "children": None}]}]


def adding(**fields: Any) -> Facts:
    return facts("authenticx", {**NEW, **fields}, operation="createAgent")


def changing(ident: str = JAMES, book: dict[str, Any] | None = None, **fields: Any) -> Facts:
    params = {"AgentId": ident}
    return facts("authenticx", fields, operation="updateAgent", method="PUT", params=params, book=book or {})


def listing(*known: dict[str, Any], **query: Any) -> Facts:
    return facts("authenticx", None, operation="listAgents", method="GET", query=query, book={"agents": list(known)})


def test_an_agent_is_added_behind_the_others() -> None:
    asked = adding(agentCode="0042", userId=USER, managerId=None, startDate="2000-10-01", unknown=1)
    outcome = agents.create_agent(asked)
    told = body_of(outcome)
    assert outcome.account
    before, added = outcome.account.book["agents"]
    assert before == asked.account.book["agents"][0]
    assert (added["id"], "unknown" in added) == (told["id"], False)
    assert (told["firstInitial"], told["agentCode"], told["userId"], told["managerId"]) == ("E", "0042", USER, None)
    assert (told["isActive"], told["startDate"]) == (True, "2000-10-01")
    assert told["createdOn"] == told["modifiedOn"] == "2026-06-23T14:30:00.000Z"
    assert "osms" not in told


@pytest.mark.parametrize(
    ("osms", "all_of_them"),
    [(["c"], ["c", "b", "A"]), (["D", "C"], ["d", "A", "c", "b"]), (["a"], ["A"]), ([], [])],
)
def test_an_agent_belongs_to_all_above_a_hierarchy_too(osms: list[str], all_of_them: list[str]) -> None:
    asked = facts("authenticx", {**NEW, "osms": osms}, operation="createAgent", book={"hierarchies": TREE})
    assert agents.agent_hierarchies_exist.check(asked) is None
    changed = agents.create_agent(asked).account
    assert changed
    assert changed.book["agents"][-1]["osms"] == all_of_them


def test_an_agent_belongs_to_no_hierarchy_that_there_is_not() -> None:
    assert agents.agent_hierarchies_exist.check(adding(osms=[ACCOUNTING.upper()])) is None
    problem = agents.agent_hierarchies_exist.check(adding(osms=[ACCOUNTING, NOBODY]))
    assert problem
    assert problem.at == "$.osms"


@pytest.mark.parametrize(
    ("asked", "fine"),
    [
        (adding(), True),
        (adding(userId=None), True),
        (adding(userId=USER), True),
        (adding(userId=GONE), False),
        (adding(userId="remove"), False),
        (changing(), True),
        (changing(userId="remove"), True),
        (changing(userId=NOBODY), False),
    ],
)
def test_a_user_must_be_active(asked: Facts, *, fine: bool) -> None:
    assert (agents.user_is_active.check(asked) is None) is fine


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ({}, []),
        ({"managerId": USER}, []),
        ({"managerId": "remove"}, []),
        ({"managerId": NOBODY}, ["manager-id-not-checked"]),
        ({"managerId": 7}, []),
    ],
)
def test_a_manager_whom_nobody_knows_is_told(fields: dict[str, Any], claims: list[str]) -> None:
    assert [advice.claim for advice in agents.on_agent(adding(**fields))] == claims


def test_an_agent_is_read_by_id_in_any_casing() -> None:
    asked = facts(
        "authenticx",
        None,
        operation="getAgent",
        params={"AgentId": "ABC"},
        book={"agents": [{"id": "abc"}, {"id": "d"}]},
    )
    assert agents.agent_exists.check(asked) is None
    told = body_of(agents.get_agent(asked))
    assert (told["id"], told["firstInitial"], told["isActive"], told["agentEmail"]) == ("abc", None, True, None)


def test_an_unknown_agent_is_not_found() -> None:
    problem = agents.agent_exists.check(changing(NOBODY))
    assert problem
    assert problem.kind is Kind.NOT_FOUND


def test_a_change_touches_what_it_names() -> None:
    known = [{"id": "d"}, {"id": JAMES, "firstName": "James", "firstInitial": "X", "userId": USER, "osms": ["x"]}]
    asked = changing(book={"agents": known}, firstName="Ada", lastName=None, userId="remove", isActive=False)
    outcome = agents.update_agent(asked)
    told = body_of(outcome)
    assert (told["firstName"], told["firstInitial"], told["userId"], told["isActive"]) == ("Ada", "A", None, False)
    assert outcome.account
    first, second = outcome.account.book["agents"]
    assert (first, second["osms"], second["modifiedOn"]) == ({"id": "d"}, ["x"], "2026-06-23T14:30:00.000Z")


AT_WORK, AT_REST = {"id": "a"}, {"id": "b", "isActive": False}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (listing(AT_WORK, AT_REST), ["a", "b"]),
        (listing(AT_WORK, AT_REST, IsActive=True), ["a"]),
        (listing(AT_WORK, AT_REST, IsActive=False), ["b"]),
    ],
)
def test_agents_are_listed_by_whether_they_are_active(asked: Facts, found: list[str]) -> None:
    assert agents.some_agents_fit.check(asked) is None
    assert [each["id"] for each in body_of(agents.list_agents(asked))] == found


@pytest.mark.parametrize("asked", [listing(), listing(AT_WORK, IsActive=False)])
def test_no_agents_are_not_found(asked: Facts) -> None:
    problem = agents.some_agents_fit.check(asked)
    assert problem
    assert problem.kind is Kind.NOT_FOUND
