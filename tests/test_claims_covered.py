"""What can be covered is what cases show: they keep every claim that can be kept, and break every one that can be."""

from collections.abc import Iterable
from functools import cache

import pytest

from mockserver.engine.claims import read_ledger
from mockserver.engine.coverage import Coverable, Coverage
from mockserver.shipped import shipped
from tests.closure import FOLDERS, behaviour_of, ran
from tests.worlds import document

every_vendor = pytest.mark.parametrize("name", FOLDERS)


@cache
def coverage(name: str) -> Coverage:
    return Coverage(document(name), behaviour_of(name))


def coverable(name: str) -> list[Coverable]:
    claims = read_ledger(shipped("schemas") / name).claims
    return list(coverage(name).coverable(claim for claim, each in claims.items() if each.unmet is None))


def kept(name: str) -> set[str]:
    whole = coverage(name)
    return set(whole.bits.names(united(whole.kept(each.served.call, each.served.decision) for each in ran(name))))


def broken(name: str) -> set[str]:
    """Return the claims that refusals name; one that has many problems names more than the one that is marked."""
    refusals = [each.served.decision for each in ran(name) if each.served.decision.refused_by]
    return {problem.claim or "" for decision in refusals for problem in decision.trail[-1].problems}


def united(masks: Iterable[int]) -> int:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


@every_vendor
def test_every_claim_that_can_be_kept_is_kept_by_an_accepted_case(name: str) -> None:
    assert {each.claim for each in coverable(name) if each.can_keep} - kept(name) == set()


@every_vendor
def test_every_claim_that_can_be_broken_is_broken_by_a_refused_case(name: str) -> None:
    assert {each.claim for each in coverable(name) if each.can_break} - broken(name) == set()


@every_vendor
def test_every_claim_that_a_refusal_names_can_be_broken(name: str) -> None:
    assert broken(name) - {""} - {each.claim for each in coverable(name) if each.can_break} == set()


@every_vendor
def test_every_claim_that_an_accepted_call_keeps_can_be_kept(name: str) -> None:
    whole = {each.claim for each in coverable(name) if each.can_keep}
    unknown = kept(name) - set(read_ledger(shipped("schemas") / name).claims)
    assert kept(name) - unknown - whole == set()


@every_vendor
def test_what_can_be_covered_is_asked_of_operations_that_there_are(name: str) -> None:
    known = {endpoint.id for endpoint in document(name).endpoints}
    assert all(each.can_keep or each.can_break for each in coverable(name))
    assert {each for one in coverable(name) for each in one.operations} == known


def test_claims_about_answers_and_accounts_cannot_be_covered() -> None:
    names = {each.claim for each in coverable("voxjar")}
    assert names.isdisjoint({"success-body", "refusal-body", "server-error-is-500", "prices", "no-human-evaluators"})
    assert {"bearer-token", "direction-required", "credits-must-suffice", "compressed-body-is-400"} <= names


def test_what_no_request_can_break_is_told_apart() -> None:
    (form,) = (each for each in coverable("voxjar") if each.claim == "form-has-file-and-payload")
    assert (form.operations, form.can_keep, form.can_break) == (("uploadInteraction",), True, False)
    (stored,) = (each for each in coverable("resonaa") if each.claim == "stored-audio-is-gone")
    assert (stored.can_keep, stored.can_break) == (False, True)
