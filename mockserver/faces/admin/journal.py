"""Calls with their trail."""

from collections.abc import Mapping

from mockserver.faces.admin.desk import Answer, Desk, done, paging, show_page, text_in
from mockserver.kit.times import parse_iso8601
from mockserver.model import Call, Reply

FILTERS = ("vendor", "account", "operation", "status", "refused_by")


async def list_journal(desk: Desk, call: Call) -> Reply:
    wanted = {name: call.query[name] for name in FILTERS if name in call.query}
    moment = parse_iso8601(text_in(call, "since") or "")
    return show_page(await desk.control.entries(wanted, since=moment, **paging(call)))


async def clear_journal(desk: Desk, _call: Call) -> Reply:
    await desk.control.clear_journal()
    return done()


async def read_entry(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.entry(call.params["id"]))  # type: ignore[arg-type]  # JSON already


ANSWERS: Mapping[str, Answer] = {"listJournal": list_journal, "clearJournal": clear_journal, "readEntry": read_entry}
