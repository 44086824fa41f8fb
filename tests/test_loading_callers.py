"""Whose a credential is: an account's own, or one that its vendor has handed out and may have taken back."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from mockserver.loading import Caller, find_caller
from mockserver.model import Account, Credential, Grant, Instant, Issue, Pace, Vendor
from mockserver.state.accounts import issued_key, open_account, write_issue
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Store, Write
from tests.acme import acme_facts
from tests.facts import NOW

Value = TypeVar("Value")
ACCOUNT = Account("acme", "demo", {"token": "own"})
INSTANT = Instant(NOW, 0.0, Pace("1"))
HOUR = timedelta(hours=1)


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


@pytest.fixture
def store() -> Store:
    store = MemoryStore()
    run(store.commit(open_account(ACCOUNT, Vendor("acme")), {}))
    return store


def caller(store: Store, value: str | None = "own", scheme: str = "key", now: Instant = INSTANT) -> Caller:
    credential = Credential(scheme, value) if value else None
    return run(find_caller(store, acme_facts(credential=credential).call, now))


def issue(store: Store, value: str = "issued", **more: Any) -> None:
    run(store.commit([write_issue(ACCOUNT, Issue(value, **more))], {}))


def test_a_credential_of_an_account_selects_it(store: Store) -> None:
    found = caller(store)
    assert (found.account, found.grant, found.subject, found.lapsed) == (ACCOUNT, Grant(), None, False)
    assert found.version > 0


@pytest.mark.parametrize("value", [None, "nobody", "issue"])
def test_what_is_no_credential_selects_nobody(store: Store, value: str | None) -> None:
    issue(store)
    assert caller(store, value) == Caller()


def test_a_credential_that_was_handed_out_selects_the_account_it_was_made_for(store: Store) -> None:
    issue(store, grant=Grant(("key", "other"), ("read",)), subject="user-1", expires=NOW + HOUR)
    for scheme in ("key", "other"):
        found = caller(store, "issued", scheme)
        assert (found.account, found.subject, found.lapsed) == (ACCOUNT, "user-1", False)
        assert found.grant.scopes == ("read",)
    assert caller(store, "issued", "third") == Caller()


@pytest.mark.parametrize(
    ("expires", "lapsed"), [(None, False), (HOUR, False), (timedelta(0), True), (-HOUR, True)], ids=str
)
def test_a_credential_lapses_at_its_time_on_the_clock_of_the_mock(
    store: Store, expires: timedelta | None, *, lapsed: bool
) -> None:
    issue(store, expires=None if expires is None else NOW + expires)
    found = caller(store, "issued")
    assert (found.lapsed, found.account is None) == (lapsed, lapsed)
    later = Instant(NOW + 2 * HOUR, 0.0, Pace("1"))
    assert caller(store, "issued", now=later).lapsed is (expires is not None)


def test_a_credential_that_has_lapsed_is_still_shown_under_its_own_scheme(store: Store) -> None:
    issue(store, grant=Grant("key"), expires=NOW)
    assert caller(store, "issued", "key") == Caller(lapsed=True)
    assert caller(store, "issued", "other") == Caller()


def test_a_credential_that_was_taken_back_opens_nothing(store: Store) -> None:
    issue(store)
    run(store.commit([Write(issued_key("acme", "issued"), None)], {}))
    assert caller(store, "issued") == Caller()


def test_a_credential_that_was_handed_out_dies_with_its_account(store: Store) -> None:
    issue(store)
    run(store.clear(("account",)))
    assert caller(store, "issued") == caller(store) == Caller()


def test_an_accounts_own_credential_counts_before_one_that_was_handed_out(store: Store) -> None:
    issue(store, "own", subject="user-1")
    assert caller(store).subject is None
