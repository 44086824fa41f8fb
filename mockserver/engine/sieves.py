"""Probes made quick: what an accepted call keeps costs it a few dictionary reads."""

from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import Struct, field

from mockserver.engine.probes import Condition, Probe
from mockserver.engine.shape import is_match
from mockserver.model import Json

# Of a list, or of properties without a name, so many are looked at: further ones are seldom of another kind, and no
# call should pay for them.
MOST_ITEMS = 100
MOST_SHAPES, MOST_KEYS, LONGEST_KEY = 64, 64, 64


class Sieve(Struct, frozen=True):
    """A place in a request: `leaves` are the properties whose presence tells all, `deep` those to look into.

    `shapes` remembers what the leaves keep of objects with the same keys: most calls of a client are alike.
    `most` are all the claims that can be kept here or below: where none of them would be news, nobody looks.
    """

    own: int
    most: int
    leaves: Mapping[str, int] = {}
    deep: Mapping[str, "Sieve"] = {}
    patterns: Mapping[str, "Sieve"] = {}
    rest: "Sieve | None" = None
    items: "Sieve | None" = None
    further: Sequence[tuple[Condition, "Sieve"]] = ()
    shapes: dict[tuple[str, ...], int] = field(default_factory=dict)

    def kept(self, value: Json, known: int = 0) -> int:
        """Return the claims that an accepted value keeps; those that are known may be left out."""
        if not self.most & ~known:
            return 0
        mask = self.own
        if isinstance(value, dict):
            mask |= self._of_fields(value, known)
        elif self.items is not None and isinstance(value, list):
            for item in value if len(value) <= MOST_ITEMS else value[:MOST_ITEMS]:
                mask |= self.items.kept(item, known)
        for holds, inner in self.further:
            if holds(value):
                mask |= inner.kept(value, known)
        return mask

    def _of_fields(self, fields: Mapping[str, Json], known: int) -> int:
        keys = tuple(fields) if len(fields) <= MOST_KEYS else ()
        found = self.shapes.get(keys)
        mask = self._of_leaves(fields, keys) if found is None else found
        for name, inner in self.deep.items():
            if name in fields:
                mask |= inner.kept(fields[name], known)
        return mask | self._of_unnamed(fields, known) if self.rest or self.patterns else mask

    def _of_leaves(self, fields: Mapping[str, Json], keys: tuple[str, ...]) -> int:
        mask = 0
        # Along the schema, not along the value: its length is the client's.
        for name, own in self.leaves.items():
            if name in fields:
                mask |= own
        if keys and all(len(key) <= LONGEST_KEY for key in keys):
            if len(self.shapes) == MOST_SHAPES:
                self.shapes.clear()
            self.shapes[keys] = mask
        return mask

    def _of_unnamed(self, fields: Mapping[str, Json], known: int) -> int:
        mask = 0
        for name in islice((each for each in fields if not self.has(each)), MOST_ITEMS):
            met = (inner for pattern, inner in self.patterns.items() if is_match(pattern, name))
            if (inner := next(met, self.rest)) is not None:
                mask |= inner.kept(fields[name], known)
        return mask

    def has(self, name: str) -> bool:
        return name in self.leaves or name in self.deep


def sieve(probe: Probe) -> Sieve:
    """Return a probe's quick form, without the places below it at which nothing is kept."""
    named = probe.properties.items()
    return Sieve(
        own=probe.own,
        most=probe.most,
        # One that keeps nothing stays: it has a name, so what holds for the unnamed does not hold for it.
        leaves={name: inner.own for name, inner in named if inner.is_leaf},
        deep={name: sieve(inner) for name, inner in named if not inner.is_leaf},
        patterns={pattern: sieve(inner) for pattern, inner in probe.patterns.items() if inner.most},
        rest=sieve(probe.rest) if probe.rest and probe.rest.most else None,
        items=sieve(probe.items) if probe.items and probe.items.most else None,
        further=[(holds, sieve(inner)) for holds, inner in probe.further if inner.most],
    )
