"""`mockserver verify --observed`: what the vendor itself has shown, and where it is written down."""

import json
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from mockserver.engine.claims import read_ledger
from mockserver.faces.verifying.carrying import DIFFERS, NOT_SENT, OK, Verdict
from mockserver.faces.verifying.observing import dated, shown_claims, write_claims
from mockserver.model import Basis
from mockserver.settings import SettingsError
from mockserver.shipped import shipped
from mockserver.state.clock import Clock
from tests.foreigners import Asked, Said, answering
from tests.processes import Run

DAY = date(2026, 11, 26)
ERROR = {"success": False, "error": "no"}
ACCEPTED = {
    "success": True,
    "interactionId": "5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10",
    "interactionType": "CHAT",
    "statusUrl": "/api/v1/interactions/5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10",
    "processing": {"transcription": False, "evaluation": False},
    "scoreSubmissionId": None,
}
WORDS = ("verify", "voxjar", "-k", "/fields/")
SHOWN = {"success-body", "timestamp-required"}


def verdict(claim: str | None, outcome: str = OK, **more: object) -> Verdict:
    told = {"operation": "upload", "is_refused": True, "is_shown": outcome == OK, **more}
    return Verdict("a", outcome, claim=claim, **told)  # type: ignore[arg-type]


TAKEN = verdict(None, is_refused=False)


@pytest.mark.parametrize(
    ("verdicts", "shown"),
    [
        ([TAKEN, verdict("b"), verdict("a")], ["a", "b"]),
        ([TAKEN, verdict("a"), verdict("a", DIFFERS)], []),
        ([TAKEN, verdict("a"), verdict("a", NOT_SENT)], ["a"]),
        ([TAKEN, verdict("unknown")], []),
        # Whoever refuses everything shows nothing.
        ([verdict("a"), verdict("b")], []),
        ([TAKEN, verdict("a", operation="other"), verdict("b")], ["b"]),
        ([verdict("a", operation=None)], []),
        ([TAKEN, verdict("a", operation=None)], ["a"]),
        # An answer of another shape than the document's does not speak for it.
        ([verdict("a", is_refused=False), verdict("b", is_refused=False, is_shown=False)], ["a"]),
    ],
)
def test_a_claim_is_shown_where_answers_speak_for_it_and_none_against(
    verdicts: Sequence[Verdict], shown: list[str]
) -> None:
    assert shown_claims(verdicts, ["a", "b", "c"]) == shown


def vendor(call: Asked) -> Said:
    """Refuse moments that are none, and whatever has no readable body."""
    try:
        timestamp = json.loads(call.body).get("timestamp")
    except (ValueError, AttributeError):
        return Said(400, ERROR)
    return Said(200, ACCEPTED) if isinstance(timestamp, str) and timestamp[:1] == "2" else Said(400, ERROR)


def test_what_the_vendor_has_shown_is_printed_as_claims_take_it(verb: Run) -> None:
    with answering(vendor) as foreign:
        status, out, err = verb(*WORDS, "--against", foreign.url, "--observed")
    assert (status, err) == (1, "")
    told, _, claims = out.partition("not sent\n")
    assert told
    found = tomllib.loads(claims)["claims"]
    assert found.keys() >= SHOWN
    assert "direction-required" not in found
    assert {claim["observed"] for claim in found.values()} == {Clock().now().date()}


def test_it_is_told_to_machines_and_kept_in_a_file(verb: Run, tmp_path: Path) -> None:
    with answering(vendor) as foreign:
        words = (*WORDS, "--against", foreign.url, "--observed", "seen.toml")
        found = json.loads(verb(*words, "--json")[1])["observed"]
        (tmp_path / "seen.toml").rename(tmp_path / "first.toml")
        last = verb(*words)[1].splitlines()[-1]
    assert last == f"seen.toml: {len(found['claims'])} claims observed on {found['date']}"
    assert (tmp_path / "seen.toml").read_text() == (tmp_path / "first.toml").read_text()
    kept = tomllib.loads((tmp_path / "seen.toml").read_text())["claims"]
    assert {*found["claims"]} == kept.keys() >= SHOWN


def test_it_is_written_into_the_claims_and_nothing_else_of_them_is_touched(verb: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    before = (shipped("schemas") / "voxjar" / "claims.toml").read_text()
    path.write_text(before)
    with answering(vendor) as foreign:
        verb(*WORDS, "--against", foreign.url, "--observed", "claims.toml")
        verb(*WORDS, "--against", foreign.url, "--observed", "claims.toml")
    after = path.read_text()
    assert [line for line in after.splitlines() if not line.startswith("observed = ")] == before.splitlines()
    claims = read_ledger(tmp_path).claims
    assert {name for name, claim in claims.items() if claim.observed} >= SHOWN
    assert claims["timestamp-required"].basis is Basis.OBSERVED
    assert claims["direction-required"].basis is Basis.DOCUMENTED


def test_a_day_takes_the_place_of_the_one_before() -> None:
    text = '[pages]\n[claims.a] # first\nbasis = "assumed"\nobserved = 2020-01-01\nwhy = "so"\n[claims.b]\nbasis = "x"'
    assert dated(text, ["a"], DAY) == text.replace("2020-01-01", "2026-11-26")
    assert dated(text, ["b"], DAY) == f"{text}\nobserved = 2026-11-26"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "this is no claims.toml: Invalid initial character"),
        ("port = 1", "this is no claims.toml: Object contains unknown field `port`"),
        ("[claims.a]\nobserved = 2026-11-26", "this is no claims.toml: Object missing required field `says`"),
        ('[claims.a]\nsays = "x"\nbasis = "observed"', "these are claims of somebody else, without upload-endpoint"),
    ],
)
def test_a_file_of_another_kind_is_never_written_over(text: str, says: str, verb: Run, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(text)
    with answering(vendor) as foreign:
        status, out, err = verb(*WORDS, "--against", foreign.url, "--observed", "other.toml")
    assert (status, out, foreign.asked) == (2, "", [])
    assert err.startswith(f"mockserver: --observed other.toml: {says}")
    assert (tmp_path / "other.toml").read_text() == text


def test_a_folder_is_no_file(verb: Run) -> None:
    assert verb(*WORDS, "--observed", ".") == (2, "", "mockserver: --observed .: Is a directory\n")


def test_claims_that_are_laid_out_otherwise_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "claims.toml"
    path.write_text('claims.a = {says = "so", basis = "observed"}')
    with pytest.raises(SettingsError, match="laid out so that nothing can be written into it"):
        write_claims(path, ["a"], DAY)


def test_an_answer_with_a_mocks_mark_is_no_proof(verb: Run) -> None:
    with answering(lambda call: Said(vendor(call).status, vendor(call).body, {"X-Mock-Call": "1"})) as foreign:
        status, _, err = verb(*WORDS, "--against", foreign.url, "--observed", "seen.toml")
    assert (status, err) == (
        2,
        "mockserver: a mock proves nothing about the vendor: --observed is for the vendor itself\n",
    )
    assert not Path("seen.toml").exists()
