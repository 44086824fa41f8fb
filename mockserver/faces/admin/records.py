"""What vendors now remember."""

from collections.abc import Mapping

from mockserver.faces.admin.desk import Answer, Desk, paging, show_page, text_in
from mockserver.model import Call, Reply


async def list_records(desk: Desk, call: Call) -> Reply:
    vendor, account, kind = (text_in(call, name) for name in ("vendor", "account", "kind"))
    return show_page(await desk.control.records(vendor=vendor, account=account, kind=kind, **paging(call)))


async def read_record(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.record(call.params["id"]))  # type: ignore[arg-type]  # JSON already


ANSWERS: Mapping[str, Answer] = {"listRecords": list_records, "readRecord": read_record}
