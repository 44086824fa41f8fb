"""Control over HTTP, from its own OpenAPI document: routed, decoded and judged by the engine, as a vendor is."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.control import Control, Page, Unknown
from mockserver.creation import ConflictError, SetupError, Wish
from mockserver.engine.bundle import served
from mockserver.engine.decode import decode
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.asgi import SAFE, arrival_of, send_reply, told
from mockserver.faces.gate import host_and_port
from mockserver.kit.times import parse_iso8601
from mockserver.model import STATUSES, Account, Call, Kind, Problem, Reply
from mockserver.state.media import Lying

Answer: TypeAlias = Callable[[Call], Awaitable[Reply]]
FILTERS = ("vendor", "account", "operation", "status", "refused_by")
# Calls to the admin API leave no entry; a fresh id for each would move the seeded ones of the vendors' calls.
NO_ID = str(UUID(int=0))


class Admin:
    """One method an operation of the admin document, each from a call to a reply."""

    def __init__(self, control: Control, document: Document, address: Callable[[Call], str]) -> None:
        self.control, self.own, self.address = control, document, address

    async def health(self, _call: Call) -> Reply:
        return Reply(200, await self.control.health())

    async def live(self, _call: Call) -> Reply:
        return Reply(200, {"status": "ok"})

    ready = live

    async def list_vendors(self, call: Call) -> Reply:
        return Reply(200, {"items": self.control.vendors(self.address(call))})

    async def list_claims(self, call: Call) -> Reply:
        return Reply(200, self.control.claims(call.params["vendor"]))

    async def admin_document(self, call: Call) -> Reply:
        return Reply(200, served(self.own.content, self.address(call)))

    async def vendor_document(self, call: Call) -> Reply:
        name, dot, kind = call.params["file"].rpartition(".")
        if not dot or kind != "json":
            raise Unknown("a document is asked for by its vendor's name and .json")
        return Reply(200, self.control.document(name, self.address(call)))

    async def open_account(self, call: Call) -> Reply:
        wish = msgspec.convert(call.body, Wish)
        account = await self.control.open_account(wish)
        return Reply(201, self.show(account, call))

    async def read_account(self, call: Call) -> Reply:
        return Reply(200, self.show(await self.control.account(**call.params), call))

    async def change_account(self, call: Call) -> Reply:
        return Reply(200, self.show(await self.control.change_account(**call.params, patch=call.fields), call))

    async def close_account(self, call: Call) -> Reply:
        await self.control.close_account(**call.params)
        return Reply(204, media_type=None)

    def show(self, account: Account, call: Call) -> dict[str, Any]:
        shown = {"vendor": account.vendor, "name": account.name, "url": f"{self.address(call)}/{account.vendor}"}
        money = {} if account.credits is None else {"credits": account.credits}
        return {**shown, "credentials": account.credentials, **money, "book": account.book, "options": account.options}

    async def list_records(self, call: Call) -> Reply:
        wanted = {name: call.query.get(name) for name in ("vendor", "account", "kind")}
        return show_page(await self.control.records(**wanted, **paging(call)))  # type: ignore[arg-type]  # the schema

    async def read_record(self, call: Call) -> Reply:
        return Reply(200, await self.control.record(call.params["id"]))  # type: ignore[arg-type]  # JSON already

    async def read_clock(self, _call: Call) -> Reply:
        return Reply(200, await self.control.clock.read())

    async def change_clock(self, call: Call) -> Reply:
        wish, moment = call.fields, call.fields.get("now")
        pace = None if wish.get("pace") is None else f"{wish['pace']}"
        now = parse_iso8601(moment) if moment else None
        return Reply(200, await self.control.clock.change(now=now, is_frozen=wish.get("frozen"), pace=pace))

    async def advance_clock(self, call: Call) -> Reply:
        if "until" in call.fields:
            return Reply(200, await self.control.clock.advance_until_idle())
        return Reply(200, await self.control.clock.advance(call.fields["seconds"]))

    async def read_media(self, call: Call) -> Reply:
        return show_media(await self.control.media.read(account_of(call)))

    async def put_media(self, call: Call) -> Reply:
        items = msgspec.convert(call.fields["items"], tuple[Lying, ...])
        return show_media(await self.control.media.put(items, account_of(call)))

    async def clear_media(self, call: Call) -> Reply:
        await self.control.media.clear(account_of(call))
        return Reply(204, media_type=None)

    async def list_journal(self, call: Call) -> Reply:
        wanted = {name: call.query[name] for name in FILTERS if name in call.query}
        since = call.query.get("since")
        moment = parse_iso8601(since) if isinstance(since, str) else None
        return show_page(await self.control.entries(wanted, since=moment, **paging(call)))

    async def clear_journal(self, _call: Call) -> Reply:
        await self.control.clear_journal()
        return Reply(204, media_type=None)

    async def read_entry(self, call: Call) -> Reply:
        return Reply(200, await self.control.entry(call.params["id"]))  # type: ignore[arg-type]  # JSON already


def paging(call: Call) -> dict[str, Any]:
    return {"limit": call.query.get("limit", 100), "cursor": call.query.get("cursor")}


def account_of(call: Call) -> str | None:
    named = call.query.get("account")
    return named if isinstance(named, str) else None


def show_media(items: Sequence[Lying]) -> Reply:
    return Reply(200, {"items": msgspec.to_builtins(items)})


def show_page(page: Page) -> Reply:
    return Reply(200, {"items": page.items, "total": page.total, "evicted": page.evicted, "cursor": page.cursor})


def admin_application(control: Control, document: Document, public_url: str | None) -> ASGIApp:
    """Return the admin API, mounted nowhere: its document's paths begin with `/_mock` themselves."""
    admin = Admin(control, document, lambda call: public_url or call.origin)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await send_reply(send, (await answer(admin, scope, receive)).adding(SAFE))

    return application


async def answer(admin: Admin, scope: Scope, receive: Receive) -> Reply:
    """Find, decode, judge, do. Raises Gone."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    route = admin.own.find(method, scope["path"])
    if isinstance(route, Problem):
        return refuse_route(route)
    arrival = arrival_of(scope, receive, scope["path"], f"{scope['scheme']}://{host_and_port(scope)}")
    call = await decode(arrival, route, ident=NO_ID, at=admin.control.world.clock.now(), vendor="_admin")
    problems = judge(call, route.endpoint)
    return refuse(problems) if problems else await attempt(getattr(admin, snake(route.endpoint.id)), call)


def judge(call: Call, endpoint: Endpoint) -> Sequence[Problem]:
    if call.unreadable:
        return call.unreadable
    body = endpoint.bodies.get(call.media_type or "")
    found = list(body.shape.problems(call.instance)) if body else []
    for parameters, values in ((endpoint.query, call.query), (endpoint.steps, call.params)):
        if parameters:
            found += parameters[1].problems(dict(values))
    return found


async def attempt(method: Answer, call: Call) -> Reply:
    try:
        return await method(call)
    except Unknown as error:
        return told(404, HTTPStatus(404).phrase, str(error))
    except ConflictError as error:
        return told(409, HTTPStatus(409).phrase, str(error))
    except SetupError as error:
        return told(422, HTTPStatus(422).phrase, str(error))


def refuse(problems: Sequence[Problem]) -> Reply:
    first = problems[0]
    status = 422 if first.kind is Kind.INVALID else STATUSES[first.kind]
    listed = [{"at": problem.at, "says": problem.says} for problem in problems]
    return told(status, HTTPStatus(status).phrase, first.says, {"problems": listed})


def refuse_route(problem: Problem) -> Reply:
    """Answer a path or method that the document does not have; a wrong method is told the right ones."""
    status = STATUSES[problem.kind]
    reply = told(status, HTTPStatus(status).phrase, f"{problem.says}: see /_mock/openapi.json")
    return reply.adding({"Allow": ", ".join(problem.wants)}) if isinstance(problem.wants, list) else reply


def snake(ident: str) -> str:
    """Return an operationId as a method's name: openAccount, open_account."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in ident)
