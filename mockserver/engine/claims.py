"""A vendor's claims: every sentence of its pages, every decision of ours, each with how we know it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from mockserver.engine.bundle import find, name_of
from mockserver.engine.words import DocumentError
from mockserver.model import Basis, Claim

FILE = "claims.toml"


class Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A claims file: the vendor's pages by short name, and the claims in the order of the pages."""

    pages: Mapping[str, str] = {}
    claims: Mapping[str, Claim] = {}


def read_ledger(folder: Path) -> Ledger:
    """Return the claims of a document's folder, none when it has no such file.

    Raises DocumentError that names the file and the claim.
    """
    path = folder / FILE
    if not path.exists():
        return Ledger()
    try:
        ledger = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Ledger)
    except (ValueError, msgspec.ValidationError) as error:
        raise DocumentError(name_of(path), "", str(error)) from None
    for name, claim in ledger.claims.items():
        check_claim(name, claim, ledger, name_of(path))
    return Ledger(ledger.pages, {name: as_known(claim) for name, claim in ledger.claims.items()})


def as_known(claim: Claim) -> Claim:
    """Return a claim on the best basis there is: what was seen, it matters no more how it was known before."""
    return replace(claim, basis=Basis.OBSERVED) if claim.observed else claim


def check_claim(name: str, claim: Claim, ledger: Ledger, file: str) -> None:
    if claim.page and claim.page not in ledger.pages:
        raise DocumentError(file, f"/claims/{name}/page", f"no page is called {claim.page!r}")
    if claim.basis is Basis.DOCUMENTED and not claim.where:
        raise DocumentError(file, f"/claims/{name}", "a documented claim says where")
    if claim.basis in (Basis.INFERRED, Basis.ASSUMED) and not claim.why:
        raise DocumentError(file, f"/claims/{name}", f"a claim that is {claim.basis.value} says why")


def basis_of(name: str | None, claims: Mapping[str, Claim]) -> Basis:
    """Return how we know a claim; what no claim covers is assumed."""
    claim = claims.get(name) if name else None
    return claim.basis if claim else Basis.ASSUMED


def claims_in(node: Any, document: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the names of all claims that a part of a document keeps, references followed."""
    if isinstance(node, list):
        return frozenset().union(*(claims_in(item, document, seen) for item in node))
    if not isinstance(node, dict):
        return frozenset()
    own = node.get("x-claim", {})
    found = frozenset(own.values() if isinstance(own, dict) else (own,))
    reference = node.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        found |= claims_in(find(document, reference), document, seen | {reference})
    return found.union(*(claims_in(child, document, seen) for word, child in node.items() if word != "x-claim"))
