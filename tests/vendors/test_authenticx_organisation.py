from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts
from mockserver.vendors.authenticx import organisation, rules
from mockserver.vendors.authenticx.outcomes import accept_upload
from tests.facts import facts, upload

ACCOUNTING = "00000000-0000-0000-0000-000000000002"
TREE = [
    {"id": "a", "code": "Care", "children": [{"id": "B", "code": "Shifts", "hierarchyCodes": ["DAY", "NIGHT"]}]},
    {"id": "c", "hierarchyCodes": None, "children": None},
]


def asking(fields: dict[str, Any], **rest: Any) -> Facts:
    metadata = {"FileName": "calls/call.mp3", "UploadType": "Audio", **fields}
    return facts("authenticx", metadata, files={"file": upload()}, instance={"metadata": metadata}, **rest)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, None),
        ({"HierarchyId": "b"}, "B"),
        ({"HierarchyCode": "NIGHT"}, "B"),
        ({"HierarchyCode": "Care"}, "a"),
        ({"HierarchyId": "C", "HierarchyCode": "Shifts"}, "c"),
    ],
)
def test_a_hierarchy_is_found_anywhere_in_the_tree(fields: dict[str, str], found: str | None) -> None:
    asked = asking(fields, book={"hierarchies": TREE})
    assert rules.hierarchy_exists.check(asked) is None
    assert accept_upload(asked).records[0].body["hierarchy_id"] == found


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"HierarchyId": "Accounting"}, "$.metadata.HierarchyId"),
        ({"HierarchyId": ""}, "$.metadata.HierarchyId"),
        ({"HierarchyCode": "accounting"}, "$.metadata.HierarchyCode"),
        ({"HierarchyCode": ""}, "$.metadata.HierarchyCode"),
        ({"HierarchyId": ACCOUNTING, "HierarchyCode": "Marketing"}, "$.metadata.HierarchyCode"),
    ],
)
def test_an_unknown_hierarchy_is_refused(fields: dict[str, str], at: str) -> None:
    problem = rules.hierarchy_exists.check(asking(fields))
    assert problem
    assert problem.at == at


def test_applying_a_hierarchy_changes_the_agent_and_nobody_else() -> None:
    james, other = {"id": "7", "agentCode": "007", "osms": ["x"]}, {"id": "8", "agentCode": "008"}
    fields = {"HierarchyCode": "Accounting", "AgentCode": "007", "ApplyHierarchyToAgent": True}
    asked = asking(fields, book={"agents": [other, james]})
    changed = accept_upload(asked).account
    assert changed
    assert changed.book == asked.account.book | {"agents": [other, {**james, "osms": ["x", ACCOUNTING]}]}
    assert organisation.apply_hierarchy(replace(asked, account=changed)) == changed


@pytest.mark.parametrize(
    "fields",
    [
        {"HierarchyCode": "Accounting", "AgentCode": "007"},
        {"HierarchyCode": "Accounting", "AgentCode": "007", "ApplyHierarchyToAgent": False},
        {"HierarchyCode": "Accounting", "AgentCode": "008", "ApplyHierarchyToAgent": True},
        {"AgentCode": "007", "ApplyHierarchyToAgent": True},
    ],
)
def test_no_hierarchy_is_applied_unless_all_of_it_is_there(fields: dict[str, Any]) -> None:
    assert accept_upload(asking(fields)).account is None
