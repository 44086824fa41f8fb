"""A record's state at an instant: computed whenever somebody asks, so no task in the background changes anything."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from mockserver.model import Instant, Moment, Record, Standing

# Sums of seconds with fractions fall a hair short of what they should be; of large ones it is a few of their steps.
HAIR, STEPS = 1e-6, 8
# No clock here tells a shorter time.
TICK = 1e-6


def standing(record: Record, now: Instant) -> Standing:
    """Return a record as it stands now."""
    if record.failed:
        return Standing(record, record.body | record.failure, record.pushed, record.created)
    if not record.timeline:
        return Standing(record, record.body, 0, record.created)
    stage = max(stage_of(record, now), record.pushed)
    body = dict(record.body)
    for moment in record.timeline[:stage]:
        body |= moment.state
    return Standing(record, body, stage, since(record, stage, now))


def stage_of(record: Record, now: Instant) -> int:
    """Return how many moments time alone has brought about."""
    if record.began is None:
        return 0
    gone = now.work - record.began + max(HAIR, STEPS * math.ulp(now.work))
    return bisect_right(record.timeline, gone, key=lambda moment: moment.after)


def has_come(record: Record, stage: int, now: Instant) -> bool:
    """Say whether so many moments are past, by time or by a tester's hand."""
    return max(stage_of(record, now), record.pushed) >= stage


def since(record: Record, stage: int, now: Instant) -> datetime:
    """Return when the last of so many moments was, as far as the pace of now was the pace of then."""
    if not stage:
        return record.created
    waited = record.timeline[stage - 1].after * (now.pace.factor or 0)
    return record.created + timedelta(seconds=max(0.0, min(waited, (now.at - record.created).total_seconds())))


def begun(record: Record, now: Instant) -> Record:
    """Return a record that is kept for the first time: what its timeline says begins now."""
    return replace(record, began=now.beginning) if record.timeline and record.began is None else record


def slowed(record: Record, factor: float) -> Record:
    """Return a record that waits so many times as long for each of its moments."""
    return replace(record, timeline=tuple(replace(moment, after=moment.after * factor) for moment in record.timeline))


def failing(record: Record) -> Record:
    """Return a record that comes to its failure where it would have come to its end."""
    *before, last = record.timeline
    return replace(record, timeline=(*before, Moment(last.after, record.failure))) if record.failure else record


def read_once(record: Record, now: Instant) -> Record | None:
    """Return the record with one reading more, where readings move it on; None where they do not."""
    if now.pace.reads is None or standing(record, now).is_done:
        return None
    reads = record.reads + 1
    reached = reads * len(record.timeline) // now.pace.reads
    return replace(record, reads=reads, pushed=min(len(record.timeline), max(record.pushed, reached)))


def seconds_until_idle(records: Iterable[Record], now: Instant) -> float:
    """Return how long it takes, at this pace, until nothing more happens to any of these by itself, in whole ticks."""
    if not now.pace.factor:
        return 0.0
    ends = (
        record.began + record.timeline[-1].after
        for record in records
        if record.began is not None and not record.failed and record.pushed < len(record.timeline)
    )
    left = max(0.0, max(ends, default=now.work) - now.work) * now.pace.factor
    return math.ceil(left / TICK) * TICK
