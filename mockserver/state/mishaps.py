"""How webhooks are to misbehave, for a client that must bear it: a row of the store."""

import msgspec
from msgspec import Struct

from mockserver.state.store import Key, Store, Write


class Webhooks(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How they misbehave.

    `duplicate`: each is sent twice under one id; `shuffle`: those of one record go out last first;
    `break_signature`: the signature is wrong; `stale`: the signed timestamp is too old.
    """

    duplicate: bool = False
    shuffle: bool = False
    break_signature: bool = False
    stale: bool = False


def mishaps_key(vendor: str = "*", account: str = "*") -> Key:
    return ("mishap", vendor, account)


def write_mishaps(key: Key, mishaps: Webhooks) -> Write:
    return Write(key, msgspec.json.encode(mishaps))


async def webhooks_of(store: Store, vendor: str, account: str) -> Webhooks:
    """Return how an account's webhooks misbehave: as it was said of the account, or else of the server."""
    own, everywhere = await store.read([mishaps_key(vendor, account), mishaps_key()])
    held = own or everywhere
    return msgspec.json.decode(held.value, type=Webhooks) if held else Webhooks()
