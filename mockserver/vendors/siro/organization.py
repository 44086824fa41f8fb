"""Recordings as the organization's host shows them to integrations."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from mockserver.kit.times import parse_rfc3339, to_iso
from mockserver.model import Advice, Facts, Listing, Outcome, Reply, Standing, keeps
from mockserver.vendors.siro.links import crm
from mockserver.vendors.siro.names import NAMES
from mockserver.vendors.siro.presence import RECORDING, is_deleted, recording_of
from mockserver.vendors.siro.progress import is_done
from mockserver.vendors.siro.recordings import is_shown
from mockserver.vendors.siro.speech import evaluation, summary

PAGE, LARGEST = 25, 100
FLAGS = ("isProcessingDone", "isEntityExtractionDone", "isSummaryDone")
RESULTS: Mapping[str | None, str] = {"closed": "WON", "not closed": "LOST"}
COMPARED: Mapping[str, Callable[[datetime, datetime], bool]] = {"gte": ge, "gt": gt, "lt": lt, "lte": le}


def page_size(facts: Facts) -> int:
    return int(str(facts.call.query.get("pageSize", PAGE)))


def wanted(facts: Facts) -> Listing:
    bounds, flags = list(bounds_of(facts)), flags_of(facts)

    def fits(recording: Standing) -> bool:
        done = is_done(recording)
        return all(flag is done for flag in flags) and all(within(recording) for within in bounds)

    cursor = str(facts.call.query["cursor"]) if facts.call.query.get("cursor") else None
    return Listing(RECORDING, min(page_size(facts), LARGEST), fits, after=cursor)


def flags_of(facts: Facts) -> list[bool]:
    """Return what the call wants to be done, or not done; the three things are done at once."""
    return [facts.call.query[name] == "true" for name in FLAGS if name in facts.call.query]


def bounds_of(facts: Facts) -> Iterator[Callable[[Standing], bool]]:
    for name in NAMES["listOrganizationRecordings"]:
        member, _, than = name.partition(":")
        moment = parse_rfc3339(str(facts.call.query.get(name, ""))) if than else None
        if moment:
            yield bound(MOMENTS[member], COMPARED[than], moment)


def bound(
    of: Callable[[Standing], datetime], compare: Callable[[datetime, datetime], bool], moment: datetime
) -> Callable[[Standing], bool]:
    return lambda recording: compare(of(recording), moment)


@keeps("organization-created-at-is-date-created")
def created(recording: Standing) -> datetime:
    return parse_rfc3339(recording.body["dateCreated"]) or recording.created


def updated(recording: Standing) -> datetime:
    """Return when the recording last changed: by itself, by a link, by its end."""
    touched = parse_rfc3339(recording.body.get("updatedAt", ""))
    return max(recording.since, touched) if touched else recording.since


MOMENTS: Mapping[str, Callable[[Standing], datetime]] = {"createdAt": created, "updatedAt": updated}


def list_recordings(facts: Facts) -> Outcome:
    data = [view(facts, recording) for recording in facts.found.items]
    return Outcome(Reply(200, {"data": data, "cursor": data[-1]["id"] if facts.found.more else None}))


def get_recording(facts: Facts) -> Outcome:
    return Outcome(Reply(200, view(facts, recording_of(facts))))


def list_summaries(facts: Facts) -> Outcome:
    return Outcome(Reply(200, sections(recording_of(facts))))


def sections(recording: Standing) -> list[dict[str, str]]:
    return [{"id": ident, "name": name, "content": text} for ident, name, text in summary(recording)]


@keeps("organization-results", "organization-deleted-are-returned", "organization-links-lead-here")
def view(facts: Facts, recording: Standing) -> dict[str, Any]:
    body, done = recording.body, is_done(recording)
    return {
        "id": recording.id,
        "organizationId": body["organizationId"],
        "userId": body["userId"],
        "title": body.get("title"),
        "durationInMilliseconds": body.get("durationInMilliseconds"),
        "latitude": None,
        "longitude": None,
        "result": RESULTS.get(body.get("result"), "OPEN"),
        "createdAt": body["dateCreated"],
        "updatedAt": to_iso(updated(recording)),
        "rootDataPurgedAt": None,
        "deleted": is_deleted(recording),
        "deletedAt": body.get("deletedAt"),
        "links": {"web": {"self": f"{facts.call.origin}/v1/core/recordings/{recording.id}"}},
        **dict.fromkeys(FLAGS, done),
        **enriched(facts, recording),
    }


def enriched(facts: Facts, recording: Standing) -> dict[str, Any]:
    """Return what the call asks for beside the recording itself."""
    blocks: Mapping[str, tuple[str, Any]] = {
        "showCrmLinks": ("crm", crm(facts, recording.body)),
        "showSummary": ("summary", sections(recording)),
        "showEntityExtractions": ("entityExtractions", []),
        "showEvaluationScore": ("evaluationScore", evaluation(recording)),
        "showFollowups": ("followups", []),
    }
    return dict(block for flag, block in blocks.items() if is_shown(facts, flag))


@keeps("organization-pages-end")
def on_page_size(facts: Facts) -> Iterator[Advice]:
    if facts.fits and page_size(facts) > LARGEST:
        yield Advice(f"a page has at most {LARGEST} recordings here", "$.pageSize", "organization-pages-end")
