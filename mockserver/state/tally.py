"""How often what was called and how it was answered: counted for good, whatever the journal has pushed out."""

from collections.abc import Callable, Mapping

from mockserver.model import Call, Decision
from mockserver.state.store import Key, Write

SHELF = "tally"


def count_call(call: Call, decision: Decision) -> Write:
    """Return the write that counts a call; there are no more such keys than a vendor's documents have answers."""
    status = str(decision.outcome.reply.status)
    return Write((SHELF, call.vendor, call.operation, status, decision.refused_by or ""), add=1)


def summed(counts: Mapping[Key, int], words: Callable[[Key], tuple[str, ...] | None]) -> dict[tuple[str, ...], int]:
    """Return how many calls there were by those words of a key, in their order; a key without is passed over."""
    found: dict[tuple[str, ...], int] = {}
    for key, count in sorted(counts.items()):
        if named := words(key):
            found[named] = found.get(named, 0) + count
    return found
