"""What the fuzzer must know of us: our formats, the demo credentials, and one check that replaces one of its own."""

import json
import os
from itertools import count
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, HookContext, Response

CREDENTIAL_FIELD = os.environ.get("FUZZ_FIELD", "")
CREDENTIAL = os.environ.get("FUZZ_CREDENTIAL", "")
# Fields that a path wants in its body, to know who asks: what fits the document may have others, or none.
CLIENTS: dict[str, dict[str, str]] = json.loads(os.environ.get("FUZZ_CLIENTS", "{}"))
# Whether every other body that fits is the document's own example: chance alone seldom makes one that is accepted.
TAKES_EXAMPLES = bool(os.environ.get("FUZZ_EXAMPLES"))
TOO_LONG = 10**18
IS_ADMIN = bool(os.environ.get("FUZZ_ADMIN"))
# The admin API may not know a name, hold it already, or wait in vain: that is no matter of shape.
ALLOWED = (404, 408, 409, 422) if IS_ADMIN else ()

# Bodies that are a recording and nothing else.
RAW = ("audio/aac", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "video/mp4")

schemathesis.openapi.format(
    "iso-8601",
    st.one_of(
        st.dates().map(lambda day: day.isoformat()),
        st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
        st.datetimes().map(lambda moment: moment.isoformat()),
    ),
)
schemathesis.openapi.format(
    "web-url",
    st.tuples(
        st.sampled_from(["http", "https"]), st.from_regex(r"[a-z]{1,10}\.example\.com/[a-z0-9/]{0,20}", fullmatch=True)
    ).map("://".join),
)


@schemathesis.serializer(*RAW)
def serialize_raw(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Send what a body is, whatever it is said to be: nobody makes up a recording."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def filter_body(context: HookContext, body: Any) -> bool:
    """Leave out what a document cannot say of forms: a part has a name, and a list would be a part sent twice."""
    if not (isinstance(body, dict) and is_form(context)):
        return True
    return "" not in body and not any(isinstance(value, list) for value in body.values())


@schemathesis.hook
def filter_query(_context: HookContext, query: Any) -> bool:
    """Leave out what the generator takes for whole numbers and no text stands for: 18 digits and more, fractions."""
    return IS_ADMIN or not any(map(is_no_whole_number, dict(query or {}).values()))


def is_no_whole_number(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= TOO_LONG)


def is_form(context: HookContext) -> bool:
    kinds = [body.media_type for body in context.operation.body] if context.operation else []
    return any(kind.startswith("multipart/") for kind in kinds)


turns = count()


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], **_kwargs: Any) -> None:
    """Put the demo key where a vendor wants it in the body, unless its absence is what is being tried.

    Nobody waits for a call that will not come.
    """
    if case.path.endswith("/journal/wait") and not is_wrong(case.query.get("timeout", 0)):
        case.query["timeout"] = 0
    if TAKES_EXAMPLES and fits(case) and (shown := example_of(case)) is not None and next(turns) % 2:
        case.body = shown
    if CREDENTIAL_FIELD and isinstance(case.body, dict) and isinstance(case.body.get(CREDENTIAL_FIELD), str):
        case.body[CREDENTIAL_FIELD] = CREDENTIAL
    if isinstance(case.body, dict) and fits(case):
        case.body.update(CLIENTS.get(case.operation.path, {}))


def is_wrong(timeout: Any) -> bool:
    try:
        return isinstance(timeout, bool) or not 0 <= float(timeout) <= 60
    except (TypeError, ValueError):
        return True


def fits(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE


def example_of(case: Case[Any]) -> Any:
    """Return the body that the document shows for a case's media type, None where it shows none."""
    request = case.operation.definition.raw.get("requestBody", {})
    media = request.get("content", {}).get(case.media_type, {})
    return media.get("example", next((each["value"] for each in media.get("examples", {}).values()), None))


def is_signed(case: Case[Any]) -> bool:
    """Say whether an operation is open only to an address that the vendor has signed, as no document can."""
    whole, own = case.operation.schema.raw_schema, case.operation.definition.raw
    known = whole.get("components", {}).get("securitySchemes", {})
    names = [name for alternative in own.get("security", whole.get("security", [])) for name in alternative]
    return bool(names) and all(known[name].get("in") == "query" for name in names)


@schemathesis.check
def refused_only_by_a_rule(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """What fits the document may be refused only by a rule that has a name."""
    if not fits(case) or response.status_code < 400 or response.status_code in ALLOWED:
        return
    refused_by = response.headers.get("x-mock-refused-by", ["nothing that has a name"])[0]
    if refused_by.startswith("auth/") and is_signed(case):
        return
    # What a header says of the body's encoding is not in the document's hands.
    assert refused_by.startswith("rules/"), f"fits the document, and is refused by {refused_by}"
