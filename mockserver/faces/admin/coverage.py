"""Which rules calls have kept and broken."""

from collections.abc import Mapping

import msgspec

from mockserver.faces.admin.desk import Answer, Desk, text_in
from mockserver.model import Call, Reply


async def read_coverage(desk: Desk, call: Call) -> Reply:
    report = await desk.control.coverage.read(vendor=text_in(call, "vendor"), account=text_in(call, "account"))
    return Reply(200, msgspec.to_builtins(report))


ANSWERS: Mapping[str, Answer] = {"readCoverage": read_coverage}
