"""The marks on every answer: which call it was, which rule refused it, and how far to believe it."""

from mockserver.world import Served


def marks(served: Served) -> list[tuple[bytes, bytes]]:
    """Return response headers; they stand beside the vendor's answer, never in its body."""
    decision = served.decision
    found = [(b"x-mock-call", served.call.id.encode()), (b"x-mock-basis", decision.basis.encode())]
    if refused_by := decision.refused_by:
        found.append((b"x-mock-refused-by", refused_by.encode()))
    if decision.fault:
        found.append((b"x-mock-fault", decision.fault.encode()))
    if advice := len(served.call.advice) + len(decision.outcome.advice):
        found.append((b"x-mock-advice", b"%d" % advice))
    return found
