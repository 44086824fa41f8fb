"""What an account's book may hold: described for every vendor that keeps one, so that every upload can be judged."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockserver.creation import Wish, furnish
from mockserver.world import World
from tests.books import book_of, books, shape_of
from tests.cases import Located, every_case, request_of
from tests.closure import FOLDERS
from tests.worlds import ask, document, new_world

ACCEPTED = {
    name: [each for each in every_case() if (each.vendor, each.verdict) == (name, "accepted") and not each.case.before]
    for name in FOLDERS
}


KEEPING = [name for name in FOLDERS if book_of(name) or document(name).book]


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {name: new_world(name) for name in KEEPING}


@pytest.mark.parametrize("name", KEEPING)
def test_every_vendor_says_what_its_books_hold(name: str) -> None:
    shape = shape_of(name)
    Draft202012Validator.check_schema(shape.whole)
    assert "additionalProperties" in {problem.keyword for problem in shape.problems({"scorecard": []})}
    assert "book" not in document(name).content["components"].get("schemas", {})


def upload(world: World, located: Located, book: dict[str, Any]) -> int:
    """Return the status of a case's answer, as an account with another book gets it."""
    account = furnish(world, Wish(located.vendor, credits=10**6, book=book, options=located.case.account.options))
    assert asyncio.run(world.open(account))
    own = {name: (value, account.credentials[name]) for name, value in world.demo(located.vendor).credentials.items()}
    asked = request_of(located, located.case, own)
    served = ask(world, located.vendor, asked.method, asked.path, headers=asked.headers, body=asked.body)
    assert served.call.credential is None or served.decision.trail[1].problems == ()
    assert served.decision.trouble is None, served.decision.trouble
    return served.decision.outcome.reply.status


@pytest.mark.parametrize("name", KEEPING)
@settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_book_that_is_let_in_breaks_an_upload(name: str, data: st.DataObject, worlds: dict[str, World]) -> None:
    book = data.draw(books(name))
    assert shape_of(name).accepts(book)
    assert upload(worlds[name], data.draw(st.sampled_from(ACCEPTED[name])), book) != 500


def test_an_edition_shares_its_vendors_book() -> None:
    assert shape_of("siro@2026-08").schema == shape_of("siro").schema
    assert not (Path(document("siro@2026-08").folder) / "book.json").exists()
