"""What a call leaves in the store, for one commit: records, the account, credentials, counts, the journal's entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mockserver.engine.timeline import begun, read_once
from mockserver.loading import Loaded
from mockserver.meeting import UNHINDERED, Met, settle
from mockserver.model import Decision, Instant, Record
from mockserver.state.accounts import issued_key, write_account, write_issue
from mockserver.state.deliveries import sends, silent, write_messages
from mockserver.state.journal import write_entry
from mockserver.state.records import write_record
from mockserver.state.redact import Names
from mockserver.state.store import Key, Write
from mockserver.state.tally import count_call


def writes_of(
    decision: Decision, loaded: Loaded, now: Instant, met: Met, names: Names
) -> tuple[Sequence[Write], Mapping[Key, int]]:
    """Return all that a decision leads to, and the versions of what it rests on; `names` know its secret headers."""
    outcome, facts, call = decision.outcome, loaded.facts, loaded.facts.call
    writes = [write for record in outcome.records for write in write_begun(record, now)]
    if outcome.account is not None:
        writes.append(write_account(outcome.account))
    if outcome.issued or outcome.revoked:
        writes += [write_issue(facts.account, issue) for issue in outcome.issued]
        writes += [Write(issued_key(call.vendor, value), None) for value in outcome.revoked]
    if now.pace.reads is not None and decision.is_accepted:
        writes += moved_on(loaded.asked, outcome.records, now)
    expected = loaded.versions if writes else {}
    if met is not UNHINDERED:
        counting, versions = settle(met, decision)
        writes, expected = [*writes, *counting], {**expected, **versions}
    writes += (write_entry(call, decision, facts.account.name, names), count_call(call, decision))
    return writes, expected


def write_begun(record: Record, now: Instant) -> Sequence[Write]:
    """Return the record as it is kept, and apart from it what it sends."""
    record = begun(record, now)
    if not sends(record):
        return (write_record(record),)
    return [write_record(silent(record)), *write_messages(record, now.at)]


def moved_on(asked: Iterable[Record], written: Iterable[Record], now: Instant) -> Iterator[Write]:
    """Yield the records that were asked for, each with one reading more; those that the call itself writes are not."""
    refs = {record.ref for record in written}
    for record in asked:
        if record.ref not in refs and (read := read_once(record, now)):
            yield write_record(read)
