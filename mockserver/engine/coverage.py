"""Which claims of a vendor a request can keep or break, and which of them a call has kept or broken.

Pure: all follows from the document and the vendor's behaviour. What is prepared for an operation is prepared when its
first call has been decided.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from mockserver.engine.bundle import resolve
from mockserver.engine.decide import credential_claim
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Body, Endpoint, object_of
from mockserver.engine.probes import Bits, Probe, Prober
from mockserver.engine.sieves import sieve
from mockserver.model import Call, Decision, Operation, Rule, Vendor

ANYWHERE = ("path", "method")
OF_CREDENTIALS = ("credential", "expired")
OF_BODIES = ("media-type", "too-large", "encoding", "malformed")


class Coverable(Struct, frozen=True):
    """A claim that requests to `operations` keep or break; no operation where any request to the vendor does."""

    claim: str
    operations: tuple[str, ...]
    can_keep: bool
    can_break: bool


class Covered:
    """What requests to one operation keep and break."""

    def __init__(self, endpoint: Endpoint, vendor: Vendor, bits: Bits) -> None:
        self._endpoint, self._bits = endpoint, bits
        rules = rules_of(endpoint, vendor)
        self._always = self._reasons(ANYWHERE) | bits.of(
            claim for rule in rules for claim in (rule.claim, *rule.others)
        )
        self._known = self._always | (self._reasons(OF_CREDENTIALS) if is_closed(endpoint) else 0)
        self._schemes = {scheme.name: bits.of([scheme.claim]) for scheme in endpoint.schemes}
        self._bodies = {name: self._body(body) for name, body in endpoint.bodies.items()}
        self._beside = dict(self._parameters())
        self._sieves = {name: sieve(probe) for name, probe in (*self._bodies.items(), *self._beside.items())}

    def kept(self, call: Call, known: int = 0) -> int:
        """Return what this call has kept, given that it was accepted; what is known may be left out."""
        mask, sieves = self._known, self._sieves
        if call.credential is not None:
            mask |= self._schemes.get(call.credential.scheme, 0)
        if call.media_type in self._bodies:
            mask |= sieves[call.media_type].kept(call.instance, known)
        for place in self._beside:
            mask |= sieves[place].kept(dict(getattr(call, place)), known)
        return mask

    def can_keep(self) -> int:
        """Return what some accepted call keeps: nothing where the document shows no answer to an accepted one."""
        if all(status >= "4" for status in self._endpoint.responses):
            return 0
        mask = self._known
        for own in (*self._schemes.values(), *(probe.own for probe in self._probes())):
            mask |= own
        return mask

    def can_break(self) -> int:
        """Return what some call is refused by."""
        endpoint, mask = self._endpoint, self._always
        if is_closed(endpoint):
            mask |= self._bits.of([credential_claim(endpoint), endpoint.claims.get("expired")])
        for body in endpoint.bodies.values():
            mask |= self._reasons(reasons_of(body))
        for probe in self._probes():
            mask |= probe.breaks
        return mask

    def _probes(self) -> Iterator[Probe]:
        for probe in (*self._bodies.values(), *self._beside.values()):
            yield from probe.all()

    def _reasons(self, reasons: Sequence[str]) -> int:
        return self._bits.of(self._endpoint.claims.get(reason) for reason in reasons)

    def _body(self, body: Body) -> Probe:
        typed = frozenset(name for name, part in body.parts.items() if part.is_json or part.is_file)
        prober = Prober(self._endpoint.document, self._bits, texts=body.way in ("form", "urlencoded"), typed=typed)
        probe = prober.probe(body.schema)
        probe.own |= self._reasons(reasons_of(body))
        for name, claims in readings_of(body):
            place, mask = probe.properties[name], self._bits.of(claims)
            place.own, place.breaks = place.own | mask, place.breaks | mask
        return probe

    def _parameters(self) -> Iterator[tuple[str, Probe]]:
        """Yield what stands beside a body, by its name in a call. Of a path nothing can be left out."""
        endpoint = self._endpoint
        prober = Prober(endpoint.document, self._bits, texts=True)
        for place, found in (("query", endpoint.query), ("headers", endpoint.headers), ("params", endpoint.steps)):
            if found:
                schema = {**found[1].schema, "required": ()} if place == "params" else found[1].schema
                yield place, prober.probe(schema)


def rules_of(endpoint: Endpoint, vendor: Vendor) -> tuple[Rule, ...]:
    """Return the rules that calls to an operation are judged by, those of its credential included."""
    operation = vendor.operations.get(endpoint.id) or Operation()
    return (*(vendor.guards if is_closed(endpoint) else ()), *operation.early, *operation.rules)


def is_closed(endpoint: Endpoint) -> bool:
    return bool(endpoint.schemes) or endpoint.in_body


def reasons_of(body: Body) -> tuple[str, ...]:
    """Return why a body may not be read; bytes that are a file themselves always can."""
    return OF_BODIES[:-1] if body.way == "raw" else OF_BODIES


def readings_of(body: Body) -> Iterator[tuple[str, list[str | None]]]:
    """Yield the parts of a form with the claims by which one that is too large, or no JSON, is refused."""
    if body.way != "form":
        return
    for name, part in body.parts.items():
        own = object_of(resolve(body.document, object_of(body.whole)["properties"][name]))
        limit = part.too_large if "x-max-bytes" in own else None
        yield name, [limit, part.readable if part.is_json else None]


class Coverage:
    """What requests to one vendor keep and break."""

    def __init__(self, document: Document, vendor: Vendor) -> None:
        self.bits = Bits()
        self._document, self._vendor = document, vendor
        self._covered: dict[str, Covered] = {}

    def kept(self, call: Call, decision: Decision, known: int = 0) -> int:
        """Return what an accepted call has kept, without some of what is known.

        What a tester has planted proves nothing.
        """
        if decision.fault is not None or decision.trail[-1].step != "accept":
            return 0
        return self._of(call.operation).kept(call, known)

    def broken(self, decision: Decision) -> int:
        """Return the claim that a call is refused by: the one that its answer is marked with, and no other."""
        last = decision.trail[-1]
        if decision.fault is not None or decision.refused_by is None:
            return 0
        return self.bits.of([last.problems[0].claim])

    def _of(self, operation: str) -> Covered:
        if operation not in self._covered:
            (endpoint,) = (each for each in self._document.endpoints if each.id == operation)
            self._covered[operation] = Covered(endpoint, self._vendor, self.bits)
        return self._covered[operation]

    def coverable(self, claims: Iterable[str]) -> Iterator[Coverable]:
        """Yield those of the claims that some request keeps or breaks."""
        operations = {endpoint.id: self._of(endpoint.id) for endpoint in self._document.endpoints}
        keeping = {name: each.can_keep() for name, each in operations.items()}
        breaking = {name: each.can_break() for name, each in operations.items()}
        anywhere = self.bits.of(self._document.claims.get(reason) for reason in ANYWHERE)
        for claim in claims:
            bit = self.bits.of([claim])
            named = () if bit & anywhere else tuple(n for n in operations if (keeping[n] | breaking[n]) & bit)
            can_keep, can_break = (any(mask & bit for mask in masks.values()) for masks in (keeping, breaking))
            if can_keep or can_break:
                yield Coverable(claim, named, can_keep=can_keep, can_break=can_break)
