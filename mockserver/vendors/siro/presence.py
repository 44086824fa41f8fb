"""The recording that a path names: is it there, and what may be done with it."""

from collections.abc import Sequence

from msgspec.structs import replace

from mockserver.kit.times import to_iso
from mockserver.model import Call, Facts, Kind, Outcome, Problem, Ref, Reply, Standing, keeps, rule

RECORDING = "recording"
UNKNOWN = Problem(Kind.NOT_FOUND, "there is no such recording")


def of_path(call: Call) -> Sequence[Ref]:
    return [Ref(RECORDING, call.params["id"])]


def of_cursor(call: Call) -> Sequence[Ref]:
    """Name the recording that a page begins behind."""
    cursor = call.query.get("cursor")
    return [Ref(RECORDING, str(cursor))] if cursor else []


def recording_of(facts: Facts) -> Standing:
    """Return the recording of the path, which the rules have found to be there."""
    return facts.known[Ref(RECORDING, facts.call.params["id"])]


@rule("unknown-recording-is-404")
def recording_exists(facts: Facts) -> Problem | None:
    return None if facts.at_hand(RECORDING, facts.call.params["id"]) else UNKNOWN


@rule("deleted-recording-is-gone")
def recording_is_kept(facts: Facts) -> Problem | None:
    return UNKNOWN if is_deleted(recording_of(facts)) else None


@rule("owner-or-admin-deletes")
def caller_may_delete(facts: Facts) -> Problem | None:
    """Judge by the user whom a handed-out token stands for; the account's own tokens are an admin's."""
    if facts.subject in (None, recording_of(facts).body["userId"]):
        return None
    return Problem(Kind.FORBIDDEN, "only its user or an admin may delete a recording")


@rule("unknown-cursor-is-400")
def cursor_is_known(facts: Facts) -> Problem | None:
    if all(ref in facts.known for ref in of_cursor(facts.call)):
        return None
    return Problem(Kind.INVALID, "cursor is not one that was given out", ("cursor",))


def is_deleted(recording: Standing) -> bool:
    return "deletedAt" in recording.body


@keeps("recordings-are-read-back")
def delete_recording(facts: Facts) -> Outcome:
    record, now = recording_of(facts).record, to_iso(facts.call.at)
    return Outcome(Reply(200), (replace(record, body={**record.body, "deletedAt": now, "updatedAt": now}),))
