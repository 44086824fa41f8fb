"""Accounts that are wished for: what they begin with, what their books may hold, how many there may be."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.creation import ConflictError, Wish, furnish, grant
from mockserver.model import Account
from mockserver.state.accounts import write_account
from tests.plans import account_of, acme, made, refused


def test_accounts_that_are_wished_for_are_there(tmp_path: Path) -> None:
    wish = Wish("acme", "mine", {"token": "sesame"}, 7, {"tags": []}, {"status": 201})
    account = account_of(made(acme(tmp_path, wishes=(wish,))), "acme", "mine")
    assert account == Account("acme", "mine", {"token": "sesame"}, 7, {"tags": []}, {"status": 201})


def test_what_a_wish_leaves_out_is_made_up_or_as_demos(tmp_path: Path) -> None:
    file = {"credentials": {"token": "a", "read_token": "b"}, "credits": 5, "book": {"tags": [1], "users": [2]}}
    world = made(acme(tmp_path, account=file, seed="a"))
    first = asyncio.run(grant(world, Wish("acme", book={"tags": []})))
    second = asyncio.run(grant(world, Wish("acme")))
    assert (first.credits, first.book, first.options) == (5, {"tags": [], "users": [2]}, {"status": 200})
    assert first.name.startswith("account-")
    assert first.credentials["read_token"].startswith("acme-read-token-")
    assert {first.name, *first.credentials.values()}.isdisjoint({second.name, *second.credentials.values()})


def test_what_became_of_demo_is_no_concern_of_new_accounts(tmp_path: Path) -> None:
    file = {"credentials": {"token": "t"}, "credits": 5, "book": {"tags": [1]}}
    world = made(acme(tmp_path, account=file, options={"acme": {"status": 201}}))
    begun = Account("acme", "mine", {"token": "sesame"}, 5, {"tags": [1]}, {"status": 201})
    poorer = Account("acme", "demo", {"other": "t"}, 1, {"users": []}, {"status": 200})
    asyncio.run(world.store.commit([write_account(poorer)], {}))
    assert furnish(world, Wish("acme", "mine", {"token": "sesame"})) == begun
    asyncio.run(world.store.clear(("account", "acme", "demo")))
    assert furnish(world, Wish("acme", "mine", {"token": "sesame"})) == begun


BOOK = {
    "additionalProperties": False,
    "properties": {
        "tags": {"type": "array", "items": {"required": ["name"], "properties": {"name": {"type": "string"}}}}
    },
}


@pytest.mark.parametrize(
    ("book", "says"),
    [
        ({"tags": [{}]}, "book.tags[0].name is required"),
        ({"tags": [{"name": "a"}, {"name": 5}]}, "book.tags[1].name must be text, not a whole number"),
        ({"tag": []}, "book has no field tag"),
        (
            {f"{number:0>99}": 1 for number in range(99)},
            "book has no field " + ", ".join(f"{n:0>99}"[:57] + "..." for n in range(99)),
        ),
    ],
    ids=["missing", "of another type", "misspelt", "many"],
)
def test_a_book_that_breaks_its_schema_is_refused_by_the_place(tmp_path: Path, book: Any, says: str) -> None:
    plan = acme(tmp_path, account={"credentials": {"token": "t"}, "book": book}, wishes=(Wish("acme", book=book),))
    assert made(plan).documents["acme"].book is None
    (tmp_path / "acme" / "book.json").write_text(json.dumps(BOOK))
    assert refused(plan) == f"{tmp_path}/_accounts/acme.json: {says[:1000]}"
    (tmp_path / "_accounts" / "acme.json").write_text('{"credentials": {"token": "t"}, "book": {"tags": []}}')
    assert refused(plan) == f"--accounts $[0]: {says[:1000]}"


def test_without_an_account_file_the_document_is_named(tmp_path: Path) -> None:
    plan = acme(tmp_path)
    (tmp_path / "acme" / "book.json").write_text('{"required": ["tags"]}')
    assert refused(plan) == f"{tmp_path.name}/acme/openapi.json: book.tags is required"


def test_two_names_of_one_credential_are_refused_wherever_they_come_from(tmp_path: Path) -> None:
    says = "acme's credentials 'token' and 'read_token' are the same: give each its own"
    same = {"token": "t", "read_token": "t"}
    assert refused(acme(tmp_path, wishes=(Wish("acme", "mine", same),))) == f"--accounts $[0]: {says}"
    assert refused(acme(tmp_path, account={"credentials": same})) == says


def test_accounts_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = made(acme(tmp_path))
    most = asyncio.run(world.store.count(("account",))) + 1
    for module in ("world", "creation"):
        monkeypatch.setattr(f"mockserver.{module}.MOST_ACCOUNTS", most)
    asyncio.run(grant(world, Wish("acme", "last")))
    with pytest.raises(ConflictError, match=f"there are {most} accounts, and no more can be opened: close some first"):
        asyncio.run(grant(world, Wish("acme", "one-more")))
    assert asyncio.run(world.store.count(("account",))) == most
