"""Where in a request the claims of its schema lie: those that an accepted value keeps, those that one may break.

A set of claims is a whole number, a bit for each claim.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from msgspec import Struct, field

from mockserver.engine.bundle import resolve
from mockserver.engine.endpoint import object_of, types_of
from mockserver.engine.shape import Shape, claim_of
from mockserver.model import Json

Above: TypeAlias = tuple[Any, ...]
Condition: TypeAlias = Callable[[Json], bool]
JUDGING = frozenset(
    (
        *("type", "enum", "const", "format", "pattern", "not", "anyOf", "oneOf", "dependentRequired"),
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    )
)
# What every text is already, a list of texts, or a form or a query as a whole: no request can say otherwise.
GIVEN = (("string",), ("array",), ("object",))
# What is no property of a value by itself: that it is there at all, and how it was read.
NOT_ITS_OWN = frozenset(("required", "dependentRequired", "readable", "x-max-bytes"))


class Bits:
    """Gives each claim of a vendor its bit."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def of(self, claims: Iterable[str | None]) -> int:
        mask = 0
        for claim in filter(None, claims):
            mask |= 1 << self._places.setdefault(claim, len(self._places))
        return mask

    def names(self, mask: int) -> tuple[str, ...]:
        return tuple(sorted(claim for claim, place in self._places.items() if mask >> place & 1))


class Probe(Struct):
    """A place in a request: the claims that an accepted value there keeps, and those that one may break.

    `rest` is for properties that nothing names; each of `further` is for values that meet its condition.
    """

    own: int = 0
    breaks: int = 0
    properties: dict[str, "Probe"] = field(default_factory=dict)
    patterns: dict[str, "Probe"] = field(default_factory=dict)
    rest: "Probe | None" = None
    items: "Probe | None" = None
    further: list[tuple[Condition, "Probe"]] = field(default_factory=list)

    def all(self) -> Iterator["Probe"]:
        """Yield this place and all below it."""
        yield self
        below = (*self.properties.values(), *self.patterns.values(), self.rest, self.items)
        for probe in (*below, *(probe for _, probe in self.further)):
            if probe is not None:
                yield from probe.all()

    @property
    def most(self) -> int:
        """All claims that some accepted value keeps, here or below."""
        mask = 0
        for probe in self.all():
            mask |= probe.own
        return mask

    @property
    def is_leaf(self) -> bool:
        return sum(probe.own != 0 for probe in self.all()) == (self.own != 0)


class Prober:
    """Makes probes of a document's schemas; of `texts` every value is a text, but those of the properties `typed`."""

    def __init__(
        self, document: Mapping[str, Any], bits: Bits, *, texts: bool = False, typed: frozenset[str] = frozenset()
    ) -> None:
        self._document, self._bits, self._texts, self._typed = document, bits, texts, typed

    def probe(self, schema: Any) -> Probe:
        probe = Probe()
        self._extend(probe, schema, (), texts=self._texts)
        return probe

    def _extend(self, probe: Probe, schema: Any, above: Above, *, texts: bool) -> None:
        """Add what a schema says of a place. Branches of a choice add nothing: none of them refuses by itself."""
        node = object_of(schema)
        if any(node is each for each in above):  # a schema that holds itself
            return
        inside = (*above, node)
        probe.own |= self._bits.of(kept_by(node))
        probe.breaks |= self._bits.of(broken_by(node, self._document, texts=texts))
        if "$ref" in node:
            self._extend(probe, resolve(self._document, {"$ref": node["$ref"]}), inside, texts=texts)
        for each in node.get("allOf", ()):
            self._extend(probe, each, inside, texts=texts)
        for holds, each in conditions(node, self._document):
            further = Probe()
            self._extend(further, each, inside, texts=texts)
            probe.further.append((holds, further))
        self._extend_list(probe, node, inside, texts=texts)
        self._extend_object(probe, node, inside, texts=texts)

    def _extend_list(self, probe: Probe, node: Mapping[str, Any], above: Above, *, texts: bool) -> None:
        for item in (*node.get("prefixItems", ()), node.get("items")):
            if item is not None:
                probe.items = probe.items or Probe()
                self._extend(probe.items, item, above, texts=texts)

    def _extend_object(self, probe: Probe, node: Mapping[str, Any], above: Above, *, texts: bool) -> None:
        for word, places in (("properties", probe.properties), ("patternProperties", probe.patterns)):
            for name, child in node.get(word, {}).items():
                place = places.setdefault(name, Probe())
                self._extend(place, child, above, texts=texts and name not in self._typed)
        for name, claim in (*required_by(node, self._document), *dependents_of(node)):
            probe.properties.setdefault(name, Probe()).own |= self._bits.of([claim])
        if "additionalProperties" in node:
            probe.rest = probe.rest or Probe()
            self._extend(probe.rest, node["additionalProperties"], above, texts=texts)
        if "propertyNames" in node:
            self._extend(probe, node["propertyNames"], above, texts=texts)


def kept_by(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the claims that whatever fits a node keeps, wherever it is."""
    claims = node.get("x-claim", {})
    for keyword, claim in claims.items() if isinstance(claims, dict) else (("", claims),):
        if keyword not in NOT_ITS_OWN:
            yield claim


def broken_by(node: Mapping[str, Any], document: Mapping[str, Any], *, texts: bool) -> Iterator[str | None]:
    """Yield the claims under which a node's own keywords refuse, as the schema step names them."""
    for word in node:
        if word == "type" and texts and types_of(node) in GIVEN:
            continue
        if word in JUDGING or (word == "additionalProperties" and node[word] is False):
            yield claim_of(node, word)
    yield from (claim for _, claim in required_by(node, document))


def required_by(node: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the properties that must be there, each with the claim that its absence breaks."""
    for name in node.get("required", ()):
        beside = node.get("properties", {}).get(name)
        claims = (claim_of(each, "required") for each in (beside, resolve(document, beside), node))
        yield name, next(filter(None, claims), None)


def dependents_of(node: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield the properties that must not be there alone, with the claim that says so."""
    for name in node.get("dependentRequired", {}):
        yield name, claim_of(node, "dependentRequired")


def conditions(node: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[tuple[Condition, Any]]:
    """Yield the schemas that hold under a condition, each with what tells whether it does."""
    if "if" in node:
        meets = Shape(node["if"], document).accepts
        yield meets, node.get("then")
        yield (lambda value: not meets(value)), node.get("else")
    for name, schema in node.get("dependentSchemas", {}).items():
        yield partial(has, name), schema


def has(name: str, value: Json) -> bool:
    return isinstance(value, dict) and name in value
