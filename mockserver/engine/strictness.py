"""What a strict server makes of advice: what the vendor passes over in silence is refused."""

import re
from collections.abc import Iterable, Iterator

from mockserver.model import Advice, Kind, Mark, Path, Problem

STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
# In the place of a schema's keyword: a vendor's voice words it as it words what its schema cannot say.
ADVISED = "advised"


def passed_over(advice: Iterable[Advice], recommended: frozenset[str]) -> tuple[Advice, ...]:
    """Return the advice less what the vendor only recommends, and passes nothing over for."""
    return tuple(each for each in advice if each.claim not in recommended)


def heed(trail: Iterable[Mark], advice: Iterable[Advice]) -> list[Mark]:
    """Return the trail up to its schema step, which refuses what was advised."""
    return [*before_schema(trail), Mark("schema", tuple(map(problem_of, advice)))]


def before_schema(trail: Iterable[Mark]) -> Iterator[Mark]:
    for mark in trail:
        if mark.step == "schema":
            return
        yield mark


def problem_of(advice: Advice) -> Problem:
    return Problem(Kind.INVALID, advice.says, path_of(advice.at), ADVISED, claim=advice.claim)


def path_of(at: str) -> Path:
    """Return the steps of a place such as `$.crmObjects[0].objectId`."""
    return tuple(int(index) if index else name for name, index in STEP.findall(at))
