"""Acme as it reads back what it took: one call, a list of them, a change of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mockserver.model import Facts, Kind, Listing, Moment, Operation, Outcome, Problem, Record, Ref, Reply, Rule, Vendor
from mockserver.state.clock import Clock
from mockserver.state.records import read_record_text
from mockserver.state.store import Store
from mockserver.world import Served, World
from tests.acme import CALLS, DOCUMENT, HEADERS, acme_world, answer, changed, rows
from tests.worlds import ask

TIMELINE = (Moment(10, {"state": "working"}), Moment(60, {"state": "done"}))
ONE = f"{CALLS}/c-1"
READ = {
    "operationId": "readCall",
    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
    "responses": {"200": answer("taken.json", example={"id": "call-1"}), "404": answer("refusal.json")},
}
LIST = {
    "operationId": "listCalls",
    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 5}}],
    "responses": {"200": answer("taken.json", example={"id": "call-1"}), "400": answer("refusal.json")},
}
PATCH = {**READ, "operationId": "changeCall"}
PATHS = {CALLS: {**DOCUMENT["paths"][CALLS], "get": LIST}, f"{CALLS}/{{id}}": {"get": READ, "patch": PATCH}}


def add(facts: Facts) -> Outcome:
    return Outcome(Reply(201, {"id": "c-1"}), (facts.record("call", "c-1", {"state": "taken"}, TIMELINE),))


def show(facts: Facts) -> Outcome:
    standing = facts.at_hand("call", facts.call.params["id"])
    return Outcome(Reply(200, {"id": standing.body["state"]} if standing else {"id": "nobody"}))


def show_all(facts: Facts) -> Outcome:
    return Outcome(Reply(200, {"id": ",".join(each.body["state"] for each in facts.found.items)}))


def change(facts: Facts) -> Outcome:
    standing = facts.at_hand("call", "c-1")
    assert standing
    kept = standing.record
    return Outcome(Reply(200, {"id": "c-1"}), (msgspec.structs.replace(kept, body={**kept.body, "note": "new"}),))


def is_known(facts: Facts) -> Problem | None:
    return None if facts.at_hand("call", facts.call.params["id"]) else Problem(Kind.NOT_FOUND, "no such call")


OPERATIONS = {
    "addCall": Operation(accept=add),
    "readCall": Operation(
        rules=(Rule("is_known", "known", is_known),), refs=lambda call: [Ref("call", call.params["id"])], accept=show
    ),
    "changeCall": Operation(refs=lambda _: [Ref("call", "c-1")], accept=change),
    "listCalls": Operation(listing=lambda _: Listing("call"), accept=show_all),
}


def made(
    folder: Path,
    pace: str = "1",
    store: Store | None = None,
    operations: Mapping[str, Operation] = {},
    document: Any = None,
    **settings: Any,
) -> World:
    """Return a world in which Acme reads back what it took; `operations` stand in for its own."""
    vendor = Vendor("acme", operations={**OPERATIONS, **operations})
    whole = document or changed("/paths", PATHS)
    return acme_world(folder, vendor, document=whole, store=store, clock=Clock(pace), **settings)


def get(world: World, path: str = ONE, **headers: str) -> Served:
    return ask(world, "acme", "GET", path, headers={**HEADERS, **headers})


def state(served: Served) -> Any:
    assert served.decision.outcome.reply.status == 200
    return served.decision.outcome.reply.body["id"]  # type: ignore[call-overload, index]


def kept(world: World) -> Record:
    ((_, text),) = rows(world.store, "record")
    return read_record_text(text)
