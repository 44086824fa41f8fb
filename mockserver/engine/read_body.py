"""Reads a body as its media type says, within the document's limits, into one shape."""

from hashlib import sha256
from urllib.parse import parse_qsl

from msgspec.structs import replace

from mockserver.engine.arrival import Arrival
from mockserver.engine.content import Content
from mockserver.engine.endpoint import Body, Endpoint
from mockserver.engine.form_values import collect_pairs, collect_sections, fold_keys
from mockserver.engine.read_form import FormReader, Refused, check_charset, malformed
from mockserver.engine.read_json import Unreadable, read_json
from mockserver.kit.media import Listener
from mockserver.model import Advice, Kind, Problem, Upload

MOST_FIELDS = 200
RAW = "body"


async def read_content(
    arrival: Arrival, endpoint: Endpoint, body: Body | None, media_type: str | None, cap: int | None
) -> Content:
    try:
        if body is None:
            check_expected(arrival, endpoint, media_type)
            return Content()
        if "content-encoding" in arrival.headers:
            check_encoding(arrival, endpoint)
        if body.way == "form":
            return await read_form(arrival, body, cap)
        if body.way == "raw":
            return await read_raw(arrival, body, cap)
        return await read_text(arrival, body, cap)
    except Refused as refused:
        return Content(unreadable=(attribute(refused.problem, endpoint),), size=arrival.length or 0)


def check_expected(arrival: Arrival, endpoint: Endpoint, media_type: str | None) -> None:
    """Refuse a body of a kind the document does not name, and a missing one that it requires."""
    if not endpoint.bodies:
        return
    if media_type is None and not arrival.length and not endpoint.operation["requestBody"].get("required"):
        return
    names = " or ".join(endpoint.bodies)
    says = f"send {names}, not {media_type[:80]}" if media_type else f"say in Content-Type that the body is {names}"
    raise Refused(Problem(Kind.MEDIA_TYPE, says, wants=list(endpoint.bodies), got=media_type))


def check_encoding(arrival: Arrival, endpoint: Endpoint) -> None:
    """Refuse compressed bodies: nothing that grows when it is read is ever unpacked."""
    encoding = arrival.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        claim = endpoint.claims.get("encoding")
        raise Refused(
            Problem(Kind.MEDIA_TYPE, f"a body encoded as {encoding[:40]} is not read", got=encoding, claim=claim)
        )


def attribute(problem: Problem, endpoint: Endpoint) -> Problem:
    """Name the claim that the document keeps by refusing for this reason, where the problem has none yet."""
    reasons = {Kind.MEDIA_TYPE: "media-type", Kind.MALFORMED: "malformed", Kind.TOO_LARGE: "too-large"}
    claim = problem.claim or endpoint.claims.get(reasons[problem.kind])
    return replace(problem, claim=claim)


def limit_of(body: Body, cap: int | None) -> int | None:
    limit = body.most_bytes
    if cap is None or limit is None:
        return limit if cap is None else cap
    return min(limit, cap)


def too_large(limit: int) -> Refused:
    return Refused(Problem(Kind.TOO_LARGE, f"the body is larger than {limit} bytes", wants=limit))


async def read_text(arrival: Arrival, body: Body, cap: int | None) -> Content:
    check_charset(arrival.headers["content-type"])
    raw = await read_up_to(arrival, limit_of(body, cap))
    if body.way == "urlencoded":
        return collect_pairs(read_pairs(raw), body, len(raw))
    try:
        reading = read_json(raw)
    except Unreadable as error:
        raise malformed(str(error)) from None
    if not (body.loose or reading.duplicates):
        return Content(reading.value, size=len(raw))
    value, folded = fold_keys(reading.value, body.loose)
    return Content(value, size=len(raw), advice=(*map(duplicate, reading.duplicates), *folded))


def duplicate(name: str) -> Advice:
    return Advice(f"the key {name[:80]} is there more than once: the last one counts")


async def read_up_to(arrival: Arrival, limit: int | None) -> bytes:
    """Return the whole body; a declared length over the limit is refused before a byte is read."""
    if (whole := arrival.whole()) is not None:
        if limit is not None and len(whole) > limit:
            raise too_large(limit)
        return whole
    check_length(arrival, limit)
    chunks, size = [], 0
    async for chunk in arrival.stream():
        size += len(chunk)
        if limit is not None and size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def check_length(arrival: Arrival, limit: int | None) -> None:
    if limit is not None and (arrival.length or 0) > limit:
        raise too_large(limit)


def read_pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        text = raw.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise malformed(f"the form is not UTF-8, or has more than {MOST_FIELDS} fields") from None


async def read_form(arrival: Arrival, body: Body, cap: int | None) -> Content:
    check_charset(arrival.headers["content-type"])
    limit = body.most_bytes
    check_length(arrival, limit)
    reader, size = FormReader(body, arrival.headers["content-type"], cap), 0
    async for chunk in arrival.stream():
        # Up to the limit first: which of two limits a form breaks must not depend on how it was cut into chunks.
        reader.write(chunk if limit is None else chunk[: limit - size])
        size += len(chunk)
        if limit is not None and size > limit:
            raise too_large(limit)
    return collect_sections(reader.close(), body, size)


async def read_raw(arrival: Arrival, body: Body, cap: int | None) -> Content:
    """Read bytes that are the file themselves: counted, hashed and dropped."""
    limit, digest, listener = limit_of(body, cap), sha256(), Listener()
    check_length(arrival, limit)
    async for chunk in arrival.stream():
        digest.update(chunk)
        listener.feed(chunk)
        if limit is not None and listener.size > limit:
            raise too_large(limit)
    upload = Upload("", arrival.headers["content-type"], listener.size, digest.hexdigest(), listener.media())
    return Content(files={RAW: upload}, size=upload.size)
