"""What lies behind the addresses that clients name."""

from collections.abc import Mapping, Sequence

import msgspec

from mockserver.faces.admin.desk import Answer, Desk, done, text_in
from mockserver.model import Call, Reply
from mockserver.state.media import Lying


async def read_media(desk: Desk, call: Call) -> Reply:
    return show(await desk.control.media.read(text_in(call, "account")))


async def put_media(desk: Desk, call: Call) -> Reply:
    # Not strictly, since a whole number may be written as 5.0; whatever else it might take, the schema has not.
    items = msgspec.convert(call.fields["items"], tuple[Lying, ...], strict=False)
    return show(await desk.control.media.put(items, text_in(call, "account")))


async def clear_media(desk: Desk, call: Call) -> Reply:
    await desk.control.media.clear(text_in(call, "account"))
    return done()


def show(items: Sequence[Lying]) -> Reply:
    return Reply(200, {"items": msgspec.to_builtins(items)})


ANSWERS: Mapping[str, Answer] = {"readMedia": read_media, "putMedia": put_media, "clearMedia": clear_media}
