"""Every call to the admin API: routed, decoded and judged by the engine, as a vendor's is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.control import Control, TimedOut, Unknown
from mockserver.creation import ConflictError, SetupError
from mockserver.engine.decode import decode, read_query
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Endpoint
from mockserver.faces.admin import (
    accounts,
    clock,
    console,
    coverage,
    explain,
    faults,
    journal,
    media,
    records,
    scenarios,
    server,
    state,
    webhooks,
)
from mockserver.faces.admin.desk import Answer, Desk
from mockserver.faces.admin.live import Live, send_live
from mockserver.faces.asgi import SAFE, arrival_of, send_reply, told
from mockserver.faces.gate import host_and_port
from mockserver.kit.names import hint
from mockserver.model import STATUSES, Call, Kind, Problem, Reply
from mockserver.state.store import StoreError

Given = TypeVar("Given")
SUBJECTS = (
    server,
    accounts,
    records,
    journal,
    clock,
    media,
    explain,
    faults,
    scenarios,
    coverage,
    webhooks,
    state,
    console,
)
ANSWERS: Mapping[str, Answer] = {name: answer for subject in SUBJECTS for name, answer in subject.ANSWERS.items()}
# Calls to the admin API leave no entry; a fresh id for each would move the seeded ones of the vendors' calls.
NO_ID = str(UUID(int=0))
LONGEST_NAME = 100


def admin_application(control: Control, document: Document, public_url: str | None) -> ASGIApp:
    """Return the admin API, mounted nowhere: its document's paths begin with `/_mock` themselves."""
    desk = Desk(control, document, lambda call: public_url or call.origin)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        reply = await answer(desk, scope, receive)
        if isinstance(reply, Live):
            await send_live(reply, receive, send, SAFE)
        else:
            await send_reply(send, replace(reply, headers={**SAFE, **reply.headers}))

    return application


async def answer(desk: Desk, scope: Scope, receive: Receive) -> Reply | Live:
    """Find, decode, judge, do. Raises Gone."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    # People type it without the slash at its end.
    route = desk.document.find(method, "/_mock/" if scope["path"] == "/_mock" else scope["path"])
    if isinstance(route, Problem):
        return refuse_route(route)
    arrival = arrival_of(scope, receive)
    arrival.origin = f"{scope['scheme']}://{host_and_port(arrival.headers)}"
    if strange := strangers(arrival.query, route.endpoint):
        return refuse(strange)
    if whole := state.WHOLE.get(route.endpoint.id):
        text = await state.read_whole(arrival, route.endpoint)
        return refuse([text]) if isinstance(text, Problem) else await attempt(whole, desk, text)
    call = await decode(arrival, route, ident=NO_ID, at=desk.control.world.clock.now(), vendor="_admin")
    problems = judge(call, route.endpoint)
    return refuse(problems) if problems else await attempt(ANSWERS[route.endpoint.id], desk, call)


def strangers(query: bytes, endpoint: Endpoint) -> list[Problem]:
    """Return a problem for every name of the query that is none, where something is changed, or can be narrowed."""
    if not endpoint.query and endpoint.method == "GET":
        return []
    known = endpoint.query[0] if endpoint.query else {}
    says = f"known are {', '.join(known) or 'none'}"
    strange = [name[:LONGEST_NAME] for name in read_query(query, endpoint)[0] if name not in known]
    return [Problem(Kind.INVALID, f"the query has no {name!r}: {says}{hint(name, known)}") for name in strange]


def judge(call: Call, endpoint: Endpoint) -> Sequence[Problem]:
    if call.unreadable:
        return call.unreadable
    body = endpoint.bodies.get(call.media_type or "")
    found = list(body.shape.problems(call.instance)) if body else []
    for parameters, values in ((endpoint.query, call.query), (endpoint.steps, call.params)):
        if parameters:
            found += parameters[1].problems(dict(values))
    return found


async def attempt(answer: Callable[[Desk, Given], Awaitable[Reply | Live]], desk: Desk, given: Given) -> Reply | Live:
    try:
        return await answer(desk, given)
    except Unknown as error:
        return told(404, HTTPStatus(404).phrase, str(error))
    except TimedOut as error:
        return told(408, HTTPStatus(408).phrase, str(error))
    except ConflictError as error:
        return told(409, HTTPStatus(409).phrase, str(error))
    except SetupError as error:
        return told(422, HTTPStatus(422).phrase, str(error))
    except StoreError as error:
        return told(503, HTTPStatus(503).phrase, f"the store cannot be asked: {error}")


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
