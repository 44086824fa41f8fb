from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.claims import Ledger, basis_of, claims_in, read_ledger
from mockserver.engine.words import DocumentError
from mockserver.model import Basis, Claim
from tests.acme import write_folder

WHOLE = """
[pages]
calls = "https://acme.example/docs/calls"

[claims.second]
says = "the second sentence"
where = "Calls"
page = "calls"
basis = "documented"

[claims.first]
says = "what we decided"
basis = "assumed"
why = "the page is silent"
unmet = "not emulated yet: it"
"""


def test_claims_are_read_in_their_order(tmp_path: Path) -> None:
    ledger = read_ledger(write_folder(tmp_path / "acme", claims=WHOLE))
    assert ledger.pages == {"calls": "https://acme.example/docs/calls"}
    assert list(ledger.claims) == ["second", "first"]
    assert ledger.claims["second"] == Claim("the second sentence", Basis.DOCUMENTED, "Calls", "calls")
    assert ledger.claims["first"].unmet == "not emulated yet: it"


def test_what_was_observed_is_so_known_whatever_it_was_before(tmp_path: Path) -> None:
    text = WHOLE.replace('basis = "documented"', 'basis = "documented"\nobserved = 2026-11-26')
    claims = read_ledger(write_folder(tmp_path / "acme", claims=text)).claims
    assert (claims["second"].basis, claims["second"].observed) == (Basis.OBSERVED, date(2026, 11, 26))
    assert claims["second"].where == "Calls"
    assert (claims["first"].basis, claims["first"].observed) == (Basis.ASSUMED, None)


def test_a_vendor_may_have_no_claims_yet(tmp_path: Path) -> None:
    assert read_ledger(write_folder(tmp_path / "acme", claims=None)) == Ledger()


CLAIM = '[claims.a]\nsays = "x"\n'


@pytest.mark.parametrize(
    ("text", "pointer", "says"),
    [
        (CLAIM + 'basis = "documented"', "/claims/a", "a documented claim says where"),
        (CLAIM + 'basis = "inferred"', "/claims/a", "a claim that is inferred says why"),
        (CLAIM + 'basis = "assumed"', "/claims/a", "a claim that is assumed says why"),
        (CLAIM + 'basis = "observed"\npage = "b"', "/claims/a/page", "no page is called 'b'"),
        (
            CLAIM + 'basis = "assumed"\nobserved = 2026-11-26',
            "/claims/a",
            "a claim that is assumed says why",
        ),
        (
            CLAIM + 'basis = "observed"\nobserved = "soon"',
            "",
            "Invalid RFC3339 encoded date - at `$.claims[...].observed`",
        ),
        (CLAIM + 'basis = "guessed"', "", "Invalid enum value 'guessed' - at `$.claims[...].basis`"),
        (CLAIM + 'basis = "observed"\nsource = "b"', "", "Object contains unknown field `source` - at `$.claims[...]`"),
        ('[claims.a]\nbasis = "observed"', "", "Object missing required field `says` - at `$.claims[...]`"),
        ("[clams]", "", "Object contains unknown field `clams`"),
        (CLAIM + CLAIM, "", "Cannot declare ('claims', 'a') twice (at line 3, column 10)"),
        ("says = \udcff", "", "'utf-8' codec can't decode byte 0xff in position 7: invalid start byte"),
    ],
)
def test_a_claim_that_cannot_stand_is_told_by_name(tmp_path: Path, text: str, pointer: str, says: str) -> None:
    folder = write_folder(tmp_path / "acme")
    (folder / "claims.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DocumentError) as caught:
        read_ledger(folder)
    assert caught.value.file == f"{tmp_path.name}/acme/claims.toml"
    assert (caught.value.pointer, caught.value.says) == (pointer, says)


def test_what_no_claim_covers_is_assumed() -> None:
    claims = {"a": Claim("x", Basis.OBSERVED)}
    assert basis_of("a", claims) is Basis.OBSERVED
    assert basis_of("b", claims) is Basis.ASSUMED
    assert basis_of(None, claims) is Basis.ASSUMED


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ({"x-claim": "a"}, {"a"}),
        ({"x-claim": {"type": "a", "required": "b"}, "properties": {"x": {"x-claim": "c"}}}, {"a", "b", "c"}),
        ([{"anyOf": [{"x-claim": "a"}]}, {"x-claim": "b"}], {"a", "b"}),
        ({"$ref": "#/call"}, {"call", "tree"}),
        ({"$ref": "#/nobody"}, set()),
        ("text", set()),
        ([], set()),
    ],
)
def test_claims_are_found_at_every_depth(node: Any, names: set[str]) -> None:
    tree = {"x-claim": "tree", "properties": {"below": {"$ref": "#/tree"}}}
    document = {"call": {"x-claim": "call", "properties": {"tree": {"$ref": "#/tree"}}}, "tree": tree}
    assert claims_in(node, document) == names
