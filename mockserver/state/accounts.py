"""Accounts and their credentials as rows of a store: a credential selects its account, so a token is a tenant."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import Account, Grant, Token, Vendor
from mockserver.state.store import Held, Key, Write

DEMO = "demo"
BROKE = "broke"


class AccountFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file in `fixtures/accounts` says of a vendor's demo account."""

    credentials: dict[str, str]
    credits: float | None = None
    book: dict[str, Any] = {}


def account_key(vendor: str, name: str) -> Key:
    return ("account", vendor, name)


def token_key(vendor: str, value: str) -> Key:
    return ("token", vendor, value)


def read_account(held: Held) -> Account:
    return msgspec.json.decode(held.value, type=Account)


def read_token(held: Held) -> Token:
    return msgspec.json.decode(held.value, type=Token)


def write_account(account: Account) -> Write:
    return Write(account_key(account.vendor, account.name), msgspec.json.encode(account))


def tokens_of(account: Account, vendor: Vendor) -> Iterator[tuple[Key, Token]]:
    """Yield the credentials that open endpoints, each with what it is good for."""
    for name, value in account.credentials.items():
        if not vendor.grants or name in vendor.grants:
            yield token_key(account.vendor, value), Token(account.name, vendor.grants.get(name, Grant()))


def open_account(account: Account, vendor: Vendor) -> list[Write]:
    """Return the writes that bring an account into being."""
    tokens = [Write(key, msgspec.json.encode(token)) for key, token in tokens_of(account, vendor)]
    return [write_account(account), *tokens]


def close_account(account: Account, vendor: Vendor) -> list[Write]:
    """Return the writes that take an account and its credentials away; its records are another shelf."""
    tokens = [Write(key, None) for key, _ in tokens_of(account, vendor)]
    return [Write(account_key(account.vendor, account.name), None), *tokens]


def demo_accounts(vendor: Vendor, name: str, file: AccountFile, options: Mapping[str, Any]) -> tuple[Account, ...]:
    """Return the account `demo` and those that differ from it in one way; `name` is the edition's where it is one."""
    switches = {switch: option.default for switch, option in vendor.options.items()} | dict(options)
    demo = Account(name, DEMO, dict(file.credentials), file.credits, dict(file.book), switches)
    renamed = {key: value.replace(DEMO, BROKE) for key, value in file.credentials.items()}
    broke = replace(demo, name=BROKE, credentials=renamed, credits=None if file.credits is None else 0)
    return demo, broke
