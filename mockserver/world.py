"""Load, decide, commit: the only place where things happen."""

import asyncio
import traceback
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mockserver.engine.answers import check_answer
from mockserver.engine.arrival import Arrival, Gone
from mockserver.engine.claims import Ledger, read_ledger
from mockserver.engine.decide import break_down, decide, refuse_route
from mockserver.engine.decode import decode, undecoded
from mockserver.engine.document import Document, Route
from mockserver.engine.endpoint import Endpoint
from mockserver.model import (
    Account,
    Call,
    Decision,
    Facts,
    Grant,
    Mark,
    Operation,
    Problem,
    Record,
    Ref,
    Vendor,
    no_refs,
)
from mockserver.state.accounts import (
    ANY,
    DEMO,
    account_key,
    open_account,
    read_account,
    read_token,
    switches,
    token_key,
    write_account,
)
from mockserver.state.clock import Clock, Ids
from mockserver.state.journal import Journal, write_entry
from mockserver.state.store import MOST_ACCOUNTS, Held, Key, Store, Write

ATTEMPTS = 50
HEAVY = 256 * 1024
PLAIN = Operation()


class Served(Struct, frozen=True, gc=False):
    """A call and what was decided about it."""

    call: Call
    decision: Decision


class Loaded(Struct, frozen=True, gc=False):
    """Facts, and the versions they were read at."""

    facts: Facts
    versions: Mapping[Key, int] = {}


class World:
    """Vendors, their documents, and everything that changes."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        vendors: Mapping[str, Vendor],
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        demos: Mapping[str, Account] | None = None,
        cap: int | None = None,
        any_token: bool = False,
        check_replies: bool = False,
    ) -> None:
        self.documents, self.vendors, self.store, self.clock, self.ids = documents, vendors, store, clock, ids
        self.demos = demos or {}
        self.cap, self.any_token, self.check_replies = cap, any_token, check_replies
        self.journal = Journal(store)
        self._ledgers: dict[str, Ledger] = {}
        self._hidden = {name: credential_names(document) for name, document in documents.items()}

    def demo(self, name: str) -> Account:
        """Return a vendor's account demo as it was at the start: what became of it since is nobody else's concern."""
        return self.demos.get(name) or Account(name, DEMO, options=switches(self.vendors[name], {}))

    def ledger(self, name: str) -> Ledger:
        """Return a vendor's claims, read when somebody first asks: they are prose, and start-up is not theirs."""
        if name not in self._ledgers:
            self._ledgers[name] = read_ledger(self.documents[name].folder)
        return self._ledgers[name]

    async def serve(self, name: str, arrival: Arrival) -> Served:
        """Answer one request to a vendor; nothing of it is kept unless all of it is. Raises Gone only."""
        ident, at, call = str(self.ids.fresh()), self.clock.now(), None
        vendor, document = self.vendors[name], self.documents[name]
        route = document.find(arrival.method, arrival.path)
        reasons = document.claims if isinstance(route, Problem) else route.endpoint.claims
        try:
            if isinstance(route, Problem):
                call = undecoded(arrival, ident=ident, at=at, vendor=name)
                return await self._note(call, refuse_route(vendor, call, route, self.ledger(name).claims))
            call = await decode(arrival, route, ident=ident, at=at, vendor=name, cap=self.cap)
            return await self._judge(vendor, route, call)
        except Gone:
            raise
        except Exception:  # noqa: BLE001  # a vendor's function that fails is answered as its 500, never as ours
            trouble = traceback.format_exc(limit=-8)
        call = call or undecoded(arrival, ident=ident, at=at, vendor=name)
        return await self._note(call, break_down(vendor, call, (Mark("route"),), trouble, reasons))

    async def _judge(self, vendor: Vendor, route: Route, call: Call) -> Served:
        for _ in range(ATTEMPTS):
            loaded = await self._load(vendor, route, call)
            decision = await self._decide(vendor, route, loaded.facts)
            if await self._commit(call, decision, loaded):
                return Served(call, decision)
        trouble = f"too much contention: others changed what this call had read, {ATTEMPTS} times"
        return await self._note(call, break_down(vendor, call, (Mark("route"),), trouble, route.endpoint.claims))

    async def _load(self, vendor: Vendor, route: Route, call: Call) -> Loaded:
        account, grant, version = await self._account(call)
        if account is None:
            return Loaded(Facts(call))
        operation = vendor.operations.get(route.endpoint.id, PLAIN)
        # Only a call that fits its schema is asked for the records it wants.
        fits = operation.refs is not no_refs and does_fit(route.endpoint, call)
        refs = operation.refs(call) if fits else ()
        held = await self.store.read([record_key(account, ref) for ref in refs]) if refs else []
        known = {ref: read_record(item) for ref, item in zip(refs, held, strict=True) if item}
        versions = {record_key(account, ref): item.version if item else 0 for ref, item in zip(refs, held, strict=True)}
        versions[account_key(account.vendor, account.name)] = version
        return Loaded(Facts(call, account, grant, known, fits), versions)

    async def _account(self, call: Call) -> tuple[Account | None, Grant, int]:
        shown = call.credential
        if shown is None:
            return None, Grant(), 0
        (held,) = await self.store.read([token_key(call.vendor, shown.value)])
        if held is None and self.any_token:
            await self._adopt(call.vendor, shown.value)
            (held,) = await self.store.read([token_key(call.vendor, shown.value)])
        token = read_token(held) if held else None
        if token is None or token.grant.scheme not in (None, shown.scheme):
            return None, Grant(), 0
        (row,) = await self.store.read([account_key(call.vendor, token.account)])
        return (read_account(row), token.grant, row.version) if row else (None, Grant(), 0)

    async def _adopt(self, name: str, credential: str) -> None:
        """Make an account like `demo` for a credential nobody has issued; it opens whatever demo's would."""
        if not await self.is_full():
            made_up = f"any-{self.ids.fresh().hex[:12]}"
            await self.open(replace(self.demo(name), name=made_up, credentials={ANY: credential}))

    async def _decide(self, vendor: Vendor, route: Route, facts: Facts) -> Decision:
        claims = self.ledger(facts.call.vendor).claims
        if facts.call.text_size > HEAVY:
            decision = await asyncio.to_thread(decide, vendor, route.endpoint, facts, claims)
        else:
            decision = decide(vendor, route.endpoint, facts, claims)
        if self.check_replies and (wrong := check_answer(route.endpoint, decision.outcome.reply)):
            return break_down(vendor, facts.call, decision.trail, wrong, route.endpoint.claims)
        return decision

    async def _commit(self, call: Call, decision: Decision, loaded: Loaded) -> bool:
        """Write the records, the account and the journal's entry together, unless what they rest on has moved."""
        outcome, facts = decision.outcome, loaded.facts
        writes = [write_record(record) for record in outcome.records]
        if outcome.account is not None:
            writes.append(write_account(outcome.account))
        expected = loaded.versions if writes else {}
        writes.append(write_entry(call, decision, facts.account.name, self._hidden[call.vendor]))
        return await self.store.commit(writes, expected)

    async def _note(self, call: Call, decision: Decision) -> Served:
        await self.store.commit([write_entry(call, decision, "", self._hidden[call.vendor])], {})
        return Served(call, decision)

    async def is_full(self) -> bool:
        return await self.store.count(("account",)) >= MOST_ACCOUNTS

    async def open(self, account: Account) -> bool:
        """Bring an account into being; False when its name or a credential is taken."""
        writes = open_account(account, self.vendors[account.vendor])
        return await self.store.commit(writes, {write.key: 0 for write in writes})


def credential_names(document: Document) -> frozenset[str]:
    """Return the headers and fields that credentials travel in, in lower case."""
    headers = {scheme.header for endpoint in document.endpoints for scheme in endpoint.schemes}
    bodies = (body for endpoint in document.endpoints for body in endpoint.bodies.values())
    return frozenset(headers | {body.credential.lower() for body in bodies if body.credential})


def does_fit(endpoint: Endpoint, call: Call) -> bool:
    body = endpoint.bodies.get(call.media_type or "")
    return not call.unreadable and not call.misread and (body is None or body.shape.accepts(call.instance))


def record_key(account: Account, ref: Ref) -> Key:
    return ("record", account.vendor, account.name, ref.kind, ref.id)


def write_record(record: Record) -> Write:
    key = ("record", record.vendor, record.account, record.kind, record.id)
    return Write(key, msgspec.json.encode(record))


def read_record(held: Held) -> Record:
    return msgspec.json.decode(held.value, type=Record)
