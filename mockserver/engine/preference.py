"""`Prefer: code=402`: a client asks for one of the documented answers, and gets it in the vendor's own shape."""

import re

from mockserver.engine.endpoint import Endpoint, example_of
from mockserver.model import Advice, Call, Kind, Outcome, Problem, Reply, Vendor

CODE = re.compile(r"(?:^|[,;\s])code\s?=\s?(\"?)(\d{3})\1(?=$|[,;\s])", re.ASCII | re.IGNORECASE)
# Of two kinds that a vendor answers with one status, what its operations say comes before what its router says.
KINDS = (Kind.INVALID, Kind.NOT_FOUND, *Kind)


def preferred_code(call: Call) -> str | None:
    """Return the status that the call asks for in its Prefer header (RFC 7240), None where it asks for none."""
    header = call.headers.get("prefer")
    found = CODE.search(header) if header else None
    return found[2] if found else None


def planted_refusal(vendor: Vendor, call: Call, code: str) -> Problem | None:
    """Return a problem that this vendor answers with the code, None where it has none."""
    for kind in KINDS:
        problem = Problem(kind, f"asked for by Prefer: code={code}")
        if str(vendor.refuse((problem,), call).status) == code:
            return problem
    return None


def documented(endpoint: Endpoint, code: str) -> Outcome:
    """Return the answer that the document shows for a status."""
    answer = endpoint.answer(code)
    for media_type, media in answer.get("content", {}).items():
        return Outcome(Reply(int(code), example_of(media), media_type), claim=answer.get("x-claim"))
    return Outcome(Reply(int(code), None, None), claim=answer.get("x-claim"))


def undocumented(code: str, why: str = "which this operation does not document") -> Advice:
    return Advice(f"Prefer asks for {code}, {why}: it is ignored")
