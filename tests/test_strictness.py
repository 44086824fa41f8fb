"""Whatever a vendor passes over in silence is refused by a strict server, in the shape of that vendor's refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.model import Operation
from mockserver.world import Served
from tests.acme import accept, acme_world, behaving, post
from tests.closure import FOLDERS, behaviour_of, carry_out, ran
from tests.worlds import new_world


def advice_of(served: Served) -> list[str | None]:
    return [advice.claim for advice in (*served.call.advice, *served.decision.outcome.advice)]


def ignored_in(served: Served) -> list[str | None]:
    """Return the advice on what the vendor does not take as it was sent."""
    return [claim for claim in advice_of(served) if claim not in behaviour_of(served.call.vendor).recommended]


def passed_over(name: str) -> Iterator[tuple[Served, Served]]:
    """Yield the accepted cases that carry advice, as they went, and as they go on a strict server."""
    strict = new_world(name, is_strict=True)
    for each in ran(name):
        if each.is_accepted and ignored_in(each.served) and not each.located.case.before:
            yield each.served, carry_out(each.located, strict)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_vendor_words_what_a_strict_server_refuses(name: str) -> None:
    for lenient, strict in passed_over(name):
        assert strict.decision.trouble is None
        if strict.decision.trail[-1].step != "route":
            assert strict.decision.refused_by == f"schema/{ignored_in(lenient)[0] or 'advised'}"
            assert 400 <= strict.decision.outcome.reply.status < 500
        assert not strict.decision.outcome.records


@pytest.mark.parametrize("name", FOLDERS)
def test_what_a_vendor_only_recommends_otherwise_is_taken_with_advice(name: str) -> None:
    strict, seen = new_world(name, is_strict=True), set()
    for each in ran(name):
        advice = advice_of(each.served)
        if each.is_accepted and advice and not ignored_in(each.served):
            taken = carry_out(each.located, strict)
            assert (taken.decision.refused_by, advice_of(taken)) == (None, advice)
            seen |= set(advice)
    assert seen == behaviour_of(name).recommended


def test_some_vendor_passes_something_over() -> None:
    assert sum(len(list(passed_over(name))) for name in FOLDERS) >= 10


def test_what_a_strict_server_does_not_have_is_no_answer_of_the_document(tmp_path: Path) -> None:
    vendor = behaving(assumed="call-taken")
    assert vendor.operations["addCall"] == Operation(accept=accept, assumed="call-taken")
    for is_strict, status in ((False, 201), (True, 501)):
        world = acme_world(tmp_path, vendor, is_strict=is_strict, check_replies=True)
        decision = post(world).decision
        assert (decision.outcome.reply.status, decision.trouble) == (status, None)
