"""Is it well, and what does it serve."""

from collections.abc import Mapping

from mockserver.control import Unknown
from mockserver.control.metrics import exposition
from mockserver.engine.bundle import served
from mockserver.faces.admin.desk import Answer, Desk
from mockserver.model import Call, Reply

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


async def health(desk: Desk, _call: Call) -> Reply:
    return Reply(200, await desk.control.health())


async def live(_desk: Desk, _call: Call) -> Reply:
    return Reply(200, {"status": "ok"})


async def ready(desk: Desk, _call: Call) -> Reply:
    await desk.control.world.now()
    return Reply(200, {"status": "ok"})


async def metrics(desk: Desk, _call: Call) -> Reply:
    return Reply(200, await exposition(desk.control.world), PROMETHEUS)


async def list_vendors(desk: Desk, call: Call) -> Reply:
    return Reply(200, {"items": desk.control.vendors(desk.address(call))})


async def list_claims(desk: Desk, call: Call) -> Reply:
    return Reply(200, desk.control.claims(call.params["vendor"]))


async def admin_document(desk: Desk, call: Call) -> Reply:
    return Reply(200, served(desk.document.content, desk.address(call)))


async def vendor_document(desk: Desk, call: Call) -> Reply:
    name, dot, kind = call.params["file"].rpartition(".")
    if not dot or kind != "json":
        raise Unknown("a document is asked for by its vendor's name and .json")
    return Reply(200, desk.control.document(name, desk.address(call)))


ANSWERS: Mapping[str, Answer] = {
    "health": health,
    "live": live,
    "ready": ready,
    "metrics": metrics,
    "listVendors": list_vendors,
    "listClaims": list_claims,
    "adminDocument": admin_document,
    "vendorDocument": vendor_document,
}
