"""A sixth vendor: one file in one folder is served; a file of rules beside it is all that more behaviour takes."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from mockserver.creation import Plan, create_world
from mockserver.engine.document import read_documents
from mockserver.model import Reply, Vendor
from mockserver.shipped import shipped
from mockserver.staging import SHIPPED
from mockserver.state.clock import Clock, Ids
from mockserver.state.memory import MemoryStore
from mockserver.vendors import find_vendor, load
from mockserver.world import Served, World
from tests.worlds import ask

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Sixth", "version": "1"},
    "servers": [{"url": "https://api.sixth.example/v1"}],
    "security": [{"token": []}],
    "paths": {
        "/calls": {
            "post": {
                "operationId": "addCall",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["who"],
                                "properties": {
                                    "who": {"type": "string"},
                                    "at": {"type": "string", "format": "date-time"},
                                },
                            }
                        }
                    },
                },
                "responses": {
                    "201": {
                        "description": "Taken.",
                        "content": {"application/json": {"schema": {"type": "object"}, "example": {"id": "call-1"}}},
                    }
                },
            }
        }
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
}
BEHAVIOUR = """
from mockserver.model import Facts, Kind, Operation, Problem, Vendor, rule


@rule("ada-is-known")
def caller_is_ada(facts: Facts) -> Problem | None:
    return None if facts.call.fields["who"] == "Ada" else Problem(Kind.NOT_FOUND, "only Ada calls here", ("who",))


vendor = Vendor("sixth", operations={"addCall": Operation(rules=(caller_is_ada,))})
"""
TOKEN = {"Authorization": "Bearer sixth-demo-token", "Content-Type": "application/json"}
ADA, BOB = {"who": "Ada"}, {"who": "Bob"}


def write(folder: Path, name: str = "sixth", document: Any = DOCUMENT, behaviour: str | None = None) -> Path:
    (folder / name).mkdir()
    (folder / name / "openapi.json").write_text(json.dumps(document))
    if behaviour:
        (folder / name / "behaviour.py").write_text(behaviour)
    return folder


def served_from(folder: Path, *vendors: str) -> World:
    return asyncio.run(create_world(Plan(vendors=vendors, documents=folder)))


def post(world: World, body: Any = ADA, path: str = "/v1/calls", name: str = "sixth", **headers: str) -> Served:
    return ask(world, name, "POST", path, headers={**TOKEN, **headers}, body=json.dumps(body).encode())


def test_a_document_alone_is_served(tmp_path: Path) -> None:
    world = served_from(write(tmp_path))
    assert post(world).decision.outcome.reply == Reply(201, {"id": "call-1"})


@pytest.mark.parametrize(
    ("asked", "reply", "refused_by"),
    [
        ({"path": "/calls"}, Reply(404, {"error": "there is no /calls here"}), "route/no-such-path"),
        ({"Authorization": "Bearer x"}, Reply(401, {"error": "this credential is not known"}), "auth/unauthenticated"),
        ({"Authorization": ""}, Reply(401, {"error": "a credential is required"}), "auth/unauthenticated"),
        (
            {"Content-Type": "text/plain"},
            Reply(415, {"error": "send application/json, not text/plain"}),
            "transport/media-type",
        ),
        ({"body": {}}, Reply(400, {"error": "who is required"}), "schema/required"),
        ({"body": {"who": 5}}, Reply(400, {"error": "who must be text, not a whole number"}), "schema/type"),
    ],
)
def test_a_document_alone_refuses_in_the_plain_shape(
    tmp_path: Path, asked: dict[str, Any], reply: Reply, refused_by: str
) -> None:
    decision = post(served_from(write(tmp_path)), **asked).decision
    assert (decision.outcome.reply, decision.refused_by) == (reply, refused_by)


def test_one_file_beside_it_holds_the_rules(tmp_path: Path) -> None:
    world = served_from(write(tmp_path, behaviour=BEHAVIOUR))
    assert post(world).decision.outcome.reply == Reply(201, {"id": "call-1"})
    decision = post(world, BOB).decision
    assert decision.outcome.reply == Reply(404, {"error": "only Ada calls here"})
    assert decision.refused_by == "rules/ada-is-known"


def test_an_edition_shares_the_name_and_not_the_accounts(tmp_path: Path) -> None:
    write(tmp_path, behaviour=BEHAVIOUR)
    world = served_from(write(tmp_path, "sixth@2", behaviour=BEHAVIOUR))
    assert post(world, BOB, name="sixth@2").decision.refused_by == "rules/ada-is-known"
    accounts = [key[1:] for key, _ in asyncio.run(world.store.scan(("account",), limit=1000)) if "sixth" in key[1]]
    assert set(accounts) == {(name, who) for name in ("sixth", "sixth@2") for who in ("demo", "broke", *SHIPPED)}


def test_a_users_vendor_stands_beside_ours(tmp_path: Path) -> None:
    ours = {path.name for path in shipped("schemas").iterdir() if not path.name.startswith("_")}
    assert served_from(write(tmp_path)).documents.keys() == ours | {"sixth"}
    assert served_from(tmp_path, "sixth", "emberqa").documents.keys() == {"sixth", "emberqa"}


def test_a_users_document_is_laid_over_ours_and_keeps_our_behaviour(tmp_path: Path) -> None:
    world = served_from(write(tmp_path, "emberqa"), "emberqa")
    assert world.documents["emberqa"].content["info"]["title"] == "Sixth"
    assert world.vendors["emberqa"] is find_vendor("emberqa")


def test_a_users_behaviour_is_laid_over_ours(tmp_path: Path) -> None:
    world = served_from(write(tmp_path, "emberqa", behaviour=BEHAVIOUR), "emberqa")
    assert world.vendors["emberqa"].name == "sixth"


def test_a_world_may_be_put_together_by_hand(tmp_path: Path) -> None:
    documents = read_documents(write(tmp_path))
    world = World(documents, {"sixth": Vendor("sixth")}, store=MemoryStore(), clock=Clock(), ids=Ids(), any_token=True)
    assert post(world).decision.outcome.reply.status == 201


@pytest.mark.parametrize("name", sorted({path.name.partition("@")[0] for path in shipped("schemas").glob("[!_]*")}))
def test_our_vendors_are_found_by_their_names(name: str) -> None:
    assert find_vendor(name).name == name


@pytest.mark.parametrize("name", ["nobody", "no-identifier", "os", "../etc"])
def test_a_vendor_without_behaviour_is_plain(tmp_path: Path, name: str) -> None:
    assert find_vendor(name, tmp_path) == Vendor(name)


def test_a_module_of_ours_without_a_vendor_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "blank.py").touch()
    monkeypatch.setattr("mockserver.vendors.__path__", [str(tmp_path)])
    with pytest.raises(ValueError, match=r"blank\.py: has no `vendor`, the value that says what blank does"):
        find_vendor("blank")
    del sys.modules["mockserver.vendors.blank"]


def test_what_a_behaviour_defines_can_be_looked_up(tmp_path: Path) -> None:
    (tmp_path / "behaviour.py").write_text(
        "from __future__ import annotations\nfrom msgspec import Struct, convert\n"
        "class Price(Struct):\n    credits: int\nfound = convert({'credits': 5}, Price)\n"
    )
    assert load(tmp_path / "behaviour.py").found.credits == 5
