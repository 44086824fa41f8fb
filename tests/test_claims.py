"""Every sentence of a vendor is accounted for: kept by the document or by a rule, shown by cases, or excused."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pytest

from mockserver.engine.claims import claims_in, read_ledger
from mockserver.engine.endpoint import Endpoint
from mockserver.shipped import shipped
from tests.closure import (
    FOLDERS,
    HOME,
    behaviour_of,
    editions,
    judged_rules,
    kept_claims,
    noted_claims,
    operations_of,
    ran,
    written_rules,
)
from tests.constraints import Judged, broken, constraints, judged_of, present, properties
from tests.worlds import document

every_vendor = pytest.mark.parametrize("name", FOLDERS)
EXCUSE = re.compile("not emulated( yet)?: ")


def none(found: Iterable[str]) -> None:
    """Fail with what was found, one a line."""
    lines = sorted(found)
    assert not lines, "\n".join(["", *lines])


def listed(name: str) -> set[str]:
    return set(read_ledger(shipped("schemas") / name).claims)


def unmet(name: str) -> set[str]:
    return {claim for claim, each in read_ledger(shipped("schemas") / name).claims.items() if each.unmet}


def succeeds(endpoint: Endpoint) -> bool:
    return any(status.startswith("2") for status in endpoint.responses)


def judged(name: str) -> list[Judged]:
    return [each for endpoint in document(name).endpoints for each in judged_of(endpoint)]


def refusals(name: str) -> Iterator[str]:
    return (each.served.decision.refused_by or "" for edition in editions(name) for each in ran(edition))


@every_vendor
def test_every_claim_that_the_document_names_exists(name: str) -> None:
    content = document(name).content
    none(claims_in(content, content) - listed(name))


@every_vendor
def test_every_claim_that_a_rule_names_exists(name: str) -> None:
    rules = judged_rules(behaviour_of(name), operations_of(document(name)))
    none(f"{rule.name}: {rule.claim}" for rule in rules.values() if rule.claim not in listed(name))


@every_vendor
def test_every_claim_that_other_behaviour_names_exists_in_some_edition(name: str) -> None:
    vendor = behaviour_of(name)
    named = noted_claims(vendor) | {option.claim for option in vendor.options.values()}
    named |= {guard.claim for guard in vendor.guards}
    none(named - set().union(*map(listed, editions(name))))


@every_vendor
def test_every_claim_that_an_answer_tells_exists(name: str) -> None:
    refused = {(each.served.decision.refused_by or "/").partition("/")[2] for each in ran(name)}
    advised = {
        advice.claim or ""
        for each in ran(name)
        for advice in (*each.served.call.advice, *each.served.decision.outcome.advice)
    }
    none((refused | advised) - {""} - listed(name))


@every_vendor
def test_every_claim_is_kept_or_excused(name: str) -> None:
    none(listed(name) - kept_claims(name) - unmet(name))


@every_vendor
def test_no_claim_is_kept_and_excused(name: str) -> None:
    none(unmet(name) & kept_claims(name))


@every_vendor
def test_every_excuse_says_whether_it_is_for_good(name: str) -> None:
    claims = read_ledger(shipped("schemas") / name).claims
    none(each for each in unmet(name) if not EXCUSE.match(claims[each].unmet or ""))


@every_vendor
def test_every_claim_that_names_a_place_names_its_page(name: str) -> None:
    claims = read_ledger(shipped("schemas") / name).claims
    none(each for each, claim in claims.items() if (claim.where is None) is not (claim.page is None))


@every_vendor
def test_every_rule_that_is_written_is_judged(name: str) -> None:
    vendor = behaviour_of(name)
    used = judged_rules(vendor).keys() | {guard.name for guard in vendor.guards}
    none(written_rules(vendor).keys() - used)


@every_vendor
def test_every_rule_has_a_refused_case(name: str) -> None:
    vendor = behaviour_of(name)
    claims = {refused_by.partition("/")[2] for refused_by in refusals(name)}
    rules = [*judged_rules(vendor, operations_of(document(name))).values(), *vendor.guards]
    none(f"{rule.name}: {rule.claim}" for rule in rules if rule.claim not in claims)


@every_vendor
def test_every_operation_has_an_accepted_and_a_refused_case(name: str) -> None:
    verdicts: dict[str, set[bool]] = defaultdict(set)
    for each in ran(name):
        verdicts[each.served.call.operation].add(each.is_accepted)
    endpoints = {endpoint.id: endpoint for endpoint in document(name).endpoints}
    none(ident for ident, each in endpoints.items() if verdicts[ident] != {succeeds(each), False})


def unmarked(each: Judged) -> list[str]:
    return [constraint.told for constraint in constraints(each) if constraint.claim is None]


def untripped(each: Judged, name: str) -> list[str]:
    """Return the constraints that no refused case breaks."""
    calls = [case.served for case in ran(name) if case.served.decision.trail[-1].step == "schema"]
    tripped = set().union(*(broken(each, served.call) for served in calls if each.is_of(served.call)))
    return [constraint.told for constraint in constraints(each) if (constraint.place, constraint.name) not in tripped]


def unseen(each: Judged, name: str) -> list[str]:
    """Return the properties that no accepted case has."""
    calls = [case.served.call for case in ran(name) if case.is_accepted]
    seen = set().union(*(present(each, call) for call in calls if each.is_of(call)))
    return ["/".join(map(str, place)) for place in sorted(properties(each) - seen, key=str)]


def told(judged: Iterable[Judged], find: Callable[[Judged], list[str]]) -> list[str]:
    return [f"{each.operation} {each.kind}: {found}" for each in judged for found in find(each)]


@every_vendor
def test_every_constraint_of_a_request_has_a_claim(name: str) -> None:
    none(told(judged(name), unmarked))


@every_vendor
def test_every_constraint_of_a_request_is_broken_by_a_refused_case(name: str) -> None:
    none(told(judged(name), lambda each: untripped(each, name)))


@every_vendor
def test_every_property_of_a_request_is_in_an_accepted_case(name: str) -> None:
    endpoints = [endpoint for endpoint in document(name).endpoints if succeeds(endpoint)]
    none(told((each for endpoint in endpoints for each in judged_of(endpoint)), lambda each: unseen(each, name)))


def test_every_behaviour_has_a_document() -> None:
    homes = {path.name for path in HOME.iterdir() if path.is_dir() and not path.name.startswith("_")}
    none(homes - {name.partition("@")[0] for name in FOLDERS})
