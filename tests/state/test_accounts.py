import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mockserver.model import Account, Grant, Issue, Option, Token, Vendor
from mockserver.state.accounts import (
    AccountFile,
    account_in,
    close_account,
    demo_accounts,
    grant_of,
    issued_key,
    open_account,
    read_account,
    read_token,
    same_credentials,
    switches,
    tokens_of,
    write_issue,
)
from mockserver.state.memory import MemoryStore
from mockserver.state.store import QUOTAS, Held

GRANTS = {"token": Grant("key", ("read", "write")), "read_token": Grant("key", ("read",))}
OPTIONS = {"success_status": Option(200, (200, 201), "success-status"), "casing": Option("camel", ("camel",), "casing")}
ACME = Vendor("acme", grants=GRANTS, options=OPTIONS)
ACCOUNT = Account("acme", "a", {"token": "t-1", "read_token": "t-2", "client_id": "c"}, 5, {"tags": [1]}, {"x": True})


def test_an_account_and_its_tokens_are_rows_that_come_back() -> None:
    store = MemoryStore()
    assert asyncio.run(store.commit(open_account(ACCOUNT, ACME), {}))
    keys = [("account", "acme", "a"), ("token", "acme", "t-1"), ("token", "acme", "t-2"), ("token", "acme", "c")]
    account, first, second, none = asyncio.run(store.read(keys))
    assert account
    assert first
    assert second
    assert none is None
    assert read_account(account) == ACCOUNT
    assert read_token(first) == Token("a", GRANTS["token"])
    assert read_token(second) == Token("a", GRANTS["read_token"])
    assert asyncio.run(store.commit(close_account(ACCOUNT, ACME), {}))
    assert asyncio.run(store.read(keys)) == [None] * 4


@pytest.mark.parametrize(
    ("vendor", "name", "grant"),
    [
        (ACME, "token", GRANTS["token"]),
        (ACME, "client_id", None),
        (ACME, "any", Grant(None, ("read", "write", "read"))),
        (Vendor("plain"), "whatever", Grant()),
        (Vendor("plain"), "any", Grant()),
    ],
)
def test_what_a_credential_is_good_for(vendor: Vendor, name: str, grant: Grant | None) -> None:
    assert grant_of(name, vendor) == grant


@pytest.mark.parametrize(
    ("vendor", "credentials", "names"),
    [
        (ACME, {"token": "t", "read_token": "u", "client_id": "t", "client_secret": "t"}, None),
        (ACME, {"client_id": "t", "token": "t", "read_token": "t"}, ("token", "read_token")),
        (ACME, {"any": "t", "token": "t"}, ("any", "token")),
        (Vendor("plain"), {"a": "t", "b": "u", "c": "u"}, ("b", "c")),
    ],
)
def test_of_credentials_that_open_endpoints_no_two_are_the_same(vendor: Vendor, credentials: Any, names: Any) -> None:
    assert same_credentials(Account("acme", "a", credentials), vendor) == names


def test_a_credential_that_is_handed_out_is_a_row_of_a_shelf_whose_oldest_may_go() -> None:
    expires = datetime(2026, 6, 23, 15, 30, 0, 123_456, UTC)
    write = write_issue(ACCOUNT, Issue("t-9", Grant(("a", "b"), ("read",)), expires, "user-1"))
    assert write.key == issued_key("acme", "t-9")
    assert write.key[0] in QUOTAS
    assert write.value
    assert read_token(Held(write.value, 1, 1)) == Token("a", Grant(("a", "b"), ("read",)), expires, "user-1")
    assert account_in(write.value) == "a"


def test_without_grants_every_credential_opens() -> None:
    assert [token.account for _, token in tokens_of(ACCOUNT, Vendor("acme"))] == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("credits", "broke"), [(1000, 0), (None, None)], ids=["a vendor that sells credits", "one that does not"]
)
def test_demo_has_what_the_file_says_and_broke_has_no_credits(credits: Any, broke: Any) -> None:  # noqa: A002
    file = AccountFile({"token": "acme-demo-token", "other": "sesame"}, credits, {"tags": [1]})
    demo, poor = demo_accounts(ACME, "acme@2", file, {"success_status": 201})
    options = {"success_status": 201, "casing": "camel"}
    assert demo == Account("acme@2", "demo", file.credentials, credits, {"tags": [1]}, options)
    renamed = {"token": "acme-broke-token", "other": "sesame-broke"}
    assert poor == msgspec.structs.replace(demo, name="broke", credentials=renamed, credits=broke)


def test_switches_are_at_their_default_unless_chosen() -> None:
    assert switches(ACME, {}) == {"success_status": 200, "casing": "camel"}
    assert switches(ACME, {"success_status": 201}) == {"success_status": 201, "casing": "camel"}
    assert switches(Vendor("plain"), {}) == {}
