"""What time it is, and how fast work goes on."""

from collections.abc import Mapping

from mockserver.faces.admin.desk import Answer, Desk
from mockserver.kit.times import parse_iso8601
from mockserver.model import Call, Reply, pace_text


async def read_clock(desk: Desk, _call: Call) -> Reply:
    return Reply(200, await desk.control.clock.read())


async def change_clock(desk: Desk, call: Call) -> Reply:
    wish, moment = call.fields, call.fields.get("now")
    pace, now = wish.get("pace"), parse_iso8601(moment) if moment else None
    if isinstance(pace, (int, float)):
        pace = pace_text(pace)
    return Reply(200, await desk.control.clock.change(now=now, is_frozen=wish.get("frozen"), pace=pace))


async def advance_clock(desk: Desk, call: Call) -> Reply:
    if "until" in call.fields:
        return Reply(200, await desk.control.clock.advance_until_idle())
    return Reply(200, await desk.control.clock.advance(call.fields["seconds"]))


ANSWERS: Mapping[str, Answer] = {
    "readClock": read_clock,
    "changeClock": change_clock,
    "advanceClock": advance_clock,
}
