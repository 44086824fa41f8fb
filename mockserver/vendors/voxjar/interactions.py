"""Reading an interaction back: all that was uploaded, and how far its work has come."""

from typing import Any

from mockserver.kit.times import to_iso
from mockserver.model import Call, Facts, Kind, Outcome, Problem, Ref, Reply, Standing, keeps, rule

KIND = "interaction"
# As they were sent, else null.
OPTIONAL = ("duration", "downloadUrl", "agent", "customer", "email")
HINTS = ("language", "agentChannel")


def ref_of(call: Call) -> Ref:
    return Ref(KIND, call.params["id"])


def interaction_at_hand(call: Call) -> list[Ref]:
    return [ref_of(call)]


@rule("unknown-interaction-is-404")
def interaction_must_be_known(facts: Facts) -> Problem | None:
    if ref_of(facts.call) in facts.known:
        return None
    return Problem(Kind.NOT_FOUND, f"there is no interaction {facts.call.params['id'][:80]}", ("id",))


@keeps("status-can-be-polled")
def read_interaction(facts: Facts) -> Outcome:
    return Outcome(Reply(200, view(facts.known[ref_of(facts.call)])))


def view(found: Standing) -> dict[str, Any]:
    body = found.body
    same = {name: body[name] for name in ("sourceIdentifier", "interactionType", "direction", "timestamp")}
    sent = {name: body.get(name) for name in OPTIONAL}
    kept = {name: body[name] for name in ("tags", "customMetadata", "processing")}
    work = {"transcript": transcript(body["transcript"]), "evaluation": body.get("evaluation")}
    return {"id": found.id, **same, "createdAt": to_iso(found.created), **sent, "file": file(body), **kept, **work}


def file(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the uploaded file as far as its sender would know it again."""
    kept = body.get("file")
    return {"name": kept["filename"], "size": kept["size"], "sha256": kept["sha256"]} if kept else None


def transcript(kept: dict[str, Any]) -> dict[str, Any]:
    hints = {name: kept.get(name) for name in HINTS}
    return {"status": kept["status"], **hints, "text": kept["text"], "segments": kept["segments"]}
