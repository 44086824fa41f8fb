"""Worlds from a plan: Acme alone, from a folder of a user's own."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.creation import Plan, SetupError, create_world
from mockserver.model import Account
from mockserver.state.accounts import account_key, read_account
from mockserver.world import World
from tests.acme import write_folder

SWITCHING = """
from mockserver.model import Option, Vendor

vendor = Vendor("acme", options={"status": Option(200, (200, 201, True), "call-taken")})
"""


def acme(folder: Path, behaviour: str | None = SWITCHING, account: Any = None, **rest: Any) -> Plan:
    """Return a plan for Acme alone, from a user's folder."""
    write_folder(folder / "acme")
    if behaviour is not None:
        (folder / "acme" / "behaviour.py").write_text(behaviour)
    if account is not None:
        (folder / "_accounts").mkdir()
        (folder / "_accounts" / "acme.json").write_text(account if isinstance(account, str) else json.dumps(account))
    return Plan(vendors=rest.pop("vendors", ("acme",)), documents=folder, **rest)


def made(plan: Plan) -> World:
    return asyncio.run(create_world(plan))


def refused(plan: Plan) -> str:
    with pytest.raises(SetupError) as caught:
        made(plan)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def account_of(world: World, vendor: str, name: str) -> Account:
    (held,) = asyncio.run(world.store.read([account_key(vendor, name)]))
    assert held
    return read_account(held)
