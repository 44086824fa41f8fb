"""Sums, places and merging of a report of rule coverage."""

from typing import TypeAlias

import msgspec
import pytest

from mockserver.kit.coverage import ANY, SEVERAL, Count, Item, Report, Totals, by_place, merged, report_of

Sides: TypeAlias = tuple[bool | None, bool | None]
UNSEEN: Sides = (False, False)


def item(claim: str, sides: Sides = UNSEEN, *operations: str, vendor: str = "acme") -> Item:
    return Item(vendor, claim, f"{claim} holds", "documented", operations, *sides)


@pytest.mark.parametrize(
    ("sides", "lacks"),
    [
        ((True, True), ""),
        ((True, None), ""),
        ((None, True), ""),
        ((True, False), "never broken"),
        ((None, False), "never broken"),
        ((False, True), "never kept"),
        ((False, None), "never kept"),
        ((False, False), "neither kept nor broken"),
    ],
)
def test_a_claim_says_what_was_never_seen_of_it(sides: Sides, lacks: str) -> None:
    assert item("a", sides).lacks == lacks


def test_a_report_counts_what_can_be_seen_on_both_sides() -> None:
    report = report_of([item("a", (True, False)), item("b", (True, None)), item("c", (None, True)), item("d")], 2)
    assert report.totals == Totals(4, Count(2, 3), Count(1, 3), 50.0)
    assert report.evicted == 2


@pytest.mark.parametrize(("seen", "of", "percent"), [(0, 3, 0.0), (2, 3, 66.6), (1999, 2000, 99.9), (3, 3, 100.0)])
def test_a_percentage_is_never_rounded_up(seen: int, of: int, percent: float) -> None:
    assert report_of(item(str(number), (number < seen, None)) for number in range(of)).totals.percent == percent


def test_of_nothing_nothing_is_seen() -> None:
    assert merged([]) == Report((), Totals(0, Count(0, 0), Count(0, 0), 0.0))


def test_single_operations_stand_first() -> None:
    items = [
        item("a"),
        item("b", (False, False), "x", "y"),
        item("c", (False, False), "y"),
        item("d", (False, False), "x"),
    ]
    assert list(by_place(items)) == ["y", "x", SEVERAL, ANY]
    assert by_place(items)["x"] == (items[3],)


def test_only_vendors_that_were_called_are_told() -> None:
    items = [item("a", (True, False)), item("b"), item("c", vendor="other"), item("d", (None, True), vendor="third")]
    called = report_of(items, 1).called()
    assert [each.claim for each in called.items] == ["a", "b", "d"]
    assert (list(called.vendors), called.totals.claims, called.evicted) == (["acme", "third"], 3, 1)


def test_what_any_server_has_seen_was_seen() -> None:
    one = report_of([item("a", (True, False)), item("b", (None, False)), item("c", (False, True), vendor="other")], 1)
    other = report_of([item("b", (True, True)), item("a", (False, None)), item("d")], 2)
    assert merged([one, other]) == report_of(
        [item("a", (True, False)), item("b", (True, True)), item("c", (False, True), vendor="other"), item("d")], 3
    )


def test_a_report_travels_as_json() -> None:
    report = report_of([item("a", (True, None), "x")])
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
