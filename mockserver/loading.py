"""Everything that a decision rests on beyond who calls: which records, what lies behind URLs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mockserver.callers import Caller
from mockserver.engine.decide import parameters_of
from mockserver.engine.document import Route
from mockserver.engine.endpoint import Endpoint
from mockserver.engine.timeline import standing
from mockserver.model import (
    Account,
    Behind,
    Call,
    Facts,
    Found,
    Instant,
    Listing,
    Operation,
    Record,
    Ref,
    Standing,
    everything,
    no_further,
    no_listing,
    no_refs,
    no_urls,
)
from mockserver.state.accounts import account_key
from mockserver.state.media import Table, look_behind, read_table
from mockserver.state.records import kind_prefix, read_record, record_key
from mockserver.state.store import Held, Key, Store

PAGE = 500


class Loaded(Struct, frozen=True, gc=False):
    """Facts, the versions they were read at, and the records that were asked for."""

    facts: Facts
    versions: Mapping[Key, int] = {}
    asked: Sequence[Record] = ()


OPEN = Operation()


async def load(
    store: Store,
    operation: Operation,
    route: Route,
    call: Call,
    *,
    caller: Caller,
    now: Instant,
    table: Table,
) -> Loaded:
    """Return what the operation asks for; of a call that does not fit its schema, no more than who calls."""
    account = caller.account
    if account is None:
        return Loaded(Facts(call, lapsed=caller.lapsed))
    versions = {account_key(account.vendor, account.name): caller.version}
    if not asks(operation) or not does_fit(route.endpoint, call):
        return Loaded(Facts(call, account, caller.grant, subject=caller.subject), versions)
    refs = operation.refs(call)
    rows = await read_refs(store, account, refs) if refs else {}
    urls = operation.urls(call)
    behind = read_behind(urls, account, caller.media, table) if urls else {}
    known = known_in(rows, now) if rows else {}
    facts = Facts(call, account, caller.grant, known, fits=True, behind=behind, subject=caller.subject)
    if operation.further is not no_further and (further := operation.further(facts)):
        rows |= await read_refs(store, account, [ref for ref in further if ref not in rows])
        facts = replace(facts, known=known_in(rows, now))
    for ref, item in rows.items():
        versions[record_key(account, ref)] = item.version if item else 0
    if operation.listing is not no_listing and (listing := operation.listing(facts)):
        found, seen = await find(store, account, listing, now)
        facts, versions = replace(facts, found=found), versions | seen
    asked = (*facts.known.values(), *facts.found.items)
    return Loaded(facts, versions, [each.record for each in asked] if asked else ())


def asks(operation: Operation) -> bool:
    return (
        operation.refs is not no_refs
        or operation.listing is not no_listing
        or operation.urls is not no_urls
        or operation.further is not no_further
    )


def does_fit(endpoint: Endpoint, call: Call) -> bool:
    if call.unreadable or call.misread:
        return False
    body = endpoint.bodies.get(call.media_type or "")
    fits = body is None or body.shape.accepts(call.instance)
    if not fits or not endpoint.parameters:
        return fits
    return all(shape.accepts(values) for shape, values in parameters_of(endpoint, call))


async def read_refs(store: Store, account: Account, refs: Sequence[Ref]) -> dict[Ref, Held | None]:
    return dict(zip(refs, await store.read([record_key(account, ref) for ref in refs]), strict=True))


def known_in(rows: Mapping[Ref, Held | None], now: Instant) -> dict[Ref, Standing]:
    return {ref: standing(read_record(item), now) for ref, item in rows.items() if item}


def read_behind(urls: Sequence[str], account: Account, media: Held | None, table: Table) -> dict[str, Behind]:
    name = f"{account.vendor}/{account.name}"
    tables = (read_table(media), table) if media else (table,)
    return {url: look_behind(url, name, *tables) for url in urls}


async def find(store: Store, account: Account, listing: Listing, now: Instant) -> tuple[Found, dict[Key, int]]:
    """Return a page of records and their versions, decoding no more of them than the page and what lies before it."""
    items: list[Standing] = []
    versions: dict[Key, int] = {}
    skipped, more = 0, False
    async for each, version in walk(store, account, listing, now):
        if not listing.fits(each):
            continue
        if skipped < listing.skip:
            skipped += 1
        elif len(items) == listing.most:
            more = True
            break
        else:
            items.append(each)
            versions[record_key(account, each.ref)] = version
    return Found(items, more, await count(store, account, listing, now) if listing.counts else None), versions


async def walk(store: Store, account: Account, listing: Listing, now: Instant) -> AsyncIterator[tuple[Standing, int]]:
    """Yield the records of a listing's kind from where it begins, with their versions.

    There are none where it begins behind one that is not there.
    """
    prefix, place = kind_prefix(account, listing.kind), None
    # Of records that need not fit, no more are wanted; of others nobody knows how many it takes.
    limit = min(listing.most + listing.skip + 1, PAGE) if listing.fits is everything else PAGE
    if listing.after is not None:
        (held,) = await store.read([(*prefix, listing.after)])
        if held is None:
            return
        place = held.order
    while page := await turn(store, prefix, listing, place, limit):
        for _, held in page:
            yield standing(read_record(held), now), held.version
        place = page[-1][1].order


async def turn(store: Store, prefix: Key, listing: Listing, place: int | None, limit: int) -> list[tuple[Key, Held]]:
    if listing.is_oldest_first:
        return await store.scan_up(prefix, limit=limit, after=place or 0)
    return await store.scan(prefix, limit=limit, before=place)


async def count(store: Store, account: Account, listing: Listing, now: Instant) -> int:
    if listing.fits is everything:
        return await store.count(kind_prefix(account, listing.kind))
    whole, looked, found = replace(listing, after=None), 0, 0
    async for each, _ in walk(store, account, whole, now):
        found += listing.fits(each)
        looked += 1
        if not looked % PAGE:
            # Every record is looked at, and other calls should not have to wait for that.
            await asyncio.sleep(0)
    return found
