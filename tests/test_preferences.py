"""Every answer that a vendor's document tells of can be had for the asking, and is as the document tells it."""

import re
from functools import cache
from typing import Any

import pytest

from mockserver.engine.endpoint import Endpoint
from mockserver.world import World
from tests.acme import rows
from tests.closure import FOLDERS
from tests.worlds import ask, document, new_world

DOCUMENTED = [
    pytest.param(name, endpoint, status, id=f"{name}-{endpoint.id}-{status}")
    for name in FOLDERS
    for endpoint in document(name).endpoints
    for status in endpoint.responses
]


@cache
def world(name: str) -> World:
    return new_world(name)


@pytest.mark.parametrize(("name", "endpoint", "status"), DOCUMENTED)
def test_a_documented_answer_is_had_for_the_asking(name: str, endpoint: Endpoint, status: str) -> None:
    here = world(name)
    before = rows(here.store, "record")
    asked: dict[str, Any] = {"headers": {"Prefer": f"code={status}"}}
    path = re.sub(r"\{\w+\}", "x", endpoint.path)
    decision = ask(here, name, endpoint.method, path, **asked).decision
    assert decision.trouble is None
    assert (decision.outcome.reply.status, decision.fault) == (int(status), f"code={status}")
    assert rows(here.store, "record") == before
