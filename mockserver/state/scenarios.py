"""Which scenario the server, or an account, is in, as rows of a store; and the files that say what a scenario is."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.model import Account
from mockserver.state.accounts import Credits
from mockserver.state.faults import EVERY
from mockserver.state.media import ONE_ADDRESS, Lying
from mockserver.state.store import Held, Key, Store, Write

SHELF = "scenario"


class Webhooks(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How webhooks misbehave.

    `duplicate`: each is delivered twice under one id; `shuffle`: those due together go in another order;
    `break_signature`: the signature is wrong; `stale`: the signed timestamp is too old to be accepted.
    """

    duplicate: bool = False
    shuffle: bool = False
    break_signature: bool = False
    stale: bool = False


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of accounts that sell credits."""

    credits: Credits | None = None


class ScenarioFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`fault` holds faults as testers ask for them."""

    says: str
    fault: tuple[dict[str, Any], ...] = ()
    account: Change = Change()
    webhooks: Webhooks = Webhooks()
    media: tuple[Lying, ...] = ()


class Staged(Struct, frozen=True, omit_defaults=True):
    """The scenario of a scope; its faults say that they are of it, `credits` is what accounts begin with."""

    name: str
    credits: Credits | None = None
    webhooks: Webhooks = Webhooks()


def scenario_key(vendor: str | None = None, account: str | None = None) -> Key:
    """Return where an account's scenario lies, or the server's."""
    return (SHELF, vendor or EVERY, account or EVERY)


@lru_cache(maxsize=256)
def decode_staged(text: bytes) -> Staged:
    return msgspec.json.decode(text, type=Staged)


def read_staged(held: Held | None) -> Staged | None:
    return decode_staged(held.value) if held else None


def write_staged(key: Key, staged: Staged) -> Write:
    return Write(key, msgspec.json.encode(staged))


async def webhooks_of(store: Store, vendor: str, account: str) -> Webhooks:
    """Return how an account's webhooks misbehave: as its own scenario says, or else the server's."""
    own, everywhere = await store.read([scenario_key(vendor, account), scenario_key()])
    return misbehaviour(own, everywhere)


def misbehaviour(own: Held | None, everywhere: Held | None) -> Webhooks:
    staged = read_staged(own or everywhere)
    return staged.webhooks if staged else Webhooks()


async def beginning(store: Store, account: Account) -> Account:
    """Return a new account as the server's scenario lets it begin."""
    (held,) = await store.read([scenario_key()])
    staged = read_staged(held)
    if staged is None or staged.credits is None or account.credits is None:
        return account
    return replace(account, credits=staged.credits)


def find_scenarios(*folders: Path) -> dict[str, Path]:
    """Return the files of the scenarios by name, those of later folders over those of earlier ones."""
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def read_scenario(path: Path) -> ScenarioFile:
    """Return what a file says. Raises ValueError that names it."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), ScenarioFile)
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not all(line.has_one_address for line in file.media):
        raise ValueError(f"{path}: a line of media has {ONE_ADDRESS}")
    return file
