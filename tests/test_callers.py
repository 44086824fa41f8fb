"""Whose a credential is: an account's own, or one that its vendor has handed out and may have taken back."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

import pytest
from msgspec.structs import replace

from mockserver.callers import Caller, Callers
from mockserver.model import Account, Credential, Grant, Issue, Vendor
from mockserver.state.accounts import issued_key, open_account, write_account, write_issue
from mockserver.state.clock import Clock, freeze, write_dial
from mockserver.state.memory import MemoryStore
from mockserver.state.store import Held, Key, Store, Write
from tests.acme import acme_facts
from tests.facts import NOW

Value = TypeVar("Value")
ACCOUNT = Account("acme", "demo", {"token": "own"})
HOUR = timedelta(hours=1)


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


@pytest.fixture
def store() -> Store:
    store = MemoryStore()
    run(store.commit(open_account(ACCOUNT, Vendor("acme")), {}))
    return store


def caller(store: Store, value: str | None = "own", scheme: str = "key", now: datetime = NOW) -> Caller:
    return found_by(Callers(store, Clock()), value, scheme, now)


def found_by(callers: Callers, value: str | None = "own", scheme: str = "key", now: datetime = NOW) -> Caller:
    credential = Credential(scheme, value) if value else None
    return run(callers.find(acme_facts(credential=credential).call, now))[0]


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
    assert caller(store, "issued", now=NOW + 2 * HOUR).lapsed is (expires is not None)


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


class Counting:
    """A store that notes how many keys were asked for at once."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked = store, []  # type: ignore[var-annotated]

    async def read(self, keys: Sequence[Key]) -> list[Held | None]:
        self.asked.append(len(keys))
        return await self.store.read(keys)


def test_whose_a_credential_was_is_read_together_with_it(store: Store) -> None:
    counting = Counting(store)
    callers = Callers(cast("Store", counting), Clock())
    first, second = found_by(callers), found_by(callers)
    assert first == second == caller(store)
    assert counting.asked == [6, 3, 9]


def test_a_credential_that_is_anothers_by_now_opens_that_account(store: Store) -> None:
    callers = Callers(store, Clock())
    other = Account("acme", "other", {"token": "elsewhere"})
    run(store.commit(open_account(other, Vendor("acme")), {}))
    run(store.commit([write_issue(ACCOUNT, Issue("passed on"))], {}))
    assert found_by(callers, "passed on").account == ACCOUNT
    run(store.commit([write_issue(other, Issue("passed on"))], {}))
    assert found_by(callers, "passed on").account == other
    run(store.commit([Write(issued_key("acme", "passed on"), None)], {}))
    assert found_by(callers, "passed on") == Caller()


def test_an_account_that_has_changed_is_seen_as_it_is_now(store: Store) -> None:
    callers = Callers(store, Clock())
    assert found_by(callers).account == ACCOUNT
    changed = replace(ACCOUNT, credits=5)
    run(store.commit([write_account(changed)], {}))
    assert found_by(callers).account == changed
    run(store.clear(("account",)))
    assert found_by(callers) == Caller()


def test_the_same_credential_of_two_vendors_is_two_callers(store: Store) -> None:
    other = Account("other", "theirs", {"token": "own"})
    run(store.commit(open_account(other, Vendor("other")), {}))
    callers = Callers(store, Clock())
    for _ in range(2):
        for vendor, account in (("acme", ACCOUNT), ("other", other)):
            call = replace(acme_facts(credential=Credential("key", "own")).call, vendor=vendor)
            assert run(callers.find(call, NOW))[0].account == account


def test_no_more_is_remembered_than_there_is_room_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.callers.MOST_GUESSES", 2)
    callers = Callers(store, Clock())
    for name in ("a", "b", "c"):
        issue(store, name)
        assert found_by(callers, name).account == ACCOUNT
    assert list(callers._guesses) == [("acme", "c")]
    assert found_by(callers, "nobody") == Caller()
    assert list(callers._guesses) == [("acme", "c")]


@pytest.mark.parametrize("value", ["own", "nobody", None])
def test_the_time_is_the_mocks_own(store: Store, value: str | None) -> None:
    credential = Credential("key", value) if value else None
    call, then = acme_facts(credential=credential).call, NOW - 5 * HOUR
    assert run(Callers(store, Clock()).find(call, NOW))[1].at == NOW
    run(store.commit([write_dial(freeze(Clock().initial, then))], {}))
    assert run(Callers(store, Clock()).find(call, NOW))[1].at == then
