"""An arrival becomes a call: total, it notes what it could not read and never raises for bad input."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from msgspec.structs import replace

from mockserver.engine.arrival import Arrival
from mockserver.engine.credentials import find_credential, find_shown
from mockserver.engine.document import Route
from mockserver.engine.endpoint import Endpoint, Scheme
from mockserver.engine.form_values import coerce
from mockserver.engine.read_body import read_content
from mockserver.model import Advice, Call, Json

MOST_FIELDS = 200


async def decode(
    arrival: Arrival, route: Route, *, ident: str, at: datetime, vendor: str, cap: int | None = None
) -> Call:
    """Return the call; `cap` lowers every limit on an upload, in bytes. Raises Gone only."""
    endpoint = route.endpoint
    media_type = media_type_of(arrival.headers)
    body = endpoint.bodies.get(media_type or "")
    content = await read_content(arrival, endpoint, body, media_type, cap)
    query, repeated = read_query(arrival.query, endpoint) if arrival.query else ({}, ())
    instance = content.instance
    return Call(
        id=ident,
        at=at,
        vendor=vendor,
        operation=endpoint.id,
        method=arrival.method,
        path=arrival.path,
        headers=arrival.headers,
        params=route.params,
        query=query,
        media_type=media_type,
        instance=instance,
        body=instance if body is None or body.inner is None else unwrap(instance, body.inner),
        files=content.files,
        size=content.size,
        credential=find_credential(arrival.headers, query, endpoint, body, instance),
        unreadable=content.unreadable,
        misread=content.misread,
        advice=(*map(again, repeated), *content.advice) if repeated else content.advice,
        origin=arrival.origin,
    )


def dated(call: Call, at: datetime) -> Call:
    """Return a call as of the mock's time, where that is another than the machine's, which it was read with."""
    return call if call.at == at else replace(call, at=at)


def undecoded(arrival: Arrival, *, ident: str, at: datetime, vendor: str, schemes: Iterable[Scheme] = ()) -> Call:
    """Return what can be said of a request that matched no operation; `schemes` tell whose it may be."""
    return Call(
        ident,
        at,
        vendor,
        "",
        arrival.method,
        arrival.path,
        arrival.headers,
        origin=arrival.origin,
        credential=find_shown(arrival.headers, {}, schemes),
    )


def media_type_of(headers: Mapping[str, str]) -> str | None:
    header = headers.get("content-type")
    return header.partition(";")[0].strip().lower() if header else None


def read_query(query: bytes, endpoint: Endpoint) -> tuple[Mapping[str, Json], Sequence[str]]:
    """Return the query's values, those the document knows as what their text stands for, and the repeated names.

    The last of two counts, except where the document has a list. Names are taken in any casing where the document's
    paths are.
    """
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace")[:MOST_FIELDS]
    types = endpoint.query[0] if endpoint.query else {}
    names = {name.casefold(): name for name in types} if endpoint.document.get("x-loose-case") else {}
    found: dict[str, Any] = {}
    repeated: dict[str, None] = {}
    for given, text in pairs:
        name = names.get(given.casefold(), given)
        kinds = types.get(name, ("string",))
        if kinds[0] == "array":
            found.setdefault(name, []).append(coerce(text, kinds[1:]))
            continue
        if name in found:
            repeated[name] = None
        found[name] = coerce(text, kinds)
    return found, tuple(repeated)


def again(name: str) -> Advice:
    return Advice(f"the parameter {name[:80]} is there more than once: the last one counts", f"$.{name[:80]}")


def unwrap(instance: Json, inner: str) -> Json:
    """Return what rules read: the part that is the body, where the document says that one is."""
    return instance.get(inner) if isinstance(instance, dict) else None
