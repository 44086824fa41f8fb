"""What outlives a call."""

from typing import Any

import pytest

from mockserver.model import Call, Facts, Grant, Listing, Moment, Operation, Record, Ref, Standing, everything
from mockserver.model.behaviour import no_listing, no_urls
from tests.facts import ID, NOW

CALL = Call(ID, NOW, "acme", "addCall", "POST", "/")
RECORD = Record("acme", "demo", "call", "c-1", NOW, ID, {"who": "Ada"}, (Moment(5, {"state": "done"}),))


@pytest.mark.parametrize(
    ("scheme", "fits"),
    [
        (None, True),
        ("token", True),
        ("key", False),
        (("key", "token"), True),
        (("key",), False),
        ((), False),
        ("tokens", False),
    ],
)
def test_a_credential_is_shown_under_its_own_scheme(scheme: Any, *, fits: bool) -> None:
    assert Grant(scheme).fits("token") is fits


def test_a_standing_is_of_its_record() -> None:
    standing = Standing(RECORD, {"who": "Ada"}, 0, NOW)
    assert (standing.id, standing.ref, standing.created) == ("c-1", Ref("call", "c-1"), NOW)


@pytest.mark.parametrize(("stage", "failed", "is_done"), [(0, False, False), (1, False, True), (0, True, True)])
def test_what_is_at_its_end_or_has_failed_is_done(stage: int, *, failed: bool, is_done: bool) -> None:
    record = Record("acme", "demo", "call", "c-1", NOW, ID, {}, RECORD.timeline, failed=failed)
    assert Standing(record, {}, stage, NOW).is_done is is_done


def test_what_has_no_timeline_is_done_from_the_beginning() -> None:
    assert Standing(Record("acme", "demo", "call", "c-1", NOW, ID, {}), {}, 0, NOW).is_done


def test_a_record_is_at_hand_where_it_was_asked_for_and_is_there() -> None:
    standing = Standing(RECORD, {}, 0, NOW)
    facts = Facts(CALL, known={RECORD.ref: standing})
    assert facts.at_hand("call", "c-1") is standing
    assert facts.at_hand("call", "c-2") is None
    assert facts.at_hand("name", "c-1") is None


def test_a_new_record_has_the_timeline_and_the_failure_it_is_given() -> None:
    record = Facts(CALL).record("call", "c-1", {}, RECORD.timeline, {"state": "failed"})
    assert (record.timeline, record.failure) == (RECORD.timeline, {"state": "failed"})
    assert (record.began, record.reads, record.pushed, record.failed) == (None, 0, 0, False)


def test_a_listing_lists_everything_unless_it_says_otherwise() -> None:
    assert Listing("call").fits is everything
    assert everything(Standing(RECORD, {}, 0, NOW))


def test_an_operation_asks_for_no_list_and_no_media_unless_it_says_so() -> None:
    assert (Operation().listing, Operation().urls) == (no_listing, no_urls)
    assert no_listing(Facts(CALL)) is None
    assert list(no_urls(CALL)) == []
