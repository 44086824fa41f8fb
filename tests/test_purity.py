"""Vendors change nothing that they are shown: an account is decoded once and shared by all who ask with its text."""

import copy
from typing import Any

import pytest

from mockserver.engine.decide import decide as judge
from mockserver.model import Decision, Facts
from tests.cases import every_case
from tests.closure import FOLDERS, carry_out
from tests.worlds import new_world


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """Fill with every account and call that is decided on, as it was before and as it is afterwards."""
    noted: list[tuple[Any, Any]] = []

    def watched(vendor: Any, endpoint: Any, facts: Facts, claims: Any, **rest: Any) -> Decision:
        shown = (facts.account, facts.call.body, facts.call.instance)
        before = copy.deepcopy(shown)
        decision = judge(vendor, endpoint, facts, claims, **rest)
        noted.append((before, shown))
        return decision

    monkeypatch.setattr("mockserver.world.decide", watched)
    return noted


@pytest.mark.parametrize("name", FOLDERS)
def test_a_decision_leaves_the_account_and_the_call_as_they_were(name: str, seen: list[tuple[Any, Any]]) -> None:
    world = new_world(name)
    for located in every_case():
        if located.vendor == name:
            carry_out(located, world)
    assert len(seen) > 20
    assert [(before, after) for before, after in seen if before != after] == []
