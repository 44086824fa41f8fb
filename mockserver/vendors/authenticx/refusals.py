"""How Authenticx says no: a sentence where the request is at fault, a code where a token is, else a status alone."""

from collections.abc import Mapping, Sequence

from mockserver.model import STATUSES, Call, Kind, Problem, Reply, keeps
from mockserver.vendors.authenticx.sentences import sentence

TEXT, JSON = "text/plain; charset=utf-8", "application/json"
TEXT_RANGES, JSON_RANGES = ("text/plain", "text/*"), ("application/json", "text/json", "application/*")
UPLOADS = ("uploadMedia", "uploadTextMedia")
TOKEN = "createToken"  # noqa: S105  # the name of an operation
NOT_AVAILABLE = "This endpoint is not available for your organization. Please contact Authenticx Help Desk support."
RETRY_AFTER = "30"
# What an identity server calls the claim that is broken; anything else is a request that it cannot read.
CODES: Mapping[str, str] = {
    "client-must-be-known": "invalid_client",
    "grant-type-client-credentials": "unsupported_grant_type",
    "token-scope-acxapi": "invalid_scope",
}


def refuse(problems: Sequence[Problem], call: Call) -> Reply:
    status = STATUSES[problems[0].kind]
    if call.operation == TOKEN and status in (400, 401, 415):
        return refuse_token(problems[0])
    if status == 400:
        return worded(400, sentence(problems) if call.operation in UPLOADS else own_sentence(problems), call)
    return refuse_plainly(status, problems[0], call)


@keeps("other-refusals-are-empty", "too-large-is-413", "unauthorized-is-401", "too-many-is-429")
def refuse_plainly(status: int, problem: Problem, call: Call) -> Reply:
    if status == 501:
        return Reply(status, NOT_AVAILABLE)
    seconds = RETRY_AFTER if problem.wants is None else str(problem.wants)
    headers = {401: {"WWW-Authenticate": challenge(call)}, 429: {"Retry-After": seconds}}
    return Reply(status, media_type=None, headers=headers.get(status, {}))


@keeps("token-errors")
def refuse_token(problem: Problem) -> Reply:
    known = "client-must-be-known" if problem.kind is Kind.UNAUTHENTICATED else problem.claim
    return Reply(400, {"error": CODES.get(known or "", "invalid_request")})


@keeps("sentences-of-our-own")
def own_sentence(problems: Sequence[Problem]) -> str:
    return problems[0].says


def challenge(call: Call) -> str:
    return 'Bearer error="invalid_token"' if call.credential else "Bearer"


@keeps("sentences-as-text-or-json")
def worded(status: int, says: str, call: Call) -> Reply:
    """Return an answer of one sentence: bare text, or a JSON string for a client that asks for JSON."""
    return Reply(status, says, JSON if asks_for_json(call.headers.get("accept", "")) else TEXT)


def asks_for_json(accept: str) -> bool:
    """Return whether JSON is asked for before text; where anything goes, the vendor's framework writes text."""
    ranges = [each.partition(";")[0].strip() for each in accept.lower().split(",")]
    asked = [each in JSON_RANGES for each in ranges if each in (*JSON_RANGES, *TEXT_RANGES)]
    return "*/*" not in ranges and asked[:1] == [True]
