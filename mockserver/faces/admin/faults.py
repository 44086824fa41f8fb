"""What stands in the way of calls."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mockserver.faces.admin.desk import Answer, Desk, done, text_in
from mockserver.model import Call, Fault, Reply

PLAIN = Fault("")
# What nobody asks of a fault: how it came to be there.
UNTOLD = ("is_shipped", "staged")


async def list_faults(desk: Desk, call: Call) -> Reply:
    found = await desk.control.faults.list(text_in(call, "account"))
    limit, start = int(str(call.query.get("limit", 100))), int(text_in(call, "cursor") or 0)
    end = start + limit
    items = [show(fault) for fault in found[start:end]]
    cursor = str(end) if end < len(found) else None
    return Reply(200, {"items": items, "total": len(found), "evicted": 0, "cursor": cursor})


async def plant_fault(desk: Desk, call: Call) -> Reply:
    return Reply(201, show(await desk.control.faults.plant(call.fields)))


async def lift_fault(desk: Desk, call: Call) -> Reply:
    await desk.control.faults.lift(call.params["name"], text_in(call, "account"))
    return done()


async def lift_faults(desk: Desk, call: Call) -> Reply:
    await desk.control.faults.lift_all(text_in(call, "account"))
    return done()


def show(fault: Fault) -> dict[str, Any]:
    """Return a fault as it was asked for, with its match and how often still."""
    names = [name for name in fault.__struct_fields__ if name not in UNTOLD]
    said = {name: value for name in names if (value := getattr(fault, name)) != getattr(PLAIN, name)}
    return {"match": {}, **msgspec.to_builtins(said)}


ANSWERS: Mapping[str, Answer] = {
    "listFaults": list_faults,
    "plantFault": plant_fault,
    "liftFault": lift_fault,
    "liftFaults": lift_faults,
}
