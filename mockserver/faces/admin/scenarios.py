"""Named sets of faults and changes."""

from collections.abc import Mapping

from mockserver.faces.admin.desk import Answer, Desk
from mockserver.model import Call, Reply


async def list_scenarios(desk: Desk, _call: Call) -> Reply:
    items = list(await desk.control.scenarios.list())
    return Reply(200, {"items": items, "total": len(items), "evicted": 0, "cursor": None})


async def load_scenario(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.scenarios.load(call.params["name"], call.fields.get("account")))


ANSWERS: Mapping[str, Answer] = {"listScenarios": list_scenarios, "loadScenario": load_scenario}
