"""The smallest edit that makes a request acceptable: tried out, and told only once it has worked."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import reduce

from msgspec import Struct

from mockserver.control.asking import Asked
from mockserver.control.edits import BODY, HEADER, PATH, QUERY, REMOVE, RENAME, SET, Edit, found, make, place
from mockserver.control.samples import documented, fields_at, paths_like, sample, values_for
from mockserver.engine.endpoint import Endpoint, object_of
from mockserver.kit.names import nearest
from mockserver.model import Kind, Problem

MOST_EDITS = 8
MOST_TRIALS = 400


class Judged(Struct, frozen=True):
    """How far a request came, and what stopped it; no problems means that it was accepted."""

    steps: Sequence[str]
    problems: Sequence[Problem] = ()

    @property
    def is_accepted(self) -> bool:
        return not self.problems


class Mended(Struct, frozen=True):
    edits: tuple[Edit, ...]
    request: Asked


class Lent(Struct, frozen=True):
    """What an account has that a request may name.

    `keys` are credentials that open the operation: a header's name, or `$field` of the body, with the value. `idents`
    are those of what stands in its book.
    """

    keys: Sequence[tuple[str, str]] = ()
    idents: Sequence[str] = ()


Judge = Callable[[Asked], Awaitable[Judged]]


async def repair(asked: Asked, endpoint: Endpoint, lent: Lent, judge: Judge) -> Mended | None:
    """Return the edits; None where the request is accepted as it is, and where nothing was found."""
    edits: list[Edit] = []
    current, state, left = asked, await judge(asked), MOST_TRIALS
    if state.is_accepted:
        return None
    while not state.is_accepted:
        for edit in candidates(current, state, endpoint, lent):
            changed = make(current, edit)
            found, left = await judge(changed), left - 1
            if is_better(found, state) or not left:
                break
        else:
            return None
        edits, current, state = [*edits, edit], changed, found
        if not left or len(edits) > MOST_EDITS:
            return None
    return await without_the_needless(asked, edits, judge)


async def without_the_needless(asked: Asked, edits: Sequence[Edit], judge: Judge) -> Mended:
    """Return the edits less those that a later one has made needless."""
    kept = [*edits]
    for edit in edits:
        fewer = [each for each in kept if each is not edit]
        if (await judge(reduce(make, fewer, asked))).is_accepted:
            kept = fewer
    return Mended(tuple(kept), reduce(make, kept, asked))


def is_better(found: Judged, before: Judged) -> bool:
    """Tell whether a request came farther: accepted, a later step, fewer problems, or another rule in the way."""
    if found.is_accepted:
        return True
    if len(found.steps) != len(before.steps):
        return len(found.steps) > len(before.steps)
    if len(found.problems) != len(before.problems):
        return len(found.problems) < len(before.problems)
    return found.steps[-1] == "rules" and found.problems[0].claim != before.problems[0].claim


def candidates(asked: Asked, state: Judged, endpoint: Endpoint, lent: Lent) -> Iterator[Edit]:
    """Yield edits that may bring a request farther, likeliest first; those that change nothing are left out."""
    yield from (edit for edit in every_candidate(asked, state, endpoint, lent) if make(asked, edit) != asked)


def every_candidate(asked: Asked, state: Judged, endpoint: Endpoint, lent: Lent) -> Iterator[Edit]:
    first = state.problems[0]
    if first.kind in (Kind.UNAUTHENTICATED, Kind.EXPIRED, Kind.FORBIDDEN):
        yield from (Edit(SET, name if name.startswith("$.") else f"{HEADER}{name}", value) for name, value in lent.keys)
    if state.steps[-1] == "transport":
        yield from of_the_right_kind(endpoint)
    for problem in state.problems:
        yield from at_its_place(asked, problem, endpoint)
    yield from in_path(asked, endpoint, lent.idents)
    for problem in state.problems:
        yield from by_ident(problem, endpoint, lent.idents)
    yield from by_example(asked, endpoint)
    yield from (Edit(SET, BODY, value) for value in documented(endpoint))


def of_the_right_kind(endpoint: Endpoint) -> Iterator[Edit]:
    yield Edit(REMOVE, f"{HEADER}Content-Encoding")
    yield from (Edit(SET, f"{HEADER}Content-Type", kind) for kind in endpoint.bodies)


def at_its_place(asked: Asked, problem: Problem, endpoint: Endpoint) -> Iterator[Edit]:
    """Yield what may mend a problem where it stands: another name, a fitting value, nothing at all."""
    if problem.keyword == "additionalProperties" and isinstance(problem.got, list):
        yield from by_name(asked, problem, endpoint)
    elif problem.path:
        if problem.keyword == "required":
            yield from by_slip(asked, problem, endpoint)
        yield from in_query(problem, endpoint)
        yield from (Edit(SET, place(problem.path), value) for value in values_for(problem, endpoint))
        yield from (Edit(REMOVE, place(path)) for path in (problem.path, problem.path[:-1]) if path)


def by_name(asked: Asked, problem: Problem, endpoint: Endpoint) -> Iterator[Edit]:
    known = {step for body in endpoint.bodies.values() for step in object_of(body.whole).get("properties", {})}
    for name in problem.got if isinstance(problem.got, list) else ():
        meant = nearest(str(name), known)
        if meant and found(asked.body, (*problem.path, meant)) is None:
            yield Edit(RENAME, place((*problem.path, name)), meant)
        yield Edit(REMOVE, place((*problem.path, name)))


def by_slip(asked: Asked, problem: Problem, endpoint: Endpoint) -> Iterator[Edit]:
    """Yield the new name of a field that was sent under a name like the one that is missing."""
    beside, missing = found(asked.body, problem.path[:-1]), str(problem.path[-1])
    known = {str(name) for name in fields_at(endpoint, problem.path[:-1])}
    sent = [name for name in (beside if isinstance(beside, dict) else ()) if name not in known]
    if slip := nearest(missing, sent):
        yield Edit(RENAME, place((*problem.path[:-1], slip)), missing)


def in_query(problem: Problem, endpoint: Endpoint) -> Iterator[Edit]:
    name = str(problem.path[0])
    for parameter in endpoint.parameters:
        if parameter["in"] == "query" and parameter["name"] == name:
            yield Edit(SET, f"{QUERY}{name}", sample(parameter["schema"], endpoint.document))
            yield Edit(REMOVE, f"{QUERY}{name}")


def by_ident(problem: Problem, endpoint: Endpoint, idents: Sequence[str]) -> Iterator[Edit]:
    """Yield a query that names something there is."""
    names = {parameter["name"] for parameter in endpoint.parameters if parameter["in"] == "query"}
    if problem.path and problem.path[0] in names:
        yield from (Edit(SET, f"{QUERY}{problem.path[0]}", ident) for ident in idents)


def in_path(asked: Asked, endpoint: Endpoint, idents: Sequence[str]) -> Iterator[Edit]:
    path, mark, query = asked.path.partition("?")
    yield from (Edit(SET, PATH, f"{like}{mark}{query}") for like in paths_like(path, endpoint, idents))


def by_example(asked: Asked, endpoint: Endpoint) -> Iterator[Edit]:
    """Yield a field of the documented example more, or in the place of what was sent; then a field less."""
    for value in documented(endpoint):
        fields = value if isinstance(value, dict) else {}
        yield from (Edit(SET, place((name,)), item) for name, item in fields.items())
    yield from (Edit(REMOVE, place((name,))) for name in (asked.body if isinstance(asked.body, dict) else ()))
