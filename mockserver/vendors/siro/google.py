"""How Google's storage says no: one error in XML."""

from collections.abc import Mapping
from html import escape

from mockserver.model import Call, Kind, Problem, Reply, keeps

MEDIA_TYPE = "application/xml; charset=UTF-8"
LONGEST = 200
DENIED = (403, "AccessDenied", "Access denied.")
OTHERWISE = "The request signature we calculated does not match the signature you provided."
MISMATCH = (403, "SignatureDoesNotMatch", f"{OTHERWISE} Check your Google secret key and signing method.")
INVALID = (400, "InvalidArgument", "Invalid argument.")
TOO_LARGE = "Your proposed upload is larger than the maximum object size specified in your Policy Document."
# The status, the code and what Google says to it.
ERRORS: Mapping[Kind, tuple[int, str, str]] = {
    Kind.UNAUTHENTICATED: MISMATCH,
    Kind.FORBIDDEN: MISMATCH,
    Kind.MEDIA_TYPE: MISMATCH,
    Kind.EXPIRED: (400, "ExpiredToken", "The provided token has expired."),
    Kind.TOO_LARGE: (400, "EntityTooLarge", TOO_LARGE),
    Kind.NO_PATH: (404, "NoSuchKey", "The specified key does not exist."),
    Kind.NOT_FOUND: (404, "NoSuchKey", "The specified key does not exist."),
    Kind.METHOD: (405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    Kind.TOO_MANY: (429, "SlowDown", "Please reduce your request rate."),
    Kind.BROKEN: (500, "InternalError", "We encountered an internal error. Please try again."),
}
SIGNED_HEADERS = ("content-type", "x-goog-content-length-range")


@keeps("storage-refuses-in-xml")
def refuse(problem: Problem, call: Call) -> Reply:
    status, code, message = error_of(problem, call)
    signed = f"<StringToSign>{escape(to_sign(call))}</StringToSign>" if code == MISMATCH[1] else ""
    told = f"<Code>{code}</Code><Message>{message}</Message>{signed}<Details>{escape(problem.says)}</Details>"
    return Reply(status, f"<?xml version='1.0' encoding='UTF-8'?><Error>{told}</Error>", MEDIA_TYPE)


def error_of(problem: Problem, call: Call) -> tuple[int, str, str]:
    if problem.kind is Kind.UNAUTHENTICATED and call.credential is None:
        return DENIED
    if problem.keyword == "required":  # a header that is part of the signature
        return MISMATCH
    if problem.claim == "compressed-body-is-400":
        return INVALID
    return ERRORS.get(problem.kind, INVALID)


def to_sign(call: Call) -> str:
    """Return what the signature should have covered, had it been made for this request."""
    headers = [f"{name}:{call.headers.get(name, '')[:LONGEST]}" for name in SIGNED_HEADERS]
    return "\n".join((call.method, call.path[:LONGEST], *headers))
