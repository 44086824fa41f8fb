"""Answers as they leave, and held to the document: one that breaks it is our bug, not the client's."""

import msgspec

from mockserver.engine.endpoint import Endpoint
from mockserver.model import Reply

BODILESS = (204, 304)


def content_of(reply: Reply) -> bytes:
    """Return an answer's body as it is sent. Raises TypeError for one that is no JSON."""
    if reply.media_type is None or reply.status in BODILESS:
        return b""
    if isinstance(reply.body, str) and not reply.media_type.startswith("application/json"):
        return reply.body.encode()
    return msgspec.json.encode(reply.body)


def check_answer(endpoint: Endpoint, reply: Reply) -> str | None:
    """Return what the document says against an answer, or None."""
    status = str(reply.status)
    if status not in endpoint.responses:
        return f"{endpoint.id} documents no answer {status}"
    media_type = (reply.media_type or "").partition(";")[0]
    documented = [kind for known, kind in endpoint.answers if known == status]
    if not documented:
        is_bare = not endpoint.answer(status).get("content")
        return f"{endpoint.id} documents no body for {status}" if is_bare and reply.body is not None else None
    if media_type not in documented:
        return f"{endpoint.id} documents {', '.join(documented)} for {status}, not {media_type or 'an empty body'}"
    problems = endpoint.answers[status, media_type].problems(reply.body)
    return f"the answer breaks its document: {problems[0].says}" if problems else None
