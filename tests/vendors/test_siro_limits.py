"""How often a token may call: not counted unless asked, and never at the storage."""

from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Kind, Rate
from mockserver.vendors.siro.limits import allowance, token_calls_not_too_often
from tests.facts import facts


def counted(before: int, path: str = "/v1/core/recordings", **options: Any) -> Any:
    return replace(facts("siro", path=path, options=options), before=before)


@pytest.mark.parametrize("calls", [3, 1000])
def test_as_many_are_allowed_as_the_option_says(calls: int) -> None:
    found = counted(0, requests_a_minute=calls)
    assert allowance(found.call, found.account) == Rate(calls, 60.0)


def test_by_default_and_at_the_storage_nothing_is_counted() -> None:
    for found in (counted(0), counted(0, "/siro-recordings/uploads/x", requests_a_minute=3)):
        assert allowance(found.call, found.account) is None


@pytest.mark.parametrize(("before", "is_refused"), [(0, False), (999, False), (1000, True), (1001, True)])
def test_the_thousandth_is_the_last(before: int, is_refused: bool) -> None:  # noqa: FBT001
    problem = token_calls_not_too_often.check(counted(before, requests_a_minute=1000))
    assert (problem is not None and problem.kind is Kind.TOO_MANY) is is_refused


def test_nobody_is_refused_where_nothing_is_counted() -> None:
    assert token_calls_not_too_often.check(counted(10_000)) is None
