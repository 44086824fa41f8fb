"""What vendors now remember, and a hand on what becomes of it."""

from collections.abc import Mapping
from typing import Any

from mockserver.faces.admin.desk import Answer, Desk, paging, show_page, text_in
from mockserver.model import Call, Reply


async def list_records(desk: Desk, call: Call) -> Reply:
    vendor, account, kind = (text_in(call, name) for name in ("vendor", "account", "kind"))
    return show_page(await desk.control.records.page(vendor=vendor, account=account, kind=kind, **paging(call)))


async def read_record(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.records.read(**named(call)))  # type: ignore[arg-type]  # JSON already


async def advance_record(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.records.advance(**named(call)))  # type: ignore[arg-type]  # JSON already


async def fail_record(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.records.fail(**named(call)))  # type: ignore[arg-type]  # JSON already


def named(call: Call) -> dict[str, Any]:
    return {"ident": call.params["id"], "account": text_in(call, "account"), "kind": text_in(call, "kind")}


ANSWERS: Mapping[str, Answer] = {
    "listRecords": list_records,
    "readRecord": read_record,
    "advanceRecord": advance_record,
    "failRecord": fail_record,
}
