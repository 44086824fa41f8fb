"""Calls with their trail: found, counted, waited for, exported."""

from collections.abc import Mapping
from typing import Any

from mockserver.control import Wanted
from mockserver.control.exports import curl_of, har_of
from mockserver.faces.admin.desk import Answer, Desk, done, paging, show_page, text_in
from mockserver.faces.admin.explain import show_explanation
from mockserver.faces.admin.live import Live
from mockserver.kit.times import parse_iso8601
from mockserver.model import Call, Reply

FILTERS = ("vendor", "account", "operation", "status", "refused_by")
MOST = 1_000
LONGEST_PLACE = 18


def wanted(call: Call) -> Wanted:
    values = {name: call.query[name] for name in FILTERS if name in call.query}
    return Wanted(values, parse_iso8601(text_in(call, "since") or ""))


async def list_journal(desk: Desk, call: Call) -> Reply | Live:
    """Return a page, or with `Accept: text/event-stream` what comes from now on, or from the last event seen."""
    if "text/event-stream" in call.headers.get("accept", ""):
        last = call.headers.get("last-event-id", "")
        after = int(last) if last.isdecimal() and len(last) <= LONGEST_PLACE else None
        journal = desk.control.journal
        return Live(journal.follow(wanted(call), after=after), await journal.lost_behind(after or 0))
    return show_page(await desk.control.journal.page(wanted(call), **paging(call)))


async def clear_journal(desk: Desk, _call: Call) -> Reply:
    await desk.control.journal.clear()
    return done()


async def read_entry(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.journal.read(call.params["id"]))  # type: ignore[arg-type]  # JSON already


async def count_journal(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.journal.count(wanted(call)))


async def wait_for_journal(desk: Desk, call: Call) -> Reply:
    asked: dict[str, Any] = {"count": call.query.get("count", 1), "timeout": call.query.get("timeout", 5)}
    return Reply(200, await desk.control.journal.wait(wanted(call), **asked))


async def export_har(desk: Desk, call: Call) -> Reply:
    page = await desk.control.journal.page(wanted(call), limit=MOST, cursor=None)
    return Reply(200, har_of((bytes(item) for item in reversed(page.items)), desk.address(call)))


async def export_curl(desk: Desk, call: Call) -> Reply:
    entry = await desk.control.journal.entry(call.params["id"])
    text = curl_of(await desk.control.as_made(entry), desk.address(call))
    return Reply(200, text + "\n", "text/plain; charset=utf-8")


async def explain_call(desk: Desk, call: Call) -> Reply:
    return show_explanation(await desk.control.explain_call(call.params["id"]))


ANSWERS: Mapping[str, Answer] = {
    "listJournal": list_journal,
    "clearJournal": clear_journal,
    "readEntry": read_entry,
    "countJournal": count_journal,
    "waitForJournal": wait_for_journal,
    "exportHar": export_har,
    "exportCurl": export_curl,
    "explainCall": explain_call,
}
