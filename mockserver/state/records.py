"""Records as rows of a store, each under its account and kind."""

import msgspec

from mockserver.model import Account, Record, Ref
from mockserver.state.store import Held, Key, Write

SHELF = "record"


def record_key(account: Account, ref: Ref) -> Key:
    return (SHELF, account.vendor, account.name, ref.kind, ref.id)


def kind_prefix(account: Account, kind: str) -> Key:
    return (SHELF, account.vendor, account.name, kind)


def write_record(record: Record) -> Write:
    key = (SHELF, record.vendor, record.account, record.kind, record.id)
    return Write(key, msgspec.json.encode(record))


def read_record(held: Held) -> Record:
    return read_record_text(held.value)


def read_record_text(text: bytes) -> Record:
    return msgspec.json.decode(text, type=Record)
