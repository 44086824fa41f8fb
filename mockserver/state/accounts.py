"""Accounts and their credentials as rows of a store: a credential selects its account, so a token is a tenant."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from mockserver.model import Account, Grant, Issue, Token, Vendor
from mockserver.state.store import MOST_ACCOUNT_BYTES, Held, Key, Store, Write

DEMO = "demo"
BROKE = "broke"
# The name of a credential that nobody has issued, of an account made for it: it opens whatever any other would.
ANY = "any"
# What an account may be said to have, in files and snapshots as over the admin API.
Credits: TypeAlias = Annotated[float, Meta(ge=0, le=1_000_000_000)]
LONGEST_CREDENTIAL = 1000
SIZED = ("account", "opening")


class AccountFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a file in `fixtures/accounts` says of a vendor's demo account."""

    credentials: dict[str, str]
    credits: Credits | None = None
    book: dict[str, Any] = {}


@lru_cache(maxsize=1024)
def account_key(vendor: str, name: str) -> Key:
    return ("account", vendor, name)


def token_key(vendor: str, value: str) -> Key:
    return ("token", vendor, value)


def issued_key(vendor: str, value: str) -> Key:
    """Return where a credential lies that the vendor handed out: unlike those of an account, the oldest may go."""
    return ("issued", vendor, value)


def write_issue(account: Account, issue: Issue) -> Write:
    token = Token(account.name, issue.grant, issue.expires, issue.subject)
    return Write(issued_key(account.vendor, issue.value), msgspec.json.encode(token))


def read_account(held: Held) -> Account:
    return decode_account(held.value)


def read_token(held: Held) -> Token:
    return decode_token(held.value)


# Most calls come from an account that has not changed since its last one: the text is the key, so nothing goes stale.
@lru_cache(maxsize=256)
def decode_account(text: bytes) -> Account:
    return msgspec.json.decode(text, type=Account)


@lru_cache(maxsize=256)
def decode_token(text: bytes) -> Token:
    return msgspec.json.decode(text, type=Token)


def account_in(text: bytes) -> str:
    """Return whose a credential is that was handed out."""
    return decode_token(text).account


def write_account(account: Account) -> Write:
    return Write(account_key(account.vendor, account.name), msgspec.json.encode(account))


def tokens_of(account: Account, vendor: Vendor) -> Iterator[tuple[Key, Token]]:
    """Yield the credentials that open endpoints, each with what it is good for."""
    for name, value in account.credentials.items():
        if grant := grant_of(name, vendor):
            yield token_key(account.vendor, value), Token(account.name, grant)


def same_credentials(account: Account, vendor: Vendor) -> tuple[str, str] | None:
    """Return the names of two credentials that are one, so that no endpoint could tell which is shown; None without."""
    names: dict[str, str] = {}
    for name, value in account.credentials.items():
        if grant_of(name, vendor) and names.setdefault(value, name) != name:
            return names[value], name
    return None


def grant_of(name: str, vendor: Vendor) -> Grant | None:
    """Return what a named credential is good for, None when it opens no endpoint."""
    if name == ANY:
        return Grant(None, tuple(scope for grant in vendor.grants.values() for scope in grant.scopes))
    return vendor.grants.get(name) if vendor.grants else Grant()


def open_account(account: Account, vendor: Vendor) -> list[Write]:
    """Return the writes that bring an account into being."""
    tokens = [Write(key, msgspec.json.encode(token)) for key, token in tokens_of(account, vendor)]
    return [write_account(account), *tokens]


def close_account(account: Account, vendor: Vendor) -> list[Write]:
    """Return the writes that take an account and its credentials away; its records are another shelf."""
    tokens = [Write(key, None) for key, _ in tokens_of(account, vendor)]
    return [Write(account_key(account.vendor, account.name), None), *tokens]


async def has_room(store: Store, size: int = 1) -> bool:
    """Say whether accounts, and how they were opened, may take up so many bytes more."""
    filled = await store.filled()
    return size + sum(filled[name].bytes for name in SIZED if name in filled) <= MOST_ACCOUNT_BYTES


def demo_accounts(vendor: Vendor, name: str, file: AccountFile, options: Mapping[str, Any]) -> tuple[Account, ...]:
    """Return the account `demo` and those that differ from it in one way; `name` is the edition's where it is one."""
    demo = Account(name, DEMO, dict(file.credentials), file.credits, dict(file.book), switches(vendor, options))
    broke = replace(named(demo, BROKE), credits=None if file.credits is None else 0)
    return demo, broke


def named(demo: Account, name: str) -> Account:
    """Return an account like demo, under another name and with credentials of its own."""
    return replace(demo, name=name, credentials={key: rename(value, name) for key, value in demo.credentials.items()})


def rename(credential: str, name: str) -> str:
    return credential.replace(DEMO, name) if DEMO in credential else f"{credential}-{name}"


def switches(vendor: Vendor, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of a vendor's switches: those chosen, and the others at their default."""
    return {switch: option.default for switch, option in vendor.options.items()} | dict(chosen)
