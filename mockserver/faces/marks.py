"""The marks on every answer: which call it was, which rule refused it, and how far to believe it."""

from collections.abc import Iterator

from mockserver.world import Served


def marks(served: Served) -> Iterator[tuple[bytes, bytes]]:
    """Yield response headers; they stand beside the vendor's answer, never in its body."""
    decision = served.decision
    yield b"x-mock-call", served.call.id.encode()
    yield b"x-mock-basis", decision.basis.value.encode()
    if refused_by := decision.refused_by:
        yield b"x-mock-refused-by", refused_by.encode()
    if decision.fault:
        yield b"x-mock-fault", decision.fault.encode()
    if advice := len(served.call.advice) + len(decision.outcome.advice):
        yield b"x-mock-advice", str(advice).encode()
