"""Acme: a small made-up vendor, for tests of what serves any vendor."""

import asyncio
import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mockserver.engine.claims import read_ledger
from mockserver.engine.document import Document
from mockserver.model import Account, Call, Facts, Operation, Outcome, Reply, Rule, Vendor
from mockserver.state.clock import Clock, Ids
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Key, Store
from mockserver.world import Served, World
from tests.facts import ID, NOW
from tests.worlds import ask

TOKEN = "acme-demo-token"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
CALLS = "/v1/calls"
WHO = b'{"who": "Ada"}'

CALL: dict[str, Any] = {
    "type": "object",
    "required": ["who"],
    "properties": {
        "who": {"type": "string", "minLength": 1, "x-claim": {"required": "who-required", "type": "who-is-text"}},
        "at": {"type": "string", "format": "date-time", "x-claim": "at-is-a-moment"},
        "seconds": {"type": "integer", "minimum": 0, "x-claim": {"type": "whole-seconds"}},
    },
    "x-claim": "call-is-an-object",
}
TAKEN: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
REFUSAL: dict[str, Any] = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
SIBLINGS: dict[str, Any] = {"call": CALL, "taken": TAKEN, "refusal": REFUSAL}


def answer(file: str, **more: Any) -> dict[str, Any]:
    return {"description": "An answer.", "content": {"application/json": {"schema": {"$ref": file}, **more}}}


ADD_CALL: dict[str, Any] = {
    "operationId": "addCall",
    "summary": "Add a call",
    "x-claim": {"malformed": "json-only", "broken": "call-broken"},
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "call.json"}}}},
    "responses": {
        "201": {**answer("taken.json", example={"id": "call-1"}), "x-claim": "call-taken"},
        "202": {**answer("taken.json", example={"id": "call-1"}), "x-claim": "call-queued"},
        **{status: answer("refusal.json") for status in ("400", "401", "402", "404", "405", "413", "415", "500")},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Acme", "version": "1"},
    "servers": [{"url": "https://api.acme.example"}],
    "x-claim": {"path": "no-such-path", "method": "post-only", "broken": "own-failure"},
    "security": [{"key": []}],
    "paths": {CALLS: {"post": ADD_CALL}},
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer", "x-claim": "key-needed"}}},
}
CLAIMS = """
[claims.who-required]
says = "a call says who called"
where = "Calls"
basis = "documented"

[claims.call-taken]
says = "a call that is taken is answered with its id"
basis = "inferred"
why = "an example shows it"

[claims.call-queued]
says = "a call may be queued instead"
basis = "observed"
"""


def changed(pointer: str, value: Any, document: Mapping[str, Any] = DOCUMENT) -> dict[str, Any]:
    """Return the document with another value at a JSON pointer; None takes it away."""
    whole = copy.deepcopy(dict(document))
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    node: Any = whole
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    if value is None:
        del node[last]
    else:
        node[last] = value
    return whole


def write_folder(
    folder: Path, document: Any = DOCUMENT, siblings: Mapping[str, Any] = SIBLINGS, claims: str | None = CLAIMS
) -> Path:
    """Write a vendor's documents; `folder` is named after the vendor."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"openapi": document, **siblings}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    if claims is not None:
        (folder / "claims.toml").write_text(claims, "utf-8")
    return folder


def acme_document(folder: Path, document: Any = DOCUMENT, **rest: Any) -> Document:
    return Document(write_folder(folder / "acme", document, **rest))


def acme_world(
    folder: Path,
    vendor: Vendor = Vendor("acme"),  # noqa: B008  # a frozen value
    *,
    document: Any = DOCUMENT,
    store: Store | None = None,
    clock: Clock | None = None,
    credits: float | None = None,  # noqa: A002
    **settings: Any,
) -> World:
    """Return a world in which Acme has the account demo."""
    documents = {"acme": acme_document(folder, document)}
    world = World(
        documents,
        {"acme": vendor},
        store=store or MemoryStore(),
        clock=clock or Clock(),
        ids=Ids("acme"),
        **settings,
    )
    options = {name: option.default for name, option in vendor.options.items()}
    account = Account("acme", "demo", {"token": TOKEN}, credits, options=options)
    assert asyncio.run(world.open(account))
    return world


def acme_facts(body: Any = None, account: str = "demo", **call: Any) -> Facts:
    """Return facts of a call to addCall; `call` changes what a Call says."""
    plain = Call(ID, NOW, "acme", "addCall", "POST", CALLS, media_type="application/json", instance=body, body=body)
    return Facts(msgspec.structs.replace(plain, **call), Account("acme", account))


def ledger_of(document: Document) -> Mapping[str, Any]:
    return read_ledger(document.folder).claims


def accept(facts: Facts) -> Outcome:
    record = facts.record("call", str(facts.call.id), dict(facts.call.fields))
    return Outcome(Reply(201, {"id": record.id}), (record,))


def behaving(*rules: Rule, **operation: Any) -> Vendor:
    """Return an Acme that judges by rules and keeps what it accepts."""
    return Vendor("acme", operations={"addCall": Operation(rules=rules, **{"accept": accept, **operation})})


def post(world: World, body: bytes = WHO, path: str = CALLS, method: str = "POST", **headers: str) -> Served:
    return ask(world, "acme", method, path, headers={**HEADERS, **headers}, body=body)


def rows(store: Store, shelf: str) -> list[tuple[Key, bytes]]:
    """Return what a shelf holds, newest first."""
    return [(key, held.value) for key, held in asyncio.run(store.scan((shelf,), limit=10_000))]
