"""Webhooks: what was sent, once more, and now."""

from collections.abc import Mapping

from mockserver.faces.admin.desk import Answer, Desk, paging, show_page, text_in
from mockserver.model import Call, Reply

FILTERS = ("vendor", "account", "state", "record", "call")


async def list_webhooks(desk: Desk, call: Call) -> Reply:
    wanted = {name: call.query[name] for name in FILTERS if name in call.query}
    return show_page(await desk.control.webhooks.list(wanted, **paging(call)))


async def redeliver_webhook(desk: Desk, call: Call) -> Reply:
    return Reply(200, await desk.control.webhooks.redeliver(call.params["id"]))  # type: ignore[arg-type]  # JSON already


async def flush_webhooks(desk: Desk, call: Call) -> Reply:
    return Reply(200, dict(await desk.control.webhooks.flush(text_in(call, "vendor"), text_in(call, "account"))))


ANSWERS: Mapping[str, Answer] = {
    "listWebhooks": list_webhooks,
    "redeliverWebhook": redeliver_webhook,
    "flushWebhooks": flush_webhooks,
}
