"""Control over HTTP, from its own OpenAPI document: routed by Starlette, judged by the engine."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver.control import Control, Page, Unknown
from mockserver.creation import SetupError, Wish
from mockserver.engine import document as documents
from mockserver.engine.arrival import Gone
from mockserver.engine.bundle import served
from mockserver.engine.decode import decode
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.asgi import arrival_of, content_of, told
from mockserver.kit.times import parse_iso8601
from mockserver.model import STATUSES, Account, Call, Kind, Problem, Reply

Answer: TypeAlias = Callable[[Call], Awaitable[Reply]]
FILTERS = ("vendor", "account", "operation", "status", "refused_by")


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
        if wish.vendor not in self.control.world.documents:
            return told(422, "Unprocessable Content", f"there is no vendor {wish.vendor!r}")
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


def show_page(page: Page) -> Reply:
    return Reply(200, {"items": page.items, "total": page.total, "evicted": page.evicted, "cursor": page.cursor})


def admin_application(control: Control, document: Document, public_url: str | None) -> Starlette:
    """Return the admin API, mounted nowhere: its document's paths begin with `/_mock` themselves."""
    admin = Admin(control, document, lambda call: public_url or call.origin)
    routes = [
        Route(
            endpoint.path, answer_with(getattr(admin, snake(endpoint.id)), endpoint, control), methods=[endpoint.method]
        )
        for endpoint in document.endpoints
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: refuse_route, Exception: refuse_failure})


def answer_with(method: Answer, endpoint: Endpoint, control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
        arrival = arrival_of(request.scope, request.receive, request.scope["path"], origin)
        route = documents.Route(endpoint, request.path_params)
        world = control.world
        try:
            call = await decode(arrival, route, ident=world.ids.fresh(), at=world.clock.now(), vendor="_admin")
        except Gone:
            return Response(status_code=400)
        problems = judge(call, endpoint)
        return write(refuse(problems) if problems else await attempt(method, call))

    return answer


def judge(call: Call, endpoint: Endpoint) -> Sequence[Problem]:
    if call.unreadable:
        return call.unreadable
    body = endpoint.bodies.get(call.media_type or "")
    found = body.shape.problems(call.instance) if body else ()
    return (*found, *(endpoint.query[1].problems(dict(call.query)) if endpoint.query else ()))


async def attempt(method: Answer, call: Call) -> Reply:
    try:
        return await method(call)
    except Unknown as error:
        return told(404, HTTPStatus(404).phrase, str(error))
    except SetupError as error:
        return told(409, HTTPStatus(409).phrase, str(error))


def refuse(problems: Sequence[Problem]) -> Reply:
    first = problems[0]
    status = 422 if first.kind is Kind.INVALID else STATUSES[first.kind]
    listed = [{"at": problem.at, "says": problem.says} for problem in problems]
    return told(status, HTTPStatus(status).phrase, first.says, {"problems": listed})


def write(reply: Reply) -> Response:
    """Answer JSON that nobody may read as a page."""
    headers = {"x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'", **reply.headers}
    return Response(content_of(reply), reply.status, headers, reply.media_type)


async def refuse_route(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    return write(told(status, HTTPStatus(status).phrase, "see /_mock/openapi.json").adding(headers))


async def refuse_failure(_request: Request, _error: Exception) -> Response:
    return write(told(500, HTTPStatus(500).phrase, "this is our fault: the server's log has the reason"))


def snake(ident: str) -> str:
    """Return an operationId as a method's name: openAccount, open_account."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in ident)
