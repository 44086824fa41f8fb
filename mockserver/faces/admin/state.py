"""Everything at once: as one document, from one, and back to how it began."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from mockserver.engine.arrival import Arrival
from mockserver.engine.decode import media_type_of
from mockserver.engine.endpoint import Endpoint
from mockserver.engine.read_body import attribute, check_encoding, check_expected, read_up_to
from mockserver.engine.read_form import Refused, check_charset
from mockserver.faces.admin.desk import Answer, Desk, done
from mockserver.model import Call, Problem, Reply

WholeAnswer: TypeAlias = Callable[[Desk, bytes], Awaitable[Reply]]


async def take_snapshot(desk: Desk, _call: Call) -> Reply:
    return Reply(200, await desk.control.state.snapshot())  # type: ignore[arg-type]  # JSON already


async def restore_snapshot(desk: Desk, text: bytes) -> Reply:
    return Reply(200, {"rows": await desk.control.state.restore(text)})


async def reset(desk: Desk, call: Call) -> Reply:
    await desk.control.state.reset(account=call.fields.get("account"), what=call.fields.get("what"))
    return done()


async def read_whole(arrival: Arrival, endpoint: Endpoint) -> bytes | Problem:
    """Return a body as it came, within its limit: one this long is read by who knows its form."""
    media_type = media_type_of(arrival.headers)
    body = endpoint.bodies.get(media_type or "")
    try:
        if body is None:
            check_expected(arrival, endpoint, media_type)
        check_encoding(arrival, endpoint)
        check_charset(arrival.headers.get("content-type", ""))
        return await read_up_to(arrival, body.most_bytes if body else 0)
    except Refused as refused:
        return attribute(refused.problem, endpoint)


ANSWERS: Mapping[str, Answer] = {"takeSnapshot": take_snapshot, "reset": reset}
WHOLE: Mapping[str, WholeAnswer] = {"restoreSnapshot": restore_snapshot}
